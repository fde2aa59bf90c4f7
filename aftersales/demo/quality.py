"""Quality in the demonstration (4.10, 7): a report after each completion, technical's answer, now and then an appeal."""

import datetime as dt
import random
from decimal import Decimal
from typing import Any

from accounts.models import User
from aftersales.charter import Department
from aftersales.limits import DAY, local_day
from finance.desk.waiting import cases_to_assess
from finance.models import Assessment
from finance.services import assessing
from finance.services.asking import unwritten
from repairs.models import Ticket
from technical.models import Clause, Notice, Report, Standard, StandardStage, Vote
from technical.selectors import reported_round
from technical.services import campaigns, disputes, judging, measures, notices, reviewing, suppliers, writing

from .moments import by_day, hours
from .story import Cast, Story, dice_of
from .words import Fault

#: number, category, criterion, who answers, severity, method, amount, percent, at most
STANDARD = (
    ("1.1", "design", "结构强度不足导致断裂或变形", "技术部", "serious", "amount", "300.00", None, "800.00"),
    ("1.2", "process", "工艺文件缺失或有误", "技术部", "ordinary", "amount", "150.00", None, "500.00"),
    ("3.1", "assembly", "紧固件未按扭矩要求拧紧", "装配人员", "serious", "amount", "200.00", None, "600.00"),
    ("3.2", "inspection", "出厂检验漏检", "检验人员", "ordinary", "amount", "100.00", None, "400.00"),
    ("5.1", "purchasing", "外购件早期失效", "供应商", "ordinary", "supplier", None, None, None),
    ("6.1", "transport", "运输或仓储造成损坏", "仓库", "ordinary", "amount", "100.00", None, "400.00"),
    ("7.1", "service", "维修后三十天内同一故障再发", "售后人员", "ordinary", "loss", None, "20.00", "300.00"),
    ("9.1", "customer", "未按说明书使用、保养", "客户", "slight", "notice", None, None, None),
)
SUPPLIERS = ("泰州宏达电机厂", "常州江南电池有限公司", "无锡恒通电控", "丹阳车灯厂")
_USUAL = ("supplier", "supplier", "customer") * 4
#: who answers for one report after the other, and then again; no dice: every desk is to have some, whatever the hour
TURNS = (
    "supplier", "person", "customer", "supplier", "appeal", *_USUAL, "person", *_USUAL, "person", "supplier", "supplier",
)  # fmt: skip
LATELY = 10 * DAY
#: what the words of a fault say about how it failed
MODES = (
    ("松", "loose"), ("漏", "leaking"), ("磨损", "worn"), ("烧", "short"), ("接触不良", "open"), ("氧化", "corroded"),
    ("变形", "bent"), ("老化", "weak"), ("衰减", "weak"), ("参数", "setting"), ("油", "noisy"), ("损坏", "dead"),
)  # fmt: skip


def standard(cast: Cast, begin: dt.datetime) -> Standard:
    """The standard 9.7 as it is in force from the first day: drafted by technical, published by a leader (SD05)."""
    at = begin - hours(48)
    found = Standard.objects.create(
        version="A/0", title="售后质量责任判定与考核标准", effective_on=local_day(begin - hours(24)),
        stage=StandardStage.PUBLISHED, drafted_by=cast.people["technical"], drafted_at=at,
        published_by=cast.people["leader"], published_at=at + hours(5),
    )  # fmt: skip
    names = ("number", "category", "criterion", "party", "severity", "method", "amount", "percent", "cap")
    money = {"amount", "percent", "cap"}
    rows = [dict(zip(names, row, strict=True)) for row in STANDARD]
    Clause.objects.bulk_create(
        Clause(standard=found, **{k: Decimal(v) if k in money and v else v for k, v in row.items()})
        for row in rows
    )
    return found


#: what failed, where no part of the store names it
NAMES = (
    ("刹车", "刹车片"), ("手刹", "手刹拉线"), ("电池", "动力电池"), ("桩头", "蓄电池桩头"), ("充电", "充电插头"),
    ("控制器", "控制器"), ("参数", "控制器"), ("传感器", "加速踏板"), ("仪表", "仪表"), ("灯", "转向灯"), ("开关", "挡位开关"),
    ("电机", "驱动电机"), ("门锁", "门锁扣"),
)  # fmt: skip


def named(fault: Fault) -> str:
    text = fault.confirmed + fault.cause
    return next((name for word, name in NAMES if word in text), "整车线束")


def mode_of(fault: Fault) -> str:
    text = fault.confirmed + fault.cause
    return next((mode for word, mode in MODES if word in text), "other")


