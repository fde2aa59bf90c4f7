"""What people ask of the list of debts; the address bar holds it, page and API read it alike. Amounts come from the ledger,
in SQL: what is open, what the engineer bears, and how old it is (4.11, domain 10).
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.db.models import Case, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.money import MoneyField
from aftersales.widgets import PlainSelect
from policy import figures
from sales.selectors import customers_for, named

from .models import Deduction, Kind, Receivable, Refund, Transfer

NAMES = ("engineer", "age", "customer", "state")
ANY = ("", _("all"))
YOUNG = 30  # days of the first class; the second ends with the forty of 8.8
NOTHING = Decimal("0.00")


class Age(models.TextChoices):
    """How long ago the due day was; what is not yet due is young."""

    YOUNG = "young", pgettext_lazy("ageing", "0–30 days")
    MIDDLE = "middle", pgettext_lazy("ageing", "31–40 days")
    OLD = "old", pgettext_lazy("ageing", "over 40 days")


class State(models.TextChoices):
    OPEN = "open", pgettext_lazy("debt", "open")
    BORNE = "borne", pgettext_lazy("debt", "borne by the engineer")
    PAID = "paid", pgettext_lazy("debt", "settled")


class Choice(forms.ChoiceField):
    widget = PlainSelect


class DebtFilter(forms.Form):
    """Empty means all; what cannot be read finds nothing, never an error page."""

    engineer = Choice(label=_("Liable engineer"), required=False)
    age = Choice(label=_("Ageing"), required=False, choices=[ANY, *Age.choices])
    customer = forms.CharField(label=_("Customer"), required=False, max_length=60)
    state = Choice(label=_("Open or settled"), required=False, choices=[ANY, *State.choices])

    def __init__(self, data: Any = None, *, engineers: Any = None, **kwargs: Any) -> None:
        """`engineers`: {username: name} to choose from; None where everybody sees only his own."""
        super().__init__(data, auto_id="filter_%s", **kwargs)
        self.fields["customer"].widget.attrs["size"] = 14
        if engineers is None:
            del self.fields["engineer"]
        else:
            self.fields["engineer"].choices = [ANY, *engineers.items()]  # type: ignore[attr-defined]


def asked(params: Any) -> dict[str, str]:
    """The filters that a request names, without empty ones and without what no database can hold."""
    given = {name: str(params.get(name, "")).replace("\x00", "").strip()[:60] for name in NAMES}
    return {name: value for name, value in given.items() if value}


def debts(user: Any, params: dict[str, str], today: dt.date) -> Any:
    """Debts that `user` may see, as `params` asks, each with `left` and `bears` in yuan."""
    rows = with_amounts(Receivable.objects.visible_to(user))
    if "engineer" in params:
        rows = rows.filter(engineer__username=params["engineer"])
    if "customer" in params:
        his = named(customers_for(user), params["customer"], user)
        rows = rows.filter(Q(customer__number__iexact=params["customer"]) | Q(customer__in=his.values("pk")))
    if "age" in params:
        rows = rows.filter(of_age(params["age"], today)) if params["age"] in Age.values else rows.none()
    return (
        rows.filter(STATES[params["state"]])
        if params.get("state") in STATES
        else rows
        if "state" not in params
        else rows.none()
    )


STATES = {
    State.OPEN.value: Q(left__gt=NOTHING),
    State.BORNE.value: Q(left__lte=NOTHING, bears__gt=NOTHING),
    State.PAID.value: Q(left__lte=NOTHING, bears__lte=NOTHING),
}


def with_amounts(rows: QuerySet[Receivable]) -> Any:
    """`left`: neither paid nor borne, the balance of its account; `bears`: deducted and not refunded."""
    return rows.annotate(
        left=_less(_moved("target"), _moved("source")),
        bears=_less(
            _total(Deduction.objects.filter(receivable=OuterRef("pk")), "receivable", "confirmed"),
            _total(
                Refund.objects.filter(deduction__receivable=OuterRef("pk"), dropped_at=None), "deduction__receivable", "amount"
            ),
        ),
    )  # fmt: skip


def owing() -> Any:
    """What customers still owe: also what the engineer has borne meanwhile is theirs to pay (8.8)."""
    return with_amounts(Receivable.objects.all()).filter(Q(left__gt=NOTHING) | Q(bears__gt=NOTHING))


def _moved(side: str) -> Any:
    account = {f"{side}__kind": Kind.RECEIVABLE, f"{side}__of": OuterRef("key")}
    return _total(Transfer.objects.filter(**account), f"{side}__of", "amount")


def _total(rows: QuerySet[Any], by: str, name: str) -> Any:
    found = rows.order_by().values(by).annotate(total=Sum(name)).values("total")
    return Coalesce(Subquery(found, output_field=MoneyField()), Value(Decimal(0), output_field=MoneyField()))


def _less(more: Any, less: Any) -> Any:
    return ExpressionWrapper(more - less, output_field=MoneyField())


# --- ageing
def limits(today: dt.date) -> tuple[dt.date, dt.date]:
    """Due on the first or later: young; on the second or later: middle; before: old. The due day is not counted."""
    return today - dt.timedelta(days=YOUNG), today - dt.timedelta(days=int(figures.value("receivable_days")))


def of_age(age: str, today: dt.date) -> Q:
    young, middle = limits(today)
    return {
        Age.YOUNG.value: Q(due_on__gte=young),
        Age.MIDDLE.value: Q(due_on__lt=young, due_on__gte=middle),
        Age.OLD.value: Q(due_on__lt=middle),
    }[age]


def age_of(due_on: dt.date, today: dt.date) -> Age:
    """The class of one debt."""
    young, middle = limits(today)
    return Age.YOUNG if due_on >= young else Age.MIDDLE if due_on >= middle else Age.OLD


def ageing(rows: Any, today: dt.date) -> list[dict[str, Any]]:
    """What is open by engineer and class: {username, name, age, total} in yuan, in one statement."""
    ages = Case(*(When(of_age(age.value, today), then=Value(age.value)) for age in Age))
    found = rows.order_by().annotate(age=ages).values("engineer__username", "engineer__name", "age")
    return [
        {
            "username": row["engineer__username"],
            "name": row["engineer__name"],
            "age": row["age"],
            "total": row["total"] or NOTHING,
        }
        for row in found.annotate(total=Sum("left")).order_by("engineer__name", "age")
    ]


def sums(groups: list[dict[str, Any]], engineer: str = "") -> dict[str, Decimal]:
    """Yuan of each class, of all or of one engineer."""
    found = dict.fromkeys(Age.values, NOTHING)
    for group in groups:
        if engineer in ("", group["username"]):
            found[group["age"]] += group["total"]
    return found
