"""The release from the request to its end: signature, issue, use, return, and what the ticket is told of it."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.access import Denied
from aftersales.problems import BadEntry, OutOfTurn, Stale
from deadlines.models import Deadline
from parts.flow import ReleaseStage
from parts.models import Release, ReleaseLine, Stock, Zone
from parts.services import issuing, on_hand, releases, returning
from parts.services.lines import shown_digest
from repairs import services as repairs
from repairs.models import Ticket
from tests import build

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


def line_of(release) -> ReleaseLine:
    return release.lines.select_related("part", "release").get()


def issued(release, people, at, **codes):
    line = line_of(release)
    return issuing.issue(
        release, by=people.wh, at=at, pieces={line.pk: line.to_issue}, codes={line.pk: codes.get("codes", [])}
    )


@pytest.mark.clause("4.5")
def test_nothing_leaves_the_store_before_finance_has_signed(people, monday):
    release = build.released(people, monday, to="submitted")
    with pytest.raises(OutOfTurn, match="4.5"):
        issued(release, people, monday + HOUR)
    assert on_hand(line_of(release).part, Zone.GOOD) == 10


@pytest.mark.clause("4.5a")
def test_a_recyclable_part_of_some_value_is_charged_until_the_old_one_is_back(people, monday):
    part = build.stocked("120.00", at=monday, recyclable=True)
    line = line_of(build.released(people, monday, part=part, to="signed"))
    assert (line.charge, line.old_part, line.amount) == ("awaiting", "must", Decimal("120.00"))


@pytest.mark.clause("4.5a")
def test_an_unknown_vehicle_is_not_under_warranty(people, monday):
    ticket = build.ticket(at_stage="contacted", at=monday - HOUR, company=people)
    line = line_of(build.released(people, monday, about=ticket))
    assert (line.in_warranty, line.charge) == (False, "charged")


@pytest.mark.clause("4.5a")
def test_damage_that_nobody_has_judged_cannot_be_signed(people, monday):
    release = build.released(people, monday, damage="pending", to="submitted")
    with pytest.raises(OutOfTurn, match=r"4\.5a"):
        releases.put_signature(release, by=people.fins, at=monday + HOUR)


@pytest.mark.clause("9.4")
def test_a_charged_part_is_not_signed_before_the_customer_accepted_a_quotation(people, monday):
    release = build.released(people, monday, basis="paid", damage="human", to="submitted")
    with pytest.raises(OutOfTurn, match=r"9\.4"):
        releases.put_signature(release, by=people.fins, at=monday + HOUR, receipt="SK1", paid=Decimal("500"))


@pytest.mark.clause("4.5a")
def test_a_charged_part_does_not_leave_on_the_basis_of_warranty(people, monday):
    release = build.released(people, monday, damage="human")
    with pytest.raises(BadEntry, match="4.5"):
        releases.submit(release, by=people.eng, at=monday + HOUR)


@pytest.mark.clause("4.5")
def test_what_is_signed_is_what_was_shown(people, monday):
    release = build.released(people, monday, to="submitted")
    shown = shown_digest(release)
    releases.take_back(release, by=people.eng, at=monday + HOUR)
    release = Release.objects.get(pk=release.pk)
    releases.change_line(release, line=line_of(release), by=people.eng, at=monday + HOUR, quantity=3)
    releases.submit(Release.objects.get(pk=release.pk), by=people.eng, at=monday + HOUR)
    with pytest.raises(Stale):
        releases.put_signature(release, by=people.fins, at=monday + 2 * HOUR, shown=shown)
    now = shown_digest(Release.objects.get(pk=release.pk))
    assert releases.put_signature(release, by=people.fins, at=monday + 2 * HOUR, shown=now).signed_at


@pytest.mark.clause("4.5")
def test_a_changed_line_loses_its_own_signature_and_the_others_keep_theirs(people, monday):
    first, second = build.stocked(at=monday), build.stocked(at=monday)
    release = build.released(people, monday, part=first)
    releases.add_line(
        release, by=people.eng, at=monday, part=second, quantity=1, damage="not_human", kind="loan"
    )
    releases.submit(release, by=people.eng, at=monday)
    release = releases.put_signature(release, by=people.fins, at=monday + HOUR)
    changed = release.lines.get(part=second)
    releases.change_line(release, line=changed, by=people.eng, at=monday + 2 * HOUR, quantity=2)
    release = Release.objects.get(pk=release.pk)
    assert [line.is_signed for line in release.lines.order_by("position")] == [True, False]
    assert release.stage == ReleaseStage.SUBMITTED
    kept = release.lines.get(part=first)
    issuing.issue(release, by=people.wh, at=monday + 3 * HOUR, pieces={kept.pk: 1})
    with pytest.raises(OutOfTurn, match="4.5"):
        issuing.issue(release, by=people.wh, at=monday + 3 * HOUR, pieces={changed.pk: 1})


@pytest.mark.clause("4.5")
def test_another_basis_voids_every_signature(people, monday):
    release = build.released(people, monday, to="signed")
    releases.change_header(release, by=people.eng, at=monday + HOUR, basis="unpaid")
    release = Release.objects.get(pk=release.pk)
    assert (release.stage, release.signed_at, line_of(release).is_signed) == ("draft", None, False)


@pytest.mark.clause("5.1")
@pytest.mark.parametrize("who", ["eng", "fins"])
def test_sd02_requester_and_signer_do_not_issue(people, monday, who):
    release = build.released(people, monday, to="signed")
    with pytest.raises(Denied, match="SD02"):
        issuing.issue(release, by=getattr(people, who), at=monday + HOUR, pieces={line_of(release).pk: 1})


@pytest.mark.clause("5.1")
def test_a_valuable_part_needs_its_code_and_the_code_goes_into_the_vehicle(people, monday):
    part = build.stocked(at=monday, valuable=True, good=2)
    release = build.released(people, monday, part=part, to="signed")
    with pytest.raises(BadEntry, match="5.1"):
        issued(release, people, monday + HOUR)
    (slip,) = issued(release, people, monday + HOUR, codes=[f"{part.code}-1"])
    assert slip.number.startswith("JC") and slip.lines.get().codes == [f"{part.code}-1"]
    line = line_of(release)
    returning.declare(release, by=people.eng, at=monday + 2 * HOUR, said={line.pk: {"used": 1, "unused": 0}})
    code = part.codes.get(code=f"{part.code}-1")
    assert (code.zone, code.vehicle) == ("customer", release.ticket.vehicle)
    assert [event.what for event in code.events.all()][-2:] == ["lent", "fitted"]


@pytest.mark.clause("5.1")
def test_a_foreign_code_is_refused_and_says_where_it_is(people, monday):
    part, other = (build.stocked(at=monday, valuable=True, good=1) for _ in range(2))
    release = build.released(people, monday, part=part, to="signed")
    with pytest.raises(BadEntry, match=other.code):
        issued(release, people, monday + HOUR, codes=[f"{other.code}-1"])
    assert on_hand(part, Zone.GOOD) == 1


@pytest.mark.clause("4.5c")
def test_what_is_short_splits_off_and_keeps_its_signature(people, monday):
    part = build.stocked(at=monday, good=2)
    release = build.released(people, monday, part=part, quantity=5, to="signed")
    line = line_of(release)
    assert issuing.shortages([line]) == {line.pk: 3}
    issuing.issue(release, by=people.wh, at=monday + HOUR, pieces={line.pk: 2})
    rest = issuing.split_short(release, by=people.wh, at=monday + HOUR)
    release.refresh_from_db()
    assert (release.stage, rest.stage, rest.signed_by) == ("issued", "signed", people.fins)
    assert (line_of(rest).quantity, line_of(rest).is_signed) == (3, True)


@pytest.mark.clause("4.7")
def test_a_repair_is_not_complete_while_a_loan_is_undeclared(people, monday):
    ticket, release = _on_site(people, monday)
    with pytest.raises(OutOfTurn, match="4.7"):
        repairs.complete(ticket, by=people.eng, at=monday + 22 * HOUR, work_done="换件", signer="王小明")
    line = line_of(release)
    returning.declare(release, by=people.eng, at=monday + 22 * HOUR, said={line.pk: {"used": 1, "unused": 1}})
    done = repairs.complete(ticket, by=people.eng, at=monday + 23 * HOUR, work_done="换件", signer="王小明")
    assert done.stage == "completed"


def _on_site(people, monday, **facts):
    """Plan c begun, two pieces taken along."""
    ticket = build.under_warranty(monday, people)
    part = build.stocked(at=monday, **facts)
    release = build.released(people, monday, about=ticket, part=part, quantity=2, to="issued")
    repairs.plan(
        ticket, by=people.eng, at=monday + HOUR, **build.plan_entries("c", monday + HOUR, needs_parts=True)
    )
    repairs.begin(Ticket.objects.get(pk=ticket.pk), by=people.eng, at=monday + 21 * HOUR)
    return Ticket.objects.get(pk=ticket.pk), release


@pytest.mark.clause("4.7")
@pytest.mark.clause("5.3")
def test_what_was_not_used_and_the_old_part_come_back_in_two_steps_each_with_its_clock(people, monday):
    ticket, release = _on_site(people, monday, recyclable=True)
    line, at = line_of(release), monday + 22 * HOUR
    said = {line.pk: {"used": 1, "unused": 1, "old_taken": 1, "old_left": 0}}
    returning.declare(release, by=people.eng, at=at, said=said)
    repairs.complete(ticket, by=people.eng, at=at, work_done="换件", signer="王小明")
    clocks = {row.rule: row for row in Deadline.objects.of(line)}
    assert {name: row.assignee for name, row in clocks.items()} == {
        "unused_return": people.eng,
        "old_part": people.eng,
    }
    unused = returning.hand_in(release, by=people.eng, at=at + HOUR, kind="unused", pieces={line.pk: 1})
    with pytest.raises(Denied, match="SD02"):
        returning.confirm(unused, by=people.eng, at=at + HOUR, received={})
    returning.confirm(unused, by=people.wh, at=at + 2 * HOUR, received={})
    old = returning.hand_in(release, by=people.eng, at=at + HOUR, kind="old", pieces={line.pk: 1})
    assert (unused.number[:2], old.number[:2]) == ("TK", "JJ")
    returning.confirm(old, by=people.wh, at=at + 3 * HOUR, received={})
    line = line_of(release)
    assert (line.returned, line.old_in, line.release.stage) == (1, 1, "settled")
    assert all(row.met_at for row in Deadline.objects.of(line))
    assert line.slip_lines.get().old_in == 1, "written on the original slip (5.3)"
    where = dict(Stock.objects.filter(part=line.part, quantity__gt=0).values_list("zone", "quantity"))
    assert where == {"good": 9, "old": 1}


@pytest.mark.clause("4.7")
def test_more_cannot_be_handed_in_than_is_still_to_come_back(people, monday):
    _ticket, release = _on_site(people, monday)
    line = line_of(release)
    returning.declare(release, by=people.eng, at=monday + 22 * HOUR, said={line.pk: {"used": 1, "unused": 1}})
    returning.hand_in(release, by=people.eng, at=monday + 22 * HOUR, kind="unused", pieces={line.pk: 1})
    with pytest.raises(BadEntry, match="4.7"):
        returning.hand_in(release, by=people.eng, at=monday + 22 * HOUR, kind="unused", pieces={line.pk: 1})


@pytest.mark.clause("5.6")
def test_a_later_waiver_by_finance_ends_the_duty_like_a_return(people, monday):
    ticket, release = _on_site(people, monday, recyclable=True)
    line, at = line_of(release), monday + 22 * HOUR
    returning.declare(
        release, by=people.eng, at=at, said={line.pk: {"used": 2, "unused": 0, "old_taken": 2, "old_left": 0}}
    )
    repairs.complete(ticket, by=people.eng, at=at, work_done="换件", signer="王小明")
    returning.waive_later(line_of(release), by=people.fins, at=at + DAY, pieces=2, reason="无回收利用价值")
    assert Deadline.objects.of(line).get(rule="old_part").met_at == at + DAY
    assert line_of(release).old_due == 0


@pytest.mark.clause("5.5")
def test_consumed_parts_are_with_purchasing_on_the_day_of_completion_and_the_warehouse_confirms(
    people, monday
):
    from parts.models import ConsumptionReport
    from parts.services.consuming import confirm_consumption

    ticket, release = _on_site(people, monday)
    line, at = line_of(release), monday + 22 * HOUR
    returning.declare(release, by=people.eng, at=at, said={line.pk: {"used": 2, "unused": 0}})
    repairs.complete(ticket, by=people.eng, at=at, work_done="换件", signer="王小明")
    report = ConsumptionReport.objects.get(ticket=ticket)
    assert (report.sent_at, report.lines.get().quantity) == (at, 2)
    assert Deadline.objects.of(report).get(rule="consumption").met_at == at
    confirm_consumption(report, by=people.wh, at=at + HOUR)
    assert Deadline.objects.of(report).get(rule="consumption_check").met_at == at + HOUR


@pytest.mark.clause("4.5")
def test_a_plan_that_needs_parts_begins_once_its_sheets_are_signed(people, monday):
    ticket = build.under_warranty(monday, people)
    repairs.plan(ticket, by=people.eng, at=monday, **build.plan_entries("c", monday, needs_parts=True))
    with pytest.raises(OutOfTurn, match="4.5"):
        repairs.begin(ticket, by=people.eng, at=monday + HOUR)
    build.released(people, monday + HOUR, about=Ticket.objects.get(pk=ticket.pk), to="signed")
    assert (
        repairs.begin(Ticket.objects.get(pk=ticket.pk), by=people.eng, at=monday + 2 * HOUR).stage
        == "in_service"
    )


@pytest.mark.clause("4.5")
def test_a_ticket_with_issued_parts_is_not_cancelled(people, monday):
    release = build.released(people, monday, to="issued")
    with pytest.raises(OutOfTurn, match="4.5"):
        repairs.cancel(release.ticket, by=people.cs, at=monday + HOUR, reason="撤回")


@pytest.mark.clause("4.5")
def test_the_open_sheets_of_a_cancelled_ticket_go_with_it(people, monday):
    release = build.released(people, monday, to="submitted")
    repairs.cancel(release.ticket, by=people.cs, at=monday + HOUR, reason="撤回")
    release.refresh_from_db()
    assert release.stage == "cancelled"


@pytest.mark.clause("4.5")
def test_finance_and_warehouse_are_reminded_after_twelve_hours_each(people, monday):
    release = build.released(people, monday, to="signed")
    clocks = {row.rule: row for row in Deadline.objects.of(release)}
    assert (clocks["sign"].department, clocks["sign"].met_at) == ("finance", release.signed_at)
    assert clocks["issue"].due_at == release.signed_at + 12 * HOUR


@pytest.mark.clause("7.1")
def test_a_damage_judged_anew_changes_the_charge_and_what_must_come_back(people, monday):
    from parts.services.rerating import rerate

    _ticket, release = _on_site(people, monday, recyclable=True)
    line = line_of(release)
    found = rerate(line, damage="human", by=people.tech, at=monday + 22 * HOUR, why="判定")
    assert (found.charge, found.old_part) == ("charged", "none")
    assert (
        rerate(found, damage="not_human", by=people.tech, at=monday + 23 * HOUR, why="复议").charge
        == "awaiting"
    )


@pytest.mark.clause("5.4")
def test_what_stays_out_and_what_is_lent_have_slips_and_numbers_of_their_own_in_one_book(people, monday):
    lent, gone = build.stocked(at=monday), build.stocked(at=monday)
    release = build.released(people, monday, part=lent)
    releases.add_line(
        release, by=people.eng, at=monday, part=gone, quantity=1, damage="not_human", kind="outbound"
    )
    releases.submit(release, by=people.eng, at=monday)
    release = releases.put_signature(release, by=people.fins, at=monday + HOUR)
    pieces = {line.pk: 1 for line in release.lines.all()}
    slips = issuing.issue(release, by=people.wh, at=monday + 2 * HOUR, pieces=pieces)
    assert sorted(slip.number for slip in slips) == ["CK20260302-0001", "JC20260302-0001"]
    assert {slip.release.ticket for slip in slips} == {release.ticket}, "each names the ticket (5.1)"
