"""Forms of a dispute: the customer's own, the one of customer service for him, technical's answer (4.5a)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.widgets import TapCards
from repairs.models import Ticket

from ..models import Dispute
from ..services.disputes import ANSWERS
from .notices import words


class DisputeForm(forms.Form):
    """What is disputed, in the customer's own words."""

    kind = forms.ChoiceField(label=_("What do you object to?"), choices=Dispute.Kind.choices, widget=TapCards)
    words = words(_("In your words"), 3)


class RaiseForm(DisputeForm):
    """The same by customer service, who was told on the phone."""

    ticket = forms.CharField(label=_("Ticket"), max_length=20)
    field_order = ("ticket", "kind", "words")

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        self.fields["kind"].label = _("What does the customer object to?")
        self.fields["words"].label = _("In the customer's words")

    def clean_ticket(self) -> Ticket:
        number = self.cleaned_data["ticket"].replace("\x00", "").strip().upper()
        found = Ticket.objects.visible_to(self.user).filter(number=number).first()
        if found is None:
            raise forms.ValidationError(_("There is no such ticket."), "unknown")
        return found


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Is the customer right?"), choices=[(x.value, x.label) for x in ANSWERS], widget=TapCards
    )
    answer = words(_("Why, as the customer reads it"), 4)
