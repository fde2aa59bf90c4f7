"""One invented day of the company."""

import datetime as dt
import functools
from types import SimpleNamespace as Thing
from typing import Any

from aftersales.display.states import STATES

NOW = dt.datetime.now(dt.UTC).replace(second=0, microsecond=0)


def hours(number: float) -> dt.datetime:
    """A moment that many hours from now."""
    return NOW + dt.timedelta(hours=number)


def duty(
    state: str, left: float, label: str, clause: str, title: str, story: str, step: str, **more: Any
) -> Thing:
    entries = {"step_url": "#", "url": "#", "step_label": step, "due_at": hours(left), "provisional": False}
    return Thing(state=state, label=label, clause=clause, title=title, story=story, **(entries | more))


def data() -> dict[str, Any]:
    """One invented day of the company."""
    ticket = Thing(stage="contacted", number="BX20261123-0007", get_stage_display=lambda: "已联系")
    clock = functools.partial(Thing, opened_at=hours(-9), owner="陈建国")
    return {
        "now": NOW,
        "ticket": ticket,
        "overdue": [
            duty(
                "overdue",
                -3.2,
                "联系客户",
                "4.3",
                "BX20261122-0003",
                "泰州环卫处 · 电动清扫车 FY-Q20 · 行驶中断电,仪表无显示",
                "联系客户",
            ),
            duty(
                "overdue",
                -27,
                "回访客户",
                "3.3",
                "BX20261121-0011",
                "兴化景区 · 14 座观光车 FY-G14 · 已更换控制器",
                "回访",
                whose="客服部,未认领",
            ),
        ],
        "today": [
            duty(
                "soon",
                1.4,
                "制定方案",
                "4.4",
                "BX20261123-0002",
                "姜堰某物流园 · 平板搬运车 FY-P30 · 爬坡无力,异响",
                "制定方案",
            ),
            duty(
                "running",
                6.1,
                "转交售后",
                "3.2",
                "BX20261123-0007",
                "靖江市城管局 · 巡逻车 FY-X4 · 充电机报警,充不满",
                "转交",
            ),
        ],
        "later": [
            duty(
                "provisional",
                74,
                "提交质量分析报告",
                "4.10",
                "BX20261119-0005",
                "海陵小学 · 校园巡逻车 · 转向异响",
                "填写报告",
                provisional=True,
            )
        ],
        "clocks": [
            clock(label="制定方案", clause="4.4", due_at=hours(1.4), state="soon", met_at=None),
            clock(label="联系客户", clause="4.3", due_at=hours(-3), state="met", met_at=hours(-5)),
            clock(
                label="转交售后",
                clause="3.2",
                due_at=hours(-9),
                state="late",
                met_at=hours(-8),
                excuse="已说明:值班电话故障(王敏)",
            ),
            clock(label="收集网络报修", clause="3.1", due_at=hours(-20), state="handed_on", met_at=None),
        ],
        "states": list(STATES),
        "stages": [
            Thing(
                label=label,
                state="done" if i < 3 else "now" if i == 3 else "ahead",
                at=hours(-30 + 7 * i) if i < 4 else None,
                by="王敏" if 0 < i < 3 else "陈建国" if i == 3 else "",
            )
            for i, label in enumerate(
                ["已报修", "已登记", "已转交", "已联系", "已定方案", "处理中", "已完成", "已回访"]
            )
        ],
        "steps": [
            Thing(name="plan", label="制定方案", clause="4.4", url="#", allowed=True),
            Thing(name="attempt", label="记录未接通", clause="4.3", url="#", allowed=True),
            Thing(name="note", label="写备注", clause="", url="#", allowed=True),
            Thing(
                name="begin",
                label="开始处理",
                clause="4.4c",
                url="#",
                allowed=False,
                why_not="还没有定方案:先选寄件自换、电话指导或上门。",
            ),
            Thing(
                name="complete",
                label="完成",
                clause="4.7",
                url="#",
                allowed=False,
                why_not="“已联系”阶段不能完成。",
            ),
        ],
        "sections": sections(),
        "entries": entries(),
        "rows": [row(i) for i in range(9)],
        "tabs": [
            Thing(label="我的", url="#", current=True, count=5),
            Thing(label="别人欠我的", url="#", current=False, count=2),
        ],
        "views": [
            Thing(label="全部", url="#", current=True),
            Thing(label="我的超期", url="#", current=False),
            Thing(label="本月观光车", url="#", current=False),
        ],
        "files": [
            {"url": "#", "name": "仪表.jpg", "kind": "image", "thumb": ""},
            {"url": "#", "name": "异响.mp4", "kind": "video", "thumb": ""},
            {"url": "#", "name": "合格证.pdf", "kind": "other", "thumb": ""},
        ],
    }


