"""What is kept no longer than promised: words and personal data of old tickets, files of forms never sent."""

import datetime as dt
import os
import time

import pytest

from aftersales import files
from finance.models import Account, Kind
from finance.selectors import account_of
from finance.services import ledger
from finance.services.reasons import Why
from repairs import services
from repairs.flow import Stage
from repairs.models import Attachment, Message, Signature, Ticket
from repairs.models.sheets import SurveyWords
from repairs.services import forgetting
from sales import lead_services as services_of_leads
from sales import services as sales
from sales.models import Customer, Person, Sale
from tests import build
from tests.files.samples import photo, upload
from tests.finance.repaired import labour
from tests.sales import leads

HOUR = build.HOUR
YEARS = dt.timedelta(days=3 * 366 + 2)


def people_of(*tickets) -> list[str]:
    return [Person.objects.get(pk=t.contact_id).name for t in tickets]


@pytest.mark.django_db
def test_after_three_years_the_words_of_a_closed_ticket_are_overwritten(monday, people):
    ticket = build.ticket(Stage.CLOSED, at=monday, company=people)
    assert forgetting.forget_old(monday + dt.timedelta(days=1000)) == 0
    assert forgetting.forget_old(monday + YEARS) == 1
    fresh = Ticket.objects.get(pk=ticket.pk)
    assert (people_of(fresh), fresh.words.symptom, fresh.private_version) == ([""], "", 2)
    assert forgetting.forget_old(monday + YEARS) == 0


@pytest.mark.django_db
def test_a_customer_with_a_later_ticket_keeps_his_name(monday, people):
    old = build.ticket(Stage.CLOSED, at=monday, company=people)
    services.accept(build.report(monday + YEARS), by=people.cs, at=monday + YEARS)
    forgetting.forget_old(monday + YEARS)
    fresh = Ticket.objects.get(pk=old.pk)
    assert (people_of(fresh), fresh.words.symptom) == (["王小明"], "")


@pytest.mark.django_db
def test_an_open_ticket_is_never_cleared(monday, people):
    build.ticket(Stage.CONTACTED, at=monday, company=people)
    assert forgetting.forget_old(monday + 2 * YEARS) == 0


# --- what came after it was cleared
def erased(ticket, people, at):
    sales.erase(ticket.customer, by=people.mgr, seconded_by=build.person("MGR"), at=at, reason="要求")
    return Ticket.objects.get(pk=ticket.pk)


@pytest.mark.django_db
def test_what_was_signed_after_an_erasure_goes_when_its_time_is_over(monday, people):
    ticket = erased(
        build.ticket(Stage.IN_SERVICE, plan="c", at=monday, company=people), people, monday + HOUR
    )
    at = monday + 2 * HOUR
    services.complete(ticket, by=people.eng, at=at, work_done="已修", signer="王小明", strokes="[[[1,2]]]")
    services.call_back(
        ticket, by=people.cs, at=at, resolved=True, overall="satisfied", suggestion="我是王小明"
    )
    assert forgetting.forget_old(monday + dt.timedelta(days=1000)) == 0
    assert forgetting.forget_old(monday + YEARS) == 1
    signed, survey = ticket.signatures.get(), ticket.surveys.get()
    assert (signed.strokes, signed.person.name, survey.words.suggestion) == ("", "", "")
    assert forgetting.forget_old(monday + 2 * YEARS) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["message", "signature", "survey", "picture", "person", "words"])
