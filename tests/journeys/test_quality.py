"""What broke, why, and who answers for it (4.10, 7, 8.9), each at his own page, on the phone and at the desk, in Chinese."""

import datetime as dt
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from deadlines.models import Deadline
from finance.models import Account, Assessment, Deduction, Receivable
from finance.selectors import account_of
from finance.services import ledger, months
from technical.models import Notice, Report
from tests import build
from tests.finance.conftest import Shop
from tests.technical import quality

from .conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)
ZH = "zh-hans"
DAY = dt.timedelta(days=1)


@pytest.fixture
def leader(people):
    return build.person("MGR", grants=("leader_approve",))


def at_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def writes(eng, ticket) -> Report:
    """On the phone, from the ticket: what failed and why, a numbered piece, submitted."""
    eng.visit(ticket.number)
    eng.look("ticket-with-the-way")
    eng.page.get_by_role("link", name=eng.words("Write the quality report")).first.click()
    form = eng.page.locator("main form").filter(has=eng.page.locator("[name=failure_mode]"))
    eng.fill(
        form, part_name="后轮刹车片", failure_mode="worn", what="刹车片磨损到限", causes="材料偏软，磨损快"
    )
    eng.look("report-form")
    form.locator("button.primary").click()
    expect(eng.page.locator("#messages .success")).to_be_visible()
    form = eng.open_step("put_exhibit")
    eng.fill(form, piece="旧刹车片", place="旧件区 A-3")
    eng.send(form)
    eng.done()
    eng.take("submit")
    eng.look("report-submitted")
    return Report.objects.get(ticket=ticket)


def is_told_that_he_cannot_judge_himself(tech, report) -> None:
    """A rule of separation answers 403 (SD08): its sentence stands on the form, which keeps what was typed."""
    tech.page.goto(report.get_absolute_url())
    tech.take("analyse", confirmed_cause="材料硬度不足", is_technical="false")
    form = tech.open_step("judge")
    tech.fill(form, who_1=f"person:{tech.user.username}", percent_1="100", clause_1="3.1")
    tech.send(form)
    said = tech.words("Nobody judges what he is held responsible for himself (SD08).")
    expect(tech.page.locator("#step-panel")).to_contain_text(said.split("（")[0])
    expect(tech.form("judge").locator("[name=percent_1]")).to_have_value("100")
    tech.troubles = [
        heard for heard in tech.troubles if "status of 403" not in heard
    ]  # what the browser adds


def judges(tech, report, who, clause, **more) -> None:
    """Technical confirms the cause from its home and judges by a clause of the standard."""
    tech.page.goto("/desk/")
    tech.look("technicals-home")
    tech.page.goto(report.get_absolute_url())
    tech.take("analyse", confirmed_cause="材料硬度不足", is_technical="false")
    tech.take("judge", who_1=f"person:{who.username}", percent_1="100", clause_1=clause, **more)
    tech.look("judged")


@pytest.mark.clause("4.10")
@pytest.mark.clause("7.1")
@pytest.mark.clause("8.9")
def test_reported_judged_accepted_assessed(comes, people, leader):
    quality.standard()
    ticket = build.ticket("completed", at=at_now() - DAY, company=people)
    eng, held = comes(people.eng, PHONE, ZH), people.wh
    report = writes(eng, ticket)
    assert Deadline.objects.of(ticket).get(rule="quality_report").met_at is not None
    tech = comes(people.tech, language=ZH)
    is_told_that_he_cannot_judge_himself(tech, report)
    tech.page.goto(report.get_absolute_url())
    tech.take("judge", who_1=f"person:{held.username}", percent_1="100", clause_1="3.1")

    wh = comes(held, PHONE, ZH)
    expect(wh.duty(report.number, wh.words("Accept the judgement, or appeal"))).to_be_visible()
    wh.look("held-responsible")
    wh.page.goto(report.get_absolute_url())
    wh.take("accept")
    assert Report.objects.get().stage == "final"

    fin = comes(people.fins, language=ZH)
    fin.page.goto(f"/finance/assessments/cases/{report.number}/")
    fin.look("case")
    fin.page.get_by_role("button", name=fin.words("Write these drafts")).click()
    expect(fin.page.locator("#messages .success")).to_be_visible()
    paper = Assessment.objects.get()
    assert (paper.person, paper.amount, paper.case) == (held, Decimal("200.00"), report)
    boss = comes(leader, PHONE, ZH)
    boss.page.goto(paper.get_absolute_url())
    boss.take("approve")
    boss.look("assessment")
    fin.page.goto(paper.get_absolute_url())
    fin.take("issue", secret=build.PASSWORD)
    fin.look("issued")
    assert (Report.objects.get().stage, Deduction.objects.get().amount) == ("assessed", Decimal("200.00"))
    wh.page.reload()
    wh.look("assessed")


