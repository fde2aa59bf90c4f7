"""What machines ask: does the process live (/healthz), is the portal ready (/readyz), how is it doing (/metrics)."""

import datetime as dt
import ipaddress
import os
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from accounts.access import public
from accounts.adapter import address_of
from aftersales import clock, heartbeats
from deadlines.models import Deadline
from notices.models import Notification, Status
from repairs.models import Ticket

SILENT = 120  # seconds without a sign of life
LATE = 300  # seconds that a due clock may wait for the sweep


@public("machine.health")
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


def unswept() -> float:
    """For how many seconds the oldest due clock has waited to be announced."""
    now = clock.now()
    waiting = Deadline.objects.filter(next_fire_at__lte=now, dead_at=None)
    oldest = waiting.order_by("next_fire_at").values_list("next_fire_at", flat=True).first()
    return (now - oldest).total_seconds() if oldest else 0.0


def _database() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"ok": True, "engine": connection.vendor}


def _broker() -> dict[str, Any]:
    cache.get("heartbeat:any")
    return {"ok": True}


def _sign_of(name: str) -> Callable[[], dict[str, Any]]:
    def look() -> dict[str, Any]:
        age = heartbeats.age(name)
        return {"ok": age is not None and age < SILENT, "seconds": None if age is None else round(age)}

    return look


def _sweep() -> dict[str, Any]:
    waited = unswept()
    return {"ok": waited < LATE, "oldest_unswept_seconds": round(waited)}


def _mail() -> dict[str, Any]:
    return {"ok": True, "configured": settings.EMAIL_CONFIGURED}


LOOKS: dict[str, Callable[[], dict[str, Any]]] = {
    "database": _database,
    "broker": _broker,
    "worker": _sign_of("worker"),
    "beat": _sign_of("beat"),
    "sweep": _sweep,
    "mail": _mail,
}


def _looked(look: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return look()
    except Exception as error:  # whatever it is, it is what the asker wants to know
        return {"ok": False, "error": type(error).__name__}


@public("machine.health")
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when everything that the portal stands on answers, else 503; forms still accept while only the broker is gone."""
    found = {name: _looked(look) for name, look in LOOKS.items()}
    ready = all(answer["ok"] for answer in found.values())
    return JsonResponse({"ready": ready, **found}, status=200 if ready else 503)


class Figures(Collector):
    """Counts only, asked of the database when Prometheus comes; never a name."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            yield from self.gauges(clock.now())
        except DatabaseError:
            return

    def gauges(self, now: dt.datetime) -> Iterator[GaugeMetricFamily]:
        yield GaugeMetricFamily(
            "portal_unswept_seconds", "Age of the oldest due clock not yet announced", unswept()
        )
        stages = GaugeMetricFamily("portal_tickets", "Tickets by stage", labels=["stage"])
        for stage, count in Ticket.objects.order_by().values_list("stage").annotate(Count("pk")):
            stages.add_metric([stage], count)
        yield stages
        open_clocks = Deadline.objects.open()
        yield GaugeMetricFamily("portal_open_clocks", "Clocks that run", open_clocks.count())
        yield GaugeMetricFamily(
            "portal_missed_clocks",
            "Running clocks past their time",
            open_clocks.filter(due_at__lt=now).count(),
        )
        notices = GaugeMetricFamily("portal_notices", "Notices not delivered", labels=["status"])
        for status in (Status.PENDING, Status.HELD, Status.DEAD):
            notices.add_metric([status], Notification.objects.filter(status=status).count())
        yield notices


def exposition() -> bytes:
    """This process's counters (under gunicorn: of all its workers), then the figures of the database."""
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    figures = CollectorRegistry(auto_describe=False)
    figures.register(Figures())
    return generate_latest(registry) + generate_latest(figures)


def from_inside(request: HttpRequest) -> bool:
    """Whether the asker sits on this machine or in the company's own network."""
    try:
        return ipaddress.ip_address(address_of(request)).is_private
    except ValueError:
        return False


@public("machine.metrics")
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The text that Prometheus reads; the outside does not find it."""
    if not from_inside(request):
        raise Http404
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)
