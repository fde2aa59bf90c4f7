"""SD05: who proposed a part or drafted a list does not put it in force, whatever else he is."""

import pytest

from accounts.access import Denied
from aftersales.problems import BadEntry, OutOfTurn, Refusal
from catalogue import services
from catalogue.models import ListStage, Part, PartVersion, PriceLine
from tests import build

pytestmark = pytest.mark.django_db
ROW = {"code": "BP-1", "name": "刹车片"}


def draft(by, at, part=None):
    price = [(part or build.master_part(), build_price("50"), None)]
    return services.draft_prices("价格表", at.date(), prices=price, rates=[], by=by, at=at)


def build_price(text):
    from decimal import Decimal

    return Decimal(text)


@pytest.mark.clause("8.1")
def test_sd05_the_drafter_who_may_also_publish_does_not_publish_his_own(monday):
    both = build.person("FINS", "MGR")
    paper = draft(both, monday)
    with pytest.raises(Refusal, match="SD05"):
        services.publish_prices(paper, by=both, at=monday)
    assert services.publish_prices(paper, by=build.person("FINS"), at=monday).stage == ListStage.PUBLISHED
    assert PriceLine.objects.get().since == monday.date()


@pytest.mark.clause("8.1")
def test_sd05_nobody_else_writes_into_a_draft_and_publishes_his_own_price(people, monday):
    part = build.master_part()
    paper = draft(people.fin, monday, part)
    with pytest.raises(Refusal, match="SD05"):
        services.put_price(paper, part, build_price("1"), None, by=people.fins, at=monday)
    assert PriceLine.objects.get().price == 50


@pytest.mark.clause("8.1")
def test_a_clerk_drafts_and_does_not_publish(people, monday):
    with pytest.raises(Denied):
        services.publish_prices(draft(people.fins, monday), by=people.fin, at=monday)
    with pytest.raises(Denied):
        draft(people.wh, monday)


@pytest.mark.clause("8.1")
def test_a_published_list_is_neither_dropped_nor_published_again(people, monday):
    paper = services.publish_prices(draft(people.fin, monday), by=people.fins, at=monday)
    for act, by in ((services.drop_prices, people.fin), (services.publish_prices, people.fins)):
        with pytest.raises(OutOfTurn):
            act(paper, by=by, at=monday)


@pytest.mark.clause("5.1")
def test_sd05_the_proposer_of_a_part_decides_neither_way(people, monday):
    both = build.person("FIN", "TECH")
    batch = services.propose_parts([ROW], reason="新件", by=both, at=monday)
    for act, more in ((services.approve_parts, {}), (services.refuse_parts, {"reason": "不要"})):
        with pytest.raises(Refusal, match="SD05"):
            act(batch, by=both, at=monday, **more)
    assert not Part.objects.exists()
    services.approve_parts(batch, by=people.tech, at=monday)
    assert Part.objects.get().code == "BP-1"


@pytest.mark.clause("5.1")
def test_a_proposal_is_decided_once(people, monday):
    batch = services.propose_parts([ROW], reason="新件", by=people.fin, at=monday)
    services.refuse_parts(batch, by=people.tech, at=monday, reason="重复")
    with pytest.raises(OutOfTurn):
        services.approve_parts(batch, by=people.tech, at=monday)
    assert not Part.objects.exists() and PartVersion.objects.count() == 1


@pytest.mark.clause("5.1")
def test_the_warehouse_proposes_nothing(people, monday):
    with pytest.raises(Denied):
        services.propose_parts([ROW], reason="新件", by=people.wh, at=monday)


@pytest.mark.clause("5.1")
def test_a_change_says_what_it_says_and_leaves_the_rest(people, monday):
    build.vehicle(model="FY-6")
    part = build.master_part("BP-2", valuable=True, fits=["FY-6"], spec="前", at=monday)
    batch = services.propose_parts([{"code": "BP-2", "bulky": True}], reason="大件", by=people.fin, at=monday)
    part.refresh_from_db()
    assert not part.bulky
    services.approve_parts(batch, by=people.tech, at=monday)
    part.refresh_from_db()
    assert (part.bulky, part.valuable, part.spec, [m.code for m in part.fits.all()]) == (
        True,
        True,
        "前",
        ["FY-6"],
    )


@pytest.mark.parametrize("row", [
    {"code": "a b", "name": "x"}, {"code": "", "name": "x"}, {"code": "A/1", "name": "x"}, {"code": "A", "name": ""},
    {"code": "A", "name": "x" * 81}, {"code": "A", "name": "x", "group": "wheels"}, {"code": "A", "name": "x", "fits": ["none"]},
    {"code": "A", "name": "x", "valuable": "perhaps"},
])  # fmt: skip
def test_a_wrong_part_is_not_proposed(people, monday, row):
    with pytest.raises(BadEntry):
        services.propose_parts([ROW, row], reason="新件", by=people.fin, at=monday)
    assert not PartVersion.objects.exists()


def test_the_approved_part_is_indexed_as_saving_it_would(people, monday):
    part = build.master_part("BP-3", name="刹车片 Ⅱ", spec="前 6'", at=monday)
    words = (part.initials, list(part.grams))
    part.save()
    part.refresh_from_db()
    assert (part.initials, list(part.grams)) == words and part.initials.startswith("scp")
