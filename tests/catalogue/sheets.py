"""Workbooks as people send them."""

import io

from openpyxl import Workbook

PARTS = [
    "code",
    "name",
    "spec",
    "unit",
    "group",
    "assembly",
    "valuable",
    "wearing",
    "recyclable",
    "bulky",
    "active",
    "fits",
]
PRICES = ["code", "price", "cost"]
RATES = ["kind", "code", "name", "unit", "price"]


def book(*rows, head=PARTS, title="Parts", merged="", rates=None):
    out, made = io.BytesIO(), Workbook()
    sheet = made.active
    sheet.title = title
    for row in [head, *rows]:
        sheet.append(list(row))
    if merged:
        sheet.merge_cells(merged)
    if rates is not None:
        other = made.create_sheet("Rates")
        for row in [RATES, *rates]:
            other.append(list(row))
    made.save(out)
    out.seek(0)
    out.name = "book.xlsx"
    return out
