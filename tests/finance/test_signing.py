"""Finance's signature is the gate of the store (4.5): on what it rests, who may, and that what is signed is what was shown."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.access import Denied
from accounts.models import Grant, Posting, User
from aftersales.problems import BadEntry, OutOfTurn, Refusal, Stale
from finance.models import ReceiptUse
from finance.selectors import free
from finance.services import signing
from finance.shown import digest_of
from parts.flow import ReleaseStage as R
from parts.services import releases
from repairs import services
from repairs.models import Ticket
from repairs.services import orders
from tests import build

pytestmark = pytest.mark.django_db


# --- 4.5b paid
@pytest.mark.clause("4.5b")
def test_paid_parts_are_signed_on_a_receipt_that_holds_their_total(shop):
    release, receipt = shop.charged("paid", (shop.part("60.00"), 2)), shop.receipt("150.00")
    signed = shop.sign(release, receipt=receipt, opinion="款已到")
    assert (signed.stage, signed.receipt, signed.paid, signed.signed_by) == (
        R.SIGNED,
        receipt.number,
        Decimal("120.00"),
        shop.who.fins,
    )
    assert free(receipt) == Decimal("30.00")


@pytest.mark.clause("4.5b")
@pytest.mark.parametrize("amount", ["119.99", None])
def test_paid_parts_are_not_signed_without_enough_money(shop, amount):
    release = shop.charged("paid", (shop.part("60.00"), 2))
    receipt = shop.receipt(amount) if amount else None
    with pytest.raises(BadEntry) as refused:
        shop.sign(release, receipt=receipt)
    assert refused.value.field == "receipt"


@pytest.mark.clause("4.5b")
def test_the_money_of_one_receipt_covers_releases_only_once(shop):
    part, receipt = shop.part("60.00"), shop.receipt("100.00")
    shop.quoted((part, 2))
    first, second = shop.release("paid", (part, 1)), shop.release("paid", (part, 1))
    shop.sign(first, receipt=receipt)
    with pytest.raises(BadEntry, match="40.00"):
        shop.sign(second, receipt=receipt)


@pytest.mark.clause("4.5b")
def test_another_customers_or_a_reversed_receipt_carries_no_signature(shop):
    from finance.services import receipts

    release = shop.charged("paid", (shop.part("60.00"), 1))
    other = build.ticket(at_stage="assigned", at=shop.at, company=shop.who, phone="+8613912340002")
    with pytest.raises(BadEntry, match="4.5b"):
        shop.sign(release, receipt=shop.receipt("60.00", ticket=other, customer=other.customer))
    row = shop.receipt("60.00")
    receipts.take_back(row, by=build.person("FINS"), second=build.person("FINS"), at=shop.now(), why="x")
    with pytest.raises(BadEntry, match="4.5b"):
        shop.sign(release, receipt=row)


@pytest.mark.clause("4.5b")
@pytest.mark.parametrize(("amount", "may"), [("4999.99", True), ("5000.00", False)])
def test_sd03_who_recorded_the_payment_does_not_sign_on_it_from_5000_yuan(shop, amount, may):
    release = shop.charged("paid", (shop.part("60.00"), 1))
    receipt = shop.receipt(amount, by=shop.who.fins)
    if may:
        assert shop.sign(release, receipt=receipt).stage == R.SIGNED
    else:
        with pytest.raises(Denied, match="SD03"):
            shop.sign(release, receipt=receipt)
        assert shop.sign(release, by=build.person("FINS"), receipt=receipt).stage == R.SIGNED


# --- 4.5c not yet paid
@pytest.mark.clause("4.5c")
def test_unpaid_parts_are_signed_when_the_paper_says_so(shop):
    release = shop.charged("unpaid", (shop.part("60.00"), 1))
    with pytest.raises(BadEntry, match="未付款") as refused:
        shop.sign(release, opinion="同意")
    assert refused.value.field == "opinion"
    signed = shop.sign(release, opinion="未付款，同意先发")
    assert (signed.stage, signed.opinion) == (R.SIGNED, "未付款，同意先发")


@pytest.mark.clause("4.5c")
def test_unpaid_parts_are_not_signed_before_the_engineer_has_agreed(shop):
    part = shop.part("60.00")
    shop.quoted((part, 1))
    release = shop.release("paid", (part, 1), submit=False)
    release = releases.change_header(release, by=shop.who.eng, at=shop.now(), basis="unpaid")
    release = releases.submit(release, by=shop.who.eng, at=shop.now())
    with pytest.raises(OutOfTurn, match="4.5c"):
        shop.sign(release, opinion="未付款")


@pytest.mark.clause("4.5c")
@pytest.mark.parametrize(("days", "may"), [(30, True), (31, False)])
def test_the_agreed_day_lies_at_most_thirty_days_after_the_signature_else_a_leader_allows_it(shop, days, may):
    release = shop.charged("unpaid", (shop.part("60.00"), 1))
    day = shop.at.date() + dt.timedelta(days=days)
    release = releases.consent(release, by=shop.who.eng, at=shop.now(), agreed_day=day, reason="老客户")
    if not may:
        with pytest.raises(OutOfTurn, match="4.5c"):
            shop.sign(release, opinion="未付款")
        release = releases.extend(release, by=shop.who.mgr, at=shop.now())
    assert shop.sign(release, opinion="未付款").stage == R.SIGNED


# --- 4.5a warranty
@pytest.mark.clause("4.5a")
def test_a_waiver_that_finance_refuses_charges_the_line_until_its_old_part_is_back(shop):
    release = shop.release(
        "warranty", (shop.part("30.00", recyclable=True, wearing=True), 1), (shop.part("80.00"), 1)
    )
    small, large = release.lines.order_by("position")
    assert (small.waiver, large.waiver) == ("wearing", "worthless")
    shop.sign(release, refused_waivers=[large.pk])
    small.refresh_from_db(), large.refresh_from_db()
    assert [(x.charge, x.old_part) for x in (small, large)] == [("free", "waived"), ("awaiting", "must")]
    assert small.is_signed and large.is_signed


@pytest.mark.clause("4.5a")
def test_only_a_waiver_that_was_asked_for_can_be_refused(shop):
    release = shop.release("warranty", (shop.part("80.00", recyclable=True), 1))
    with pytest.raises(BadEntry):
        shop.sign(release, refused_waivers=[release.lines.get().pk])


# --- who
def responsible(shop):
    """He asked for the parts and is the ticket's engineer."""
    return shop.who.eng


