"""What is kept of him the customer reads and takes along: with the link and the phone, never with the link alone (PIPL 45)."""

import datetime as dt
import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from repairs import services
from repairs.public.limits import FILES_PER_REPORT, LOOKS_PER_REPORT
from sales import lead_services as sales
from sales import rights
from sales.lead_services import Consent, Wish
from sales.models import ErasureRequest
from sales.services import write_down
from tests import build
from tests.sales import leads

from .conftest import key, link

pytestmark = pytest.mark.django_db
MINUTE = build.MINUTE
PHONE = {"phone": "138 1234 5678"}


@pytest.fixture
def now():
    from aftersales import clock

    return clock.now()


@pytest.fixture
def ticket(now, people):
    found = build.ticket(
        "contacted",
        at=now - 9 * MINUTE,
        company=people,
        street="迎春路 1 号",
        contact="王小明",
        symptom="刹车异响",
    )
    services.message(found, at=now, text="请快一点")
    services.note(found, by=people.cs, at=now, text="CANARY-internal")
    services.attempt(found, by=people.eng, at=now, result="busy", note="CANARY-call")
    return found


def test_everything_of_his_and_nothing_of_ours(visitor, ticket):
    page = visitor.post(link(ticket, "my_data"), PHONE).content.decode()
    assert all(
        word in page for word in ("王小明", "138 1234 5678", "迎春路 1 号", "刹车异响", "请快一点", "busy")
    )
    assert "CANARY" not in page
    assert ticket.events.filter(name="my_data", actor="customer").count() == 1


@pytest.mark.clause("4.2", "2.1")
def test_what_sales_keeps_of_him_is_there_and_what_colleagues_wrote_is_not(visitor, people, ticket, now):
    lead = leads.lead(ticket.customer, people.eng, now, words="要两台带斗的")
    lead = sales.take(lead, by=people.sales, at=now)
    lead = sales.follow(
        lead, how="phone", talked_at=now, said="先看样车", next_step="CANARY-next", by=people.sales, at=now
    )
    lead = sales.assign(
        lead, seller=build.person("SALES"), reason="CANARY-handover", by=people.sales_head, at=now
    )
    sales.lose(lead, why="price", note="CANARY-lost", by=lead.seller, at=now)
    car = build.vehicle(delivered_on=None, at=now, seller=people.sales)
    ticket.customer.seller = people.sales
    ticket.customer.save()
    row = build.delivery(people.sales, now, vin=car.vin, customer=ticket.customer, strokes="[[[1,2],[3,4]]]")
    type(ticket).objects.filter(pk=ticket.pk).update(vehicle=car)
    page = visitor.post(link(ticket, "my_data"), PHONE).content.decode()
    said = (lead.number, "要两台带斗的", "先看样车", row.number, row.delivered_on.isoformat(), "周建军")
    assert [word for word in said if word not in page] == []
    assert "CANARY" not in page


def test_of_a_company_he_reads_his_own_wishes_not_his_colleagues(visitor, people, ticket, now):
    other = write_down(name="别人", phone="+8613700000000")
    sales.register(
        ticket.customer, contact=other, source="other", consent=Consent("phone", now), wish=Wish(words="CANARY-wish"),
        by=people.eng, at=now,
    )  # fmt: skip
    assert "CANARY" not in visitor.post(link(ticket, "my_data"), PHONE).content.decode()


def test_as_a_file_that_programs_read(visitor, ticket):
    page = visitor.post(link(ticket, "my_data"), PHONE).content.decode()
    proof = page.split('name="proof" value="')[1].split('"')[0]
    answer = visitor.post(link(ticket, "my_data"), {"proof": proof})
    assert answer["Content-Disposition"] == f'attachment; filename="{ticket.number}.json"'
    assert answer["Cache-Control"] == "no-store"
    kept = json.loads(answer.content)
    assert kept["report"] == ticket.number
    entries = {entry["what"]: entry["kept"] for group in kept["kept"] for entry in group["entries"]}
    assert (entries["Name"], entries["Street and number"], entries["Fault"]) == (
        "王小明",
        "迎春路 1 号",
        "刹车异响",
    )
    assert "CANARY" not in answer.content.decode()


def test_his_position_and_his_pictures_are_listed_and_taken_along(visitor, now, picture, settings, tmp_path):
    settings.MEDIA_ROOT = settings.MEDIA_STORE = tmp_path / "media"
    ticket, photo = build.report(now, position="32.455000,119.923000,20"), picture().read()
    visitor.post(link(ticket, "photos"), {"photos": [SimpleUploadedFile("a.jpg", photo, "image/jpeg")]})
    (row,) = ticket.attachments.all()
    page = visitor.post(link(ticket, "my_data"), PHONE).content.decode()
    assert "32.455000, 119.923000 (± 20 m)" in page and f'href="{link(ticket, "photo", row.key)}"' in page
    proof = {"proof": page.split('name="proof" value="')[1].split('"')[0]}
    answer = visitor.post(link(ticket, "my_data"), proof | {"as": "zip"})
    assert answer["Content-Disposition"] == f'attachment; filename="{ticket.number}.zip"'
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as archive:
        assert archive.testzip() is None and archive.namelist() == [f"{ticket.number}.json", "1.jpg"]
        assert archive.read("1.jpg") == photo
        assert json.loads(archive.read(f"{ticket.number}.json"))["report"] == ticket.number
    ends = [
        visitor.post(link(ticket, "my_data"), proof | {"as": "zip"}).status_code
        for _n in range(FILES_PER_REPORT)
    ]
    assert ends[-2:] == [200, 429]


