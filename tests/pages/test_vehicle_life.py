"""One life on one line: built, delivered, repaired, on paper, whose it was; again within 90 days; printed."""

import datetime as dt
import io

import pytest
from django.utils import timezone
from pypdf import PdfReader

from aftersales.limits import day_end
from aftersales.pages import vehicle as vehicle_page
from aftersales.pages.vehicle_life import Moment, mark_again
from repairs import paper_tickets
from repairs.flow import Stage
from sales.selectors import warranty_of
from sales.services import change_vehicle
from tests import build
from tests.repairs.test_paper_tickets import row, sheet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
VIN = "LFYPAPER000000001"
D = dt.date


def story(people):
    """Built, sold and explained, repaired on paper and then here, sold on."""
    at = timezone.now() - dt.timedelta(days=40)
    build.vehicle(
        VIN, delivered_on=None, built_on=at.date() - dt.timedelta(days=60), seller=people.sales, at=at
    )
    build.delivery(people.sales, at, vin=VIN)
    first = timezone.localdate() - dt.timedelta(days=30)
    found = paper_tickets.read(sheet(row(vin=VIN, first=first, last=first)), timezone.now())
    paper_tickets.save(found, source="a", by=people.cs, at=timezone.now())
    return build.ticket(
        at_stage=Stage.COMPLETED, at=timezone.now() - dt.timedelta(hours=2), company=people, vin=VIN
    )


def test_everything_stands_on_one_line_newest_first(people, as_user):
    ticket = story(people)
    change_vehicle(ticket.vehicle, by=people.cs, at=timezone.now(), customer=build.customer(timezone.now()))
    life = as_user(people.cs).get(f"/vehicles/{VIN}/").context["life"]
    assert [m.what for m in life if not m.what.startswith("Customer")] == [
        "Repair (Completed)", "Repair on paper", "Registered in the portal", "Delivered and explained (2.1)", "Built",
    ] or [m.what for m in life][-1] == "Built"  # fmt: skip
    assert [m.day for m in life] == sorted((m.day for m in life), reverse=True)
    assert [m.what for m in life].count("Customer entered") == 2
    repair, paper = (next(m for m in life if m.what.startswith(word)) for word in ("Repair (", "Repair on"))
    assert (repair.number, repair.again, paper.number, paper.again) == (
        ticket.number,
        True,
        "2024-001",
        False,
    )


def test_a_reader_sees_of_it_what_is_his(people, as_user):
    ticket = story(people)
    client = as_user(people.sales)
    life = client.get(f"/vehicles/{VIN}/").context["life"]
    assert "Repair on paper" not in [m.what for m in life] and any(m.number.startswith("JD") for m in life)
    other = as_user(build.person("SALES")).get(f"/vehicles/{VIN}/")
    assert {m.number for m in other.context["life"]} == {""} and ticket.number not in other.content.decode()
    assert "周建军" not in other.content.decode()


@pytest.mark.parametrize(
    ("days", "again"),
    [
        ([(D(2026, 1, 1), D(2026, 1, 5)), (D(2026, 4, 5), None)], [False, True]),
        ([(D(2026, 1, 1), D(2026, 1, 5)), (D(2026, 4, 6), None)], [False, False]),
        ([(D(2026, 1, 1), None), (D(2026, 1, 1), None), (D(2026, 8, 1), None)], [False, True, False]),
    ],
)
def test_again_is_ninety_days_from_the_end_of_the_one_before(days, again):
    moments = [Moment(first, "", ended=last, repair=True) for first, last in days]
    mark_again([Moment(D(2025, 12, 31), "Delivered"), *moments])
    assert [m.again for m in moments] == again


