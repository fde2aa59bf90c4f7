"""Every endpoint × (nobody, the wrong role, the right role), and many bodies that nobody thought of."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from catalogue.models import PartVersion
from repairs.flow import Stage
from repairs.models import Ticket
from repairs.steps import STEPS
from tests import build

pytestmark = pytest.mark.django_db

#: method, path, a role that may not, a role that may, what the right one is answered
WALK = [
    ("GET", "tickets", "pur", "cs", 200), ("GET", "tickets/{number}", "pur", "cs", 200), ("GET", "duties", "", "pur", 200),
    ("GET", "vehicles", "", "cs", 200), ("GET", "vehicles/{vin}", "", "cs", 200), ("GET", "customers", "pur", "cs", 200),
    ("GET", "customers/{customer}", "pur", "cs", 200), ("GET", "openapi.json", "", "cs", 200),
    ("POST", "tickets/phone-intake", "eng", "cs", 422), ("POST", "referrals", "eng", "sales", 422),
    ("GET", "parts", "", "wh", 200), ("GET", "parts/{code}", "", "wh", 200), ("POST", "parts/import", "wh", "fin", 422),
    ("GET", "part-proposals", "wh", "tech", 200), ("GET", "part-proposals/{pk}", "wh", "tech", 200), ("GET", "rates", "ga", "eng", 200),
    ("POST", "part-proposals/{pk}/approve", "wh", "tech", 409), ("POST", "part-proposals/{pk}/refuse", "wh", "tech", 422),
    ("GET", "price-lists", "ga", "eng", 200), ("GET", "price-lists/{none}", "ga", "eng", 404), ("POST", "price-lists/draft", "wh", "fin", 422),
    ("POST", "price-lists/import", "wh", "fin", 422), ("POST", "price-lists/{none}/publish", "fin", "fins", 404),
    ("POST", "price-lists/{none}/drop", "wh", "fin", 404),
    ("POST", "tickets/{number}/steps/note", "pur", "cs", 422), ("POST", "tickets/{number}/steps/contact", "cs", "eng", 422),
    ("GET", "quotations", "pur", "cs", 200), ("GET", "quotations/{quotation}", "pur", "cs", 200),
    ("POST", "quotations/{quotation}/steps/accept", "aud", "cs", 422), ("POST", "tickets/{contacted}/quotations", "cs", "eng", 201),
    ("GET", "orders", "sales", "cs", 200), ("GET", "orders/{order}", "sales", "cs", 200), ("POST", "orders/open", "sales", "cs", 422),
    ("POST", "orders/{order}/steps/edit", "aud", "cs", 200), ("POST", "orders/{order}/quotations", "cs", "eng", 201),
]  # fmt: skip


@pytest.fixture
def places(people, monday):
    ticket = build.ticket(at_stage=Stage.ASSIGNED, at=monday, company=people)
    contacted = build.ticket(at_stage=Stage.CONTACTED, at=monday, company=people)
    quote = build.quotation(contacted, monday + build.HOUR, "sent")
    part = build.master_part(at=monday)
    return {
        "number": ticket.number, "customer": ticket.customer.number, "vin": build.vehicle().vin, "contacted": contacted.number,
        "quotation": quote.number, "order": build.order(people, monday).number, "code": part.code,
        "none": 999_999, "pk": PartVersion.objects.get(code=part.code).batch_id,
    }  # fmt: skip


@pytest.mark.parametrize(("method", "path", "wrong", "right", "status"), WALK)
def test_who_comes_in(program, people, places, method, path, wrong, right, status):
    address = path.format(**places)
    for role, due in [("", 401), *([(wrong, 403)] if wrong else []), (right, status)]:
        api = program(getattr(people, role) if role else None)
        said = api.get(address) if method == "GET" else api.post(address, {})
        assert (role, api.status) == (role, due), said


def test_every_described_endpoint_is_walked(program, people):
    described = program(people.cs).get("openapi.json")["paths"]
    names = {
        "number": "{number}",
        "customer": "{number}",
        "vin": "{vin}",
        "code": "{code}",
        "pk": "{id}",
        "none": "{id}",
    } | dict.fromkeys(("contacted", "quotation", "order"), "{number}")
    walked = {
        f"/api/v1/{path.format(**names)}".replace("/steps/note", "/steps/{name}")
        .replace("/steps/contact", "/steps/{name}")
        .replace("/steps/accept", "/steps/{step_name}")
        .replace("/steps/edit", "/steps/{step_name}")
        for _m, path, *_rest in WALK
    }
    assert set(described) - walked == {"/api/v1/reports"}


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
