"""The demonstration company's part master, prices, rates and first stock."""

import datetime as dt
import random
from decimal import Decimal
from typing import Any, NamedTuple

from aftersales.limits import local_day
from catalogue import services as catalogue
from catalogue.models import Part
from parts.services import receive_goods, set_minimum


class Spare(NamedTuple):
    """code, name, spec, unit, group, price, cost, flags (a: assembly, v: valuable, w: wearing, r: recyclable, b: bulky)."""

    code: str
    name: str
    spec: str
    unit: str
    group: str
    price: str
    cost: str
    flags: str = ""


SPARES = [
    Spare("FY-ZD-001", "后轮鼓刹片", "160mm 一副", "副", "chassis", "38.00", "21.50", "w"),
    Spare("FY-ZD-002", "前轮碟刹片", "陶瓷 一副", "副", "chassis", "48.00", "27.00", "wr"),
    Spare("FY-ZD-003", "手刹拉线", "1.8m", "根", "chassis", "26.00", "12.40", "w"),
    Spare("FY-ZX-001", "转向横拉杆球头", "M14", "只", "chassis", "65.00", "33.00"),
    Spare("FY-ZX-002", "转向机总成", "齿轮齿条", "台", "chassis", "680.00", "410.00", "ar"),
    Spare("FY-DJ-001", "驱动电机总成", "60V 4kW", "台", "motor", "2380.00", "1560.00", "avrb"),
    Spare("FY-DJ-002", "电机轴承", "6205-2RS", "只", "motor", "32.00", "14.00", "w"),
    Spare("FY-KZ-001", "电机控制器", "60V 350A", "台", "controller", "960.00", "590.00", "avr"),
    Spare("FY-KZ-002", "加速踏板", "霍尔 0-5V", "只", "controller", "128.00", "71.00", "r"),
    Spare("FY-KZ-003", "主继电器", "60V 200A", "只", "controller", "86.00", "45.00"),
    Spare("FY-DC-001", "铅酸蓄电池", "6V 200Ah", "只", "battery", "780.00", "560.00", "vrb"),
    Spare("FY-DC-002", "电池极柱夹", "铜镀锡", "只", "battery", "12.00", "4.20", "w"),
    Spare("FY-CD-001", "车载充电器", "60V 25A", "台", "charger", "560.00", "345.00", "vr"),
    Spare("FY-CD-002", "充电口插头", "三芯", "只", "charger", "35.00", "15.00"),
    Spare("FY-DQ-001", "转向灯总成", "LED 左右通用", "只", "electrics", "45.00", "22.00"),
    Spare("FY-DQ-002", "组合仪表", "液晶 60V", "只", "electrics", "260.00", "150.00", "r"),
    Spare("FY-DQ-003", "雨刮继电器", "12V 间歇", "只", "electrics", "28.00", "11.00"),
    Spare("FY-DQ-004", "挡位开关", "三挡", "只", "electrics", "55.00", "26.00"),
    Spare("FY-DQ-005", "空调压力开关", "R134a", "只", "electrics", "75.00", "38.00"),
    Spare("FY-CS-001", "车门锁扣", "左右通用", "只", "body", "42.00", "19.00"),
    Spare("FY-CS-002", "车门密封条", "4.2m", "根", "body", "58.00", "25.00"),
    Spare("FY-CS-003", "前挡风玻璃", "夹胶", "块", "body", "420.00", "255.00", "b"),
    Spare("FY-LT-001", "轮胎", "165/70R13", "条", "tyres", "320.00", "215.00", "wrb"),
    Spare("FY-LT-002", "气门嘴", "TR413", "只", "tyres", "8.00", "2.10", "w"),
    Spare("FY-YY-001", "液压回油阀", "DN8", "只", "chassis", "185.00", "96.00", "r"),
]
FLAG = {"a": "assembly", "v": "valuable", "w": "wearing", "r": "recyclable", "b": "bulky"}
RATES = [
    {"kind": "labour", "code": "GS-01", "name": "一般维修工时", "unit": "小时", "price": Decimal("80.00")},
    {"kind": "labour", "code": "GS-02", "name": "电气维修工时", "unit": "小时", "price": Decimal("100.00")},
    {"kind": "diagnosis", "code": "ZD-01", "name": "上门诊断", "unit": "次", "price": Decimal("60.00")},
    {"kind": "travel", "code": "CL-01", "name": "出车里程", "unit": "公里", "price": Decimal("1.00")},
    {"kind": "freight", "code": "WL-01", "name": "配件快递", "unit": "件", "price": Decimal("15.00")},
]
#: the part that a fault asks for, by a word of what the engineer found
WANTED = {
    "鼓刹片": "FY-ZD-001", "电池": "FY-DC-001", "保险丝": "FY-CD-002", "散热片": "FY-KZ-001", "球头": "FY-ZX-001",
    "轴承": "FY-DJ-002", "灯泡": "FY-DQ-001", "锁扣": "FY-CS-001", "插接件": "FY-DQ-002", "挡位": "FY-DQ-004",
    "拉线": "FY-ZD-003", "气门嘴": "FY-LT-002", "继电器": "FY-DQ-003", "回油阀": "FY-YY-001", "轮毂": "FY-LT-001",
    "压力开关": "FY-DQ-005", "传感器": "FY-KZ-002",
}  # fmt: skip
STOCKED = 60


