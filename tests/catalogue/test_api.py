"""`/api/v1/parts`, proposals and price lists: the same rights and the same rules as the pages."""

import pytest

from catalogue.models import Part, PriceList
from tests import build

pytestmark = pytest.mark.django_db
FAR = "2099-01-01"


@pytest.mark.clause("5.1")
def test_a_part_is_proposed_and_approved(program, people):
    finance, technical = program(people.fin), program(people.tech)
    body = {"reason": "新件", "parts": [{"code": "BP-1", "name": "刹车片", "valuable": True}]}
    made = finance.post("part-proposals", body, key="k")
    assert finance.status == 201 and finance.post("part-proposals", body, key="k") == made
    finance.post(f"part-proposals/{made['id']}/approve")
    assert finance.status == 409
    assert technical.post(f"part-proposals/{made['id']}/approve")["approved"] is True
    assert Part.objects.get().valuable
    said = program(people.eng).get("parts/BP-1")
    assert (said["valuable"], said["price"], len(said["versions"])) == (True, None, 1)
    assert [row["code"] for row in program(people.eng).get("parts", q="scp")["results"]] == ["BP-1"]


@pytest.mark.clause("8.1")
def test_a_list_is_drafted_and_published(program, people, monday):
    build.master_part("BP-1", at=monday)
    clerk, signer = program(people.fin), program(people.fins)
    rates = [{"kind": "labour", "code": "GS-1", "name": "换", "price": "60.00"}]
    body = {
        "title": "春季",
        "effective_on": FAR,
        "prices": [{"code": "BP-1", "price": "58.50"}],
        "rates": rates,
    }
    made = clerk.post("price-lists/draft", body)
    assert (clerk.status, made["stage"]) == (201, "draft")
    program(people.eng).get(f"price-lists/{made['id']}")
    assert signer.post(f"price-lists/{made['id']}/publish")["stage"] == "published"
    said = program(people.eng).get(f"price-lists/{made['id']}")
    assert (said["lines"], said["rates"][0]["price"]) == ([{"code": "BP-1", "price": "58.50"}], "60.00")
    assert [rate["code"] for rate in program(people.eng).get("rates", day=FAR)["results"]] == ["GS-1"]


BAD = [
    ("part-proposals", {"reason": "x", "parts": [{"code": "A", "name": {"a": 1}}]}, 422),
    ("part-proposals", {"reason": "x", "parts": "A"}, 422), ("part-proposals", {"reason": "x", "parts": [{"colour": "red"}]}, 422),
    ("part-proposals", {"parts": [{"code": "A", "name": "x"}]}, 422), ("part-proposals", {"reason": "x", "parts": []}, 422),
    ("price-lists/draft", {"title": "x", "effective_on": "no"}, 422), ("price-lists/draft", {"title": "x", "effective_on": "2020-01-01"}, 422),
    ("price-lists/draft", {"title": "x", "effective_on": FAR, "prices": [{"code": "BP-404", "price": 1}]}, 422),
    ("price-lists/draft", {"title": "x", "effective_on": FAR, "rates": [{"kind": "labour", "code": "G", "name": "x"}]}, 422),
    ("price-lists/draft", {"title": "x", "effective_on": FAR, "rates": [{"kind": "dance", "code": "G", "name": "x", "price": 1}]}, 422),
    ("parts/import", {"reason": "x"}, 422), ("price-lists/import", {}, 422),
]  # fmt: skip


@pytest.mark.parametrize(("path", "body", "status"), BAD)
def test_a_body_that_says_nothing_sensible(program, people, path, body, status):
    api = program(people.fin)
    api.post(path, body)
    assert (api.status, Part.objects.count(), PriceList.objects.count()) == (status, 0, 0)


@pytest.mark.parametrize("price", ["abc", "1e9", 1e9, -1, 1.005, True, None, "", [], "NaN"])
def test_a_price_that_is_none(program, people, monday, price):
    build.master_part("BP-1", at=monday)
    api = program(people.fin)
    api.post(
        "price-lists/draft", {"title": "x", "effective_on": FAR, "prices": [{"code": "BP-1", "price": price}]}
    )
    assert (api.status, PriceList.objects.count()) == (422, 0)


@pytest.mark.parametrize(("path", "body"), [
    ("part-proposals", {}), ("price-lists/draft", {}), ("parts/import", {}), ("price-lists/import", {}), ("price-lists/1/publish", {}),
])  # fmt: skip
def test_who_may_not_write_is_refused(program, people, path, body):
    api = program(people.wh)
    api.post(path, body)
    assert api.status == 403
