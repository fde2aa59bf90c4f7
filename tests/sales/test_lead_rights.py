"""Every role and every step of a lead, a sale and a fee: who is offered it, and everybody else is refused (4.2, SD04)."""

import datetime as dt

import pytest

from accounts.access import Denied
from aftersales.problems import OutOfTurn, Refusal
from finance.desk.fees import STEPS as FEE_STEPS
from finance.models import Fee
from finance.services import fees
from sales import lead_services as services
from sales.lead_steps import LEAD_STEPS, SALE_STEPS
from tests import build

from . import leads

pytestmark = [pytest.mark.django_db, pytest.mark.clause("4.2")]
HOUR = dt.timedelta(hours=1)
ENTRIES = {"propose_reversal": {"reason": "退车"}}
ROLES = (
    "sales",
    "colleague",
    "sales_head",
    "cs",
    "eng",
    "fin",
    "fins",
    "wh",
    "ga",
    "tech",
    "pur",
    "mgr",
    "sys",
    "aud",
)
#: paper as it stands → step → who takes it
MAY = {
    "open lead": {"take": {"sales", "colleague", "sales_head"}, "assign": {"sales_head", "mgr"},
                  "lose": {"sales", "colleague", "sales_head"}, "follow": set()},
    "lead in hand": {"take": set(), "follow": {"sales"}, "assign": {"sales_head", "mgr"}, "lose": {"sales"}},
    "recorded sale": {"confirm": {"sales_head", "fin", "fins"}, "send_back": {"sales_head", "fin", "fins"}, "ask_cancel": {"sales"},
                      "correct": set(), "cancel": set(), "let_stand": set()},
    "returned sale": {"correct": {"sales"}, "ask_cancel": {"sales"}, "confirm": set(), "send_back": set(), "cancel": set(),
                      "let_stand": set()},
    "sale to cancel": {"cancel": {"sales_head", "fin", "fins"}, "let_stand": {"sales_head", "fin", "fins"}, "confirm": set(),
                       "send_back": set(), "ask_cancel": set(), "correct": set()},
    "due fee": {"pay": {"fin", "fins"}, "propose_reversal": set(), "take_back": set(), "let_stand": set()},
    "ordered fee": {"pay": set(), "propose_reversal": {"fins"}, "take_back": set(), "let_stand": set()},
    "fee to take back": {"pay": set(), "propose_reversal": set(), "take_back": {"fins"}, "let_stand": {"fins"}},
}  # fmt: skip


def made(name, people, at):
    """(the table of steps, the paper as it stands)."""
    who = leads.customer(at)
    lead = leads.lead(who, people.eng, at)
    if "lead" in name:
        return LEAD_STEPS, lead if name == "open lead" else services.take(lead, by=people.sales, at=at)
    sale = leads.sale(who, people.sales, at + HOUR)
    if name == "returned sale":
        return SALE_STEPS, services.send_back(sale, reason="x", by=build.person("FIN"), at=at + HOUR)
    if name == "sale to cancel":
        return SALE_STEPS, services.ask_cancel(sale, reason="x", by=people.sales, at=at + HOUR)
    if name == "recorded sale":
        return SALE_STEPS, sale
    services.confirm(sale, by=build.person("FIN"), at=at + HOUR)
    fee = Fee.objects.get(sale=sale)
    if name != "due fee":
        fee = fees.pay(fee, by=build.person("FIN"), at=at + HOUR)
    if name == "fee to take back":
        fee = fees.propose_reversal(fee, reason="x", by=build.person("FINS"), at=at + HOUR)
    return FEE_STEPS, fee


@pytest.mark.parametrize("name", MAY)
def test_who_may_take_which_step(name, people, monday):
    people._people["colleague"] = build.person("SALES")
    steps, paper = made(name, people, monday)
    assert set(MAY[name]) == set(steps.rows)
    for role in ROLES:
        user = getattr(people, role)
        offered = {step.name for step, why in steps.offered(paper, user) if why is None}
        assert offered == {step for step, roles in MAY[name].items() if role in roles}, role
        for step in set(steps.rows) - offered:
            with pytest.raises((Denied, OutOfTurn, Refusal)):
                steps.take(paper, step, by=user, at=monday + 2 * HOUR, **ENTRIES.get(step, {}))