def crew(shop):
    somebody = build.person("ENG")
    services.crew_add(shop.ticket, by=shop.who.eng, at=shop.now(), user=somebody)
    return somebody


def crew_once(shop):
    somebody = crew(shop)
    services.crew_leave(shop.ticket, by=shop.who.eng, at=shop.now(), user=somebody)
    return somebody


def earlier(shop):
    """He had the ticket before; the one who has it now asks for the parts."""
    before, now = shop.who.eng, build.person("ENG")
    services.reassign(shop.ticket, by=shop.who.cs_head, at=shop.now(), engineer=now, reason="休假")
    shop.who._people["eng"] = now
    ticket = Ticket.objects.get(pk=shop.ticket.pk)
    services.contact(ticket, by=now, at=shop.now(), confirmed_symptom="异响", damage_type="not_human")
    shop.ticket = Ticket.objects.get(pk=ticket.pk)
    return before


@pytest.mark.clause("4.5")
@pytest.mark.parametrize("hand", [responsible, crew, crew_once, earlier])
@pytest.mark.parametrize("act", ["sign", "reject", "revoke"])
def test_sd01_neither_the_requester_nor_any_engineer_of_the_ticket_decides_about_its_release(shop, hand, act):
    """Tried with one person who signs for finance today and was an engineer before."""
    somebody = hand(shop)
    release = shop.release("warranty", (shop.part("30.00"), 1))
    release = shop.sign(release) if act == "revoke" else release
    both = _becomes_finance(somebody)
    with pytest.raises(Denied, match="SD01"):
        getattr(signing, act)(release, by=both, at=shop.now(), **({} if act == "sign" else {"reason": "x"}))


def _becomes_finance(user):
    user.postings.update(until=dt.date(2026, 1, 1))
    Posting.objects.create(user=user, department="finance", since=dt.date(2026, 1, 2))
    leaders = {"named_by": build.person("FIN"), "seconded_by": build.person("MGR"), "reason": "x"}
    Grant.objects.create(
        user=user, kind="finance_sign", since=dt.date(2026, 1, 2), until=dt.date(2099, 1, 1), **leaders
    )
    return User.objects.load(user.pk)