@pytest.mark.parametrize("count", [1, 3])
def test_a_life_takes_the_same_statements_whatever_its_length(
    people, as_user, count, django_assert_max_num_queries
):
    build.vehicle(VIN)
    rows = [row(f"N{n}", vin=VIN) for n in range(count)]
    paper_tickets.save(
        paper_tickets.read(sheet(*rows), timezone.now()), source="a", by=people.cs, at=timezone.now()
    )
    for n in range(count):
        build.ticket(
            at_stage=Stage.REPORTED, at=timezone.now() - dt.timedelta(days=n), company=people, vin=VIN
        )
    client = as_user(people.cs)
    with django_assert_max_num_queries(20):
        assert sum(m.repair for m in client.get(f"/vehicles/{VIN}/").context["life"]) == 2 * count


def test_it_prints_on_a4_in_chinese(people, as_user):
    ticket = story(people)
    page = as_user(people.cs).get(f"/vehicles/{VIN}/print/").content.decode()
    assert (
        "车辆档案" in page
        and ticket.number in page
        and "2024-001" in page
        and "江苏飞跃机电科技有限公司" in page
    )
    pdf = as_user(people.cs).get(f"/vehicles/{VIN}/print.pdf").content
    text = "".join(p.extract_text() for p in PdfReader(io.BytesIO(pdf)).pages)
    assert ticket.number in text and VIN in text


@pytest.mark.clause("4.5a")
def test_the_page_says_which_term_is_in_force_and_until_when(people, as_user):
    from catalogue.models import WarrantyTerm

    car = build.vehicle(VIN, delivered_on=D(2025, 12, 1))
    WarrantyTerm.objects.create(model=car.model, part_group="battery", since=D(2025, 6, 1), months=24)
    WarrantyTerm.objects.create(model=car.model, part_group="battery", since=D(2026, 1, 1), months=36)
    shown = as_user(people.cs).get(f"/vehicles/{VIN}/")
    rows = {str(r["group"]): (r["term"].since, r["term"].end) for r in shown.context["warranties"]}
    assert rows == {
        "Whole vehicle": (build.LONG_AGO, D(2026, 12, 1)),
        "Battery": (D(2025, 6, 1), D(2027, 12, 1)),
    }
    assert "The day of the report counts" in shown.content.decode()


@pytest.mark.clause("3.1")
def test_customer_service_takes_a_report_down_from_the_vehicle(people, as_user, monday):
    car = build.vehicle(at=monday)
    page = as_user(people.cs).get(car.get_absolute_url()).content.decode()
    way = f"/tickets/new/?vin={car.vin}&amp;model=FY-6"
    assert way in page
    form = as_user(people.cs).get(way.replace("&amp;", "&")).content.decode()
    assert f'value="{car.vin}"' in form and 'value="FY-6"' in form
    assert (
        "/tickets/new/"
        not in as_user(people.eng).get(car.get_absolute_url()).content.decode().split("<main")[1]
    )


def test_its_paper_is_chinese_whatever_its_reader_reads_and_the_bar_is_his(people, as_user):
    build.vehicle(VIN)
    client = as_user(people.cs)
    page = client.get(f"/vehicles/{VIN}/print/", headers={"accept-language": "en"}).content.decode()
    bar, paper = page.split("</nav>")
    assert "Registered in the portal" not in paper and "登记" in paper
    assert "Print</button>" in bar and 'lang="en"' in bar


def test_the_label_has_a_way_back_and_a_button(people, as_user):
    build.vehicle(VIN)
    page = as_user(people.cs).get(f"/vehicles/{VIN}/?label=1").content.decode()
    assert f'<a class="button ghost" href="/vehicles/{VIN}/">' in page and "data-print" in page


@pytest.mark.clause("4.5a")
def test_the_warranty_ends_with_the_day_in_shanghai(db):
    car = build.vehicle(delivered_on=dt.date(2025, 12, 1))
    midnight = day_end(warranty_of(car).end).astimezone(dt.UTC)  # 16:00 of the day before in UTC
    holds = [
        vehicle_page._warranties(car, [], midnight + n * dt.timedelta(minutes=1))[0]["holds"] for n in (-1, 1)
    ]
    assert holds == [True, False]
