import datetime as dt
import re

import pytest

from accounts.models import DutyShift
from repairs import services
from repairs.flow import Stage
from repairs.models import Ticket
from repairs.public import story
from tests import build

from .conftest import link

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def now():
    from aftersales import clock

    return clock.now()


@pytest.mark.clause("3.1")
def test_the_page_says_what_comes_next_and_by_when(visitor, now):
    page = visitor.get(link(build.report(now))).content.decode()
    assert (
        "We have received your report" in page
        and "Customer service reads your report and takes it up" in page
    )


@pytest.mark.clause("4.3")
def test_the_engineer_is_named_only_once_he_is(visitor, now, people):
    people.eng.mobile = "13911112222"
    people.eng.save()
    ticket = build.ticket("recorded", at=now - 5 * MINUTE, company=people)
    assert people.eng.name not in visitor.get(link(ticket)).content.decode()
    services.hand_over(ticket, by=people.cs, at=now, engineer=people.eng)
    page = visitor.get(link(ticket)).content.decode()
    assert (
        people.eng.name in page
        and 'href="tel:13911112222"' in page
        and f"{people.eng.name} calls you" in page
    )


@pytest.mark.clause("4.3")
def test_of_the_staff_nothing_but_a_name_is_shown(visitor, now, people):
    people.eng.email, people.eng.regions = "secret@example.com", "江苏"
    people.eng.save()
    ticket = build.ticket("completed", at=now - 9 * MINUTE, company=people)
    page = visitor.get(link(ticket)).content.decode()
    assert not [
        word
        for word in (people.eng.email, people.eng.username, people.cs.username, people.cs.name)
        if word in page
    ]


@pytest.mark.clause("3.1")
@pytest.mark.parametrize("stage", [s.value for s in Stage])
def test_every_stage_has_its_words(visitor, now, stage):
    ticket = build.ticket(stage, at=now - 9 * MINUTE)
    answer = visitor.get(link(ticket))
    assert answer.status_code == 200 and str(story.HEADLINES[stage]) in answer.content.decode()


def test_internal_notes_and_reasons_never_reach_the_customer(visitor, now, people):
    ticket = build.ticket("recorded", at=now - 9 * MINUTE, company=people)
    services.note(ticket, by=people.cs, at=now, text="CANARY-NOTE")
    services.hand_over(ticket, by=people.cs, at=now, engineer=people.eng, remark="CANARY-REMARK")
    services.contact(
        ticket,
        by=people.eng,
        at=now,
        confirmed_symptom="CANARY-SYMPTOM",
        damage_type="human",
        cause_guess="CANARY-CAUSE",
    )
    page = visitor.get(link(ticket)).content.decode()
    assert "CANARY" not in page


def test_a_revoked_link_says_so_kindly(visitor, now):
    ticket = build.report(now)
    address = link(ticket)
    row = Ticket.objects.get(pk=ticket.pk)
    row.private_version += 1
    row.save()
    answer = visitor.get(address)
    assert answer.status_code == 404 and "This link no longer works" in answer.content.decode()
    assert visitor.post(f"{address}message/", {"text": "x"}).status_code == 404


def test_the_page_is_not_kept_not_indexed_and_tells_its_address_to_nobody(visitor, now):
    ticket = build.report(now)
    answer = visitor.get(link(ticket))
    assert (answer["Cache-Control"], answer["Referrer-Policy"], answer["X-Robots-Tag"]) == (
        "no-store",
        "same-origin",
        "noindex, nofollow",
    )
    title = answer.content.decode().split("<title>")[1].split("</title>")[0]
    assert ticket.number not in title and link(ticket).split("/")[2] not in title


def test_the_token_does_not_reach_the_log(visitor, now, capfd):
    ticket = build.report(now)
    import logging

    logging.getLogger("django.request").warning("Not Found: %s", link(ticket))
    visitor.get(link(ticket))
    token = link(ticket).split("/")[2]
    out = capfd.readouterr()
    assert token not in out.out + out.err


@pytest.mark.clause("3.1")
def test_a_late_promise_is_owned_up_to(visitor, now):
    ticket = build.report(now - dt.timedelta(days=12))
    assert "We are late, and we are sorry" in visitor.get(link(ticket)).content.decode()


def test_the_phone_is_masked_and_the_street_left_out(visitor, now):
    page = visitor.get(link(build.report(now, region="江苏泰州", street="迎春路 1 号"))).content.decode()
    assert "138****5678" in page and "+8613812345678" not in page and "江苏泰州" in page
    assert "迎春路" not in page, "whoever holds the link need not know where he lives"


def test_the_page_costs_the_same_with_one_message_and_with_three(visitor, now, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ticket = build.ticket("planned", at=now - 9 * MINUTE)
    counts = []
    for more in (1, 2):
        for n in range(more):
            services.message(ticket, at=now + n * MINUTE, text="x")
        visitor.get(link(ticket))
        with CaptureQueriesContext(connection) as seen:
            visitor.get(link(ticket))
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 14


@pytest.mark.clause("3.1")
def test_chinese_sentences_end_as_chinese_ones_do(visitor, now, people):
    at = now - MINUTE
    DutyShift.objects.create(user=people.cs, begins_at=at, ends_at=now + 60 * MINUTE, mobile="13800009898")
    ticket = build.report(at)
    visitor.post(link(ticket, "rights"), {"wish": "erase", "text": ""})
    page = visitor.get(link(ticket), headers={"accept-language": "zh-hans"}).content.decode()
    read = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))
    assert "13800009898。我们绝不会" in read and re.search(r"\d\d:\d\d。由两位领导", read)
    assert not re.search(r"\. ?[\u4e00-\u9fff]", read)
