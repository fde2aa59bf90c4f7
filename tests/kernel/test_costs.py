"""What each page and act asks of a database of 10,000 tickets: counts do not drift as times do (performance P1–P9)."""

import datetime as dt
import uuid
from unittest import mock

from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import people, seed
from deadlines.services import sweep
from repairs import rows
from repairs.models import Ticket

TICKETS, CLOCKS = 10_000, 100_000


def signed_in(cookie: str) -> Client:
    client = Client()
    client.cookies["sessionid"] = cookie.partition("=")[2]
    return client


def statements(act) -> list[str]:
    """What `act` sends the second time; the savepoints of the test's own frame do not count."""
    act()
    with CaptureQueriesContext(connection) as seen:
        act()
    return [q["sql"][:200] for q in seen if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))]


def _whole(act) -> list[str]:
    with CaptureQueriesContext(connection) as seen:
        act()
    return [q["sql"] for q in seen]


class Costs(TestCase):
    company: people.Company

    @classmethod
    def setUpTestData(cls) -> None:
        """Seeded once for all tests of this class."""
        cls.company = people.found()
        seed.everything(TICKETS, CLOCKS)

    def test_the_list_costs_five_statements_with_25_50_and_100_rows(self):
        client, counts = signed_in(self.company.agent_cookie), {}
        for size in (25, 50, 100):
            with mock.patch.object(
                rows.page, "__kwdefaults__", {"before": None, "after": None, "size": size}
            ):
                assert len(client.get("/tickets/").context["rows"]) == size
                counts[size] = len(statements(lambda: client.get("/tickets/")))
        assert set(counts.values()) == {counts[25]} and counts[25] <= 5, counts

    def test_the_list_reads_the_rows_of_its_page_and_no_others(self):
        """Newest, deep and filtered pages go down an index: none sorts or counts the table."""
        client = signed_in(self.company.agent_cookie)
        for query in (
            "",
            f"?before={TICKETS // 2}",
            "?stage=closed",
            "?engineer=engineer7",
            "?stage=planned",
        ):
            sql = next(
                s
                for s in _whole(lambda query=query: client.get(f"/tickets/{query}"))
                if "repairs_ticket" in s
            )
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {sql}")
                plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "Seq Scan on repairs_ticket" not in plan, f"{query}\n{plan}"

    def test_the_ticket_page_costs_at_most_14_statements(self):
        client = signed_in(self.company.agent_cookie)
        for stage in ("closed", "planned", "reported"):
            number = Ticket.objects.filter(stage=stage).latest("pk").number
            sent = statements(lambda number=number: client.get(f"/tickets/{number}/"))
            assert len(sent) <= 14, "\n".join(sent)

    def test_home_costs_at_most_7_statements(self):
        for cookie in (self.company.agent_cookie, self.company.engineer_cookie):
            sent = statements(lambda cookie=cookie: signed_in(cookie).get("/desk/"))
            assert len(sent) <= 7, "\n".join(sent)

    def test_a_step_costs_at_most_20_statements(self):
        client = signed_in(self.company.agent_cookie)
        papers = iter(Ticket.objects.filter(stage="recorded").order_by("pk")[:2])

        def hand_over() -> None:
            fields = {"engineer": self.company.engineer.username, "operation": str(uuid.uuid4())}
            assert client.post(f"/tickets/{next(papers).number}/steps/hand_over/", fields).status_code == 302

        sent = statements(hand_over)
        assert len(sent) <= 20, "\n".join(sent)

    def test_a_public_report_costs_at_most_14_statements(self):
        visitor = Client()

        def report() -> None:
            fields = {
                "contact": "王小明",
                "phone": "138 1234 5678",
                "symptom": "刹车异响",
                "vin": "LFY 000 123",
            }
            assert visitor.post("/report/", fields | {"operation": str(uuid.uuid4())}).status_code == 302

        sent = statements(report)
        assert len(sent) <= 14, "\n".join(sent)

    def test_a_sweep_with_nothing_due_costs_one_statement(self):
        sent = statements(lambda: sweep(timezone.now() - dt.timedelta(minutes=5)))
        assert len(sent) == 1, "\n".join(sent)
