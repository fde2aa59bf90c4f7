"""The first two people of an empty company: an administrator and a leader, because nobody grants rights alone."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.charter import Department
from aftersales.problems import Refusal

from ..models import Posting, User
from .appointments import today
from .records import audit


@transaction.atomic
def found(admin: tuple[str, str, str], leader: tuple[str, str, str], *, at: dt.datetime) -> tuple[User, User]:
    """Each (username, name, password). Only while nobody is posted anywhere; afterwards SD11 holds."""
    if Posting.objects.exists():
        raise Refusal(
            _("This company already has people; rights are now named by one and seconded by another (SD11).")
        )
    if admin[0].strip().lower() == leader[0].strip().lower():
        raise Refusal(_("An administrator and a leader are two people (SD11)."))
    return _first(admin, Department.IT, at), _first(leader, Department.MANAGEMENT, at)


def _first(person: tuple[str, str, str], department: Department, at: dt.datetime) -> User:
    username, name, password = person
    user = User.objects.create_user(username, password, name=name)
    Posting.objects.create(
        user=user, department=department, head=True, since=today(at), named_at=at, reason="founding"
    )
    audit("company.founded", by=user, at=at, subject=user, department=department)
    return user
