"""What engineers and finance do with money at the pages, in the language of whoever sits there."""

import datetime as dt
import io
import re
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from playwright.sync_api import expect

from tests import build

from .conftest import SHOTS, Someone


def paid(fin: Someone, number: str, amount: str, arrived: dt.datetime) -> str:
    """A clerk writes down money that has arrived for this ticket; answers the receipt's number."""
    fin.page.goto("/finance/receipts/new/")
    fin.page.locator("main [name=q]").fill(number)
    fin.page.get_by_role("button", name=fin.words("Find")).click()
    fin.page.locator("main").get_by_role("link", name=number).click()
    fin.page.locator("[name=amount]").fill(amount)
    fin.page.locator("[name=arrived_at]").fill(f"{arrived:%Y-%m-%dT%H:%M}")
    fin.page.locator("label.card-choice:has([value=bank])").click()
    fin.look("receipt")
    fin.page.get_by_role("button", name=fin.words("Record"), exact=True).click()
    expect(fin.page.locator("#messages .success")).to_be_visible()
    fin.look("received")
    return fin.page.locator("h1 .number").inner_text()


def wages(fin: Someone, month: str, minimum: str, **by_login: str) -> None:
    """The wages of a month and the local minimum wage."""
    fin.page.goto(f"/finance/wages/?month={month}")
    fin.page.locator("[name=since]").fill(month)
    fin.page.locator("[name=amount]").fill(minimum)
    fin.page.get_by_role("button", name=fin.words("Save the minimum wage")).click()
    fin.said("Saved.")
    for name, amount in by_login.items():
        fin.page.get_by_label(name).fill(amount)
    fin.page.get_by_role("button", name=fin.words("Save the wages")).click()
    expect(fin.page.locator("#messages .success")).to_contain_text(str(len(by_login)))
    fin.look("wages")


def confirms(fins: Someone, month: str, person: Any, amount: str) -> None:
    """One person's deductions of the month: what is shown is what is confirmed."""
    fins.page.goto(f"/finance/deductions/?month={month}")
    fins.page.get_by_role("link", name=str(person)).first.click()
    fins.sees("What will be taken, in this order")
    fins.look("payroll")
    fins.page.locator("[name=secret]").fill(build.PASSWORD)
    fins.page.get_by_role(
        "button", name=fins.words("Confirm %(amount)s").replace("%(amount)s", f"¥{amount}")
    ).click()
    fins.said("Confirmed: ¥{total} for {month}.", total=amount, month=month)
    fins.look("payroll-confirmed")


def repays(fins: Someone, paper: Any, how: str) -> None:
    """The refund that waits on this deduction."""
    fins.page.goto(paper.get_absolute_url())
    fins.take("repay", paid_how=how, secret=build.PASSWORD)
    fins.look("repaid")


def signs_month(someone: Someone, paper: Any, side: str, *figures: str) -> None:
    """One side of a reconciliation, its figures read in the form that is signed."""
    someone.page.goto(paper.get_absolute_url())
    form = someone.open_step(f"sign_{side}")
    for figure in figures:
        expect(form.locator("#what-is-signed")).to_contain_text(figure)
    someone.look("sign-month")
    if side == "finance":
        someone.fill(form, secret=build.PASSWORD)
    someone.send(form)
    someone.done()
    someone.look("month-signed")


def closes(fins: Someone, month: str) -> None:
    """The books of a month, once everybody has signed."""
    fins.page.goto("/finance/months/")
    fins.sees("Everybody has signed.")
    fins.look("months")
    fins.page.get_by_role("button", name=fins.words("Close the month")).click()
    fins.said("The books of {month} are closed.", month=month)


def fetches(someone: Someone, path: str, name: str | re.Pattern[str]) -> Any:
    """The workbook behind a link of this page, opened."""
    someone.page.goto(path)
    with someone.page.expect_download() as got:
        someone.page.locator("main").get_by_role("link", name=name).click()
    assert got.value.suggested_filename.endswith(".xlsx")
    if SHOTS:
        got.value.save_as(Path(SHOTS) / got.value.suggested_filename)
    return load_workbook(io.BytesIO(got.value.path().read_bytes()))
