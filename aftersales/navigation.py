"""The desk's entries: one row each, shown only to who may follow it, and only once the page exists."""

import functools
from typing import Any, NamedTuple

from django.urls import is_valid_path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales import charter


class Entry(NamedTuple):
    """A page of the desk; `actions`: any of them opens it, none means everybody who works here."""

    path: str
    label: str | Promise
    icon: str
    actions: tuple[str, ...] = ()
    key: str = ""
    also: tuple[str, ...] = ()  # where pages below this entry begin too


GROUPS: dict[str, tuple[str | Promise, tuple[Entry, ...]]] = {
    "mine": ("", (
        Entry("/desk/", _("My deadlines"), "clock", key="h"),
        Entry("/desk/inbox/", _("Inbox"), "bell", key="i"),
        Entry("/desk/day/", _("My day"), "map-pin", ("own.day",), "d"),
        Entry("/desk/downloads/", _("My downloads"), "arrow-down-tray", ("list.export",)),
        Entry("/board/", _("Board"), "chart-bar", ("sla.dashboard",), "b"),
    )),
    "repairs": (pgettext_lazy("desk", "Repairs"), (
        Entry("/tickets/", _("Tickets"), "clipboard-document-list", ("ticket.view_full", "ticket.view_masked"), "t"),
        Entry("/tickets/new/", _("Phone intake"), "phone-arrow-down-left", ("report.create_by_phone",), "p"),
        Entry("/desk/rounds/", _("Collection rounds"), "inbox-stack", ("intake.collect_checkpoint",), "r"),
        Entry("/tickets/to-tell/", _("To tell customers"), "chat-bubble-left-right", ("customer.untold",)),
        Entry("/tickets/relay/", _("Relay a report"), "paper-airplane", ("referral.create",)),
        Entry("/share/", _("Link to the report"), "qr-code", ("ticket.list",)),
        Entry("/quotations/", _("Quotations"), "document-currency-yen", ("quote.view",), "q"),
        Entry("/orders/", _("Parts-only orders"), "shopping-cart", ("parts_order.view",), "o"),
        Entry("/customers/", _("Customers"), "users", ("customer.view",), "c"),
        Entry("/vehicles/", _("Vehicles"), "truck", ("vehicle.view",), "v"),
        Entry("/tickets/paper/", _("Paper tickets"), "document-text", ("paper_ticket.view",)),
        Entry("/deliveries/", _("Deliveries"), "clipboard-document-check", ("delivery.view",)),
    )),
    "sales": (pgettext_lazy("desk", "Sales"), (
        Entry("/sales/", _("Sales desk"), "chart-bar", ("sale.view",)),
        Entry("/sales/leads/", _("Purchase leads"), "user-plus", ("lead.view",)),
        Entry("/sales/sold/", pgettext_lazy("sales list", "Sales"), "shopping-cart", ("sale.view",)),
    )),
    "parts": (pgettext_lazy("desk", "Parts and warehouse"), (
        Entry("/parts/", _("Warehouse"), "building-storefront", ("parts.page",), "w"),
        Entry("/parts/releases/", _("Releases"), "document-arrow-down", ("release.view",)),
        Entry("/parts/stock/", _("Stock"), "archive-box", ("stock.view",), "s"),
        Entry("/parts/enquiries/", _("Enquiries"), "question-mark-circle", ("enquiry.view",)),
        Entry("/parts/shipments/", _("Shipments"), "cube-transparent", ("shipment.view",)),
    )),
    "dispatch": (pgettext_lazy("desk", "Administration and dispatch"), (
        Entry("/dispatch/", _("Car calendar"), "calendar-days", ("car.view",)),
        Entry("/dispatch/trips/", _("Trips"), "map", ("trip.view",)),
        Entry("/dispatch/cars/", _("Cars"), "truck", ("car.view",)),
        Entry("/dispatch/fines/", _("Fines"), "exclamation-triangle", ("fine.view",)),
    )),
    "quality": (pgettext_lazy("desk", "Quality"), (
        Entry("/quality/reports/", _("Quality reports"), "beaker", ("quality_report.view",)),
        Entry("/quality/disputes/", _("Disputes"), "chat-bubble-left-right", ("dispute.view",)),
        Entry("/quality/notices/", _("Rectification"), "wrench-screwdriver", ("rectification.view",)),
        Entry("/quality/standards/", _("Standard 9.7"), "book-open", ("standard.view",)),
        Entry("/quality/supplier-claims/", _("Claims on suppliers"), "building-storefront", ("supplier_claim.view",)),
        Entry("/quality/articles/", _("Help for customers"), "light-bulb", ("help.view",)),
        Entry("/quality/learning/", _("What fails"), "chart-bar", ("quality.learn",)),
    )),
    "money": (pgettext_lazy("desk", "Finance"), (
        Entry("/finance/", _("To sign"), "pencil-square", ("signoff.warranty", "release.reject")),
        Entry("/finance/receipts/", _("Receipts"), "banknotes", ("receipt.view",), also=("/finance/credits/", "/finance/bank/")),
        Entry("/finance/receivables/", _("Receivables"), "scale", ("receivable.view",)),
        Entry("/finance/site-money/", _("Money taken on site"), "wallet", ("site_money.view",)),
        Entry("/finance/fees/", _("Information fees"), "gift", ("fee.view",)),
        Entry("/finance/claims/", _("Travel claims"), "map", ("expense.view",)),
        Entry("/finance/deductions/", _("Deductions"), "arrow-trending-down", ("deduction.view",), also=("/finance/payroll/",)),
        Entry("/finance/reconciliations/", _("Reconciliations"), "check-badge", ("reconcile.view",)),
        Entry("/finance/wages/", _("Wages"), "wallet", ("wage.view",)),
        Entry("/finance/assessments/", _("Assessments"), "clipboard-document-check", ("assessment.view",)),
        Entry("/finance/months/", _("Months"), "lock-closed", ("ledger.view",)),
        Entry("/finance/ledger/", _("Ledger"), "calculator", ("ledger.view",)),
        Entry("/finance/statements/", _("Statistics sheets"), "table-cells", ("statement.view",)),
        Entry("/finance/accounts/", _("Accounts"), "chart-bar", ("accounts.view",)),
        Entry("/finance/year-ends/", _("Year ends"), "trophy", ("yearend.view_share",)),
    )),
    "catalogue": (pgettext_lazy("desk", "Catalogue and prices"), (
        Entry("/catalogue/parts/", _("Parts"), "cube", ("part.view",), also=("/catalogue/part/",)),
        Entry("/catalogue/parts/proposals/", _("Part proposals"), "document-check", ("part.write",)),
        Entry("/catalogue/prices/", _("Price lists"), "currency-yen", ("price_list.view",)),
        Entry("/catalogue/", _("Models and warranty"), "book-open", ("catalogue.view",)),
    )),
    "office": (pgettext_lazy("desk", "Administration"), (
        Entry("/desk/roster/", _("Duty roster"), "calendar-days", ("duty_roster.edit",)),
        Entry("/desk/calendar/", _("Working days"), "calendar", ("calendar.load",)),
        Entry("/policy/", _("Figures"), "adjustments-horizontal", ("policy.view",)),
        Entry("/desk/outbox/", _("Undelivered"), "envelope", ("outbox.retry_dead",)),
        Entry("/accounts/people/", _("People"), "identification", ("user.create_disable", "role.second")),
    )),
}  # fmt: skip
ENTRIES = [entry for _title, entries in GROUPS.values() for entry in entries]
#: which group of pages stands first, right below one's own, for the people of a department
FIRST: dict[str, str] = {
    charter.Department.WAREHOUSE: "parts", charter.Department.PURCHASING: "parts", charter.Department.FINANCE: "money",
    charter.Department.IT: "office",
    charter.Department.SALES: "sales", charter.Department.ADMINISTRATION: "dispatch", charter.Department.TECHNICAL: "quality",
}  # fmt: skip
#: what the phone's bottom bar holds, the first four that this person may follow; those of his department before the others
TABS = (
    "/desk/",
    "/tickets/",
    "/desk/inbox/",
    "/tickets/new/",
    "/tickets/relay/",
    "/vehicles/",
    "/accounts/people/",
    "/desk/outbox/",
)
TABS_OF: dict[str, tuple[str, ...]] = {
    charter.Department.SALES: ("/desk/", "/deliveries/", "/tickets/relay/", "/desk/inbox/"),
    charter.Department.WAREHOUSE: ("/desk/", "/parts/", "/parts/stock/", "/desk/inbox/"),
    charter.Department.PURCHASING: ("/desk/", "/parts/enquiries/", "/parts/stock/", "/desk/inbox/"),
    charter.Department.FINANCE: ("/desk/", "/finance/", "/finance/receipts/", "/desk/inbox/"),
    charter.Department.ENGINEERS: ("/desk/", "/desk/day/", "/tickets/", "/desk/inbox/"),
    charter.Department.ADMINISTRATION: ("/desk/", "/dispatch/", "/parts/shipments/", "/desk/inbox/"),
    charter.Department.SALES: ("/desk/", "/sales/", "/sales/leads/", "/tickets/relay/"),
    charter.Department.TECHNICAL: ("/desk/", "/quality/reports/", "/quality/notices/", "/desk/inbox/"),
}


