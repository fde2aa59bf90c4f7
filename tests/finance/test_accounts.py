"""The accounts by cash (8.10): what counts when, for whom; a closed month's roll-up equals its recomputation to the fen."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from finance.models import Account, AccountRow, Kind, Receivable
from finance.rules import profit
from finance.selectors import account_of
from finance.services import accounts, cash, ledger, statements
from finance.services.accounts import by_engineer, by_model, by_region, compute, of_month, of_year, roll_up
from finance.services.reasons import Why
from tests import build

from .repaired import (
    APRIL,
    MARCH,
    MAY,
    close,
    done,
    labour,
    on,
    parcel,
    pay,
    priced,
    sold,
    under_warranty,
    used,
)

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.10")]


def of(amounts, engineer):
    return {name: amount for name, amount in by_engineer(amounts).get(engineer.pk, {}).items() if amount}


def test_income_and_its_cost_count_by_the_day_of_the_money(shop):
    debt = sold(shop, "60.00", "35.00", pieces=2)
    pay(debt, "30.00", on(4, 10))
    pay(debt, "90.00", on(5, 10))
    assert of(compute(MARCH), shop.who.eng) == {}
    assert of(compute(APRIL), shop.who.eng) == {"parts": Decimal("30.00"), "parts_cost": Decimal("17.50")}
    assert of(compute(MAY), shop.who.eng) == {"parts": Decimal("90.00"), "parts_cost": Decimal("52.50")}


def test_what_is_not_collected_does_not_count(shop):
    sold(shop)
    labour(shop.ticket, "80.00", on(3, 2))
    assert compute(MARCH) == {}


def test_a_deduction_is_no_income(shop):
    debt = sold(shop)
    ledger.post(
        "deduct:test", source=account_of(debt), target=Account.objects.of_kind(Kind.WAGE, "x"), amount=debt.amount,
        day=MARCH, paper="KK", why="x", by=None, at=shop.at,
    )  # fmt: skip
    assert compute(MARCH) == {}


def test_labour_is_income_without_a_part_cost(shop):
    pay(labour(shop.ticket, "80.00", on(3, 2)), "80.00", on(3, 20))
    assert of(compute(MARCH), shop.who.eng) == {"labour": Decimal("80.00")}


def test_paid_in_advance_counts_when_the_parts_are_issued(shop):
    receipt = shop.receipt("100.00")
    release = shop.charged("paid", (priced(shop, "60.00", "35.00"), 1))
    shop.issue(shop.sign(release, receipt=receipt), 1)
    assert of(compute(MARCH), shop.who.eng) == {"parts": Decimal("60.00"), "parts_cost": Decimal("35.00")}


def test_what_comes_back_is_taken_out_in_the_month_it_comes_back(shop):
    release = shop.charged("paid", (priced(shop, "60.00", "35.00"), 2))
    shop.issue(shop.sign(release, receipt=shop.receipt("120.00")), 2)
    shop.at = on(4, 8)
    shop.bring_back(release, "unused", 1)
    assert of(compute(MARCH), shop.who.eng) == {"parts": Decimal("120.00"), "parts_cost": Decimal("70.00")}
    assert of(compute(APRIL), shop.who.eng) == {"parts": Decimal("-60.00"), "parts_cost": Decimal("-35.00")}


def test_a_cost_that_no_list_names_is_that_of_the_goods_received_last(shop):
    from parts.services.store import write_costs

    part = priced(shop, "60.00", None)
    line = part._meta.apps.get_model("parts", "GoodsLine").objects.get(part=part)
    write_costs(line.receipt, {line.pk: Decimal("21.00")}, by=shop.who.fin, at=shop.now())
    release = shop.charged("paid", (part, 1))
    shop.issue(shop.sign(release, receipt=shop.receipt("60.00")), 1)
    assert of(compute(MARCH), shop.who.eng)["parts_cost"] == Decimal("21.00")


def test_warranty_parts_are_a_memo_that_leaves_the_profit_alone(shop):
    release = under_warranty(shop, 3)
    assert of(compute(MARCH), shop.who.eng) == {"warranty_cost": Decimal("120.00")}
    shop.at = on(4, 8)
    shop.bring_back(release, "unused", 1)
    found = compute(APRIL)
    assert of(found, shop.who.eng) == {"warranty_cost": Decimal("-40.00")}
    assert profit(by_engineer(found)[shop.who.eng.pk]) == 0


def test_an_old_part_that_never_came_leaves_the_memo_and_counts_once_it_is_paid(shop):
    from finance.services import signing

    release = under_warranty(shop, 1)
    used(shop, release)
    done(shop)
    shop.at = on(4, 20)
    debt = signing.convert(release.lines.get(), pieces=1, by=shop.who.fins, at=shop.now())
    pay(debt, "100.00", on(5, 2))
    assert of(compute(APRIL), shop.who.eng) == {"warranty_cost": Decimal("-40.00")}
    assert of(compute(MAY), shop.who.eng) == {"parts": Decimal("100.00"), "parts_cost": Decimal("40.00")}


def test_freight_counts_by_the_day_of_sending(shop):
    parcel(shop.ticket, "12.50", on(3, 31, 23))
    parcel(shop.ticket, "7.00", on(4, 1, 0))
    assert of(compute(MARCH), shop.who.eng) == {"freight": Decimal("12.50")}


@pytest.mark.clause("4.6")
def test_freight_collect_counts_by_the_day_of_its_arrival(shop):
    """What it costs is known then; the month of the sending may be closed."""
    row = parcel(shop.ticket, "12.50", on(3, 31, 23))
    row.terms, row.delivered_at = "collect", on(4, 2)
    row.save()
    assert of(compute(MARCH), shop.who.eng) == {}
    assert of(compute(APRIL), shop.who.eng) == {"freight": Decimal("12.50")}


def test_an_adjustment_counts_in_its_month(shop):
    done(shop)
    statements.open_statements(on(4, 1))
    sheet = statements.Statement.objects.get(engineer=shop.who.eng)
    statements.confirm(sheet, by=shop.who.eng, at=on(4, 2))
    statements.adjust(
        sheet, by=shop.who.fin, at=on(4, 3), column="other", amount=Decimal("-4.00"), reason="更正"
    )
    assert of(compute(MARCH), shop.who.eng) == {"other": Decimal("-4.00")}


def test_each_amount_is_found_by_engineer_by_model_and_by_region(shop):
    type(shop.ticket).objects.filter(pk=shop.ticket.pk).update(region="江苏泰州")
    pay(sold(shop), "60.00", on(3, 9))
    found = compute(MARCH)
    for groups in (by_engineer(found), by_model(found), by_region(found)):
        assert accounts.total(groups)["parts"] == Decimal("60.00")
    assert (list(by_model(found)), list(by_region(found))) == ([shop.ticket.model], ["江苏泰州"])


# --- the roll-up
def busy(shop):
    """March to May with a bit of everything, odd fen included."""
    first, second = sold(shop, "33.33", "10.01", pieces=3), labour(shop.ticket, "77.77", shop.at)
    for number, (row, amount) in enumerate(
        [(first, "10.01"), (second, "7.77"), (first, "50.00"), (first, "39.98")]
    ):
        pay(row, amount, on(3 + number % 3, 5 + number))
    parcel(shop.ticket, "8.88", on(4, 9))
    under_warranty(shop, 2)


def test_a_closed_month_read_from_its_roll_up_equals_the_recomputation_to_the_fen(shop):
    busy(shop)
    for month in (MARCH, APRIL, MAY):
        now = compute(month)
        assert now
        close(month, shop.who.fins, on(6, 1))
        assert of_month(month) == now == compute(month)


def test_the_months_of_a_closed_year_sum_to_the_year(shop):
    busy(shop)
    open_year = of_year(2026)
    for month in (MARCH, APRIL, MAY):
        close(month, shop.who.fins, on(6, 1))
    assert of_year(2026) == open_year
    sums = by_engineer(open_year)[shop.who.eng.pk]
    assert (sums["parts"], sums["parts_cost"]) == (Decimal("99.99"), Decimal("30.03"))


def test_a_roll_up_is_written_once(shop):
    busy(shop)
    row = close(MARCH, shop.who.fins, on(4, 6))
    assert (roll_up(row), AccountRow.objects.filter(closed=row).count()) == (0, len(compute(MARCH)))


def test_a_month_opened_again_is_computed_and_rolled_up_anew(shop):
    busy(shop)
    row = close(MARCH, shop.who.fins, on(4, 6))
    row.reopened_at = on(4, 7)
    row.save()
    pay(labour(shop.ticket, "5.00", on(3, 30)), "5.00", on(3, 30))
    assert of_month(MARCH) == compute(MARCH) != accounts.rolled_up([row])
    close(MARCH, shop.who.fins, on(4, 8))
    assert of_month(MARCH) == compute(MARCH)


def test_a_closed_month_asks_two_statements_and_an_open_one_no_more_for_more_rows(shop):
    busy(shop)
    close(MARCH, shop.who.fins, on(4, 6))
    with CaptureQueriesContext(connection) as closed:
        of_month(MARCH)
    assert len(closed) == 2
    with CaptureQueriesContext(connection) as few:
        compute(APRIL)
    for number in range(3):
        pay(labour(shop.ticket, f"{number + 1}.00", on(4, 2)), f"{number + 1}.00", on(4, 12 + number))
    with CaptureQueriesContext(connection) as more:
        compute(APRIL)
    assert len(more) == len(few)


def test_what_belongs_to_nobody_is_kept_as_well(shop):
    parcel(None, "3.00", on(3, 9))
    row = close(MARCH, shop.who.fins, on(4, 6))
    assert AccountRow.objects.get(closed=row).engineer is None
    assert by_engineer(of_month(MARCH))[None]["freight"] == Decimal("3.00")


def test_a_row_of_the_ledger_says_of_which_part_line_it_speaks():
    assert [cash.line_of(key) for key in ("line:17:issue:2", "paid:line:17:issue:2", "labour:BX1", "line:x:y")] == [
        17, None, None, None,
    ]  # fmt: skip


def test_two_engineers_are_kept_apart(shop):
    other = build.person("ENG")
    pay(labour(shop.ticket, "80.00", on(3, 2)), "80.00", on(3, 3))
    row = labour(shop.ticket, "20.00", on(3, 2))
    Receivable.objects.filter(pk=row.pk).update(engineer=other)
    pay(row, "20.00", on(3, 3))
    found = compute(MARCH)
    assert (of(found, shop.who.eng), of(found, other)) == (
        {"labour": Decimal("80.00")},
        {"labour": Decimal("20.00")},
    )
    assert Why.SHARE


def test_months_that_follow_each_other_are_computed_at_once(shop):
    assert accounts.stretches([MARCH, APRIL, MARCH.replace(month=6)]) == [
        (MARCH, MAY), (MARCH.replace(month=6), MARCH.replace(month=7)),
    ]  # fmt: skip
    busy(shop)
    whole: dict = {}
    for month in (MARCH, APRIL, MAY):
        for key, amount in compute(month).items():
            whole[key] = whole.get(key, 0) + amount
    assert compute(MARCH, MARCH.replace(month=6)) == {key: amount for key, amount in whole.items() if amount}
