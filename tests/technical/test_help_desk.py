"""The help desk (2.2): written with steps and pictures without a script, previewed, published by another, withdrawn, counted."""

import datetime as dt
import io

import pytest
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from aftersales import clock
from repairs.models import HelpCount, HelpMiss, HelpVersion
from repairs.services import articles, helping
from tests import build
from tests.public.conftest import key, picture  # noqa: F401  # the same fixture
from tests.workbooks import totals

pytestmark = [pytest.mark.django_db, pytest.mark.clause("2.2")]
LIST, COUNTS = "/quality/articles/", "/quality/articles/counts/"
HEAD = {"title": "充不进电", "symptom": "充电器灯不亮", "group": "charge", "keywords": "充电桩"}


def written(client, **more):
    client.post(f"{LIST}new/", HEAD | more)
    return HelpVersion.objects.latest("pk")


def page(row, tail=""):
    return f"{LIST}{row.article.key}/{tail}"


def entries(row, *steps, do="save", **more):
    """What a browser sends for a draft with these steps: (text, picture) each."""
    count = {"steps-TOTAL_FORMS": len(steps), "steps-INITIAL_FORMS": len(steps)}
    sent = HEAD | {"revision": row.revision, "do": do} | count
    for at, (text, shown) in enumerate(steps):
        sent |= {f"steps-{at}-text": text, f"steps-{at}-picture": shown, f"steps-{at}-caption": ""}
    return sent | more


def texts(row):
    row.refresh_from_db()
    return [step["text"] for step in row.steps]


def test_from_nothing_to_the_public_help_by_two_people(who, as_user, client, picture):  # noqa: F811
    writer, row = as_user(who.tech), None
    row = written(writer)
    answer = writer.post(
        page(row, "edit/"),
        entries(row, ("插紧插头", ""), **{"steps-0-photo": picture(), "steps-0-caption": "缺口"}),
    )
    assert answer.status_code == 302
    row.refresh_from_db()
    shown = row.steps[0]["picture"]
    assert row.steps == [{"text": "插紧插头", "picture": shown, "caption": "缺口"}] and len(shown) == 32
    assert f"/quality/articles/pictures/{shown}/" in writer.get(page(row, "preview/")).content.decode()
    assert client.get(f"/help/pictures/{shown}/").status_code == 404
    assert 'data-opens="publish"' not in writer.get(page(row)).content.decode()
    writer.post(page(row, "publish/"))
    row.refresh_from_db()
    assert row.stage == "draft", "SD05"
    other = as_user(who.cs)
    assert 'data-opens="publish"' in other.get(page(row)).content.decode()
    other.post(page(row, "publish/"))
    assert "插紧插头" in client.get(f"/help/{row.article.key}/").content.decode()
    assert client.get(f"/help/pictures/{shown}/").status_code == 200


@pytest.mark.parametrize(
    ("do", "left"),
    [
        ("add", ["a", "b", "c", ""]), ("up-1", ["b", "a", "c"]), ("down-1", ["a", "c", "b"]), ("drop-1", ["a", "c"]),
        ("up-0", ["a", "b", "c"]), ("down-2", ["a", "b", "c"]), ("drop-9", ["a", "b", "c"]), ("up-x", ["a", "b", "c"]),
        ("nonsense", ["a", "b", "c"]), ("save", ["a", "b", "c"]),
    ],
)  # fmt: skip
def test_every_button_saves_and_moves_a_step(do, left, who, as_user):
    client = as_user(who.cs)
    row = written(client)
    sent = entries(row, ("a", ""), ("b", ""), ("c", ""), do=do, title="new title")
    assert client.post(page(row, "edit/"), sent).status_code == 302
    assert texts(row) == left and row.title == "new title"


def test_a_refused_form_keeps_what_was_typed_and_the_picture_that_came(who, as_user, picture):  # noqa: F811
    client = as_user(who.cs)
    row = written(client)
    sent = entries(row, ("打 13800138000", ""), title="标题", **{"steps-0-photo": picture()})
    answer = client.post(page(row, "edit/"), sent)
    shown = answer.content.decode()
    assert answer.status_code == 422 and "looks like a phone number" in shown
    assert "打 13800138000" in shown and 'value="标题"' in shown and "steps-0-photo-kept" in shown
    assert texts(row) == []


@pytest.mark.parametrize(
    "wrong", [{"symptom": "打 13800138000"}, {"title": ""}, {"revision": 99}, {"steps-0-text": "x" * 5000}]
)
def test_whatever_was_wrong_the_picture_need_not_be_chosen_again(wrong, who, as_user, picture):  # noqa: F811
    client = as_user(who.cs)
    row = written(client)
    answer = client.post(
        page(row, "edit/"),
        entries(row, ("插紧", ""), **{"steps-0-photo": picture(), "operation": key()}) | wrong,
    )
    shown = answer.content.decode()
    assert answer.status_code == 422 and "a.jpg is already here" in shown
    seal = shown.split('name="steps-0-photo-kept" value="')[1].split('"')[0]
    row.refresh_from_db()
    client.post(
        page(row, "edit/"), entries(row, ("插紧", ""), **{"steps-0-photo-kept": seal, "operation": key()})
    )
    row.refresh_from_db()
    assert len(row.steps[0]["picture"]) == 32


def test_who_opened_an_older_page_overwrites_nothing(who, as_user):
    one, other = as_user(who.cs), as_user(who.tech)
    row = written(one)
    old = entries(row, ("alt", ""))
    other.post(page(row, "edit/"), entries(row, ("neu", "")))
    answer = one.post(page(row, "edit/"), old)
    assert (
        answer.status_code == 422
        and "meanwhile" in answer.content.decode()
        and "alt" in answer.content.decode()
    )
    assert texts(row) == ["neu"]


