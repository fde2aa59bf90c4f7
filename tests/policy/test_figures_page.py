"""The page of figures: clause, value, since when, set and seconded by whom, what it was before; on a phone and at a desk."""

import datetime as dt
import os
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import middleware
from aftersales.charter import FIGURES, Unit
from aftersales.limits import local_day
from aftersales.problems import BadEntry
from policy import figures, rules, services
from policy.models import FigureChange
from policy.selectors import lines
from tests import build
from tests.pages.conftest import as_user

__all__ = ["as_user"]
pytestmark = pytest.mark.usefixtures("english")
DAY = dt.timedelta(days=1)
SHOTS = os.environ.get("SHOTS", "")  # a folder: what was tested is photographed there, to be looked at


@pytest.fixture(autouse=True)
def _one_factor(monkeypatch):
    monkeypatch.setattr(middleware.DenyByDefault, "lacks_second_factor", lambda self, request, actions: False)
    yield
    figures.figures.forget()


@pytest.fixture
def leaders(db):
    return build.person("MGR", name="Leader One"), build.person("MGR", name="Leader Two")


def change(name, value, since, leaders, *, at=None, second=True, reason="trial"):
    """Proposed and seconded in time, whenever that was."""
    at = at or dt.datetime.combine(since, dt.time(12), dt.UTC) - 3 * DAY
    row = services.propose(name, value, since=since, reason=reason, by=leaders[0], at=at)
    return services.second(row, by=leaders[1], at=at) if second else row


def line_of(name, day):
    return next(line for line in lines(day) if line.figure.name == name)


def test_every_figure_stands_on_the_page_with_its_clause_in_both_languages(leaders, as_user):
    for language in ("en", "zh-hans"):
        text = as_user(leaders[0], language).get("/policy/").content.decode()
        assert text.count("<tr data-item>") == len(FIGURES)
        for clause in {figure.clause for figure in FIGURES.values() if figure.clause}:
            assert f'<span class="clause">{clause}</span>' in text


@pytest.mark.clause("8.3", "8.4", "8.10", "4.5a")
def test_a_value_that_the_charter_names_is_shown_as_the_charters_until_it_is_changed(leaders, as_user):
    text = as_user(leaders[0]).get("/policy/").content.decode()
    by = {
        line.figure.name: row
        for line, row in zip(lines(timezone.localdate()), text.split("<tr data-item>")[1:], strict=True)
    }
    named = {name for name, figure in FIGURES.items() if figure.named}
    assert named == {"meal_yuan", "lodging_yuan", "km_yuan", "year_share", "small_part_yuan", "fee_share"}
    assert all(("the charter</span>" in by[name]) and ("/policy/" in by[name]) for name in named)
    assert "default</span>" in by["nearby_km"]


@pytest.mark.parametrize(
    "role", ["SALES", "CS", "ENG", "FIN", "WH", "GA", "TECH", "PUR", "MGR", "SYS", "AUD"]
)
def test_everybody_reads_them_and_only_leaders_are_offered_a_change(db, as_user, role):
    text = as_user(build.person(role)).get("/policy/").content.decode()
    assert ("/policy/reopen_days/propose/" in text) == (role == "MGR")
    assert "/policy/contact_hours/propose/" not in text  # the charter's own


def test_a_value_says_since_when_and_by_whose_two_hands(leaders, as_user):
    today = local_day(timezone.now())
    change("reopen_days", "45", today - DAY, leaders, reason="winter")
    line = line_of("reopen_days", today)
    assert (line.since, line.change.proposed_by, line.change.seconded_by) == (today - DAY, *leaders)
    text = as_user(leaders[0]).get("/policy/").content.decode()
    row = text[text.index(str(line.figure.label)) :]
    row = row[: row.index("</tr>")]
    for word in ("45", f"{today - DAY:%Y-%m-%d}", "Leader One", "Leader Two", "winter", "30"):
        assert word in row, word


