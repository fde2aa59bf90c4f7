"""Every address × every role × reading and writing, against the policy: who may not is refused, who may is let in."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts import declared
from accounts.access import may
from accounts.addresses import Address, addresses
from accounts.grants import ACTIONS
from aftersales.pages.releases import DESK as SIGNED_BY_API
from dispatch.desk.trips import DESK as TRIP
from finance.desk.assessments import DESK as ASSESSMENT
from finance.desk.claims import DESK as CLAIMS
from finance.desk.deductions import DESK as DEDUCTION
from finance.desk.fees import DESK as FEES
from finance.desk.reconciliations import DESK as RECONCILIATION
from finance.desk.statements import DESK as STATEMENTS
from finance.desk.year_end import DESK as YEAR_ENDS
from parts.desk.releases import RELEASE_DESK, RETURN_DESK
from parts.desk.store import DISPOSAL, ENQUIRY, SHIPMENT, STOCKTAKE
from repairs.papers import ORDERS, QUOTES
from sales.desk.papers import LEADS, SALES
from technical.desk.notices import DESK as NOTICE
from technical.desk.reports import DESK as REPORTS
from technical.desk.suppliers import DESK as SUPPLIER_CLAIMS

from .examples import EXAMPLES
from .personas import PERSONAS, person
from .world import World

pytestmark = pytest.mark.django_db
METHODS = ("GET", "POST")
SIGN_IN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def named() -> list[Address]:
    return [address for address in addresses() if address.name]


def test_every_address_has_a_name():
    assert [a.route for a in addresses() if not a.name] == []


def test_every_address_with_arguments_has_an_example():
    taking = {a.name for a in named() if a.arguments}
    assert sorted(taking - set(EXAMPLES)) == []


def test_every_example_belongs_to_an_address():
    assert sorted(set(EXAMPLES) - {a.name for a in named()}) == []


def walk(client_for: Any, world: World) -> list[tuple[str, str, Any]]:
    """(address, method, response) of every address; whatever a request changed is undone."""
    seen = []
    for address in named():
        maker = EXAMPLES.get(address.name, lambda w: {})
        if address.arguments and address.name not in EXAMPLES:
            continue  # its own test above fails
        path = reverse(address.name, kwargs=maker(world))
        for method in METHODS:
            with transaction.atomic():
                seen.append((address.name, method, client_for().generic(method, path)))
                transaction.set_rollback(True)
    return seen


def verdict(response: Any) -> str:
    """sign in | refused | let in: what the door said."""
    if response.status_code == 401 or (response.status_code == 302 and response.url.startswith(SIGN_IN)):
        return "sign in"
    return "refused" if response.status_code == 403 else "let in"


def expected(name: str, user: Any) -> str:
    actions, is_public = declared.of(VIEWS[name], name)
    if not user.is_authenticated:
        return "let in" if is_public and declared.for_visitors(actions) else "sign in"
    return "let in" if any(may(user, action) for action in actions) else "refused"


VIEWS: dict[str, Any] = {}


@pytest.fixture(autouse=True)
def _views():
    VIEWS.update({a.name: a.view for a in named()})


def own_rights() -> dict[str, str]:
    """The address of a paper's step → the right of the step in its example: the page opens by the paper's right, the
    step asks its own as well."""
    found = {}
    ours = (
        DEDUCTION,
        RECONCILIATION,
        ASSESSMENT,
        STATEMENTS,
        YEAR_ENDS,
        TRIP,
        CLAIMS,
        SUPPLIER_CLAIMS,
        NOTICE,
        REPORTS,
        LEADS,
        SALES,
        FEES,
    )
    for desk in (QUOTES, ORDERS, STOCKTAKE, DISPOSAL, ENQUIRY, SHIPMENT, RELEASE_DESK, RETURN_DESK, *ours):
        for app in (desk.app, "api"):
            name = f"{app}:{desk.name}_step"
            found[name] = desk.steps.rows[STEP_NAMES[name]].action
    found["api:release_step"] = SIGNED_BY_API.steps.rows["sign"].action
    return found


#: the step in every example, as examples.py gives it
STEP_NAMES = {
    "parts:release_step": "cancel", "api:release_step": "cancel", "parts:return_step": "confirm", "api:return_step": "confirm",
    "parts:stocktake_step": "confirm", "api:stocktake_step": "confirm", "parts:disposal_step": "confirm",
    "api:disposal_step": "confirm", "parts:enquiry_step": "answer", "api:enquiry_step": "answer",
    "parts:shipment_step": "send", "api:shipment_step": "send", "repairs:quotation_step": "accept",
    "finance:statement_step": "approve", "api:statement_step": "approve", "finance:year_end_step": "send_back",
    "api:year_end_step": "send_back", "api:quotation_step": "accept", "repairs:order_step": "edit", "api:order_step": "edit",
    "dispatch:trip_step": "cancel", "api:trip_step": "cancel", "technical:notice_step": "withdraw", "api:notice_step": "withdraw",
    "technical:report_step": "send_back", "api:report_step": "send_back",
    "finance:deduction_step": "object", "api:deduction_step": "object", "finance:reconciliation_step": "sign_finance",
    "api:reconciliation_step": "sign_finance", "finance:assessment_step": "approve", "api:assessment_step": "approve",
    "finance:claim_step": "check", "api:claim_step": "check",
    "sales:lead_step": "take", "api:lead_step": "take", "sales:sale_step": "confirm", "api:sale_step": "confirm",
    "finance:fee_step": "pay", "api:fee_step": "pay", "technical:supplier_claim_step": "drop", "api:supplier_claim_step": "drop",
}  # fmt: skip
STEPS = own_rights()
#: read and write at one address: the right that writing asks
WRITES = {"api:receipts": "payment.record", "api:site_money": "site_money.declare", "api:wages": "wage.enter",
          "api:trips": "trip.request", "api:fuel": "vehicle.fuel_log", "api:fines": "violation.log", "api:claims": "expense.claim",
          "api:disputes": "quality.customer_dispute",
          "api:deliveries": "delivery.brief", "api:vehicles": "customer_vehicle.write", "technical:dispute": "dispute.answer",
          "api:leads": "purchase_intent.create", "api:sales": "sale.record",
          **{f"{place}_standard": f"standard.{right}" for place, right in (
              ("technical:publish", "publish"), ("api:publish_quality", "publish"), ("technical:drop", "draft"),
              ("api:drop_quality", "draft"))}}  # fmt: skip


#: allauth sends a signed-in person on, and asks again who he is before it shows these
FORWARDS = {"account_login", "mfa_authenticate", "account_logout"}


@pytest.mark.parametrize("code", PERSONAS)
def test_a_role_comes_exactly_where_the_policy_lets_it(code):
    user, world = person(code), World()
    client = Client(raise_request_exception=False)
    client.force_login(user)
    cookies = client.cookies.copy()
    if not user.is_active:
        user = AnonymousUser()

    def fresh() -> Client:
        other = Client(raise_request_exception=False)
        other.cookies = cookies.copy()
        return other

    wrong, broken = [], []
    for name, method, response in walk(fresh, world):
        said, due = verdict(response), expected(name, user)
        if response.status_code == 500:
            broken.append((name, method, response.status_code))
        elif said != due and not excused(name, said, due, user, response):
            wrong.append((name, method, response.status_code, f"{said} instead of {due}"))
    assert broken == []
    assert wrong == []


def excused(name: str, said: str, due: str, user: Any, response: Any) -> bool:
    """A view may still refuse what is not his own (O), or a rule of separation (C); allauth forwards to signing in."""
    if name in FORWARDS and due == "let in" and said == "sign in":
        return True
    letters = {user.cell(a) for a in declared.of(VIEWS[name], name)[0]} if user.is_authenticated else set()
    if due != "let in" or said != "refused":
        return False
    writes = response.request["REQUEST_METHOD"] == "POST"
    own = STEPS.get(name) or (WRITES.get(name) if writes else None)
    return "Y" not in letters or (own is not None and user.cell(own) != "Y")


def test_every_step_of_a_paper_is_known_by_its_own_right():
    ours = {a.name for a in named() if a.name.endswith("_step")} - {"api:take_step"}
    assert ours == set(STEPS)


def test_a_visitor_is_asked_to_sign_in_wherever_the_page_is_not_public():
    world = World()
    for name, method, response in walk(lambda: Client(raise_request_exception=False), world):
        if name not in FORWARDS:
            assert (name, method, verdict(response)) == (name, method, expected(name, AnonymousUser()))
        assert response.status_code != 500, (name, method)


def test_every_declared_action_stands_in_the_policy():
    for address in named():
        actions, _public = declared.of(address.view, address.name)
        assert actions, f"{address.name} declares nothing"
        assert set(actions) <= set(ACTIONS), address.name
