"""What happened stands on the sheet: numbers, hands with names and times, boxes, the customer's signature."""

import pytest
from django.utils import translation

from repairs import prints, services
from repairs.models import Ticket
from tests import build

from .conftest import HOUR, flat, text_of


def sheet(ticket, form, by, at, **options):
    with translation.override("zh-hans"):
        return prints.SHEETS[form](prints.read(ticket, by=by, at=at, **options))


def cells(sheet):
    return {
        c["label"]: c
        for part in sheet["parts"]
        if part["kind"] == "cells"
        for row in part["rows"]
        for c in row
    }


def ticked(cell):
    return [option["label"] for option in cell["options"] if option["on"]]


@pytest.mark.clause("3.2", "4.8", "9.1")
def test_the_record_names_who_recorded_handed_over_and_wrote_off(story, company, monday, desk):
    text = flat(text_of(desk(company.cs, story, "9.1").content))
    assert story.intake.number in text
    assert story.number in text
    found = cells(sheet(story, "9.1", company.cs, monday))
    assert [found[k]["text"] for k in ("受理客服", "转交人", "转交售后", "转交时间", "销单人", "客服确认", "转报销售")] == [
        "李秀英", "李秀英", "陈建国", "2026-03-02 13:00", "陈建国", "李秀英\n2026-03-04 11:00", "赵海涛",
    ]  # fmt: skip
    assert [ticked(found[k]) for k in ("报修渠道", "能否行驶", "紧急程度", "照片视频")] == [
        ["销售转报"],
        ["只能慢行或短途"],
        ["紧急"],
        ["无"],
    ]


@pytest.mark.clause("4.3", "4.4c", "9.2")
def test_the_repair_order_names_who_contacted_planned_and_completed(story, company, monday):
    found = cells(sheet(story, "9.2", company.cs, monday))
    assert [found[k]["text"] for k in ("联系人员", "制定人", "服务人", "完成人")] == [
        f"陈建国  {moment}"
        for moment in ("2026-03-02 15:00", "2026-03-02 16:00", "2026-03-03 12:00", "2026-03-03 16:00")
    ]
    assert [ticked(found[k]) for k in ("保内/外", "损毁性质", "解决方案", "客户同意自换")] == [
        ["保内"],
        ["非人为"],
        ["c 上门"],
        [],
    ]


@pytest.mark.clause("4.4a", "9.2")
def test_what_a_customer_was_told_before_fitting_a_part_stands_on_the_order(company, monday):
    ticket = build.ticket("planned", plan="a", at=monday, company=company)
    found = cells(sheet(ticket, "9.2", company.cs, monday))
    assert (found["装配要点"]["text"], found["后果告知"]["text"]) == ("先断电", "装反会抱死")
    assert (ticked(found["告知方式/时间"]), ticked(found["客户同意自换"])) == (["电话"], ["是"])


@pytest.mark.clause("9.2")
def test_the_signature_is_drawn_with_name_moment_and_witness(story, company, monday):
    signed = cells(sheet(story, "9.2", company.cs, monday))["客户签字"]
    assert signed["text"] == "王建国  2026-03-03 16:00\n见证：陈建国"
    assert signed["ink"]["path"].startswith("M240 300L660 250L900 720")


@pytest.mark.clause("9.2")
def test_a_typed_name_needs_no_drawing(company, monday):
    ticket = build.ticket("completed", plan="c", at=monday, company=company)
    signed = cells(sheet(ticket, "9.2", company.cs, monday))["客户签字"]
    assert (signed["text"].split()[0], signed["ink"]) == ("王小明", None)


@pytest.mark.clause("3.3", "9.5")
def test_the_survey_shows_calls_grades_and_reasons(story, company, monday):
    paper = sheet(story, "9.5", company.cs, monday)
    calls, grades = (part for part in paper["parts"] if part["kind"] == "table")
    assert calls["rows"][0] == ["1", "2026-03-03 18:00", "无人接听", "李秀英", "响铃无人接听"]
    assert len(calls["rows"]) == 3
    assert [row[1:].index(True) for row in grades["rows"]] == [0, 0, 1, 1]
    found = cells(paper)
    assert [ticked(found[k]) for k in ("总体", "不满意原因", "购车意向", "是否闭环")] == [
        ["满意"],
        ["时间"],
        ["有"],
        ["是"],
    ]


@pytest.mark.clause("3.3", "9.5")
def test_each_round_has_its_own_order_and_survey(company, monday):
    ticket = build.ticket("completed", at=monday, company=company)
    services.call_back(
        ticket, by=company.cs, at=monday + HOUR, resolved=False, reason="仍有异响", overall="dissatisfied"
    )
    ticket = Ticket.objects.get(pk=ticket.pk)
    first, second = (sheet(ticket, "9.5", company.cs, monday, round=n) for n in (1, 2))
    assert (ticked(cells(first)["问题是否解决"]), ticked(cells(second)["问题是否解决"])) == (["否"], [])
    assert ticked(cells(first)["是否闭环"]) == ["否"]


@pytest.mark.clause("2.2", "9.2")
def test_a_fresh_report_already_opens_the_head_of_the_order(company, monday, desk):
    ticket = build.report(monday)
    answer = desk(company.cs, ticket, "9.2")
    assert answer.status_code == 200
    assert ticket.number in text_of(answer.content)


@pytest.mark.clause("9.2")
def test_part_lines_are_ruled_for_writing(story, company, monday):
    tables = [part for part in sheet(story, "9.2", company.cs, monday)["parts"] if part["kind"] == "table"]
    assert [(part["band"], len(part["columns"]), len(part["rows"])) for part in tables] == [
        ("配件明细", 13, 5),
        ("出库旧件", 10, 5),
    ]