@pytest.fixture
def published(who):
    def made(title="充不进电", **more):
        facts = HEAD | {"title": title, "steps": [{"text": "插紧"}]} | more
        row = articles.begin(**facts, by=who.tech, at=clock.now())
        return articles.publish(row, by=who.cs, at=clock.now())

    return made


def test_a_new_version_is_drafted_compared_and_published(published, who, as_user):
    first, client = published(), as_user(who.tech)
    assert client.post(page(first, "renew/")).status_code == 302
    second = HelpVersion.objects.latest("pk")
    client.post(page(second, "edit/"), entries(second, ("插到底", "")))
    shown = client.get(page(second), {"version": 2, "against": 1}).content.decode()
    assert "From version 1 to 2" in shown and "插紧" in shown and "插到底" in shown
    assert "插紧" in client.get(page(second), {"version": 1}).content.decode()
    as_user(who.cs).post(page(second, "publish/"))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.stage, second.stage) == ("replaced", "published")
    history = client.get(page(second)).content.decode()
    assert "replaced by the next version" in history and "Version 2: published" in history


def test_withdrawn_with_its_reason(published, who, as_user):
    row, client = published(), as_user(who.cs)
    assert client.post(page(row, "withdraw/"), {"why": ""}).status_code == 422
    assert client.post(page(row, "withdraw/"), {"why": "错了"}).status_code == 302
    assert "错了" in client.get(page(row)).content.decode()
    assert client.post(page(row, "withdraw/"), {"why": "错了"}).status_code == 422


def test_a_draft_is_dropped_and_the_article_goes_on(published, who, as_user):
    row, client = published(), as_user(who.tech)
    client.post(page(row, "renew/")), client.post(page(row, "drop/"))
    assert list(HelpVersion.objects.order_by("pk").values_list("stage", flat=True)) == [
        "published",
        "dropped",
    ]
    assert (
        client.post(page(row, "renew/")).status_code == 302 and HelpVersion.objects.latest("pk").number == 3
    )


# --- who comes in
@pytest.mark.parametrize(("role", "reads", "writes"), [
    ("cs", 200, 200), ("tech", 200, 200), ("mgr", 200, 403), ("aud", 200, 403), ("eng", 403, 403), ("sales", 403, 403),
    ("fin", 403, 403), ("wh", 403, 403), ("ga", 403, 403), ("pur", 403, 403), ("sys", 403, 403),
])  # fmt: skip
@pytest.mark.usefixtures("one_factor")
def test_who_reads_and_who_writes(role, reads, writes, published, who, as_user):
    row, client = published(), as_user(getattr(who, role))
    for address in (LIST, page(row), page(row, "preview/"), COUNTS, f"{COUNTS}export.xlsx"):
        assert client.get(address).status_code == reads, address
    assert client.get(f"{LIST}new/").status_code == writes
    assert client.post(page(row, "renew/")).status_code == (302 if writes == 200 else 403)


@pytest.mark.parametrize("address", [LIST, f"{LIST}?q=chongdian", f"{LIST}?stage=published", COUNTS])
def test_lists_ask_the_same_for_one_and_three(address, published, who, as_user, django_assert_num_queries):
    from django.db import connection

    client, model = as_user(who.cs), build.vehicle().model
    published("充电一", fits=[model])
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    published("充电二", fits=[model]), published("充电三", fits=[model])
    with django_assert_num_queries(len(one)):
        assert "充电三" in client.get(address).content.decode()


def test_the_list_is_narrowed_by_stage_group_and_words(published, who, as_user):
    published(), published("刹车异响", symptom="吱吱响", group="brakes", keywords="")
    client = as_user(who.cs)
    for asked, found, other in (
        ({"group": "brakes"}, "刹车异响", "充不进电"), ({"q": "scyx"}, "刹车异响", "充不进电"), ({"q": "充电"}, "充不进电", "刹车异响"),
        ({"stage": "published"}, "刹车异响", "nothing of it"),
    ):  # fmt: skip
        shown = client.get(LIST, asked).content.decode()
        assert found in shown and other not in shown, asked
    assert "No article here" in client.get(LIST, {"stage": "withdrawn"}).content.decode()


# --- how it helps
def test_the_counts_of_a_period_and_their_workbook(published, who, as_user):
    row, now = published(), clock.now()
    for name in ("a", "b", "c"):
        helping.read(row.article, name, now), helping.answered(row.article, name, now, solved=name != "c")
    helping.add(row.article, "reports", now)
    HelpCount.objects.create(article=row.article, month=dt.date(2020, 1, 1), views=100, solved=50)
    helping.missed("火星车", now)
    client = as_user(who.tech)
    shown = client.get(COUNTS).content.decode()
    assert (
        "<b>2</b>" in shown and "<b>67 %</b>" in shown and "火星车" in shown and "Write an article" in shown
    )
    assert "<b>50</b>" in client.get(COUNTS, {"since": "2020-01", "until": "2020-01"}).content.decode()
    assert client.get(COUNTS, {"since": "nonsense", "until": "9999-99"}).status_code == 200
    answer = client.get(f"{COUNTS}export.xlsx")
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert {total.label: total.sum for total in totals(book)} == {
        "Read": 3, "Solved = reports saved": 2, "Not solved": 1, "Reports that followed": 1, "Searches": 1,
    }  # fmt: skip
    assert HelpMiss.objects.get().count == 1
