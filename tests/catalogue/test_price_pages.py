"""Pages of price lists: drafted by hand, published by another, drafts for finance only."""

import io

import pytest

from catalogue.models import PriceLine, PriceList
from tests import build

pytestmark = pytest.mark.django_db
FAR = "2099-01-01"


def drafted(client):
    return client.post("/catalogue/prices/new/", {"title": "春季", "effective_on": FAR}).url


@pytest.mark.clause("8.1")
def test_a_list_is_drafted_line_by_line_and_published_by_another(people, as_user, monday):
    build.master_part("BP-1", at=monday)
    clerk, signer = as_user(people.fin), as_user(people.fins)
    url = drafted(clerk)
    clerk.post(f"{url}price/", {"part": "bp-1", "price": "58.50", "cost": "31"})
    clerk.post(
        f"{url}rate/", {"kind": "labour", "code": "GS-1", "name": "换刹车片", "unit": "小时", "price": "60"}
    )
    wrong = clerk.post(f"{url}price/", {"part": "BP-404", "price": "-1"})
    assert wrong.status_code == 422 and set(wrong.context["price_form"].errors) == {"part", "price"}
    page = signer.get(url).content.decode()
    assert "¥58.50" in page and "publish/" in page and "publish/" not in clerk.get(url).content.decode()
    signer.post(f"{url}publish/")
    paper = PriceList.objects.get()
    assert (paper.stage, paper.published_by, str(PriceLine.objects.get().since)) == (
        "published",
        people.fins,
        FAR,
    )
    assert clerk.post(f"{url}price/", {"part": "BP-1", "price": "1"}).status_code == 302
    assert str(PriceLine.objects.get().price) == "58.50"


@pytest.mark.clause("8.1")
def test_a_list_of_yesterday_is_refused_at_its_field(people, as_user):
    answer = as_user(people.fin).post("/catalogue/prices/new/", {"title": "旧", "effective_on": "2020-01-01"})
    assert answer.status_code == 422 and "effective_on" in answer.context["form"].errors


@pytest.mark.clause("8.1")
def test_drafts_are_finances_and_published_lists_everybodys_who_reads_prices(people, as_user, monday):
    url = drafted(as_user(people.fin))
    build.master_part("BP-1", price="50", at=monday)
    public = PriceList.objects.get(stage="published").get_absolute_url()
    for person in (people.eng, people.wh, people.cs):
        client = as_user(person)
        assert [client.get(each).status_code for each in (url, public)] == [404, 200]
        assert len(client.get("/catalogue/prices/").context["rows"]) == 1
    assert len(as_user(people.fins).get("/catalogue/prices/").context["rows"]) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_lists_and_one_list_take_the_same_statements_for_one_and_three_rows(
    people, as_user, monday, count, django_assert_num_queries
):
    for number in range(count):
        build.master_part(f"BP-{number}", price="50", at=monday)
    parts = [line.part for line in PriceLine.objects.select_related("part")]
    paper = build.prices(dict.fromkeys(parts, "60"), at=monday)
    client = as_user(people.eng)
    for url, statements in (
        ("/catalogue/prices/", 4),
        (paper.get_absolute_url(), 6),
        ("/catalogue/prices/rates/", 4),
    ):
        client.get(url)
        with django_assert_num_queries(statements):
            client.get(url)


@pytest.mark.clause("8.1")
def test_an_exported_list_comes_back_as_the_next_one(people, as_user, monday):
    from catalogue.imports import read_prices

    part = build.master_part("BP-1", at=monday)
    rate = {"kind": "labour", "code": "GS-1", "name": "换", "unit": "小时", "price": 60}
    paper = build.prices({part: ("50", "31.5")}, rates=[rate], at=monday)
    answer = as_user(people.fin).get(f"{paper.get_absolute_url()}export.xlsx")
    found = read_prices(io.BytesIO(b"".join(answer.streaming_content)))
    assert (found.faults, [[str(p) for p in line[1:]] for line in found.prices]) == ([], [["50.00", "31.50"]])
    assert found.rates[0]["code"] == "GS-1"