def stock_up(people: dict[str, Any], at: dt.datetime, rng: random.Random) -> dict[str, Part]:
    """Master, prices and first stock, each by the two people whom the rules ask; answers the parts by code."""
    rows = [_row(spare) for spare in SPARES]
    batch = catalogue.propose_parts(rows, reason="建立配件主数据", by=people["finance3"], at=at)
    catalogue.approve_parts(batch, by=people["technical"], at=at + dt.timedelta(hours=2))
    found = {part.code: part for part in Part.objects.all()}
    _price(people, found, at + dt.timedelta(hours=3), "配件价格表（首版）", Decimal(1))
    for number in range(0, len(SPARES), 9):
        lines = [_goods(spare, found, rng) for spare in SPARES[number : number + 9]]
        receive_goods(supplier=rng.choice(["泰州汽配", "江阴机电", "丹阳灯具"]), batch=f"B{number:03d}", lines=lines,
                      by=people["warehouse"], at=at + dt.timedelta(hours=5, minutes=number))  # fmt: skip
    for spare in SPARES[::4]:
        set_minimum(found[spare.code], quantity=12, by=people["warehouse"], at=at + dt.timedelta(hours=6))
    return found


def _row(spare: Spare) -> dict[str, Any]:
    flags = {name: letter in spare.flags for letter, name in FLAG.items()}
    return {
        "code": spare.code,
        "name": spare.name,
        "spec": spare.spec,
        "unit": spare.unit,
        "group": spare.group,
    } | flags


def _price(
    people: dict[str, Any], found: dict[str, Part], at: dt.datetime, title: str, factor: Decimal
) -> None:
    prices: list[tuple[Any, Decimal, Decimal | None]] = [
        (found[s.code], (Decimal(s.price) * factor).quantize(Decimal("0.01")), Decimal(s.cost))
        for s in SPARES
    ]
    drawn = catalogue.draft_prices(
        title, local_day(at), prices=prices, rates=RATES, by=people["finance3"], at=at
    )
    catalogue.publish_prices(drawn, by=people["finance"], at=at + dt.timedelta(minutes=30))


def _goods(spare: Spare, found: dict[str, Part], rng: random.Random) -> dict[str, Any]:
    count = STOCKED if "v" not in spare.flags else 30
    codes = [f"{spare.code.replace('-', '')}{rng.randint(10, 99)}{n:03d}" for n in range(count)]
    part = found[spare.code]
    return {"part": part, "quantity": count, "codes": codes if part.valuable else []}


def wanted(work: str, found: dict[str, Part]) -> Part | None:
    """The part that this work needs, if it needs one."""
    return next((found[code] for word, code in WANTED.items() if word in work), None)
