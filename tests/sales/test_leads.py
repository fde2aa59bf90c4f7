"""Leads: consent first, first registrant, owner, talks, giving up, lapse (4.2)."""

import datetime as dt

import pytest

from accounts.access import Denied
from aftersales.limits import local_day
from aftersales.problems import BadEntry, OutOfTurn
from deadlines.models import Deadline
from notices.models import Notification
from sales import lead_services as services
from sales.lead_services import Consent, Wish, core
from sales.models import FollowUp, Lead, Source
from sales.services import erase
from tests import build

from . import leads

pytestmark = [pytest.mark.django_db, pytest.mark.clause("4.2")]
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _english(english: None) -> None:
    """Refusals are compared in English."""


@pytest.fixture
def lead(people, monday):
    return leads.lead(leads.customer(monday), people.eng, monday)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def clock(row):
    return Deadline.objects.get(rule="lead_follow_up", subject_id=row.pk)


def test_it_counts_from_its_arrival_and_sales_must_move_within_three_working_days(people, lead, monday):
    row, running = fresh(lead), clock(lead)
    assert (row.stage, row.registered_at, row.last_day, row.by_engineer) == (
        "open",
        monday,
        dt.date(2027, 3, 2),
        True,
    )
    assert (running.due_at.date(), running.department, running.assignee_id) == (
        dt.date(2026, 3, 5),
        "sales",
        None,
    )
    assert not running.is_missed(monday + 30 * DAY), "a reminder of our own has no breach"


@pytest.mark.parametrize(
    ("role", "source", "earns"),
    [
        ("eng", Source.TICKET, True),
        ("eng", Source.OTHER, True),
        ("cs", Source.CALLBACK, False),
        ("cs", Source.TICKET, False),
    ],
)
def test_only_an_engineers_lead_earns(people, monday, role, source, earns):
    assert leads.lead(leads.customer(monday), getattr(people, role), monday, source).by_engineer is earns


def test_what_an_engineer_who_also_sells_brings_as_a_salesperson_is_no_engineers_lead(monday):
    both = build.person("ENG", "SALES")
    assert not leads.lead(leads.customer(monday), both, monday, Source.OWN).by_engineer
    assert leads.lead(leads.customer(monday), both, monday, Source.TICKET).by_engineer


def test_a_consent_of_tomorrow_is_none(people, monday):
    consent = Consent("phone", monday + DAY)
    with pytest.raises(BadEntry) as refused:
        services.register(
            leads.customer(monday),
            source=Source.TICKET,
            consent=consent,
            wish=Wish(),
            by=people.eng,
            at=monday,
        )
    assert refused.value.field == "consent_at" and not Lead.objects.exists()


@pytest.mark.parametrize("role", ["fin", "wh", "tech", "mgr", "sys", "sales"])
def test_others_register_nothing(people, monday, role):
    with pytest.raises(Denied):
        leads.lead(leads.customer(monday), getattr(people, role), monday)


def test_taken_followed_up_and_due_again_on_the_day_that_was_agreed(people, lead, monday):
    row = services.take(lead, by=people.sales, at=monday + HOUR)
    assert (row.stage, row.seller, clock(row).assignee_id) == ("taken", people.sales, people.sales.pk)
    row = services.follow(
        row, how="phone", talked_at=monday + HOUR, said="想看新款", next_step="带他试驾", next_on=dt.date(2026, 3, 20),
        by=people.sales, at=monday + 2 * HOUR,
    )  # fmt: skip
    assert clock(row).due_at == row.follow_up_at == dt.datetime(2026, 3, 21, tzinfo=monday.tzinfo)
    assert clock(row).met_at is None and FollowUp.objects.get(lead=row).said == "想看新款"
    assert Notification.objects.filter(recipient=people.eng, event_key=f"{row.number}:taken").count() == 1


def test_a_next_step_beyond_the_leads_last_day_is_refused(people, lead, monday):
    row = services.take(lead, by=people.sales, at=monday)
    with pytest.raises(BadEntry) as refused:
        services.follow(
            row,
            how="phone",
            talked_at=monday,
            said="x",
            next_on=row.last_day + DAY,
            by=people.sales,
            at=monday,
        )
    assert refused.value.field == "next_on" and not FollowUp.objects.exists()


def test_what_one_has_another_does_not_take_but_the_head_gives_it_on(people, lead, monday):
    row, other = services.take(lead, by=people.sales, at=monday), build.person("SALES")
    with pytest.raises((OutOfTurn, Denied)):
        services.take(row, by=other, at=monday)
    with pytest.raises(Denied):
        services.assign(row, seller=other, reason="休假", by=people.sales, at=monday)
    row = services.assign(row, seller=other, reason="休假", by=people.sales_head, at=monday + HOUR)
    assert (row.seller, clock(row).assignee_id) == (other, other.pk)


def test_who_is_not_of_sales_is_given_none(people, lead, monday):
    with pytest.raises(BadEntry) as refused:
        services.assign(lead, seller=people.eng, reason="x", by=people.mgr, at=monday)
    assert refused.value.field == "seller"


