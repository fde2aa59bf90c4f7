import pytest

from repairs.models import Ticket
from repairs.public.texts import PRIVACY_VERSION

pytestmark = pytest.mark.django_db


@pytest.mark.clause("2.2")
def test_without_javascript_the_report_is_one_page_and_one_post(visitor, filled):
    page = visitor.get("/report/").content.decode()
    assert all(
        f'name="{name}"' in page
        for name in ("symptom", "photos", "vin", "contact", "phone", "privacy_version")
    )
    answer = visitor.post("/report/", filled)
    assert answer.status_code == 302 and answer["Location"].startswith("/t/")
    ticket = Ticket.objects.get()
    kept = (
        ticket.contact.name,
        ticket.contact.phone,
        ticket.contact.street,
        ticket.words.symptom,
        ticket.words.occurred,
    )
    assert kept == ("王小明", "+8613812345678", "迎春路 1 号", "刹车异响，上坡更响", "昨天下雨后")
    assert (ticket.channel, ticket.stage, ticket.vin, ticket.drivable, ticket.language) == (
        "web",
        "reported",
        "LFY000123",
        "limited",
        "en",
    )


@pytest.mark.clause("2.2")
def test_name_phone_and_fault_are_enough(visitor):
    answer = visitor.post("/report/", {"contact": "李四", "phone": "0523-89798888", "symptom": "不走了"})
    assert answer.status_code == 302
    assert Ticket.objects.get().contact.phone == "+8652389798888"


def test_the_version_of_the_notice_that_was_shown_is_kept(visitor, filled):
    visitor.post("/report/", filled | {"privacy_version": PRIVACY_VERSION})
    assert Ticket.objects.get().privacy_version == PRIVACY_VERSION


def test_who_saw_an_older_notice_is_shown_the_new_one_and_loses_nothing(visitor, filled):
    answer = visitor.post("/report/", filled | {"privacy_version": "2020-01-01"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "has changed" in page and "刹车异响" in page
    assert f'value="{PRIVACY_VERSION}"' in page and not Ticket.objects.exists()


def test_a_vehicle_label_fills_in_its_number(visitor):
    page = visitor.get("/report/?vin=LFY000123&model=FY-6").content.decode()
    assert 'value="LFY000123"' in page and 'value="FY-6"' in page and "read from its label" in page


def test_a_field_that_nobody_sees_stops_programs(visitor, filled):
    answer = visitor.post("/report/", filled | {"website": "https://spam.example"})
    assert answer.status_code == 422 and not Ticket.objects.exists()