def test_the_job_asks_whether_anything_is_left_not_whether_it_ran(monday, people, what):
    ticket = build.ticket(Stage.CLOSED, plan="c", at=monday, company=people)
    SurveyWords.objects.create(survey=ticket.surveys.first(), suggestion="很好")
    Attachment.objects.create(ticket=ticket, key="a" * 32, kind="video", sha256="b" * 64, size=1, at=monday)
    assert forgetting.forget_old(monday + YEARS) == 1
    assert forgetting.forget_old(monday + 3 * YEARS) == 0
    back = {
        "message": lambda: Message.objects.create(ticket=ticket, at=monday, by=people.cs, text="王先生"),
        "signature": lambda: Signature.objects.update(strokes="[[[1,2]]]"),
        "survey": lambda: SurveyWords.objects.update(suggestion="很好"),
        "picture": lambda: Attachment.objects.update(erased_at=None),
        "person": lambda: Person.objects.filter(pk=ticket.contact_id).update(name="王小明"),
        "words": lambda: type(ticket.words).objects.update(symptom="刹车"),
    }
    back[what]()
    assert [forgetting.forget_old(monday + 3 * YEARS) for _run in range(2)] == [1, 0]
    assert not Person.objects.left().exists() and not Message.objects.exclude(text="").exists()


@pytest.mark.django_db
def test_with_a_customers_last_ticket_they_go_who_were_kept_for_its_sake(monday, people):
    old = build.ticket(Stage.CLOSED, at=monday, company=people)
    last = build.ticket(Stage.CLOSED, at=monday + YEARS, company=people)
    assert last.customer == old.customer
    assert forgetting.forget_old(monday + YEARS + dt.timedelta(days=100)) == 1
    assert people_of(old, last) == ["王小明", "王小明"]
    assert forgetting.forget_old(monday + 2 * YEARS) == 1
    assert people_of(old, last) == ["", ""]


@pytest.mark.django_db
def test_tickets_of_one_customer_in_two_batches_leave_nobody_behind(monday, people, monkeypatch):
    monkeypatch.setattr(forgetting, "A_BATCH", 1)
    pair = [build.ticket(Stage.CLOSED, at=monday, company=people) for _ticket in "ab"]
    assert [forgetting.forget_old(monday + YEARS) for _run in range(3)] == [1, 1, 0]
    assert people_of(*pair) == ["", ""]


@pytest.mark.django_db
def test_who_only_drew_a_signature_keeps_his_name_with_a_later_ticket(monday, people):
    ticket = build.ticket(Stage.CONTACTED, at=monday, company=people)
    plan = build.plan_entries("a", monday) | {"self_install_ok": False, "consent_how": ""}
    services.plan(ticket, by=people.eng, at=monday, **plan)
    services.consent(ticket, at=monday, strokes="[[[17,29],[871,613]]]")
    services.cancel(ticket, by=people.cs, at=monday, reason="撤回")
    services.accept(build.report(monday + YEARS), by=people.cs, at=monday + YEARS)
    assert forgetting.forget_old(monday + YEARS) == 1
    assert (people_of(ticket), ticket.consents.get().strokes) == (["王小明"], "")


