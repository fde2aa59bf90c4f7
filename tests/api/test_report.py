"""`POST /reports`: the public report over the API."""

import pytest

from aftersales.models import OperationKey
from repairs import links
from repairs.models import Attachment, Channel, Ticket
from repairs.public.texts import PRIVACY_VERSION
from tests.public.conftest import picture  # noqa: F401  # the same fixture

from .conftest import REPORT

pytestmark = pytest.mark.django_db


@pytest.mark.clause("3.1")
def test_three_entries_are_enough_and_the_answer_opens_the_private_page(program):
    api = program()
    answer = api.post("reports", REPORT)
    ticket = Ticket.objects.get()
    assert (api.status, answer) == (201, {"number": ticket.number, "token": links.token(ticket)})
    assert (ticket.channel, ticket.stage, ticket.contact.phone) == (Channel.WEB, "reported", "+8613812345678")
    assert api.client.get(f"/t/{answer['token']}/").status_code == 200


@pytest.mark.clause("9.1")
def test_the_names_of_the_paper_form_are_understood(program):
    program().post("reports", REPORT | {
        "location": "江苏省泰州市海陵区迎春路 1 号", "occurred_at": "昨天雨后", "customer": "泰州物流", "vin": "lfy 000 123",
        "odometer": 12000, "drivable": None,
    })  # fmt: skip
    ticket = Ticket.objects.get()
    assert (ticket.region, ticket.contact.street, ticket.words.occurred) == (
        "江苏省泰州市海陵区",
        "迎春路 1 号",
        "昨天雨后",
    )
    assert (ticket.contact.organisation, ticket.vin, ticket.odometer) == ("泰州物流", "LFY000123", 12000)


def test_a_page_of_the_companys_own_names_the_notice_that_it_showed(program):
    api = program()
    answer = api.post("reports", REPORT | {"privacy_version": "2020-01-01"})
    assert (api.status, set(answer["errors"])) == (422, {"privacy_version"})
    assert PRIVACY_VERSION in answer["errors"]["privacy_version"][0] and not Ticket.objects.exists()
    api.post("reports", REPORT | {"privacy_version": PRIVACY_VERSION})
    assert (api.status, Ticket.objects.get().privacy_version) == (201, PRIVACY_VERSION)


def test_what_is_missing_is_named_at_its_field(program):
    api = program()
    answer = api.post("reports", {"phone": "13812345"})
    assert api.status == 422
    assert set(answer["errors"]) == {"contact", "phone", "symptom"}
    assert Ticket.objects.count() == 0


def test_an_unknown_entry_is_refused_so_that_nothing_is_lost(program):
    api = program()
    answer = api.post("reports", REPORT | {"symptoms": "and more"})
    assert (api.status, set(answer["errors"])) == (422, {"symptoms"})
    assert Ticket.objects.count() == 0


def test_pictures_come_as_multipart(program, picture):  # noqa: F811
    api = program()
    api.send("reports", REPORT | {"photos": [picture("a.jpg"), picture("b.jpg")]})
    assert (api.status, Attachment.objects.count()) == (201, 2)


def test_a_file_that_is_no_picture_is_refused_and_draws_no_number(program, picture):  # noqa: F811
    from django.core.files.uploadedfile import SimpleUploadedFile

    api = program()
    answer = api.send(
        "reports", REPORT | {"photos": [picture(), SimpleUploadedFile("x.jpg", b"no picture", "image/jpeg")]}
    )
    assert (api.status, set(answer["errors"])) == (422, {"photos"})
    assert Ticket.objects.count() == 0


def test_the_same_key_makes_one_ticket_and_answers_the_same(program):
    api = program()
    first = api.post("reports", REPORT, key="k-1")
    assert (api.post("reports", REPORT, key="k-1"), api.status) == (first, 201)
    assert Ticket.objects.count() == 1


def test_the_same_key_with_other_entries_is_refused(program):
    api = program()
    api.post("reports", REPORT, key="k-1")
    for kind in ("application/json", "application/json; charset=utf-8"):
        api.post("reports", REPORT | {"symptom": "another"}, key="k-1", **{"content-type": kind})
        assert api.status == 422
    assert Ticket.objects.count() == 1


def test_a_corrected_report_may_come_with_the_key_of_the_refused_one(program):
    api = program()
    api.post("reports", REPORT | {"phone": "x"}, key="k-1")
    api.post("reports", REPORT, key="k-1")
    assert (api.status, Ticket.objects.count()) == (201, 1)


def test_no_personal_data_stays_with_the_key(program):
    program().post("reports", REPORT, key="k-1")
    kept = OperationKey.objects.get()
    assert (bytes(kept.body), kept.location, kept.result) == (b"", "", str(Ticket.objects.get().pk))


@pytest.mark.clause("3.1")
def test_a_flood_is_refused_before_a_number_is_drawn(program):
    api = program()
    for _ in range(6):
        api.post("reports", REPORT)
        assert api.status == 201
    answer = api.post("reports", REPORT)
    assert (api.status, answer["clause"], Ticket.objects.count()) == (429, "3.1", 6)
