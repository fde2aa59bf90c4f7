"""What finance keeps of a customer he reads on “my data”, and nothing of whom the company holds responsible (PIPL 45)."""

from finance.services import invoicing, receipts
from repairs.public.kept import groups_of
from tests import build

from .debts import debt


def money_of(ticket):
    return {
        str(what): said for group in groups_of(ticket) if group.title == "Money" for what, said in group.rows
    }


def test_a_customer_without_money_has_no_such_group(shop):
    assert money_of(shop.ticket) == {}


def test_what_he_owes_what_he_paid_and_his_invoice(shop):
    row = debt(shop, "60.00")
    shop.receipt("20.00")
    invoicing.write_invoice(
        row, title="泰州物流有限公司", tax_number="91320000", by=shop.who.fin, at=shop.now()
    )
    said = money_of(shop.ticket)
    assert said["parts"] == f"¥60.00, due {row.due_on:%Y-%m-%d}, still open ¥40.00"
    assert said["Invoice"] == "泰州物流有限公司 · 91320000"
    assert "¥20.00 · bank transfer" in said.values()
    assert shop.who.eng.name not in str(said)


def test_a_receipt_that_was_reversed_was_no_payment(shop):
    paid, one, two = shop.receipt("20.00"), build.person("FINS"), build.person("FINS")
    receipts.second(
        paid, receipts.propose_reversal(paid, by=one, at=shop.now(), reason="重复"), by=two, at=shop.now()
    )
    assert money_of(shop.ticket) == {}
