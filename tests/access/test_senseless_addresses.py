"""Addresses that nobody types by hand: no error page, whatever the database."""

import pytest

from repairs.flow import Stage
from tests import build
from tests.pages.conftest import as_user

__all__ = ["as_user"]


@pytest.mark.parametrize(
    "address",
    [
        "/tickets/?until=9999-12-31", "/tickets/?since=0001-01-01", "/tickets/export.xlsx?until=9999-12-31",
        "/tickets/export.xlsx?since=0001-01-01", "/api/v1/tickets?until=9999-12-31", "/api/v1/tickets?since=0001-01-01",
        "/desk/roster/?week=9999-W52", "/desk/roster/?week=0001-W01", "/accounts/people/?q=%00", "/customers/?name=a%00b",
        "/tickets/?q=%00",
    ],
)  # fmt: skip
def test_a_list_is_shown(people, as_user, address):
    response = as_user(people.cs).get(address)
    assert response.status_code == 200
    if response.streaming:
        assert b"".join(response.streaming_content)


@pytest.mark.parametrize(
    "address",
    ["/tickets/%00/", "/vehicles/a%00b/", "/customers/%00/", "/accounts/person/%00/", "/tickets/file/%00/"],
)
def test_a_path_with_a_nul_leads_nowhere(people, as_user, address):
    assert as_user(people.cs).get(address).status_code == 404


@pytest.mark.parametrize(("address", "entries"), [
    ("/desk/inbox/read/", {"until": "²"}),
    ("/tickets/views/", {"name": "a\x00b", "query": "q=%00"}),
])  # fmt: skip
def test_an_entry_with_a_strange_character_does_no_harm(people, as_user, address, entries):
    assert as_user(people.cs).post(address, entries).status_code == 302


def test_an_operation_key_with_a_nul_is_a_key(people, as_user, monday):
    ticket = build.ticket(Stage.RECORDED, at=monday, company=people)
    entries = {"text": "已致电", "operation": "a\x00b"}
    for _again in range(2):
        assert as_user(people.cs).post(f"/tickets/{ticket.number}/steps/note/", entries).status_code == 302
    assert ticket.notes.count() == 1
