"""What this person can do next and no clock reminds him of: the paper, its story and the page with the act."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import DateTimeField, F, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from accounts.access import holds
from accounts.selectors import represented_by
from aftersales.charter import Department
from aftersales.display import moments
from aftersales.limits import local_day
from aftersales.waits import SOME, Line, Reads, Said, line, text, the_first
from dispatch import selectors as dispatch
from finance.desk.waiting import to_travel
from parts import selectors as store
from repairs.quote_flow import QuoteStage
from repairs.selectors import open_wishes
from sales import plain, rights
from sales.models import Vehicle
from sales.selectors import without_record


class Todo(NamedTuple):
    """One banner of the home: `text` is the paper and its story, `url` the page with the act."""

    title: Any
    text: str
    url: str
    label: Any


def todo(said: Said) -> list[Todo]:
    """Customers first, then in the order in which a part travels."""
    kinds = (
        _wishes, _erasures, _plain, _without_sheet, _sheets, _to_pack, _parcels, _to_answer, _deliveries, _cars, _travels,
    )  # fmt: skip
    return [row for rows in kinds for row in rows(said)]


def _people(user: Any) -> list[int]:
    """Himself, and for whom he stands in."""
    return [user.pk, *represented_by(user)]


# --- what is read
def _numbered(kind: Any, rows: Any, word: Any, at: str = "made_at") -> Any:
    return line(the_first(rows), kind, "number", word, at)


def _erasable(user: Any, _at: dt.datetime) -> Any:
    """For each of the two leaders (SD11)."""
    return line(
        the_first(rights.waiting_for(user)), "erasure", "customer__number", "customer__number", "opened_at"
    )


def _asked_plain(user: Any, _at: dt.datetime) -> Any:
    return line(the_first(plain.waiting_for(user)), "plain", "asked_by__name", "reason", "asked_at")


def _parcels_in_hand(_user: Any, _at: dt.datetime) -> Any:
    word = text(Coalesce("ticket__number", "release__order__number", Value("")), Value(" · "), "content")
    return _numbered(F("stage"), store.parcels_in_hand(), word)


def _enquiries(department: str, kind: str) -> Reads:
    word = text("part__code", Value(" "), "part__name", Value(" × "), Cast("quantity", TextField()))
    return lambda _user, _at: _numbered(kind, store.to_answer(department), word)


def _undelivered(user: Any, _at: dt.datetime) -> Any:
    """Vehicles that he sold and whose hand-over nobody has written down (2.1)."""
    rows = the_first(without_record(Vehicle.objects.filter(seller=user)).order_by("pk"))
    return line(rows, "delivery", "vin", text("model__code", Value(" "), "model__name"), "made_at")


def _cars_near(_user: Any, at: dt.datetime) -> list[Any]:
    """Before the day; once it is over the clock itself is a duty (6.2)."""
    return [
        line(rows, name, "plate", text("name", Value(" · "), Cast(name, TextField())), Cast(name, DateTimeField()))
        for name, rows in dispatch.cars_near(at).items()
    ]  # fmt: skip


#: of whom it is asked, what is read
ARMS: list[tuple[Callable[[Any], bool], Reads]] = [
    (holds("customer.rights_request.open"),
     lambda _user, at: line(the_first(open_wishes(at)), F("kind"), "ticket__number", "text", "at")),
    (holds(rights.EXECUTE), _erasable),
    (holds(plain.ACTION), _asked_plain),
    (holds("parts.request"), lambda user, _at: [*store.without_sheet(_people(user)), store.sheets_to_move(_people(user))]),
    (holds("parcel.pack"), lambda _user, _at: _numbered("to_pack", store.to_pack(), store.ABOUT)),
    (holds("logistics.ship_receive"), _parcels_in_hand),
    (holds("purchasable.answer"), _enquiries(Department.PURCHASING, "answer")),
    (holds("enquiry.answer_assembly"), _enquiries(Department.TECHNICAL, "answer_assembly")),
    (holds("delivery.brief"), _undelivered),
    (holds("car.write"), _cars_near),
    (holds("trip.log"), to_travel),
]  # fmt: skip


# --- as the page says it
#: what a customer wishes on his page, and nobody has answered; the gravest first, mere words on the ticket's page only
WISHES: dict[str, Any] = {
    "withdraw": gettext_lazy("The customer wishes to withdraw; cancel the ticket or answer him"),
    "rights": gettext_lazy("The customer asks about his personal data; answer within 15 days"),
    "message": gettext_lazy("The customer wrote and waits for an answer"),
}


def _wishes(said: Said) -> Iterator[Todo]:
    for wish in said.of(*WISHES):
        text = f"{wish.key} · {' '.join(wish.word.split())[:60]}"
        url = f"{reverse('repairs:ticket', args=[wish.key])}?step=message#step"
        yield Todo(WISHES[wish.kind], text, url, _("To the ticket"))


def _erasures(said: Said) -> Iterator[Todo]:
    for row in said.of("erasure"):
        until = moments.when(local_day(row.at) + rights.ANSWER)
        yield Todo(
            _("A customer wishes to be erased; two leaders look at it (PIPL 47)"),
            _("{number}, until {day}").format(number=row.key, day=until),
            reverse("sales:customer", args=[row.key]), _("To the customer"),
        )  # fmt: skip


def _plain(said: Said) -> Iterator[Todo]:
    for row in said.of("plain"):
        yield Todo(
            _("A list of customers in plain is asked for (SD11)"), f"{row.key} · {row.word}", reverse("sales:plain"),
            _("Look at it"),
        )  # fmt: skip


def _story(number: str, *words: str) -> str:
    return " · ".join(word for word in (number, *(" ".join(word.split())[:60] for word in words)) if word)


def _without_sheet(said: Said) -> Iterator[Todo]:
    for row in said.of(*store.WITHOUT_SHEET, some=2 * SOME):
        found = _order(row) if row.kind != store.TICKET_WITHOUT_SHEET else Todo(
            _("The plan needs parts; none were asked for yet (4.5)"), _story(row.key, row.word), *_ask(row.key))  # fmt: skip
        if found is not None:
            yield found


def _ask(number: str) -> tuple[str, Any]:
    return reverse("parts:new_release", args=[number]), _("Ask for parts")


def _order(row: Line) -> Todo | None:
    """What an order without a sheet waits for; None while its quotation lies with the customer."""
    text, here = _story(row.key, row.word), reverse("repairs:order", args=[row.key])
    quoted = row.kind.removeprefix(store.ORDER_WITHOUT_SHEET)
    if quoted == QuoteStage.ACCEPTED:
        return Todo(
            _("The customer accepted the quotation; parts are to be asked for (8.7)"), text, *_ask(row.key)
        )
    if quoted in (QuoteStage.DRAFT, QuoteStage.APPROVED):
        return Todo(_("A quotation is not sent yet (9.4)"), text, here, _("To the order"))
    if quoted == QuoteStage.SENT:
        return None
    title = _("A parts-only order names you; its quotation is to be written (8.7)")
    return Todo(title, text, f"{here}?step=quote", _("Write the quotation"))


def _sheets(said: Said) -> Iterator[Todo]:
    for row in said.of(*store.SHEETS):
        about, _bar, why = row.word.partition("|")
        text, here = _story(row.key, about), reverse("parts:release", args=[row.key])
        if row.kind == store.SHEET_REJECTED:
            yield Todo(_("Finance rejected this sheet"), f"{text} · {why}", here, _("To the release"))
        elif row.kind == store.SHEET_UNQUOTED:
            page = reverse("repairs:ticket" if about.startswith("BX") else "repairs:order", args=[about])
            yield Todo(_("A charged part needs a quotation that the customer accepts (9.4)"), text, f"{page}?step=quote",
                       _("Write the quotation"))  # fmt: skip
        else:
            yield Todo(_("A release is not with finance yet (4.5)"), text, here, _("To the release"))


def _to_pack(said: Said) -> Iterator[Todo]:
    for row in said.of("to_pack"):
        yield Todo(_("Issued; the parcel is to be packed (6.3)"), _story(row.key, row.word),
                   f"{reverse('parts:release', args=[row.key])}?step=pack", _("Pack the parcel"))  # fmt: skip


def _parcels(said: Said) -> Iterator[Todo]:
    for row in said.of("packed") + said.of("sent"):
        text, here = (
            f"{row.key} · {row.word.strip(' ·')}".rstrip(" ·"),
            reverse("parts:shipment", args=[row.key]),
        )
        if row.kind == "packed":
            yield Todo(_("A packed parcel waits to be sent (6.3)"), text, f"{here}?step=send", _("Send"))
        else:
            title = _("A parcel is on its way to us (4.6, 6.3)")
            yield Todo(title, text, f"{here}?step=deliver", pgettext("parcel", "Arrived"))


def _to_answer(said: Said) -> Iterator[Todo]:
    for row in said.of("answer") + said.of("answer_assembly"):
        url = f"{reverse('parts:enquiry', args=[row.key])}?step={row.kind}"
        yield Todo(_("An enquiry waits for an answer (5.2)"), f"{row.key} · {row.word}", url, _("Answer"))


def _deliveries(said: Said) -> Iterator[Todo]:
    for row in said.of("delivery"):
        url = f"{reverse('sales:new_delivery')}?{urlencode({'vin': row.key})}"
        yield Todo(
            _("A sold vehicle has no delivery record yet (2.1)"), f"{row.key} · {row.word}", url, _("Deliver")
        )


def _cars(said: Said) -> Iterator[Todo]:
    words = {
        "insured_until": _("The insurance of a car ends soon (6.2)"),
        "service_on": _("A car is to be maintained soon (6.2)"),
    }
    for row in said.of(*words, some=2 * SOME):
        url = reverse("dispatch:edit_car", args=[row.key])
        yield Todo(words[row.kind], f"{row.key} · {row.word}", url, _("Enter the new day"))


#: what a trip, or a claim that is not with finance, asks next: title, the page's query, label
TRAVELS: dict[str, tuple[Any, str, Any]] = {
    "approved": (gettext_lazy("A trip should have left by now (6.1)"), "?step=depart", gettext_lazy("Depart")),
    "departed": (gettext_lazy("A trip should be back by now (8.4)"), "?step=come_back", pgettext_lazy("trip", "Return")),
    "returned": (gettext_lazy("A trip is back; its costs are not claimed yet (8.2)"), "", gettext_lazy("Claim the costs")),
    "claim": (gettext_lazy("A claim is not with finance yet (8.2)"), "", gettext_lazy("To the claim")),
}  # fmt: skip


def _travels(said: Said) -> Iterator[Todo]:
    for row in said.of(*TRAVELS):
        title, query, label = TRAVELS[row.kind]
        where = reverse("finance:claim" if row.kind == "claim" else "dispatch:trip", args=[row.key])
        yield Todo(title, f"{row.key} · {row.word}", f"{where}{query}", label)
