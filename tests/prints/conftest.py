"""A ticket as it is on a good day: every field of forms 9.1, 9.2 and 9.5 has something to say."""

import io
import json
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from repairs import services
from repairs.models import Ticket
from tests import build

HOUR = build.HOUR
STROKES = json.dumps(
    [
        [[80, 300], [220, 250], [300, 720], [140, 800]],
        [[420, 200], [430, 820]],
        [[560, 300], [760, 260], [600, 760], [900, 700]],
        [[950, 500]],
    ]
)
STORY = {
    "contact": "王建国", "phone": "+8613812345678", "alt_phone": "+8652389212345", "organisation": "泰州市海陵区城市环卫服务有限公司",
    "street": "迎春东路 18 号环卫停车场", "region": "江苏省泰州市海陵区", "vin": "LFYZH6A20R0001234", "model": "FY-6 纯电动洗扫车",
    "plate": "苏M·D12345", "odometer": 18260, "urgency": "urgent", "drivable": "limited",
    "symptom": "上坡时驱动电机有异响，松开加速踏板后消失；仪表偶尔显示“电机过温”，车速自动降到 15 km/h。\n停车十分钟后可以恢复。",
    "occurred": "3 月 1 日下午，满载上坡约 2 公里后", "self_checked": "已检查电机冷却液液位，正常；重新上电后故障灯熄灭，行驶约 20 分钟后再次出现。",
}  # fmt: skip


@pytest.fixture
def company(people: Any) -> Any:
    names = {"cs": "李秀英", "eng": "陈建国", "sales": "赵海涛", "tech": "孙伟", "mgr": "周总", "aud": "吴敏"}
    for role, name in names.items():
        person = getattr(people, role)
        person.name = name
        person.save()
    return people


@pytest.fixture
def story(monday: Any, company: Any) -> Ticket:
    """Relayed by sales, visited, signed, called back and written off."""
    build.vehicle("LFYZH6A20R0001234", model="FY-6 纯电动洗扫车", at=monday)
    ticket = services.relay(by=company.sales, at=monday + HOUR, reported_at=monday, **STORY)
    services.accept(ticket, by=company.cs, at=monday + 2 * HOUR, remark="客户下午三点以后方便接电话。")
    services.hand_over(ticket, by=company.cs, at=monday + 3 * HOUR, engineer=company.eng)
    services.contact(
        ticket, by=company.eng, at=monday + 5 * HOUR, first_contact_at=monday + 4 * HOUR, confirmed_symptom="驱动电机后轴承异响，电机温度传感器读数偏高 20 ℃。",
        cause_guess="后轴承润滑脂流失，轴承磨损。", damage_type="not_human", damage_evidence="陈建国；交车记录显示已讲解使用与保养（2.1）。",
        component_serials="电机 TM280-23110457 / 电池 CATL-L228-0091 / 控制器 KTZ33-5521",
    )  # fmt: skip
    services.plan(
        ticket, by=company.eng, at=monday + 6 * HOUR, plan_type="c", told_how="phone", explanation="上门拆检驱动电机，更换后轴承与油封，校准温度传感器。",
        appointment_at=monday + 26 * HOUR,
    )  # fmt: skip
    services.begin(ticket, by=company.eng, at=monday + 26 * HOUR)
    services.complete(
        ticket, by=company.eng, at=monday + 30 * HOUR, work_done="拆检驱动电机，更换后轴承 6208-2RS 与油封，加注润滑脂，重新校准温度传感器；满载上坡试车 5 公里，无异响，温度正常。",
        result="故障排除，车辆恢复使用", signer="王建国", strokes=STROKES,
    )  # fmt: skip
    services.attempt(
        ticket,
        by=company.cs,
        at=monday + 32 * HOUR,
        purpose="callback",
        result="no_answer",
        note="响铃无人接听",
    )
    services.call_back(
        ticket, by=company.cs, at=monday + 48 * HOUR, resolved=True, on_time=True, attitude=5, quality=5, speed=4, price_match=True,
        part_quality=4, explained=True, overall="satisfied", reasons=["time"], suggestion="希望常用配件能在泰州本地备货，缩短等待时间。", intent=True,
    )  # fmt: skip
    services.write_off(ticket, by=company.cs, at=monday + 49 * HOUR)
    return Ticket.objects.get(pk=ticket.pk)


@pytest.fixture
def desk(client: Client) -> Any:
    """`desk(user, ticket, "9.1")`: the PDF that this person gets."""

    def ask(user: Any, ticket: Ticket, form: str, query: str = "", kind: str = ".pdf") -> Any:
        client.force_login(user)
        return client.get(f"/tickets/{ticket.number}/print/{form}{kind}{query}")

    return ask


def text_of(pdf: bytes) -> str:
    """Everything that stands on the pages."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def flat(text: str) -> str:
    """Without blanks and line ends, so that a label set in two lines is still found."""
    return "".join(text.replace("\u200b", "").split())
