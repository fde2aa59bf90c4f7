"""Who works in the demonstration company."""

import base64
import datetime as dt
import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.hashers import make_password

from accounts.models import Grant, Posting, User
from accounts.services import enrol_totp
from aftersales.charter import Department

D = Department
PASSWORD = "feiyue-2026"
FIRST_DAY, LAST_DAY = dt.date(2024, 1, 1), dt.date(2027, 12, 31)


@dataclass(frozen=True)
class Role:
    """One person: username, name, departments, and for engineers what 4.0 keeps of them."""

    username: str
    name: str
    department: Department
    head: bool = False
    grants: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)


def engineer(
    username: str,
    name: str,
    years: int,
    regions: str,
    *,
    head: bool = False,
    chassis: bool = False,
    electrics: bool = False,
) -> Role:
    facts = {
        "years_in_trade": years,
        "regions": regions,
        "chassis_experience": chassis,
        "electrics_experience": electrics,
    }
    return Role(username, name, D.ENGINEERS, head, (), facts)


STAFF = [
    Role("sales", "陈立新", D.SALES, head=True),
    Role("sales2", "吴倩", D.SALES),
    Role("service", "周敏", D.SERVICE, head=True),
    Role("service2", "孙雨欣", D.SERVICE),
    Role("service3", "何佳", D.SERVICE),
    engineer("engineer", "李国强", 9, "泰州、扬州、南通", head=True, chassis=True, electrics=True),
    engineer("engineer2", "张海波", 6, "南京、镇江、常州", chassis=True),
    engineer("engineer3", "王永康", 4, "苏州、无锡、上海", electrics=True),
    engineer("engineer4", "赵磊", 3, "盐城、连云港、淮安", electrics=True),
    engineer("engineer5", "刘志远", 2, "安徽、浙江、山东", chassis=True),
    Role("finance", "钱慧", D.FINANCE, head=True),  # the head of finance signs by 4.5
    Role("finance2", "郑丽", D.FINANCE, grants=("finance_sign",)),
    Role("finance3", "冯晓", D.FINANCE),
    Role("warehouse", "马建军", D.WAREHOUSE, head=True),
    Role("warehouse2", "朱亮", D.WAREHOUSE),
    Role("purchasing", "徐静", D.PURCHASING, head=True),
    Role("dispatch", "胡斌", D.ADMINISTRATION, head=True, grants=("vehicle_manager",)),
    Role("dispatch2", "郭强", D.ADMINISTRATION, grants=("driver",)),
    Role("dispatch3", "蒋勇", D.ADMINISTRATION, grants=("driver",)),
    Role("technical", "林伟", D.TECHNICAL, head=True),
    Role("technical2", "梁超", D.TECHNICAL),
    Role("leader", "沈建国", D.MANAGEMENT, head=True, grants=("leader_approve",)),
    Role("leader2", "罗红梅", D.MANAGEMENT, grants=("leader_approve",)),
    Role("leader3", "谢振华", D.MANAGEMENT),
    Role("admin", "邓凯", D.IT, head=True),
    Role("audit", "曹颖", D.AUDIT, head=True),
]


def hire(today: dt.date) -> dict[str, User]:
    """The first people of a company stand before any rule of two hands can be kept; they are entered as at its founding."""
    password = make_password(PASSWORD)  # one slow digest for all: the word is known anyway
    found = {role.username: _person(role, password) for role in STAFF}
    for role in STAFF:
        for kind in role.grants:
            _grant(found, role, kind, today)
        found[role.username].forget()
    return found


def _person(role: Role, password: str) -> User:
    email = f"{role.username}@portal.example"
    user = User.objects.create(
        username=role.username, password=password, name=role.name, email=email, **role.facts
    )
    Posting.objects.create(user=user, department=role.department, head=role.head, since=FIRST_DAY)
    if user.needs_second_factor:
        enrol_totp(user, secret_of(role.username))
    return user


def secret_of(username: str) -> str:
    """The second factor of a demonstration login: known on purpose, printed by `make run`."""
    return base64.b32encode(hashlib.sha256(f"demo:{username}".encode()).digest()[:20]).decode()


def _grant(found: dict[str, User], role: Role, kind: str, today: dt.date) -> None:
    """finance_sign is named by the head of finance, seconded by a leader, for a year (SD15); the others by leaders."""
    signs = kind == "finance_sign"
    namer = (
        "finance"
        if signs and role.username != "finance"
        else "leader"
        if role.username != "leader"
        else "leader3"
    )
    seconder = "leader2" if role.username != "leader2" else "leader3"
    Grant.objects.create(
        user=found[role.username],
        kind=kind,
        since=FIRST_DAY if not signs else today - dt.timedelta(days=120),
        until=today + dt.timedelta(days=245) if signs else None,
        named_by=found[namer],
        seconded_by=found[seconder],
        reason="4.5" if signs else "",
    )
