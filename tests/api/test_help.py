"""`GET /help`: the published help for other programs, open to everybody, within a rate."""

import pytest

from aftersales import clock
from repairs.services import articles
from tests import build

pytestmark = [pytest.mark.django_db, pytest.mark.clause("2.2")]


@pytest.fixture
def published(people):
    def made(title, **facts):
        text = {"symptom": "灯不亮", "steps": [{"text": "插紧"}]} | facts
        row = articles.begin(title=title, **text, by=people.tech, at=clock.now())
        return articles.publish(row, by=people.cs, at=clock.now())

    return made


def test_found_by_words_model_and_group_without_any_key(program, published):
    model = build.vehicle().model
    build.vehicle(model="ZZ-1")
    published("充不进电", group="charge"), published("尾板不动", symptom="升不起", group="body", fits=[model])
    api = program()
    found = lambda **q: [row["title"] for row in api.get("help", **q)["results"]]  # noqa: E731
    assert (
        found(q="chongdian") == ["充不进电"] and found(q="火星") == [] and found(group="body") == ["尾板不动"]
    )
    assert sorted(found()) == ["充不进电", "尾板不动"] and found(model="ZZ-1") == ["充不进电"]
    assert (
        api.get("help", group="body")["results"][0]["models"] == [model.code]
        and found(group="nonsense") == []
    )


def test_one_article_and_nothing_that_is_not_published(program, published, people):
    row, api = published("充不进电"), program()
    told = api.get(f"help/{row.article.key}")
    assert (told["title"], told["version"], told["steps"]) == (
        "充不进电",
        1,
        [{"text": "插紧", "caption": "", "picture": None}],
    )
    draft = articles.begin(title="草稿", by=people.tech, at=clock.now())
    api.get(f"help/{draft.article.key}")
    assert api.status == 404
    articles.withdraw(row, why="x", by=people.tech, at=clock.now())
    api.get(f"help/{row.article.key}")
    assert api.status == 404 and api.get("help")["results"] == []


def test_too_many_are_told_when_to_come_again(program, published, monkeypatch):
    monkeypatch.setattr("repairs.public.limits.HELP_PER_ADDRESS", 1)
    api = program()
    api.get("help")
    api.get("help")
    assert api.status == 429 and int(api.answer["Retry-After"]) > 0


@pytest.mark.parametrize("count", [1, 3])
def test_three_ask_no_more_than_one(program, published, count, django_assert_max_num_queries):
    for n in range(count):
        published(f"充电{n}")
    api = program()
    with django_assert_max_num_queries(6):
        assert len(api.get("help", q="充电")["results"]) == count


def test_a_report_over_the_api_says_what_was_tried(program, published, people):
    from repairs.models import Ticket
    from tests.api.conftest import REPORT

    row = published("充不进电")
    program().post("reports", REPORT | {"tried": row.article.key})
    ticket = Ticket.objects.get()
    assert ticket.words.tried == row
    assert program(people.cs).get(f"tickets/{ticket.number}")["forms"]["report"]["tried"] == row.article.key
