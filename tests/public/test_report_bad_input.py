import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from repairs.models import Attachment, Ticket

pytestmark = pytest.mark.django_db
LONG = "很" * 10_000


@pytest.mark.clause("2.2")
@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("phone", "138abc45678", "This is not a phone number that can be called"),
        ("phone", "", "This field is required"),
        ("phone", "1" * 40, "at most 30 characters"),
        ("symptom", LONG, "at most 4000 characters"),
        ("symptom", "   ", "This field is required"),
        ("contact", "王" * 61, "at most 60 characters"),
        ("symptom", "a\x00b", "Null characters are not allowed"),
        ("odometer", "many", "Enter a whole number"),
        ("odometer", "-5", "greater than or equal to 0"),
        ("drivable", "flying", "Select a valid choice"),
    ],
)
def test_a_wrong_entry_is_one_sentence_at_its_field_and_nothing_is_lost(
    visitor, filled, field, value, sentence
):
    answer = visitor.post("/report/", filled | {field: value})
    page = answer.content.decode()
    assert answer.status_code == 422 and not Ticket.objects.exists()
    errors = answer.context["form"].errors
    assert list(errors) == [field] and len(errors[field]) == 1 and sentence in errors[field][0]
    at_field = page.split(f'data-field="{field}"')[1].split('class="field')[0]
    assert sentence in at_field
    assert all(f'value="{filled[name]}"' in page for name in ("street", "occurred", "region"))
    assert (f">\n{filled['symptom']}</textarea>" in page) is (field != "symptom")


@pytest.mark.clause("2.2")
def test_the_sentence_is_in_the_users_language(client, filled):
    answer = client.post("/report/", filled | {"symptom": ""})
    assert answer.context["form"].errors["symptom"] == ["请填写此项。"]


@pytest.mark.parametrize(
    "words", ["🚜💥 冒烟了 👨‍👩‍👧", "<script>alert(1)</script> & \"'", "a\u202eb\u0007c", "=1+1"]
)
def test_strange_words_are_kept_and_shown_as_text(visitor, filled, words):
    answer = visitor.post("/report/", filled | {"symptom": words}, follow=True)
    assert answer.status_code == 200
    ticket = Ticket.objects.get()
    assert ticket.words.symptom == words
    page = visitor.get(answer.redirect_chain[-1][0].replace("received/", "")).content.decode()
    assert "<script>alert" not in page


@pytest.mark.clause("3.1")
def test_no_time_that_a_customer_sends_moves_the_clock(visitor, filled):
    visitor.post(
        "/report/",
        filled | {"received_at": "2099-01-01T00:00", "reported_at": "2099-01-01", "occurred": "2099-12-31"},
    )
    ticket = Ticket.objects.get()
    assert ticket.received_at.year < 2099 and ticket.reported_at == ticket.received_at


def test_an_unknown_vin_is_kept_as_typed(visitor, filled):
    visitor.post("/report/", filled | {"vin": "UNKNOWN-1"})
    ticket = Ticket.objects.get()
    assert (ticket.vin, ticket.vehicle) == ("UNKNOWN-1", None)


@pytest.mark.clause("4.3")
@pytest.mark.parametrize(
    "body", [b"this is no picture", b"", b"\x89PNG\r\n\x1a\n" + b"0" * 50, b"<svg onload=alert(1)>"]
)
def test_what_is_not_a_picture_is_refused_at_its_field(visitor, filled, body):
    answer = visitor.post("/report/", filled | {"photos": SimpleUploadedFile("x.jpg", body, "image/jpeg")})
    assert answer.status_code == 422 and list(answer.context["form"].errors) == ["photos"]
    assert not Ticket.objects.exists() and not Attachment.objects.exists()
    assert "刹车异响" in answer.content.decode()


class Endless:
    """A file of 200 MB that is nowhere."""

    name, content_type, size, left = "huge.jpg", "image/jpeg", 200 * 2**20, 200 * 2**20

    def read(self, n: int = -1) -> bytes:
        n = self.left if n < 0 else min(n, self.left)
        self.left -= n
        return b"\xff" * n


@pytest.mark.clause("4.3")
def test_200_megabytes_are_one_sentence_at_the_field(visitor, filled):
    answer = visitor.post("/report/", filled | {"photos": Endless()})
    assert answer.status_code == 422 and list(answer.context["form"].errors) == ["photos"]
    assert "刹车异响" in answer.content.decode() and not Ticket.objects.exists()