def test_nobody_learns_with_anothers_phone_and_vin_what_we_know_of_him(visitor, now, people):
    """A stranger reports with the victim's phone and the VIN that he read on his vehicle: his own link says nothing that he
    did not type, until customer service has taken it up."""
    his = build.ticket("recorded", at=now - build.HOUR, company=people)
    car = build.vehicle(plate="苏M77777", delivered_on=dt.date(2025, 3, 9), customer=his.customer)
    leads.lead(his.customer, people.eng, now, words="要两台带斗的")
    typed = {"vin": car.vin, "model": "白色小车"}
    known, unknown = build.report(now, **typed), build.report(now, **typed | {"vin": "XX" + car.vin})
    pages = [
        visitor.get(link(known)).content.decode(),
        visitor.post(link(known, "my_data"), PHONE).content.decode(),
    ]
    others = [
        visitor.get(link(unknown)).content.decode(),
        visitor.post(link(unknown, "my_data"), PHONE).content.decode(),
    ]
    for page, other in zip(pages, others, strict=True):
        assert not any(
            word in page
            for word in (car.plate, "2025-03-09", car.model.name, his.customer.number, "要两台带斗的")
        )
        assert "白色小车" in page and car.vin in page and page.count("<dt>") == other.count("<dt>")
    services.accept(known, by=people.cs, at=now)
    shown = visitor.post(link(known, "my_data"), PHONE).content.decode()
    assert all(word in shown for word in (car.plate, car.model.name, his.customer.number, "要两台带斗的")), (
        "the control"
    )


def test_with_anothers_phone_nobody_reads_that_he_wishes_to_be_erased(visitor, now, people):
    his = build.ticket("recorded", at=now - build.HOUR, company=people)
    visitor.post(link(his, "rights"), {"wish": "erase", "text": ""})
    assert "You wish to be erased" in visitor.get(link(his)).content.decode()
    assert "You wish to be erased" not in visitor.get(link(build.report(now))).content.decode()


@pytest.mark.parametrize("sent", [{"phone": "13800000000"}, {"proof": "x"}, {"proof": ""}])
def test_with_the_link_alone_nothing_is_shown(visitor, ticket, sent):
    answer = visitor.post(link(ticket, "my_data"), sent)
    page = answer.content.decode()
    assert answer.status_code == 422 and "迎春路" not in page and "王小明" not in page
    assert visitor.get(link(ticket, "my_data")).status_code == 200


def test_the_proof_of_one_report_opens_no_other(visitor, ticket, now, people):
    page = visitor.post(link(ticket, "my_data"), PHONE).content.decode()
    proof = page.split('name="proof" value="')[1].split('"')[0]
    other = build.ticket("recorded", at=now, company=people, phone="+8613900001111", street="CANARY路")
    answer = visitor.post(link(other, "my_data"), {"proof": proof})
    assert answer.status_code == 422 and "CANARY" not in answer.content.decode()


def test_a_wrong_phone_sounds_the_same_and_guessing_ends_soon(visitor, ticket):
    said = set()
    for number in range(LOOKS_PER_REPORT):
        answer = visitor.post(link(ticket, "my_data"), {"phone": f"1380000{number:04}"})
        said.add((answer.status_code, "not the phone number" in answer.content.decode()))
    assert said == {(422, True)}
    right = visitor.post(link(ticket, "my_data"), PHONE)
    assert right.status_code == 429 and "迎春路" not in right.content.decode(), (
        "even the right one, once it was too often"
    )


def test_the_answer_is_not_kept_with_the_key_of_the_form(visitor, ticket):
    from aftersales.models import OperationKey

    visitor.post(link(ticket, "my_data"), PHONE | {"operation": key()})
    assert not OperationKey.objects.exists()


@pytest.mark.clause("2.2")
def test_a_wish_to_be_erased_reaches_the_two_leaders_and_he_sees_how_it_stands(visitor, ticket, people, now):
    sent = {"wish": "erase", "text": "全部删掉", "operation": key()}
    visitor.post(link(ticket, "rights"), sent)
    visitor.post(link(ticket, "rights"), {**sent, "operation": key()})
    request = ErasureRequest.objects.get()
    assert (request.customer, request.opened_by, ticket.number in request.reason) == (
        ticket.customer,
        None,
        True,
    )
    assert "全部删掉" not in request.reason, "his words stand among the messages, where they are erased"
    assert "Two of our leaders look at it" in visitor.get(link(ticket)).content.decode()
    address = link(ticket)
    rights.propose(request, by=people.mgr, at=now)
    assert "One of our leaders has agreed" in visitor.get(address).content.decode()
    rights.carry_out(request, by=build.person("MGR"), at=now)
    gone = visitor.get(address)
    assert (
        gone.status_code == 410
        and "was erased" in gone.content.decode()
        and "王小明" not in gone.content.decode()
    )


def test_who_was_not_taken_up_yet_may_wish_it_too(visitor, now):
    ticket = build.report(now)
    visitor.post(link(ticket, "rights"), {"wish": "erase", "text": ""})
    assert ErasureRequest.objects.get().customer == type(ticket).objects.get(pk=ticket.pk).customer


def test_another_wish_asks_for_no_erasure(visitor, ticket):
    visitor.post(link(ticket, "rights"), {"wish": "correct", "text": "电话不对"})
    assert not ErasureRequest.objects.exists() and ticket.messages.filter(kind="rights").exists()
