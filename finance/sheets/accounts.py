"""The accounts on the screen (8.10): a month or a year by engineer, by model and by region; the year end."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.models import User
from aftersales.display import moments
from aftersales.display.sheet import Cell, Part, Sheet, Table
from aftersales.money import plain

from ..models import YearEnd
from ..rules import ZERO, profit
from ..services import accounts
from . import words
from .words import yuan

Groups = Mapping[Any, Mapping[str, Decimal]]


def parts(amounts: accounts.Amounts, costs: bool) -> list[Part]:
    """Three tables, each with its total."""
    engineers = accounts.by_engineer(amounts)
    names = words.used(words.columns(costs), accounts.total(engineers), engineers.values())
    people = dict(User.objects.filter(pk__in=[k for k in engineers if k]).values_list("pk", "name"))
    return [
        _part("engineers", _("By engineer"), _("Engineer"), engineers, names, people),
        _part("models", _("By model"), _("Model"), accounts.by_model(amounts), names),
        _part("regions", _("By region"), _("Region"), accounts.by_region(amounts), names),
    ]


def _part(
    name: str, title: Any, of: Any, groups: Groups, names: list[str], known: Mapping[Any, str] | None = None
) -> Part:
    shown = {
        key: (known or {}).get(key) or (str(key) if key and known is None else _("without")) for key in groups
    }
    head = [(of, ""), (_("Profit"), "money"), *((words.word(column), "money") for column in names)]
    nobody = _("without")  # stands last
    order = sorted(groups, key=lambda key: (shown[key] == nobody, shown[key]))
    rows = [(shown[key], *_cells(groups[key], names)) for key in order]
    foot = [_("Total"), *_cells(accounts.total(groups), names)]
    return Part(name, title, table=Table(head, rows, foot), empty=_("Nothing was collected or paid."))


def _cells(group: Mapping[str, Decimal], names: list[str]) -> list[str]:
    return [yuan(profit(group)), *(yuan(group[name]) for name in names)]


def payload(groups: Groups, names: list[str], keys: Mapping[Any, str] | None = None) -> list[dict[str, Any]]:
    """Over the API: amounts as strings of yuan."""
    return [
        {"of": (keys.get(key, "") if keys is not None else key) or "", "profit": str(profit(group)),
         "amounts": {name: str(group[name]) for name in names}}
        for key, group in sorted(groups.items(), key=lambda item: str(item[0]))
    ]  # fmt: skip


# --- the year end
def year_end(paper: YearEnd, user: Any) -> Sheet:
    """All shares for whom C24 lets see them, else his own."""
    letter = user.cell("yearend.view_share")
    shares = paper.shares.select_related("engineer").order_by("engineer__name", "pk")
    shares = shares if letter == "Y" else shares.filter(engineer=user)
    links = [
        (_("Accounts of {year}").format(year=paper.year), reverse("finance:period", args=[str(paper.year)]))
    ]
    return Sheet(
        title=_("Year end"), story=str(paper.year), links=links if may(user, "accounts.view") else [],
        parts=[_facts(paper), _shares(list(shares), _columns(user))],
    )  # fmt: skip


def _columns(user: Any) -> list[str]:
    """Of his own year an engineer reads the cost of parts as well, as a sum (C32): else he could not follow his profit."""
    return words.columns(user.cell("yearend.view_share") != "Y" or may(user, "cost.view"))


def _facts(paper: YearEnd) -> Part:
    rows: list[Cell] = [
        (_("Year"), paper.year), (_("Share of the own profit"), f"{plain(paper.rate * 100)} %"),
        (_("Stage"), paper.stage_label()),
        (_("Prepared by"), f"{paper.prepared_by} {moments.when(paper.prepared_at)}"),
        (_("Decided by"), f"{paper.decided_by} {moments.when(paper.decided_at)}" if paper.decided_at else ""),
        (_("Reason"), paper.decision, "wide"),
    ]  # fmt: skip
    return Part(
        "facts",
        _("Year end"),
        [row for row in rows if row[1]],
        note=_("A loss counts as 0.00 and is not carried on."),
    )


def _shares(shares: list[Any], names: list[str]) -> Part:
    read = [{name: Decimal(x.amounts.get(name, "0.00")) for name in names} for x in shares]
    names = words.used(names, {}, read)
    head = [
        (_("Engineer"), ""),
        (_("Profit"), "money"),
        (_("Share"), "money"),
        *((words.word(n), "money") for n in names),
    ]
    rows = [
        (str(x.engineer), yuan(x.profit), yuan(x.share), *(yuan(Decimal(x.amounts.get(name, "0.00"))) for name in names))
        for x in shares
    ]  # fmt: skip
    sums = [sum((Decimal(x.amounts.get(name, "0.00")) for x in shares), ZERO) for name in names]
    first = [sum((x.profit for x in shares), ZERO), sum((x.share for x in shares), ZERO)]
    foot = [_("Total"), *map(yuan, [*first, *sums])] if len(shares) > 1 else None
    return Part("shares", _("Shares"), table=Table(head, rows, foot), empty=_("Nobody has a share."))


def year_end_payload(paper: YearEnd, user: Any) -> dict[str, Any]:
    shares = paper.shares.select_related("engineer").order_by("pk")
    shares = shares if user.cell("yearend.view_share") == "Y" else shares.filter(engineer=user)
    columns = set(_columns(user))
    return {
        "year": paper.year, "rate": str(paper.rate), "prepared_by": paper.prepared_by.username, "decided_at": paper.decided_at,
        "prepared_at": paper.prepared_at, "decided_by": paper.decided_by.username if paper.decided_by else None,
        "decision": paper.decision,
        "shares": [
            {"engineer": x.engineer.username, "profit": str(x.profit), "share": str(x.share),
             "amounts": {name: text for name, text in x.amounts.items() if name in columns}}
            for x in shares
        ],
    }  # fmt: skip