def test_given_up_it_still_counts_and_the_head_wakes_it_again(people, lead, monday):
    row = services.take(lead, by=people.sales, at=monday)
    row = services.lose(row, why="price", by=people.sales, at=monday + HOUR)
    assert (row.stage, clock(row).met_at) == ("lost", monday + HOUR)
    row = services.assign(
        row, seller=people.sales, reason="客户又来了", by=people.sales_head, at=monday + DAY
    )
    assert (row.stage, row.lost_why, clock(row).met_at) == ("taken", "", None)


def test_whoever_took_his_consent_back_is_not_called_again(people, lead, monday):
    row = services.lose(
        services.take(lead, by=people.sales, at=monday), why="consent", by=people.sales, at=monday
    )
    with pytest.raises(OutOfTurn, match="consent"):
        services.assign(row, seller=people.sales, reason="x", by=people.sales_head, at=monday)


def test_the_nightly_job_ends_the_clock_of_a_lapsed_lead_once(people, lead, monday):
    row = services.take(lead, by=people.sales, at=monday)
    year = dt.datetime(2027, 3, 2, 23, tzinfo=monday.tzinfo)
    assert services.lapse(year) == 0 and clock(row).met_at is None
    assert [services.lapse(year + 2 * HOUR), services.lapse(year + DAY)] == [1, 0]
    assert clock(row).met_at == year + 2 * HOUR
    told = Notification.objects.filter(event_key=f"{row.number}:lapsed").values_list("recipient", flat=True)
    assert sorted(told) == sorted([people.eng.pk, people.sales.pk])


def test_who_sees_which(people, lead, monday):
    other, colleague = build.person("ENG"), build.person("SALES")
    seen = lambda user: Lead.objects.visible_to(user).filter(pk=lead.pk).exists()  # noqa: E731
    everybody = ("eng", "sales", "sales_head", "fin", "mgr", "aud")
    assert [seen(getattr(people, name)) for name in everybody] == [True] * 6
    assert [seen(user) for user in (other, people.cs, people.wh, people.tech)] == [False] * 4
    services.take(lead, by=people.sales, at=monday)
    assert [seen(user) for user in (people.sales, colleague, people.sales_head)] == [True, False, True]


def test_the_figure_is_that_of_the_day_in_shanghai(monkeypatch):
    asked = []

    def value(name, day):
        asked.append((name, day))
        return 3

    monkeypatch.setattr(core.figures, "value", value)
    at = dt.datetime(2026, 3, 2, 17, tzinfo=dt.UTC)  # one o'clock of the third
    assert local_day(core.next_due(at)) == dt.date(2026, 3, 7)
    assert asked == [("lead_follow_days", dt.date(2026, 3, 3))]


# --- erased (PIPL 47)
@pytest.fixture
def erased(people, monday):
    """A lead in hand whose customer was erased an hour later."""
    lead = services.take(leads.lead(leads.customer(monday), people.eng, monday), by=people.sales, at=monday)
    erase(lead.customer, by=people.mgr, seconded_by=build.person("MGR"), at=monday + HOUR, reason="x")
    return fresh(lead)


@pytest.mark.clause("4.2")
def test_nobody_is_reminded_to_ring_a_customer_who_was_erased(people, monday, erased):
    clock = Deadline.objects.get(rule="lead_follow_up", subject_id=erased.pk)
    assert (erased.stage, erased.lost_why, erased.follow_up_at) == ("lost", "consent", None)
    assert clock.met_at == monday + HOUR
    told = Notification.objects.filter(event_key=f"{erased.number}:erased")
    assert {row.recipient for row in told} == {people.sales, people.eng}


@pytest.mark.clause("4.2")
@pytest.mark.parametrize("stage", ["open", "taken"])
def test_nothing_more_is_written_down_about_a_customer_who_was_erased(people, monday, erased, stage):
    """Also not on a lead that was alive when he was erased before this rule."""
    Lead.objects.filter(pk=erased.pk).update(stage=stage, lost_why="")
    lead, head, at = fresh(erased), people.sales_head, monday + 2 * HOUR
    acts = [
        lambda: services.take(lead, by=people.sales, at=at),
        lambda: services.assign(lead, seller=build.person("SALES"), reason="李建国", by=head, at=at),
        lambda: services.follow(lead, how="phone", talked_at=at, said="李建国", by=people.sales, at=at),
        lambda: services.lose(lead, why="price", note="李建国", by=people.sales, at=at),
    ]
    for act in acts:
        with pytest.raises(BadEntry, match="already erased"):
            act()
    assert services.lose(lead, why="price", by=people.sales, at=at).stage == "lost"


@pytest.mark.clause("4.2")
def test_a_cancelled_sale_makes_no_lead_of_an_erased_customer_live_again(people, monday):
    who = leads.customer(monday)
    rows = [leads.lead(who, people.eng, monday + n * HOUR) for n in range(2)]
    sale = services.ask_cancel(
        leads.sale(who, people.sales, monday + DAY), reason="x", by=people.sales, at=monday + DAY
    )
    erase(who, by=people.mgr, seconded_by=build.person("MGR"), at=monday + 2 * DAY, reason="x")
    services.cancel(sale, by=people.fin, at=monday + 3 * DAY)
    assert [(fresh(row).stage, fresh(row).follow_up_at) for row in rows] == [("lost", None)] * 2
