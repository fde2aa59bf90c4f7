"""What fails how often (7.1): Pareto, repeated faults; a solved case becomes the draft of a help article (2.2)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.access import Denied
from aftersales.problems import BadEntry, OutOfTurn
from notices.models import Notification
from repairs.models import HelpVersion
from repairs.services import articles
from technical import learning
from technical.learning import VIEWS, Bar, Wish
from technical.services import judging, notices, writing
from tests import build
from tests.api.conftest import Program
from tests.technical import quality

pytestmark = [pytest.mark.django_db, pytest.mark.clause("7.1")]
PAGE = "/quality/learning/"


@pytest.fixture(autouse=True)
def _sentences_in_english(english):
    """What the services refuse is compared in English here."""


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def case(who, now, db):
    """Submits a report `days` ago: of a model and a part."""
    quality.standard()

    def make(days=1, model="FY-6", **facts):
        at = now - dt.timedelta(days=days)
        ticket = build.ticket("completed", at=at - dt.timedelta(hours=2), company=who, model=model)
        return quality.submitted(ticket, at, **facts)

    return make


def wish(now, **facts):
    given = {"first": now.date() - dt.timedelta(days=30), "last": now.date() + dt.timedelta(days=1)}
    return Wish(**given | facts)


# --- Pareto
def test_counts_shares_and_cumulated_shares_the_most_frequent_first(case, now):
    for part in ("刹车片", "刹车片", "电机"):
        case(part_name=part, part_no="")
    assert learning.pareto(wish(now)) == [
        Bar("刹车片", 2, Decimal("66.7"), Decimal("66.7"), "刹车片"), Bar("电机", 1, Decimal("33.3"), Decimal("100.0"), "电机"),
    ]  # fmt: skip


def test_drafts_what_was_sent_back_and_other_periods_do_not_count(case, who, now):
    kept = case()
    case(days=60)
    back = case(days=2)
    writing.send_back(back, reason="照片不清", by=who.tech, at=now)
    ticket = build.ticket("completed", at=now - dt.timedelta(hours=5), company=who)
    quality.draft(ticket, now)
    assert list(learning.counted(wish(now))) == [kept]


@pytest.mark.parametrize(
    ("by", "word"),
    [("model", "FY-6"), ("part", "刹车片 SC-01"), ("failure_mode", "worn"), ("supplier", "泰州配件厂"), ("batch", "B7"),
     ("month", "2025-11")],
)  # fmt: skip
def test_each_view_counts_its_own(case, now, by, word):
    case(supplier="泰州配件厂", batch="B7", produced_on=dt.date(2025, 11, 20))
    assert by in VIEWS and [bar.word for bar in learning.pareto(wish(now, by=by))] == [word]


def test_what_nobody_stated_is_counted_and_called_so(case, now):
    case()
    assert [bar.word for bar in learning.pareto(wish(now, by="month"))] == ["not stated"]


def test_filters_narrow_it(case, now):
    case(model="FY-6"), case(model="FY-8", failure_mode="broken")
    assert learning.counted(wish(now, words={"model": "fy-8"})).get().model == "FY-8"
    assert learning.counted(wish(now, words={"failure_mode": "worn"})).get().model == "FY-6"
    assert not learning.counted(wish(now, words={"part": "电机"})).exists()


def test_typed_and_chosen_by_its_code_it_is_one_part(case, now):
    case(), case(part_no=""), case(part_name="", part_no="X-9")
    assert [(bar.word, bar.count) for bar in learning.pareto(wish(now))] == [("刹车片 SC-01", 2), ("X-9", 1)]


def test_a_code_stands_there_only_where_all_agree(case, now):
    case(), case(part_no="SC-02")
    assert [(bar.word, bar.count) for bar in learning.pareto(wish(now))] == [("刹车片", 2)]


# --- repeated
@pytest.mark.clause("7.2")
def test_a_fault_that_repeats_calls_for_a_notice_whatever_one_case_showed(case, who, now):
    facts = {"department": "purchasing", "person": who.pur, "problem": "x", "measures": "y",
             "due_on": now.date() + dt.timedelta(days=9), "by": who.tech, "at": now}  # fmt: skip
    case(), case()
    with pytest.raises(OutOfTurn, match="technical or process"):
        notices.issue(learning.submitted().first(), **facts)
    third = case()
    judging.analyse(third, confirmed_cause="x", is_technical=False, by=who.tech, at=now)
    assert notices.issue(third, **facts).number.startswith("ZG")


def told(**facts):
    return Notification.objects.filter(event_key__endswith=":repeated", channel="app", **facts).count()


def test_the_third_case_within_90_days_is_told_once_and_listed(case, who, now):
    technical = who.tech
    case(days=89), case(days=5)
    case(days=100)
    case(model="FY-8")
    assert (told(), learning.repeated(now)) == (0, [])
    third = case(days=1)
    assert told(recipient=technical) == 1
    case(days=0)
    assert told() == 1
    [row] = learning.repeated(now)
    assert (row.model, row.part, row.count, row.technical) == ("FY-6", "刹车片 SC-01", 4, None)
    writing.send_back(third, reason="补", by=who.tech, at=now)
    writing.submit(third, by=third.engineer, at=now)
    assert told() == 1


def test_the_figure_of_the_company_decides(case, now, monkeypatch):
    monkeypatch.setattr(learning, "limit", lambda at: 2)
    case(), case()
    assert [row.count for row in learning.repeated(now)] == [2]


# --- the page
def test_technical_sees_bars_repeats_and_the_way_to_a_notice(case, who, as_user, now):
    reports = [case(), case(), case()]
    judging.analyse(reports[0], confirmed_cause="材料", is_technical=True, by=who.tech, at=now)
    text = as_user(who.tech).get(PAGE).content.decode()
    assert (
        "<progress" in text and "100.0 %" in text and f"/quality/reports/{reports[0].number}/notice/" in text
    )
    text = (
        as_user(who.eng).get(PAGE, {"by": "model", "since": "junk", "failure_mode": "junk"}).content.decode()
    )
    assert "FY-6" in text and "/notice/" not in text
    assert as_user(who.wh).get(PAGE).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_for_one_and_three(
    case, who, as_user, count, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(learning, "limit", lambda at: 1)
    for n in range(count):
        case(model=f"FY-{n}", part_name=f"件{n}")
    client = as_user(who.tech)
    client.get(PAGE)
    with django_assert_max_num_queries(7):
        assert client.get(PAGE).status_code == 200


def test_the_same_as_a_workbook(case, who, as_user):
    case(), case(part_name="=1+1")
    answer = as_user(who.tech).get(f"{PAGE}export.xlsx", {"by": "part"})
    assert answer.status_code == 200 and answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert b"".join(answer.streaming_content)[:2] == b"PK"


# --- help articles (2.2)
@pytest.fixture
def final(case, who, now):
    report = case()
    judging.analyse(report, confirmed_cause="材料", is_technical=False, by=who.tech, at=now)
    shares = [{"party": "customer", "percent": Decimal(100), "clause": quality.clause("9.1")}]
    return judging.judge(report, shares=shares, by=who.tech, at=now)


@pytest.mark.clause("2.2")
def test_a_final_case_becomes_a_draft_once(final, who, as_user):
    client, url = as_user(who.tech), f"/quality/reports/{final.number}/article/"
    assert url in client.get(final.get_absolute_url()).content.decode()
    sent = {"title": "刹车异响", "symptom": "刹车时有响声", "steps": "检查刹车片"}
    assert client.post(url, sent | {"steps": ""}).status_code == 422
    assert client.post(url, sent).status_code == 302
    draft = HelpVersion.objects.get()
    taught = (draft.article.source, draft.article.model_code)
    assert (draft.stage, draft.drafted_by, taught) == ("draft", who.tech, (final.number, "FY-6"))
    assert draft.get_absolute_url() in client.get(final.get_absolute_url()).content.decode()
    assert url not in client.get(final.get_absolute_url()).content.decode()
    assert client.post(url, sent).status_code == 422
    assert "刹车异响" in as_user(who.cs).get("/quality/articles/").content.decode()
    assert as_user(who.eng).get("/quality/articles/").status_code == 403


@pytest.mark.clause("2.2")
def test_a_case_that_is_not_over_teaches_nothing_yet(case, who, as_user):
    assert as_user(who.tech).get(f"/quality/reports/{case().number}/article/").status_code == 404


@pytest.mark.clause("2.2")
def test_a_draft_is_refused_where_something_is_missing(who, now):
    facts = {"title": "t", "symptom": "s", "steps": "x", "at": now}
    with pytest.raises(Denied):
        articles.draft(**facts, by=who.eng)
    with pytest.raises(BadEntry) as refusal:
        articles.draft(**facts | {"steps": " "}, by=who.cs)
    assert refusal.value.field == "steps"
    articles.draft(**facts, by=who.cs, source="ZL1")
    with pytest.raises(OutOfTurn, match="already"):
        articles.draft(**facts, by=who.cs, source="ZL1")


@pytest.mark.clause("2.2")
def test_nobody_publishes_his_own_draft(who, now):
    """SD05, in the database."""
    row = articles.draft(title="t", symptom="s", steps="x", by=who.tech, at=now)
    row.stage, row.published_by, row.published_at = "published", who.tech, now
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    row.published_by = who.cs
    row.save()


def test_programs_read_the_same(case, now, who):
    for _ in range(3):
        case(part_name="刹车片", part_no="SC-01")
    case(part_name="电机", part_no="")
    found = Program(who.tech).get("quality-learning?by=part")
    assert found["bars"][0] == {"word": "刹车片 SC-01", "count": 3, "share": "75.0", "cumulated": "75.0"}
    assert [(row["part"], row["count"]) for row in found["repeated"]] == [("刹车片 SC-01", 3)]
    assert Program(who.tech).get("quality-learning?by=model&part=电机")["bars"][0]["count"] == 1


def test_a_number_opens_the_reports_behind_it_and_the_list_can_be_searched(case, who, as_user):
    found, other = case(), case(part_name="电机", part_no="")
    client = as_user(who.tech)
    page = client.get(PAGE).content.decode()
    way = next(
        part.split('"')[0]
        for part in page.split('href="')
        if part.startswith("/quality/reports/?") and "SC" not in part
    )
    shown = client.get(way.replace("&amp;", "&")).content.decode()
    assert (found.number in shown) != (other.number in shown)
    for word, hit in ((other.number[-4:], other), ("电机", other), (found.ticket.number, found)):
        listed = client.get("/quality/reports/", {"q": word}).content.decode()
        assert hit.number in listed and (other if hit is found else found).number not in listed


@pytest.mark.parametrize("by", ["part", "model", "supplier", "batch", "month", "failure_mode"])
def test_each_number_opens_exactly_the_reports_that_it_counted(case, who, as_user, by):
    facts = {
        "part": [{"part_name": "灯7"}, {"part_name": "灯71"}, {"part_name": "", "part_no": "灯7"}, {"part_name": "", "part_no": ""}],
        "month": [{"produced_on": dt.date(2025, 11, 1)}, {"produced_on": dt.date(2025, 11, 30)}, {"produced_on": None}],
        "failure_mode": [{"failure_mode": "worn"}, {"failure_mode": "broken"}],
    }.get(by, [{by: "A7"}, {by: "A71"}, {by: "A7"}] + ([{by: ""}] if by != "model" else []))  # fmt: skip
    for row in facts:
        case(**row)
    client = as_user(who.tech)
    page = client.get(PAGE, {"by": by}).content.decode()
    ways = [
        part.split("</a>")[0].split('">')
        for part in page.split('href="')
        if part.startswith("/quality/reports/?")
    ]
    assert sum(int(count) for _way, count in ways) == len(facts)
    for way, count in ways:
        listed = client.get(way.replace("&amp;", "&")).content.decode()
        assert listed.count("<tr data-item") == int(count), way


def test_the_page_asks_for_days_and_says_the_view_once(case, who, as_user):
    case()
    page = as_user(who.tech).get(PAGE, {"by": "model"}).content.decode()
    assert page.count('type="date"') == 2 and "YYYY" not in page
    assert '<input type="hidden" name="by" value="model">' in page and 'id="f-by"' not in page
