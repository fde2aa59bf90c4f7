import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from .conftest import key

pytestmark = pytest.mark.django_db


@pytest.mark.clause("3.1")
def test_a_report_without_photo_takes_at_most_14_statements(visitor, filled, people):
    """P7: ticket, history, clocks and outbox in one transaction; the savepoints of the test's own frame do not count."""
    people.cs  # noqa: B018  # somebody to be told
    visitor.post("/report/", filled | {"operation": key()})
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert visitor.post("/report/", filled | {"operation": key()}).status_code == 302
    sent = [q["sql"] for q in seen if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(sent) <= 14, "\n".join(s[:150] for s in sent)


@pytest.mark.clause("3.1")
def test_the_form_opens_with_at_most_one_statement(visitor):
    visitor.get("/report/")
    with CaptureQueriesContext(connection) as seen:
        visitor.get("/report/")
    assert len(seen) <= 1, [q["sql"] for q in seen]
