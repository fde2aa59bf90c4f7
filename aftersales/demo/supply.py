"""How one ticket gets its parts: asked for, quoted, signed, issued, used, and brought back (4.5, 4.7, 5)."""

import datetime as dt
import random
from collections.abc import Generator
from decimal import Decimal
from typing import Any

from accounts.models import User
from aftersales.limits import day_end, following, local_day
from catalogue.models import Part
from finance.models import Receipt, Receivable
from finance.services import owing, receipts, signing
from parts.flow import ReleaseStage
from parts.models import ConsumptionReport, Release, UnreturnedList, Zone
from parts.services import confirm_consumption, deliver, issuing, on_hand, pack, releases, returning, send
from parts.services.monthly import open_lists, submit_list
from parts.steps.releases import awaits
from repairs.models import Ticket
from repairs.services import quotations

from .moments import by_day, hours

Supply = Generator[dt.datetime, dt.datetime, tuple[Release, dt.datetime]]
#: a carrier's own letters begin its waybills
LATELY = 16  # hours: what was signed for since then the warehouse has still to issue
CARRIERS = {"顺丰速运": "SF", "德邦快递": "DPK", "中通快递": "ZTO"}


def asked(cast: Any, ticket: Ticket, engineer: User, part: Part, kind: str, at: dt.datetime) -> Supply:
    """From the sheet to finance's signature."""
    rng = cast.rng
    at = yield at + hours(0.3)
    damage = ticket.sheets.get(round=ticket.round).damage_type
    if damage == "pending":
        damage = "not_human"
    count = 1 if part.valuable or rng.random() < 0.7 else 2
    line: dict[str, Any] = {
        "part": part, "quantity": count, "kind": "outbound" if kind == "a" else "loan",
        "damage": damage, "damage_evidence": "工程师现场照片判定",
    }  # fmt: skip
    sheet = releases.draft(ticket, by=engineer, at=at, basis="warranty", lines=[line])
    if sheet.total > 0:
        basis = rng.choice(["paid", "paid", "unpaid"])
        sheet = releases.change_header(sheet, by=engineer, at=at, basis=basis)
        at = yield from quoted(cast, ticket, engineer, part, count, at)
        sheet = Release.objects.get(pk=sheet.pk)
    if sheet.basis == "unpaid":
        day = local_day(at + dt.timedelta(days=rng.choice([10, 20, 30])))
        sheet = releases.consent(sheet, by=engineer, at=at, agreed_day=day)
    sheet = releases.submit(sheet, by=engineer, at=at)
    if awaits(sheet):  # plan a: the customer hears what stands charged until the old part is back
        sheet = releases.accept_awaiting(sheet, by=engineer, at=at, how="电话里同意")
    at = yield by_day(at + hours(rng.uniform(0.5, 5)))
    if sheet.basis == "warranty" and rng.random() < 0.04:
        signing.reject(sheet, by=cast.people["finance"], at=at, reason="请补充旧件照片")
        at = yield by_day(at + hours(2))
        sheet = releases.take_back(Release.objects.get(pk=sheet.pk), by=engineer, at=at)
        sheet = releases.submit(sheet, by=engineer, at=at)
        at = yield by_day(at + hours(1))
    return signed(cast, Release.objects.get(pk=sheet.pk), at), at


def quoted(
    cast: Any, ticket: Ticket, engineer: User, part: Part, count: int, at: dt.datetime
) -> Generator[dt.datetime, dt.datetime, dt.datetime]:
    """A quotation goes out and is accepted (9.4)."""
    lines = [
        {"kind": "part", "part": part, "quantity": Decimal(count)},
        {"kind": "labour", "code": "GS-01", "quantity": Decimal("1.5")},
    ]
    quote = quotations.draft(ticket, by=engineer, at=at, lines=lines)
    quotations.send(quote, by=engineer, at=at)
    at = yield by_day(at + hours(cast.rng.uniform(0.5, 8)))
    quote.refresh_from_db()
    how = "客户在电话中同意"
    quotations.accept(quote, at=at, by=engineer, how=how)
    return at


def signed(cast: Any, sheet: Release, at: dt.datetime) -> Release:
    """Finance signs on the basis of the sheet; what is paid is recorded by a clerk first."""
    receipt: Receipt | None = None
    if sheet.basis == "paid":
        receipt = receipts.record(
            customer=sheet.debtor, amount=sheet.total + owed_before(sheet), arrived_at=at - hours(1),
            method=cast.rng.choice(["bank", "wechat"]),
            by=cast.people["finance3"], at=at, ticket=sheet.ticket,
        )  # fmt: skip
    opinion = "未付款，同意先发" if sheet.basis == "unpaid" else "同意"
    signer = cast.people[cast.rng.choice(["finance", "finance2"])]
    return signing.sign(sheet, by=signer, at=at, receipt=receipt, opinion=opinion)


def owed_before(sheet: Release) -> Decimal:
    """What the customer still owes for the same ticket: money for a ticket pays that first, so he pays it along."""
    rows = Receivable.objects.filter(ticket=sheet.ticket, customer=sheet.debtor) if sheet.ticket else []
    return sum((max(owing.owed(row), Decimal(0)) for row in rows), Decimal(0))


