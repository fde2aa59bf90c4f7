"""`openapi.json` is valid, says no less than the endpoints do, and draws no complaint of its maker."""

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

from aftersales.api import urlpatterns
from repairs.steps import STEPS
from tests import build

pytestmark = pytest.mark.django_db


ENDPOINTS = [
    "accounts/{period}", "accounts/{year}/year-end", "assessments", "assessments/cases/{number}",
    "assessments/cases/{number}/waive", "assessments/cases/{number}/write", "assessments/new", "assessments/{number}",
    "assessments/{number}/steps/{step_name}", "bank-lists", "bank-lists/{id}", "bank-lists/{id}/post",
    "bank-lists/{id}/rows/{position}", "cars", "cars/{plate}", "cars/{plate}/fuel", "claims", "claims/{number}",
    "claims/{number}/steps/{step_name}", "codes/{code}", "consumption", "consumption/{id}/confirm", "credits",
    "credits/{number}/pay-back", "customer-refunds", "customer-refunds/{id}/drop", "customer-refunds/{id}/second", "customers",
    "customers/{number}", "deductions", "deductions/{number}", "deductions/{number}/steps/{step_name}", "deliveries",
    "deliveries/{number}", "disposals", "disposals/new", "disposals/{number}", "disposals/{number}/steps/{step_name}",
    "disputes", "disputes/{id}", "disputes/{id}/answer", "duties", "enquiries", "enquiries/new", "enquiries/{number}",
    "enquiries/{number}/steps/{step_name}", "fees", "fees/{number}", "fees/{number}/steps/{step_name}", "fines",
    "fines/{number}", "goods-receipts", "goods-receipts/new", "help", "help/{key}", "leads", "leads/{number}",
    "leads/{number}/steps/{step_name}", "ledger-accounts", "ledger-accounts/{id}", "months", "months/{month}/close",
    "months/{month}/reopen", "orders", "orders/open", "orders/{number}", "orders/{number}/quotations",
    "orders/{number}/steps/{step_name}", "part-proposals", "part-proposals/{id}", "part-proposals/{id}/approve",
    "part-proposals/{id}/refuse", "parts", "parts/import", "parts/{code}", "payrolls/{month}/{username}",
    "payrolls/{month}/{username}/confirm", "price-lists", "price-lists/draft", "price-lists/import", "price-lists/{id}",
    "price-lists/{id}/drop", "price-lists/{id}/publish", "quality-learning", "quality-reports", "quality-reports/{number}",
    "quality-reports/{number}/rectification", "quality-reports/{number}/steps/{step_name}",
    "quality-reports/{number}/supplier-claim", "quality-standards", "quality-standards/draft", "quality-standards/import",
    "quality-standards/{id}", "quality-standards/{id}/clauses", "quality-standards/{id}/clauses/remove",
    "quality-standards/{id}/drop", "quality-standards/{id}/publish", "quotations", "quotations/{number}",
    "quotations/{number}/steps/{step_name}", "rates", "receipts", "receipts/{number}", "receipts/{number}/allocate",
    "receivables", "receivables/import", "receivables/{id}", "receivables/{id}/chases", "receivables/{id}/invoice",
    "receivables/{id}/write-off", "reconciliations", "reconciliations/{number}", "reconciliations/{number}/steps/{step_name}",
    "rectifications", "rectifications/{number}", "rectifications/{number}/campaign",
    "rectifications/{number}/steps/{step_name}", "referrals", "releases", "releases/open", "releases/{number}",
    "releases/{number}/steps/{step_name}", "reports", "reports/status", "returns", "returns/{number}",
    "returns/{number}/steps/{step_name}", "sales", "sales/{number}", "sales/{number}/steps/{step_name}", "shipments",
    "shipments/{number}", "shipments/{number}/steps/{step_name}", "site-money", "site-money/{id}/confirm",
    "site-money/{id}/refuse", "statements", "statements/{number}", "statements/{number}/steps/{step_name}", "stock",
    "stock/{code}/shelf", "stocktakes", "stocktakes/new", "stocktakes/{number}", "stocktakes/{number}/steps/{step_name}",
    "supplier-claims", "supplier-claims/{number}", "supplier-claims/{number}/steps/{step_name}", "tickets",
    "tickets/phone-intake", "tickets/{number}", "tickets/{number}/quality-report", "tickets/{number}/quotations",
    "tickets/{number}/send-back", "tickets/{number}/steps/{name}", "trips", "trips/{number}",
    "trips/{number}/steps/{step_name}", "unreturned/{month}", "unreturned/{month}/submit", "vehicles", "vehicles/{vin}",
    "wages", "write-offs", "write-offs/{id}/drop", "write-offs/{id}/second", "year-ends", "year-ends/{number}",
    "year-ends/{number}/steps/{step_name}",
]  # fmt: skip


