"""After a customer is erased, a dump of the whole database holds neither his name nor his phone, history included."""

import pytest
from django.db import connection

from accounts.models import AuditEvent
from aftersales.problems import BadEntry
from repairs import services
from repairs.flow import Stage
from repairs.models import Attachment, Ticket
from sales import services as sales
from technical.services import disputes
from tests import build

HOUR = build.HOUR
NAME, PHONE, SECOND, STREET, UNIT = (
    "诸葛孔明",
    "13812349876",
    "13900007654",
    "卧龙岗路一千零一号",
    "隆中运输服务部",
)
EMAIL, SIGNER, STROKES = "kongming@example.cn", "诸葛亮字孔明", "[[[17,29],[871,613]]]"
SECRETS = [NAME, PHONE, SECOND, STREET, UNIT, EMAIL, SIGNER, STROKES, "[[[7,77],[8,88]]]"]


def dump() -> str:
    """Every row of every table as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def a_long_acquaintance(monday, people) -> Ticket:
    """Two rounds, messages, a signature, a survey: everything a customer leaves behind."""
    entries = {
        "contact": NAME, "phone": f"+86{PHONE}", "organisation": UNIT, "street": STREET,
        "symptom": f"我是{NAME}，请打{PHONE}", "self_checked": f"{NAME}检查过",
    }  # fmt: skip
    ticket = build.ticket(Stage.PLANNED, plan="c", at=monday, company=people, **entries)
    services.edit_record(ticket, by=people.cs, at=monday + HOUR, alt_phone=f"+86{SECOND}")
    services.prefer_telling(ticket, at=monday + HOUR, email=EMAIL)
    fits_a_part_himself(monday, people)
    services.message(ticket, at=monday + HOUR, text=f"{NAME}，电话{PHONE}")
    services.begin(ticket, by=people.eng, at=monday + 2 * HOUR)
    services.complete(
        ticket, by=people.eng, at=monday + 3 * HOUR, work_done="已修", signer=NAME, strokes="[[[1,2]]]"
    )
    disputes.raise_(ticket, kind="damage", words=f"{NAME}说不是人为损坏，请打{PHONE}", at=monday + 4 * HOUR)
    services.survey_by_customer(ticket, at=monday + 4 * HOUR, resolved=True, suggestion=f"{NAME}很满意")
    services.call_back(
        ticket, by=people.cs, at=monday + 5 * HOUR, resolved=False, reason="未好", suggestion=f"找{NAME}"
    )
    car = build.vehicle(delivered_on=None, customer=ticket.customer, seller=people.sales)
    build.delivery(
        people.sales, monday, vin=car.vin, customer=ticket.customer, signer=NAME, strokes="[[[7,77],[8,88]]]"
    )
    build.report(monday + 6 * HOUR, contact=NAME, phone=f"+86{PHONE}", symptom=f"又坏了，{STREET}")
    return Ticket.objects.get(pk=ticket.pk)


def fits_a_part_himself(monday, people) -> None:
    """Another report of his, with a consent that he signed by name and finger (4.4a)."""
    other = build.ticket(Stage.CONTACTED, at=monday, company=people, contact=NAME, phone=f"+86{PHONE}")
    entries = {**build.plan_entries("a", monday), "self_install_ok": False, "consent_how": ""}
    services.plan(other, by=people.eng, at=monday + HOUR, **entries)
    services.consent(other, at=monday + HOUR, signer=SIGNER, strokes=STROKES)
    services.rights_wish(other, at=monday + HOUR, text=f"请删除{NAME}", erase=True)


@pytest.mark.django_db
def test_nothing_of_an_erased_customer_is_left_in_the_database(monday, people):
    ticket = a_long_acquaintance(monday, people)
    before = dump()
    assert all(secret in before for secret in SECRETS)
    sales.erase(
        ticket.customer,
        by=people.mgr,
        seconded_by=build.person("MGR"),
        at=monday + 9 * HOUR,
        reason="客户来信要求",
    )
    after = dump()
    assert [secret for secret in SECRETS if secret in after] == []
    assert [
        secret[i : i + 2]
        for secret in (NAME, UNIT, SIGNER)
        for i in range(len(secret) - 1)
        if secret[i : i + 2] in after
    ] == []


@pytest.mark.django_db
def test_the_paper_lives_on_without_its_words(monday, people):
    ticket = a_long_acquaintance(monday, people)
    events = ticket.events.count()
    sales.erase(
        ticket.customer, by=people.mgr, seconded_by=build.person("MGR"), at=monday + 9 * HOUR, reason="要求"
    )
    fresh = Ticket.objects.get(pk=ticket.pk)
    assert (fresh.number, fresh.stage, fresh.events.count()) == (ticket.number, ticket.stage, events)
    assert fresh.contact.shown_name != NAME
    assert AuditEvent.objects.filter(verb="customer.erased").count() == 1


@pytest.mark.django_db
def test_erasing_needs_a_second_person(monday, people):
    ticket = a_long_acquaintance(monday, people)
    for second in (None, people.mgr):
        with pytest.raises(BadEntry, match="SD11"):
            sales.erase(ticket.customer, by=people.mgr, seconded_by=second, at=monday, reason="x")


@pytest.mark.django_db
def test_a_merged_duplicate_shows_nothing_of_its_customer_to_the_other_and_goes_with_him(monday, people):
    one = build.ticket(Stage.RECORDED, at=monday, company=people, contact=NAME, phone=f"+86{PHONE}")
    other = build.ticket(Stage.RECORDED, at=monday, company=people, contact="别人", phone="+8613700001111")
    services.message(one, at=monday, text=f"{NAME}的留言")
    Attachment.objects.create(ticket=one, key="b" * 32, kind="image", sha256="c" * 64, size=1, at=monday)
    services.merge(one, by=people.cs, at=monday + HOUR, into=other)
    assert other.messages.count() == 0
    assert [a.origin for a in other.attachments.all()] == [one]
    sales.erase(
        one.customer, by=people.mgr, seconded_by=build.person("MGR"), at=monday + 9 * HOUR, reason="要求"
    )
    assert NAME not in dump()
    assert other.attachments.get().erased_at == monday + 9 * HOUR
