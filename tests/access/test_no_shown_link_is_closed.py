"""A link is shown only to whom it opens: no link of a page that a role sees answers 403 or 404."""

import re

import pytest
from django.test import Client

from .personas import PERSONAS, person

pytestmark = pytest.mark.django_db
PAGES = (
    "/accounts/profile/",
    "/accounts/people/",
    "/desk/roster/",
    "/accounts/absences/",
    "/accounts/2fa/",
    "/desk/",
)
LEFT_OUT = re.compile(r"^(/static/|#|mailto:|tel:|\?)")


@pytest.fixture(autouse=True)
def _fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def links(html: str) -> set[str]:
    found = set(re.findall(r'<a [^>]*href="([^"]+)"', html))
    return {link for link in found if not LEFT_OUT.match(link)}


@pytest.mark.parametrize("code", [code for code in PERSONAS if code != "CLOSED"])
def test_every_link_that_a_role_is_shown_may_be_followed(code):
    client = Client()
    client.force_login(person(code))
    seen: dict[str, str] = {}
    for page in PAGES:
        answer = client.get(page)
        if answer.status_code == 200:
            seen |= dict.fromkeys(links(answer.content.decode()), page)
    closed = {link: page for link, page in seen.items() if client.get(link).status_code in (403, 404)}
    assert closed == {}
