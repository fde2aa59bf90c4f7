"""Every endpoint × (nobody, the wrong role, the right role), and many bodies that nobody thought of."""

import re

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from catalogue.models import PartVersion
from parts.models import ConsumptionReport
from repairs.flow import Stage
from repairs.models import Ticket
from repairs.steps import STEPS
from tests import build
from tests.access.world import World

pytestmark = pytest.mark.django_db

#: method, path, a role that may not, a role that may, what the right one is answered
WALK = [
    ("GET", "tickets", "pur", "cs", 200), ("GET", "tickets/{number}", "pur", "cs", 200), ("GET", "duties", "", "pur", 200),
    ("GET", "vehicles", "", "cs", 200), ("GET", "vehicles/{vin}", "", "cs", 200), ("GET", "customers", "pur", "cs", 200),
    ("GET", "customers/{customer}", "pur", "cs", 200), ("GET", "openapi.json", "", "cs", 200),
    ("POST", "tickets/phone-intake", "eng", "cs", 422), ("POST", "referrals", "eng", "sales", 422),
    ("GET", "parts", "", "wh", 200), ("GET", "parts/{code}", "", "wh", 200), ("POST", "parts/import", "wh", "fin", 422),
    ("GET", "part-proposals", "wh", "tech", 200), ("POST", "part-proposals", "wh", "tech", 422), ("GET", "part-proposals/{pk}", "wh", "tech", 200), ("GET", "rates", "ga", "eng", 200),
    ("POST", "part-proposals/{pk}/approve", "wh", "tech", 409), ("POST", "part-proposals/{pk}/refuse", "wh", "tech", 422),
    ("GET", "price-lists", "ga", "eng", 200), ("GET", "price-lists/{none}", "ga", "eng", 404), ("POST", "price-lists/draft", "wh", "fin", 422),
    ("POST", "price-lists/import", "wh", "fin", 422), ("POST", "price-lists/{none}/publish", "fin", "fins", 404),
    ("POST", "price-lists/{none}/drop", "wh", "fin", 404),
    ("POST", "tickets/{number}/steps/note", "pur", "cs", 422), ("POST", "tickets/{number}/steps/contact", "cs", "eng", 422),
    ("GET", "quotations", "pur", "cs", 200), ("GET", "quotations/{quotation}", "pur", "cs", 200),
    ("POST", "quotations/{quotation}/steps/accept", "aud", "cs", 422), ("POST", "tickets/{contacted}/quotations", "cs", "eng", 201),
    ("GET", "orders", "sales", "cs", 200), ("GET", "orders/{order}", "sales", "cs", 200), ("POST", "orders/open", "sales", "cs", 422),
    ("POST", "orders/{order}/steps/edit", "aud", "cs", 200), ("POST", "orders/{order}/quotations", "cs", "eng", 201),
    ("GET", "stock", "cs", "wh", 200), ("POST", "stock/{spare}/shelf", "pur", "wh", 200), ("GET", "codes/{piece}", "cs", "wh", 200),
    ("GET", "goods-receipts", "cs", "wh", 200), ("POST", "goods-receipts/new", "fin", "wh", 400),
    ("GET", "stocktakes", "cs", "wh", 200), ("GET", "stocktakes/{stocktake}", "cs", "wh", 200),
    ("POST", "stocktakes/new", "fins", "wh", 400), ("POST", "stocktakes/{stocktake}/steps/confirm", "wh", "fins", 200),
    ("GET", "disposals", "cs", "wh", 200), ("GET", "disposals/{disposal}", "cs", "wh", 200),
    ("POST", "disposals/new", "pur", "wh", 422), ("POST", "disposals/{disposal}/steps/confirm", "pur", "fins", 200),
    ("GET", "enquiries", "cs", "pur", 200), ("GET", "enquiries/{enquiry}", "cs", "pur", 200),
    ("POST", "enquiries/new", "pur", "wh", 422), ("POST", "enquiries/{enquiry}/steps/answer", "wh", "pur", 422),
    ("GET", "shipments", "pur", "ga", 200), ("GET", "shipments/{shipment}", "pur", "ga", 200),
    ("POST", "shipments/{shipment}/steps/send", "pur", "ga", 422),
    ("GET", "releases", "pur", "fin", 200), ("GET", "releases/{release}", "pur", "fin", 200),
    ("POST", "releases/open", "cs", "eng", 422), ("POST", "releases/{release}/steps/reject", "pur", "fins", 422),
    ("GET", "returns", "pur", "wh", 200), ("GET", "returns/{handed_in}", "pur", "wh", 200),
    ("POST", "returns/{handed_in}/steps/refuse", "fin", "wh", 422),
    ("GET", "receipts", "wh", "fin", 200), ("POST", "receipts", "wh", "fin", 422), ("GET", "receipts/{receipt}", "wh", "fin", 200),
    ("POST", "receipts/{receipt}/allocate", "mgr", "fin", 422), ("GET", "receivables", "wh", "fin", 200),
    ("GET", "receivables/{owed}", "wh", "fin", 200), ("POST", "receivables/{owed}/chases", "fin", "eng", 404),
    ("POST", "receivables/{owed}/invoice", "mgr", "fin", 422), ("POST", "receivables/{owed}/write-off", "fin", "fins", 422),
    ("POST", "receivables/import", "mgr", "fin", 422), ("GET", "write-offs", "wh", "fin", 200),
    ("POST", "write-offs/{none}/second", "fin", "fins", 404), ("POST", "write-offs/{none}/drop", "fin", "fins", 404),
    ("GET", "site-money", "wh", "fin", 200), ("POST", "site-money", "fin", "eng", 422),
    ("POST", "site-money/{none}/confirm", "eng", "fin", 404), ("POST", "site-money/{none}/refuse", "eng", "fin", 404),
    ("GET", "credits", "wh", "fin", 200), ("POST", "credits/{payer}/pay-back", "fin", "fins", 422),
    ("GET", "customer-refunds", "wh", "fin", 200), ("POST", "customer-refunds/{none}/second", "fin", "fins", 404),
    ("POST", "customer-refunds/{none}/drop", "fin", "fins", 404),
    ("GET", "bank-lists", "mgr", "fin", 200), ("POST", "bank-lists", "mgr", "fin", 422), ("GET", "bank-lists/{bank_list}", "mgr", "fin", 200),
    ("POST", "bank-lists/{bank_list}/rows/2", "mgr", "fin", 422), ("POST", "bank-lists/{bank_list}/post", "mgr", "fin", 409),
    ("GET", "ledger-accounts", "wh", "fin", 200),
    ("GET", "ledger-accounts/{account}", "wh", "fin", 200),
    ("GET", "deductions", "", "fin", 200), ("GET", "deductions/{deduction}", "", "fin", 200),
    ("POST", "deductions/{deduction}/steps/uphold", "fins", "mgr", 409),
    ("GET", "payrolls/{payroll_month}/{payroll_person}", "", "fin", 200), ("POST", "payrolls/{payroll_month}/{payroll_person}/confirm", "fin", "fins", 422),
    ("GET", "wages", "aud", "fin", 200), ("POST", "wages", "mgr", "fin", 422), ("GET", "months", "eng", "fin", 200),
    ("POST", "months/{closed_month}/close", "fin", "fins", 409), ("POST", "months/{closed_month}/reopen", "fins", "mgr", 422),
    ("GET", "reconciliations", "cs", "fin", 200), ("GET", "reconciliations/{reconciliation}", "cs", "fin", 200),
    ("POST", "reconciliations/{reconciliation}/steps/sign_finance", "mgr", "fin", 409),
    ("GET", "statements", "cs", "fin", 200), ("GET", "statements/{statement}", "cs", "fin", 200),
    ("POST", "statements/{statement}/steps/approve", "mgr", "fin", 409),
    ("GET", "accounts/{period}", "cs", "fin", 200), ("POST", "accounts/{year}/year-end", "mgr", "fin", 409),
    ("GET", "year-ends", "cs", "fin", 200), ("GET", "year-ends/{year_end}", "cs", "fin", 200),
    ("POST", "year-ends/{year_end}/steps/approve", "fin", "mgr", 422),
    ("GET", "assessments", "", "fin", 200), ("POST", "assessments/new", "mgr", "fin", 422),
    ("GET", "assessments/{assessment}", "", "fin", 200), ("POST", "assessments/{assessment}/steps/approve", "fins", "mgr", 200),
    ("GET", "claims", "wh", "fin", 200), ("POST", "claims", "fin", "eng", 404), ("GET", "claims/{claim}", "wh", "fin", 200),
    ("POST", "claims/{claim}/steps/check", "mgr", "fin", 200),
    ("GET", "consumption", "cs", "pur", 200), ("POST", "consumption/{consumed}/confirm", "pur", "wh", 200),
    ("GET", "unreturned/{month}", "cs", "wh", 200), ("POST", "unreturned/{month}/submit", "fin", "wh", 200),
    ("POST", "tickets/{number}/send-back", "cs", "eng", 422),
    ("GET", "trips", "", "ga", 200), ("POST", "trips", "ga", "eng", 422), ("GET", "trips/{trip}", "", "ga", 200),
    ("POST", "trips/{trip}/steps/cancel", "cs", "ga", 422),
    ("GET", "cars", "cs", "eng", 200), ("GET", "cars/{plate}", "wh", "fin", 200), ("GET", "cars/{plate}/fuel", "cs", "mgr", 200),
    ("POST", "cars/{plate}/fuel", "ga", "vm", 422), ("GET", "fines", "", "ga", 200), ("POST", "fines", "eng", "ga", 422),
    ("GET", "fines/{fine}", "", "ga", 200),
    ("GET", "assessments/cases/{final_case}", "wh", "fin", 200), ("POST", "assessments/cases/{final_case}/write", "mgr", "fin", 201),
    ("POST", "assessments/cases/{final_case}/waive", "mgr", "fin", 422),
    ("GET", "quality-learning", "wh", "tech", 200),
    ("GET", "quality-standards", "", "wh", 200), ("GET", "quality-standards/{standard}", "", "tech", 200),
    ("POST", "quality-standards/draft", "mgr", "tech", 422), ("POST", "quality-standards/import", "mgr", "tech", 422),
    ("POST", "quality-standards/{standard}/clauses", "mgr", "tech", 422),
    ("POST", "quality-standards/{standard}/clauses/remove", "mgr", "tech", 422),
    ("POST", "quality-standards/{standard}/publish", "tech", "mgr", 200), ("POST", "quality-standards/{standard}/drop", "mgr", "tech", 200),
    ("GET", "supplier-claims", "wh", "pur", 200), ("GET", "supplier-claims/{supplier_claim}", "wh", "fin", 200),
    ("POST", "supplier-claims/{supplier_claim}/steps/drop", "mgr", "pur", 422),
    ("POST", "quality-reports/{suppliers_case}/supplier-claim", "wh", "tech", 422),
    ("GET", "quality-reports", "", "tech", 200), ("GET", "quality-reports/{quality_report}", "", "tech", 200),
    ("POST", "quality-reports/{quality_report}/steps/send_back", "mgr", "tech", 422),
    ("POST", "tickets/{number}/quality-report", "tech", "eng", 409),
    ("GET", "rectifications", "", "tech", 200), ("GET", "rectifications/{notice}", "", "tech", 200),
    ("POST", "quality-reports/{report}/rectification", "eng", "tech", 422),
    ("POST", "rectifications/{notice}/steps/withdraw", "fin", "tech", 422),
    ("POST", "rectifications/{notice}/campaign", "mgr", "tech", 422),
    ("GET", "leads", "wh", "eng", 200), ("POST", "leads", "fin", "eng", 422), ("GET", "leads/{lead}", "wh", "mgr", 200),
    ("POST", "leads/{lead}/steps/assign", "eng", "mgr", 422),
    ("GET", "sales", "eng", "sales", 200), ("POST", "sales", "fin", "sales", 422), ("GET", "sales/{sale}", "eng", "fin", 200),
    ("POST", "sales/{sale}/steps/send_back", "eng", "fin", 422),
    ("GET", "fees", "cs", "eng", 200), ("GET", "fees/{fee}", "cs", "fin", 200), ("POST", "fees/{fee}/steps/pay", "eng", "fin", 200),
    ("GET", "disputes", "wh", "cs", 200), ("POST", "disputes", "tech", "cs", 422), ("GET", "disputes/{dispute}", "wh", "cs", 200),
    ("POST", "disputes/{dispute}/answer", "cs", "tech", 422),
]  # fmt: skip


