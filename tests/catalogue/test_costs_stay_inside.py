"""A planted cost is found only where the table shows it (C32): never by engineers, service, sales, warehouse."""

import io

import pytest
from openpyxl import load_workbook

from tests import build

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.1")]
COST = "777.77"
PAGES = (
    "/catalogue/parts/",
    "/catalogue/part/BP-1/",
    "/catalogue/prices/",
    "{list}",
    "/catalogue/prices/rates/",
)
FILES = ("/catalogue/parts/export.xlsx", "{list}export.xlsx")
ENDPOINTS = ("parts", "parts/BP-1", "price-lists", "price-lists/{pk}")


def seen(as_user, program, user, paper):
    """Everything that this person can read of parts and prices, as one text."""
    client, words, list_url = as_user(user), [], paper.get_absolute_url()
    for page in PAGES:
        words.append(client.get(page.format(list=list_url)).content.decode())
    for file in FILES:
        answer = client.get(file.format(list=list_url))
        if answer.status_code == 200:
            for sheet in load_workbook(io.BytesIO(b"".join(answer.streaming_content))):
                words += [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row]
    words += [str(program(user).get(path.format(pk=paper.pk))) for path in ENDPOINTS]
    return " ".join(words)


@pytest.fixture
def paper(monday):
    return build.prices({build.master_part("BP-1", at=monday): ("999", COST)}, at=monday)


@pytest.mark.parametrize("role", ["eng", "cs", "sales", "wh", "tech"])
def test_who_may_not_never_reads_a_cost(people, as_user, program, paper, role):
    words = seen(as_user, program, getattr(people, role), paper)
    assert "999" in words and COST not in words and "cost" not in words.lower()


def test_finance_reads_it_everywhere(people, as_user, program, paper):
    assert seen(as_user, program, people.fin, paper).count(COST) >= 6
