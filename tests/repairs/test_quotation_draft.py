"""A quotation is drafted from the published lists; no price ever comes from a form (9.4, 8.1)."""

import datetime as dt
from decimal import Decimal

import pytest

from aftersales.money import in_words
from aftersales.problems import BadEntry, OutOfTurn
from repairs.flow import Stage
from repairs.services import quotations
from tests import build

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.4"), pytest.mark.usefixtures("english")]
D = Decimal


@pytest.fixture
def ticket(people, monday):
    return build.ticket(Stage.CONTACTED, at=monday, company=people)


@pytest.fixture
def later(monday):
    return monday + build.HOUR


@pytest.mark.clause("8.1")
def test_lines_carry_the_published_prices_of_the_day_and_the_sum_is_exact(ticket, people, later):
    pad, bolt = build.part("FY-1", "120.35", name="刹车片"), build.part("FY-2", "0.05", name="螺栓")
    build.publish({}, (build.LABOUR,))
    quote = quotations.draft(
        ticket, by=people.eng, at=later,
        lines=[
            {"part": pad, "quantity": 3, "discount": D("0.10")}, {"part": bolt, "quantity": 7},
            {"kind": "labour", "code": "GS-01", "quantity": D("1.5")},
        ],
    )  # fmt: skip
    found = [(x.kind, x.code, x.unit_price, x.quantity, x.amount) for x in quote.lines.all()]
    assert found == [
        ("part", "FY-1", D("120.35"), D("3.00"), D("324.95")),  # 361.05 × 0.9 = 324.945, half up
        ("part", "FY-2", D("0.05"), D("7.00"), D("0.35")),
        ("labour", "GS-01", D("80.00"), D("1.50"), D("120.00")),
    ]
    assert (quote.total, quote.line_count, quote.has_discount) == (D("445.30"), 3, True)
    assert in_words(quote.total) == "肆佰肆拾伍元叁角整"
    assert (quote.number, quote.version, quote.round) == (f"BJ{later:%Y%m%d}-0001", 1, 1)


@pytest.mark.clause("8.1")
def test_the_last_list_that_is_effective_counts_and_one_of_tomorrow_does_not(ticket, people, later):
    part = build.part(price="100.00")
    build.publish({part: "110.00"}, since=later.date() - dt.timedelta(days=1))
    build.publish({part: "999.00"}, since=later.date() + dt.timedelta(days=1))
    quote = quotations.draft(ticket, by=people.eng, at=later, lines=[{"part": part, "quantity": 1}])
    assert quote.total == D("110.00")


@pytest.mark.clause("8.1")
def test_a_draft_list_has_no_price(ticket, people, later):
    from catalogue.models import PriceLine, PriceList

    part = build.part(price=None)
    paper = PriceList.objects.create(
        title="草稿", effective_on=build.LONG_AGO, drafted_by=people.fin, drafted_at=later
    )
    PriceLine.objects.create(list=paper, part=part, price=D("5.00"))
    with pytest.raises(BadEntry, match=part.code) as refused:
        quotations.draft(ticket, by=people.eng, at=later, lines=[{"part": part, "quantity": 1}])
    assert (refused.value.clause, refused.value.field) == ("8.1", "part")


