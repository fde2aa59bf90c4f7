"""The demonstration company is played by the real services, whatever the hour: no act of it breaks a rule."""

import datetime as dt

import pytest

from aftersales.demo import company
from aftersales.demo.supply import CARRIERS
from aftersales.limits import local_day
from finance.models import Assessment, Receivable
from parts.models import ConsumptionReport, Release, Return, Shipment
from parts.services import drift
from repairs.flow import Stage
from repairs.models import Ticket
from technical.models import CampaignVehicle, Notice, Report

from . import money

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]


@pytest.mark.parametrize(("now", "seed"), [
    (dt.datetime(2026, 11, 26, 3, 35, tzinfo=dt.UTC), 2015),
    (dt.datetime(2026, 5, 3, 18, 10, tzinfo=dt.UTC), 7),
])  # fmt: skip
@pytest.mark.usefixtures("one_factor")
def test_no_story_breaks_a_rule_and_every_desk_is_busy(now, seed, as_user, monkeypatch):
    refused: list[str] = []
    with monkeypatch.context() as patch:  # rights are those of the day on which the company is founded
        patch.setattr("django.utils.timezone.localdate", lambda *args: local_day(now))
        company.found(now, seed=seed, tickets=100, refused=refused)
    assert refused == []
    assert set(Ticket.objects.values_list("stage", flat=True)) >= set(Stage.values) - {"cancelled"}
    assert set(Release.objects.values_list("stage", flat=True)) >= {"issued", "settled"}
    assert Receivable.objects.exists()
    assert drift() == []
    late = ConsumptionReport.objects.filter(confirmed_at=None, sent_at__lt=now - dt.timedelta(days=5))
    assert not late.exists()  # the last act of every story counts
    assert not Return.objects.filter(stage="open", made_at__lt=now - dt.timedelta(days=5)).exists()
    back = Shipment.objects.filter(way="back")
    assert not back.filter(stage="sent", made_at__lt=now - dt.timedelta(days=6)).exists()
    assert all(row.waybill.startswith(CARRIERS[row.carrier]) for row in Shipment.objects.exclude(carrier=""))
    assert (
        Assessment.objects.filter(stage="issued").exists()
        and Report.objects.filter(stage="assessed").exists()
    )
    sits = Report.objects.filter(stage="appealed", review__isnull=False, review__decided_at=None)
    judged = Report.objects.filter(judged_at__range=(now - dt.timedelta(days=10), now - dt.timedelta(days=3)))
    assert sits.exists() or not judged.exists()
    early = Notice.objects.filter(made_at__lt=now - dt.timedelta(days=3)).exclude(report__model="")
    assert CampaignVehicle.objects.exists() or not early.exists()
    money.judge(now)
    money.pages_open(as_user)
