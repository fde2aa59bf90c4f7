"""Forms of a travel claim (8.2–8.5): the whole claim of a trip on one page, one more line, finance's and the leader's lines."""

import datetime as dt
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from aftersales.display import moments
from aftersales.display.marks import yuan
from aftersales.forms import Picture, Yuan
from aftersales.widgets import Day

from .. import travel
from ..models import ClaimLine, LineKind
from ..services import claims
from ..services.claims import journeys

K = LineKind
#: blank lines below the nights; more are added one by one on the claim's page
EXTRA = 3
BY_HAND = [(kind.value, kind.label) for kind in (K.TRANSPORT, K.FREIGHT, K.NO_RECEIPT)]


def amount(label: Any = None) -> Yuan:
    field = Yuan(required=False)
    field.label = label or field.label
    return field


def photo(**facts: Any) -> Picture:
    return Picture(label=_("Photo of the receipt"), **facts)


def day(trip: Any, **facts: Any) -> forms.DateField:
    """Within the trip: the browser offers no other day, and the service accepts none."""
    limits = dict(zip(("min", "max"), map(str, claims.days(trip)), strict=True)) if trip is not None else {}
    return forms.DateField(label=_("Day"), required=False, widget=Day(limits), **facts)


def note() -> forms.CharField:
    return forms.CharField(label=_("What for"), max_length=200, required=False)


def way() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Freight: who paid the carrier"), required=False, choices=[("", "–"), *ClaimLine.Way.choices]
    )


#: what a line by hand is made of
FIELDS = ("kind", "day", "amount", "note", "way", "photo")


def entry_of(facts: dict[str, Any], suffix: str = "") -> claims.Entry:
    """A line by hand from its fields."""
    return claims.Entry(**facts | {"note": facts["note"] or "", "way": facts["way"] or "", "suffix": suffix})


# --- a new claim
class Group(NamedTuple):
    """Fields that belong together, under a title and perhaps a sentence."""

    title: Any
    says: Any
    fields: list[Any]
    folded: bool


class NewClaimForm(forms.Form):
    """Meals to tick, each free night with its standard, three more lines. `groups` is how the page shows them."""

    def __init__(self, *args: Any, trip: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.trip = trip
        self.nights: list[tuple[dt.date, Decimal]] = []
        self.shown: list[tuple[Any, Any, list[str]]] = []
        if trip is not None:
            self._meals(trip)
            self._nights(trip)
        for number in range(1, EXTRA + 1):
            self._extra(number)

    def _meals(self, trip: Any) -> None:
        if (other := journeys.holder(trip, K.MEALS)) is not None:
            sentence = str(_("The meals of all on this trip are claimed already in {number}, by {person}."))
            said = sentence.format(number=other.number, person=other.claimant)
            self.shown.append((_("Meals"), said, []))
            return
        owned = journeys.meal_days(trip)
        if not owned:
            self.shown.append(
                (_("Meals"), _("The meals of all these days belong to a trip that left before."), [])
            )
            return
        total = travel.meals(owned, journeys.meal_rate)
        label = ngettext(
            "Meals: {days} person-day, {amount}", "Meals: {days} person-days, {amount}", len(owned)
        )
        self.fields["meals"] = forms.BooleanField(
            label=label.format(days=len(owned), amount=yuan(total)), required=False, initial=True,
            help_text=_("By person and calendar day, departure and return day included; no receipt needed (8.3)."),
        )  # fmt: skip
        self.shown.append((_("Meals"), "", ["meals"]))

    def _nights(self, trip: Any) -> None:
        self.nights = journeys.free_nights(trip)
        for night, cap in self.nights:
            names = [f"amount_{night}", f"photo_{night}"]
            self.fields[names[0]] = amount(_("Amount on the receipt"))
            self.fields[names[1]] = photo()
            title = str(_("Night of {day}")).format(day=moments.when(night))
            says = str(_("Up to {amount}; what is above waits for a leader (8.2, 8.3).")).format(
                amount=yuan(cap)
            )
            if len(journeys.people_of(trip)) > 1:
                says += " " + str(_("Several invoices: one line with their sum, all of them on one photo."))
            self.shown.append((title, says, names))

    def _extra(self, number: int) -> None:
        first = claims.days(self.trip)[0] if self.trip is not None else None
        self.fields |= {
            f"kind_{number}": forms.ChoiceField(label=_("Kind"), required=False, choices=[("", "–"), *BY_HAND]),
            f"day_{number}": day(self.trip, initial=first), f"amount_{number}": amount(), f"note_{number}": note(),
            f"way_{number}": way(), f"photo_{number}": photo(),
        }  # fmt: skip
        names = [f"{name}_{number}" for name in FIELDS]
        self.shown.append((str(_("Further line {number}")).format(number=number), "", names))

    @property
    def groups(self) -> list[Group]:
        """How the page shows them; the second and the third further line are folded until something stands in them."""
        fold = {
            f"kind_{number}" for number in range(2, EXTRA + 1) if not (self.is_bound and self._sent(number))
        }
        return [
            Group(title, says, [self[name] for name in names], bool(fold & {*names}))
            for title, says, names in self.shown
        ]

    def _sent(self, number: int) -> bool:
        return any(self.data.get(f"{name}_{number}") for name in ("kind", "amount", "note", "way"))

    def clean(self) -> dict[str, Any]:
        for number in range(1, EXTRA + 1):
            if self._typed(number) and not self.cleaned_data.get(f"kind_{number}"):
                self.add_error(f"kind_{number}", _("Choose what kind of line this is."))
        return self.cleaned_data

    def _typed(self, number: int) -> bool:
        """The day is filled in before; it alone is no line."""
        data = self.cleaned_data
        return any(data.get(f"{name}_{number}") for name in ("kind", "amount", "note", "way", "photo"))

    def entries(self) -> list[claims.Entry]:
        """What was filled in, as lines."""
        data, found = self.cleaned_data, []
        if data.get("meals"):
            found.append(claims.Entry(K.MEALS))
        for night, _cap in self.nights:
            paid, picture = data.get(f"amount_{night}"), data.get(f"photo_{night}")
            if paid is not None or picture:
                found.append(claims.Entry(K.LODGING, night, paid, photo=picture, suffix=f"_{night}"))
        return [*found, *(self._entry(number) for number in range(1, EXTRA + 1) if self._typed(number))]

    def _entry(self, number: int) -> claims.Entry:
        return entry_of({name: self.cleaned_data.get(f"{name}_{number}") for name in FIELDS}, f"_{number}")
