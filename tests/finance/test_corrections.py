"""What is corrected after the signature, the issue, the declaration or the completion: no dead end, nothing twice."""

from decimal import Decimal

import pytest

from accounts.access import Denied
from accounts.models import Absence
from aftersales.pages.releases import DESK
from aftersales.problems import BadEntry, OutOfTurn
from deadlines.models import Deadline
from finance.models import Transfer
from finance.services import receipts, signing
from parts.desk.releases import release_payload
from parts.models import ConsumptionReport
from parts.services import issuing, releases, rerating, returning
from repairs import services
from repairs.services.orders import end_order
from tests import build
from tests.finance.conftest import DAY

pytestmark = pytest.mark.django_db


def fresh(paper):
    return type(paper).objects.get(pk=paper.pk)


def line(release, position=1):
    return release.lines.select_related("part", "release").get(position=position)


def offered(release, user):
    return [step.name for step, why in DESK.steps.offered(fresh(release), user) if why is None]


def visit(shop, *pairs, **facts):
    """Plan c begun, everything of the sheet taken along."""
    sheet = shop.sign(shop.release("warranty", *pairs, **({"kind": "loan"} | facts)))
    lines = list(sheet.lines.select_related("part"))
    codes = {x.pk: [f"{x.part.code}-{n + 1}" for n in range(x.quantity)] for x in lines if x.part.valuable}
    issuing.issue(sheet, by=shop.who.wh, at=shop.now(), pieces={x.pk: x.quantity for x in lines}, codes=codes)
    at = shop.now()
    services.plan(fresh(shop.ticket), by=shop.who.eng, at=at, **build.plan_entries("c", at, needs_parts=True))
    services.begin(fresh(shop.ticket), by=shop.who.eng, at=shop.now())
    return fresh(sheet)


def said(shop, sheet, **counts):
    row = line(sheet)
    return returning.declare(fresh(sheet), by=shop.who.eng, at=shop.now(), said={row.pk: counts})


def done(shop):
    return services.complete(
        fresh(shop.ticket), by=shop.who.eng, at=shop.now(), work_done="换件", signer="王小明"
    )


# --- signature
@pytest.mark.clause("4.5")
def test_what_finance_refuses_of_a_partly_issued_sheet_is_struck_and_the_rest_goes_on(shop):
    sheet = shop.sign(shop.release("warranty", (shop.part("30.00"), 1), (shop.part("30.00"), 1), kind="loan"))
    shop.issue(sheet, {1: 1})
    releases.change_line(fresh(sheet), line=line(sheet, 2), by=shop.who.eng, at=shop.now(), quantity=5)
    signing.reject(sheet, by=shop.who.fins, at=shop.now(), reason="太多")
    sheet = fresh(sheet)
    assert (sheet.stage, line(sheet, 2).struck) == ("issued", 5)
    assert "declare" in offered(sheet, shop.who.eng)


@pytest.mark.clause("5.1")
def test_sd02_who_signed_an_earlier_line_does_not_issue_it(shop):
    sheet = shop.sign(shop.release("warranty", (shop.part("30.00"), 1), (shop.part("30.00"), 1)))
    releases.change_line(fresh(sheet), line=line(sheet, 2), by=shop.who.eng, at=shop.now(), quantity=2)
    shop.sign(fresh(sheet), by=build.person("FINS"))
    with pytest.raises(Denied, match="SD02"):
        issuing.issue(sheet, by=shop.who.fins, at=shop.now(), pieces={line(sheet).pk: 1})


@pytest.mark.clause("4.5")
def test_sd01_who_stands_in_for_the_engineer_does_not_sign(shop):
    sheet = shop.release("warranty", (shop.part("30.00"), 1))
    Absence.objects.create(
        user=shop.who.eng, deputy=shop.who.fins, begins_at=shop.at - DAY, ends_at=shop.at + DAY
    )
    with pytest.raises(Denied, match="SD01"):
        shop.sign(sheet)


