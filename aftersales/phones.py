"""Telephone numbers as the company's customers write them: mobiles, landlines with area code, 400 numbers."""

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def parse(text: str) -> str:
    """`138 1234 5678` → `+8613812345678`; ValueError when it is no number that can be called."""
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException as error:
        raise ValueError(text) from error
    if any(c.isalpha() for c in text) or not phonenumbers.is_valid_number(number):
        raise ValueError(text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def show(number: str) -> str:
    """`+8613812345678` → `138 1234 5678`."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.NATIONAL)
    except phonenumbers.NumberParseException:
        return number


def is_mobile(number: str) -> bool:
    """Whether a short message reaches it: a mobile of the mainland in E.164."""
    return len(number) == 14 and number.startswith("+861") and number[4] in "3456789"


def mask(number: str) -> str:
    """`+8613812345678` → `138****5678`."""
    plain = number.removeprefix("+86")
    return f"{plain[:3]}****{plain[-4:]}" if len(plain) >= 8 else "****"


class PhoneField(forms.CharField):
    """A form field that answers E.164."""

    default_error_messages = {
        "invalid": _("This is not a phone number that can be called, for example 138 1234 5678.")
    }

    def __init__(self, **kwargs: object) -> None:
        super().__init__(max_length=30, strip=True, **kwargs)  # type: ignore[arg-type]  # Django's own keywords
        self.widget.input_type = "tel"  # type: ignore[attr-defined]
        self.widget.attrs.update({"autocomplete": "tel", "inputmode": "tel"})

    def prepare_value(self, value: object) -> object:
        """A stored number is shown as people write it."""
        return show(value) if isinstance(value, str) and value.startswith("+") else value

    def clean(self, value: object) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return parse(text)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], "invalid") from None
