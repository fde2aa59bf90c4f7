"""What people do with parts at the pages: quote, ask, sign, issue, pack, send."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from parts.models import Release, Shipment
from tests import build

from .conftest import PHONE, Someone, reports

PLAN_A = {
    "plan_type": "a",
    "explanation": "寄去新件，自行更换",
    "told_how": "phone",
    "assembly_notes": "先断电，再拆旧件",
    "risk_text": "装反会抱死",
}


def under_way(
    comes: Callable[..., Someone], people: Any, symptom: str = "控制器不通电"
) -> tuple[Someone, Someone, str]:
    """A customer has reported, customer service has handed it to the engineer: (customer, cs, number)."""
    customer, cs = comes(size=PHONE), comes(people.cs)
    number = reports(customer, symptom)
    cs.visit(number)
    cs.take("accept")
    cs.take("hand_over", engineer=people.eng.username)
    return customer, cs, number


def quotes(eng: Someone, number: str, part: Any, pieces: int = 1) -> None:
    """A quotation 9.4 drafted on the ticket, one part on it, and sent."""
    eng.visit(number)
    eng.take("quote")
    eng.take("add_part", part=part.code, quantity=str(pieces))
    eng.look("quotation")
    eng.take("send")


def accepts(customer: Someone, amount: str) -> None:
    customer.page.reload()
    customer.look("quotation")
    customer.page.get_by_role("button", name=f"I accept ¥{amount}").click()
    customer.sees("You have accepted the quotation", within="body")


def consents(customer: Someone) -> None:
    """The customer of plan a has read, ticks, signs with his name, and agrees (4.4a)."""
    customer.page.reload()
    customer.page.locator("input[name=agreed]").check()
    customer.page.locator("input[name=signer]").fill("王小明")
    customer.look("consent")
    customer.page.get_by_role("button", name="I agree").click()
    customer.sees("Your consent is written down", within="body")


def asks(eng: Someone, number: str, part: Any, *, basis: str, submit: bool = True, **line: Any) -> Release:
    """“Ask for parts” on the ticket: a sheet with one line, given to finance unless something comes before that."""
    eng.visit(number)
    eng.page.get_by_role("link", name="Ask for parts").click()
    eng.fill(eng.page.locator("main form.panel"), basis=basis)
    eng.look("ask")
    eng.page.get_by_role("button", name="Go on to the parts").click()
    form = eng.form("add_line")
    eng.fill(form, part=part.code, **{"quantity": "1"} | line)
    eng.look("add-line")
    eng.send(form)
    eng.done()
    if submit:
        eng.take("submit")
    eng.look("release")
    return Release.objects.latest("pk")


def signs(fins: Someone, release: Release, **entries: Any) -> None:
    """From finance's queue: what is signed is what is shown, and the password once more."""
    fins.page.goto("/finance/")
    fins.look("queue")
    fins.page.get_by_role("link", name=release.number).click()
    form = fins.open_step("sign")
    expect(form.locator("#what-is-signed")).to_contain_text(release.number)
    fins.fill(form, **entries, secret=build.PASSWORD)
    fins.look("sign")
    fins.send(form)
    fins.done()
    fins.look("signed")


def issues(wh: Someone, release: Release) -> None:
    """From the warehouse's queue: everything that was signed."""
    wh.page.goto("/parts/issuing/")
    wh.look("issuing")
    wh.page.get_by_role("link", name=release.number).first.click()
    form = wh.form("issue")
    wh.look("issue")
    wh.send(form)
    wh.done()
    wh.look("issued")


def packs(wh: Someone, release: Release) -> Shipment:
    wh.page.goto(release.get_absolute_url())
    wh.take("pack", content="新件一件")
    parcel = Shipment.objects.latest("pk")
    wh.sees(parcel.number, within="body")
    return parcel


def ships(ga: Someone, parcel: Shipment, waybill: str = "SF1390001112223") -> None:
    """Administration sends the parcel; plan a's service begins."""
    ga.page.goto("/parts/shipments/")
    ga.page.get_by_role("link", name=parcel.number).click()
    ga.take("send", carrier="顺丰", waybill=waybill, terms="prepaid", cost="18.00")
    ga.look("sent")


def called_back(cs: Someone, number: str) -> None:
    cs.visit(number)
    cs.take("call_back", resolved="true", way="phone", overall="satisfied")
    cs.take("write_off")
    cs.stage_is("Called back")
    cs.look("closed")
