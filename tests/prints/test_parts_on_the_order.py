"""Form 9.2 ⑥ and ⑦ and the API's part lines say what warehouse and finance wrote (4.5, 5.1–5.3)."""

import pytest

from parts.models import Release
from parts.services import returning
from tests import build

from .conftest import HOUR, flat, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.2")]


@pytest.fixture
def issued(company, monday):
    part = build.stocked(at=monday, valuable=True, recyclable=True, spec="24V", code="FY-9001", name="后轴承")
    paper = build.released(company, monday, part=part, to="issued")
    build.quotation(paper.ticket, monday)
    line = paper.lines.get()
    returning.declare(paper, by=company.eng, at=monday + HOUR,
                      said={line.pk: {"used": 1, "unused": 0, "old_taken": 1, "old_left": 0}})  # fmt: skip
    back = returning.hand_in(Release.objects.get(pk=paper.pk), by=company.eng, at=monday + HOUR, kind="old",
                             pieces={line.pk: 1}, codes={})  # fmt: skip
    returning.confirm(back, by=company.wh, at=monday + 2 * HOUR, received={})
    return Release.objects.get(pk=paper.pk)


@pytest.mark.clause("4.5", "5.1", "5.3")
def test_parts_signature_and_quotation_stand_on_page_and_pdf(company, issued, desk):
    ticket, line, slip = issued.ticket, issued.lines.get(), issued.slips.get()
    wanted = [
        "FY-9001", "后轴承", "24V", "120.00", str(line.get_charge_display()), slip.number, f"{company.wh.name}", "FY-9001-1",
        issued.number, company.fins.name, issued.header_digest[:12], ticket.quotations.get().number,
    ]  # fmt: skip
    page = flat(desk(company.cs, ticket, "9.2", kind="/").content.decode())
    text = flat(text_of(desk(company.cs, ticket, "9.2").content))
    assert [word for word in wanted if flat(str(word)) not in page] == []
    assert [word for word in wanted if flat(str(word)) not in text] == []


def test_another_round_bears_no_part_of_this_one(company, issued, monday):
    from aftersales.pages.order_form import beside
    from repairs import prints

    record = prints.read(issued.ticket, by=company.cs, at=monday)
    assert len(beside(record).parts) == 1
    record.round = 2
    assert beside(record) == prints.Beside()


@pytest.mark.clause("4.5")
def test_the_api_gives_the_part_lines_with_amounts_as_texts(company, issued, client):
    client.force_login(company.eng, backend="accounts.backend.GrantsBackend")
    (line,) = client.get(f"/api/v1/tickets/{issued.ticket.number}").json()["part_lines"]
    assert (line["release"], line["part"], line["unit_price"], line["amount"], line["issued"]) == (
        issued.number, "FY-9001", "120.00", "120.00", 1,
    )  # fmt: skip
    sheet = client.get(f"/api/v1/releases/{issued.number}").json()
    assert (sheet["total"], sheet["paid"], sheet["lines"][0]["amount"]) == ("0.00", "0.00", "120.00")
