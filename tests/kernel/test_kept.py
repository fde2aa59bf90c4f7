"""Statements written once per process say the same as a queryset built anew, on both engines."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from aftersales.kept import MARK, Kept
from tests import build

NAMES = ("pk", "name", "is_active", "created_at", "years_in_trade")
kept = Kept(lambda pk: User.objects.filter(pk=pk).order_by().values_list(*NAMES))


@pytest.mark.django_db
def test_it_says_what_the_queryset_says_for_every_key():
    for person in (build.person("ENG"), build.person("CS"), build.person("ENG")):
        assert kept(person.pk) == list(User.objects.filter(pk=person.pk).values_list(*NAMES))
    assert kept(0) == []


@pytest.mark.django_db
def test_values_come_as_python_knows_them():
    ((pk, name, active, created, years),) = kept(build.person("ENG").pk)
    assert (type(pk), type(name), type(active), type(years)) == (int, str, bool, int)
    assert isinstance(created, dt.datetime) and created.utcoffset() is not None


@pytest.mark.django_db
def test_it_is_one_statement_and_the_mark_never_reaches_the_database():
    person = build.person("ENG")
    with CaptureQueriesContext(connection) as seen:
        kept(person.pk)
    assert len(seen) == 1 and str(MARK) not in seen[0]["sql"]
