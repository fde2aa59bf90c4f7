import pytest

from repairs.models import Attachment, Ticket

pytestmark = pytest.mark.django_db


@pytest.mark.clause("4.3")
def test_pictures_come_with_the_report(visitor, filled, picture):
    answer = visitor.post("/report/", filled | {"photos": [picture("a.jpg"), picture("bb.jpg")]})
    assert answer.status_code == 302
    assert Ticket.objects.get().attachments.count() == 2


@pytest.mark.clause("4.3")
def test_pictures_survive_an_error_elsewhere_and_need_not_be_chosen_again(visitor, filled, picture):
    first = visitor.post("/report/", filled | {"phone": "x", "photos": [picture("a.jpg"), picture("bb.jpg")]})
    assert first.status_code == 422 and "2 pictures are already with us" in first.content.decode()
    seals = [kept.seal for kept in first.context["kept"]]
    assert visitor.get("/report/pictures/", {"seal": seals[0]}).status_code == 200
    second = visitor.post("/report/", filled | {"kept": seals, "photos": [picture("ccc.jpg")]})
    assert second.status_code == 302 and Ticket.objects.get().attachments.count() == 3


def test_a_picture_that_is_already_with_us_can_be_left_out(visitor, filled, picture):
    first = visitor.post("/report/", filled | {"phone": "x", "photos": [picture("a.jpg"), picture("bb.jpg")]})
    seals = [kept.seal for kept in first.context["kept"]]
    visitor.post("/report/", filled | {"kept": seals, "drop": seals[:1]})
    assert Attachment.objects.get().sha256 == first.context["kept"][1].sha256


def test_nobody_can_name_a_file_that_is_not_his(visitor, filled):
    visitor.post("/report/", filled | {"kept": ["WyJhYmMiXQ:1:forged", "…"]})
    assert not Ticket.objects.get().attachments.exists()
    assert visitor.get("/report/pictures/", {"seal": "forged"}).status_code == 404


@pytest.mark.clause("4.3")
def test_a_tenth_picture_is_said_at_the_field_and_nine_are_kept(visitor, filled, picture):
    many = [picture("x" * n + ".jpg") for n in range(1, 11)]
    answer = visitor.post("/report/", filled | {"photos": many})
    assert answer.status_code == 422 and list(answer.context["form"].errors) == ["photos"]
    assert len(answer.context["kept"]) == 9 and not Ticket.objects.exists()


@pytest.mark.clause("4.3")
def test_a_good_picture_beside_a_bad_one_is_kept(visitor, filled, picture):
    from django.core.files.uploadedfile import SimpleUploadedFile

    bad = SimpleUploadedFile("bad.jpg", b"no picture", "image/jpeg")
    answer = visitor.post("/report/", filled | {"photos": [picture(), bad]})
    assert answer.status_code == 422 and len(answer.context["kept"]) == 1
    assert "bad.jpg" in answer.context["form"].errors["photos"][0]
