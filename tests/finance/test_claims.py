"""Travel claims 差旅报销 FY (8.2–8.5): who writes one, what a line may be, every step, whose hand may not (SD04)."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.access import Denied
from aftersales.problems import BadEntry, OutOfTurn, Refusal
from dispatch.services import trips
from finance.models import Account, Claim, ClaimLine, MealDay, Transfer, TravelCost
from finance.services import accounts, claims, months
from notices.models import Notification
from policy.services import propose, second
from tests import build
from tests.finance.travelling import (
    DAY,
    HOUR,
    MARCH_2,
    MARCH_5,
    at,
    freight,
    lost,
    meals,
    night,
    receipt,
    ride,
    road,
)

__all__ = ["road"]
pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.2")]
D = dt.date
NIGHTS = (D(2026, 3, 2), D(2026, 3, 3), D(2026, 3, 4))


def three(road, **facts):
    """Three persons, 2026-03-02 to 2026-03-05."""
    ticket = road.ticket()
    return road.trip(
        people=[ticket.engineer, build.person("ENG"), build.person("ENG")], tickets=[ticket], **facts
    )


def amounts(paper):
    return [str(line.paid) for line in paper.lines.all()]


def told(person, paper):
    rows = Notification.objects.filter(recipient=person, channel="app", event_key__startswith=paper.number)
    return {row.event_key.split(":")[1] for row in rows}


# --- taken back
def paid_and_proposed(road, trip):
    paper = road.paid(trip, meals(), night(NIGHTS[0], "120"))
    first, second = build.person("FINS"), build.person("FINS")
    paper = claims.propose_reversal(paper, by=first, at=paper.paid_at + HOUR, reason="重复报销")
    return paper, first, second


def test_a_paid_claim_is_taken_back_by_two_persons_and_its_money_costs_and_meals_too(road):
    trip = three(road)
    paper, first, second = paid_and_proposed(road, trip)
    with pytest.raises(Denied, match="SD12"):
        claims.take_back(paper, by=first, at=paper.paid_at + HOUR)
    assert Claim.objects.get().stage == "paid" and Transfer.objects.count() == 1
    done = claims.take_back(paper, by=second, at=paper.paid_at + 2 * HOUR)
    assert (done.stage, str(done.amount)) == ("reversed", "480.00")
    assert {row.balance() for row in Account.objects.all()} == {0}
    assert sorted(TravelCost.objects.values_list("column", "amount")) == [
        ("lodging", Decimal("-120.00")), ("lodging", Decimal("120.00")), ("meals", Decimal("-360.00")), ("meals", Decimal("360.00")),
    ]  # fmt: skip
    assert not MealDay.objects.exists() and "taken_back" in told(paper.claimant, paper)
    for again in (claims.take_back, claims.let_stand, claims.pay):
        with pytest.raises(Refusal):
            again(done, by=second, at=paper.paid_at + 3 * HOUR)
    anew = road.paid(trip, meals(), night(NIGHTS[0], "120"), when=paper.paid_at + DAY)
    assert (anew.stage, str(anew.amount)) == ("paid", "480.00")


def test_a_reversal_that_falls_leaves_the_claim_paid(road):
    paper, _first, second = paid_and_proposed(road, three(road))
    with pytest.raises(OutOfTurn):
        claims.propose_reversal(paper, by=second, at=paper.paid_at + HOUR, reason="x")
    assert claims.let_stand(paper, by=second, at=paper.paid_at + HOUR).stage == "paid"
    assert Transfer.objects.count() == 1 and claims.proposal_of(paper) is None


def test_nobody_takes_back_his_own_and_only_finances_signers_do(road):
    along = build.person("ENG", "FINS")
    ticket = road.ticket()
    paper = road.paid(road.trip(people=[ticket.engineer, along], tickets=[ticket]), meals())
    for person in (along, road.payer, road.leader, paper.claimant):
        with pytest.raises(Denied):
            claims.propose_reversal(paper, by=person, at=paper.paid_at, reason="x")
    draft = road.write(road.trip(first=D(2026, 4, 2), last=D(2026, 4, 3)), when=at(D(2026, 4, 4)))
    with pytest.raises(OutOfTurn):
        claims.propose_reversal(draft, by=build.person("FINS"), at=draft.made_at, reason="x")


@pytest.mark.clause("8.10")
def test_of_a_closed_month_it_is_taken_back_in_the_first_open_one(road):
    paper, _first, second = paid_and_proposed(road, three(road))
    months.close(D(2026, 3, 1), by=road.who.fins, at=at(D(2026, 4, 2)))
    before = accounts.of_month(D(2026, 3, 1))
    claims.take_back(paper, by=second, at=at(D(2026, 4, 3)))
    assert accounts.of_month(D(2026, 3, 1)) == before
    back = TravelCost.objects.filter(amount__lt=0)
    assert {row.day for row in back} == {D(2026, 4, 3)} == {Transfer.objects.get(reverses__isnull=False).day}


# --- what domain 6 says
@pytest.mark.clause("8.3")
def test_three_persons_of_domain_6(road):
    paper = road.write(three(road), meals(), *map(night, NIGHTS, ("280", "310", "320")))
    lines = list(paper.lines.all())
    assert [str(line.amount) for line in lines] == ["360.00", "280.00", "310.00", "320.00"]
    assert [line.standard for line in lines[1:]] == [300, 300, 300]
    assert (sum(line.within for line in lines[1:]), sum(line.above for line in lines)) == (880, 30)
    assert (paper.asked, paper.payable) == (1270, 1240)


def test_what_is_above_the_standard_is_paid_with_a_leaders_yes_only(road):
    trip = three(road)
    yes = road.decided(trip, meals(), *map(night, NIGHTS, ("280", "310", "320")))
    assert (yes.stage, str(road.pay(yes).amount)) == ("approved", "1270.00")
    no = road.decided(three(road, first=D(2026, 4, 2), last=D(2026, 4, 5)),
                      *(night(n + 31 * DAY, a) for n, a in zip(NIGHTS, ("280", "310", "320"), strict=True)),
                      when=at(D(2026, 4, 6)), yes=False)  # fmt: skip
    assert (no.stage, str(road.pay(no).amount)) == ("approved", "880.00")


@pytest.mark.clause("8.5")
def test_what_has_no_receipt_needs_a_description_and_a_leader(road):
    trip = road.trip()
    with pytest.raises(BadEntry, match="no receipt") as wrong:
        road.write(trip, lost("20", note=" "))
    assert (wrong.value.field, wrong.value.clause) == ("note", "8.5")
    paper = road.checked(trip, ride("40"), lost("20"))
    with pytest.raises(OutOfTurn, match=r"8\.5"):
        road.pay(paper)
    granted = {line.pk: (True, "") for line in paper.lines.all() if line.needs_leader}
    paper = claims.decide(paper, by=road.leader, at=paper.checked_at + HOUR, granted=granted)
    assert str(road.pay(paper).amount) == "60.00"


@pytest.mark.clause("8.5")
def test_with_a_no_to_all_there_is_nothing_is_paid_and_it_ends(road):
    paper = road.decided(road.trip(), lost("20"), yes=False)
    assert (paper.stage, paper.amount, paper.lines.get().decision) == ("refused", None, "情况属实")
    with pytest.raises(OutOfTurn):
        road.pay(paper)
    assert not Transfer.objects.exists()


def test_a_no_says_why_and_every_line_is_decided(road):
    paper = road.checked(road.trip(), ride("40"), lost("20"), lost("30"))
    one, two = [line for line in paper.lines.all() if line.needs_leader]
    for granted, field in (
        ({one.pk: (True, "")}, f"yes_{two.pk}"),
        ({one.pk: (True, ""), two.pk: (False, " ")}, f"why_{two.pk}"),
    ):
        with pytest.raises(BadEntry) as wrong:
            claims.decide(paper, by=road.leader, at=paper.checked_at, granted=granted)
        assert wrong.value.field == field
    assert Claim.objects.get().stage == "checked" and not ClaimLine.objects.exclude(granted=None).exists()


def test_nothing_above_means_no_leader(road):
    paper = road.checked(road.trip(), ride("40"))
    with pytest.raises(OutOfTurn, match="No line"):
        claims.decide(paper, by=road.leader, at=paper.checked_at, granted={})
    assert road.pay(paper).stage == "paid"


@pytest.mark.clause("8.3")
def test_while_a_claim_is_open_nobody_says_that_there_was_nothing_to_claim(road):
    trip = road.trip()
    paper = road.write(trip, ride("40"))
    trip.refresh_from_db()
    with pytest.raises(OutOfTurn, match="not settled yet"):
        trips.settle(trip, by=road.who.eng, at=paper.made_at + HOUR)
    claims.withdraw(paper, by=road.who.eng, at=paper.made_at + HOUR)
    trip.refresh_from_db()
    assert trips.settle(trip, by=road.who.eng, at=paper.made_at + HOUR).stage == "settled"


def test_the_rates_are_those_of_the_day_itself(road):
    for name, value in (("meal_yuan", "40"), ("lodging_yuan", "200")):
        change = propose(
            name, value=value, since=D(2026, 3, 4), by=road.leader, at=at(MARCH_2), reason="新标准"
        )
        second(change, by=build.person("MGR"), at=at(MARCH_2))
    paper = road.write(road.trip(), meals(), *map(night, NIGHTS, ("140", "150", "200")))
    assert str(paper.lines.get(kind="meals").amount) == "140.00"
    assert [line.standard for line in paper.lines.filter(kind="lodging")] == [150, 150, 200]


# --- who, and for what
def test_only_who_goes_or_drives_claims(road):
    trip = road.trip(km=137)
    assert road.write(trip, ride("10"), by=road.driver).claimant == road.driver
    for stranger in (build.person("ENG"), road.manager):
        with pytest.raises(Denied, match="neither went"):
            road.write(trip, ride("10"), by=stranger)
    with pytest.raises(Denied):
        road.write(trip, ride("10"), by=road.who.fin)


def test_a_trip_that_is_not_back_is_not_claimed_for(road):
    trip = road.gone()
    with pytest.raises(OutOfTurn, match="when the trip is back"):
        claims.write(trip, [meals()], by=trip.requester, at=trip.returns_at)


def test_the_driver_eats_too(road):
    assert str(road.write(road.trip(km=10)).lines.get().amount) == "240.00"


@pytest.mark.clause("8.3")
def test_meals_once_per_trip_and_each_night_once(road):
    trip = three(road)
    first = road.write(trip, meals(), night(NIGHTS[0], "100"))
    other = trip.travellers.exclude(person=trip.requester).first().person
    for entry, field in ((meals(), "meals"), (night(NIGHTS[0], "100", suffix="_x"), "day_x")):
        with pytest.raises(BadEntry, match=first.number) as wrong:
            road.write(trip, entry, by=other)
        assert wrong.value.field == field
    assert road.write(trip, night(NIGHTS[1], "100"), by=other).lines.count() == 1


@pytest.mark.clause("8.3")
def test_what_was_withdrawn_or_struck_is_free_again(road):
    trip = road.trip()
    paper = road.write(trip, meals(), night(NIGHTS[0], "100"))
    paper = claims.withdraw(paper, by=paper.claimant, at=paper.made_at + HOUR)
    assert (paper.stage, MealDay.objects.count()) == ("withdrawn", 0)
    paper = road.submitted(trip, meals(), night(NIGHTS[0], "100"), ride("10"))
    struck = {line.pk: "看不清" for line in paper.lines.exclude(kind="transport")}
    claims.check(paper, by=road.who.fin, at=paper.made_at + 2 * HOUR, struck=struck)
    again = road.write(trip, meals(), night(NIGHTS[0], "100"))
    assert (again.lines.count(), MealDay.objects.count()) == (2, 4)


@pytest.mark.clause("8.3")
def test_a_day_shared_by_two_trips_is_paid_on_the_one_that_left_first(road):
    early = road.trip(MARCH_2, D(2026, 3, 3))
    late = road.trip(D(2026, 3, 3), D(2026, 3, 4), hour=21)
    assert str(road.write(late).lines.get().amount) == "30.00"
    assert str(road.write(early).lines.get().amount) == "60.00"
    assert MealDay.objects.values("person", "day").distinct().count() == MealDay.objects.count() == 3


@pytest.mark.clause("8.3")
def test_all_days_on_an_earlier_trip_leave_nothing(road):
    road.trip(MARCH_2, MARCH_5)
    inner = road.trip(D(2026, 3, 3), D(2026, 3, 4), hour=9)
    with pytest.raises(BadEntry, match="left before") as wrong:
        road.write(inner)
    assert wrong.value.field == "meals"


# --- bad input
@pytest.mark.parametrize("amount", ["0", "-1", "1.005", "100000000", "NaN", "Infinity"])
def test_an_amount_that_is_none_is_refused_at_its_field(road, amount):
    trip = road.trip()
    with pytest.raises(BadEntry, match="two decimals") as wrong:
        road.write(trip, ride(amount, suffix="_1"))
    assert wrong.value.field == "amount_1" and not Claim.objects.exists()


@pytest.mark.parametrize("day", [MARCH_2 - DAY, MARCH_5 + DAY, D(2027, 1, 1), None])
def test_a_day_outside_of_the_trip_is_refused(road, day):
    trip = road.trip()
    for entry in (ride("10", day), night(day, "100"), freight("10", day), lost("10", day)):
        with pytest.raises(BadEntry, match="outside of the trip") as wrong:
            road.write(trip, entry)
        assert wrong.value.field == "day"


@pytest.mark.clause("8.3")
def test_there_is_no_night_on_the_day_of_the_return(road):
    with pytest.raises(BadEntry, match="no night") as wrong:
        road.write(road.trip(), night(MARCH_5, "100"))
    assert wrong.value.field == "day"


@pytest.mark.parametrize("make", [ride, freight, night])
def test_a_receipt_has_a_photo(road, make):
    entry = make(NIGHTS[0], "10", photo=None) if make is night else make("10", photo=None)
    with pytest.raises(BadEntry, match="photo of the receipt") as wrong:
        road.write(road.trip(), entry)
    assert wrong.value.field == "photo"


def test_what_is_no_picture_is_refused(road):
    from tests.files.samples import HTML, upload

    with pytest.raises(BadEntry, match="not a picture") as wrong:
        road.write(road.trip(), ride("10", photo=upload(HTML), suffix="_2"))
    assert wrong.value.field == "photo_2"


@pytest.mark.clause("4.6")
def test_freight_says_who_paid_the_carrier(road):
    trip = road.trip()
    with pytest.raises(BadEntry) as wrong:
        road.write(trip, freight("10", way=""))
    assert wrong.value.field == "way"
    paper = road.write(trip, freight("10", way="prepaid"), freight("5"))
    assert [line.way for line in paper.lines.all()] == ["prepaid", "collect"]


def test_an_empty_claim_is_none(road):
    trip = road.trip()
    with pytest.raises(BadEntry, match="at least one line"):
        claims.write(trip, [], by=trip.requester, at=trip.returned_at)
    paper = road.write(trip)
    claims.remove_line(paper, by=paper.claimant, at=paper.made_at, line=paper.lines.get())
    with pytest.raises(OutOfTurn, match="at least one line"):
        claims.submit(paper, by=paper.claimant, at=paper.made_at)


# --- the road
def test_every_step_and_who_is_told(road):
    paper = road.write(road.trip(), ride("40"), lost("20"))
    paper = claims.add_line(paper, by=paper.claimant, at=paper.made_at, entry=meals())
    assert amounts(paper) == ["40.00", "0.00", "120.00"]
    road.who.fin, road.who.fins  # noqa: B018  # made when first asked for
    paper = claims.submit(paper, by=paper.claimant, at=paper.made_at + HOUR)
    assert told(road.who.fin, paper) == {"submitted"}
    paper = claims.send_back(paper, by=road.who.fin, at=paper.made_at + HOUR, reason="车票看不清")
    assert (paper.stage, paper.returned_why) == ("draft", "车票看不清")
    paper = claims.submit(paper, by=paper.claimant, at=paper.made_at + 2 * HOUR)
    paper = claims.check(
        paper, by=road.who.fin, at=paper.made_at + 3 * HOUR, struck={paper.lines.first().pk: "不是本次"}
    )
    assert (paper.stage, told(road.leader, paper), amounts(paper)) == (
        "checked",
        {"to_decide"},
        ["0.00", "0.00", "120.00"],
    )
    last = {line.pk: (True, "属实") for line in paper.lines.filter(kind="no_receipt")}
    paper = claims.decide(paper, by=road.leader, at=paper.made_at + 4 * HOUR, granted=last)
    paper = road.pay(paper, paper.made_at + 5 * HOUR)
    assert (paper.stage, str(paper.amount)) == ("paid", "140.00")
    assert told(paper.claimant, paper) == {"sent_back", "checked", "decided", "paid"}
    assert [row.history_change_reason for row in paper.history.order_by("history_id")] == [
        "write", "add", "submit", "send_back", "submit", "check", "decide", "pay",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "stage", ["draft", "submitted", "checked", "approved", "paid", "refused", "withdrawn"]
)
def test_no_step_is_taken_from_a_stage_that_does_not_allow_it(road, stage):
    paper, by = _at(road, stage), road.who.fins
    acts = {
        "submit": lambda: claims.submit(paper, by=paper.claimant, at=paper.made_at),
        "check": lambda: claims.check(paper, by=by, at=paper.made_at),
        "send_back": lambda: claims.send_back(paper, by=by, at=paper.made_at, reason="x"),
        "decide": lambda: claims.decide(paper, by=road.leader, at=paper.made_at, granted=_yes(paper)),
        "pay": lambda: road.pay(paper),
        "withdraw": lambda: claims.withdraw(paper, by=paper.claimant, at=paper.made_at),
        "add": lambda: claims.add_line(paper, by=paper.claimant, at=paper.made_at, entry=meals()),
        "remove": lambda: claims.remove_line(
            paper, by=paper.claimant, at=paper.made_at, line=paper.lines.first()
        ),
    }
    allowed = {
        "draft": {"submit", "withdraw", "add", "remove"}, "submitted": {"check", "send_back", "withdraw"},
        "checked": {"decide"}, "approved": {"pay"},
    }.get(stage, set())  # fmt: skip
    for name in acts.keys() - allowed:
        with pytest.raises(Refusal):
            acts[name]()
        assert Claim.objects.get(pk=paper.pk).stage == stage, name
    assert Transfer.objects.count() == (stage == "paid")


def _yes(paper):
    return {line.pk: (True, "") for line in paper.lines.all() if line.needs_leader}


def _at(road, stage):
    """A claim for a ride and a line without receipt, driven to this stage."""
    trip, entries = road.trip(), (lost("20"), ride("40"))
    if stage == "refused":
        return road.decided(trip, lost("20"), yes=False)
    if stage == "paid":
        return road.pay(road.decided(trip, *entries))
    if stage == "withdrawn":
        paper = road.write(trip, *entries)
        return claims.withdraw(paper, by=paper.claimant, at=paper.made_at)
    make = {
        "draft": road.write,
        "submitted": road.submitted,
        "checked": road.checked,
        "approved": road.decided,
    }[stage]
    return make(trip, *entries)


@pytest.mark.clause("8.3")
def test_finance_does_not_strike_everything(road):
    paper = road.submitted(road.trip(), ride("40"))
    with pytest.raises(BadEntry, match="send the claim back"):
        claims.check(paper, by=road.who.fin, at=paper.made_at + HOUR, struck={paper.lines.get().pk: "x"})
    assert Claim.objects.get().stage == "submitted"


# --- SD04
def test_sd04_nobody_checks_decides_about_or_pays_his_own(road):
    both = build.person("ENG", "FIN", "MGR", grants=("leader_approve",))
    trip = road.trip(people=[both], tickets=[road.ticket(engineer=both)])
    paper = road.submitted(trip, ride("40"), lost("20"), by=both)
    for act in (claims.check, claims.send_back):
        with pytest.raises(Denied, match="SD04"):
            act(paper, by=both, at=paper.made_at, **({"reason": "x"} if act is claims.send_back else {}))
    paper = claims.check(paper, by=road.who.fin, at=paper.made_at)
    with pytest.raises(Denied, match="SD04"):
        claims.decide(paper, by=both, at=paper.made_at, granted=_yes(paper))
    paper = claims.decide(paper, by=road.leader, at=paper.made_at, granted=_yes(paper))
    with pytest.raises(Denied, match="SD04"):
        road.pay(paper, by=both)


def test_sd04_nor_the_claim_of_a_colleague_for_a_trip_on_which_he_went(road):
    along, ticket = build.person("ENG", "FIN"), road.ticket()
    paper = road.submitted(road.trip(people=[ticket.engineer, along], tickets=[ticket]))
    with pytest.raises(Denied, match="SD04"):
        claims.check(paper, by=along, at=paper.made_at)
    assert told(along, paper) == {"meals"}  # whose they are, not that a claim waits for finance


def test_sd04_who_checked_neither_decides_nor_pays(road):
    both = build.person("FIN", "MGR", grants=("leader_approve",))
    paper = road.submitted(road.trip(), ride("40"), lost("20"))
    paper = claims.check(paper, by=both, at=paper.made_at)
    with pytest.raises(Denied, match="SD04"):
        claims.decide(paper, by=both, at=paper.made_at, granted=_yes(paper))
    paper = claims.decide(paper, by=road.leader, at=paper.made_at, granted=_yes(paper))
    with pytest.raises(Denied, match="SD04"):
        road.pay(paper, by=both)
    assert road.pay(paper).stage == "paid"


@pytest.mark.parametrize("who", ["eng", "ga", "mgr", "aud", "cs", "wh"])
def test_nobody_else_checks_or_pays(road, who):
    person = getattr(road.who, who)
    paper = road.submitted(road.trip(), ride("40"))
    with pytest.raises(Denied):
        claims.check(paper, by=person, at=paper.made_at)
    paper = claims.check(paper, by=road.who.fin, at=paper.made_at)
    with pytest.raises(Denied):
        road.pay(paper, by=person)


def test_a_leader_without_the_grant_does_not_decide(road):
    paper = road.checked(road.trip(), ride("40"), lost("20"))
    with pytest.raises(Denied):
        claims.decide(paper, by=build.person("MGR"), at=paper.made_at, granted=_yes(paper))


def test_nobody_writes_submits_or_withdraws_for_another(road):
    paper, other = road.write(road.trip()), build.person("ENG")
    for act in (claims.submit, claims.withdraw):
        with pytest.raises(Denied):
            act(paper, by=other, at=paper.made_at)
    with pytest.raises(Denied):
        claims.add_line(paper, by=other, at=paper.made_at, entry=ride("10"))


# --- the same photo
def test_the_same_photo_is_no_reason_to_refuse(road):
    first = road.paid(road.trip(), ride("40", photo=receipt(7)))
    again = road.submitted(
        road.trip(D(2026, 3, 9), D(2026, 3, 9)),
        ride("40", D(2026, 3, 9), photo=receipt(7)),
        when=at(D(2026, 3, 10)),
    )
    assert (first.lines.get().sha256, again.stage) == (again.lines.get().sha256, "submitted")
    assert first.lines.get().amount == Decimal(40)
