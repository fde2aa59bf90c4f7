"""The whole way: a person asks, a real worker hears the bell and writes, the person fetches."""

import time

import pytest
from django.test import Client
from django.utils import timezone

from aftersales.downloads import asking
from aftersales.models import Download
from tests import build

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_long_list_is_written_by_celery_and_fetched(worker, monkeypatch, one_factor):
    monkeypatch.setattr(asking, "LONG", 0)
    company = build.Company()
    build.ticket(at_stage="reported", at=timezone.now(), company=company)
    client = Client()
    client.force_login(company.cs, backend="accounts.backend.GrantsBackend")
    assert client.get("/tickets/export.xlsx").status_code == 302
    end = time.monotonic() + 90
    while (row := Download.objects.get()).state != "ready":
        assert time.monotonic() < end, row.state
        time.sleep(0.3)
    assert b"".join(client.get(f"/desk/downloads/{row.pk}/").streaming_content)[:2] == b"PK"
