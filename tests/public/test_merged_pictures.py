"""What came over with another customer's duplicate takes none of this customer's nine places (3.1, 4.3)."""

import pytest

from repairs import services
from repairs.models import Attachment, Ticket
from tests import build

from .conftest import key, link

pytestmark = [pytest.mark.django_db, pytest.mark.clause("4.3")]


@pytest.fixture
def survivor(people, monday):
    one, other = build.report(monday), build.report(monday, phone="+8613700001111")
    for place in range(9):
        facts = {"key": f"{place:032d}", "kind": "video", "sha256": f"{place:064d}", "size": 1, "at": monday}
        Attachment.objects.create(ticket=other, **facts)
    services.merge(other, by=people.cs, at=monday, into=one)
    return Ticket.objects.get(pk=one.pk)


def test_nine_of_anothers_leave_all_nine_places(visitor, survivor, picture):
    assert 'name="photos"' in visitor.get(link(survivor)).content.decode()
    pictures = [picture(f"{letter}.jpg") for letter in "AEIMQUYcg"]
    answer = visitor.post(link(survivor, "photos"), {"photos": pictures, "operation": key()})
    assert answer.status_code == 302
    assert survivor.attachments.filter(origin=None).count() == 9
    refused = visitor.post(
        link(survivor, "photos"), {"photos": picture("z.jpg"), "operation": key()}, follow=True
    )
    assert "nine pictures" in refused.content.decode()
    assert survivor.attachments.filter(origin=None).count() == 9