@pytest.mark.clause("4.5a")
def test_a_waiver_refused_in_plan_a_is_put_to_the_customer_and_then_signed(shop):
    part = shop.part("300.00")
    at = shop.now()
    services.plan(shop.ticket, by=shop.who.eng, at=at, **build.plan_entries("a", at))
    sheet = shop.release("warranty", (part, 1))
    row = line(sheet)
    assert row.waiver == "worthless"
    signing.reject(sheet, by=shop.who.fins, at=shop.now(), reason="旧件要回", refused_waivers=[row.pk])
    sheet = releases.take_back(fresh(sheet), by=shop.who.eng, at=shop.now())
    releases.accept_awaiting(fresh(sheet), by=shop.who.eng, at=shop.now(), how="电话里同意")
    releases.submit(fresh(sheet), by=shop.who.eng, at=shop.now())
    assert (shop.sign(fresh(sheet)).stage, line(sheet).charge) == ("signed", "awaiting")
    event = shop.ticket.events.get(name="awaiting_accepted")
    assert event.why == "电话里同意"


@pytest.mark.clause("4.5c")
def test_only_the_present_engineer_agrees_to_send_first(shop):
    part = shop.part("300.00")
    shop.quoted((part, 1))
    sheet = shop.release("unpaid", (part, 1), submit=False)
    services.reassign(
        fresh(shop.ticket), by=shop.who.cs_head, at=shop.now(), engineer=build.person("ENG"), reason="x"
    )
    with pytest.raises(Denied, match="4.5c"):
        releases.consent(fresh(sheet), by=shop.who.eng, at=shop.now(), agreed_day=(shop.at + DAY).date())
    assert "submit" not in offered(sheet, shop.who.eng)
    assert "submit" in offered(sheet, fresh(sheet).ticket.engineer)


@pytest.mark.clause("4.5")
def test_struck_pieces_cannot_be_changed_away_and_cost_nothing(shop):
    part, other = shop.part("100.00"), shop.part("50.00")
    sheet = shop.charged("unpaid", (part, 3), (other, 1))
    sheet = shop.sign(sheet, opinion="未付款")
    assert sheet.total == Decimal("350.00")
    shop.issue(sheet, {1: 1})
    issuing.strike(fresh(sheet), line=line(sheet), by=shop.who.eng, at=shop.now(), reason="x")
    assert fresh(sheet).total == Decimal("150.00")
    issuing.strike(fresh(sheet), line=line(sheet, 2), by=shop.who.eng, at=shop.now(), reason="x")
    other = shop.charged("unpaid", (shop.part("100.00"), 3))
    other = shop.sign(other, opinion="未付款")
    issuing.strike(fresh(other), line=line(other), by=shop.who.eng, at=shop.now(), reason="x")
    with pytest.raises(OutOfTurn, match="5.1"):
        releases.change_line(fresh(other), line=line(other), by=shop.who.eng, at=shop.now(), quantity=1)


@pytest.mark.clause("4.5")
def test_the_odd_fen_of_what_splits_off_is_charged_once(shop):
    part = shop.part("0.05", good=2)
    quote = services.quotations.draft(shop.ticket, by=shop.who.eng, at=shop.now(), lines=[
        {"kind": "part", "part": part, "quantity": 3, "discount": Decimal("0.5")}])  # fmt: skip
    services.quotations.approve(quote, by=build.person("ENG"), at=shop.now())
    services.quotations.send(quote, by=shop.who.eng, at=shop.now())
    services.quotations.accept(quote, by=shop.who.cs, at=shop.now(), how="电话", said_at=shop.at)
    sheet = shop.sign(shop.release("unpaid", (part, 3)), opinion="未付款")
    shop.issue(sheet, 2)
    rest = issuing.split_short(fresh(sheet), by=shop.who.wh, at=shop.now())
    assert (sheet.total, fresh(sheet).total + rest.total) == (Decimal("0.08"), Decimal("0.08"))


@pytest.mark.clause("4.5")
def test_the_service_waits_again_once_a_signature_is_lost(shop):
    at = shop.now()
    services.plan(shop.ticket, by=shop.who.eng, at=at, **build.plan_entries("c", at, needs_parts=True))
    sheet = shop.sign(shop.release("warranty", (shop.part("30.00"), 1)))
    assert not fresh(shop.ticket).waits_for_parts
    releases.change_line(fresh(sheet), line=line(sheet), by=shop.who.eng, at=shop.now(), quantity=2)
    assert fresh(shop.ticket).waits_for_parts
    shop.sign(fresh(sheet))
    releases.change_header(fresh(sheet), by=shop.who.eng, at=shop.now(), basis="paid")
    assert fresh(shop.ticket).waits_for_parts


@pytest.mark.clause("7.1")
def test_a_signed_line_that_is_judged_anew_before_its_issue_loses_its_signature(shop):
    sheet = shop.sign(shop.release("warranty", (shop.part("300.00", recyclable=True), 1)))
    rerating.rerate(line(sheet), damage="human", by=shop.who.tech, at=shop.now(), why="判定")
    assert (fresh(sheet).stage, line(sheet).is_signed) == ("submitted", False)


