"""The audit trail only grows (H06)."""

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import AuditEvent
from accounts.services import audit

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(people, monday):
    return audit("phone.revealed", by=people.mgr, at=monday, subject="ticket:BX20260302-0001", reason="call")


def test_an_event_says_who_when_what_about_what(event, people, monday):
    kept = AuditEvent.objects.get(pk=event.pk)
    assert (kept.by, kept.at, kept.verb, kept.subject, kept.data) == (
        people.mgr, monday, "phone.revealed", "ticket:BX20260302-0001", {"reason": "call"},
    )  # fmt: skip


@pytest.mark.parametrize(
    "sql", ["UPDATE accounts_auditevent SET verb = 'x'", "DELETE FROM accounts_auditevent"]
)
@pytest.mark.usefixtures("event")
def test_it_is_neither_changed_nor_deleted(sql):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