def test_the_history_names_every_value_and_none_is_rewritten(leaders):
    day = dt.date(2026, 3, 2)
    first = change("reopen_days", "45", day, leaders)
    second = change("reopen_days", "60", day + 30 * DAY, leaders)
    before = lines(day + 29 * DAY)
    third = change("reopen_days", "20", day + 60 * DAY, leaders)
    line = line_of("reopen_days", day + 90 * DAY)
    assert (line.past, line.value, line.default) == ([third, second, first], "20 days", "30 days")
    assert line_of("reopen_days", day + 29 * DAY).value == next(
        one.value for one in before if one.figure.name == "reopen_days"
    )
    on = [figures.value("reopen_days", day + n * DAY) for n in (-1, 0, 29, 30, 59, 60)]
    assert on == [30, 45, 45, 60, 60, 20]


def test_a_proposal_waits_for_another_leader_and_is_seen_ahead_once_seconded(leaders, as_user):
    tomorrow = local_day(timezone.now()) + DAY
    row = change("reopen_days", "45", tomorrow, leaders, at=timezone.now(), second=False, reason="winter")
    url = f"/policy/changes/{row.pk}/second/"
    own, other, reader = as_user(leaders[0]), as_user(leaders[1]), as_user(build.person("ENG"))
    assert url not in own.get("/policy/").content.decode()
    assert url not in reader.get("/policy/").content.decode()
    page = other.get("/policy/").content.decode()
    assert url in page and "nobody yet" in page and "winter" in page
    own.post(url)
    assert FigureChange.objects.get().seconded_at is None
    other.post(url)
    line = line_of("reopen_days", tomorrow - DAY)
    assert (line.value, line.ahead, line.proposed, line.past) == ("30 days", [row], [], [])
    assert "from then on" in reader.get("/policy/").content.decode()


def test_a_proposal_that_nobody_seconded_stays_in_sight_and_out_of_force(leaders, as_user):
    today = local_day(timezone.now())
    row = change("reopen_days", "45", today - DAY, leaders, second=False)
    line = line_of("reopen_days", today)
    assert (line.value, line.proposed, line.lapsed) == ("30 days", [], [row])
    page = as_user(leaders[1]).get("/policy/").content.decode()
    assert "nobody seconded it before its day" in page and f"/policy/changes/{row.pk}/second/" not in page


def test_money_and_shares_carry_their_sign():
    yuan = next(figure for figure in FIGURES.values() if figure.unit == Unit.YUAN)
    assert rules.shown(yuan, rules.parse(yuan, "1234.5")) == "¥1,234.50"
    for share in [figure for figure in FIGURES.values() if figure.unit == Unit.SHARE]:
        for text in ("20", "20 %", "20％"):
            assert (
                rules.parse(share, text) == Decimal("0.2")
                and rules.shown(share, rules.parse(share, text)) == "20 %"
            )
        assert rules.shown(share, share.default) in ("5 %", "20 %", "40 %")
        for text in ("0", "101", "-1", "2500", "1e3", "12.345"):
            with pytest.raises(BadEntry):
                rules.parse(share, text)


def test_three_changes_ask_no_more_than_one(leaders, as_user):
    client, counts = as_user(leaders[0]), []
    for number in range(3):
        change("reopen_days", str(40 + number), dt.date(2026, 3, 2) + number * DAY, leaders)
        client.get("/policy/")
        with CaptureQueriesContext(connection) as seen:
            client.get("/policy/")
        counts.append(len(seen))
    assert counts[0] == counts[2]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_runs_off_the_page(browser, live_server, client, settings, width):
    leaders = build.person("MGR", name="Leader One"), build.person("MGR", name="Leader Two")
    today = local_day(timezone.now())
    change(
        "collection_windows", "09:00-10:00, 14:00-15:00, 17:00-17:30", today - DAY, leaders, reason="r" * 60
    )
    change("reopen_days", "45", today + 9 * DAY, leaders, at=timezone.now())
    change("reopen_days", "50", today + 19 * DAY, leaders, at=timezone.now(), second=False)
    client.force_login(leaders[1], backend="accounts.backend.GrantsBackend")
    context = browser.new_context(viewport={"width": width, "height": 900}, base_url=live_server.url)
    context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "url": live_server.url,
            }
        ]
    )
    page = context.new_page()
    page.goto("/policy/")
    page.locator(".figure-history summary").first.click()
    assert page.locator(".figure-history li").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(
        "[...document.querySelectorAll('.table-frame')].every(e => e.scrollWidth <= e.clientWidth)"
    )
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/figures-{width}.png", full_page=True)
    context.close()