@pytest.mark.clause("4.5b")
def test_sd15_a_delegation_signs_on_its_days_only(shop):
    release, clerk = shop.release("warranty", (shop.part("30.00"), 1)), build.person("FIN")
    with pytest.raises(Denied):
        shop.sign(release, by=clerk)
    given = {
        "user": clerk,
        "kind": "finance_sign",
        "since": dt.date(2020, 1, 1),
        "named_by": shop.who.fin,
        "seconded_by": shop.who.mgr,
    }
    grant = Grant.objects.create(until=dt.date(2020, 12, 31), reason="x", **given)
    with pytest.raises(Denied):
        shop.sign(release, by=User.objects.load(clerk.pk))
    grant.until = dt.date(2099, 1, 1)
    grant.save()
    assert shop.sign(release, by=User.objects.load(clerk.pk)).stage == R.SIGNED


@pytest.mark.parametrize("roles", [("FIN",), ("MGR",), ("WH",), ("SYS",), ("ENG",)])
def test_nobody_else_signs(shop, roles):
    release = shop.release("warranty", (shop.part("30.00"), 1))
    with pytest.raises(Denied):
        shop.sign(release, by=build.person(*roles))


# --- what is signed is what was shown
@pytest.mark.clause("4.5")
def test_a_release_that_changed_since_it_was_shown_is_not_signed(shop):
    release = shop.release("warranty", (shop.part("30.00"), 1))
    shown = digest_of(release)
    release = releases.take_back(release, by=shop.who.eng, at=shop.now())
    release = releases.change_line(
        release, line=release.lines.get(), by=shop.who.eng, at=shop.now(), quantity=2
    )
    release = releases.submit(release, by=shop.who.eng, at=shop.now())
    with pytest.raises(Stale):
        shop.sign(release, shown=shown)
    assert shop.sign(release, shown=digest_of(release)).stage == R.SIGNED


@pytest.mark.clause("4.5")
@pytest.mark.parametrize(
    "fact", ["quantity", "kind", "damage_evidence", "costly_evidence", "charge", "amount"]
)
def test_the_digest_covers_every_fact_of_a_line(shop, fact):
    release = shop.release("warranty", (shop.part("30.00"), 1))
    before, line = digest_of(release), release.lines.get()
    setattr(line, fact, {"quantity": 7, "amount": Decimal("0.01")}.get(fact, "x"))
    assert digest_of(release, [line]) != before


def test_a_digest_is_the_same_however_the_release_was_read(shop):
    release = shop.charged("unpaid", (shop.part("60.00"), 1))
    assert digest_of(release) == digest_of(type(release).objects.get(pk=release.pk))


# --- rejected, revoked
@pytest.mark.clause("4.5")
def test_a_rejection_says_why_and_a_signature_is_taken_back_while_nothing_is_issued(shop):
    release, receipt = shop.charged("paid", (shop.part("60.00"), 1)), shop.receipt("60.00")
    rejected = signing.reject(release, by=shop.who.fins, at=shop.now(), reason="收据不清")
    assert (rejected.stage, rejected.rejection) == (R.REJECTED, "收据不清")
    release = releases.submit(
        releases.take_back(rejected, by=shop.who.eng, at=shop.now()), by=shop.who.eng, at=shop.now()
    )
    signed = shop.sign(release, receipt=receipt)
    assert free(receipt) == 0
    revoked = signing.revoke(signed, by=shop.who.fins, at=shop.now(), reason="客户要求退款")
    assert (revoked.stage, revoked.receipt, free(receipt)) == (R.DRAFT, "", Decimal("60.00"))


@pytest.mark.clause("4.5")
def test_a_signature_stays_once_something_was_issued(shop):
    release = shop.sign(shop.release("warranty", (shop.part("30.00"), 2)))
    shop.issue(release, 1)
    with pytest.raises(Refusal):
        signing.revoke(release, by=shop.who.fins, at=shop.now(), reason="x")


def test_a_cancelled_release_gives_its_receipt_free(shop):
    release, receipt = shop.charged("paid", (shop.part("60.00"), 1)), shop.receipt("60.00")
    signed = shop.sign(release, receipt=receipt)
    releases.cancel(signed, by=shop.who.eng, at=shop.now(), reason="不需要了")
    assert free(receipt) == Decimal("60.00")
    assert sum(ReceiptUse.objects.values_list("amount", flat=True)) == 0


@pytest.mark.clause("8.7")
def test_a_parts_only_order_is_signed_like_a_repair(shop):
    part = shop.part("60.00")
    order = orders.open_order(
        customer=shop.customer,
        engineer=shop.who.eng,
        by=shop.who.cs,
        at=shop.now(),
    )
    shop.quoted((part, 1), about=order)
    release, receipt = (
        shop.release("paid", (part, 1), about=order),
        shop.receipt("60.00", ticket=None, order=order),
    )
    assert shop.sign(release, receipt=receipt).stage == R.SIGNED