@pytest.fixture
def charged(people):
    """A ticket whose part is charged to its customer for human damage; issued on credit, the work completed."""
    shop = Shop(people, at_now() - 2 * DAY)
    shop.issue(shop.sign(shop.charged("unpaid", (shop.part("40.00"), 1)), opinion="未付款"), 1)
    for step in build.road(shop.ticket, people, "b")[3:6]:
        step(shop.now())
    shop.ticket.refresh_from_db()
    return shop


@pytest.mark.clause("7.1")
def test_reported_judged_appealed_reviewed_overturned(comes, people, leader, charged):
    quality.standard()
    debt, panel = Receivable.objects.get(), (people.pur, people.cs)
    assert ledger.balance(account_of(debt)) == Decimal("40.00")
    report = quality.submitted(charged.ticket, at_now() - DAY)
    judges(comes(people.tech, language=ZH), report, people.wh, "3.1", ruling="human")

    wh = comes(people.wh, PHONE, ZH)
    wh.page.goto(report.get_absolute_url())
    wh.take("appeal", reason="出库时完好，有照片为证")
    wh.look("appealed")
    boss = comes(leader, language=ZH)
    boss.page.goto("/desk/")
    boss.look("leaders-home")
    boss.page.goto(report.get_absolute_url())
    form = boss.open_step("convene")
    soon = (at_now() + dt.timedelta(hours=20)).astimezone().strftime("%Y-%m-%dT%H:%M")
    form.locator("[name=meets_at]").fill(soon)
    for member in panel:
        form.locator(f"label:has(input[name=members][value='{member.username}'])").click()
    boss.look("convening")
    boss.send(form)
    boss.done()
    for member in panel:
        seat = comes(member, PHONE, ZH)
        seat.page.goto(report.get_absolute_url())
        form = seat.open_step("vote")
        form.locator("[name=vote][value=overturn]").check()
        form.locator("[name=reason]").fill("旧件可见材料缺陷")
        seat.look("voting")
        seat.send(form)
        seat.done()
    boss.page.reload()
    form = boss.open_step("decide")
    form.locator("[name=decision][value=overturn]").check()
    boss.fill(form, minutes="采购、客服到会，查看旧件", ruling="not_human", who_1="supplier", supplier_1="泰州宏达",
              percent_1="100", clause_1="5.2")  # fmt: skip
    boss.look("deciding")
    boss.send(form)
    boss.done()
    boss.look("overturned")

    report.refresh_from_db()
    assert (report.stage, [str(row.who) for row in report.in_force]) == ("final", ["泰州宏达"])
    assert ledger.balance(account_of(debt)) == 0, "the charge is released by reversing entries"
    assert sum((account.balance() for account in Account.objects.all()), Decimal(0)) == 0
    assert months.prove(at_now()) == []


@pytest.mark.clause("7.2")
def test_a_notice_late_rejected_and_done(comes, people):
    """Technical's three working days are over; the notice goes out, is carried out, rejected, done again, verified."""
    quality.standard()
    carrier = build.person("WH", head=True, name="装配负责人")
    ticket = build.ticket("completed", at=at_now() - 12 * DAY, company=people)
    report = quality.analysed(ticket, at_now() - 11 * DAY, build.person("TECH"))
    duty = Deadline.objects.of(report).get(rule="rectification")
    assert duty.due_at < at_now() and duty.met_at is None
    tech = comes(people.tech, language=ZH)
    expect(
        tech.duty(report.number, tech.words("Issue the rectification notice, or judge it not technical"))
    ).to_be_visible()
    tech.look("late")
    tech.page.goto(f"/quality/reports/{report.number}/notice/")
    form = tech.page.locator("main form").filter(has=tech.page.locator("[name=measures]"))
    day = (at_now() + 5 * DAY).date().isoformat()
    tech.fill(
        form, department="warehouse", problem="紧固件松动", measures="改用防松螺母，装配线全检", due_on=day
    )
    tech.look("new-notice")
    form.locator("button.primary").click()
    expect(tech.page.locator("#messages .success")).to_be_visible()
    notice = Notice.objects.get()
    duty.refresh_from_db()
    assert notice.person == carrier and duty.met_at is not None and duty.is_missed(at_now())

    wh = comes(carrier, PHONE, ZH)
    for word in ("已更换一批", "全部更换并全检，附记录"):
        wh.page.goto(notice.get_absolute_url())
        wh.take("carry_out", done=word)
        wh.look("carried-out")
        tech.page.goto(notice.get_absolute_url())
        if word == "已更换一批":
            tech.take("reject", verdict="抽查仍有三台未换", due_on=day)
            tech.look("rejected")
    tech.take("verify", verdict="抽查二十台合格")
    tech.look("verified")
    notice.refresh_from_db()
    assert (notice.stage, notice.turn, notice.verified_by) == ("verified", 2, people.tech)
