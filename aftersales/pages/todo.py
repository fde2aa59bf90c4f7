"""What this person can do next and no clock reminds him of: one statement for each kind of paper that his roles look after."""

import datetime as dt
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from accounts.access import may
from accounts.selectors import represented_by
from aftersales.charter import Department
from aftersales.display import moments
from aftersales.limits import local_day
from dispatch import selectors as dispatch
from finance.desk.duties import to_travel
from parts import selectors as store
from parts.flow import ReleaseStage, ShipmentStage
from repairs.quote_flow import QuoteStage
from sales import plain, rights
from sales.models import Vehicle
from sales.selectors import without_record

from .said import Said

#: number, story or place, stage, since when
Wait = tuple[str, str, str, dt.datetime]
SOME = 6  # of each kind; the lists hold the rest


class Todo(NamedTuple):
    """One banner of the home: `text` is the paper and its story, `url` the page with the act."""

    title: Any
    text: str
    url: str
    label: Any


def todo(user: Any, said: Said) -> list[Todo]:
    """The rows of every kind that this person's rights know, customers first, then in the order in which a part travels."""
    own = Own(user)
    kinds: list[tuple[str, Callable[[Any], Iterator[Todo]]]] = [
        ("customer.rights_request.open", lambda _user: _wishes(said)), (rights.EXECUTE, _erasures), (plain.ACTION, _plain),
        ("parts.request", lambda _user: _without_sheet(own)), ("parts.request", _sheets), ("parcel.pack", _to_pack),
        ("logistics.ship_receive", _parcels),
        ("purchasable.answer", _to_buy), ("enquiry.answer_assembly", _assemblies),
        ("delivery.brief", _deliveries), ("car.write", _cars),
        ("trip.log", lambda _user: _travels(own)),
    ]  # fmt: skip
    return [row for right, rows in kinds if may(user, right) for row in rows(user)]


def _people(user: Any) -> list[int]:
    """Himself, and for whom he stands in."""
    return [user.pk, *represented_by(user)]


class Own:
    """What is an engineer's or a traveller's to do next, read in one statement (P6): tickets and orders without a sheet of
    parts, his trips and claims; the oldest first."""

    def __init__(self, user: Any) -> None:
        self.user = user

    @cached_property
    def rows(self) -> list[Wait]:
        asks = may(self.user, "parts.request")
        arms = store.without_sheet(_people(self.user)) if asks else []
        arms += to_travel(self.user, timezone.now()) if may(self.user, "trip.log") else []
        first, *others = arms
        return list(
            first.union(*others, all=True).order_by("made_at" if asks else "leaves_at", "number")[: 6 * SOME]
        )

    def of(self, *series: str) -> list[Wait]:
        """Those whose numbers begin so."""
        return [row for row in self.rows if row[0].startswith(series)]


#: what a customer wishes on his page, and nobody has answered
WISHES: dict[str, Any] = {
    "withdraw": gettext_lazy("A customer wishes to withdraw; cancel the ticket or answer him"),
    "rights": gettext_lazy("A customer asks about his personal data; answer within 15 days"),
}


def _wishes(said: Said) -> Iterator[Todo]:
    for wish in said.of(*WISHES):
        text = f"{wish.key} · {' '.join(wish.word.split())[:60]}"
        url = f"{reverse('repairs:ticket', args=[wish.key])}?step=message#step"
        yield Todo(WISHES[wish.kind], text, url, _("To the ticket"))


def _erasures(user: Any) -> Iterator[Todo]:
    """For each of the two leaders (SD11)."""
    for row in rights.waiting_for(user)[:SOME]:
        until = moments.when(local_day(row.opened_at) + rights.ANSWER)
        text = _("{number}, until {day}").format(number=row.customer.number, day=until)
        yield Todo(
            _("A customer wishes to be erased; two leaders look at it (PIPL 47)"), text,
            reverse("sales:customer", args=[row.customer.number]), _("To the customer"),
        )  # fmt: skip


def _plain(user: Any) -> Iterator[Todo]:
    for row in plain.waiting_for(user)[:SOME]:
        yield Todo(
            _("A list of customers in plain is asked for (SD11)"), f"{row.asked_by} · {row.reason}", reverse("sales:plain"),
            _("Look at it"),
        )  # fmt: skip


def _without_sheet(own: Own) -> Iterator[Todo]:
    for number, story, quoted, _made in own.of("BX", "DD")[: 2 * SOME]:
        text = f"{number} · {' '.join(story.split())[:60]}".rstrip(" ·")
        found = _order(number, text, quoted) if number.startswith("DD") else Todo(
            _("The plan needs parts; none were asked for yet (4.5)"), text, *_ask(number))  # fmt: skip
        if found is not None:
            yield found


def _ask(number: str) -> tuple[str, Any]:
    return reverse("parts:new_release", args=[number]), _("Ask for parts")


