"""Form 9.4 on paper: every field of the form, A4, several pages where the lines are many."""

import io
from decimal import Decimal

import pytest
from pypdf import PdfReader

from repairs.services import quotations
from tests import build

from .conftest import flat, text_of

pytestmark = pytest.mark.clause("9.4")
HOUR = build.HOUR


@pytest.fixture
def quote(story, company, monday):
    """Of a visited ticket: a part, two pieces of work, a discount approved by the head, accepted over the phone."""
    from repairs import services

    ticket = services.reopen(
        story, by=company.cs, at=monday + 50 * HOUR, engineer=company.eng, reason="异响又出现"
    )
    head = company.eng_head
    head.name = "何主任"
    head.save()
    bearing = build.part("FY-M280-6208", "186.50", name="驱动电机后轴承", spec="6208-2RS C3 高速电机专用")
    seal = build.part("FY-M280-OS35", "12.80", name="油封", spec="35×52×7")
    rates = (
        build.LABOUR,
        {"kind": "travel", "code": "CL-01", "name": "出车里程", "unit": "公里", "price": "1.00"},
    )
    build.publish({}, rates)
    lines = [
        {"part": bearing, "quantity": 2, "discount": Decimal("0.05")}, {"part": seal, "quantity": 2},
        {"kind": "labour", "code": "GS-01", "quantity": "3.5"}, {"kind": "travel", "code": "CL-01", "quantity": 128},
    ]  # fmt: skip
    paper = quotations.draft(
        ticket, by=company.eng, at=monday + 51 * HOUR, lines=lines, terms="send_first", old_parts="returned", delivery="接受报价后 3 个工作日",
        warranty_note="新换配件自更换之日起三个月或 5000 公里内免费更换，人为损坏除外。", invoice_title="泰州市海陵区城市环卫服务有限公司",
        invoice_tax_number="91321200MA1MK3XX0T",
    )  # fmt: skip
    quotations.approve(paper, by=head, at=monday + 52 * HOUR)
    quotations.send(paper, by=company.eng, at=monday + 53 * HOUR)
    return quotations.accept(
        paper, by=company.cs, at=monday + 55 * HOUR, how="电话，王建国本人", said_at=monday + 54 * HOUR
    )


def get(client, user, quote, tail="print.pdf"):
    client.force_login(user)
    return client.get(f"/quotations/{quote.number}/{tail}")


def test_the_paper_says_everything_that_the_form_asks(client, company, quote):
    answer = get(client, company.eng, quote)
    assert answer["Content-Type"] == "application/pdf"
    text = flat(text_of(answer.content))
    for words in (
        quote.number, quote.ticket.number, "泰州市海陵区城市环卫服务有限公司", "王建国", "LFYZH6A20R0001234", "18,260", "驱动电机后轴承",
        "FY-M280-6208", "186.50", "354.35", "5%", "3.5", "280.00", "128", "¥787.95", "柒佰捌拾柒元玖角伍分", "3个工作日", "5000公里",
        "91321200MA1MK3XX0T", "陈建国", "何主任", "电话，王建国本人", str(quote.valid_until), "13%",
    ):  # fmt: skip
        assert flat(words) in text, words


def test_the_screen_and_the_pdf_say_the_same_and_english_is_there_too(client, company, quote):
    page = get(client, company.eng, quote, "print/").content.decode()
    assert "柒佰捌拾柒元玖角伍分" in page and f"/quotations/{quote.number}/print.pdf" in page
    english = get(client, company.eng, quote, "print/?lang=en").content.decode()
    assert "Total in words" in english and 'lang="en"' in english


def test_many_lines_go_over_several_pages_each_with_its_number(client, company, monday):
    order = build.order(company, monday)
    lines = [{"part": build.part(name=f"配件{n}", spec="长规格" * 8), "quantity": n + 1} for n in range(60)]
    quote = build.quotation(order, monday, "sent", lines=lines)
    pdf = PdfReader(io.BytesIO(get(client, company.eng, quote).content))
    assert len(pdf.pages) > 1
    for n, page in enumerate(pdf.pages, start=1):
        width, height = (round(float(x)) for x in page.mediabox[2:])
        assert (width, height) == (595, 842)
        assert f"{n}" in page.extract_text() and quote.number in page.extract_text()
    assert "配件59" in flat(text_of(get(client, company.eng, quote).content))


def test_the_phone_is_plain_for_those_whom_a12_names_only(client, company, quote):
    assert "13812345678" in flat(text_of(get(client, company.eng, quote).content))
    masked = flat(text_of(get(client, company.aud, quote).content))
    assert "13812345678" not in masked and "138****5678" in masked


def test_who_may_not_print_is_refused(client, company, quote):
    assert get(client, company.sales, quote).status_code == 403
    assert get(client, company.pur, quote).status_code == 403
    assert get(client, build.person("ENG"), quote).status_code == 404


def test_hostile_text_is_set_as_text(client, company, monday):
    order = build.order(company, monday)
    part = build.part(name='#eval("1")<script>', spec="\u202e反 😀")
    quote = build.quotation(
        order, monday, lines=[{"part": part, "quantity": 1}], delivery="$x$ *b* " + "W" * 60
    )
    assert '#eval("1")<script>' in flat(text_of(get(client, company.eng, quote).content))
    assert "<script>" not in get(client, company.eng, quote, "print/").content.decode().split("<body", 1)[1]


@pytest.mark.clause("8.7")
def test_the_receiving_account_stands_on_it(company, monday, settings, client):
    from aftersales.paper import heads

    settings.RECEIVING_ACCOUNT, settings.MODE = "", "demo"
    assert heads.account(), "the demo shows how it looks"
    settings.MODE = "production"
    assert heads.account() == ""
    settings.RECEIVING_ACCOUNT = "江苏飞跃 | 泰州银行 | 3210 0001"
    quote = build.quotation(build.order(company, monday), monday)
    client.force_login(company.cs)
    page = client.get(f"/quotations/{quote.number}/print/").content.decode()
    assert all(words in page for words in ("江苏飞跃", "泰州银行", "3210 0001"))
