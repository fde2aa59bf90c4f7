"""How every form is drawn: Django's own forms through templates/django/forms/."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Named in FORM_RENDERER; label, help and error stand at the field, in that order."""

    form_template_name = "django/forms/div.html"
    field_template_name = "django/forms/field.html"
