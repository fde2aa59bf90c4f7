"""What is kept no longer than promised: words and personal data of old tickets, files of forms never sent."""

import datetime as dt
import os
import time

import pytest

from aftersales import files
from repairs import services
from repairs.flow import Stage
from repairs.models import Attachment, Ticket
from repairs.services import forgetting
from sales.models import Person
from tests import build
from tests.files.samples import photo, upload

YEARS = dt.timedelta(days=3 * 366 + 2)


def people_of(*tickets) -> list[str]:
    return [Person.objects.get(pk=t.contact_id).name for t in tickets]


@pytest.mark.django_db
def test_after_three_years_the_words_of_a_closed_ticket_are_overwritten(monday, people):
    ticket = build.ticket(Stage.CLOSED, at=monday, company=people)
    assert forgetting.forget_old(monday + dt.timedelta(days=1000)) == 0
    assert forgetting.forget_old(monday + YEARS) == 1
    fresh = Ticket.objects.get(pk=ticket.pk)
    assert (people_of(fresh), fresh.words.symptom, fresh.private_version) == ([""], "", 2)
    assert forgetting.forget_old(monday + YEARS) == 0


@pytest.mark.django_db
def test_a_customer_with_a_later_ticket_keeps_his_name(monday, people):
    old = build.ticket(Stage.CLOSED, at=monday, company=people)
    services.accept(build.report(monday + YEARS), by=people.cs, at=monday + YEARS)
    forgetting.forget_old(monday + YEARS)
    fresh = Ticket.objects.get(pk=old.pk)
    assert (people_of(fresh), fresh.words.symptom) == (["王小明"], "")


@pytest.mark.django_db
def test_an_open_ticket_is_never_cleared(monday, people):
    build.ticket(Stage.CONTACTED, at=monday, company=people)
    assert forgetting.forget_old(monday + 2 * YEARS) == 0


@pytest.mark.django_db
def test_files_that_no_ticket_names_go_after_a_day(monday, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    named, lost = files.take(upload(photo())), files.take(upload(photo(size=(96, 64))))
    ticket = build.report(monday)
    Attachment.objects.create(
        ticket=ticket, key="a" * 32, kind="image", sha256=named.sha256, size=1, at=monday
    )
    two_days_ago = time.time() - 2 * 86400
    for stored in (named, lost):
        os.utime(files.place("originals", stored.sha256), (two_days_ago, two_days_ago))
    assert forgetting.tidy_files(monday) == 1
    assert files.place("originals", named.sha256).exists()
    assert not files.place("originals", lost.sha256).exists()
