"""Finance's pages: who opens them, what they say, and that three rows ask no more than one."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from finance.models import Receipt, Transfer
from finance.services import signing
from parts.flow import ReleaseStage as R
from parts.models import Release
from tests import build
from tests.finance.conftest import Shop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_factor")]
LISTS = {
    "/finance/": "fins", "/finance/receipts/": "fin", "/finance/receivables/?state=": "fin", "/finance/site-money/": "fin",
    "/finance/bank/": "fin", "/finance/credits/": "fin", "/finance/ledger/": "mgr",
}  # fmt: skip


FILLED_ELSEWHERE = ("/finance/site-money/", "/finance/bank/", "/finance/credits/")


@pytest.fixture
def shop(people):
    """Today, because requests arrive now."""
    return Shop(people, timezone.now() - build.HOUR * 3)


def page(client, path, status=200, **query):
    answer = client.get(path, query) if query else client.get(path)
    assert answer.status_code == status, answer.content
    return answer.content.decode()


@pytest.mark.parametrize(("path", "who"), LISTS.items())
def test_an_empty_list_says_what_will_stand_there(people, as_user, path, who):
    assert '<div class="empty">' in page(as_user(getattr(people, who)), path)


def fill(shop, part):
    shop.quoted((part, 9))
    paid, receipt = shop.release("paid", (part, 1)), shop.receipt("60.00")
    shop.issue(shop.sign(paid, receipt=receipt), 1)
    shop.release("paid", (part, 1))


@pytest.mark.parametrize(("path", "who"), [row for row in LISTS.items() if row[0] not in FILLED_ELSEWHERE])
def test_three_rows_ask_no_more_than_one(shop, as_user, path, who):
    client, part = as_user(getattr(shop.who, who)), shop.part("60.00")
    fill(shop, part)
    page(client, path)
    with CaptureQueriesContext(
        connection,
    ) as one:
        assert page(client, path).count("data-item") >= 1
    fill(shop, part), fill(shop, part)
    with CaptureQueriesContext(connection) as three:
        assert page(client, path).count("data-item") >= 3
    assert len(three) == len(one), [q["sql"][:90] for q in three]


def test_the_queue_goes_on_where_its_page_ends(shop, as_user, monkeypatch):
    monkeypatch.setattr("finance.queue_views.PAGE", 2)
    numbers = [shop.release("paid", (shop.part("60.00"), 1)).number for _ in range(3)]
    client, seen, address = as_user(shop.who.fins), [], "/finance/"
    while address:
        text = page(client, address)
        seen.append([number for number in numbers if f">{number}<" in text])
        onward = re.search(r'href="(\?[^"]+)" rel="next"', text)
        address = "/finance/" + html.unescape(onward[1]) if onward else ""
    assert seen == [numbers[:2], numbers[2:]]


@pytest.mark.parametrize(
    "after", ["x", "~1", "2026-01-01~2", "0001-01-01T00:00+14:00~1", "2026-01-01T00:00+00:00~\u0663"]
)
def test_a_place_in_the_queue_that_means_nothing_is_its_beginning(shop, as_user, after):
    number = shop.release("paid", (shop.part("60.00"), 1)).number
    assert number in page(as_user(shop.who.fins), "/finance/", after=after)


@pytest.mark.clause("4.5")
def test_the_queue_shows_the_oldest_first_and_what_waits_for_a_waiver(shop, as_user):
    first = shop.release("warranty", (shop.part("80.00"), 1))
    second = shop.charged("unpaid", (shop.part("60.00"), 1))
    text = page(as_user(shop.who.fins), "/finance/")
    assert text.index(first.number) < text.index(second.number)
    assert "1 waiver" in text and str(second.consent_by) in text and "¥60.00" in text
    assert page(as_user(shop.who.eng), "/finance/", 403)


# --- the signature
def step(release: Release, name: str = "sign") -> str:
    return f"{release.get_absolute_url()}steps/{name}/"


def fields(text: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(shown|seen)" value="([^"]*)"', text))


@pytest.mark.clause("4.5b")
def test_the_signer_reads_every_line_and_proves_who_he_is(shop, as_user):
    release, receipt = shop.charged("paid", (shop.part("60.00", name="刹车片"), 2)), shop.receipt("150.00")
    client = as_user(shop.who.fins)
    text = page(client, step(release))
    assert "刹车片" in text and "¥120.00" in text and receipt.number in text and release.number in text
    entries = fields(text) | {"receipt": receipt.number, "opinion": "款已到"}
    for secret in ("", "wrong"):
        assert client.post(step(release), entries | {"secret": secret}).status_code == 422
    assert Release.objects.get(pk=release.pk).stage == R.SUBMITTED
    answer = client.post(step(release), entries | {"secret": build.PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    signed = Release.objects.get(pk=release.pk)
    assert (signed.stage, signed.receipt, signed.signed_by) == (R.SIGNED, receipt.number, shop.who.fins)


@pytest.mark.clause("4.5")
def test_what_changed_since_the_page_was_opened_is_not_signed_and_is_shown_anew(shop, as_user):
    from parts.services import releases

    release = shop.release("warranty", (shop.part("30.00"), 1))
    client = as_user(shop.who.fins)
    before = fields(page(client, step(release)))
    release = releases.take_back(release, by=shop.who.eng, at=shop.now())
    release = releases.change_line(
        release, line=release.lines.get(), by=shop.who.eng, at=shop.now(), quantity=3
    )
    releases.submit(release, by=shop.who.eng, at=shop.now())
    entries = {"shown": before["shown"], "secret": build.PASSWORD}
    answer = client.post(step(release), entries)
    text = answer.content.decode()
    assert answer.status_code == 409 and "¥90.00" in text
    assert Release.objects.get(pk=release.pk).stage == R.SUBMITTED
    assert client.post(step(release), fields(text) | {"secret": build.PASSWORD}).status_code == 302
    assert Release.objects.get(pk=release.pk).stage == R.SIGNED


@pytest.mark.clause("4.5a")
def test_each_waiver_is_answered_by_hand(shop, as_user):
    release = shop.release("warranty", (shop.part("80.00"), 1))
    client = as_user(shop.who.fins)
    entries = fields(page(client, step(release))) | {"secret": build.PASSWORD}
    assert client.post(step(release), entries).status_code == 422
    assert client.post(step(release), entries | {"waiver_1": "refuse"}).status_code == 302
    assert release.lines.get().charge == "awaiting"


@pytest.mark.clause("4.5c")
def test_the_form_of_an_unpaid_release_already_reads_so(shop, as_user):
    release = shop.charged("unpaid", (shop.part("60.00"), 1))
    assert f'value="{signing.UNPAID}"' in page(as_user(shop.who.fins), step(release))


# --- receipts
@pytest.mark.clause("8.6")
def test_money_is_recorded_for_a_ticket_that_was_found_and_nothing_of_it_is_typed_again(shop, as_user):
    client = as_user(shop.who.fin)
    found = page(client, "/finance/receipts/new/", q=shop.ticket.number)
    assert f"?for={shop.ticket.number}" in found
    path, entries = (
        f"/finance/receipts/new/?for={shop.ticket.number}",
        {"method": "bank", "reference": "8812"},
    )
    typed = entries | {"amount": "100.50", "arrived_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M")}
    answer = client.post(path, typed)
    row = Receipt.objects.get()
    assert (answer.status_code, row.ticket, row.customer, str(row.amount)) == (
        302,
        shop.ticket,
        shop.customer,
        "100.50",
    )
    assert "8812" in page(client, row.get_absolute_url())


@pytest.mark.clause("8.6")
@pytest.mark.parametrize(
    ("entry", "value"), [("amount", "0.00"), ("amount", "-1"), ("amount", "1.005"), ("amount", "=1+1"), ("arrived_at", "2031-01-01T10:00"),
                         ("arrived_at", "0001-01-01T00:00"), ("method", "shells")],
)  # fmt: skip
def test_a_bad_entry_is_refused_at_its_field_and_nothing_is_recorded(shop, as_user, entry, value):
    good = {"amount": "1.00", "arrived_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"), "method": "cash"}
    answer = as_user(shop.who.fin).post(
        f"/finance/receipts/new/?for={shop.ticket.number}", good | {entry: value}
    )
    assert answer.status_code == 422 and Receipt.objects.count() == 0
    assert re.search(rf'class="field wrong[^>]*data-field="{entry}"', answer.content.decode())


@pytest.mark.parametrize("number", ["BX20990101-0001", "KH1", "DD1", "x"])
def test_money_for_nobody_is_a_404(shop, as_user, number):
    page(as_user(shop.who.fin), "/finance/receipts/new/", 404, **{"for": number})


def test_sd12_a_receipt_is_reversed_on_its_page_by_two(shop, as_user):
    row, one, two = shop.receipt("9.00"), build.person("FINS"), build.person("FINS")
    path = f"{row.get_absolute_url()}reverse/"
    as_user(one).post(path, {"reason": ""})
    assert Transfer.objects.count() == 1
    as_user(one).post(path, {"reason": "打错"})
    assert "打错" in page(as_user(two), row.get_absolute_url())
    as_user(one).post(path)
    assert Transfer.objects.count() == 1
    as_user(two).post(path)
    row.refresh_from_db()
    assert row.reversed_at is not None and Transfer.objects.count() == 2
    assert as_user(shop.who.fin).post(path).status_code == 403


# --- what is owed, and the books
@pytest.mark.clause("8.8")
def test_c10_an_engineer_sees_the_receivables_that_he_answers_for(shop, as_user):
    shop.issue(shop.sign(shop.charged("unpaid", (shop.part("60.00"), 1)), opinion=signing.UNPAID), 1)
    number = Release.objects.get().number
    assert number in page(as_user(shop.who.eng), "/finance/receivables/")
    assert number not in page(as_user(build.person("ENG")), "/finance/receivables/")
    assert number in page(as_user(shop.who.aud), "/finance/receivables/")
    page(as_user(shop.who.cs), "/finance/receivables/", 403)


def test_an_account_shows_its_balance_and_where_each_row_comes_from(shop, as_user):
    row, client = shop.receipt("9.00"), as_user(shop.who.aud)
    bank = Transfer.objects.get().target
    text = page(client, f"/finance/ledger/{bank.pk}/")
    assert "¥9.00" in text and f'href="{row.get_absolute_url()}"' in text
    assert row.number in page(client, "/finance/ledger/", paper=row.number.lower(), kind="bank")
    assert row.number not in page(client, "/finance/ledger/", kind="awaited")
    page(client, "/finance/ledger/0/", 404)


def test_no_name_and_no_phone_of_a_person_stands_in_the_books(shop, as_user):
    shop.receipt("9.00")
    text = page(as_user(shop.who.aud), "/finance/ledger/")
    assert "王小明" not in text and "13812345678" not in text
