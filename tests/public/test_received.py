import pytest

from repairs import links
from repairs.models import Ticket
from tests import build

from .conftest import link

pytestmark = pytest.mark.django_db


@pytest.mark.clause("3.1")
def test_afterwards_one_sees_number_due_time_and_private_link(visitor, filled):
    page = visitor.post("/report/", filled, follow=True).content.decode()
    ticket = Ticket.objects.get()
    assert ticket.number in page and "Customer service reads your report and takes it up" in page
    assert f"http://testserver{link(ticket)}" in page and 'data-draft-clear="report"' in page
    assert "by <time" in page and ("10:00" in page or "15:00" in page)


@pytest.mark.clause("3.1")
def test_the_code_for_another_phone_is_a_drawing(visitor, monday):
    ticket = build.report(monday)
    answer = visitor.get(link(ticket, "qr"))
    assert (
        answer["Content-Type"] == "image/svg+xml"
        and answer.content.startswith(b"<?xml")
        and b"style=" not in answer.content
    )


def test_receipt_and_code_need_the_link(visitor, monday):
    token = links.token(build.report(monday))
    wrong = f"{token[:-2]}{'a' if token[-2] != 'a' else 'b'}{token[-1]}"  # two bits of the last letter say nothing
    for tail in ("received/", "qr.svg", ""):
        assert visitor.get(f"/t/{wrong}/{tail}").status_code == 404