def case(cast: Cast, ticket: Ticket, fault: Fault, done: dt.datetime) -> Story:
    """The report of one completion and what comes of it."""
    dice = dice_of(ticket, f"case {ticket.round}")
    late = dice.random() < 0.07
    turn = ticket.round
    at = yield by_day(done + hours(dice.uniform(75, 120) if late else dice.uniform(3, 55)))
    ticket = Ticket.objects.get(pk=ticket.pk)
    if reported_round(ticket) != turn or ticket.engineer is None:
        return  # the round was done once more meanwhile: its report covers this one
    engineer = ticket.engineer
    if dice.random() < 0.02:
        cast.after.append(disputed(cast, ticket, dice, at))
    report = writing.begin(ticket, by=engineer, at=at, **facts(fault, dice))
    if not report.is_short:
        writing.put_exhibit(
            report, piece=f"旧件：{fault.confirmed[:20]}", place="旧件区 B-2", by=engineer, at=at
        )
    writing.submit(report, by=engineer, at=at)
    at = yield by_day(at + hours(dice.uniform(4, 44)))
    tech = cast.people[dice.choice(["technical", "technical2"])]
    technical = dice.random() < 0.05
    judging.analyse(report, confirmed_cause=fault.cause, is_technical=technical, by=tech, at=at)
    if technical:
        cast.after.append(put_right(cast, report, tech, dice, at))
    at = yield by_day(at + hours(dice.uniform(1, 60)))
    yield from judged(cast, Report.objects.get(pk=report.pk), tech, dice, at)


def put_right(cast: Cast, report: Report, tech: User, dice: random.Random, at: dt.datetime) -> Story:
    """Technical's notice (7.2): carried out by the warehouse, verified by technical; the latest ones are still under way."""
    at = yield by_day(at + hours(dice.choice([5, 30, 90])))
    head = cast.people["warehouse"]
    notice = notices.issue(
        Report.objects.get(pk=report.pk), department=Department.WAREHOUSE, person=head, problem=report.what,
        measures="库存同批次件全数复检，不合格件隔离并贴标识", due_on=local_day(at) + 14 * DAY, by=tech, at=at,
    )  # fmt: skip
    at = yield by_day(at + hours(dice.uniform(60, 300)))
    measures.carry_out(
        notice, done="已复检 126 件，隔离 3 件，记录附后", prevention="入库检验增加此项", by=head, at=at
    )
    at = yield by_day(at + hours(dice.uniform(20, 70)))
    notice = measures.verify(notice, verdict="抽查 20 件合格", by=tech, at=at)
    at = yield by_day(at + 7 * DAY * notice.effect_weeks + hours(26))
    measures.close(notice, effect="期间同类故障未再发，措施有效", by=tech, at=at)


def claimed(cast: Cast, report: Report, dice: random.Random, at: dt.datetime) -> Story:
    """Purchasing claims a supplier's share of what the case cost (7.1)."""
    at = yield by_day(at + hours(dice.uniform(24, 90)))
    share, buyer = report.shares.get(party="supplier"), cast.people["purchasing"]
    loss = Decimal(dice.randint(60, 900))
    paper = suppliers.claim(share, loss=loss, amount=loss, basis="配件与返修费用", by=buyer, at=at)
    at = yield by_day(at + hours(20))
    suppliers.send(paper, sent_on=local_day(at), by=buyer, at=at)
    if dice.random() < 0.5:
        at = yield by_day(at + hours(dice.uniform(200, 500)))
        suppliers.settle(
            paper, settled_on=local_day(at), settled_amount=loss, settled_how="从货款中抵扣", by=buyer, at=at
        )


def disputed(cast: Cast, ticket: Ticket, dice: random.Random, done: dt.datetime) -> Story:
    """A customer does not think that the damage is his; technical answers (4.5a)."""
    at = yield by_day(done + hours(dice.uniform(5, 30)))
    row = disputes.raise_(
        Ticket.objects.get(pk=ticket.pk), kind="charge", words="师傅说这个要收费，我才开了三个月", at=at
    )
    at = yield by_day(at + hours(dice.uniform(10, 40)))
    disputes.answer(
        row,
        outcome="rejected",
        answer="保养记录缺失，磨损超出正常范围，收费依据见报价单",
        by=cast.people["technical"],
        at=at,
    )


def facts(fault: Fault, dice: random.Random) -> dict[str, Any]:
    return {
        "failure_mode": mode_of(fault), "part_name": named(fault),
        "what": fault.confirmed, "causes": fault.cause, "repaired": fault.work,
        "supplier": dice.choice(SUPPLIERS), "when_found": dice.choice(["", "行驶中", "出车前检查"]),
        "batch": f"B{dice.choice([2509, 2511, 2602, 2604])}",
    }  # fmt: skip


