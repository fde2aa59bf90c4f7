"""Plan c with a loan of two, one used and one brought back, by programs only (4.5, 4.7, 5.1, 5.5)."""

import datetime as dt

import pytest

from parts.models import Stock
from tests import build

from .test_over_the_api import REPORT, take

pytestmark = pytest.mark.django_db


def step(api, path, name, **entries):
    """A step of a paper; answers its stage."""
    said = api.post(f"{path}/steps/{name}", entries)
    assert api.status == 200, said
    return said["stage"]


def on_site(eng, number, release):
    """The engineer takes two pieces along, uses one, and is not let go before he has said so (4.7)."""
    take(eng, number, "begin")
    done = {"work_done": "已更换轴承一只", "signer": "王小明", "strokes": "[[[10, 10], [500, 300]]]"}
    refused = eng.step(number, "complete", **done)
    assert (eng.status, refused["clause"]) == (409, "4.7")
    line = eng.get(release)["lines"][0]["id"]
    assert step(eng, release, "declare", **{f"used_{line}": 1, f"unused_{line}": 1}) == "issued"
    assert take(eng, number, "complete", **done) == "completed"
    return line


@pytest.mark.clause("4.7")
@pytest.mark.clause("5.5")
def test_a_loan_of_two_one_used_one_back(program, people):
    now = dt.datetime.now(dt.UTC)
    part, vehicle = build.stocked("36.00", at=now, code="FY-ZC-6204", recyclable=False), build.vehicle(at=now)
    cs, eng, fins, wh, pur = (program(getattr(people, role)) for role in ("cs", "eng", "fins", "wh", "pur"))
    number = program().post("reports", REPORT)["number"]
    take(cs, number, "accept", vin=vehicle.vin)
    take(cs, number, "hand_over", engineer=people.eng.username)
    take(eng, number, "contact", confirmed_symptom="轴承响", damage_type="not_human")
    appointed = (now + build.HOUR * 20).isoformat()
    take(eng, number, "plan", plan_type="c", explanation="上门更换轴承", told_how="phone", appointment_at=appointed, needs_parts=True)  # fmt: skip

    release = f"releases/{eng.post('releases/open', {'about': number, 'basis': 'warranty'})['number']}"
    step(eng, release, "add_line", part=part.code, quantity=2, kind="loan", damage="not_human")
    assert step(eng, release, "submit") == "submitted"
    shown = fins.get(release)["shown"]
    assert step(fins, release, "sign", shown=shown, secret=build.PASSWORD) == "signed"
    line = eng.get(release)["lines"][0]["id"]
    assert step(wh, release, "issue", **{f"pieces_{line}": 2}) == "issued"
    on_site(eng, number, release)

    report = pur.get("consumption")["results"][0]
    assert (report["ticket"], report["lines"][0]["used"], report["confirmed_at"]) == (number, 1, None)
    said = wh.post(
        f"consumption/{report['id']}/confirm", {"lines": [{"id": report["lines"][0]["id"], "confirmed": 1}]}
    )
    assert (wh.status, said["lines"][0]["confirmed"], said["confirmed_by"]) == (200, 1, people.wh.username)

    step(eng, release, "hand_in_unused", **{f"pieces_{line}": 1})
    paper = wh.get("returns")["results"][0]
    assert (
        step(wh, f"returns/{paper['number']}", "confirm", **{f"received_{paper['lines'][0]['id']}": 1})
        == "done"
    )
    assert wh.get(release)["stage"] == "settled"
    assert dict(Stock.objects.filter(part=part).values_list("zone", "quantity"))["good"] == 9
