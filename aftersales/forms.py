"""How every form is drawn: Django's own forms through templates/django/forms/."""

from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_noop

#: Django's own sentences that our catalogue says in other words
REWORDED = (gettext_noop("This field is required."),)


class Renderer(TemplatesSetting):
    """Named in FORM_RENDERER; label, help and error stand at the field, in that order."""

    form_template_name = "django/forms/div.html"
    field_template_name = "django/forms/field.html"
