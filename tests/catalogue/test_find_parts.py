"""A part is found by code, name, specification, pinyin initials, model and VIN."""

import pytest

from catalogue.selectors import find_parts
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(monday):
    car = build.vehicle("LFY000000000000A1", model="FY-6", at=monday)
    build.vehicle("LFY000000000000B2", model="FY-9", at=monday)
    build.master_part("BP-0001", name="刹车片", spec="前 120", fits=["FY-6"], at=monday)
    build.master_part("DJ-7700", name="驱动电机", fits=["FY-9"], at=monday)
    build.master_part("LS-0003", name="螺丝", at=monday)
    return car


FOUND = [
    ("bp-00", ["BP-0001"]), ("刹车", ["BP-0001"]), ("scp", ["BP-0001"]), ("qddj", ["DJ-7700"]), ("前 120", ["BP-0001"]),
    ("fy-6", ["BP-0001"]), ("丝", ["LS-0003"]), ("ls", ["LS-0003"]), ("-", []), ("nothing", []),
    ("LFY000000000000A1", ["BP-0001", "LS-0003"]), ("lfy 000000000000 b2", ["DJ-7700", "LS-0003"]),
    ("", ["BP-0001", "DJ-7700", "LS-0003"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "codes"), FOUND)
def test_by_words(store, text, codes):
    assert [part.code for part in find_parts(text).order_by("code")] == codes


def test_by_vin_or_model_beside_the_words(store):
    assert [p.code for p in find_parts("螺丝", vin=store.vin)] == ["LS-0003"]
    assert [p.code for p in find_parts("", model=store.model).order_by("code")] == ["BP-0001", "LS-0003"]
    assert list(find_parts("", vin="LFY00000000000000")) == []
