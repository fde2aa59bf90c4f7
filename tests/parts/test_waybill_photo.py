"""A parcel has the photo of its waybill and a way to look it up (4.6, 6.3): for who sees the parcel, never tidied away."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from accounts.models import AuditEvent
from aftersales import files
from aftersales.problems import BadEntry
from parts.desk.store import SEEN
from parts.models import Shipment
from parts.services import deliver, pack, send, send_back
from parts.services.shipping import photographed
from repairs.models import Ticket
from tests import build
from tests.parts.conftest import as_user, signed_in

__all__ = ["as_user", "signed_in"]
pytestmark = [pytest.mark.django_db, pytest.mark.clause("6.3")]
HOUR = build.HOUR


def picture(colour="white"):
    out = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(out, "JPEG")
    return SimpleUploadedFile("waybill.jpg", out.getvalue(), "image/jpeg")


@pytest.fixture
def parcel(people):
    """Packed for plan a's customer, not sent yet."""
    at = timezone.now() - 5 * HOUR
    ticket = build.under_warranty(at, people, plan="a", stage="planned")
    sheet = build.released(people, at, about=ticket, part=build.stocked(at=at), to="issued")
    return pack(sheet, by=people.wh, at=at + HOUR)


def sent(people, parcel, **facts):
    given = {"carrier": "顺丰", "waybill": "SF10020030", "terms": "collect", "photo": picture()} | facts
    return send(parcel, by=people.ga, at=timezone.now() - HOUR, **given)


def test_it_is_shown_to_who_may_read_the_address_and_to_nobody_else(people, as_user, parcel):
    """A18: the waybill bears name, phone and street; each who looked is written down, once a day."""
    done = sent(people, parcel)
    address = f"/parts/shipments/{done.number}/photo/{done.key}/"
    for who in ("ga", "eng", "cs"):
        assert as_user(getattr(people, who)).get(address)["Content-Type"].startswith("image/")
        seen = AuditEvent.objects.filter(
            verb=SEEN, by=getattr(people, who), subject=f"shipment:{done.number}"
        )
        assert seen.count() == 1
        text = as_user(getattr(people, who)).get(done.get_absolute_url()).content.decode()
        assert address in text and "kuaidi100.com/chaxun?nu=SF10020030" in text and seen.count() == 1
    for who in ("fin", "fins", "aud"):
        text = as_user(getattr(people, who)).get(done.get_absolute_url()).content.decode()
        assert "SF10020030" in text and address not in text
        assert as_user(getattr(people, who)).get(address).status_code == 404
    assert as_user(build.person("ENG")).get(address).status_code == 404
    assert as_user(people.ga).get(f"/parts/shipments/{done.number}/photo/wrong/").status_code == 404


def test_of_a_delivered_parcel_the_photo_is_customer_services(people, as_user, parcel):
    """It is in nobody's hand any more (A18)."""
    done = deliver(sent(people, parcel), by=people.ga, at=timezone.now(), how="本人签收")
    address = f"/parts/shipments/{done.number}/photo/{done.key}/"
    for who, status in (("ga", 404), ("wh", 404), ("cs", 200), ("mgr", 200)):
        assert as_user(getattr(people, who)).get(address).status_code == status
        text = as_user(getattr(people, who)).get(done.get_absolute_url()).content.decode()
        assert (address in text) == (status == 200)


def test_it_is_taken_on_the_form_with_the_phone(people, as_user, parcel):
    client = as_user(people.ga)
    form = client.get(f"{parcel.get_absolute_url()}steps/send/").content.decode()
    assert 'capture="environment"' in form and "multipart/form-data" in form
    data = {"carrier": "顺丰", "waybill": "SF1", "terms": "collect", "photo": picture(), "seen": ""}
    assert client.post(f"{parcel.get_absolute_url()}steps/send/", data).status_code == 302
    assert Shipment.objects.get(pk=parcel.pk).sha256


@pytest.mark.clause("4.6")
def test_what_the_engineer_sends_back_has_one_too(people, as_user):
    ticket = build.ticket(at_stage="in_service", plan="c", at=timezone.now() - 25 * HOUR, company=people)
    data = {"content": "旧电机", "carrier": "德邦", "waybill": "DB7", "photo": picture("red")}
    answer = as_user(people.eng).post(f"/parts/shipments/back/{ticket.number}/", data)
    assert answer.status_code == 302 and Shipment.objects.get(ticket=ticket).key
    plain = send_back(
        Ticket.objects.get(pk=ticket.pk),
        by=people.eng,
        at=timezone.now(),
        content="x",
        carrier="y",
        waybill="z",
    )
    assert (plain.key, plain.sha256) == ("", "")


def test_what_is_no_picture_is_refused_at_its_field(people, parcel):
    with pytest.raises(BadEntry) as refused:
        sent(people, parcel, photo=SimpleUploadedFile("a.jpg", b"<svg onload=alert(1)>", "image/jpeg"))
    assert refused.value.field == "photo"


def test_it_stays_among_the_named_files(people, parcel):
    done = sent(people, parcel)
    assert list(photographed([done.sha256])) == [done.sha256] and files.named([done.sha256]) == {done.sha256}


def test_without_a_tracking_page_there_is_no_link(people, parcel, settings):
    done = sent(people, parcel)
    settings.TRACKING_URL = ""
    assert done.tracking == ""
