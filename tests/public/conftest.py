"""What the tests of the public site share: a visitor who reads English, and a filled-in report."""

import io
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from repairs import links
from repairs.models import Ticket


@pytest.fixture
def visitor(db: Any) -> Client:
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def filled() -> dict[str, Any]:
    """What a browser sends when the report is filled in."""
    return {
        "contact": "王小明",
        "phone": "138 1234 5678",
        "symptom": "刹车异响，上坡更响",
        "occurred": "昨天下雨后",
        "drivable": "limited",
        "model": "FY-6",
        "vin": "lfy 000 123",
        "region": "江苏泰州",
        "street": "迎春路 1 号",
        "operation": str(uuid.uuid4()),
    }


@pytest.fixture
def picture() -> Any:
    """`picture("a.jpg")`: a small real photo; each name another colour."""

    def make(name: str = "a.jpg") -> SimpleUploadedFile:
        out = io.BytesIO()
        Image.new("RGB", (60, 40), (len(name) * 7 % 255, ord(name[0]) % 255, 90)).save(out, "JPEG")
        return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")

    return make


def key() -> str:
    return str(uuid.uuid4())


def link(ticket: Ticket, name: str = "private", *args: str) -> str:
    """The private address of a ticket."""
    return reverse(f"public:{name}", args=[links.token(ticket), *args])


from tests.pages.conftest import as_user  # noqa: E402,F401
