"""A list with names in plain does not outlive the erasure of one of its customers (A15, PIPL 47)."""

import pytest
from django.utils import timezone

from aftersales import downloads
from aftersales.downloads import path_of, writing
from aftersales.models import Download
from notices.models import Notification
from sales import plain
from sales.services import erase, open_customer, write_down
from tests import build

from .conftest import files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_factor", "english")]
PAGE = "/desk/downloads/"


@pytest.fixture
def leaders(people, settings, tmp_path):
    settings.DATA = tmp_path
    return people.mgr, build.person("MGR")


@pytest.fixture
def customer(db):
    return open_customer(write_down(name="诸葛孔明", phone="+8613911119999"), at=timezone.now())


def let_out(leaders):
    row = plain.ask({}, reason="召回通知", by=leaders[0], at=timezone.now())
    plain.let_out(row, by=leaders[1], at=timezone.now())
    return Download.objects.get()


def erased(customer, leaders):
    one, other = leaders
    erase(customer, by=one, seconded_by=other, at=timezone.now(), reason="来信")


def test_the_file_goes_and_whoever_wants_it_reads_why(
    leaders, customer, as_user, tmp_path, django_capture_on_commit_callbacks
):
    row, client = let_out(leaders), as_user(leaders[0])
    downloads.write_waiting()
    row.refresh_from_db()
    assert row.state == Download.State.READY and path_of(row).exists()
    with django_capture_on_commit_callbacks(execute=True):
        erased(customer, leaders)
    assert files(tmp_path) == []
    answer = client.get(f"{PAGE}{row.pk}/", follow=True)
    assert "a customer was erased since" in answer.content.decode() and f"{PAGE}{row.pk}/" not in (
        answer.content.decode()
    )
    assert Notification.objects.filter(
        event_key=f"download:{row.pk}:failed", recipient=leaders[0], title__contains="taken away"
    ).exists()


def test_it_may_be_asked_for_anew_and_names_him_no_more(leaders, customer):
    let_out(leaders)
    erased(customer, leaders)
    Download.objects.all().delete()
    row = let_out(leaders)
    assert downloads.write_waiting() == 1
    assert "诸葛孔明".encode() not in path_of(Download.objects.get(pk=row.pk)).read_bytes()


def test_one_that_waits_is_not_written(leaders, customer):
    row = let_out(leaders)
    erased(customer, leaders)
    assert downloads.write_waiting() == 0
    row.refresh_from_db()
    assert (row.state, row.why, row.path) == (Download.State.FAILED, Download.Why.ERASED, "")


def test_one_that_is_being_written_is_not_kept(leaders, customer, tmp_path, monkeypatch):
    row, kept = let_out(leaders), writing.keep

    def erased_meanwhile(path):
        erased(customer, leaders)
        return kept(path)

    monkeypatch.setattr(writing, "keep", erased_meanwhile)
    assert downloads.write_waiting() == 0 and files(tmp_path) == []
    row.refresh_from_db()
    assert row.why == Download.Why.ERASED


def test_masked_lists_stay(leaders, customer, tmp_path):
    downloads.ask(leaders[0], "customers", {}, "customers.xlsx", timezone.now())
    downloads.write_waiting()
    erased(customer, leaders)
    assert Download.objects.get().state == Download.State.READY and len(files(tmp_path)) == 1
