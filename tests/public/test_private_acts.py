"""On his page the customer sees who calls, says how he is told, that his parcel arrived; every ending says what is so."""

import pytest

from accounts.models import DutyShift
from repairs import services
from repairs.models import ConsentSignature, Ticket
from tests import build

from .conftest import key, link

pytestmark = pytest.mark.django_db
MINUTE, HOUR = build.MINUTE, build.HOUR


@pytest.fixture
def now():
    from aftersales import clock

    return clock.now()


@pytest.mark.clause("3.1")
@pytest.mark.clause("4.1")
def test_who_calls_from_which_number(visitor, now, people):
    people.eng.mobile = "13911112222"
    people.eng.save()
    DutyShift.objects.create(user=people.cs, begins_at=now - HOUR, ends_at=now + HOUR, mobile="13800009898")
    ticket = build.ticket("recorded", at=now - 9 * MINUTE, company=people)
    page = visitor.get(link(ticket)).content.decode()
    assert "We call you from:" in page and "0523-89798888" in page and "13800009898" in page
    services.hand_over(ticket, by=people.cs, at=now, engineer=people.eng)
    page = visitor.get(link(ticket)).content.decode()
    assert people.eng.name in page and "13911112222" in page and people.cs.name not in page


@pytest.mark.clause("3.1")
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("duplicate", "reported already"),
        ("withdrawn", "as you wished"),
        ("foreign", "no vehicle or fault of ours"),
    ],
)
def test_an_ended_report_says_why_and_the_way_on(visitor, now, people, kind, words):
    ticket = build.ticket("recorded", at=now - 9 * MINUTE, company=people)
    services.cancel(ticket, by=people.cs, at=now, reason="CANARY", reason_kind=kind)
    page = visitor.get(link(ticket)).content.decode()
    assert words in page and "/report/" in page and "CANARY" not in page and "Send the message" in page


@pytest.mark.clause("3.1")
@pytest.mark.parametrize("same", [True, False])
def test_a_joined_report_hands_out_neither_the_others_link_nor_its_number(visitor, now, people, same):
    """Whose phone it is nobody has proven: who typed another's is joined with his report, and learns no more of it."""
    other = build.ticket("recorded", at=now - 9 * MINUTE, company=people)
    phone = other.contact.phone if same else "+8613900002222"
    ticket = build.ticket("recorded", at=now - 9 * MINUTE, company=people, phone=phone)
    services.merge(ticket, by=people.cs, at=now, into=other)
    page = visitor.get(link(ticket)).content.decode()
    kept = visitor.post(link(ticket, "my_data"), {"phone": phone}).content.decode()
    assert "it goes on there" in page and 'href="/track/"' in page
    for way_in in (link(other), other.number):  # with the number the phone would open it (A02)
        assert way_in not in page and way_in not in kept


@pytest.mark.clause("4.4a")
@pytest.mark.parametrize("strokes", ["", "[[[10,20],[300,400]]]"])
def test_he_signs_for_the_consent_and_it_stands_on_the_paper(visitor, now, people, strokes):
    from repairs.prints.order import _plan
    from repairs.prints.read import read

    ticket = build.ticket("contacted", at=now - 9 * MINUTE, company=people)
    entries = {**build.plan_entries("a", now), "self_install_ok": False, "consent_how": ""}
    services.plan(ticket, by=people.eng, at=now, **entries)
    plan = ticket.plans.get()
    page = visitor.get(link(ticket)).content.decode()
    assert plan.assembly_notes in page and plan.risk_text in page and "data-signature" in page
    sent = {"plan": plan.pk, "agreed": "on", "strokes": strokes, "signer": "" if strokes else "王大明"}
    visitor.post(link(ticket, "consent"), {**sent, "operation": key()})
    signed = ConsentSignature.objects.select_related("person").get()
    assert (signed.plan, signed.strokes, signed.person.name) == (
        plan,
        strokes,
        "王小明" if strokes else "王大明",
    )
    fresh = Ticket.objects.get(pk=ticket.pk)
    found = str(_plan(read(fresh, by=people.cs, at=now)))
    assert signed.person.name in found and ("'path'" in found) == bool(strokes)
    masked = str(_plan(read(fresh, by=people.fin, at=now)))
    assert signed.person.name not in masked and "'path'" not in masked and "***" in masked


@pytest.mark.clause("4.4a")
def test_a_tick_alone_is_no_signature(visitor, now, people):
    ticket = build.ticket("contacted", at=now - 9 * MINUTE, company=people)
    entries = {**build.plan_entries("a", now), "self_install_ok": False, "consent_how": ""}
    services.plan(ticket, by=people.eng, at=now, **entries)
    answer = visitor.post(link(ticket, "consent"), {"plan": ticket.plans.get().pk, "agreed": "on"})
    assert answer.status_code == 422 and "Sign with your finger, or type your name" in answer.content.decode()
    assert not Ticket.objects.get(pk=ticket.pk).self_install_agreed