@pytest.mark.clause("4.5")
def test_the_warehouse_sees_signed_lines_only(shop):
    sheet = shop.sign(shop.release("warranty", (shop.part("30.00"), 1), (shop.part("30.00"), 1)))
    releases.change_line(fresh(sheet), line=line(sheet, 2), by=shop.who.eng, at=shop.now(), quantity=2)
    sheet = fresh(sheet)
    for user, seen in ((shop.who.wh, [1]), (shop.who.eng, [1, 2]), (shop.who.fins, [1, 2])):
        assert [row["position"] for row in release_payload(sheet, user)["lines"]] == seen
        assert [row[0] for row in DESK.sheet(sheet, user).parts[1].table.rows] == seen


# --- quotations
@pytest.mark.clause("9.4")
def test_what_the_customer_accepted_covers_the_pieces_of_every_sheet_and_version_once(shop):
    part = shop.part("300.00")
    first = shop.sign(shop.charged("unpaid", (part, 1)), opinion="未付款")
    shop.issue(first, 1)
    second = shop.charged("unpaid", (part, 1))  # the same piece accepted in another version
    with pytest.raises(OutOfTurn, match=r"9\.4"):
        shop.sign(second, opinion="未付款")
    releases.take_back(fresh(second), by=shop.who.eng, at=shop.now())
    shop.quoted((part, 2))
    second = releases.submit(fresh(second), by=shop.who.eng, at=shop.now())
    assert shop.sign(second, opinion="未付款").stage == "signed"


@pytest.mark.clause("9.4")
def test_a_price_that_a_later_quotation_replaced_is_not_signed(shop):
    part = shop.part("300.00")
    sheet = shop.charged("unpaid", (part, 1))
    shop.quoted((part, 2))
    with pytest.raises(OutOfTurn, match=r"9\.4"):
        shop.sign(fresh(sheet), opinion="未付款")


# --- cancelling
@pytest.mark.clause("4.5")
def test_a_ticket_for_which_money_arrived_is_not_cancelled_until_it_was_taken_back(shop):
    receipt = shop.receipt("100.00")
    with pytest.raises(OutOfTurn, match="4.5"):
        services.cancel(fresh(shop.ticket), by=shop.who.cs, at=shop.now(), reason="撤回")
    receipts.take_back(receipt, by=shop.who.fins, second=build.person("FINS"), at=shop.now(), why="错")
    assert (
        services.cancel(fresh(shop.ticket), by=shop.who.cs, at=shop.now(), reason="撤回").stage == "cancelled"
    )


@pytest.mark.clause("4.5")
def test_what_was_struck_before_any_issue_does_not_keep_a_ticket_from_being_cancelled(shop):
    sheet = shop.sign(shop.release("warranty", (shop.part("30.00"), 1), (shop.part("30.00"), 1)))
    issuing.strike(fresh(sheet), line=line(sheet), by=shop.who.eng, at=shop.now(), reason="x")
    assert (
        services.cancel(fresh(shop.ticket), by=shop.who.cs, at=shop.now(), reason="撤回").stage == "cancelled"
    )


@pytest.mark.clause("8.7")
def test_an_ended_order_asks_for_no_parts(shop):
    order = build.order(shop.who, shop.now())
    end_order(order, by=shop.who.cs, at=shop.now())
    with pytest.raises(OutOfTurn, match="8.7"):
        releases.draft(order, by=shop.who.eng, at=shop.now(), basis="paid")


@pytest.mark.clause("8.7")
def test_an_order_with_an_open_sheet_is_not_ended_over_it(shop):
    order = build.order(shop.who, shop.now())
    sheet = releases.draft(order, by=shop.who.eng, at=shop.now(), basis="paid")
    end_order(order, by=shop.who.cs, at=shop.now())
    assert fresh(sheet).stage == "cancelled"


# --- what comes back
@pytest.mark.clause("4.7")
def test_an_unused_piece_of_a_settled_sheet_still_comes_back_and_is_charged_no_more(shop):
    sheet = shop.sign(shop.charged("unpaid", (shop.part("100.00"), 1)), opinion="未付款")
    shop.issue(sheet, 1)
    assert fresh(sheet).stage == "settled"
    said(shop, sheet, used=0, unused=1)
    assert (fresh(sheet).stage, "hand_in_unused" in offered(sheet, shop.who.eng)) == ("issued", True)
    shop.bring_back_declared = returning.hand_in(
        fresh(sheet), by=shop.who.eng, at=shop.now(), kind="unused", pieces={line(sheet).pk: 1}
    )
    returning.confirm(shop.bring_back_declared, by=shop.who.wh, at=shop.now(), received={})
    assert (fresh(sheet).stage, sheet.receivables.get().key[:5]) == ("settled", "slip:")