@pytest.fixture
def described(program, people):
    GENERATOR_STATS.reset()
    return program(people.cs).get("openapi.json")


def test_it_is_valid_and_its_maker_does_not_complain(described):
    validate_schema(described)
    assert not GENERATOR_STATS


def test_it_names_every_endpoint(described):
    assert sorted(path.removeprefix("/api/v1/") for path in described["paths"]) == ENDPOINTS
    assert len(urlpatterns) == 20


def test_every_step_has_its_form(described):
    body = described["paths"]["/api/v1/tickets/{number}/steps/{name}"]["post"]["requestBody"]["content"][
        "application/json"
    ]
    names = [choice["$ref"].rsplit("/", 1)[1] for choice in body["schema"]["anyOf"]]
    parts = described["components"]["schemas"]
    assert len(names) == len(STEPS) and set(names) <= set(parts)
    plan = parts["PlanStep"]
    assert plan["required"] == ["plan_type", "explanation", "told_how"]
    assert plan["properties"]["plan_type"]["enum"] == ["a", "b", "c"]
    assert plan["properties"]["appointment_at"]["format"] == "date-time"
    assert parts["CallBackStep"]["properties"]["attitude"]["enum"] == [1, 2, 3, 4, 5]


def test_every_reference_leads_somewhere(described):
    def refs(part):
        if isinstance(part, dict):
            yield from [part["$ref"]] if "$ref" in part else []
            part = list(part.values())
        for each in part if isinstance(part, list) else []:
            yield from refs(each)

    parts = described["components"]["schemas"]
    assert {ref.rsplit("/", 1)[1] for ref in refs(described)} <= set(parts)


def test_its_titles_speak_the_reader_s_language(program, people):
    spoken = program(people.cs, language="zh-hans").get("openapi.json")["components"]["schemas"][
        "ReportEntries"
    ]
    assert any("一" <= c <= "鿿" for c in spoken["properties"]["symptom"]["title"])


def test_it_is_for_the_staff(program):
    api = program()
    api.get("openapi.json")
    assert api.status == 401


def test_answers_are_as_described(program, people, described, monday):
    """The whole ticket against its own schema."""
    import jsonschema

    ticket = build.ticket(at_stage="closed", plan="c", at=monday, company=people)
    car, record = build.vehicle(), build.delivery(people.sales, monday)
    api, parts = program(people.cs), described["components"]["schemas"]
    for path, name in [
        (f"tickets/{ticket.number}", "Ticket"), ("tickets", "TicketPage"), ("duties", "Duties"), ("vehicles", "VehiclePage"),
        (f"vehicles/{car.vin}", "Vehicle"), ("customers", "CustomerPage"), (f"customers/{ticket.customer.number}", "Customer"),
        ("deliveries", "DeliveryPage"), (f"deliveries/{record.number}", "Delivery"),
    ]:  # fmt: skip
        jsonschema.validate(api.get(path), modern({**parts[name], "components": {"schemas": parts}}))


def modern(part):
    """OpenAPI's `nullable` as JSON schema says it."""
    if isinstance(part, list):
        return [modern(each) for each in part]
    if not isinstance(part, dict):
        return part
    found = {name: modern(each) for name, each in part.items() if name != "nullable"}
    return {"anyOf": [found, {"type": "null"}]} if part.get("nullable") is True else found


def test_the_description_names_the_entries_of_a_new_release(described):
    schemas = described["components"]["schemas"]
    assert set(schemas["OpenRelease"]["properties"]) == {"about", "basis", "remark"}
    assert schemas["OpenRelease"]["required"] == ["about", "basis"]
    assert "part" in schemas["AskForPart"]["properties"]
