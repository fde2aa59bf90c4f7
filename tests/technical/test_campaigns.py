"""Service campaign (7.2): a ticket for every vehicle of a batch; who cannot be called in is listed, nobody silently dropped."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.access import Denied
from aftersales.problems import BadEntry, OutOfTurn
from deadlines.models import Deadline
from notices.models import Notification
from repairs import services
from repairs.models import Ticket
from sales import services as sales
from sales.models import Vehicle
from technical.forms.campaigns import CampaignForm
from technical.models import Campaign, CampaignVehicle
from technical.services import campaigns, notices
from tests import build
from tests.technical import quality

pytestmark = [pytest.mark.django_db, pytest.mark.clause("7.2")]
SAID = {"title": "刹车片更换", "symptom": "更换刹车片"}


@pytest.fixture(autouse=True)
def _sentences_in_english(english):
    """What the services refuse is compared in English here."""


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def notice(who, now):
    quality.standard()
    ticket = build.ticket("completed", at=now - dt.timedelta(hours=30), company=who)
    report = quality.analysed(
        ticket, now - dt.timedelta(hours=20), who.tech, batch="B-7", supplier="泰州配件厂"
    )
    facts = {"department": "purchasing", "problem": "p", "measures": "m", "due_on": dt.date(2099, 1, 1)}
    return notices.issue(report, **facts, person=who.pur, by=who.tech, at=now - dt.timedelta(hours=19))


def owned(now, name="王五", phone="+8613511110000", **facts):
    person = sales.write_down(name=name, phone=phone, street="迎春路1号")
    return build.vehicle(customer=sales.open_customer(person, region="江苏泰州", at=now), at=now, **facts)


def started(notice, who, now, vehicles, **facts):
    return campaigns.start(notice, **SAID | facts, vehicles=vehicles, by=who.tech, at=now)


def test_each_vehicle_gets_a_ticket_with_its_customers_contact_and_the_hand_over_runs(notice, who, now):
    first, second, told = owned(now), owned(now, name="赵六", phone="+8613511110001"), who.cs
    started(notice, who, now, [first, second])
    rows = CampaignVehicle.objects.select_related("ticket__contact")
    assert [(x.vehicle, x.ticket.contact.name, x.ticket.customer) for x in rows] == [
        (first, "王五", first.customer), (second, "赵六", second.customer),
    ]  # fmt: skip
    ticket = rows[0].ticket
    assert (ticket.stage, ticket.channel, ticket.words.symptom) == ("reported", "phone", SAID["symptom"])
    [clock] = Deadline.objects.of(ticket).filter(rule="handover")
    assert clock.due_at == now + dt.timedelta(hours=12)
    assert Notification.objects.filter(
        recipient=told, event_key__startswith=f"campaign:{notice.number}:"
    ).exists()


def test_customer_service_goes_on_with_it_as_with_any_report(notice, who, now):
    started(notice, who, now, [owned(now)])
    ticket = CampaignVehicle.objects.get().ticket
    services.accept(ticket, by=who.cs, at=now)
    services.hand_over(ticket, by=who.cs, at=now, engineer=who.eng)
    assert Ticket.objects.get(pk=ticket.pk).stage == "assigned"


def test_who_cannot_be_called_in_is_listed_with_the_reason(notice, who, now):
    gone, nobody, good = owned(now, phone="+8613511110002"), build.vehicle(at=now), owned(now)
    sales.erase(gone.customer, by=who.mgr, seconded_by=build.person("MGR"), at=now, reason="要求")
    gone = Vehicle.objects.get(pk=gone.pk)
    asked = {"vehicles": [gone, nobody, good], "unknown": ["LFY404"]}
    drawn = campaigns.preview(notice, **asked)
    expected = [("LFY404", "unknown"), (gone.vin, "erased"), (nobody.vin, "nobody")]
    assert [(row["vin"], row["why"]) for row in drawn.left_out] == expected
    assert drawn.called == [good] and not Campaign.objects.exists()
    made = campaigns.start(notice, **SAID, **asked, by=who.tech, at=now)
    assert [(row["vin"], row["why"]) for row in made.left_out] == expected


def test_started_again_the_campaign_grows_and_nobody_is_called_in_twice(notice, who, now):
    first, later, nobody = owned(now), owned(now, phone="+8613511110003"), build.vehicle(at=now)
    started(notice, who, now, [first, nobody])
    with pytest.raises(BadEntry, match="None of these"):
        started(notice, who, now, [first])
    sales.change_vehicle(nobody, by=who.cs, at=now, customer=later.customer)
    made = started(notice, who, now, [first, later, nobody])
    assert (made.vehicles.count(), made.left_out, Campaign.objects.count()) == (3, [], 1)


def test_what_stands_in_the_way_is_said(notice, who, now, monkeypatch):
    vehicles = [owned(now), owned(now, phone="+8613511110004")]
    for person in (who.cs, who.eng, who.mgr):
        with pytest.raises(Denied):
            campaigns.start(notice, **SAID, vehicles=vehicles, by=person, at=now)
    monkeypatch.setattr(campaigns, "MOST", 1)
    with pytest.raises(BadEntry, match="At most 1"):
        started(notice, who, now, vehicles)
    notices.withdraw(notice, reason="重复", by=who.tech, at=now)
    with pytest.raises(OutOfTurn, match="withdrawn"):
        started(notice, who, now, vehicles[:1])
    assert not Campaign.objects.exists()


def test_an_erased_owner_is_refused_by_the_intake_itself(who, now):
    with pytest.raises(BadEntry, match="Nobody is known"):
        services.call_in(build.vehicle(at=now), symptom="x", by=who.tech, at=now, data={})


@pytest.mark.parametrize(
    ("facts", "count"),
    [({"model": "FY-6"}, 2), ({"model": "FY-6", "month": "2025-11"}, 1), ({"batch": "m-77"}, 1), ({"vins": "LFYA\nlfyb nothing"}, 2),
     ({"month": "2025-11"}, 2), ({"model": "FY-8", "vins": "LFYA"}, 2)],
)  # fmt: skip
def test_vehicles_are_chosen_by_model_month_batch_or_list(now, facts, count):
    build.vehicle("LFYA", at=now, built_on=dt.date(2025, 11, 3))
    build.vehicle("LFYB", at=now, built_on=dt.date(2025, 10, 3), motor_no="M-7788")
    build.vehicle("LFYC", at=now, model="FY-8", built_on=dt.date(2025, 11, 3))
    form = CampaignForm(SAID | facts)
    assert form.is_valid(), form.errors
    assert len(form.cleaned_data["vehicles"]) == count
    assert form.cleaned_data["unknown"] == (
        ["NOTHING"] if "vins" in facts and "nothing" in facts["vins"] else []
    )


def test_a_batch_of_a_quality_report_finds_its_vehicle(notice, now):
    vehicle = build.vehicle(at=now)
    report = notice.report
    report.vin = vehicle.vin
    report.save()
    form = CampaignForm(SAID | {"batch": "b-7"})
    assert form.is_valid() and form.cleaned_data["vehicles"] == [vehicle]


@pytest.mark.parametrize(
    "facts", [{}, {"month": "11/2025"}, {"vins": "\n".join(f"V{n}" for n in range(501))}]
)
def test_a_choice_that_says_nothing_is_refused(db, facts):
    assert not CampaignForm(SAID | facts).is_valid()


# --- pages
def test_it_is_looked_at_before_it_starts_and_its_progress_stands_on_the_notice(notice, who, now, as_user):
    vehicle, nobody = owned(now), build.vehicle(at=now)
    client, url = as_user(who.tech), f"{notice.get_absolute_url()}campaign/"
    assert url in client.get(notice.get_absolute_url()).content.decode()
    sent = SAID | {"vins": f"{vehicle.vin}\n{nobody.vin}"}
    text = client.post(url, sent).content.decode()
    assert "1 vehicles get a ticket, 1 do not" in text and "no customer is known" in text
    assert not Campaign.objects.exists()
    assert client.post(url, SAID).status_code == 422
    answer = client.post(f"{url}start/", sent)
    assert (answer.status_code, answer.url) == (302, notice.get_absolute_url())
    text = client.get(notice.get_absolute_url()).content.decode()
    assert "0 / 1" in text and CampaignVehicle.objects.get().ticket.number in text and nobody.vin in text
    assert client.post(f"{url}start/", sent).status_code == 422
    assert as_user(who.pur).get(url).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_notice_asks_the_same_for_one_vehicle_and_three(
    notice, who, now, as_user, count, django_assert_max_num_queries
):
    started(notice, who, now, [owned(now, phone=f"+861351111000{n}") for n in range(count)])
    client = as_user(who.tech)
    client.get(notice.get_absolute_url())
    with django_assert_max_num_queries(16):
        assert client.get(notice.get_absolute_url()).status_code == 200


def test_over_the_api(notice, who, now, program):
    vehicle, api = owned(now), program(who.tech)
    path, body = f"rectifications/{notice.number}/campaign", SAID | {"vins": f"{vehicle.vin} X1"}
    said = api.post(f"{path}?dry_run=true", body)
    assert (api.status, said["called"], said["started"]) == (200, [vehicle.vin], False)
    assert not Campaign.objects.exists()
    assert api.post(path, body)["left_out"] == [{"vin": "X1", "why": "unknown"}] and api.status == 201