class Places(dict):
    """What an address speaks of, made when it is first asked for."""

    def __init__(self, people, at):
        self.people, self.at, self.world = people, at, World()
        self.world.company = people
        people._people["vm"] = build.person("GA", grants=("vehicle_manager",))

    def __missing__(self, name):
        self[name] = MADE[name](self)
        return self[name]


def reported(places):
    """A round of a ticket that consumed something (5.5)."""
    ticket = build.ticket(at_stage=Stage.ASSIGNED, at=places.at, company=places.people)
    return ConsumptionReport.objects.create(ticket=ticket, round=1, opened_at=places.at, sent_at=places.at).pk


MADE = {
    "number": lambda p: build.ticket(at_stage=Stage.ASSIGNED, at=p.at, company=p.people).number,
    "contacted": lambda p: build.ticket(at_stage=Stage.CONTACTED, at=p.at, company=p.people).number,
    "customer": lambda p: build.customer(p.at).number, "vin": lambda p: build.vehicle().vin,
    "quotation": lambda p: p.world.quotation.number, "order": lambda p: build.order(p.people, p.at).number,
    "code": lambda p: build.master_part(at=p.at).code, "pk": lambda p: PartVersion.objects.get(code=p["code"]).batch_id,
    "spare": lambda p: p.world.spare.code, "piece": lambda p: f"{p.world.spare.code}-1",
    "stocktake": lambda p: p.world.count.number, "disposal": lambda p: p.world.disposal.number,
    "enquiry": lambda p: p.world.enquiry.number, "shipment": lambda p: p.world.parcel.number,
    "release": lambda p: p.world.release.number, "handed_in": lambda p: p.world.handed_in.number,
    "owed": lambda p: p.world.owed.pk, "payer": lambda p: p.world.receipt.customer.number, "bank_list": lambda p: p.world.bank_list.pk,
    "receipt": lambda p: p.world.receipt.number, "account": lambda p: p.world.account.pk, "month": lambda p: p.world.month, "closed_month": lambda p: p.world.closed_month,
    "deduction": lambda p: p.world.deduction.number, "payroll_month": lambda p: p.world.payroll["month"],
    "payroll_person": lambda p: p.world.payroll["username"],
    "statement": lambda p: p.world.statement.number, "year_end": lambda p: p.world.year_end.number,
    "reconciliation": lambda p: p.world.reconciliation.number, "assessment": lambda p: p.world.assessment.number,
    "trip": lambda p: p.world.trip.number, "plate": lambda p: p.world.car.plate, "fine": lambda p: p.world.fine.number,
    "claim": lambda p: p.world.claim.number,
    "final_case": lambda p: p.world.final_case.number, "suppliers_case": lambda p: p.world.suppliers_case.number,
    "supplier_claim": lambda p: p.world.supplier_claim.number, "standard": lambda p: p.world.standard.pk,
    "quality_report": lambda p: p.world.quality_report.number,
    "report": lambda p: p.world.report.number,
    "lead": lambda p: p.world.lead.number, "sale": lambda p: p.world.sale.number, "fee": lambda p: p.world.fee.number,
    "notice": lambda p: p.world.rectification.number, "dispute": lambda p: p.world.dispute.pk,
    "consumed": reported, "period": lambda p: "2026-03", "year": lambda p: 2025, "none": lambda p: 999_999,
}  # fmt: skip