def _order(number: str, text: str, quoted: str) -> Todo | None:
    """What an order without a sheet waits for; None while its quotation lies with the customer."""
    here = reverse("repairs:order", args=[number])
    if quoted == QuoteStage.ACCEPTED:
        return Todo(
            _("The customer accepted the quotation; parts are to be asked for (8.7)"), text, *_ask(number)
        )
    if quoted in (QuoteStage.DRAFT, QuoteStage.APPROVED):
        return Todo(_("A quotation is not sent yet (9.4)"), text, here, _("To the order"))
    if quoted == QuoteStage.SENT:
        return None
    title = _("A parts-only order names you; its quotation is to be written (8.7)")
    return Todo(title, text, f"{here}?step=quote", _("Write the quotation"))


def _sheets(user: Any) -> Iterator[Todo]:
    for sheet in store.sheets_to_move(_people(user))[:SOME]:
        text, here = f"{sheet} · {sheet.about}", sheet.get_absolute_url()
        if sheet.stage == ReleaseStage.REJECTED:
            yield Todo(
                _("Finance rejected this sheet"), f"{text} · {sheet.rejection}", here, _("To the release")
            )
        elif sheet.uncovered and not sheet.quoted:
            yield Todo(_("A charged part needs a quotation that the customer accepts (9.4)"), text,
                       f"{sheet.about.get_absolute_url()}?step=quote", _("Write the quotation"))  # fmt: skip
        else:
            yield Todo(_("A release is not with finance yet (4.5)"), text, here, _("To the release"))


def _to_pack(user: Any) -> Iterator[Todo]:
    for sheet in store.to_pack()[:SOME]:
        yield Todo(_("Issued; the parcel is to be packed (6.3)"), f"{sheet} · {sheet.about}",
                   f"{sheet.get_absolute_url()}?step=pack", _("Pack the parcel"))  # fmt: skip


def _parcels(user: Any) -> Iterator[Todo]:
    for parcel in store.parcels_in_hand()[:SOME]:
        about = parcel.ticket or (parcel.release.order if parcel.release else "")
        text, here = f"{parcel} · {about} · {parcel.content}".rstrip(" ·"), parcel.get_absolute_url()
        if parcel.stage == ShipmentStage.PACKED:
            yield Todo(_("A packed parcel waits to be sent (6.3)"), text, f"{here}?step=send", _("Send"))
        else:
            yield Todo(
                _("A parcel is on its way to us (4.6, 6.3)"),
                text,
                f"{here}?step=deliver",
                pgettext("parcel", "Arrived"),
            )


def _to_buy(user: Any) -> Iterator[Todo]:
    yield from _asked(Department.PURCHASING, "answer")


def _assemblies(user: Any) -> Iterator[Todo]:
    yield from _asked(Department.TECHNICAL, "answer_assembly")


def _asked(department: str, step: str) -> Iterator[Todo]:
    for enquiry in store.to_answer(department)[:SOME]:
        yield Todo(_("An enquiry waits for an answer (5.2)"), f"{enquiry} · {enquiry.part} × {enquiry.quantity}",
                   f"{enquiry.get_absolute_url()}?step={step}", _("Answer"))  # fmt: skip


#: what a trip, or a claim that is not with finance, asks next: title, the page's query, label
TRAVELS: dict[str, tuple[Any, str, Any]] = {
    "approved": (gettext_lazy("A trip should have left by now (6.1)"), "?step=depart", gettext_lazy("Depart")),
    "departed": (gettext_lazy("A trip should be back by now (8.4)"), "?step=come_back", pgettext_lazy("trip", "Return")),
    "returned": (gettext_lazy("A trip is back; its costs are not claimed yet (8.2)"), "", gettext_lazy("Claim the costs")),
    "claim": (gettext_lazy("A claim is not with finance yet (8.2)"), "", gettext_lazy("To the claim")),
}  # fmt: skip


def _travels(own: Own) -> Iterator[Todo]:
    for number, place, asks, _at in own.of("CX", "FY")[:SOME]:
        title, query, label = TRAVELS[asks]
        where = reverse("finance:claim" if asks == "claim" else "dispatch:trip", args=[number])
        yield Todo(title, f"{number} · {place}", f"{where}{query}", label)


def _deliveries(user: Any) -> Iterator[Todo]:
    """Vehicles that he sold and whose hand-over nobody has written down (2.1)."""
    rows = without_record(Vehicle.objects.filter(seller=user)).select_related("model").order_by("pk")
    for vehicle in rows[:SOME]:
        url = f"{reverse('sales:new_delivery')}?{urlencode({'vin': vehicle.vin})}"
        yield Todo(
            _("A sold vehicle has no delivery record yet (2.1)"),
            f"{vehicle.vin} · {vehicle.model}",
            url,
            _("Deliver"),
        )


def _cars(user: Any) -> Iterator[Todo]:
    """Before the day; once it is over the clock itself is a duty (6.2)."""
    words = {
        "insured_until": _("The insurance of a car ends soon (6.2)"),
        "service_on": _("A car is to be maintained soon (6.2)"),
    }
    for car, name in dispatch.cars_due(timezone.now())[: 2 * SOME]:
        url = reverse("dispatch:edit_car", args=[car.plate])
        yield Todo(words[name], f"{car} · {car.name} · {getattr(car, name)}", url, _("Enter the new day"))
