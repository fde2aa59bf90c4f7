"""The information fee (4.2): once for a sale, through the ledger and the payroll list within the cap, and back."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.access import Denied
from aftersales.problems import OutOfTurn
from finance.models import Account, Deduction, Fee, Kind, Transfer
from finance.services import fees, ledger, months, payroll
from finance.sheets import payroll_list
from sales import lead_services as sales
from tests import build
from tests.sales import leads

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.clause("4.2"),
    pytest.mark.usefixtures("deductions_have_pages"),
]
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
MARCH = dt.date(2026, 3, 1)


@pytest.fixture
def fee(people, monday):
    return owed(people, monday)


def owed(people, at, commission="1234.50"):
    """A confirmed sale to a customer whom the engineer had registered."""
    who = leads.customer(at)
    leads.lead(who, people.eng, at)
    sale = sales.confirm(
        leads.sale(who, people.sales, at + HOUR, commission), by=people.sales_head, at=at + 2 * HOUR
    )
    return Fee.objects.filter(sale=sale).first()


def balances():
    """What is not nothing: (kind, whose) → yuan. The sum over all accounts is nothing by construction."""
    found = {(row.kind, row.of): row.balance() for row in Account.objects.all()}
    assert sum(found.values()) == 0
    return {key: amount for key, amount in found.items() if amount}


def wages(people, month, wage="6000.00"):
    for who in (people.sales, people.eng):
        payroll.enter_wage(
            who, month=month, amount=Decimal(wage), by=people.fin, at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
        )


def minimum(people):
    payroll.enter_minimum(
        since=MARCH, amount=Decimal("2000.00"), by=people.fin, at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    )


def confirm(people, who, at):
    return payroll.confirm(who, month=at.date().replace(day=1), by=build.person("FINS"), at=at)


def test_it_arises_with_the_confirmed_commission_and_finance_puts_it_on_the_list(people, fee, monday):
    assert (fee.stage, fee.seller, fee.engineer, fee.amount) == (
        "due",
        people.sales,
        people.eng,
        Decimal("61.73"),
    )
    assert not Transfer.objects.exists()
    fee = fees.pay(fee, by=people.fin, at=monday + DAY)
    draft = Deduction.objects.get(paper=fee.number)
    assert (draft.kind, draft.engineer, draft.amount, draft.month) == (
        "fee",
        people.sales,
        Decimal("61.73"),
        MARCH,
    )
    assert balances() == {
        (Kind.FEE, people.eng.username): Decimal("-61.73"), (Kind.SELLER, people.sales.username): Decimal("61.73"),
    }  # fmt: skip
    assert Transfer.objects.get().key == f"fee:{fee.sale.number}"


def test_what_is_kept_back_is_paid_with_the_engineers_wage_and_the_books_are_even(people, fee, monday):
    fees.pay(fee, by=people.fin, at=monday + DAY)
    minimum(people)
    wages(people, MARCH)
    confirm(people, people.sales, monday + 2 * DAY)
    assert balances() == {}
    rows = payroll_list._people(
        payroll_list.deducted(MARCH), payroll_list.put_on_the_list(MARCH), payroll_list.passed_on(MARCH)
    )
    assert sorted((login, minus, plus, paid, net) for _name, login, minus, plus, paid, net in rows) == sorted([
        (people.sales.username, Decimal("61.73"), Decimal(0), Decimal(0), Decimal("61.73")),
        (people.eng.username, Decimal(0), Decimal(0), Decimal("61.73"), Decimal("-61.73")),
    ])  # fmt: skip
    assert months.prove(monday + 3 * DAY) == []


def test_the_cap_protects_the_salesperson_too_the_rest_is_paid_next_month(people, monday):
    fee = owed(people, monday, "20000.00")
    fees.pay(fee, by=people.fin, at=monday + DAY)
    minimum(people)
    wages(people, MARCH, "2400.00")  # the cap is 400.00
    confirm(people, people.sales, monday + 2 * DAY)
    assert balances() == {
        (Kind.FEE, people.eng.username): Decimal("-600.00"), (Kind.SELLER, people.sales.username): Decimal("600.00"),
    }  # fmt: skip
    april = monday + 31 * DAY
    wages(people, dt.date(2026, 4, 1))
    confirm(people, people.sales, april)
    assert balances() == {} and fees.paid(fee, people.sales) == Decimal("1000.00")


@pytest.mark.parametrize("role", ["sales", "eng"])
def test_nobody_pays_his_own(monday, people, role):
    people._people[role] = build.person(role.upper(), "FINS")
    fee = owed(people, monday)
    with pytest.raises(Denied, match="SD04"):
        fees.pay(fee, by=getattr(people, role), at=monday + DAY)
    assert not Transfer.objects.exists()


def test_who_confirmed_the_commission_does_not_pay_the_fee(people, monday):
    who = leads.customer(monday)
    leads.lead(who, people.eng, monday)
    sales.confirm(leads.sale(who, people.sales, monday + HOUR), by=people.fin, at=monday + HOUR)
    with pytest.raises(Denied, match="SD04"):
        fees.pay(Fee.objects.get(), by=people.fin, at=monday + DAY)
    assert fees.pay(Fee.objects.get(), by=build.person("FIN"), at=monday + DAY).stage == "ordered"


def test_twice_is_once(people, fee, monday):
    fees.pay(fee, by=people.fin, at=monday + DAY)
    with pytest.raises(OutOfTurn):
        fees.pay(fee, by=people.fin, at=monday + DAY)
    assert fees.arise(fee.sale, by=people.fin, at=monday + DAY) == fee
    assert (Fee.objects.count(), Transfer.objects.count(), Deduction.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize("commission", ["0.00", "0.09"])
def test_of_next_to_nothing_no_fee_arises(people, monday, commission):
    assert owed(people, monday, commission) is None


def cancel(sale, people, at):
    sales.ask_cancel(sale, reason="退车", by=people.sales, at=at)
    sales.cancel(sale, by=people.sales_head, at=at)


def test_a_cancelled_sale_drops_what_is_not_booked(people, fee, monday):
    cancel(fee.sale, people, monday + DAY)
    fee.refresh_from_db()
    assert fee.stage == "dropped" and not Transfer.objects.exists()


def test_what_is_booked_is_taken_back_by_two_and_once(people, fee, monday):
    first, second = build.person("FINS"), build.person("FINS")
    fees.pay(fee, by=people.fin, at=monday + DAY)
    cancel(fee.sale, people, monday + DAY)
    fees.propose_reversal(fee, reason="退车", by=first, at=monday + DAY)
    with pytest.raises(Denied, match="SD12"):
        fees.take_back(fee, by=first, at=monday + DAY)
    fees.take_back(fee, by=second, at=monday + DAY)
    with pytest.raises(OutOfTurn):
        fees.take_back(fee, by=second, at=monday + DAY)
    assert balances() == {} and Deduction.objects.get().stage == "dropped"


def test_what_the_engineer_had_got_goes_back_to_the_salesperson(people, fee, monday):
    minimum(people)
    wages(people, MARCH)
    wages(people, dt.date(2026, 4, 1))
    fees.pay(fee, by=people.fin, at=monday + DAY)
    confirm(people, people.sales, monday + DAY)
    cancel(fee.sale, people, monday + 2 * DAY)
    fees.propose_reversal(fee, reason="退车", by=build.person("FINS"), at=monday + 2 * DAY)
    fees.take_back(fee, by=build.person("FINS"), at=monday + 2 * DAY)
    back = Deduction.objects.get(engineer=people.eng)
    assert (back.amount, back.month) == (Decimal("61.73"), MARCH)
    confirm(people, people.eng, monday + 3 * DAY)
    assert balances() == {} and months.prove(monday + 3 * DAY) == []
    (row,) = [pair for pair in payroll_list.passed_on(MARCH) if pair[0].engineer_id == people.eng.pk]
    assert fees.gets(*row) == people.sales


def test_the_second_does_not_agree_and_it_stands(people, fee, monday):
    fees.pay(fee, by=people.fin, at=monday + DAY)
    fees.propose_reversal(fee, reason="x", by=build.person("FINS"), at=monday + DAY)
    fees.let_stand(fee, by=build.person("FINS"), at=monday + DAY)
    assert fees.proposal_of(fee) is None and ledger.balance(
        fees.account(Kind.SELLER, people.sales)
    ) == Decimal("61.73")


def test_each_sees_his_own_and_the_engineer_no_commission(people, fee, monday, as_user, one_factor):
    """The canary: 1234.50 stands where the sale itself opens, and nowhere on what the engineer reads."""
    other = build.person("ENG")
    assert [
        Fee.objects.visible_to(u).count() for u in (people.eng, people.sales, people.fin, other, people.cs)
    ] == [1, 1, 1, 0, 0]
    lead = fee.sale.lead
    addresses = (fee.get_absolute_url(), "/finance/fees/", lead.get_absolute_url(), "/sales/leads/", f"/api/v1/fees/{fee.number}",
                 f"/api/v1/leads/{lead.number}", "/api/v1/leads", "/desk/", "/desk/inbox/")  # fmt: skip
    for address in addresses:
        answer = as_user(people.eng).get(address)
        text = answer.content.decode()
        assert answer.status_code == 200 and "1234.50" not in text and "1,234.50" not in text, address
    assert "61.73" in as_user(people.eng).get(fee.get_absolute_url()).content.decode()
    assert as_user(people.eng).get(fee.sale.get_absolute_url()).status_code in (403, 404)
    assert "1,234.50" in as_user(people.sales).get(fee.get_absolute_url()).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_a_fixed_number_of_statements(
    people, monday, as_user, one_factor, count, django_assert_max_num_queries
):
    for n in range(count):
        owed(people, monday + n * DAY)
    client = as_user(people.fin)
    with django_assert_max_num_queries(5):
        page = client.get("/finance/fees/")
    assert len(page.context["rows"]) == count