@pytest.mark.clause("8.1")
@pytest.mark.parametrize("name", ["price", "unit_price", "amount", "tax_rate"])
def test_a_price_that_is_sent_along_is_refused(ticket, people, later, name):
    wanted = {"part": build.part(), "quantity": 1, name: "0.01"}
    with pytest.raises(BadEntry, match="8.1"):
        quotations.draft(ticket, by=people.eng, at=later, lines=[wanted])
    assert not ticket.quotations.exists()


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"quantity": "0"}, "quantity"), ({"quantity": "-1"}, "quantity"), ({"quantity": "1.5"}, "quantity"),
        ({"quantity": "0.001"}, "quantity"), ({"quantity": "1000000"}, "quantity"), ({"quantity": 1, "discount": "1"}, "discount"),
        ({"quantity": 1, "discount": "-0.1"}, "discount"), ({"quantity": 1, "discount": "0.123"}, "discount"),
        ({"quantity": 1, "part": "NO-SUCH"}, "part"), ({"quantity": 1, "kind": "labour", "code": "NO"}, "code"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_is_refused_at_its_field(ticket, people, later, wanted, field):
    part = build.part()
    with pytest.raises(BadEntry) as refused:
        quotations.draft(ticket, by=people.eng, at=later, lines=[{"part": part} | wanted])
    assert refused.value.field == field


def test_a_rate_is_of_its_own_kind(ticket, people, later):
    build.publish({}, (build.LABOUR,))
    with pytest.raises(BadEntry, match="GS-01"):
        quotations.draft(
            ticket,
            by=people.eng,
            at=later,
            lines=[{"kind": "freight", "code": "GS-01", "quantity": 1}],
        )


def test_a_part_out_of_use_and_a_part_twice_are_refused(ticket, people, later):
    part, old = build.part(), build.part(active=False)
    with pytest.raises(BadEntry, match="no longer in use"):
        quotations.draft(ticket, by=people.eng, at=later, lines=[{"part": old, "quantity": 1}])
    quote = build.quotation(ticket, later, lines=[{"part": part, "quantity": 1}])
    with pytest.raises(BadEntry, match="stands here already"):
        quotations.add_line(quote, by=people.eng, at=later, part=part, quantity=1)


def test_lines_of_a_draft_are_added_changed_and_taken_out_and_the_total_follows(ticket, people, later):
    one, two = build.part(price="10.00"), build.part(price="1.01")
    quote = build.quotation(ticket, later, lines=[{"part": one, "quantity": 1}])
    quote = quotations.add_line(quote, by=people.eng, at=later, part=two, quantity=3, discount=D("0.5"))
    assert (quote.total, quote.line_count, quote.has_discount) == (D("11.52"), 2, True)
    quote = quotations.change_line(quote, by=people.eng, at=later, line=2, quantity=2)
    assert (quote.total, quote.has_discount) == (D("12.02"), False)
    quote = quotations.drop_line(quote, by=people.eng, at=later, line=1)
    assert (quote.total, quote.line_count) == (D("2.02"), 1)
    with pytest.raises(BadEntry, match="no longer there"):
        quotations.drop_line(quote, by=people.eng, at=later, line=1)


def test_what_was_sent_is_changed_only_by_another_version(ticket, people, later):
    quote = build.quotation(ticket, later, "sent")
    for act in (
        lambda: quotations.add_line(quote, by=people.eng, at=later, part=build.part(), quantity=1),
        lambda: quotations.change_line(quote, by=people.eng, at=later, line=1, quantity=9),
        lambda: quotations.drop_line(quote, by=people.eng, at=later, line=1),
        lambda: quotations.change_facts(quote, by=people.eng, at=later, delivery="3 天"),
        lambda: quotations.reprice(quote, by=people.eng, at=later),
    ):
        with pytest.raises(OutOfTurn, match="another version"):
            act()
    build.publish({quote.lines.get().part: "130.00"}, since=later.date())
    second = quotations.another(quote, by=people.eng, at=later + build.MINUTE)
    assert (second.version, second.total, second.stage) == (2, D("260.00"), "draft")
    quote.refresh_from_db()
    assert (quote.stage, quote.total) == ("sent", D("240.00"))


@pytest.mark.clause("8.1")
def test_a_draft_with_yesterdays_prices_does_not_go_out_until_they_are_read_anew(ticket, people, later):
    part = build.part("FY-9", price="100.00")
    quote = build.quotation(ticket, later, lines=[{"part": part, "quantity": 1}])
    tomorrow = later + dt.timedelta(days=1)
    build.publish({part: "105.00"}, since=tomorrow.date())
    with pytest.raises(OutOfTurn, match="FY-9"):
        quotations.send(quote, by=people.eng, at=tomorrow)
    quotations.reprice(quote, by=people.eng, at=tomorrow)
    assert quotations.send(quote, by=people.eng, at=tomorrow).total == D("105.00")


def test_a_finished_ticket_gets_no_quotation(people, monday, later):
    gone = build.ticket(Stage.CANCELLED, at=monday, company=people)
    with pytest.raises(OutOfTurn, match="finished"):
        quotations.draft(gone, by=people.eng, at=later)


def test_it_is_valid_for_the_companys_days_from_its_sending_on(ticket, people, later):
    quote = build.quotation(ticket, later)
    assert quote.valid_until == later.date() + dt.timedelta(days=15)
    sent = quotations.send(quote, by=people.eng, at=later + dt.timedelta(days=3))
    assert sent.valid_until == later.date() + dt.timedelta(days=18)
