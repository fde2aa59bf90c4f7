"""The company of the bench: few people, made by the models; what is many comes from `seed`."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.sessions.backends.db import SessionStore

from accounts.models import Grant, Posting, User
from aftersales.charter import Department
from catalogue.models import VehicleModel, WarrantyTerm

ENGINEERS, AGENTS = 40, 8
LONG_AGO = dt.date(2020, 1, 1)
BACKEND = "accounts.backend.GrantsBackend"


@dataclass(frozen=True)
class Company:
    """The first engineer and the first agent of customer service, with the cookies of their sessions."""

    engineer: User
    agent: User
    engineer_cookie: str
    agent_cookie: str


def person(pk: int, name: str, department: Department, *, head: bool = False) -> User:
    user = User.objects.create(
        pk=pk, username=name, name=name.upper(), email=f"{name}@example.com", password="!"
    )
    Posting.objects.create(user=user, department=department, head=head, since=LONG_AGO)
    return user


def signer(pk: int, name: str) -> User:
    """Somebody of finance who signs (4.5)."""
    user, other = person(pk, name, Department.FINANCE), User.objects.get(pk=ENGINEERS + 1)
    Grant.objects.create(
        user=user, kind="finance_sign", since=LONG_AGO, until=LONG_AGO.replace(year=2099), named_by=other,
        seconded_by=User.objects.get(pk=1), reason="bench",
    )  # fmt: skip
    return user


def facts_of(user: User) -> dict[str, str]:
    """What his session holds."""
    return {
        "_auth_user_id": str(user.pk), "_auth_user_backend": BACKEND, "_auth_user_hash": user.get_session_auth_hash(),
    }  # fmt: skip


def found() -> Company:
    """Engineers have the ids 1 to `ENGINEERS`; their head and the agents follow: the seed refers to them."""
    engineers = [person(n, f"engineer{n}", Department.ENGINEERS) for n in range(1, ENGINEERS + 1)]
    person(ENGINEERS + 1, "engineers_head", Department.ENGINEERS, head=True)
    agents = [
        person(ENGINEERS + 1 + n, f"agent{n}", Department.SERVICE, head=n == 1) for n in range(1, AGENTS + 1)
    ]
    for n in range(1, 9):
        model = VehicleModel.objects.create(pk=n, code=f"FY-{n}", name=f"飞跃 FY-{n}")
        WarrantyTerm.objects.create(model=model, since=LONG_AGO, months=12, km=20_000)
    return Company(engineers[0], agents[1], cookie_of(engineers[0]), cookie_of(agents[1]))


def cookie_of(user: User) -> str:
    """A session of this person, as after signing in."""
    session = SessionStore()
    session.update(facts_of(user))
    session.save()
    return f"sessionid={session.session_key}"