def issued(cast: Any, sheet: Release, at: dt.datetime) -> Generator[dt.datetime, dt.datetime, dt.datetime]:
    """The warehouse issues what there is; what is short waits on a sheet of its own."""
    wait = hours(cast.rng.uniform(0.3, 4))
    at = yield by_day(at + wait) if at < cast.now - hours(LATELY) else cast.now + wait
    sheet = Release.objects.get(pk=sheet.pk)
    pieces, codes = {}, {}
    for line in sheet.lines.select_related("part"):
        count = min(line.to_issue, on_hand(line.part, Zone.GOOD))
        if count:
            pieces[line.pk] = count
            codes[line.pk] = (
                list(line.part.codes.filter(zone=Zone.GOOD).values_list("code", flat=True)[:count])
                if line.part.valuable
                else []
            )
    if pieces:
        issuing.issue(sheet, by=cast.people["warehouse"], at=at, pieces=pieces, codes=codes)
    return at


def shipped(cast: Any, sheet: Release, at: dt.datetime) -> Generator[dt.datetime, dt.datetime, dt.datetime]:
    """Plan a: packed by the warehouse, sent by administration, delivered two days later."""
    sheet = Release.objects.get(pk=sheet.pk)
    parcel = pack(sheet, by=cast.people["warehouse"], at=at, content="配件一箱")
    at = yield by_day(at + hours(cast.rng.uniform(0.5, 5)))
    parcel = send(
        parcel, by=cast.people["dispatch"], at=at, terms="prepaid", cost=Decimal("15.00"), **waybill(cast.rng)
    )
    at = yield by_day(at + dt.timedelta(days=2))
    parcel.refresh_from_db()
    deliver(parcel, by=cast.people["dispatch"], at=at, how="客户本人签收")
    return at


def waybill(dice: random.Random) -> dict[str, Any]:
    """Carrier and number."""
    number, carrier = dice.randint(10**11, 10**12), dice.choice(list(CARRIERS))
    return {"carrier": carrier, "waybill": f"{CARRIERS[carrier]}{number}"}


def declared(sheet: Release, engineer: User, at: dt.datetime, rng: Any) -> None:
    """Used or not, and where the old parts are, before the work is completed (4.7)."""
    sheet = Release.objects.get(pk=sheet.pk)
    said = {}
    for line in sheet.lines.filter(issued__gt=0):
        unused = 1 if line.kind == "loan" and line.issued > 1 and rng.random() < 0.6 else 0
        used = line.issued - unused
        owing = line.old_part == "must"
        taken = used if line.kind == "loan" else 0
        old = {"old_taken": taken, "old_left": used - taken} if owing else {}
        said[line.pk] = {"used": used, "unused": unused} | old
    if said:
        returning.declare(sheet, by=engineer, at=at, said=said)


def brought_back(
    cast: Any, sheet: Release, engineer: User, at: dt.datetime
) -> Generator[dt.datetime, dt.datetime, dt.datetime]:
    """Unused and old parts come back within days, most of them."""
    rng = cast.rng
    for kind in ("unused", "old"):
        at = yield by_day(at + hours(rng.uniform(4, 40)))
        sheet = Release.objects.get(pk=sheet.pk)
        lines = list(sheet.lines.select_related("part"))
        owed = {x.pk: x.unused_out if kind == "unused" else x.old_due for x in lines}
        if not any(owed.values()) or sheet.stage == ReleaseStage.CANCELLED or rng.random() < 0.12:
            continue
        codes = {
            x.pk: _codes(x, owed[x.pk]) for x in lines if kind == "unused" and x.part.valuable and owed[x.pk]
        }
        paper = returning.hand_in(sheet, by=engineer, at=at, kind=kind, pieces=owed, codes=codes)
        if rng.random() < 0.1 and cast.now - at < dt.timedelta(days=3):
            continue  # the warehouse has not looked at it yet
        at = yield by_day(at + hours(rng.uniform(0.5, 6)))
        returning.confirm(paper, by=cast.people["warehouse"], at=at, received={})
    return at


def checked(cast: Any, ticket: Ticket, at: dt.datetime) -> Generator[dt.datetime, dt.datetime, dt.datetime]:
    """The warehouse confirms what was consumed (5.5), a few reports too late."""
    wait = cast.rng.choices([cast.rng.uniform(0.5, 5), cast.rng.uniform(50, 90)], [94, 6])[0]
    at = yield by_day(at + hours(wait))
    for report in ConsumptionReport.objects.filter(ticket=ticket, confirmed_at=None):
        confirm_consumption(report, by=cast.people["warehouse"], at=at)
    return at


def months(cast: Any, begin: dt.datetime) -> Generator[dt.datetime, dt.datetime, None]:
    """The list 5.6 of every month: opened when it has ended, submitted by the fifth, now and then too late."""
    first = following(local_day(begin).replace(day=1))
    while True:
        start = day_end(first - dt.timedelta(days=1))
        at = yield start + dt.timedelta(minutes=5)
        open_lists(at)
        at = yield start + dt.timedelta(
            days=cast.rng.choice([1, 2, 2, 3, 3, 6]), hours=cast.rng.randint(9, 16)
        )
        for paper in UnreturnedList.objects.filter(submitted_at=None):
            submit_list(paper, by=cast.people["warehouse"], at=at)
        first = following(first)


def _codes(line: Any, count: int) -> list[str]:
    return list(
        line.part.codes.filter(zone=Zone.ENGINEER, holder=line.holder).values_list("code", flat=True)[:count]
    )