@pytest.fixture
def places(people, monday):
    return Places(people, monday)


@pytest.mark.parametrize(("method", "path", "wrong", "right", "status"), WALK)
def test_who_comes_in(program, people, places, method, path, wrong, right, status):
    address = path.format_map(places)
    for role, due in [("", 401), *([(wrong, 403)] if wrong else []), (right, status)]:
        api = program(getattr(people, role) if role else None)
        said = api.get(address) if method == "GET" else api.post(address, {})
        assert (role, api.status) == (role, due), said


def test_every_described_endpoint_is_walked(program, people):
    """Method by method; `reports` is everybody's and has its own tests. Names of steps and keys are folded together."""
    described = program(people.cs).get("openapi.json")["paths"]
    due = {(verb.upper(), fold(path)) for path, verbs in described.items() for verb in verbs}
    walked = {(method, fold(f"/api/v1/{path}")) for method, path, *_rest in WALK}
    assert due - walked == {("POST", "/api/v1/reports"), ("POST", "/api/v1/reports/status")}
    assert walked - due == {("GET", "/api/v1/openapi.json")}


def fold(path):
    return re.sub(r"/(steps|rows)/[^/]+", r"/\1/{}", re.sub(r"{\w+}", "{}", path))


TEXT = st.text(max_size=60) | st.sampled_from(
    ["", " ", "\x00", "<script>", "😀" * 9, "true", "a", "b", "c", "2026-03-02", "13812345678"]
)
VALUE = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | TEXT
    | st.lists(TEXT, max_size=2)
    | st.just({"a": 1})
)
FUZZ = settings(
    max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate, Phase.shrink],
)  # fmt: skip


