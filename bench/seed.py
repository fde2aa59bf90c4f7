"""Many tickets and clocks, written by COPY and INSERT … SELECT past the services: for measuring, and for nothing else."""

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connections, models

from aftersales.grams import grams
from deadlines.models import Deadline
from repairs.models import (
    CallbackSurvey,
    ContactAttempt,
    IntakeRecord,
    Plan,
    RepairSheet,
    Ticket,
    TicketEvent,
    Words,
)
from sales.models import Customer, Person, Vehicle

from .databases import execute
from .people import AGENTS, ENGINEERS
from .tables import insert_select

DAYS = 420  # the tickets spread evenly over so many days until now
OPEN_SHARE = 50  # one ticket in so many is still open
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴", ("小明", "建国", "秀英", "伟", "芳", "志强", "桂兰", "永")
SYMPTOMS = (
    "刹车异响，上坡更响", "电池充不满，跑不到二十公里", "电机过热后停机", "转向沉重", "控制器报警，灯不亮", "充电器冒烟",
    "后轮轴承松动", "车门锁不上", "雨天漏电跳闸", "仪表黑屏", "倒车没有声音",
)  # fmt: skip
RARE = "蜂鸣"  # one ticket in a thousand says so
REGIONS = "(ARRAY['江苏泰州','江苏南京','浙江杭州','山东济南','河南郑州','四川成都'])[1 + i % 6]"
ROAD = (
    "report:3.1::", "accept:3.2:reported:recorded", "hand_over:3.2:recorded:assigned", "reach:4.3:assigned:contacted",
    "plan:4.4:contacted:planned", "begin:4.4:planned:in_service", "complete:4.7:in_service:completed",
    "close:3.3:completed:closed",
)  # fmt: skip
#: rule: (department, hours, who: the engineer or nobody)
CLOCKS = {
    "collect": ("service", 9, False), "handover": ("service", 12, False), "contact": ("engineers", 12, True),
    "plan": ("engineers", 24, True), "callback": ("service", 24, False), "write_off": ("service", 24, False),
}  # fmt: skip


def everything(tickets: int, deadlines: int) -> None:
    """`tickets` with all their papers and `deadlines` clocks in the present, empty database; then its statistics."""
    execute(
        "SET session_replication_role = replica"
    )  # neither foreign keys nor append-only triggers are asked
    customers(tickets)
    with bare(Ticket, Words, Person, TicketEvent, Ticket.history.model):
        papers(tickets)
    sheets(tickets)
    with bare(Deadline):
        clocks(tickets, deadlines)
    settle()


def settle() -> None:
    """Sequences behind the last id; statistics, and the dead rows gone."""
    for (name,) in execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
        if execute("SELECT pg_get_serial_sequence(%s, a.attname) FROM pg_attribute a WHERE attrelid = %s::regclass"
                   " AND attname = 'id' AND attidentity <> ''", [name, name]):  # fmt: skip
            execute(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM {name}))"
            )
    execute("SET session_replication_role = DEFAULT")
    if connections["default"].in_atomic_block:  # a test's frame
        execute("ANALYZE")
        return
    execute("VACUUM ANALYZE")
    execute("CHECKPOINT")


@contextlib.contextmanager
def bare(*filled: type[models.Model]) -> Iterator[None]:
    """Without their plain indexes, which are made anew over the full tables."""
    names = [model._meta.db_table for model in filled]
    found = execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = ANY(%s::regclass[]) AND NOT indisunique", [names],
    )  # fmt: skip
    for name, _made_by in found:
        execute(f"DROP INDEX {name}")
    yield
    for _name, made_by in found:
        execute(made_by)


def copy(model: type[models.Model], names: str, lines: Iterable[str]) -> None:
    """COPY … FROM STDIN; each line is tab-separated text."""
    connection = connections["default"]
    connection.ensure_connection()
    with (
        connection.connection.cursor() as cursor,
        cursor.copy(f"COPY {model._meta.db_table} ({names}) FROM STDIN") as out,
    ):
        block: list[str] = []
        for line in lines:
            block.append(line)
            if len(block) == 1000:
                out.write("".join(block))
                block.clear()
        out.write("".join(block))


def array(pairs: list[str]) -> str:
    return "{" + ",".join(f'"{pair}"' for pair in pairs) + "}"


def phone_of(i: int) -> str:
    return f"13{100_000_000 + i * 7 % 899_999_989}"