class Link(NamedTuple):
    """An entry as one person sees it now; `tab`: its place in the phone's bottom bar, 0 is none; `group` heads it."""

    path: str
    label: str | Promise
    icon: str
    key: str
    current: bool
    tab: int
    group: str | Promise


@functools.cache
def exists(path: str) -> bool:
    """Whether this portal has the page."""
    return bool(is_valid_path(path))


def allowed(user: Any, action: str, obj: Any = None) -> bool:
    """The policy's answer; nobody is allowed nothing."""
    from accounts import access  # the models are not loaded yet when tags are registered

    return user is not None and access.may(user, action, obj)


def paths(user: Any, path: str) -> tuple[tuple[str, ...], str]:
    """(the pages this person may follow, the deepest one of them that holds `path`)."""
    mine = [
        e for e in ENTRIES if exists(e.path) and (not e.actions or any(allowed(user, a) for a in e.actions))
    ]
    holding = [(len(p), e.path) for e in mine for p in (e.path, *e.also) if path.startswith(p)]
    return tuple(e.path for e in mine), max(holding, default=(0, ""))[1]


def desk_of(user: Any) -> str:
    """The department whose pages come first: of several the first that has an order of its own."""
    mine = user.departments() if hasattr(user, "departments") else frozenset()
    return next((str(d) for d in (*FIRST, *TABS_OF) if d in mine), "")


def links(paths: tuple[str, ...], here: str, desk: str = "") -> list[Link]:
    """The entries of these pages in the order of this department, the one at `here` marked as current."""
    order = dict.fromkeys((*TABS_OF.get(desk, ()), *TABS))
    tabs = [path for path in order if path in paths][:4]
    first = FIRST.get(desk, "repairs")
    return [
        Link(e.path, e.label, e.icon, e.key, e.path == here, tabs.index(e.path) + 1 if e.path in tabs else 0, title)
        for title, entries in (GROUPS[key] for key in dict.fromkeys(("mine", first, *GROUPS)))
        for e in entries
        if e.path in paths
    ]  # fmt: skip


def unread(user: Any) -> int:
    """How many notices wait for this person."""
    from notices import selectors  # as above

    return selectors.unread(user) if user is not None and user.is_authenticated else 0


def hotline() -> str:
    """The customer-service number (3.1)."""
    return charter.HOTLINE
