"""Sent, answered, replaced: the road of a quotation, its every edge, and who is first when two answer at once (9.4)."""

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import connection

from aftersales.problems import BadEntry, OutOfTurn, Refusal
from notices.models import Notification
from repairs import services
from repairs.flow import Stage
from repairs.models import Message, Quotation, Ticket
from repairs.quote_flow import QuoteStage
from repairs.services import quotations
from tests import build

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.4"), pytest.mark.usefixtures("english")]
D, MINUTE, DAY = Decimal, build.MINUTE, dt.timedelta(days=1)


@pytest.fixture
def ticket(people, monday):
    return build.ticket(Stage.PLANNED, at=monday, company=people)


@pytest.fixture
def later(monday):
    return monday + build.HOUR


def fresh(row):
    return type(row).objects.get(pk=row.pk)


ACTS = {
    "approve": lambda q, at, p: quotations.approve(q, by=p.eng_head, at=at),
    "send": lambda q, at, p: quotations.send(q, by=p.eng, at=at),
    "accept": lambda q, at, p: quotations.accept(q, by=p.cs, at=at, how="电话"),
    "decline": lambda q, at, p: quotations.decline(q, by=p.cs, at=at, how="电话"),
    "withdraw": lambda q, at, p: quotations.supersede(q, by=p.eng, at=at),
}
MAY = {
    "draft": {"approve": "approved", "send": "sent", "withdraw": "superseded"},
    "approved": {"send": "sent", "withdraw": "superseded"},
    "sent": {"accept": "accepted", "decline": "declined", "withdraw": "superseded"},
    "accepted": {},
    "declined": {},
    "superseded": {},
}


@pytest.mark.parametrize("stage", QuoteStage.values)
@pytest.mark.parametrize("act", ACTS)
def test_every_act_at_every_stage(ticket, people, later, stage, act):
    assert people.eng_head
    quote = build.quotation(ticket, later, stage)
    target = MAY[stage].get(act)
    if target is None:
        with pytest.raises(OutOfTurn):
            ACTS[act](quote, later + 9 * MINUTE, people)
        assert fresh(quote).stage == stage
    else:
        ACTS[act](quote, later + 9 * MINUTE, people)
        assert fresh(quote).stage == target


def test_an_empty_quotation_is_not_sent(ticket, people, later):
    with pytest.raises(OutOfTurn, match="needs approval"):
        quotations.ask_approval(build.quotation(ticket, later), by=people.eng, at=later)
    with pytest.raises(OutOfTurn, match="without lines"):
        quotations.send(build.quotation(ticket, later, lines=[]), by=people.eng, at=later)


def test_a_discount_needs_the_head_and_never_himself(ticket, people, later):
    head = people.eng_head
    quote = build.quotation(ticket, later, lines=[{"part": build.part(), "quantity": 1, "discount": "0.1"}])
    with pytest.raises(OutOfTurn, match="head of after-sales"):
        quotations.send(quote, by=people.eng, at=later)
    quotations.ask_approval(quote, by=people.eng, at=later)
    assert (
        Notification.objects.filter(channel="app", recipient=head, url=quote.get_absolute_url()).count() == 1
    )
    with pytest.raises(OutOfTurn, match="SD05"):
        quotations.approve(quote, by=people.eng, at=later)
    quote = quotations.approve(quote, by=head, at=later)
    assert (quote.approved_by, quote.approved_at) == (head, later)
    assert quotations.send(quote, by=people.eng, at=later).stage == "sent"


def test_whoever_wrote_on_it_does_not_approve_it_after_a_re_assignment(ticket, people, later):
    head = people.eng_head
    services.reassign(ticket, by=people.mgr, at=later, engineer=head, reason="调整")
    lines = [{"part": build.part(), "quantity": 1, "discount": "0.1"}]
    quote = quotations.draft(fresh(ticket), by=head, at=later, lines=lines)
    services.reassign(fresh(ticket), by=people.mgr, at=later, engineer=people.eng, reason="调整")
    with pytest.raises(OutOfTurn, match="SD05"):
        quotations.approve(fresh(quote), by=head, at=later)
    with pytest.raises(OutOfTurn, match="SD05"):
        quotations.ask_approval(fresh(quote), by=people.eng, at=later)


def test_chargeable_work_waits_while_a_quotation_lies_unanswered(ticket, people, later):
    quote = build.quotation(ticket, later, "sent")
    assert fresh(ticket).quotation_open
    with pytest.raises(OutOfTurn, match="9.4"):
        services.begin(fresh(ticket), by=people.eng, at=later)
    quotations.accept(quote, by=people.eng, at=later + 2 * MINUTE, how="电话同意")
    assert not fresh(ticket).quotation_open
    assert services.begin(fresh(ticket), by=people.eng, at=later + 3 * MINUTE)


