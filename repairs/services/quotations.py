"""STAND-IN, to be replaced by the quotation builder's own."""
# type: ignore

from decimal import Decimal

from aftersales.limits import local_day
from aftersales.models import next_number
from catalogue.selectors import price_lines

from ..models import PartsOrder, Quotation, QuotationLine


def draft(about, *, by, at, lines, **facts):
    side = {"order": about} if isinstance(about, PartsOrder) else {"ticket": about}
    n = Quotation.objects.filter(**side).count() + 1
    q = Quotation(number=next_number("BJ", at), version=n, customer=about.customer, valid_until=local_day(at), **side)
    q.sign(by=by, at=at)
    q.save()
    for pos, row in enumerate(lines, 1):
        part = row["part"]
        price = price_lines([part.pk], local_day(at))[part.pk].price
        line = QuotationLine(quotation=q, position=pos, kind="part", part=part, code=part.code, name=part.name, unit="件",
                             quantity=Decimal(row["quantity"]), unit_price=price, discount=row.get("discount", Decimal(0)))
        line.count()
        line.save()
    q.line_count = len(lines)
    q.save()
    return q


def send(q, *, by, at):
    q.move("send", sent_at=at)
    q.sign(by=by, at=at)
    q.save()
    return q


def accept(q, *, at, by=None, how="", said_at=None):
    q.move("accept", answered_at=at)
    q.answered_by = by
    q.sign(by=by, at=at)
    q.save()
    return q


def accepted_lines(about, day):
    side = {"order": about} if isinstance(about, PartsOrder) else {"ticket": about}
    q = Quotation.objects.filter(**side, stage="accepted").order_by("-version").first()
    return {line.part_id: line for line in q.lines.all()} if q else {}


def open_order(*, customer, contact, engineer, by, at, remark=""):
    row = PartsOrder(number=next_number("DD", at), customer=customer, contact=contact, engineer=engineer, remark=remark)
    row.sign(by=by, at=at)
    row.save()
    return row
