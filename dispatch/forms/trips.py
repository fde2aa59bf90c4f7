"""The forms of a trip: asking for it (E01), the vehicle manager's decision (E02), departure and return with the odometer."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from aftersales.forms import Several
from aftersales.widgets import TapCards
from deadlines.papers import StepForm
from repairs.forms import moment, yes_no

from .. import selectors
from ..models import Trip
from ..rules import Means, Way, advice
from .fields import CarField, PersonField, odometer

FARTHEST_PLACE = 6_000  # kilometres; the country is not wider


class WayForm(forms.Form):
    """What decides how one travels (6.1); the hint of the advice reads it while the rest is still being typed."""

    city = forms.CharField(label=gettext_lazy("City"), max_length=20)
    kilometres = forms.IntegerField(
        label=gettext_lazy("Distance (km, one way)"), required=False, min_value=1, max_value=FARTHEST_PLACE,
        help_text=gettext_lazy("Decides whether a city that is not on the list is nearby."),
    )  # fmt: skip
    leaves_at = moment(gettext_lazy("Leaves at"), required=True)
    returns_at = moment(gettext_lazy("Back by"), required=True)
    easy_access = yes_no(gettext_lazy("Easy to reach by bus or train?"), required=True)
    severe_weather = yes_no(gettext_lazy("Severe weather?"), required=True)
    bulky = yes_no(gettext_lazy("Does a bulky part come along?"), required=True)


class NewTripForm(WayForm):
    """Asked for by an engineer: for which of his tickets, who goes, where and when."""

    tickets = Several(label=gettext_lazy("For which tickets"))
    people = Several(label=gettext_lazy("Who goes along"))
    place = forms.CharField(
        label=gettext_lazy("Where to"), max_length=120, help_text=gettext_lazy("The place, not the customer's name or phone.")
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("Note"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    field_order = ("tickets", "people", "place", "city", "kilometres", "leaves_at", "returns_at")

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        chosen = self.initial.get("tickets", ())  # the one that was tapped stands first
        rows = sorted(
            selectors.own_tickets(user)[:60] if user else (), key=lambda row: row.number not in chosen
        )
        fields["tickets"].offer(rows, "number", _story)
        fields["people"].offer(selectors.travellers() if user else (), "username")


def _story(ticket: Any) -> str:
    return " · ".join(word for word in (ticket.number, ticket.model or ticket.vin, ticket.region) if word)


class ApproveForm(StepForm):
    """The advice stands above the answer and is ticked already; cars and drivers that are taken say by which trip."""

    means = forms.ChoiceField(label=gettext_lazy("Travels by"), choices=Means.choices, widget=TapCards)
    car = CarField(required=False)
    driver = PersonField(label=gettext_lazy("Driver"), required=False)
    reason = forms.CharField(
        label=pgettext_lazy("trip", "Why"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Needed when you depart from the advice, or when there is none."),
    )  # fmt: skip

    def known(self, paper: Trip) -> dict[str, Any]:
        return {"means": str(paper.advice.means)} if paper.advice else {}

    def prepare(self) -> None:
        fields: Any = self.fields
        car, driver = fields["car"], fields["driver"]
        car.queryset, driver.queryset = selectors.cars_in_use(), selectors.drivers()
        if self.paper is None:
            return
        self.fields["means"].help_text = advised(self.paper.way)
        taken = selectors.taken(self.paper)
        car.taken, driver.taken = taken["car"], taken["driver"]
        if self.user is not None:  # nobody books himself (SD04)
            driver.queryset = driver.queryset.exclude(pk=self.user.pk)


def advised(way: Way) -> str:
    """The charter's answer in one sentence with its clause."""
    found = advice(way)
    if found is None:
        return _("The charter is silent here (6.1): decide, and say why.")
    return _("The charter: {advice}").format(advice=found)


class RefuseForm(StepForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class CancelForm(StepForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )


class RoadForm(StepForm):
    """When it was; with a car also its odometer."""

    odometer = odometer(required=False)

    def prepare(self) -> None:
        if self.paper is None:
            return
        if self.paper.car_id is None:
            del self.fields["odometer"]
        else:
            self.fields["odometer"].required = True
            self.fields["odometer"].help_text = _("Last reading: {km} km").format(km=f"{self.last():,}")

    def last(self) -> int:
        return int(self.paper.car.odometer)


def just_now() -> Any:
    return timezone.localtime().replace(second=0, microsecond=0)


class DepartForm(RoadForm):
    departed_at = moment(gettext_lazy("Departed at"))
    field_order = ("departed_at", "odometer")

    def prepare(self) -> None:
        super().prepare()
        self.fields["departed_at"].initial = just_now


class ReturnForm(RoadForm):
    returned_at = moment(gettext_lazy("Returned at"))
    field_order = ("returned_at", "odometer")

    def prepare(self) -> None:
        super().prepare()
        self.fields["returned_at"].initial = just_now

    def last(self) -> int:
        return int(self.paper.odometer_out)


class SettleForm(StepForm):
    """A step that asks for nothing."""

    says = gettext_lazy(
        "Nobody who was along has costs to claim. Who has, writes a claim instead; then this is not needed."
    )
