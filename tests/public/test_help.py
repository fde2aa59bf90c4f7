"""Help first (2.2): found by model and words, read with pictures, solved or reported with what is known; counted once."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from aftersales import clock
from aftersales.limits import first_of, local_day
from repairs.models import HelpCount, HelpMark, HelpMiss, HelpVersion, Ticket
from repairs.services import articles, helping, illustrating
from sales.labels import way_of
from tests import build
from tests.public.conftest import key

pytestmark = [pytest.mark.django_db, pytest.mark.clause("2.2")]
BROWSER = {
    "user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15",
    "accept-language": "en",
}


@pytest.fixture
def visitor(db: Any) -> Client:
    return Client(headers=BROWSER)


@pytest.fixture
def write(people, picture):
    """`write(title, …)`: a published article; `pictured`: its first step shows one."""

    def made(
        title: str = "充不进电", *, fits=(), pictured=False, publish=True, **entries: Any
    ) -> HelpVersion:
        at = clock.now()
        facts = {"symptom": "充电器灯不亮", "group": "charge", "steps": [{"text": "插紧插头"}]} | entries
        row = articles.begin(title=title, **facts, fits=fits, by=people.tech, at=at)
        if pictured:
            shown = illustrating.show(row.article, picture(), by=people.tech, at=at)
            steps = [{"text": "插紧插头", "picture": shown.key, "caption": "插头在座椅下"}]
            row = articles.edit(
                row, title=title, **facts | {"steps": steps}, fits=fits, by=people.tech, at=at
            )
        return articles.publish(row, by=people.cs, at=at) if publish else row

    return made


def url(row: HelpVersion, tail: str = "") -> str:
    return f"/help/{row.article.key}/{tail}"


def counts() -> list[tuple[int, int, int, int]]:
    return list(HelpCount.objects.order_by("article").values_list("views", "solved", "unsolved", "reports"))


# --- what is there
def test_an_empty_company_gives_general_advice_and_the_danger_first_of_all(visitor):
    page = visitor.get("/help/").content.decode()
    assert "The vehicle does not move" in page and "It does not charge" in page
    assert "Stop at once, switch the vehicle off" in page and "0523-89798888" in page


def test_an_article_takes_the_place_of_the_general_advice_of_its_group(visitor, write):
    """One source for the same advice (decision 0026); the danger and the other groups stay."""
    write()
    for address in ("/", "/help/"):
        page = visitor.get(address).content.decode()
        assert (
            "充不进电" in page and "Try another socket" not in page and "The vehicle does not move" in page
        ), address
    assert "Stop at once, switch the vehicle off" in page


def test_only_what_is_published_is_found_shown_and_answered(visitor, write, people):
    draft, gone = write("草稿文章", publish=False), write("撤回文章")
    articles.withdraw(gone, why="x", by=people.tech, at=clock.now())
    listed = visitor.get("/help/").content.decode() + visitor.get("/").content.decode()
    assert "草稿文章" not in listed and "撤回文章" not in listed
    for row in (draft, gone):
        assert visitor.get(url(row)).status_code == 404
        assert visitor.post(url(row, "answer/"), {"answer": "solved"}).status_code == 404
        assert "文章" not in visitor.get("/help/", {"q": "文章"}).content.decode().replace(
            "“文章”", ""
        ).replace('"文章"', "")
    assert counts() == []


def test_a_picture_is_there_while_a_published_version_shows_it(visitor, write, people):
    row = write(pictured=True)
    address = f"/help/pictures/{row.steps[0]['picture']}/"
    page = visitor.get(url(row)).content.decode()
    assert f'src="{address}"' in page and 'loading="lazy"' in page and 'width="60" height="40"' in page
    answer = visitor.get(address)
    assert (
        answer.status_code == 200
        and answer["Content-Type"] == "image/jpeg"
        and b"Exif" not in b"".join(answer)
    )
    assert "public" in answer["Cache-Control"] and visitor.get(address, {"size": "thumb"}).status_code == 200
    articles.withdraw(row, why="x", by=people.cs, at=clock.now())
    assert visitor.get(address).status_code == 404


def test_a_picture_of_a_draft_or_of_an_old_version_is_not_public(visitor, write, people):
    draft = write(pictured=True, publish=False)
    assert visitor.get(f"/help/pictures/{draft.steps[0]['picture']}/").status_code == 404
    row = write("旧版", pictured=True)
    second = articles.renew(row, by=people.tech, at=clock.now())
    facts = {"title": "新版", "symptom": "s", "steps": [{"text": "x"}]}
    articles.publish(
        articles.edit(second, **facts, fits=[], by=people.tech, at=clock.now()), by=people.cs, at=clock.now()
    )
    assert visitor.get(f"/help/pictures/{row.steps[0]['picture']}/").status_code == 404
    assert "新版" in visitor.get(url(row)).content.decode()


def test_an_article_that_says_stop_says_so_above_all(visitor, write):
    page = visitor.get(url(write(stop=True))).content.decode()
    assert page.index("Stop at once, switch the vehicle off") < page.index("插紧插头")


# --- finding
def test_by_words_pinyin_and_model(visitor, write):
    model = build.vehicle().model
    (
        write(),
        write("刹车异响", symptom="吱吱响", group="brakes"),
        write("尾板不动", symptom="升不起", group="body", fits=[model]),
    )
    found = lambda **q: visitor.get("/help/", q).content.decode()  # noqa: E731
    assert "充不进电" in found(q="chongdian") and "刹车异响" not in found(q="chongdian")
    assert "刹车异响" in found(q="sc") and "尾板不动" in found(q="尾板")
    other = build.vehicle(model="ZZ-1").model
    assert "尾板不动" in found(model=model.code) and "尾板不动" not in found(model=other.code)
    assert "充不进电" in found(model=other.name), "what names no model is for all"


def test_nothing_found_offers_advice_the_hotline_and_the_report(visitor, write):
    write()
    answer = visitor.get("/help/", {"q": "火星"})
    page = answer.content.decode()
    assert answer.status_code == 200 and "Nothing found for “火星”" in page
    assert "充不进电" in page and "The vehicle does not move" in page
    assert 'href="/report/"' in page and 'href="tel:0523-89798888"' in page


@pytest.mark.parametrize(
    "text",
    ["冒烟", "电池 冒 烟", "电池漏液了", "刹车失灵", "刹车没反应", "maoyan", "Smoke!", "a burning smell"],
)
def test_words_of_danger_bring_the_danger_before_any_suggestion(visitor, write, text):
    write(), write("刹车有尖锐的响声", keywords="刹车异响", group="brakes")
    page = visitor.get("/help/", {"q": text}).content.decode()
    danger = page.index("Stop at once, switch the vehicle off")
    assert danger < page.index("充不进电") if "充不进电" in page else danger < page.index("刹车有尖锐的响声")
    assert "fire brigade on 119" in page and 'class="button" href="tel:0523-89798888"' in page
    assert page.count("Stop at once, switch the vehicle off") == 1 and not HelpMiss.objects.exists()


@pytest.mark.parametrize(
    ("text", "first"), [("刹车没反应", "刹车有尖锐的响声"), ("E03", "仪表显示故障码"), ("dbl", "灯不亮")]
)
def test_what_is_asked_about_stands_first(visitor, write, text, first):
    (
        write("充不进电，充电器灯不亮", keywords="没反应"),
        write("刹车有尖锐的响声", group="brakes", symptom="吱吱响"),
    )
    (
        write("仪表显示故障码", group="display", symptom="代码", keywords="E01 E05"),
        write("灯不亮", group="lights", symptom="大灯"),
    )
    page = visitor.get("/help/", {"q": text}).content.decode()
    listed = [page.index(f">{title}<") for title in (first, "充不进电，充电器灯不亮") if f">{title}<" in page]
    assert listed and listed[0] == min(listed) and f">{first}<" in page


def test_what_was_looked_for_in_vain_is_remembered_without_any_person(visitor, write):
    write()
    for text in (
        "火星 车",
        "火星车",
        "充电",
        "13812345678",
        "138 1234 5678",
        "王 a@b.cn",
        "LFY000123456",
        "x",
        "长" * 31,
    ):
        visitor.get("/help/", {"q": text})
    assert list(HelpMiss.objects.values_list("text", "count")) == [("火星车", 2)]


@pytest.mark.parametrize(
    "text", ["\x00", "%00", "<script>alert(1)</script>", "' OR 1=1 --", "😀😀", "a" * 500]
)
def test_no_search_breaks_the_page(visitor, text):
    answer = visitor.get("/help/", {"q": text, "model": text})
    assert answer.status_code == 200 and b"<script>alert" not in answer.content


def test_too_many_searches_are_told_when_to_come_again(visitor, monkeypatch):
    monkeypatch.setattr("repairs.public.limits.SEARCHES_PER_ADDRESS", 1)
    assert visitor.get("/help/", {"q": "充电"}).status_code == 200
    answer = visitor.get("/help/", {"q": "充电"})
    assert answer.status_code == 429 and int(answer["Retry-After"]) > 0
    assert 'value="充电"' in answer.content.decode(), "what was typed is not lost"
    assert visitor.get("/help/").status_code == 200


@pytest.mark.parametrize("address", ["/", "/help/", "/help/?q=chongdian", "/report/?model=FY-6"])
def test_three_articles_ask_the_database_no_more_than_one(visitor, write, address, django_assert_num_queries):
    from django.test.utils import CaptureQueriesContext

    model = build.vehicle().model
    write("充电一", fits=[model])
    visitor.get(address)
    with CaptureQueriesContext(connection) as one:
        visitor.get(address)
    write("充电二", fits=[model]), write("充电三", fits=[model])
    with django_assert_num_queries(len(one)):
        assert "充电三" in visitor.get(address).content.decode()


# --- solved, not solved
def test_solved_is_thanked_for_and_counts_once_however_often_it_is_pressed(visitor, write):
    row = write()
    visitor.get(url(row)), visitor.get(url(row))
    for _ in range(3):
        answer = visitor.post(url(row, "answer/"), {"answer": "solved"})
        assert (answer.status_code, answer.url) == (302, "/help/thanks/")
    visitor.post(url(row, "answer/"), {"answer": "unsolved"})
    assert counts() == [(1, 1, 0, 0)] and visitor.get("/help/thanks/").status_code == 200


def test_not_solved_opens_the_report_filled_in_and_the_ticket_knows_what_was_tried(
    visitor, write, filled, people
):
    row = write()
    answer = visitor.post(url(row, "answer/"), {"answer": "unsolved", "model": "FY-6"})
    page = visitor.get(answer.url).content.decode()
    assert "充电器灯不亮" in page and 'value="FY-6"' in page and "did not solve it" in page
    assert f'name="tried" value="{row.article.key}"' in page
    visitor.post("/report/", filled | {"tried": row.article.key, "operation": key()})
    ticket = Ticket.objects.get()
    assert ticket.words.tried == row and counts() == [(0, 0, 1, 1)]
    seen = Client(headers={"accept-language": "en"})
    seen.force_login(people.cs)
    shown = seen.get(ticket.get_absolute_url()).content.decode()
    assert "Had tried" in shown and "充不进电 (version 1)" in shown and url(row) in shown


def test_the_version_that_was_read_stays_with_the_ticket(visitor, write, filled, people):
    row = write()
    visitor.post("/report/", filled | {"tried": row.article.key})
    articles.withdraw(row, why="x", by=people.tech, at=clock.now())
    ticket = Ticket.objects.get()
    assert ticket.words.tried == row
    seen = Client(headers={"accept-language": "en"})
    seen.force_login(people.cs)
    shown = seen.get(ticket.get_absolute_url()).content.decode()
    assert "充不进电 (version 1)" in shown and url(row) not in shown


@pytest.mark.parametrize("tried", ["", "not-there", "x" * 61, "\x00"])
def test_an_article_that_is_gone_refuses_no_report(visitor, filled, tried):
    answer = visitor.post("/report/", filled | {"tried": tried})
    assert (
        answer.status_code == (302 if len(tried) <= 60 and "\x00" not in tried else 422)
        or Ticket.objects.count() == 1
    )


def test_the_report_offers_the_articles_of_the_model_that_its_label_names(visitor, write):
    model = build.vehicle().model
    write(fits=[model])
    page = visitor.get("/report/", {"model": model.name, "vin": "LFY1"}).content.decode()
    assert "充不进电" in page and "Look for a remedy first" in page
    assert "充不进电" not in visitor.get("/report/").content.decode()


def test_the_label_of_a_vehicle_brings_its_model_and_so_its_help(visitor, write):
    """Of an old label, which names the VIN only, the page says neither model nor whether the vehicle is ours."""
    car = build.vehicle()
    write(fits=[car.model])
    page = visitor.get(way_of(car)).content.decode()
    assert f'value="{car.vin}"' in page and f'value="{car.model.code}"' in page
    assert "Does one of these help?" in page and "充不进电" in page
    old = visitor.get("/report/", {"vin": car.vin}).content.decode()
    assert f'value="{car.vin}"' in old and car.model.code not in old and "Does one of these" not in old


# --- robots, limits, two at once
@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": "Mozilla/5.0 (compatible; Baiduspider/2.0)"}, {"user-agent": "curl/8.4"}, {"user-agent": ""},
        {"user-agent": "python-requests/2.32"}, BROWSER | {"sec-purpose": "prefetch;prerender"},
    ],
)  # fmt: skip
def test_programs_do_not_count(write, headers):
    row, robot = write(), Client(headers=headers)
    assert robot.get(url(row)).status_code == 200
    robot.post(url(row, "answer/"), {"answer": "solved"})
    robot.get("/help/", {"q": "火星"})
    assert counts() == [] and not HelpMiss.objects.exists()


def test_a_program_without_cookies_is_one_reader(write):
    row = write()
    for _ in range(5):
        Client(headers=BROWSER).get(url(row))
    Client(headers=BROWSER).head(url(row))
    assert counts() == [(1, 0, 0, 0)]


def test_two_browsers_are_two_readers_and_the_next_day_counts_anew(visitor, write, monkeypatch):
    row = write()
    visitor.get(url(row))
    Client(headers={"user-agent": "Mozilla/5.0 (Android 15)"}).get(url(row))
    assert counts() == [(2, 0, 0, 0)]
    (
        helping.read(row.article, "a", clock.now()),
        helping.read(row.article, "a", clock.now() + dt.timedelta(days=1)),
    )
    assert sum(count[0] for count in counts()) == 4


def test_an_office_that_answers_without_end_is_thanked_and_no_longer_counted(write, monkeypatch):
    monkeypatch.setattr("repairs.public.limits.ANSWERS_PER_ADDRESS", 2)
    row = write()
    for number in range(4):
        browser = Client(headers={"user-agent": f"Mozilla/5.0 ({number})"})
        assert browser.post(url(row, "answer/"), {"answer": "solved"}).status_code == 302
    assert counts() == [(0, 2, 0, 0)]


def test_marks_go_and_counts_stay(write):
    row, now = write(), clock.now()
    helping.read(row.article, "a", now - dt.timedelta(days=4)), helping.read(row.article, "b", now)
    helping.tidy(now)
    assert list(HelpMark.objects.values_list("who", flat=True)) == ["b"]
    assert sum(count[0] for count in counts()) == 2


def at_once(act: Any, times: int = 8) -> None:
    """The same act in so many threads, all let go together."""
    gate = threading.Barrier(times)

    def run() -> None:
        gate.wait()
        act()
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_a_double_tap_counts_once_whatever_the_order(write):
    row, now = write(), clock.now()
    at_once(lambda: helping.answered(row.article, "somebody", now, solved=True))
    assert counts() == [(0, 1, 0, 0)]


@pytest.mark.django_db(transaction=True)
def test_a_double_tap_without_the_mark_would_count_twice(write, monkeypatch):
    """The negative control of the race: looking first and writing then lets several through."""
    row, now, gate = write(), clock.now(), threading.Barrier(8)

    def looked() -> None:
        is_new = not HelpMark.objects.filter(article=row.article, who="somebody").exists()
        gate.wait()
        if is_new:
            helping.add(row.article, "solved", now)

    at_once(looked)
    assert counts()[0][1] > 1


# --- how it arrives
def test_first_page_help_and_article_weigh_at_most_60_kilobytes(visitor, write):
    """P15, compressed, without pictures: the page with everything that its head asks for."""
    import gzip
    import re
    from pathlib import Path

    from django.contrib.staticfiles import finders

    rows = [write(f"充电问题{n}", symptom="充电器灯不亮，充不进电，" * 9, group="charge") for n in range(12)]
    for address in ("/", "/help/", url(rows[0])):
        page = visitor.get(address).content
        names = set(re.findall(r"/static/((?:css|js)/[\w.-]+\.(?:css|js))", page.decode())) | {"js/bind.js"}
        plain = [re.sub(r"(\.[0-9a-f]{12})(?=\.(?:css|js)$)", "", name) for name in names]
        weight = len(gzip.compress(page)) + sum(
            len(gzip.compress(Path(finders.find(name)).read_bytes())) for name in plain
        )
        assert weight <= 60_000, (address, weight)


def test_who_is_signed_in_reads_and_answers_too(visitor, write, people):
    row = write()
    visitor.force_login(people.eng)
    assert visitor.get(url(row)).status_code == 200
    assert visitor.post(url(row, "answer/"), {"answer": "solved"}).status_code == 302


def test_what_helped_in_this_season_stands_first(visitor, write):
    """This month, the one before, and a year ago this one and the next; other months say nothing about now."""
    now = clock.now()
    summer, winter = write("空调"), write("电池")
    this = first_of(local_day(now))
    long_ago = (this - dt.timedelta(days=180)).replace(day=1)
    HelpCount.objects.create(article=summer.article, month=long_ago, solved=99)
    HelpCount.objects.create(article=winter.article, month=this.replace(year=this.year - 1), views=1)
    page = visitor.get("/").content.decode()
    assert page.index("电池") < page.index("空调")
    HelpCount.objects.create(article=summer.article, month=this, solved=1)
    page = visitor.get("/").content.decode()
    assert page.index("空调") < page.index("电池"), (
        "an answer “solved” weighs more than a page that was opened"
    )
