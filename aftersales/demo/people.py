"""Who works in the demonstration company."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Grant, Posting, User
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


def engineer(username: str, name: str, years: int, regions: str, *, head: bool = False, chassis: bool = False, electrics: bool = False) -> Role:
    facts = {
        "years_in_trade": years, "regions": regions, "chassis_experience": chassis, "electrics_experience": electrics,
    }
    return Role(username, name, D.ENGINEERS, head, (), facts)


STAFF = [
    Role("sales", "陈立新", D.SALES, head=True),
    Role("sales2", "吴倩", D.SALES),
    Role("service", "周敏", D.SERVICE, head=True),
    Role("service2", "孙雨欣", D.SERVICE),
    Role("service3", "何佳", D.SERVICE),
    engineer("engineer", "李国强", 9, "泰州,扬州,南通", head=True, chassis=True, electrics=True),
    engineer("engineer2", "张海波", 6, "南京,镇江,常州", chassis=True),
    engineer("engineer3", "王永康", 4, "苏州,无锡,上海", electrics=True),
    engineer("engineer4", "赵磊", 3, "盐城,连云港,淮安", electrics=True),
    engineer("engineer5", "刘志远", 2, "安徽,浙江,山东", chassis=True),
    Role("finance", "钱慧", D.FINANCE, head=True),  # the head of finance signs by 4.5
    Role("finance2", "郑丽", D.FINANCE, grants=("finance_sign",)),
    Role("finance3", "冯晓", D.FINANCE),
    Role("warehouse", "马建军", D.WAREHOUSE, head=True),
    Role("warehouse2", "朱亮", D.WAREHOUSE),
    Role("purchasing", "徐静", D.PURCHASING, head=True),
    Role("dispatch", "胡斌", D.ADMINISTRATION, head=True, grants=("vehicle_manager",)),
    Role("dispatch2", "郭强", D.ADMINISTRATION, grants=("driver",)),
    Role("technical", "林伟", D.TECHNICAL, head=True),
    Role("technical2", "梁超", D.TECHNICAL),
    Role("leader", "沈建国", D.MANAGEMENT, head=True, grants=("leader_approve",)),
    Role("leader2", "罗红梅", D.MANAGEMENT, grants=("leader_approve",)),
    Role("admin", "邓凯", D.IT, head=True),
    Role("audit", "曹颖", D.AUDIT, head=True),
]


def hire() -> dict[str, User]:
    """The first people of a company stand before any rule of two hands can be kept; they are entered like an import."""
    found = {role.username: _person(role) for role in STAFF}
    for role in STAFF:
        for kind in role.grants:
            signs = kind == "finance_sign"  # named by the head of finance, time-boxed (SD15)
            Grant.objects.create(
                user=found[role.username], kind=kind, since=FIRST_DAY, until=LAST_DAY if signs else None,
                reason="4.5" if signs else "", named_by=found["finance" if signs else "admin"],
                seconded_by=found["leader" if role.username == "leader2" else "leader2"],
            )
    return found


def _person(role: Role) -> User:
    user = User.objects.create_user(
        role.username, PASSWORD, name=role.name, email=f"{role.username}@portal.example", **role.facts
    )
    Posting.objects.create(user=user, department=role.department, head=role.head, since=FIRST_DAY)
    return user
