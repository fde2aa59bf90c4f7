"""A way is shown only to whom it opens, on the store's pages too: the number stays, the link goes."""

import re

import pytest

from parts.services import ask, issuing, shipping
from tests import build
from tests.finance.conftest import Shop

pytestmark = pytest.mark.django_db
ROLES = ("PUR", "ENG", "WH", "MGR", "GA", "FIN", "AUD", "TECH", "CS")


def test_no_page_of_the_store_shows_a_way_that_is_closed(people, monday, as_user):
    shop = Shop(people, monday)
    part = shop.part("300.00", valuable=True)
    sheet = shop.sign(shop.release("warranty", (part, 2)))
    line, code = sheet.lines.get(), f"{part.code}-1"
    slip = issuing.issue(sheet, by=people.wh, at=shop.now(), pieces={line.pk: 1}, codes={line.pk: [code]})[0]
    parcel = shipping.pack(sheet, by=people.wh, at=shop.now())
    asked = ask(part, 50, by=people.wh, at=shop.now(), release=sheet)
    order = build.order(people, shop.now())
    shop.quoted((part, 1), about=order)
    sold = shop.release("unpaid", (part, 1), about=order)
    shop.sign(sold, opinion="未付款")
    pages = [
        f"/parts/stock/{part.code}/", f"/parts/codes/{code}/", "/parts/", "/parts/releases/", "/parts/returns/",
        *(x.get_absolute_url() for x in (sheet, sold, slip, parcel, asked)),
    ]  # fmt: skip
    closed = []
    for role in ROLES:
        client, tried = as_user(build.person(role)), {}
        for page in pages:
            answer = client.get(page)
            html = answer.content.decode() if answer.status_code == 200 else ""
            for way in set(re.findall(r'<a [^>]*href="(/[^"]+)"', html)):
                if way not in tried:
                    tried[way] = client.get(way).status_code
                if tried[way] in (403, 404):
                    closed.append((role, page, way))
    assert closed == []