def _person(i: int, customers: int) -> str:
    name = SURNAMES[i % 10] + GIVEN[i // 10 % 8]
    phone, firm = phone_of(i), f"第{i % customers}物流公司" if i % 3 == 0 else ""
    customer = i % customers + 1
    return f"{i}\t{name}\t+86{phone}\t\t{firm}\t迎春路 {i % 300} 号\t{customer}\t{array(grams(name, firm, phone))}\t\tf\n"


def customers(tickets: int) -> None:
    """A customer for ten tickets, a vehicle for eight, a person for each ticket."""
    many, vehicles = max(tickets // 10, 1), max(tickets // 8, 1)
    execute(insert_select(Customer, f"generate_series(1, {many}) i", id="i", number="'KH' || lpad(i::text, 8, '0')",
                          kind="'private'", region=REGIONS, person_id="i"))  # fmt: skip
    execute(insert_select(Vehicle, f"generate_series(1, {vehicles}) i", id="i", vin="'LFY' || lpad(i::text, 14, '0')",
                          model_id="1 + i % 8", customer_id=f"1 + i % {many}", delivered_on="current_date - 200"))  # fmt: skip
    names = "id, name, phone, alt_phone, organisation, street, customer_id, grams, email, no_notices"
    with bare(Person):
        copy(Person, names, (_person(i, many) for i in range(1, tickets + 1)))


def papers(tickets: int) -> None:
    """Tickets with words, one revision and the events of their road; the newest have the highest ids."""
    a_day, vehicles, many = max(tickets // DAYS, 1), max(tickets // 8, 1), max(tickets // 10, 1)
    opened = f"now() - ({tickets} - i) * interval '{DAYS} days' / {tickets} - interval '1 hour'"
    stage = (
        f"CASE WHEN i % {OPEN_SHARE} = 0 THEN (ARRAY['reported','recorded','assigned','contacted','planned','in_service',"
        f"'completed'])[1 + i / {OPEN_SHARE} % 7] WHEN i % 23 = 0 THEN 'cancelled' ELSE 'closed' END"
    )
    execute(insert_select(
        Ticket, f"(SELECT i, {stage} AS stage, {opened} AS at FROM generate_series(1, {tickets}) i) t", id="i",
        number=f"'BX' || to_char(date '2025-01-01' + i / {a_day}, 'YYYYMMDD') || '-' || lpad((i % {a_day})::text, 4, '0')",
        stage="stage", round="1", turn="1", revision="8", channel="(ARRAY['web','phone','sales'])[1 + i % 3]",
        urgency="(ARRAY['normal','normal','normal','urgent','stopped'])[1 + i % 5]", contact_id="i",
        customer_id=f"1 + i % {many}", region=REGIONS, vehicle_id=f"1 + i % {vehicles}",
        vin=f"'LFY' || lpad((1 + i % {vehicles})::text, 14, '0')", model="'飞跃 FY-' || 1 + i % 8",
        plate="'苏A' || lpad((i % 99999)::text, 5, '0')", reported_at="at", received_at="at", made_at="at", changed_at="at",
        accepted_at="at + interval '1 hour'", accepted_by_id=f"{ENGINEERS} + 2 + i % {AGENTS}",
        engineer_id=f"CASE WHEN stage NOT IN ('reported', 'recorded') THEN 1 + i / {OPEN_SHARE} % {ENGINEERS} END",
        closed_at="CASE WHEN stage = 'closed' THEN at + interval '3 days' END", language="'zh-hans'", plan_type="'b'",
        report_round="CASE WHEN stage IN ('completed', 'closed') THEN 1 ELSE 0 END",
    ))  # fmt: skip
    execute(history_of(Ticket))
    copy(Words, "ticket_id, symptom, self_checked, occurred, position, grams",
         (_words(*row) for row in execute("SELECT id, number, vin, plate, model FROM repairs_ticket ORDER BY id")))  # fmt: skip
    rows = ", ".join("({}, '{}', '{}', '{}', '{}')".format(n, *act.split(":")) for n, act in enumerate(ROAD))
    execute(insert_select(
        TicketEvent, f"repairs_ticket t JOIN (VALUES {rows}) r (n, name, clause, a, b) ON t.stage = 'closed' OR r.n < 2",
        ticket_id="t.id", at="t.received_at + r.n * interval '3 hours'", name="r.name", clause="r.clause", from_stage="r.a",
        to_stage="r.b", actor="'staff'", round="1",
        by_id=f"CASE WHEN n = 0 THEN NULL WHEN n IN (3, 4, 5, 6) THEN t.engineer_id ELSE {ENGINEERS} + 2 END",
    ))  # fmt: skip


def _words(pk: int, number: str, vin: str, plate: str, model: str) -> str:
    symptom = f"{SYMPTOMS[pk % len(SYMPTOMS)]}{RARE if pk % 1000 == 7 else ''}，第{pk % 97}次"
    return f"{pk}\t{symptom}\t\t昨天下雨后\t\t{array(grams(symptom, number, vin, plate, model))}\n"


def history_of(model: Any) -> str:
    """One revision of every row, as django-simple-history would have written it."""
    given = {f.column: f"t.{f.column}" for f in model._meta.concrete_fields}
    given |= {"history_date": "t.made_at", "history_type": "'+'"}
    return insert_select(model.history.model, f"{model._meta.db_table} t", **given)


def sheets(tickets: int) -> None:
    """Forms 9.1, 9.2 and 9.5 with plan and call of every closed ticket, 9.1 of the open ones."""
    at, closed = "t.received_at + interval '9 hours'", "repairs_ticket t WHERE t.stage = 'closed'"
    made = {"made_at": at, "changed_at": at, "revision": "1"}
    execute(insert_select(IntakeRecord, "repairs_ticket t WHERE t.stage <> 'reported'", ticket_id="t.id",
                          number="'KF' || substr(t.number, 3)", slot="to_char(t.received_at, 'YYYY-MM-DD') || ' a'",
                          **made))  # fmt: skip
    execute(insert_select(
        RepairSheet, closed, ticket_id="t.id", number="t.number || '-1'", round="1", confirmed_symptom="'后轮刹车片磨损'",
        damage_type="'not_human'", first_contact_at=at, work_done="'已调整'", customer_word="'电话确认已好'", **made,
    ))  # fmt: skip
    execute(history_of(RepairSheet))
    execute(insert_select(Plan, closed, ticket_id="t.id", round="1", turn="1", plan_type="'b'", explanation="'调整刹车间隙'",
                          told_at=at, told_how="'phone'", at=at, by_id="t.engineer_id"))  # fmt: skip
    execute(insert_select(ContactAttempt, closed, ticket_id="t.id", round="1", purpose="'contact'", at=at, tried_at=at,
                          by_id="t.engineer_id", way="'phone'", result="'reached'"))  # fmt: skip
    execute(insert_select(CallbackSurvey, closed, ticket_id="t.id", number="'HF' || substr(t.number, 3)", round="1",
                          resolved="true", reached="true", overall="'satisfied'", due_at=at, **made))  # fmt: skip


def clocks(tickets: int, many: int) -> None:
    """Met clocks of the past, as many cycles of six rules as it takes; two open ones for every open ticket, due later."""
    kind = ContentType.objects.get_for_model(Ticket).pk
    rules = ", ".join(f"('{name}', '{dep}', {hours}, {who})" for name, (dep, hours, who) in CLOCKS.items())
    cycles = many // (tickets * len(CLOCKS)) + 1
    source = (
        f"(SELECT t.id, t.received_at + c * interval '1 minute' AS at, t.engineer_id, c, r.* FROM generate_series(1, {cycles})"
        f" c, repairs_ticket t, (VALUES {rules}) r (rule, department, hours, personal) WHERE t.stage IN ('closed', 'cancelled')"
        f" ORDER BY c, t.id LIMIT {many}) d"
    )
    due = "d.at + d.hours * interval '1 hour'"
    execute(insert_select(
        Deadline, source, rule="d.rule", subject_type_id=str(kind), subject_id="d.id", cycle="d.c::text",
        department="d.department", assignee_id="CASE WHEN d.personal THEN d.engineer_id END", opened_at="d.at", due_at=due,
        raw_due_at=due, met_at="d.at + interval '5 hours'",
    ))  # fmt: skip
    open_clocks(kind)


def open_clocks(kind: int) -> None:
    """The engineers' clocks of their open tickets, due in the coming days; customer service's of the rest."""
    source = (
        "(SELECT t.id, t.engineer_id, r.rule, now() + (t.id % 97 - 9) * interval '1 hour' AS due FROM repairs_ticket t,"
        " (VALUES ('contact'), ('plan')) r (rule) WHERE t.stage NOT IN ('closed', 'cancelled') AND t.engineer_id IS NOT NULL"
        " UNION ALL SELECT t.id, NULL, 'handover', now() + (t.id % 97 - 9) * interval '1 hour' FROM repairs_ticket t"
        " WHERE t.stage IN ('reported', 'recorded')) d"
    )
    department = "CASE WHEN d.rule = 'handover' THEN 'service' ELSE 'engineers' END"
    execute(insert_select(
        Deadline, source, rule="d.rule", subject_type_id=str(kind), subject_id="d.id", cycle="'1'", department=department,
        assignee_id="d.engineer_id", opened_at="d.due - interval '12 hours'", due_at="d.due", raw_due_at="d.due",
        next_fire_at="greatest(d.due, now()) + interval '2 days'",
    ))  # fmt: skip
