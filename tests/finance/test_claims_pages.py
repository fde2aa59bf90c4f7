"""Travel claims on their pages and over the API (8.2–8.5): written on a phone, checked, decided, paid, printed, photographed."""

import datetime as dt
import os
import re
import time
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aftersales import files
from aftersales.files import naming
from finance.models import Claim, ClaimLine, SiteMoney, Transfer
from finance.services import claims
from notices.models import Notification
from repairs.services import forgetting
from tests import build
from tests.api.conftest import Program
from tests.finance.test_deduction_pages import fields, page, step
from tests.finance.travelling import (
    DAY,
    MARCH_2,
    MARCH_5,
    freight,
    lost,
    meals,
    night,
    receipt,
    ride,
    road,
)

__all__ = ["road"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_factor"), pytest.mark.clause("8.2")]
LIST, NEW = "/finance/claims/", "/finance/claims/new/"


def typed(**more):
    return {
        "meals": "on",
        "amount_2026-03-02": "180",
        "photo_2026-03-02": receipt(),
        "day_1": "2026-03-02",
    } | more


# --- written
@pytest.mark.clause("8.3")
def test_meals_and_nights_are_computed_before_anything_is_typed(road, as_user):
    trip = road.trip(km=10)
    text = page(as_user(trip.requester), NEW, trip=trip.number)
    assert "8 person-days, ¥240.00" in text and text.count("Up to ¥150.00") == 3
    assert 'name="photo_2026-03-04"' in text and 'name="photo_2026-03-05"' not in text
    assert 'accept="image/*"' in text and "capture=" in text


def test_one_page_writes_and_submits_the_whole_claim(road, as_user):
    trip = road.trip()
    client = as_user(trip.requester)
    more = {"kind_1": "no_receipt", "amount_1": "12.50", "note_1": "摩的", "submit": "1"}
    answer = client.post(f"{NEW}?trip={trip.number}", typed(**more))
    paper = Claim.objects.get()
    assert (answer.status_code, answer["Location"], paper.stage) == (
        302,
        paper.get_absolute_url(),
        "submitted",
    )
    assert [(line.kind, str(line.amount)) for line in paper.lines.all()] == [
        ("meals", "120.00"), ("lodging", "180.00"), ("no_receipt", "12.50"),
    ]  # fmt: skip
    text = page(client, paper.get_absolute_url())
    assert "¥312.50" in text and "¥270.00" in text and "receipt-thumb" in text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount_2026-03-02": "0"}, "amount_2026-03-02"), ({"amount_2026-03-02": "1.005"}, "amount_2026-03-02"),
        ({"photo_2026-03-02": ""}, "photo_2026-03-02"), ({"amount_1": "5"}, "kind_1"),
        ({"kind_1": "transport", "amount_1": "5", "day_1": "2026-03-06", "photo_1": "x"}, "day_1"),
        ({"kind_1": "no_receipt", "amount_1": "5"}, "note_1"), ({"kind_1": "freight", "amount_1": "5", "photo_1": "x"}, "way_1"),
        ({"kind_1": "transport", "amount_1": "99999999999", "photo_1": "x"}, "amount_1"),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_at_its_field_and_nothing_is_written(road, as_user, wrong, field):
    trip = road.trip()
    entries = typed(**{name: receipt() if value == "x" else value for name, value in wrong.items()})
    answer = as_user(trip.requester).post(f"{NEW}?trip={trip.number}", entries)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert not Claim.objects.exists()


def seal_of(text, name):
    """What the form remembers of a photo; a signature is the same in HTML."""
    return re.search(rf'name="{name}-kept" value="([^"]+)"', text)[1]


def test_photos_of_a_refused_claim_need_not_be_taken_again(road, as_user):
    trip = road.trip()
    client, url = as_user(trip.requester), f"{NEW}?trip={trip.number}"
    refused = client.post(url, typed(amount_1="5"))
    text, name = refused.content.decode(), "photo_2026-03-02"
    assert refused.status_code == 422 and "receipt.png is already here" in text and not Claim.objects.exists()
    kept = {"meals": "on", "amount_2026-03-02": "180", f"{name}-kept": seal_of(text, name)}
    assert client.post(url, kept | {f"{name}-kept": "forged"}).status_code == 422
    assert client.post(url, kept).status_code == 302
    line = Claim.objects.get().lines.get(kind="lodging")
    assert line.sha256 and files.place("originals", line.sha256).exists()


def test_the_photo_of_a_refused_line_need_not_be_taken_again(road, as_user):
    paper = road.write(road.trip())
    client, add = as_user(paper.claimant), step(paper, "add")
    entries = {"kind": "transport", "day": "2026-03-02", "note": "高铁"}
    refused = client.post(add, entries | {"photo": receipt()})
    assert refused.status_code == 422
    kept = entries | {"amount": "40", "photo-kept": seal_of(refused.content.decode(), "photo")}
    assert client.post(add, kept).status_code == 302
    assert paper.lines.get(kind="transport").sha256


def test_somebody_elses_trip_is_refused(road, as_user):
    trip = road.trip()
    stranger = build.person("ENG")
    assert as_user(stranger).get(NEW, {"trip": trip.number}).status_code == 404
    assert as_user(road.manager).get(NEW, {"trip": trip.number}).status_code == 403
    assert as_user(road.who.fin).get(NEW, {"trip": trip.number}).status_code == 403


def test_trips_that_are_back_are_offered_until_they_are_claimed_for(road, as_user):
    trip, away = road.trip(km=10), road.gone(dt.date(2026, 3, 20), dt.date(2026, 3, 21))
    for person in (trip.requester, road.driver):
        for path in (LIST, NEW):
            text = page(as_user(person), path)
            assert trip.number in text and away.number not in text
    page(as_user(trip.requester), f"{NEW}?trip={away.number}", 302)
    road.write(trip)
    assert trip.number not in page(as_user(road.driver), NEW)


def test_lines_are_added_and_removed_on_a_draft(road, as_user):
    paper = road.write(road.trip())
    client = as_user(paper.claimant)
    add = step(paper, "add")
    assert client.post(add, {"kind": "transport", "day": "2026-03-02", "amount": "40"}).status_code == 422
    good = {"kind": "transport", "day": "2026-03-02", "amount": "40", "note": "高铁", "photo": receipt()}
    assert client.post(add, good).status_code == 302
    assert client.post(step(paper, "remove"), {"line": paper.lines.first().pk}).status_code == 302
    assert [line.kind for line in paper.lines.all()] == ["transport"]
    assert client.post(step(paper, "submit"), {}).status_code == 302
    assert client.post(add, good | {"photo": receipt()}).status_code == 409


# --- checked, decided, paid
@pytest.mark.clause("8.5")
def test_finance_strikes_a_leader_decides_another_pays(road, as_user):
    paper = road.submitted(road.trip(), meals(), ride("40"), lost("20"), night(MARCH_2, "180"))
    ridden, none, slept = list(paper.lines.all())[1:]
    client = as_user(road.who.fin)
    text = page(client, step(paper, "check"))
    assert text.count('name="strike_') == 4 and "¥40.00" in text
    assert client.post(step(paper, "check"), {f"strike_{ridden.pk}": "车票日期不符"}).status_code == 302
    assert "车票日期不符" in page(as_user(paper.claimant), paper.get_absolute_url())
    leader = as_user(road.leader)
    assert page(leader, step(paper, "decide")).count('name="why_') == 2
    half = {f"yes_{slept.pk}": "true"}
    assert leader.post(step(paper, "decide"), half).status_code == 422
    assert leader.post(step(paper, "decide"), half | {f"yes_{none.pk}": "false"}).status_code == 422
    whole = half | {f"yes_{none.pk}": "false", f"why_{none.pk}": "没有说明"}
    assert leader.post(step(paper, "decide"), whole).status_code == 302
    assert client.post(step(paper, "pay"), {"secret": build.PASSWORD}).status_code == 403  # he checked it
    other = as_user(road.payer)
    text = page(other, step(paper, "pay"))
    assert other.post(step(paper, "pay"), fields(text) | {"operation": ""}).status_code == 422
    for _twice in range(2):
        assert other.post(step(paper, "pay"), fields(text) | {"secret": build.PASSWORD}).status_code == 302
    assert (str(Claim.objects.get().amount), Transfer.objects.count()) == ("300.00", 1)
    assert "叁佰元整" in page(other, paper.get_absolute_url())


def test_finance_sends_back_with_a_reason_and_its_owner_sees_it(road, as_user):
    paper = road.submitted(road.trip(), ride("40"))
    client = as_user(road.who.fin)
    assert client.post(step(paper, "send_back"), {}).status_code == 422
    assert client.post(step(paper, "send_back"), {"reason": "少一张票"}).status_code == 302
    assert "少一张票" in page(as_user(paper.claimant), paper.get_absolute_url())


@pytest.mark.clause("8.2")
def test_the_same_photo_is_shown_to_finance_with_the_number_and_to_its_owner_before(road, as_user):
    old = road.write(road.trip(), ride("40", photo=receipt(9)))
    paper = road.submitted(road.trip(MARCH_5 + 2 * DAY, MARCH_5 + 3 * DAY),
                           ride("40", MARCH_5 + 2 * DAY, photo=receipt(9)), ride("5", MARCH_5 + 2 * DAY, photo=receipt(9)))  # fmt: skip
    text = page(as_user(road.who.fin), paper.get_absolute_url())
    assert f"The same photo stands in {old.number}, line 1" in text and f"{paper.number}, line 2" in text
    assert "used more than once" in text
    draft = road.write(
        road.trip(MARCH_5 + 5 * DAY, MARCH_5 + 6 * DAY), ride("9", MARCH_5 + 5 * DAY, photo=receipt(9))
    )
    text = page(as_user(draft.claimant), draft.get_absolute_url())
    assert f"The same photo stands in {old.number}, line 1" in text and "used more than once" in text


def test_somebody_else_finds_nothing_of_it(road, as_user):
    paper = road.submitted(road.trip(), ride("40"))
    line = paper.lines.get()
    for person in (build.person("ENG"), road.manager):
        assert paper.number not in page(as_user(person), LIST)
        page(as_user(person), paper.get_absolute_url(), 404)
        page(as_user(person), reverse("finance:claim_photo", args=[paper.number, line.key]), 404)
    for person in (road.who.wh, road.who.cs):
        assert as_user(person).get(LIST).status_code == 403


# --- lists, home, print
@pytest.mark.parametrize("who", ["fin", "eng"])
def test_three_rows_ask_no_more_than_one(road, as_user, who):
    client, ticket = as_user(getattr(road.who, who)), road.ticket()
    counts = []
    for wanted in (1, 3):
        while Claim.objects.count() < wanted:
            day = MARCH_2 + 10 * Claim.objects.count() * DAY
            trip = road.trip(day, day + DAY, tickets=[ticket])
            road.submitted(trip, meals(), ride("40", day), lost("9", day))
        page(client, LIST)
        with CaptureQueriesContext(connection) as asked:
            assert page(client, LIST).count("data-item") == wanted
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_tabs_of_the_list_are_the_stages(road, as_user):
    paper = road.checked(road.trip(), ride("40"))
    client = as_user(road.who.aud)
    for tab, shown in (
        ("", True),
        ("checked", True),
        ("submitted", False),
        ("paid", False),
        ("no such", True),
    ):
        assert (paper.number in page(client, LIST, stage=tab)) is shown


def test_home_names_what_waits_for_whom(road, as_user):
    def waits(person):
        return {
            str(row["label"])
            for row in as_user(person).get("/desk/").context["waiting"]
            if "claims" in str(row["url"])
        }

    trip = road.trip()
    road.who.fin, road.payer  # noqa: B018  # made when first asked for
    paper = road.submitted(trip, ride("40"), lost("20"))
    assert waits(road.who.fin) == {"Travel claims to check"} and not waits(road.leader)
    paper = claims.check(paper, by=road.who.fin, at=paper.made_at)
    assert (waits(road.leader), waits(road.payer)) == ({"Travel claims to decide"}, set())
    granted = {line.pk: (True, "") for line in paper.lines.all() if line.needs_leader}
    claims.decide(paper, by=road.leader, at=paper.made_at, granted=granted)
    assert (waits(road.payer), waits(road.who.fin), waits(road.leader)) == (
        {"Travel claims to pay"},
        set(),
        set(),
    )


def test_home_tells_who_travels_what_his_trip_and_his_claim_ask_next(road, as_user):
    def asks(person):
        found = as_user(person).get("/desk/").context["todo"]
        return [
            (row.text.split(" ")[0], row.url.split("?")[-1])
            for row in found
            if "CX" in row.text or "FY" in row.text
        ]

    back, coming, away = road.trip(), road.approved(), road.gone(MARCH_5 + 5 * DAY, MARCH_5 + 6 * DAY, km=5)
    eng = back.requester
    assert asks(eng) == [
        (back.number, back.get_absolute_url()), (coming.number, "step=depart"), (away.number, "step=come_back"),
    ]  # fmt: skip
    assert asks(road.driver) == [(away.number, "step=come_back")] and asks(road.manager) == []
    draft = road.write(back)
    assert (draft.number, draft.get_absolute_url()) in asks(eng) and back.number not in dict(asks(eng))
    claims.submit(draft, by=eng, at=draft.made_at)
    assert draft.number not in dict(asks(eng))


def test_two_of_finance_take_a_paid_claim_back_on_its_page(road, as_user):
    paper = road.paid(road.trip(), ride("40"))
    first, second = build.person("FINS"), build.person("FINS")
    here = paper.get_absolute_url()
    client, other = as_user(first), as_user(second)
    assert "steps/propose_reversal/" in page(client, here) and "steps/take_back/" not in page(client, here)
    client.post(step(paper, "propose_reversal"), {"reason": "重复报销"})
    text = page(other, here)
    assert "重复报销" in text and "steps/take_back/" in text and "steps/propose_reversal/" not in text
    waits = [row for row in other.get("/desk/").context["waiting"] if row["label"] == "Reversals to second"]
    assert [row["url"] for row in waits] == [here]
    assert client.post(step(paper, "take_back")).status_code == 403
    for person in (paper.claimant, road.payer, road.who.mgr):
        assert "take_back" not in page(as_user(person), here)
        assert as_user(person).post(step(paper, "take_back")).status_code == 403
    other.post(step(paper, "take_back"))
    assert Claim.objects.get().stage == "reversed"
    assert f"{first}, {second}" in page(other, here) and paper.number in page(client, LIST, stage="over")


def test_what_is_his_own_does_not_wait_for_him(road, as_user):
    both = build.person("ENG", "FIN")
    trip = road.trip(people=[both], tickets=[road.ticket(engineer=both)])
    road.submitted(trip, ride("40"))
    assert not any("claims" in str(row["url"]) for row in as_user(both).get("/desk/").context["waiting"])


@pytest.mark.parametrize("language", ["", "?lang=en"])
def test_it_is_printed_on_a4(road, as_user, language):
    paper = road.paid(road.trip(), meals(), ride("40"))
    client = as_user(paper.claimant)
    text = client.get(f"{paper.get_absolute_url()}print/{language}").content.decode()
    assert paper.number in text and "壹佰陆拾元整" in text and paper.trip.number in text
    assert client.get(f"{paper.get_absolute_url()}pdf/{language}").content.startswith(b"%PDF")


@pytest.mark.clause("8.2")
def test_the_print_says_beside_a_line_that_it_was_struck_or_refused(road, as_user):
    paper = road.submitted(road.trip(), ride("40"), ride("50"), lost("15"))
    first, _second, third = paper.lines.all()
    paper = claims.check(paper, by=road.who.fin, at=paper.made_at + 2 * build.HOUR, struck={first.pk: "重复"})
    paper = claims.decide(
        paper, by=road.leader, at=paper.made_at + 3 * build.HOUR, granted={third.pk: (False, "无说明")}
    )
    text = page(as_user(paper.claimant), f"{paper.get_absolute_url()}print/?lang=en")
    assert "Struck: 重复" in text and "leader: no 无说明" in text


# --- what is wrong, and who is told
@pytest.mark.clause("8.2")
def test_everything_that_is_wrong_in_a_claim_is_said_in_one_round(road, as_user):
    trip = road.trip()
    sent = {"meals": "on", "amount_2026-03-02": "180", "kind_1": "freight", "day_1": "2026-02-01", "amount_1": "5",
            "kind_2": "no_receipt", "day_2": "2026-03-02", "amount_2": "5"}  # fmt: skip
    answer = as_user(trip.requester).post(f"{NEW}?trip={trip.number}", sent)
    wrong = {"photo_2026-03-02", "day_1", "way_1", "photo_1", "note_2"}
    assert answer.status_code == 422 and set(answer.context["form"].errors) == wrong
    assert not Claim.objects.exists()
    said = Program(trip.requester).post("claims", sent | {"trip": trip.number, "meals": True})
    assert said["status"] == 422 and set(said["errors"]) == wrong
    paper = road.write(trip)
    answer = as_user(paper.claimant).post(
        step(paper, "add"), {"kind": "freight", "day": "2026-03-02", "amount": "4"}
    )
    assert set(answer.context["form"].errors) == {"way", "photo"}


@pytest.mark.clause("8.3")
def test_the_others_are_told_who_claims_the_meals_of_all(road, as_user):
    mate = build.person("ENG")
    trip = road.trip(people=[road.who.eng, mate])
    text = page(as_user(mate), f"{NEW}?trip={trip.number}")
    assert "Several invoices: one line with their sum" in text
    paper = road.submitted(trip)
    told = Notification.objects.filter(event_key=f"{paper.number}:meals", channel="app")
    assert [row.recipient for row in told] == [mate]
    text = page(as_user(mate), f"{NEW}?trip={trip.number}")
    assert f"claimed already in {paper.number}, by {paper.claimant}" in text
    alone = road.submitted(road.trip(MARCH_5 + 2 * DAY, MARCH_5 + 3 * DAY))
    assert not Notification.objects.filter(event_key=f"{alone.number}:meals").exists()


# --- photos
def test_a_receipt_is_shown_without_its_metadata_and_the_original_to_finance(road, as_user):
    paper = road.submitted(road.trip(), ride("40"))
    url = reverse("finance:claim_photo", args=[paper.number, paper.lines.get().key])
    shown = as_user(paper.claimant).get(url, {"original": "1"})
    assert (shown["Content-Type"], shown["Cache-Control"]) == ("image/jpeg", "private, no-store")
    original = as_user(road.who.fin).get(url, {"original": "1"})
    assert original["Content-Disposition"].startswith("attachment")


def test_no_photo_that_an_app_names_is_tidied_away(road, monday):
    kept = road.submitted(road.trip(), ride("40")).lines.get().sha256
    lost_one = files.take(receipt(255)).sha256
    long_ago = time.time() - 2 * 86400
    for sha256 in (kept, lost_one):
        os.utime(files.place("originals", sha256), (long_ago, long_ago))
    assert forgetting.tidy_files(monday) == 1
    assert files.place("originals", kept).exists() and not files.place("originals", lost_one).exists()


def test_every_table_that_names_a_file_has_registered():
    from django.apps import apps

    ours = {
        "aftersales": "aftersales.files.pieces.arrived",
        "repairs": "repairs.services.forgetting.attached",
        "help": "repairs.services.illustrating.illustrated",
        "finance": "finance.services.receipt_files.photographed",
        "parts": "parts.services.shipping.photographed",
        "technical": "technical.services.measures.pictured",
        "sales": "sales.forgetting.photographed",
    }
    tables = [
        m
        for m in apps.get_models()
        if any(f.name == "sha256" for f in m._meta.fields) and not hasattr(m, "history_id")
    ]
    kept = {"help" if m.__name__ == "HelpPicture" else m._meta.app_label for m in tables}
    assert kept == set(ours)
    assert set(naming.namers()) == set(ours.values())


def test_a_picture_that_is_also_a_receipt_outlives_the_erased_ticket(
    road, django_capture_on_commit_callbacks
):
    from repairs.models import Attachment

    trip = road.trip()
    line = road.write(trip, ride("40")).lines.get()
    row = Attachment.objects.create(
        ticket=trip.tickets.get(), key="a" * 32, kind="image", sha256=line.sha256, size=1, at=trip.made_at
    )
    with django_capture_on_commit_callbacks(execute=True):
        forgetting.forget_pictures(Attachment.objects.filter(pk=row.pk), trip.made_at)
    assert files.place("originals", line.sha256).exists()


def test_the_photo_of_a_removed_line_goes(road, django_capture_on_commit_callbacks):
    paper = road.write(road.trip(), meals(), ride("40"))
    line = paper.lines.get(kind="transport")
    with django_capture_on_commit_callbacks(execute=True):
        claims.remove_line(paper, by=paper.claimant, at=paper.made_at, line=line)
    assert not files.place("originals", line.sha256).exists()


@pytest.mark.clause("8.8")
def test_money_taken_on_site_may_have_a_photo_that_finance_sees(shop, as_user, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = as_user(shop.who.eng)
    url = f"/finance/site-money/new/?for={shop.ticket.number}"
    assert 'enctype="multipart/form-data"' in page(
        client, "/finance/site-money/new/", **{"for": shop.ticket.number}
    )
    entries = {"amount": "60", "method": "cash", "taken_at": "2026-03-02T10:00"}
    assert client.post(url, entries | {"photo": receipt()}).status_code == 302
    row = SiteMoney.objects.get()
    address = reverse("finance:site_money_photo", args=[row.pk, row.key])
    finance = as_user(shop.who.fin)
    assert address in page(finance, "/finance/site-money/")
    assert finance.get(address)["Content-Type"] == "image/jpeg"
    page(as_user(build.person("ENG")), address, 404)
    assert client.post(url, entries).status_code == 302
    assert SiteMoney.objects.filter(key="").count() == 1


# --- API
def test_a_program_writes_adds_submits_and_reads(road):
    trip = road.trip()
    program = Program(trip.requester)
    made = program.send(
        "claims",
        {"trip": trip.number, "meals": "true", "amount_2026-03-02": "100", "photo_2026-03-02": receipt()},
        key="k1",
    )
    assert (program.answer.status_code, made["stage"]) == (201, "draft")
    again = program.send(
        "claims",
        {"trip": trip.number, "meals": "true", "amount_2026-03-02": "100", "photo_2026-03-02": receipt()},
    )
    assert (program.answer.status_code, again["field"]) == (422, "meals")
    path = f"claims/{made['number']}"
    program.send(
        f"{path}/steps/add", {"kind": "transport", "day": "2026-03-03", "amount": "40", "photo": receipt()}
    )
    assert program.answer.status_code == 200
    assert program.post(f"{path}/steps/submit")["stage"] == "submitted"
    whole = program.get(path)
    assert (whole["trip"], whole["asked"], whole["payable"], len(whole["lines"])) == (
        trip.number,
        "260.00",
        "260.00",
        3,
    )
    assert [row["number"] for row in program.get("claims", stage="submitted")["results"]] == [made["number"]]
    finance = Program(road.who.fin)
    line = ClaimLine.objects.get(kind="transport")
    assert finance.post(f"{path}/steps/check", {f"strike_{line.pk}": "重复"})["stage"] == "checked"
    payer = Program(road.payer)
    assert payer.post(f"{path}/steps/pay", {"secret": build.PASSWORD})["stage"] == "paid"
    assert Program(build.person("ENG")).get(path)["status"] == 404


def test_a_program_hears_what_is_wrong(road):
    trip, away = road.trip(), road.gone(dt.date(2026, 3, 20), dt.date(2026, 3, 21))
    program = Program(trip.requester)
    for body, status, field in (
        ({"trip": trip.number}, 422, None), ({"trip": away.number, "meals": True}, 409, "trip"), ({"trip": "CX"}, 404, None),
        ({"trip": trip.number, "kind_1": "no_receipt", "day_1": "2026-03-02", "amount_1": "-1", "note_1": "x"}, 422, "amount_1"),
        ({"trip": trip.number, "nonsense": 1}, 422, "nonsense"),
    ):  # fmt: skip
        said = program.post("claims", body)
        assert said["status"] == status and (field is None or said["field"] == field), said
    assert not Claim.objects.exists()


@pytest.mark.clause("6.3")
def test_freight_that_a_parcel_bears_already_is_shown_to_finance(road, as_user):
    from parts.models import Shipment

    trip = road.trip()
    facts = {
        "ticket": trip.tickets.get(),
        "cost": Decimal("25.00"),
        "made_at": trip.made_at,
        "changed_at": trip.made_at,
    }
    Shipment.objects.create(number="WL1", **facts)
    paper = road.submitted(trip, freight("25"), freight("26"))
    text = page(as_user(road.who.fin), paper.get_absolute_url())
    assert text.count("Parcel WL1 costs as much already") == 1
    Shipment.objects.create(
        number="WL2", waybill="SF10020030", **(facts | {"ticket": None, "cost": Decimal("31.00")})
    )
    named = road.submitted(trip, freight("30", note="顺丰 sf10020030"), freight("30", note="顺丰 SF777"))
    assert (
        page(as_user(road.who.fin), named.get_absolute_url()).count("Parcel WL2 costs as much already") == 1
    )
    assert "WL1" not in page(as_user(paper.claimant), paper.get_absolute_url())