@pytest.mark.clause("5.3")
def test_what_is_no_longer_owed_is_not_received_a_second_time(shop):
    sheet = shop.sign(shop.release("warranty", (shop.part("300.00", recyclable=True), 2)))
    shop.issue(sheet, 2)
    paper = returning.hand_in(sheet, by=shop.who.eng, at=shop.now(), kind="old", pieces={line(sheet).pk: 2})
    signing.waive(line(sheet), by=shop.who.fins, at=shop.now(), pieces=1, reason="无价值")
    rows = Transfer.objects.count()
    with pytest.raises(BadEntry, match="5.3"):
        returning.confirm(paper, by=shop.who.wh, at=shop.now(), received={})
    assert Transfer.objects.count() == rows
    row = paper.lines.get()
    returning.confirm(fresh(paper), by=shop.who.wh, at=shop.now(), received={row.pk: 1})
    assert (line(sheet).old_due, fresh(sheet).stage) == (0, "settled")


@pytest.mark.clause("5.3")
def test_an_unused_piece_that_was_used_after_all_is_not_received(shop):
    sheet = visit(shop, (shop.part("30.00"), 1))
    said(shop, sheet, used=0, unused=1)
    paper = returning.hand_in(
        fresh(sheet), by=shop.who.eng, at=shop.now(), kind="unused", pieces={line(sheet).pk: 1}
    )
    said(shop, sheet, used=1, unused=0)
    with pytest.raises(BadEntry, match="5.3"):
        returning.confirm(paper, by=shop.who.wh, at=shop.now(), received={})


@pytest.mark.clause("4.7")
def test_the_clock_of_a_return_ends_with_a_correction_and_begins_again_with_the_next(shop):
    sheet = visit(shop, (shop.part("30.00"), 2))
    said(shop, sheet, used=1, unused=1)
    done(shop)
    clock = Deadline.objects.of(line(sheet)).get(rule="unused_return")
    assert clock.met_at is None
    said(shop, sheet, used=2, unused=0)
    clock.refresh_from_db()
    assert clock.met_at == shop.at
    said(shop, sheet, used=1, unused=1)
    again = Deadline.objects.of(line(sheet)).get(rule="unused_return", met_at=None)
    assert (again.opened_at, again.cycle) == (shop.at, "2")


@pytest.mark.clause("4.7")
def test_after_the_completion_nothing_becomes_undeclared_again(shop):
    sheet = visit(shop, (shop.part("30.00"), 2))
    said(shop, sheet, used=1, unused=1)
    done(shop)
    with pytest.raises(OutOfTurn, match="4.7"):
        said(shop, sheet, used=1, unused=0)
    assert fresh(shop.ticket).undeclared_parts == 0


@pytest.mark.clause("5.1")
def test_after_the_completion_nothing_is_lent(shop):
    late = shop.sign(shop.release("warranty", (shop.part("30.00"), 1), kind="loan"))
    sheet = visit(shop, (shop.part("30.00"), 1))
    said(shop, sheet, used=1, unused=0)
    done(shop)
    with pytest.raises(OutOfTurn, match="5.1"):
        shop.issue(fresh(late), 1)


@pytest.mark.clause("5.5")
def test_what_leaves_after_the_completion_is_owed_and_reported_too(shop):
    late = shop.sign(shop.release("warranty", (shop.part("300.00", recyclable=True), 1)))
    sheet = visit(shop, (shop.part("30.00"), 1))
    said(shop, sheet, used=1, unused=0)
    done(shop)
    shop.issue(fresh(late), 1)
    assert Deadline.objects.of(line(late)).get(rule="old_part").opened_at == shop.at
    used = ConsumptionReport.objects.filter(ticket=shop.ticket).values_list("lines__line", flat=True)
    assert set(used) == {line(sheet).pk, line(late).pk}