@pytest.mark.parametrize("name", STEPS)
def test_no_body_breaks_a_step(program, people, places, name):
    """Whatever comes is taken, or refused with a problem; `Program` fails on anything else."""
    fields = list(STEPS[name].form.base_fields) or ["nothing"]
    api = {user: program(user) for user in (people.cs_head, people.eng)}

    @FUZZ
    @given(st.dictionaries(st.sampled_from(fields), VALUE, max_size=len(fields)))
    def fuzz(body):
        for one in api.values():
            one.post(
                f"tickets/{places['number']}/steps/{name}",
                {k: v for k, v in body.items() if v == v and v not in (INF, -INF)},
            )
            assert one.status in (200, 400, 403, 409, 422)

    fuzz()
    assert Ticket.objects.get(number=places["number"]).stage in Stage


INF = float("inf")


@pytest.mark.parametrize("path", ["reports", "tickets/phone-intake", "referrals"])
def test_no_body_breaks_an_intake(program, people, path):
    api = {user: program(user) for user in (people.cs, people.sales)}

    @FUZZ
    @given(st.dictionaries(st.sampled_from([*REPORT_FIELDS]), VALUE, max_size=8))
    def fuzz(body):
        given = {"contact": "王小明", "phone": "13812345678", "symptom": "x"} | body
        for one in api.values():
            one.post(path, {k: v for k, v in given.items() if v == v and v not in (INF, -INF)})
            assert one.status in (201, 400, 403, 422, 429)

    fuzz()


REPORT_FIELDS = (
    "contact", "phone", "symptom", "location", "occurred_at", "odometer", "delivered_on", "urgency", "drivable", "vin", "model",
    "plate", "region", "street", "reported_at", "media", "customer",
)  # fmt: skip
