"""The price of a day: the last published list that names the part, whatever was drafted since (8.1)."""

import datetime as dt
from decimal import Decimal

import pytest

from aftersales.problems import BadEntry, OutOfTurn
from catalogue import services
from catalogue.models import PriceLine
from catalogue.selectors import price_lines, rate_lines
from tests import build

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def prices(part, *days):
    return [line.price if (line := price_lines([part.pk], day).get(part.pk)) else None for day in days]


@pytest.mark.clause("8.1")
def test_each_day_has_the_price_of_the_list_before_it(people, monday):
    part, today = build.master_part(), monday.date()
    build.prices({part: "50"}, on=today, at=monday)
    build.prices({part: "58"}, on=today + 7 * DAY, at=monday)
    days = [today - DAY, today, today + 6 * DAY, today + 7 * DAY, today + 400 * DAY]
    assert prices(part, *days) == [None, 50, 50, 58, 58]


@pytest.mark.clause("8.1")
def test_a_list_that_does_not_name_a_part_leaves_its_price(people, monday):
    one, other, today = build.master_part(), build.master_part(), monday.date()
    build.prices({one: "50", other: "9.90"}, on=today, at=monday)
    build.prices({one: "58"}, on=today + DAY, at=monday)
    assert prices(other, today + DAY) == [Decimal("9.90")]


@pytest.mark.clause("8.1")
def test_drafts_and_dropped_lists_count_for_nothing(people, monday):
    part, today = build.master_part(), monday.date()
    draft = {"prices": [(part, Decimal(1), None)], "rates": [], "by": people.fin, "at": monday}
    services.draft_prices("草稿", today, **draft)
    services.drop_prices(services.draft_prices("作废", today, **draft), by=people.fin, at=monday)
    assert prices(part, today) == [None]


@pytest.mark.clause("8.1")
def test_of_two_lists_of_one_day_the_later_draft_counts_and_the_earlier_can_no_more_be_published(
    people, monday
):
    part, today = build.master_part(), monday.date()
    facts = {"rates": [], "by": people.fin, "at": monday}
    first = services.draft_prices("一", today, prices=[(part, Decimal(1), None)], **facts)
    second = services.draft_prices("二", today, prices=[(part, Decimal(2), None)], **facts)
    services.publish_prices(second, by=people.fins, at=monday)
    with pytest.raises(OutOfTurn, match="8.1"):
        services.publish_prices(first, by=people.fins, at=monday)
    assert prices(part, today) == [2]


@pytest.mark.clause("8.1")
def test_the_past_is_never_rewritten(people, monday):
    part, today = build.master_part(), monday.date()
    facts = {"prices": [(part, Decimal(1), None)], "rates": [], "by": people.fin}
    with pytest.raises(BadEntry):
        services.draft_prices("昨", today - DAY, at=monday, **facts)
    paper = services.draft_prices("今", today, at=monday, **facts)
    with pytest.raises(BadEntry, match="today at the earliest"):
        services.publish_prices(paper, by=people.fins, at=monday + DAY)
    assert not PriceLine.objects.filter(since__isnull=False).exists()


@pytest.mark.clause("8.1")
def test_rates_have_their_day_too(people, monday):
    today = monday.date()
    rate = {"kind": "labour", "code": "GS-01", "name": "换刹车片", "unit": "小时", "price": Decimal(60)}
    build.prices({}, rates=[rate], on=today, at=monday)
    build.prices({}, rates=[rate | {"price": Decimal(70)}], on=today + DAY, at=monday)
    assert [rate_lines(day)["GS-01"].price for day in (today, today + DAY)] == [60, 70]
    assert rate_lines(today - DAY) == {}


@pytest.mark.clause("8.1")
@pytest.mark.parametrize("count", [1, 3])
def test_prices_of_many_parts_are_one_statement(people, monday, count, django_assert_num_queries):
    parts = [build.master_part() for _ in range(count)]
    build.prices(dict.fromkeys(parts, "50"), on=monday.date(), at=monday)
    with django_assert_num_queries(1):
        found = price_lines([part.pk for part in parts], monday.date())
    assert len(found) == count


@pytest.mark.clause("8.1")
def test_an_empty_list_is_not_published(people, monday):
    paper = services.draft_prices("空", monday.date(), prices=[], rates=[], by=people.fin, at=monday)
    with pytest.raises(OutOfTurn, match="empty"):
        services.publish_prices(paper, by=people.fins, at=monday)
