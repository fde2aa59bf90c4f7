"""Fixtures that every test may ask for."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def monday() -> dt.datetime:
    """A Monday morning without any holiday near: 2 March 2026, 10:00 in Shanghai."""
    return dt.datetime(2026, 3, 2, 10, tzinfo=SHANGHAI)


@pytest.fixture
def people(db):
    """One person per role, made when first asked for: `people.cs`, `people.eng`, `people.eng_head` …"""
    from tests import build

    return build.Company()
