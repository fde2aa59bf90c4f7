"""The forms that a customer fills in."""

import re
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from aftersales.forms import Signed
from aftersales.phones import PhoneField
from aftersales.widgets import Pieces, Stars, TapCards

from ..forms import FilesField, ReportForm, SurveyForm, line, text
from . import texts

FILES = reverse_lazy("public:files")
NUMBER = re.compile(r"BX\d{8}-\d{4,}")


class NoticedForm(forms.Form):
    """What every form has that opens something: the privacy notice that was shown, and a field that people do not see."""

    privacy_version = forms.CharField(
        widget=forms.HiddenInput(attrs={"data-no-draft": ""}), required=False, max_length=20
    )
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def clean_privacy_version(self) -> str:
        """The version that this page showed; an older page is told to show the new one."""
        shown = self.cleaned_data["privacy_version"]
        if shown and shown != texts.PRIVACY_VERSION:
            raise forms.ValidationError(
                _("Our notice on personal data has changed; please read it and send again."), "changed"
            )
        return texts.PRIVACY_VERSION

    def clean_website(self) -> str:
        """Only programs fill what nobody sees."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Leave this field empty."), "filled")
        return ""


class PublicReportForm(NoticedForm, ReportForm):
    """The report with what only the page needs."""

    photos = FilesField(
        label=_("Pictures"), required=False, widget=Pieces(FILES),
        help_text=_("Photos, or a video of at most 30 seconds and 50 MB."),
    )  # fmt: skip
    nameplate = FilesField(
        label=_("Photo of the nameplate or part number"), required=False,
        widget=Pieces(FILES, limit=1, about="nameplate", accept="image/*"),
        help_text=_("It tells us model, VIN and part at once."),
    )  # fmt: skip

    def screens(self) -> list[dict[str, Any]]:
        """The groups of questions, one screen each."""
        keys = ["fault", "pictures", "vehicle", "you"]
        return [
            {"key": key, "title": title, "fields": [self[name] for name in names]}
            for key, (title, names) in zip(keys, self.GROUPS, strict=True)
        ]


class ProgramReportForm(ReportForm):
    """The report of a program; a page of the company's own names the notice that it showed, as the portal's page does."""

    privacy_version = forms.CharField(
        label=_("Version of the notice on personal data that was shown"), required=False, max_length=20
    )

    def clean_privacy_version(self) -> str:
        shown = self.cleaned_data["privacy_version"]
        if shown and shown != texts.PRIVACY_VERSION:
            words = _("The notice in force is version {version}: show that one, and name it here.")
            raise forms.ValidationError(str(words).format(version=texts.PRIVACY_VERSION), "changed")
        return str(shown)


class TrackForm(forms.Form):
    """Number of the report and the full phone number that was given with it (A02)."""

    number = line(
        _("Number of the report"),
        required=True,
        limit=20,
        help_text=_("It begins with BX, as in BX20261123-0007."),
    )
    phone = PhoneField(label=_("Phone"), help_text=_("The whole number that you gave us with the report."))

    def clean_number(self) -> str:
        number = "".join(self.cleaned_data["number"].split()).upper()
        if not NUMBER.fullmatch(number):
            raise forms.ValidationError(_("A number looks like BX20261123-0007."), "form")
        return number


class StatusForm(forms.Form):
    """The token of the private link, or number and phone (A02)."""

    token = line(_("Token of the private link"), limit=80)
    number = line(_("Number of the report"), limit=20)
    phone = PhoneField(label=_("Phone"), required=False)

    def clean_number(self) -> str:
        return "".join(self.cleaned_data["number"].split()).upper()

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not found.get("token"):
            for name in ("number", "phone"):
                if not found.get(name) and name not in self.errors:
                    self.add_error(name, _("Number and phone, or the token of the private link."))
        return found


class MessageForm(forms.Form):
    text = text(_("Your message"), required=True, rows=3, limit=2000)


class PhotosForm(forms.Form):
    photos = FilesField(label=_("Pictures"), required=True, widget=Pieces(FILES))


class WithdrawForm(forms.Form):
    text = text(_("Why do you wish to withdraw it?"), required=True, rows=3, limit=1000)


class RightsForm(forms.Form):
    """A request under the law on personal data (PIPL 44–50; A16)."""

    WISHES = [
        ("see", _("See what you keep about me")),
        ("correct", _("Correct something")),
        ("erase", _("Erase my data")),
        ("other", _("Something else")),
    ]
    wish = forms.ChoiceField(label=_("What do you wish?"), choices=WISHES, widget=TapCards)
    text = text(_("In your words"), rows=3, limit=1000)

    def words(self) -> str:
        """What customer service reads: the wish, then the customer's own words."""
        wish = str(dict(self.WISHES)[self.cleaned_data["wish"]])
        return f"{wish}\n{self.cleaned_data['text']}".strip()


#: without scripts nobody can sign with his finger, and so nobody is asked to
ONE_OF_TWO = lazy(format_html, str)(
    '<span class="js-only">{}</span><noscript>{}</noscript>',
    _("Name or signature, one of the two (required)"),
    _("required"),
)


class ConsentForm(forms.Form):
    """Consent to fitting the part oneself (4.4a): to the plan that was shown, by a tick and a signature, drawn or typed."""

    plan = forms.IntegerField(widget=forms.HiddenInput)
    agreed = forms.BooleanField(
        label=_(
            "I have read this, fit the part myself, and know that damage from wrong assembly is at my own cost."
        ),
        error_messages={"required": _("Tick the box if you agree. If you do not, write to us or call.")},
    )
    signer = line(_("Your name"), limit=60, help_text=ONE_OF_TWO)
    strokes = Signed(
        label=_("Your signature"), required=False, max_length=60_000, help_text=_("Sign with your finger.")
    )
    signer.sometimes = strokes.sometimes = True  # type: ignore[attr-defined]  # neither is optional: one of them it must be

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if (
            found.get("agreed")
            and "strokes" not in self.errors
            and not (found.get("signer") or found.get("strokes"))
        ):
            self.add_error("signer", _("Sign with your finger, or type your name."))
        return found


class CustomerSurveyForm(SurveyForm):
    """The callback survey 9.5, answered by the customer himself (G06): one tap a question, none is no answer."""

    def prepare(self) -> None:
        for name in ("attitude", "quality", "speed", "part_quality"):
            field: Any = self.fields[name]
            field.widget = Stars(choices=field.choices)


class MyDataForm(forms.Form):
    """Whoever holds the link also knows the phone number that was given (PIPL 45)."""

    phone = PhoneField(label=_("Phone"), help_text=_("The whole number that you gave us with the report."))


class TellingForm(forms.Form):
    """How the customer wants to be told of his report."""

    email = forms.EmailField(
        label=_("E-mail, if you want to be told that way too"), required=False, max_length=120
    )
    no_notices = forms.BooleanField(label=_("Send me no messages about this report"), required=False)


class QuotationForm(forms.Form):
    """The customer's word on one quotation (9.4), by one tap; to a no he may say why."""

    quotation = forms.IntegerField(widget=forms.HiddenInput, max_value=2**63 - 1)
    answer = forms.ChoiceField(
        choices=[("accept", "accept"), ("decline", "decline")], widget=forms.HiddenInput
    )
    reason = line(_("Why not? You need not say."), limit=200)