@pytest.mark.parametrize("answer", ["decline", "withdraw"])
def test_a_no_or_taking_it_back_lets_the_work_go_on(ticket, people, later, answer):
    quote = build.quotation(ticket, later, "sent")
    ACTS[answer](quote, later + 9 * MINUTE, people)
    assert not fresh(ticket).quotation_open


def test_a_quotation_that_costs_nothing_holds_up_nothing(ticket, later):
    free = build.part(price="0.00")
    build.quotation(ticket, later, "sent", lines=[{"part": free, "quantity": 1}])
    assert not fresh(ticket).quotation_open


def test_what_was_offered_in_an_earlier_round_holds_up_nothing_and_stays(people, monday):
    ticket = build.ticket(Stage.IN_SERVICE, at=monday, company=people)
    old = build.quotation(ticket, monday + build.HOUR, "sent")
    services.complete(fresh(ticket), by=people.eng, at=monday + 2 * build.HOUR, **build.completion("b"))
    services.call_back(
        fresh(ticket), by=people.cs, at=monday + 3 * build.HOUR, resolved=False, overall="neutral", reason="还响"
    )  # fmt: skip
    again = fresh(ticket)
    assert (again.round, again.quotation_open, fresh(old).stage) == (2, False, "sent")
    quotations.accept(old, at=monday + 4 * build.HOUR)
    assert (fresh(old).stage, fresh(ticket).quotation_open) == ("accepted", False)


def test_planning_anew_leaves_quotations_as_they_are(ticket, people, later):
    quote = build.quotation(ticket, later, "sent")
    services.replan(fresh(ticket), by=people.eng, at=later + 5 * MINUTE, reason="原因不同")
    assert (fresh(quote).stage, fresh(ticket).quotation_open) == ("sent", True)


def test_what_is_sent_replaces_older_open_ones_and_the_latest_accepted_wins(ticket, people, later):
    part = build.part(price="10.00")
    line = [{"part": part, "quantity": 1}]
    first = build.quotation(ticket, later, "accepted", lines=line)
    second = build.quotation(ticket, later, "sent", lines=line)
    third = build.quotation(ticket, later, "draft", lines=[{"part": part, "quantity": 5}])
    assert [fresh(q).stage for q in (first, second, third)] == ["accepted", "sent", "draft"]
    quotations.send(third, by=people.eng, at=later + 5 * MINUTE)
    assert [fresh(q).stage for q in (first, second, third)] == ["accepted", "superseded", "sent"]
    assert quotations.accepted_lines(ticket, later.date())[part.pk].quotation == first
    quotations.accept(third, at=later + 6 * MINUTE)
    assert [fresh(q).stage for q in (first, second, third)] == ["superseded", "superseded", "accepted"]
    assert quotations.accepted_lines(ticket, later.date())[part.pk].quantity == 5
    assert quotations.accepted_lines(ticket, later.date() - DAY) == {}


def test_after_its_last_day_it_is_only_declined_and_the_sentence_says_the_day(ticket, people, later):
    quote = build.quotation(ticket, later, "sent")
    last = quote.valid_until
    over = later + 16 * DAY
    for by in (None, people.cs):
        with pytest.raises(OutOfTurn, match=f"valid until {last}"):
            quotations.accept(quote, by=by, at=over, how="" if by is None else "电话")
    assert fresh(ticket).quotation_open
    still = quotations.accept(quote, by=people.cs, at=over, how="电话", said_at=later + DAY)
    assert (still.stage, still.answered_said_at) == ("accepted", later + DAY)


def test_the_last_day_is_included_and_a_no_may_come_later(ticket, people, later):
    quote = build.quotation(ticket, later, "sent")
    end = dt.datetime.combine(quote.valid_until, dt.time(23, 59), later.tzinfo)
    assert quotations.accept(quote, at=end).stage == "accepted"
    other = build.quotation(ticket, end, "sent")
    assert quotations.decline(other, at=end + 30 * DAY).stage == "declined"
    assert not fresh(ticket).quotation_open