def sections() -> list[Thing]:
    return [
        Thing(
            title="客户车辆",
            rows=[
                ("客户单位", "靖江市城市管理局"),
                ("联系人", "刘师傅"),
                ("电话", "138****5678"),
                ("车型", "FY-X4 四座巡逻车"),
                ("车架号", "LFY4X2026A0001234"),
                ("自编号", "城管-07"),
                ("交车日期", "2025-08-14"),
                ("里程/工时", "6,420 km"),
                ("所在地", "江苏省泰州市靖江市 人民中路 118 号", "wide"),
            ],
        ),
        Thing(
            title="故障",
            rows=[
                (
                    "故障现象",
                    "充电时充电机红灯闪烁,充两小时只到 60%,昨天开始行驶中动力时有时无,雨天更明显。",
                    "wide",
                ),
                ("发生时间", "2026-11-22 上午"),
                ("能否行驶", "能,动力不足"),
                ("已自行排故", "换过插座,无效"),
                ("紧急程度", "一般"),
            ],
        ),
        Thing(title="方案", rows=[], empty="联系客户后 24 小时内填写。"),
    ]


def entries() -> list[Thing]:
    return [
        Thing(
            at=hours(-5),
            who="陈建国",
            what="联系上客户",
            clause="4.3",
            icon="phone",
            tone="accent",
            text="客户确认充电机故障灯,约明天上午可到场。",
        ),
        Thing(at=hours(-8), who="王敏", what="转交给 陈建国", clause="3.2", icon="arrow-right-circle"),
        Thing(
            at=hours(-9),
            who="王敏",
            what="修改登记",
            icon="pencil-square",
            changes=[("里程", "", "6,420 km"), ("联系人", "刘师付", "刘师傅")],
        ),
        Thing(
            at=hours(-12),
            who="",
            what="客户在官网报修",
            clause="3.1",
            icon="globe-alt",
            files=[
                {"url": "#", "name": "仪表.jpg", "kind": "image", "thumb": ""},
                {"url": "#", "name": "异响.mp4", "kind": "video", "thumb": ""},
            ],
        ),
    ]


def row(i: int) -> Thing:
    stage = [
        "reported",
        "assigned",
        "contacted",
        "planned",
        "in_service",
        "completed",
        "closed",
        "cancelled",
        "recorded",
    ][i]
    label = ["已报修", "已转交", "已联系", "已定方案", "处理中", "已完成", "已回访", "已取消", "已登记"][i]
    state = ["overdue", "soon", "running", "paused", "running", "met", "late", "void", "provisional"][i]
    return Thing(
        number=f"BX202611{23 - i}-000{i + 1}",
        stage=stage,
        get_stage_display=lambda: label,
        state=state,
        due_at=hours(3 * i - 4),
        customer=["泰州环卫处", "兴化景区", "姜堰物流园"][i % 3],
        model=["FY-Q20", "FY-G14", "FY-P30"][i % 3],
        story="行驶中断电,仪表无显示",
        engineer=["陈建国", "–", "周涛"][i % 3],
    )
