"""What cannot be read is a problem with a sentence, never a broken page."""

import pytest

from repairs.models import Ticket

from .conftest import REPORT, ROOT

pytestmark = pytest.mark.django_db

BAD = [
    ('{"contact": ', 400), ("[1, 2]", 400), ('"text"', 400), ("null", 400), ('{"contact": NaN}', 400), ("", 422),
    ("[" * 100_000, 400), ('{"contact": ' * 3000 + "1" + "}" * 3000, 400),
    ('{"contact": {"a": 1}}', 422), ('{"contact": ["a"]}', 422), ('{"contact": "\\ud800"}', 422),
    ('{"contact": "a\\u0000b"}', 422), ('{"odometer": 1e400}', 422), ('{"odometer": "many"}', 422),
]  # fmt: skip


@pytest.mark.parametrize(("body", "status"), BAD)
def test_a_body_that_is_no_report(program, body, status):
    api = program()
    api._read(api.client.post(f"{ROOT}reports", body, content_type="application/json"))
    assert (api.status, Ticket.objects.count()) == (status, 0)


def test_another_kind_of_body(program):
    api = program()
    api._read(api.client.post(f"{ROOT}reports", "<a/>", content_type="application/xml"))
    assert api.status == 415


def test_another_method(program, people):
    api = program(people.cs)
    api._read(api.client.delete(f"{ROOT}tickets"))
    assert (api.status, set(api.answer["Allow"].split(", "))) == (405, {"GET", "OPTIONS"})


@pytest.mark.parametrize(
    "path", ["nowhere", "tickets/BX20260101-0001", "tickets/%00", "vehicles/%00", "customers/%00"]
)
def test_nothing_there(program, people, path):
    api = program(people.cs)
    api.get(path)
    assert api.status == 404


@pytest.mark.parametrize("query", [
    {"cursor": "x"}, {"cursor": "²"}, {"cursor": "9" * 40},
])  # fmt: skip
def test_a_cursor_that_no_page_gave(program, people, query):
    api = program(people.cs)
    for path in ("tickets", "vehicles", "customers"):
        api.get(path, **query)
        assert api.status == 400


@pytest.mark.parametrize("query", [
    {"q": "\x00"}, {"q": "刹\x00车"}, {"stage": "\x00"}, {"engineer": "x'y"}, {"since": "soon"}, {"period": "²"}, {"move": "nobody"},
    {"region": "%_\\"}, {"model": "\ud83d\ude00"}, {"q": "x" * 500},
])  # fmt: skip
def test_a_filter_that_fits_nothing_finds_nothing(program, people, query):
    api = program(people.cs)
    api.get("tickets", **{k: v.encode("utf-16", "surrogatepass").decode("utf-16") for k, v in query.items()})
    assert api.status == 200


def test_whatever_a_client_accepts_it_gets_json(program):
    api = program()
    api._read(
        api.client.post(
            f"{ROOT}reports", REPORT, content_type="application/json", headers={"accept": "text/html"}
        )
    )
    assert api.status == 201


def test_ten_thousand_characters_are_refused_at_the_field_and_nothing_is_cut(program):
    api = program()
    answer = api.post("reports", REPORT | {"symptom": "长" * 10_000})
    assert (api.status, set(answer["errors"])) == (422, {"symptom"})