# --- codes and hands
@pytest.mark.clause("5.1")
def test_a_fitted_piece_that_was_not_used_after_all_is_the_engineers_again_with_its_code(shop):
    part = shop.part("30.00", good=2, valuable=True)
    sheet = visit(shop, (part, 1))
    said(shop, sheet, used=1, unused=0)
    said(shop, sheet, used=0, unused=1)
    code = part.codes.get(code=f"{part.code}-1")
    assert (code.zone, code.holder, code.vehicle) == ("engineer", shop.who.eng, None)
    paper = returning.hand_in(
        fresh(sheet), by=shop.who.eng, at=shop.now(), kind="unused", pieces={line(sheet).pk: 1}, codes={line(sheet).pk: [code.code]}
    )  # fmt: skip
    returning.confirm(paper, by=shop.who.wh, at=shop.now(), received={})
    code.refresh_from_db()
    assert code.zone == "good"


@pytest.mark.clause("5.1")
def test_a_code_that_left_on_another_sheet_is_not_this_ones(shop):
    part = shop.part("30.00", good=2, valuable=True)
    other = shop.sign(shop.release("warranty", (part, 1), kind="loan"))
    issuing.issue(
        other,
        by=shop.who.wh,
        at=shop.now(),
        pieces={line(other).pk: 1},
        codes={line(other).pk: [f"{part.code}-2"]},
    )
    sheet = visit(shop, (part, 1))
    foreign = [f"{part.code}-2"]
    with pytest.raises(BadEntry, match="5.1"):
        returning.declare(
            fresh(sheet), by=shop.who.eng, at=shop.now(), said={line(sheet).pk: {"used": 1}}, codes={line(sheet).pk: foreign}
        )  # fmt: skip
    said(shop, sheet, used=0, unused=1)
    with pytest.raises(BadEntry, match="5.1"):
        returning.hand_in(
            fresh(sheet), by=shop.who.eng, at=shop.now(), kind="unused", pieces={line(sheet).pk: 1}, codes={line(sheet).pk: foreign}
        )  # fmt: skip


@pytest.mark.clause("5.1")
def test_pieces_of_one_line_are_lent_to_one_engineer(shop):
    sheet = shop.sign(shop.release("warranty", (shop.part("30.00"), 2), kind="loan"))
    shop.issue(sheet, 1)
    services.reassign(
        fresh(shop.ticket), by=shop.who.cs_head, at=shop.now(), engineer=build.person("ENG"), reason="x"
    )
    with pytest.raises(OutOfTurn, match="5.1"):
        shop.issue(fresh(sheet), 1)


@pytest.mark.clause("4.5c")
def test_he_who_agreed_answers_for_no_more_than_he_agreed_to(shop):
    part = shop.part("100.00")
    shop.quoted((part, 5))
    sheet = shop.sign(shop.release("unpaid", (part, 1)), opinion="未付款")
    other = build.person("ENG")
    services.reassign(fresh(shop.ticket), by=shop.who.cs_head, at=shop.now(), engineer=other, reason="x")
    releases.change_line(fresh(sheet), line=line(sheet), by=other, at=shop.now(), quantity=5)
    with pytest.raises(OutOfTurn, match=r"4\.5c"):
        shop.sign(fresh(sheet), opinion="未付款")
    releases.consent(fresh(sheet), by=other, at=shop.now(), agreed_day=(shop.at + DAY).date())
    shop.issue(shop.sign(fresh(sheet), opinion="未付款"), 5)
    assert sheet.receivables.get().engineer == other


@pytest.mark.clause("5.3")
def test_of_two_coded_pieces_one_comes_and_the_warehouse_says_which(shop):
    part = shop.part("30.00", good=2, valuable=True)
    sheet = visit(shop, (part, 2))
    said(shop, sheet, used=0, unused=2)
    both = {line(sheet).pk: [f"{part.code}-1", f"{part.code}-2"]}
    paper = returning.hand_in(
        fresh(sheet), by=shop.who.eng, at=shop.now(), kind="unused", pieces={line(sheet).pk: 2}, codes=both
    )
    row = paper.lines.get()
    with pytest.raises(BadEntry, match="5.1"):
        returning.confirm(paper, by=shop.who.wh, at=shop.now(), received={row.pk: 1})
    returning.confirm(
        paper, by=shop.who.wh, at=shop.now(), received={row.pk: 1}, codes={row.pk: [f"{part.code}-2".lower()]}
    )
    assert sorted(part.codes.values_list("code", "zone")) == [
        (f"{part.code}-1", "engineer"),
        (f"{part.code}-2", "good"),
    ]
    assert line(sheet).unused_out == 1
