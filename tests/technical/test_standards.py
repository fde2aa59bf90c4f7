"""The standard 9.7 (7.1, 8.9): drafted by technical, published by a leader (SD05), dated, in and out of Excel."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from accounts.access import Denied
from aftersales.limits import local_day
from aftersales.problems import BadEntry, OutOfTurn
from technical import imports, selectors
from technical.models import Clause, Standard
from technical.services import standards
from technical.services.clauses import FACTS, whole
from tests import build
from tests.api.conftest import Program
from tests.technical import quality

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("english", "one_factor"),
    pytest.mark.clause("9.7"),
]
LIST = "/quality/standards/"
FIXED: dict[str, str] = quality.CLAUSES[0]


def drafted(who, version="A/1", days=0, clauses=(FIXED,), by=None):
    at = timezone.now()
    day = local_day(at) + dt.timedelta(days=days)
    return standards.draft_standard(version, "考核标准", day, clauses=clauses, by=by or who.tech, at=at)


def published(who, *args, **facts):
    return standards.publish(drafted(who, *args, **facts), by=who.mgr, at=timezone.now())


# --- two people
def test_technical_drafts_a_leader_publishes_and_it_is_in_force_from_its_day(who):
    first, later = published(who, "A/1"), published(who, "A/2", days=10)
    today = local_day(timezone.now())
    assert selectors.standard_on(today - dt.timedelta(days=1)) is None
    assert selectors.standard_on(today) == first
    assert selectors.standard_on(today + dt.timedelta(days=10)) == later


def test_who_drafted_it_does_not_publish_it(who):
    both = build.person("TECH", "MGR")
    paper = drafted(who, by=both)
    with pytest.raises(Denied, match="SD05"):
        standards.publish(paper, by=both, at=timezone.now())
    with pytest.raises(Denied):
        standards.publish(paper, by=build.person("TECH"), at=timezone.now())
    assert standards.publish(paper, by=who.mgr, at=timezone.now()).published_by == who.mgr


def test_only_who_drafted_it_writes_into_it_and_only_while_it_is_a_draft(who):
    paper, at = drafted(who), timezone.now()
    for act in (lambda by: standards.put_clause(paper, by=by, at=at, **FIXED),
                lambda by: standards.remove_clause(paper, "3.1", by=by, at=at)):  # fmt: skip
        with pytest.raises(Denied, match="SD05"):
            act(build.person("TECH"))
        with pytest.raises(Denied):
            act(who.mgr)
    standards.publish(paper, by=who.mgr, at=at)
    with pytest.raises(OutOfTurn, match="not a draft"):
        standards.put_clause(paper, by=who.tech, at=at, **FIXED)


def test_a_day_that_has_passed_is_refused_when_drafted_and_when_published(who):
    with pytest.raises(BadEntry) as refusal:
        drafted(who, days=-1)
    assert refusal.value.field == "effective_on"
    paper = drafted(who)
    with pytest.raises(BadEntry, match="today at the earliest"):
        standards.publish(paper, by=who.mgr, at=timezone.now() + dt.timedelta(days=2))


def test_an_earlier_draft_of_the_day_does_not_overtake_a_later_one(who):
    early = drafted(who, "A/1")
    published(who, "A/2")
    with pytest.raises(OutOfTurn, match="drafted later"):
        standards.publish(early, by=who.mgr, at=timezone.now())


def test_an_empty_or_dropped_version_is_not_published(who):
    with pytest.raises(OutOfTurn, match="empty"):
        published(who, clauses=())
    paper = standards.drop(drafted(who, "A/2"), by=who.tech, at=timezone.now())
    with pytest.raises(OutOfTurn, match="not a draft"):
        standards.publish(paper, by=who.mgr, at=timezone.now())


def test_a_version_has_one_name_and_a_clause_one_number(who):
    drafted(who)
    with pytest.raises(BadEntry) as refusal:
        drafted(who)
    assert refusal.value.field == "version"
    with pytest.raises(BadEntry, match="twice"):
        drafted(who, "A/2", clauses=(FIXED, FIXED))


def test_a_second_entry_of_a_number_replaces_the_first(who):
    paper, at = drafted(who), timezone.now()
    standards.put_clause(paper, by=who.tech, at=at, **FIXED | {"amount": Decimal("80.00")})
    assert [(row.number, row.amount) for row in paper.clauses.all()] == [("3.1", Decimal("80.00"))]
    standards.remove_clause(paper, "3.1", by=who.tech, at=at)
    assert not Clause.objects.exists()


# --- what a clause must say
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": Decimal("0.00")}, "amount"),
        ({"amount": Decimal("-1.00")}, "amount"),
        ({"amount": Decimal("1.005")}, "amount"),
        ({"amount": Decimal("NaN")}, "amount"),
        ({"amount": None}, "amount"),
        ({"amount": Decimal("500.01")}, "amount"),
        ({"cap": Decimal("0.00")}, "cap"),
        ({"percent": Decimal("20.00")}, "percent"),
        ({"points": 3}, "points"),
        ({"method": "loss", "amount": None, "percent": Decimal("100.01")}, "percent"),
        ({"method": "loss", "amount": None}, "percent"),
        ({"method": "points", "amount": None, "cap": None}, "points"),
        ({"method": "points", "amount": None, "cap": None, "points": 0}, "points"),
        ({"method": "notice", "amount": None}, "cap"),
        ({"method": "gift"}, "method"),
        ({"category": ""}, "category"),
        ({"factor": Decimal(0)}, "factor"),
        ({"factor": Decimal("1.005")}, "factor"),
        ({"appeal_days": 0}, "appeal_days"),
        ({"number": "3/1"}, "number"),
        ({"criterion": " "}, "criterion"),
        ({"party": "x" * 81}, "party"),
    ],
)
def test_what_a_clause_must_say(change, field):
    with pytest.raises(BadEntry) as refusal:
        whole(FIXED | change)
    assert refusal.value.field == field


def test_factor_and_days_have_their_usual_value():
    found = whole(FIXED)
    assert (found["factor"], found["appeal_days"]) == (Decimal(1), 3)


def test_clauses_stand_as_one_counts_them(who):
    paper = drafted(who, clauses=[FIXED | {"number": number} for number in ("3.10", "10.1", "3.2")])
    assert [row.number for row in selectors.clauses_of(paper)] == ["3.2", "3.10", "10.1"]


# --- workbooks
def book(*rows):
    found = Workbook()
    found.active.append([str(column.label) for column in imports.columns()])
    for row in rows:
        found.active.append([row.get(name) for name in FACTS])
    out = io.BytesIO()
    found.save(out)
    return SimpleUploadedFile("standard.xlsx", out.getvalue())


def head(version="B/0"):
    return {"version": version, "title": "标准", "effective_on": local_day(timezone.now()).isoformat()}


def test_an_export_can_be_imported_again(who, as_user):
    paper = drafted(who, clauses=quality.CLAUSES)
    client = as_user(who.tech)
    answer = client.get(f"{paper.get_absolute_url()}export.xlsx")
    file = io.BytesIO(b"".join(answer.streaming_content))
    found = imports.read_clauses(file)
    assert (found.faults, found.rows) == ([], [whole(facts) for facts in quality.CLAUSES])
    file.seek(0)
    sent = SimpleUploadedFile("again.xlsx", file.read())
    assert client.post(f"{LIST}import/", head() | {"file": sent, "do": "keep"}).status_code == 302
    assert Standard.objects.get(version="B/0").clauses.count() == len(quality.CLAUSES)


def test_an_export_in_chinese_comes_back_too(who, as_user):
    paper = drafted(who, clauses=quality.CLAUSES)
    answer = as_user(who.tech, "zh-hans").get(f"{paper.get_absolute_url()}export.xlsx")
    found = imports.read_clauses(io.BytesIO(b"".join(answer.streaming_content)))
    assert (found.faults, found.count) == ([], len(quality.CLAUSES))


def test_every_bad_row_is_named_with_its_reason_and_nothing_is_kept(who, as_user):
    rows = [FIXED, FIXED, FIXED | {"number": "3.2", "method": "gift"}, FIXED | {"number": "3.3", "amount": 900.0},
            FIXED | {"number": "3.4", "amount": "200"}]  # fmt: skip
    sent = book(*rows)
    found = imports.read_clauses(sent)
    assert {fault.cell for fault in found.faults} == {"A3", "G4", "H5", "H6"}
    client = as_user(who.tech)
    for do in ("check", "keep"):
        sent.seek(0)
        text = client.post(f"{LIST}import/", head() | {"file": sent, "do": do})
        assert text.status_code == 422 and "4 faults" in text.content.decode()
    assert not Standard.objects.exists()


def test_checking_keeps_nothing(who, as_user):
    answer = as_user(who.tech).post(f"{LIST}import/", head() | {"file": book(FIXED), "do": "check"})
    assert answer.status_code == 200 and not Standard.objects.exists()


def test_the_template_reads_without_a_fault(who, as_user):
    answer = as_user(who.tech).get(f"{LIST}import/template.xlsx")
    content = b"".join(answer.streaming_content)
    assert imports.read_clauses(io.BytesIO(content)).faults == []
    assert len(load_workbook(io.BytesIO(content)).worksheets) == 2


# --- pages
def test_a_new_version_begins_with_the_clauses_in_force(who, as_user):
    published(who, clauses=quality.CLAUSES)
    client = as_user(who.tech)
    assert client.post(f"{LIST}new/", head() | {"copy": "on"}).status_code == 302
    assert Standard.objects.get(version="B/0").clauses.count() == len(quality.CLAUSES)
    assert client.post(f"{LIST}new/", head("B/1")).status_code == 302
    assert not Standard.objects.get(version="B/1").clauses.exists()


def test_technical_writes_on_the_page_and_a_leader_publishes_there(who, as_user):
    paper = drafted(who)
    client, here = as_user(who.tech), paper.get_absolute_url()
    typed = {**FIXED, "number": "4.1", "amount": "120", "cap": ""}
    assert client.post(f"{here}clauses/", typed | {"amount": "0"}).status_code == 422
    assert client.post(f"{here}clauses/", typed).status_code == 302
    assert 'value="120.00"' in client.get(f"{here}?clause=4.1").content.decode()
    assert client.post(f"{here}clauses/3.1/remove/").status_code == 302
    assert client.post(f"{here}publish/").status_code == 403
    assert 'data-opens="publish"' not in client.get(here).content.decode()
    leader = as_user(who.mgr)
    assert 'data-opens="publish"' in leader.get(here).content.decode()
    assert leader.post(f"{here}publish/").status_code == 302
    assert "In force" in as_user(who.wh).get(LIST).content.decode()
    assert "4.1" in as_user(who.eng).get(here).content.decode()


def test_a_draft_is_closed_to_whoever_neither_writes_nor_publishes(who, as_user):
    paper = drafted(who)
    client = as_user(who.wh)
    assert client.get(paper.get_absolute_url()).status_code == 404
    assert paper.version not in client.get(LIST).content.decode()


def test_three_versions_ask_no_more_than_one(who, as_user):
    client, asked = as_user(who.tech), []
    for count in (1, 3):
        while Standard.objects.count() < count:
            published(who, f"A/{Standard.objects.count()}", clauses=quality.CLAUSES)
        client.get(LIST)
        with CaptureQueriesContext(connection) as found:
            assert client.get(LIST).content.decode().count("data-item") == count
        asked.append(len(found))
    assert asked[0] == asked[1]


def test_three_clauses_ask_no_more_than_one(who, as_user):
    client, asked = as_user(who.tech), []
    for count in (1, 3):
        paper = drafted(who, f"A/{count}", clauses=quality.CLAUSES[:count])
        client.get(paper.get_absolute_url())
        with CaptureQueriesContext(connection) as found:
            assert client.get(paper.get_absolute_url()).content.decode().count("data-item") == count
        asked.append(len(found))
    assert asked[0] == asked[1]


# --- API
def test_programs_draft_write_and_publish(who):
    api = Program(who.tech)
    made = api.post("quality-standards/draft", head() | {"copy": False})
    here = f"quality-standards/{made['id']}"
    typed = {name: str(value) for name, value in FIXED.items()}
    assert api.post(f"{here}/clauses", typed)["amount"] == "200.00"
    api.post(f"{here}/clauses", typed | {"number": "5.1"})
    assert api.post(f"{here}/clauses/remove", {"number": "5.1"})["stage"] == "draft"
    api.post(f"{here}/clauses", typed | {"amount": "0"})
    assert api.status == 422
    api.post(f"{here}/publish")
    assert api.status == 403
    assert Program(who.mgr).post(f"{here}/publish")["in_force"] is True
    assert [row["number"] for row in Program(who.wh).get(here)["clauses"]] == ["3.1"]
    sent = head("B/1") | {"file": book(FIXED), "keep": "true"}
    assert api.send("quality-standards/import", sent)["rows"] == 1
    assert api.get("quality-standards")["results"][0]["version"] == "B/1"


# --- on paper
def test_a_version_prints_its_clauses_with_what_each_asks_and_both_hands(who, as_user):
    paper = published(who, clauses=quality.CLAUSES)
    client = as_user(who.wh)  # whoever can be held responsible reads it (J100)
    text = client.get(f"{LIST}{paper.pk}/print/").content.decode()
    for word in (paper.version, "200.00", "500.00", "20 %", "使用不当", str(who.tech), str(who.mgr)):
        assert word in text
    answer = client.get(f"{LIST}{paper.pk}/pdf/")
    assert answer["Content-Type"] == "application/pdf" and answer.content[:4] == b"%PDF"
    assert client.get(f"{LIST}99999/print/").status_code == 404
    assert client.get(f"{LIST}x/print/").status_code == 404
