"""Draw every component with invented data: `python tools/gallery.py var/gallery [--pictures]`.

Needs no database. `--pictures` photographs each page at 390 and 1440 px, light and dark, in both languages.
"""

import argparse
import contextlib
import datetime as dt
import functools
import http.server
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace as Thing
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
PAGES = ["home", "ticket", "list", "parts", "report", "start", "sent", "trouble"]
NOW = dt.datetime.now(dt.UTC).replace(second=0, microsecond=0)


def hours(number: float) -> dt.datetime:
    """A moment that many hours from now."""
    return NOW + dt.timedelta(hours=number)


def set_up(folder: Path) -> None:
    """Django with templates, forms and languages, and nothing else."""
    import django
    from django.conf import settings
    from django.http import HttpResponse
    from django.urls import path

    settings.configure(
        SECRET_KEY="gallery",  # signs nothing that leaves this script
        MODE="demo",
        ROOT_URLCONF=(path("i18n/setlang/", lambda request: HttpResponse(), name="set_language"),),
        INSTALLED_APPS=[
            "aftersales",
            "django.contrib.staticfiles",
            "django.contrib.contenttypes",
            "django.forms",
            "heroicons",
            "django_htmx",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [ROOT / "tools/gallery", ROOT / "templates"],
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
            }
        ],
        FORM_RENDERER="aftersales.forms.Renderer",
        LANGUAGES=[("zh-hans", "中文"), ("en", "English")],
        LOCALE_PATHS=[ROOT / "locale", folder / "locale"],
        TIME_ZONE="Asia/Shanghai",
        USE_TZ=True,
        STATIC_URL="static/",
        STATICFILES_DIRS=[ROOT / "static"],
    )
    django.setup()


def stand_ins() -> None:
    """What the gallery has no database for: the policy and the inbox."""
    from aftersales import navigation

    navigation.exists = lambda path: True  # type: ignore[assignment]
    navigation.allowed = lambda user, action, obj=None: True  # type: ignore[assignment]
    navigation.unread = lambda user: 3  # type: ignore[assignment]


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
        "states": list(_states()),
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
            Thing(url="#", name="仪表.jpg", kind="image", thumb=""),
            Thing(url="#", name="异响.mp4", kind="video", thumb=""),
            Thing(url="#", name="合格证.pdf", kind="other", thumb=""),
        ],
    }


def _states() -> Iterator[str]:
    from aftersales.display.states import STATES

    yield from STATES


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
                Thing(url="#", name="仪表.jpg", kind="image", thumb=""),
                Thing(url="#", name="异响.mp4", kind="video", thumb=""),
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


def forms() -> dict[str, Any]:
    from django import forms as django_forms

    from aftersales import widgets

    plans = [("a", "寄件自换"), ("b", "电话指导"), ("c", "上门服务")]

    class Plan(django_forms.Form):
        plan_type = django_forms.ChoiceField(
            label="方案",
            choices=plans,
            widget=widgets.TapCards(
                hints={"a": "寄配件,客户自己更换", "b": "电话里指导解决", "c": "预约后到现场"}
            ),
        )
        cause = django_forms.CharField(
            label="初步原因", widget=django_forms.Textarea, help_text="写清判断依据,章程 4.4。"
        )
        appointment = django_forms.DateTimeField(label="预约时间", widget=widgets.Moment(), required=False)
        damage = django_forms.ChoiceField(
            label="人为与否", choices=[("", "待定"), ("n", "非人为")], required=False
        )
        told = django_forms.BooleanField(label="方案已告知客户", help_text="电话或当面,以客户听懂为准。")

    class Report(django_forms.Form):
        contact = django_forms.CharField(label="怎么称呼您")
        phone = django_forms.CharField(label="手机号码", help_text="我们用它联系您,不作他用。")
        drivable = django_forms.ChoiceField(
            label="车还能开吗",
            choices=[("y", "能开"), ("p", "能动,有问题"), ("n", "不能开")],
            widget=widgets.TapCards,
        )
        symptom = django_forms.CharField(
            label="车出了什么问题", widget=django_forms.Textarea, help_text="用您自己的话说就行。"
        )
        plate = django_forms.CharField(label="车牌或自编号", required=False)
        photos = django_forms.FileField(label="照片", widget=widgets.Photos(), required=False)
        signature = django_forms.CharField(label="签名", widget=widgets.Signature(), required=False)

    class Filter(django_forms.Form):
        stage = django_forms.ChoiceField(
            label="阶段", choices=[("", "全部"), ("a", "已转交")], required=False
        )
        department = django_forms.ChoiceField(
            label="部门", choices=[("", "全部"), ("a", "客服")], required=False
        )
        engineer = django_forms.ChoiceField(
            label="售后人员", choices=[("", "全部"), ("a", "陈建国")], required=False
        )
        overdue = django_forms.BooleanField(label="只看超期", required=False)

    wrong = Report({"contact": "刘师傅", "phone": "13812", "drivable": "p", "symptom": ""})
    wrong.add_error("phone", "这个号码打不通,例如 138 1234 5678。")
    return {
        "plan": Plan(),
        "plan_wrong": Plan({"plan_type": "c", "cause": "", "appointment": "2026-13-01"}),
        "report": Report(),
        "report_wrong": wrong,
        "filter": Filter({"stage": "a"}),
    }