@pytest.mark.django_db
def test_the_time_to_keep_ends_with_a_day_in_shanghai(monday, people):
    build.ticket(Stage.CLOSED, at=monday, company=people)  # 2 March 2026
    last = dt.datetime(
        2029, 3, 2, 15, 59, tzinfo=dt.UTC
    )  # as the database's clock says it: 23:59 in Shanghai
    assert forgetting.forget_old(last) == 0
    assert forgetting.forget_old(last + dt.timedelta(minutes=1)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_the_job_finds_what_is_due_in_one_statement(monday, people, count, django_assert_num_queries):
    for _ticket in range(count):
        build.ticket(Stage.CLOSED, at=monday, company=people)
    limit = monday + YEARS
    with django_assert_num_queries(1):
        assert len(forgetting._due(limit)) == count


# --- pictures of a duplicate
@pytest.mark.django_db
def test_a_survivor_is_forgotten_without_the_pictures_of_the_other_customer(monday, people):
    one, other = build.report(monday), build.report(monday, contact="别人", phone="+8613700001111")
    for place, ticket in enumerate((one, other)):
        facts = {"key": str(place) * 32, "kind": "video", "sha256": str(place) * 64, "size": 1, "at": monday}
        Attachment.objects.create(ticket=ticket, **facts)
    services.merge(other, by=people.cs, at=monday, into=one)
    assert one.attachments.count() == 2
    forgetting.forget_words(Ticket.objects.filter(pk=one.pk), by=None, at=monday + HOUR)
    assert [row.erased_at for row in Attachment.objects.order_by("key")] == [monday + HOUR, None]
    forgetting.forget_words(Ticket.objects.filter(pk=other.pk), by=None, at=monday + 2 * HOUR)
    assert Attachment.objects.get(origin=other).erased_at == monday + 2 * HOUR


@pytest.mark.django_db
def test_files_that_no_ticket_names_go_after_a_day(monday, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    named, lost = files.take(upload(photo())), files.take(upload(photo(size=(96, 64))))
    ticket = build.report(monday)
    Attachment.objects.create(
        ticket=ticket, key="a" * 32, kind="image", sha256=named.sha256, size=1, at=monday
    )
    two_days_ago = time.time() - 2 * 86400
    for stored in (named, lost):
        os.utime(files.place("originals", stored.sha256), (two_days_ago, two_days_ago))
    assert forgetting.tidy_files(monday) == 1
    assert files.place("originals", named.sha256).exists()
    assert not files.place("originals", lost.sha256).exists()


# --- who buys or owes is not forgotten
def buys(what, customer, people, at):
    leads.his(people.sales, customer)
    if what == "lead":
        services_of_leads.take(leads.lead(customer, people.eng, at), by=people.sales, at=at + HOUR)
    elif what == "delivery":
        build.delivery(people.sales, at, customer=Customer.objects.get(pk=customer.pk))
    elif what == "vehicle":
        build.vehicle(at=at, customer=customer, delivered_on=at.date())
    else:
        leads.sale(customer, people.sales, at)


@pytest.mark.django_db
@pytest.mark.clause("4.2")
@pytest.mark.parametrize("what", ["lead", "delivery", "sale", "vehicle"])
def test_who_buys_keeps_his_name_until_the_time_has_passed_from_then_on(monday, people, what):
    ticket = build.ticket(Stage.CLOSED, at=monday, company=people)
    buys(what, ticket.customer, people, monday + YEARS)
    assert forgetting.forget_old(monday + YEARS + HOUR) == 1
    assert (people_of(ticket), Ticket.objects.get(pk=ticket.pk).words.symptom) == (["王小明"], "")
    Sale.objects.update(confirmed_at=monday + YEARS)
    forgetting.forget_old(monday + 2 * YEARS)
    assert people_of(ticket) == [""]


@pytest.mark.django_db
@pytest.mark.clause("4.2")
def test_a_sale_that_was_cancelled_keeps_nobodys_name(monday, people):
    ticket = build.ticket(Stage.CLOSED, at=monday, company=people)
    buys("sale", ticket.customer, people, monday + YEARS)
    sale = services_of_leads.ask_cancel(Sale.objects.get(), reason="误录", by=people.sales, at=monday + YEARS)
    services_of_leads.cancel(sale, by=people.fin, at=monday + YEARS)
    forgetting.forget_old(monday + YEARS + HOUR)
    assert people_of(ticket) == [""]


@pytest.mark.django_db
@pytest.mark.clause("8.8")
def test_who_owes_keeps_his_name_until_he_has_paid(monday, people):
    ticket = build.ticket(Stage.CLOSED, at=monday, company=people)
    debt = labour(ticket, "500.00", monday)
    forgetting.forget_old(monday + YEARS)
    forgetting.forget_old(monday + 2 * YEARS)
    assert people_of(ticket) == ["王小明"]
    ledger.post(
        "paid", source=account_of(debt), target=Account.objects.of_kind(Kind.BANK), amount=debt.amount,
        day=monday.date(), paper=ticket.number, why=Why.ISSUED, by=None, at=monday,
    )  # fmt: skip
    assert forgetting.forget_old(monday + 2 * YEARS) == 1
    assert people_of(ticket) == [""]
