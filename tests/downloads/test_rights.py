"""Rights are asked three times: when it is asked for, when it is written, when it is fetched."""

import pytest
from django.utils import timezone

from accounts.models import Posting, User
from aftersales.downloads import ask, may_fetch, write_waiting
from aftersales.downloads.writers import WRITERS
from aftersales.models import Download
from tests import build

from .conftest import files

pytestmark = pytest.mark.django_db


def fresh(user):
    return User.objects.get(pk=user.pk)


def test_who_lost_the_right_before_it_is_written_gets_nothing(people, scribe, tmp_path):
    row = ask(people.cs, "test", {}, "tickets.xlsx", timezone.now())
    Posting.objects.filter(user=people.cs).delete()
    assert write_waiting() == 0
    row.refresh_from_db()
    assert (row.state, row.why, row.attempts, scribe.written, files(tmp_path)) == (
        "failed",
        "rights",
        1,
        0,
        [],
    )


def test_who_left_gets_nothing(people, scribe):
    row = ask(people.cs, "test", {}, "tickets.xlsx", timezone.now())
    User.objects.filter(pk=people.cs.pk).update(is_active=False)
    write_waiting()
    row.refresh_from_db()
    assert (row.state, row.why) == ("failed", "rights")


def test_what_was_written_under_wider_rights_is_not_handed_out(people, scribe):
    """From customer service to sales: the list is still his to export, but his own rows only."""
    row = ask(people.cs, "test", {}, "tickets.xlsx", timezone.now())
    write_waiting()
    row.refresh_from_db()
    assert may_fetch(row, fresh(people.cs))
    Posting.objects.filter(user=people.cs).update(department="sales")
    assert fresh(people.cs).has_perm("list.export")
    assert not may_fetch(row, fresh(people.cs))


def test_further_rights_do_no_harm(people, scribe):
    row = ask(people.cs, "test", {}, "tickets.xlsx", timezone.now())
    write_waiting()
    Posting.objects.create(user=people.cs, department="technical", since=build.LONG_AGO)
    assert may_fetch(Download.objects.get(pk=row.pk), fresh(people.cs))


def test_every_kind_asks_for_the_right_to_export_and_for_its_list():
    asked = {kind: writer.actions for kind, writer in WRITERS.items() if kind != "test"}
    assert asked == {
        "tickets": ("list.export", "ticket.list"), "receipts": ("receipt.view", "list.export"),
        "receivables": ("receivable.view", "list.export"), "ledger": ("ledger.view", "list.export"),
        "vehicles": ("list.export", "vehicle.view"), "customers": ("list.export", "customer.view"),
        "customers-plain": ("customer.pii_export", "customer.view"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "role", ["SALES", "CS", "ENG", "FIN", "FINS", "WH", "GA", "TECH", "PUR", "MGR", "SYS", "AUD"]
)
def test_each_role_may_have_written_what_it_may_see(role):
    user = build.person(role)
    allowed = {kind for kind, writer in WRITERS.items() if writer.allowed(user)}
    money = {"receipts", "receivables", "ledger"}
    every, names = {"tickets", "vehicles"}, {"customers"}
    due = {
        "SALES": every | names, "CS": every | names, "ENG": every | {"receivables"}, "FIN": every | names | money,
        "FINS": every | names | money, "WH": every, "GA": every, "TECH": every, "PUR": {"vehicles"},
        "MGR": every | names | money | {"customers-plain"}, "SYS": set(), "AUD": every | names | money,
    }  # fmt: skip
    assert allowed == due[role]