def draw(folder: Path, language: str) -> None:
    from django.template.loader import render_to_string
    from django.test import RequestFactory
    from django.utils import translation

    request: Any = RequestFactory().get("/desk/")
    request.user = Thing(is_authenticated=True, username="chenjg", get_full_name="陈建国")
    request.arrived_at = NOW

    class Said(str):
        level_tag = "success"

    class Wrong(Said):
        level_tag = "error"

    with translation.override(language):
        for page in PAGES:
            context = (
                data()
                | forms()
                | {
                    "csrf_token": "x" * 20,
                    "messages": [
                        Said("已转交给 陈建国,12 小时内联系客户。"),
                        Wrong("方案已由 周涛 在 14:02 保存,您的内容没有丢。(4.4)"),
                    ],
                }
            )
            html = render_to_string(f"gallery_{page}.html", context, request=request)
            (folder / f"{page}-{language}.html").write_text(html.replace('"/static/', '"static/'))


def copy_static(folder: Path) -> None:
    from django.contrib.staticfiles.finders import get_finders

    for finder in get_finders():
        for name, storage in finder.list(["*.map"]):
            (folder / "static" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(storage.path(name), folder / "static" / name)


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder over HTTP with the portal's strict policy: modules do not load from files."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None: ...

        def end_headers(self) -> None:
            self.send_header(
                "Content-Security-Policy",
                "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'",
            )
            super().end_headers()

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def photograph(folder: Path, pages: list[str], languages: list[str]) -> None:
    from playwright.sync_api import sync_playwright

    with served(folder) as root, sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), chromium_sandbox=False
        )
        for width, scheme in [(390, "light"), (1440, "light"), (390, "dark"), (1440, "dark")]:
            view = browser.new_page(
                viewport={"width": width, "height": 844 if width < 500 else 900}, color_scheme=scheme
            )
            view.on(
                "console",
                lambda said: print("console:", said.text) if said.type in ("error", "warning") else None,
            )
            for name in [f"{page}-{language}" for language in languages for page in pages]:
                view.goto(f"{root}/{name}.html")
                view.wait_for_timeout(150)
                wide = view.evaluate("document.documentElement.scrollWidth")
                if wide > width:
                    print(f"{name} at {width}: {wide} px wide")
                view.screenshot(
                    path=str(folder / f"{name}-{width}-{scheme}.png"),
                    full_page=width < 500 and scheme == "light",
                )
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pictures", action="store_true")
    parser.add_argument("--only", nargs="*", default=PAGES)
    parser.add_argument("--languages", nargs="*", default=["zh-hans", "en"])
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    set_up(asked.folder)
    stand_ins()
    copy_static(asked.folder)
    for language in asked.languages:
        draw(asked.folder, language)
    if asked.pictures:
        photograph(asked.folder, asked.only, asked.languages)


if __name__ == "__main__":
    main()