def test_staff_says_how_and_when_never_in_the_future_nor_before_it_was_sent(ticket, people, later):
    quote = build.quotation(ticket, later, "sent")
    at = later + build.HOUR
    for entries, field in [
        ({"how": " "}, "how"),
        ({"how": "电话", "said_at": at + build.HOUR}, "said_at"),
        ({"how": "电话", "said_at": later - build.HOUR}, "said_at"),
    ]:
        for act in (quotations.accept, quotations.decline):
            with pytest.raises(BadEntry) as refused:
                act(quote, by=people.cs, at=at, **entries)
            assert refused.value.field == field
    done = quotations.accept(quote, by=people.cs, at=at, how="微信", said_at=later + 30 * MINUTE)
    assert (done.answered_how, done.answered_by, done.answered_said_at, done.answered_at) == (
        "微信", people.cs, later + 30 * MINUTE, at,
    )  # fmt: skip


def test_the_engineer_hears_of_the_answer_and_the_timeline_keeps_it(ticket, people, later):
    quote = build.quotation(ticket, later, "sent")
    quotations.decline(quote, at=later + 5 * MINUTE, reason="太贵")
    assert (
        Notification.objects.filter(channel="app", recipient=people.eng, url=quote.get_absolute_url()).count()
        == 1
    )
    assert Message.objects.get(ticket=ticket).text == "太贵"  # his own words, where they can be erased
    assert fresh(quote).reason == ""
    names = [e.name for e in ticket.events.order_by("pk") if e.name.startswith("quote_")]
    assert names == ["quote_draft", "quote_send", "quote_decline"]


def test_no_clock_moves_when_it_is_sent_and_answered(ticket, people, later):
    from deadlines.models import Deadline

    def clocks():
        return list(
            Deadline.objects.exclude(rule="stalled").order_by("pk").values_list("rule", "due_at", "met_at")
        )

    before = clocks()
    build.quotation(ticket, later, "accepted")
    assert clocks() == before


def test_a_cancelled_ticket_takes_no_yes(people, monday):
    ticket = build.ticket(Stage.CONTACTED, at=monday, company=people)
    quote = build.quotation(ticket, monday + build.HOUR, "sent")
    services.cancel(fresh(ticket), by=people.cs, at=monday + 2 * build.HOUR, reason="撤回")
    with pytest.raises(OutOfTurn, match="finished"):
        quotations.accept(quote, at=monday + 3 * build.HOUR)


def both(first, second) -> list[str]:
    """Two at once, each in a transaction of its own; what each was answered."""
    said, gate = [], threading.Barrier(2)

    def run(act):
        gate.wait()
        try:
            said.append(act().stage)
        except Refusal as refusal:
            said.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in (first, second)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return sorted(said)


@pytest.mark.django_db(transaction=True)
def test_of_a_yes_and_a_no_at_once_one_wins(people, monday):
    ticket = build.ticket(Stage.PLANNED, at=monday, company=people)
    at = monday + 3 * build.HOUR
    for _turn in range(3):
        quote = build.quotation(ticket, monday + build.HOUR, "sent")
        said = both(lambda q=quote: quotations.accept(q, at=at), lambda q=quote: quotations.decline(q, at=at))
        assert fresh(quote).stage in said and "OutOfTurn" in said
        assert not fresh(ticket).quotation_open


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_would_have_won(people, monday, monkeypatch):
    """Negative control: the same race where `held` only reads; the compare-and-set of the stage still lets one win."""
    ticket = build.ticket(Stage.PLANNED, at=monday, company=people)
    quote, gate = build.quotation(ticket, monday + build.HOUR, "sent"), threading.Barrier(2)

    def read_only(row):
        found = Quotation.objects.select_related("ticket").get(pk=row.pk)
        gate.wait()
        return found

    monkeypatch.setattr(quotations, "held", read_only)
    at = monday + 3 * build.HOUR
    said = both(lambda: quotations.accept(quote, at=at), lambda: quotations.decline(quote, at=at))
    assert "Stale" in said and len(said) == 2


@pytest.mark.django_db(transaction=True)
def test_a_yes_and_a_newer_version_at_once_end_without_a_knot(people, monday):
    ticket = build.ticket(Stage.PLANNED, at=monday, company=people)
    for turn in range(3):
        at = monday + (2 + turn) * build.HOUR
        first = build.quotation(ticket, at, "sent")
        second = build.quotation(ticket, at)
        said = both(
            lambda q=first, t=at: quotations.accept(q, at=t + 5 * MINUTE),
            lambda q=second, t=at: quotations.send(q, by=people.eng, at=t + 5 * MINUTE),
        )
        assert said in (["accepted", "sent"], ["OutOfTurn", "sent"])
        assert Ticket.objects.get(pk=ticket.pk).quotation_open