HOSTILE = ["[[[1e999,1]]]", "[[[Infinity,NaN]]]", "[" * 60_000, "[[[-5,2000]]]", "[[]]"]


@pytest.mark.clause("4.4a")
@pytest.mark.parametrize("strokes", HOSTILE)
def test_what_is_no_signature_is_refused_at_its_field(visitor, now, people, strokes):
    ticket = build.ticket("contacted", at=now - 9 * MINUTE, company=people)
    entries = {**build.plan_entries("a", now), "self_install_ok": False, "consent_how": ""}
    services.plan(ticket, by=people.eng, at=now, **entries)
    sent = {"plan": ticket.plans.get().pk, "agreed": "on", "signer": "王大明", "strokes": strokes}
    answer = visitor.post(link(ticket, "consent"), sent | {"operation": key()})
    assert answer.status_code == 422 and list(answer.context["consent_form"].errors) == ["strokes"]
    assert not ConsentSignature.objects.exists()


@pytest.mark.clause("4.4a")
@pytest.mark.parametrize("strokes", HOSTILE[:3])
def test_no_signature_breaks_the_staffs_pages(visitor, now, people, strokes, as_user):
    """Such a one may have been kept before it was refused."""
    ticket = build.ticket("contacted", at=now - 9 * MINUTE, company=people)
    entries = {**build.plan_entries("a", now), "self_install_ok": False, "consent_how": ""}
    services.plan(ticket, by=people.eng, at=now, **entries)
    services.consent(ticket, at=now, signer="王大明", strokes=strokes)
    desk = as_user(people.cs)
    assert [desk.get(f"{ticket.get_absolute_url()}{tail}").status_code for tail in ("", "print/9.2/")] == [
        200,
        200,
    ]


@pytest.mark.clause("6.3")
def test_his_parcel_has_arrived_and_that_is_written_once(visitor, now, people):
    from parts.services import shipping

    at = now - HOUR
    sheet = build.released(people, at, to="issued", plan="a")
    parcel = shipping.pack(sheet, by=people.wh, at=at + 4 * MINUTE)
    ticket = Ticket.objects.get(pk=sheet.ticket_id)
    services.plan(ticket, by=people.eng, at=at + 5 * MINUTE, **build.plan_entries("a", at))
    parcel = shipping.send(
        parcel, by=people.ga, at=at + 6 * MINUTE, carrier="顺丰", waybill="SF123", terms="collect"
    )
    assert ticket.customer_notices.get(event="parcel").params == {"carrier": "顺丰", "waybill": "SF123"}
    page = visitor.get(link(ticket)).content.decode()
    assert "SF123" in page and "顺丰" in page and "It has arrived" in page
    for _time in range(2):
        visitor.post(link(ticket, "arrived"), {"parcel": parcel.number, "operation": key()})
    parcel.refresh_from_db()
    assert parcel.stage == "delivered" and ticket.events.filter(name="parcel_delivered").count() == 1
    assert "It has arrived" not in visitor.get(link(ticket)).content.decode()


@pytest.mark.clause("6.3")
def test_nobody_says_so_of_a_parcel_that_is_not_his(visitor, now, people):
    ticket = build.ticket("recorded", at=now - 9 * MINUTE, company=people)
    said = visitor.post(link(ticket, "arrived"), {"parcel": "WL20260101-0001"}, follow=True)
    assert "not on its way to you" in said.content.decode()


def test_he_says_how_he_is_told(visitor, now, people):
    ticket = build.ticket("recorded", at=now - 9 * MINUTE, company=people)
    wrong = visitor.post(link(ticket, "telling"), {"email": "no address"})
    assert wrong.status_code == 422 and "no address" in wrong.content.decode()
    visitor.post(link(ticket, "telling"), {"email": "w@example.com", "no_notices": "on", "operation": key()})
    person = Ticket.objects.get(pk=ticket.pk).contact
    assert (person.email, person.no_notices) == ("w@example.com", True)
    event = ticket.events.get(name="telling")
    assert event.data == {"off": True} and "example.com" not in str(vars(event))
    assert "You get no messages about this report" in visitor.get(link(ticket)).content.decode()


def test_a_page_for_wechat_asks_for_nothing_that_its_browser_lacks(visitor, now, people):
    ticket = build.ticket("recorded", at=now - 9 * MINUTE, company=people)
    answer = visitor.get(link(ticket))
    page = answer.content.decode()
    assert "noindex" in page and "<script>" not in page and "onclick" not in page
    assert not answer.cookies.get("sessionid"), "reading needs no cookie"
    head = page.split("</head>")[0]
    assert not [word for word in (ticket.number, "王小明", ticket.contact.phone[-8:]) if word in head]
