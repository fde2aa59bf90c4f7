"""Members and heads of a department on a day; deputies of who is away; who is on duty."""

import datetime as dt

import pytest

from accounts import services
from accounts.access import Denied
from accounts.models import Absence, DutyShift
from accounts.selectors import absent_ids, deputy_of, head_of, members, on_duty, stands_in_for
from aftersales.problems import BadEntry, Refusal
from tests import build

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def away(user, deputy, at, days=3):
    return Absence.objects.create(user=user, deputy=deputy, begins_at=at - HOUR, ends_at=at + days * DAY)


@pytest.fixture
def engineers():
    return [build.person("ENG", head=n == 0) for n in range(4)]


@pytest.mark.clause("1")
def test_members_and_head_are_those_of_the_day(engineers, monday):
    first = engineers[0]
    first.postings.update(until=monday.date())
    assert set(members("engineers", monday)) == set(engineers)
    assert set(members("engineers", monday + DAY)) == set(engineers[1:])
    assert (head_of("engineers", monday), head_of("engineers", monday + DAY)) == (first, None)


def test_a_closed_account_is_no_member(engineers, monday):
    type(engineers[1]).objects.filter(pk=engineers[1].pk).update(is_active=False)
    assert engineers[1] not in members("engineers", monday)


@pytest.mark.clause("4.1")
def test_who_is_here_has_no_deputy(engineers, monday):
    away(engineers[0], engineers[1], monday + 10 * DAY)
    assert deputy_of(engineers[0], monday) is None


@pytest.mark.clause("4.1")
def test_a_deputy_who_is_away_too_is_followed_to_who_is_here(engineers, monday):
    a, b, c, _d = engineers
    away(a, b, monday)
    away(b, c, monday)
    assert (deputy_of(a, monday), deputy_of(b, monday)) == (c, c)
    assert set(stands_in_for(c, monday)) == {a, b}
    assert stands_in_for(b, monday) == []


@pytest.mark.clause("4.1")
def test_two_who_name_each_other_leave_nobody(engineers, monday):
    a, b, _c, _d = engineers
    away(a, b, monday)
    away(b, a, monday)
    assert (deputy_of(a, monday), deputy_of(b, monday)) == (None, None)


def test_such_a_circle_is_not_accepted_in_the_first_place(engineers, monday):
    a, b, c, _d = engineers
    away(a, b, monday)
    away(b, c, monday)
    with pytest.raises(BadEntry) as refused:
        services.enter_absence(c, begins_at=monday, ends_at=monday + DAY, deputy=a, by=c, at=monday)
    assert refused.value.field == "deputy"


def test_an_absence_ends_with_its_last_instant(engineers, monday):
    entry = away(engineers[0], engineers[1], monday)
    assert absent_ids([engineers[0].pk], entry.ends_at - HOUR) == {engineers[0].pk}
    assert absent_ids([engineers[0].pk], entry.ends_at) == set()


def test_his_own_absence_everybody_enters_himself(people, monday):
    entry = services.enter_absence(
        people.eng,
        begins_at=monday,
        ends_at=monday + DAY,
        deputy=build.person("ENG"),
        by=people.eng,
        at=monday,
    )
    services.end_absence(entry, by=people.eng, at=monday + HOUR)
    entry.refresh_from_db()
    assert entry.ends_at == monday + HOUR


@pytest.mark.parametrize(
    ("role", "lets"), [("eng_head", True), ("mgr", True), ("eng2", False), ("cs_head", False)]
)
def test_anothers_absence_is_entered_by_his_head_or_a_leader(role, lets, people, monday):
    by = build.person("ENG") if role == "eng2" else getattr(people, role)
    entry = {
        "begins_at": monday,
        "ends_at": monday + DAY,
        "deputy": build.person("ENG"),
        "by": by,
        "at": monday,
    }
    if lets:
        services.enter_absence(people.eng, **entry)
    else:
        with pytest.raises(Denied):
            services.enter_absence(people.eng, **entry)


@pytest.mark.clause("3.1")
def test_on_duty_is_whose_shift_runs_the_end_excluded(people, monday):
    services.put_on_roster(
        "hotline", people.cs, begins_at=monday, ends_at=monday + 12 * HOUR, by=people.cs_head, at=monday
    )
    assert on_duty("hotline", monday) == people.cs
    assert on_duty("hotline", monday + 12 * HOUR) is None
    assert on_duty("finance_sign", monday) is None


@pytest.mark.clause("3.1")
def test_a_duty_entered_late_counts_from_its_entry_because_a_breach_may_rest_on_the_roster(people, monday):
    shift = services.put_on_roster(
        "hotline",
        people.cs,
        begins_at=monday,
        ends_at=monday + 12 * HOUR,
        by=people.cs_head,
        at=monday + HOUR,
    )
    assert (shift.begins_at, on_duty("hotline", monday)) == (monday + HOUR, None)


@pytest.mark.clause("3.1")
@pytest.mark.parametrize("role", ["cs", "eng_head", "sys", "aud"])
def test_only_the_head_of_customer_service_or_a_leader_writes_the_roster(role, people, monday):
    with pytest.raises(Denied):
        services.put_on_roster(
            "hotline", people.cs, begins_at=monday, ends_at=monday + HOUR, by=getattr(people, role), at=monday
        )


@pytest.mark.clause("3.1")
@pytest.mark.parametrize(
    ("kind", "role"), [("hotline", "eng"), ("finance_sign", "fin"), ("finance_sign", "cs")]
)
def test_who_does_not_hold_the_role_is_not_put_on_duty(kind, role, people, monday):
    with pytest.raises(BadEntry, match=r"3\.1"):
        services.put_on_roster(
            kind, getattr(people, role), begins_at=monday, ends_at=monday + HOUR, by=people.mgr, at=monday
        )


def test_two_are_not_on_the_same_duty_at_once(people, monday):
    put = {"by": people.mgr, "at": monday}
    services.put_on_roster("hotline", people.cs, begins_at=monday, ends_at=monday + 8 * HOUR, **put)
    services.put_on_roster(
        "hotline", people.cs, begins_at=monday + 8 * HOUR, ends_at=monday + 9 * HOUR, **put
    )
    with pytest.raises(BadEntry, match=r"3\.1"):
        services.put_on_roster(
            "hotline", people.cs_head, begins_at=monday + 7 * HOUR, ends_at=monday + 10 * HOUR, **put
        )


def test_the_roster_of_the_past_stays_as_it_was(people, monday):
    shift = services.put_on_roster(
        "hotline", people.cs, begins_at=monday, ends_at=monday + HOUR, by=people.mgr, at=monday
    )
    with pytest.raises(Refusal):
        services.take_off_roster(shift, by=people.mgr, at=monday + HOUR)
    services.take_off_roster(shift, by=people.mgr, at=monday + HOUR / 2)
    assert DutyShift.objects.get().ends_at == monday + HOUR / 2


def test_a_week_is_repeated_where_nobody_is_on_duty_yet(people, monday):
    first = monday.replace(hour=0)
    for n in range(3):
        begin = first + n * DAY + 8 * HOUR
        services.put_on_roster(
            "hotline", people.cs, begins_at=begin, ends_at=begin + 12 * HOUR, by=people.mgr, at=first
        )
    following = (first + 7 * DAY).date()
    assert services.repeat_week(following, by=people.mgr, at=monday) == 3
    assert services.repeat_week(following, by=people.mgr, at=monday) == 0
    assert DutyShift.objects.count() == 6
