"""Numbers: gapless per day and series, unique under concurrency; the negative control draws twice."""

import datetime as dt
import threading

import pytest
from django.db import connection, transaction

from aftersales.models import Counter, next_number, next_numbers

DAY = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)


def test_numbers_count_per_series_and_shanghai_day(db):
    late = DAY.replace(hour=17)  # 01:00 of the 24th in Shanghai
    assert [next_number(s, at) for s, at in [("BX", DAY), ("BX", DAY), ("KF", DAY), ("BX", late)]] == [
        "BX20261123-0001", "BX20261123-0002", "KF20261123-0001", "BX20261124-0001",
    ]  # fmt: skip


def test_many_numbers_are_drawn_in_one_statement_and_follow_each_other(db, django_assert_num_queries):
    assert next_number("GK", DAY) == "GK20261123-0001"
    with django_assert_num_queries(1):
        found = next_numbers("GK", DAY, 3)
    assert found == ["GK20261123-0002", "GK20261123-0003", "GK20261123-0004"]
    with django_assert_num_queries(0):
        assert next_numbers("GK", DAY, 0) == []
    assert next_number("GK", DAY) == "GK20261123-0005"


def test_a_number_whose_act_failed_is_drawn_again(db):
    with pytest.raises(RuntimeError), transaction.atomic():
        next_number("BX", DAY)
        raise RuntimeError
    assert next_number("BX", DAY) == "BX20261123-0001"


def drawn_by_many(draw, clients=8, times=25) -> list[str]:
    found: list[str] = []
    gate = threading.Barrier(clients)

    def work():
        gate.wait()
        try:
            for _ in range(times):
                with transaction.atomic():
                    found.append(draw())
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)


def test_many_at_once_draw_every_number_once(transactional_db):
    numbers = drawn_by_many(lambda: next_number("BX", DAY))
    assert numbers == [f"BX20261123-{n:04d}" for n in range(1, 201)]


def test_reading_before_writing_draws_numbers_twice(transactional_db):
    """Negative control: without the one atomic statement the same race gives numbers away twice."""
    Counter.objects.create(series="BX", day=DAY.date(), last=0)
    all_have_read = threading.Barrier(8)

    def naive():
        row = Counter.objects.get(series="BX", day=DAY.date())
        all_have_read.wait(60)
        row.last += 1
        row.save()
        return f"BX-{row.last:04d}"

    numbers = drawn_by_many(naive)
    assert len(set(numbers)) < len(numbers)
