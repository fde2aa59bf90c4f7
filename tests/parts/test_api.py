"""The store over the API: what the pages show and do."""

import pytest

from parts.models import Zone
from parts.services import on_hand
from tests import build

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/"


def post(client, path, body):
    return client.post(ROOT + path, body, content_type="application/json")


def test_goods_come_in_are_listed_and_counted(people, as_user):
    part = build.spare("M", valuable=True)
    keeper, finance = as_user(people.wh), as_user(people.fins)
    body = {"supplier": "厂", "lines": [{"part": "m", "quantity": 2, "codes": ["m1", "m2"]}]}
    made = post(keeper, "goods-receipts/new", body)
    assert (made.status_code, on_hand(part, "good")) == (201, 2), made.content
    assert keeper.get(ROOT + "stock?q=m").json()["results"] == [
        {"part": "M", "name": "配件 M", "zone": "good", "holder": None, "quantity": 2, "shelf": ""}
    ]
    assert keeper.get(ROOT + "codes/m1").json()["life"][0]["what"] == "received"
    assert "cost" not in keeper.get(ROOT + "goods-receipts").json()["results"][0]["lines"][0]
    assert finance.get(ROOT + "goods-receipts").json()["results"][0]["lines"][0]["cost"] is None
    paper = post(
        keeper, "stocktakes/new", {"reason": "盘", "lines": [{"part": "M", "counted": 1, "codes": ["m2"]}]}
    ).json()
    assert post(keeper, f"stocktakes/{paper['number']}/steps/confirm", {}).status_code == 403
    assert post(finance, f"stocktakes/{paper['number']}/steps/confirm", {}).json()["stage"] == "done"
    assert on_hand(part, Zone.GOOD) == 1


def test_a_part_is_asked_for_and_answered(people, as_user):
    build.spare("A")
    number = post(as_user(people.wh), "enquiries/new", {"part": "A", "quantity": 3}).json()["number"]
    buyer = as_user(people.pur)
    assert buyer.get(f"{ROOT}enquiries/{number}").json()["quantity"] == 3
    step = f"enquiries/{number}/steps/answer"
    assert post(buyer, step, {"can_have": True}).status_code == 422
    assert post(buyer, step, {"can_have": True, "arrives_on": "2026-12-01"}).json()["stage"] == "answered"


@pytest.mark.parametrize(
    "body",
    [[], {"lines": 3}, {"lines": [3]}, {"supplier": "厂", "lines": [{"part": "none", "quantity": 1}]},
     {"supplier": "厂", "lines": [{"part": "A", "quantity": "1"}]}, {"supplier": "厂", "lines": [{"part": "A", "quantity": 1, "codes": 3}]},
     {"lines": [{"part": "A", "quantity": 1}]}],
)  # fmt: skip
def test_a_body_that_is_none_is_refused(people, as_user, body):
    build.spare("A")
    assert post(as_user(people.wh), "goods-receipts/new", body).status_code in (400, 422)


def test_the_engineer_reads_the_stock_and_changes_nothing(people, as_user):
    client = as_user(people.eng)
    assert client.get(ROOT + "stock").status_code == 200
    assert post(client, "goods-receipts/new", {}).status_code == 403
