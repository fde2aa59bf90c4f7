"""Proposing a new value of a figure."""

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.widgets import Day


class ProposeForm(forms.Form):
    value = forms.CharField(label=_("New value"), max_length=200)
    since = forms.DateField(label=_("In force from"), help_text=_("Tomorrow at the earliest."), widget=Day)
    reason = forms.CharField(label=_("Reason"), max_length=200)