def judged(cast: Cast, report: Report, tech: User, dice: random.Random, at: dt.datetime) -> Story:
    """Mostly the supplier's or the customer's; sometimes somebody of ours is held, who accepts, lets it stand, or appeals."""
    kind = _turn(cast, at)
    shares = _shares(cast, report, kind)
    judging.judge(report, shares=shares, by=tech, at=at)
    if kind == "supplier" and dice.random() < 0.08:
        cast.after.append(claimed(cast, report, dice, at))
    if kind == "person" and dice.random() < 0.6:
        at = yield by_day(at + hours(dice.uniform(2, 20)))
        judging.accept(report, by=shares[0]["person"], at=at)
    if kind == "appeal":
        at = yield by_day(at + hours(dice.uniform(2, 20)))
        judging.appeal(report, reason="安装时已按工艺要求复检，不应由仓库承担", by=shares[0]["person"], at=at)
        yield from reviewed(cast, report, dice, at)


def _turn(cast: Cast, at: dt.datetime) -> str:
    """Of the last days the first is contested: somebody finds a panel that has not voted yet."""
    if cast.contested or at < cast.now - LATELY:
        return next(cast.held)
    cast.contested = True
    return "appeal"


def _shares(cast: Cast, report: Report, kind: str) -> list[dict[str, Any]]:
    number = {"supplier": "5.1", "customer": "9.1"}.get(kind, "6.1")
    clause = Clause.objects.get(standard__version="A/0", number=number)
    whole = {"percent": Decimal(100), "clause": clause, "note": ""}
    if kind == "supplier":
        return [whole | {"party": "supplier", "supplier": report.supplier}]
    if kind == "customer":
        return [whole | {"party": "customer"}]
    return [whole | {"party": "person", "person": cast.people["warehouse2"]}]


def reviewed(cast: Cast, report: Report, dice: random.Random, at: dt.datetime) -> Story:
    """A leader convenes warehouse, purchasing and customer service (7.1)."""
    panel = [cast.people[name] for name in ("purchasing", "service", "sales")]
    at = yield by_day(at + hours(20))
    waits = at > cast.now - LATELY
    meets_at = by_day((cast.now if waits else at) + hours(24))
    reviewing.convene(report, members=panel, meets_at=meets_at, by=cast.people["leader"], at=at)
    if waits:
        return
    at = yield by_day(at + hours(24))
    decision = Vote.OVERTURN if dice.random() < 0.5 else Vote.UPHOLD
    for person in panel:
        reviewing.vote(report, vote=decision, by=person, at=at)
    shares = [
        {"party": "department", "department": Department.TECHNICAL.value, "percent": Decimal(100), "note": "",
         "clause": Clause.objects.get(standard__version="A/0", number="1.2")}
    ]  # fmt: skip
    reviewing.decide(
        report, decision=decision, minutes="采购、客服、销售三方到会，查看旧件与照片后表决。", by=cast.people["leader"], at=at,
        shares=shares if decision == Vote.OVERTURN else (),
    )  # fmt: skip


def finals(cast: Cast, begin: dt.datetime) -> Story:
    """Every week judgements become final that nobody appealed, and finance writes what follows for our people."""
    at = begin
    while True:
        at = yield at + dt.timedelta(days=7)
        judging.finalise(at)
        if at < cast.now - 9 * DAY:  # the latest ones still wait
            cast.after.append(assessed(cast, by_day(at + hours(3))))


def assessed(cast: Cast, at: dt.datetime) -> Story:
    """考核 (8.9): finance drafts, another leader than the one of the reviews approves, another of finance issues."""
    at = yield at
    for report in cases_to_assess().order_by("pk"):
        if unwritten(report, at):
            for paper in assessing.from_report(report, by=cast.people["finance3"], at=at):
                cast.after.append(issued(cast, paper, by_day(at + hours(20))))
        else:
            assessing.waive(report, reason="该条款不涉及金额考核", by=cast.people["finance3"], at=at)


def issued(cast: Cast, paper: Assessment, at: dt.datetime) -> Story:
    at = yield at
    paper = assessing.approve(paper, by=cast.people["leader2"], at=at)
    at = yield by_day(at + hours(4))
    assessing.issue(paper, by=cast.people["finance2"], at=at)


def called_in(cast: Cast) -> Story:
    """服务活动: of the last notice some vehicles of the same model are called in, yesterday (7.2)."""
    at = yield by_day(cast.now - hours(28))
    notice = Notice.objects.exclude(stage="withdrawn").exclude(report__model="").order_by("-pk").first()
    if notice is None:
        return
    same = [
        car for car in cast.vehicles if car.model.name == notice.report.model and car.customer is not None
    ]
    campaigns.start(
        notice, title=f"{notice.report.model} {notice.report.part_name}复检", symptom="同批次件复检，不合格的更换",
        vehicles=same[:3] or cast.vehicles[:3], by=cast.people["technical"], at=at,
    )  # fmt: skip
