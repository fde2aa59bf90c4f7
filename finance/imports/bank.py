"""The bank's list as Excel or CSV (UTF-8 or GB18030): every bad cell named, nothing kept by the reading itself (C38)."""

import csv
import datetime as dt
import hashlib
import io
from decimal import Decimal, InvalidOperation
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.money import plain_amount
from aftersales.problems import BadEntry
from aftersales.xlsx import write
from catalogue import cells
from catalogue.imports.reading import FILE_BYTES, MB, Book, Column, Sheet, read_lines

TITLE = _("Incoming payments")
SHAPES = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y%m%d %H:%M:%S",
    "%Y%m%d%H%M%S",
)
DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日")
EARLIEST = 2000


def columns() -> list[Column]:
    """In the template's order, with the names that banks give them."""
    return [
        Column("arrived_at", _("Arrived"), moment, True, ("交易日", "交易日期", "交易时间", "记账日期", "入账日期", "入账时间")),
        Column("amount", _("Amount in yuan"), amount, needed=True),
        Column("payer", _("Payer"), cells.within(120), True,
               ("收付方名称", "对方户名", "对方名称", "对方账户名称", "对方单位名称", "付款人名称", "付款方户名")),
        Column("text", pgettext_lazy("bank", "Purpose"), cells.within(200), also=("用途", "摘要", "附言", "交易摘要", "备注")),
        Column("reference", _("Bank reference"), cells.within(60),
               also=("流水号", "交易流水号", "交易流水", "业务流水号", "凭证号", "业务编号")),
    ]  # fmt: skip


def incoming() -> Column:
    """The amount as banks list it: an outgoing row has none here, or a negative one."""
    names = ("贷方金额", "贷方发生额", "收入金额", "收入", "交易金额", "发生额")
    return Column("amount", _("Incoming amount"), maybe, also=names)


def maybe(value: Any) -> Decimal:
    """Yuan; 0.00 for what went out."""
    if isinstance(value, str):
        value = _number(cells.text(value))
    return Decimal(0) if value is None or value == "" or value <= 0 else cells.amount(value)


def moment(value: Any) -> dt.datetime | dt.date:
    """When it arrived; a day alone is a day."""
    if isinstance(value, dt.datetime):
        found: Any = value if any((value.hour, value.minute, value.second)) else value.date()
    else:
        found = value if isinstance(value, dt.date) else _typed(cells.text(value))
    if not EARLIEST <= found.year <= 9990:
        raise BadEntry(_("Please look at the year."))
    return timezone.make_aware(found) if isinstance(found, dt.datetime) else found


def _typed(text: str) -> dt.datetime | dt.date:
    if not text:
        raise BadEntry(_("This is missing."))
    for shape in SHAPES + DAYS:
        try:
            found = dt.datetime.strptime(text, shape)  # noqa: DTZ007  # the zone is added by who asked
        except ValueError:
            continue
        return found.date() if shape in DAYS else found
    raise BadEntry(_("This is no date (2026-03-02)."))


def amount(value: Any) -> Decimal:
    """Yuan, more than nothing; banks write numbers as text too: ¥1,234.50."""
    if isinstance(value, str):
        value = _number(cells.text(value))
    found = cells.amount(value)
    if not found:
        raise BadEntry(_("Money that arrived is more than 0.00."))
    return found


def _number(text: str) -> Decimal | None:
    plain = plain_amount(text)
    if not plain:
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        raise BadEntry(_("This is no amount.")) from None


def read(file: IO[bytes]) -> Sheet:
    """Rows of the file, or its faults. Raises `BadEntry` at `file` when it is neither a workbook nor text."""
    file.seek(0)
    if file.read(2) == b"PK":
        with Book(file) as book:
            return without_outgoing(
                book.read(book.sheet(TITLE, first=True), [*columns(), incoming()], others=True)
            )
    file.seek(0)
    lines = csv.reader(io.StringIO(_text(file.read(FILE_BYTES + 1)), newline=""), strict=True)
    try:
        return without_outgoing(read_lines("CSV", iter(list(lines)), [*columns(), incoming()], others=True))
    except csv.Error:
        raise BadEntry(
            _("This file is neither an Excel workbook (.xlsx) nor a list of the kind CSV."), field="file"
        ) from None


def without_outgoing(sheet: Sheet) -> Sheet:
    """Money that went out is no receipt: those rows are passed over."""
    kept = [
        (row, number)
        for row, number in zip(sheet.rows, sheet.numbers, strict=True)
        if row.get("amount") != Decimal(0)
    ]
    sheet.rows, sheet.numbers = [row for row, _number in kept], [number for _row, number in kept]
    return sheet


def _text(data: bytes) -> str:
    if len(data) > FILE_BYTES:
        raise BadEntry(_("This file is larger than {most} MB."), field="file", most=FILE_BYTES // MB)
    for name in ("utf-8-sig", "gb18030"):
        try:
            found = data.decode(name)
        except UnicodeDecodeError:
            continue
        if "\x00" not in found:
            return found
    raise BadEntry(
        _("This file is neither an Excel workbook (.xlsx) nor a list of the kind CSV."), field="file"
    )


def digest(file: IO[bytes]) -> str:
    """Of the file's bytes: the same file is not taken twice."""
    file.seek(0)
    found = hashlib.sha256()
    while block := file.read(MB):
        found.update(block)
    return found.hexdigest()


def template(out: IO[bytes]) -> None:
    """An empty workbook to fill."""
    write(out, str(TITLE), [column.label for column in columns()], [], [20, 16, 30, 40, 24])
