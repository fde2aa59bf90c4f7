"""Reading leads and sales: lists with their filters, what waits for whom, the figures of a month."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db.models import Count, Exists, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.access import may
from accounts.selectors import heads_of
from aftersales.charter import Department
from aftersales.limits import day_end, first_of, local_day
from aftersales.phones import parse

from .lead_flow import LIVE, LeadStage, SaleStage
from .models import (
    Customer,
    Delivery,
    Lead,
    LeadQuerySet,
    LostWhy,
    Person,
    Sale,
    Source,
    Vehicle,
    leads_sales,
)
from .selectors import customers_for, listed_customers

L = LeadStage
RELATED = ("customer__person", "contact", "model", "seller", "registered_by", "consent_by")
#: tab of the list → its word
STANDINGS: dict[str, Any] = {
    "": pgettext_lazy("leads", "All"), "open": L.OPEN.label, "taken": L.TAKEN.label, "won": L.WON.label, "lost": L.LOST.label,
    "lapsed": gettext_lazy("Lapsed"),
}  # fmt: skip
FILTERS = ("stage", "q", "source", "seller")


def leads_for(user: Any) -> QuerySet[Lead]:
    return Lead.objects.visible_to(user).select_related(*RELATED)


def sales_for(user: Any) -> QuerySet[Sale]:
    rows = Sale.objects.visible_to(user).prefetch_related("vehicles")
    return rows.select_related(
        "customer__person", "seller", "model", "lead__registered_by", "confirmed_by", "cancel_asked_by", "cancelled_by",
        "made_by",
    )  # fmt: skip


def asked(params: Mapping[str, str]) -> dict[str, str]:
    """The filters of a request that say something."""
    given = {name: params.get(name, "").replace("\x00", "").strip()[:60] for name in FILTERS}
    return {name: word for name, word in given.items() if word}


def filtered(rows: LeadQuerySet, wishes: Mapping[str, str], user: Any, today: dt.date) -> LeadQuerySet:
    """Leads of one standing, source or salesperson (a login, “me” or “nobody”), and those that a word finds."""
    rows = standing(rows, wishes.get("stage", ""), today)
    if wishes.get("source") in Source.values:
        rows = rows.filter(source=wishes["source"])
    if seller := wishes.get("seller", ""):
        who = {"me": Q(seller=user), "nobody": Q(seller=None)}
        rows = rows.filter(who.get(seller, Q(seller__username=seller)))
    return found_by(rows, wishes["q"], user) if "q" in wishes else rows


def standing(rows: LeadQuerySet, stage: str, today: dt.date) -> LeadQuerySet:
    """Where a lead stands; that it has lapsed is read from its last day."""
    if stage == "lapsed":
        return rows.filter(last_day__lt=today).exclude(stage=L.WON)
    if stage == L.WON:
        return rows.filter(stage=stage)
    return rows.filter(stage=stage, last_day__gte=today) if stage in L.values else rows


def found_by(rows: LeadQuerySet, text: str, user: Any) -> LeadQuerySet:
    """By number of the lead, the ticket or the customer, by contact or company; by the whole phone for who may know it."""
    word = text.upper()
    named = Q(contact__in=Person.objects.found_by(text, by_phone=False)) if len(text) > 1 else Q()
    hit = Q(number__startswith=word) | Q(ticket=word) | Q(customer__number=word)
    hit = hit | named if named else hit
    return rows.filter(hit | _by_phone(text, user))


def _by_phone(text: str, user: Any) -> Q:
    try:
        number = parse(text)
    except ValueError:
        return Q(pk=None)
    known = Q() if user.cell("customer.phone_reveal") == "Y" else Q(seller=user)
    return Q(contact__phone=number) & known


def to_follow(user: Any, at: dt.datetime) -> QuerySet[Lead]:
    """His own leads that are due today or were before, the oldest first."""
    end = day_end(local_day(at))
    rows = Lead.objects.filter(seller=user, stage=L.TAKEN, follow_up_at__lte=end, last_day__gte=local_day(at))
    return rows.select_related(*RELATED).order_by("follow_up_at", "pk")


def unclaimed(user: Any, at: dt.datetime) -> QuerySet[Lead]:
    """Leads that nobody of sales has yet, the oldest first."""
    rows = Lead.objects.visible_to(user).filter(stage=L.OPEN, last_day__gte=local_day(at))
    return rows.select_related(*RELATED).order_by("registered_at", "pk")


def sales_to_confirm(user: Any) -> QuerySet[Sale]:
    """Commissions to confirm and cancellations to second, not his own (J137)."""
    if not may(user, "commission.confirm"):
        return Sale.objects.none()
    rows = Sale.objects.visible_to(user).filter(stage__in=(SaleStage.RECORDED, SaleStage.CANCELLING))
    return (
        rows.exclude(seller=user)
        .exclude(cancel_asked_by=user)
        .exclude(corrected_by=user)
        .exclude(lead__by_engineer=True, lead__registered_by=user)
        .select_related("customer__person", "seller")
        .order_by("pk")
    )


def commissions_of(user: Any) -> QuerySet[Sale]:
    """Those of them that wait for this person: the head of sales decides; finance where SD04 bars him, or nobody heads."""
    rows = sales_to_confirm(user)
    if leads_sales(user):
        return rows
    heads = heads_of(Department.SALES).order_by().values("pk")
    barred = Q(seller__in=heads) | Q(cancel_asked_by__in=heads) | Q(corrected_by__in=heads)
    barred |= Q(lead__by_engineer=True, lead__registered_by__in=heads)
    return rows.filter(barred | ~Exists(heads))


def own_customers(user: Any) -> QuerySet[Customer]:
    rows = listed_customers(Customer.objects.filter(seller=user, erased_at=None)).select_related("person")
    return rows.annotate(live=Count("leads", filter=Q(leads__stage__in=LIVE))).order_by("-pk")


def buyers_of(user: Any) -> QuerySet[Customer]:
    """To whom `user` may write down a sale: whom he may open, and whose lead or vehicle is in his hand, whatever came of it."""
    found = Q(pk__in=customers_for(user).values("pk"))
    for model in (Lead, Vehicle):
        found |= Q(pk__in=model.objects.filter(seller=user, customer__isnull=False).values("customer"))
    return Customer.objects.filter(found)


def buying(since: dt.datetime) -> list[QuerySet[Any]]:
    """Rows that say that a customer wanted, bought or was handed a vehicle since then, or that a sale is still undecided."""
    day = local_day(since)
    sold = Sale.objects.filter(Q(sold_on__gte=day) | Q(confirmed_at=None))
    return [
        Lead.objects.filter(registered_at__gte=since).exclude(lost_why=LostWhy.CONSENT),
        sold.exclude(stage=SaleStage.CANCELLED),
        Delivery.objects.filter(current=True, delivered_on__gte=day),
        Vehicle.objects.filter(delivered_on__gte=day),
    ]


class Month(NamedTuple):
    """Leads by the month in which they were registered, and the sales of that month."""

    month: dt.date
    registered: int
    won: int
    lost: int
    lapsed: int
    sales: int


def months(user: Any, today: dt.date, count: int = 6) -> list[Month]:
    """The last `count` months, the newest first; three statements at most."""
    since = first_of(today)
    for _step in range(count - 1):
        since = first_of(since - dt.timedelta(days=1))
    leads = Lead.objects.visible_to(user).filter(registered_at__gte=day_end(since - dt.timedelta(days=1)))
    over = Q(last_day__lt=today) & ~Q(stage=L.WON)
    counted: Any = leads.order_by().annotate(month=TruncMonth("registered_at")).values("month").annotate(
        registered=Count("pk"), won=Count("pk", filter=Q(stage=L.WON)), lost=Count("pk", filter=Q(stage=L.LOST) & ~over),
        lapsed=Count("pk", filter=over),
    )  # fmt: skip
    rows = {local_day(row.pop("month")): row for row in counted}
    sold = _sold(user, since)
    found, month = [], first_of(today)
    while month >= since:
        row = rows.get(month, {"registered": 0, "won": 0, "lost": 0, "lapsed": 0})
        found.append(Month(month=month, sales=sold.get(month, 0), **row))
        month = first_of(month - dt.timedelta(days=1))
    return found


def _sold(user: Any, since: dt.date) -> dict[dt.date, int]:
    rows = Sale.objects.visible_to(user).filter(sold_on__gte=since).exclude(stage=SaleStage.CANCELLED)
    counted = (
        rows.order_by().annotate(month=TruncMonth("sold_on")).values("month").annotate(count=Count("pk"))
    )
    return {row["month"]: row["count"] for row in counted}
