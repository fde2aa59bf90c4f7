"""我的时限: what I owe, by when, and the step that discharges it; on the second tab what others owe me."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import action
from aftersales.charter import RULES
from aftersales.display import states
from aftersales.limits import DAY, local_day
from aftersales.waits import SOME, Said
from deadlines import selectors
from deadlines.models import CollectionRound, Deadline, Pause
from dispatch.models import Car
from finance.desk import duties as money
from finance.models import Receivable, Reconciliation, Statement
from parts.models import (
    ConsumptionReport,
    Release,
    ReleaseLine,
    Shipment,
    UnreturnedList,
)
from repairs.models import Ticket
from repairs.rail import discharging
from sales.lead_sheets import lead_story
from sales.models import Lead
from technical.desk import duties as quality

from .leads import LEADS
from .piles import PILES
from .releases import DESK
from .todo import ARMS as TO_DO
from .todo import todo

#: what has no clock is read in one statement, whatever the person's rights
ARMS = [*((pile.asked, pile.reads) for pile in PILES), *TO_DO]
SHOWN = 100
LATE = 50  # of them missed already, the latest ones: what is a year late must not hide what is due today
#: what a duty shows, and what the policy asks to know whose the ticket is
OF_CLOCK = (
    "rule", "subject_type", "subject_id", "department", "due_at", "day_clock", "provisional", "assignee__name",
)  # fmt: skip
OF_TICKET = (
    "number", "stage", "model", "vin", "region", "engineer", "relayed_by", "vehicle", "customer", "words__symptom",
)  # fmt: skip


@dataclass(slots=True)
class Duty:
    """One clock as the list prints it (`lines.duty`)."""

    key: str
    rule: str
    label: Any
    clause: str
    title: str
    story: str
    url: str
    due_at: dt.datetime
    state: str
    step_url: str
    step_label: Any
    whose: str
    provisional: bool
    quiet: bool


@action("own.home")
@require_GET
def home(request: Any) -> HttpResponse:
    """The page; to the page's own poll its list alone, and nothing at all while nothing has changed."""
    tab, at = "owed" if request.GET.get("tab") == "owed" else "mine", timezone.now()
    duties = shown(request.user, tab, at)
    groups, mark = grouped(duties, at), fingerprint(duties, get_language() or "")
    if request.GET.get("seen") == mark:
        return HttpResponse(status=204)
    said = Said(request.user, at, ARMS)
    context = {
        "groups": groups, "tab": tab, "mark": mark, "tabs": _tabs(tab, len(duties)),
        "more": _beyond(request.user, tab, at, duties),
        "waiting": [pile.shown(found) for pile in PILES if (found := said.of(pile.kind, some=SOME + 1))],
        "todo": todo(said) if tab == "mine" else [],
        "heads": bool(request.user.heads()) or "MGR" in request.user.roles,
    }  # fmt: skip
    template = "pages/_duties.html" if request.headers.get("HX-Target") == "duties" else "home.html"
    return render(request, template, context)


def shown(user: Any, tab: str, at: dt.datetime) -> list[Duty]:
    """The person's duties, soonest first, in a fixed number of statements (P6)."""
    rows = _nearest(rows_of(user, tab, at), at)
    subjects: list[Any] = [
        Ticket.objects.select_related("words").only(*OF_TICKET),
        CollectionRound.objects.all(),
        Release.objects.select_related("ticket", "order"),
        ReleaseLine.objects.select_related("part", "release__ticket", "release__order"),
        *money.SUBJECTS,
        ConsumptionReport.objects.select_related("ticket"),
        UnreturnedList.objects.all(),
        Shipment.objects.select_related("ticket", "release"),
        Car.objects.all(),
        *quality.SUBJECTS,
        Lead.objects.select_related("customer", "contact", "model"),
    ]
    paused = Pause.objects.filter(deadline=OuterRef("pk"), begins_at__lte=at, ends_at__gt=at)
    rows = rows.annotate(paused_now=Exists(paused)).select_related("assignee").only(*OF_CLOCK)
    found = [r for r in rows.prefetch_related(GenericPrefetch("subject", subjects)) if r.subject]
    closed = _closed_to(user, found)
    return [_duty(row, user, tab, at, row.subject in closed) for row in found]


def rows_of(user: Any, tab: str, at: dt.datetime) -> Any:
    return selectors.owed_rows(user, at) if tab == "owed" else selectors.duty_rows(user, at)


def _nearest(rows: Any, at: dt.datetime) -> Any:
    """What is due next and what was missed last, in the order of the due times; one statement."""
    late = rows.filter(due_at__lt=at).order_by("-due_at", "-pk").values("pk")[:LATE]
    running = rows.filter(due_at__gte=at).values("pk")[: SHOWN - LATE]
    return Deadline.objects.filter(Q(pk__in=late) | Q(pk__in=running)).order_by("due_at", "pk")


#: the lists on which the duties of a rule stand, all of them
LISTS = {
    "consumption_check": ("parts:consumption", "?stage=open"), "issue": ("parts:issuing", ""), "sign": ("finance:queue", ""),
    "lead_follow_up": ("sales:leads", ""), "unreturned_list": ("parts:unreturned_lists", ""), "round": ("deadlines:rounds", ""),
    "car_insurance": ("dispatch:cars", ""), "car_service": ("dispatch:cars", ""),
    "quality_report": ("repairs:tickets", "?overdue=1"), "rectification": ("technical:reports", "?stage=submitted"),
    "judgement": ("technical:reports", "?stage=submitted"), "appeal": ("technical:reports", "?stage=judged"),
    "review": ("technical:reports", "?stage=appealed"), "panel_vote": ("technical:reports", "?stage=appealed"),
    "old_part": ("parts:releases", "?stage=issued"), "unused_return": ("parts:releases", "?stage=issued"),
}  # fmt: skip


def _beyond(user: Any, tab: str, at: dt.datetime, duties: list[Duty]) -> list[dict[str, Any]]:
    """Of each rule that has more than the page shows: how many in all, and the list that holds them."""
    late = sum(1 for duty in duties if duty.due_at < at)
    if late < LATE and len(duties) - late < SHOWN - LATE:
        return []
    shown_of = Counter(duty.rule for duty in duties)
    counted = rows_of(user, tab, at).order_by().values_list("rule").annotate(count=Count("pk"))
    return [
        {"label": RULES[rule].label, "count": count, "url": _list_of(rule)}
        for rule, count in sorted(counted) if count > shown_of[rule]
    ]  # fmt: skip


def _list_of(rule: str) -> str:
    name, query = LISTS.get(rule, ("repairs:tickets", "?overdue=1"))
    return reverse(name) + query


#: papers of one engineer's month, which a head answers for and may not open
OF_ONE = {Reconciliation: "reconcile.view", Statement: "statement.view"}


def _closed_to(user: Any, rows: Sequence[Deadline]) -> set[Any]:
    """What he answers for and may not open: he sees the clock, not the customer's words (A12) nor another one's month."""
    months = [row.subject for row in rows if type(row.subject) in OF_ONE]
    closed = {paper for paper in months if not user.has_perm(OF_ONE[type(paper)], paper)}
    return closed | _closed_tickets(user, [row.subject for row in rows])


def _closed_tickets(user: Any, subjects: Sequence[Any]) -> set[Any]:
    if "Y" in (user.cell("ticket.view_full"), user.cell("ticket.view_masked")):
        return set()
    others = {s for s in subjects if isinstance(s, Ticket) and s.engineer_id != user.pk}
    return others and others - set(Ticket.objects.visible_to(user).filter(pk__in=[t.pk for t in others]))


def _duty(row: Any, user: Any, tab: str, at: dt.datetime, closed: bool) -> Duty:
    subject, rule = row.subject, row.row  # each is looked up anew when it is named
    url, label = _step(row, subject, user) if tab == "mine" and not closed else ("", "")
    return Duty(
        key=f"{row.pk}", rule=row.rule, label=rule.label, clause=rule.clause, title=subject.clock_title(),
        story=subject.clock_story() if closed else _story(subject, user), url="" if closed else subject.get_absolute_url(),
        due_at=row.due_at, state="paused" if row.paused_now else states.running_state(row, at), step_url=url, step_label=label,
        whose=_whose(row, user), provisional=row.provisional, quiet=rule.quiet,
    )  # fmt: skip


def _story(subject: Any, user: Any) -> str:
    if isinstance(subject, Lead):
        return lead_story(subject, user)
    words = getattr(getattr(subject, "words", None), "symptom", "")
    symptom = " ".join(words.split())[:60]
    return " · ".join(w for w in (subject.clock_story(), symptom) if w)


def _whose(row: Deadline, user: Any) -> str:
    if row.assignee_id == user.pk:
        return ""
    return str(row.assignee) if row.assignee else _("{department}, unclaimed").format(department=row.owner)


#: which step of a release ends which of its clocks
OF_RELEASE = {"sign": "sign", "issue": "issue", "unused_return": "hand_in_unused", "old_part": "hand_in_old"}


#: papers whose own page holds the act: the right that it asks, and its word
ON_ITS_PAGE: dict[type[Any], tuple[str, Any]] = {
    ConsumptionReport: ("consumption.report", gettext_lazy("Confirm the quantities")),
    UnreturnedList: ("unreturned_list.submit", gettext_lazy("Submit to finance")),
    Car: ("car.write", gettext_lazy("Enter the new day")),
}  # fmt: skip


def _of_release(rule: str, paper: Release) -> Any:
    step = DESK.steps.rows.get(OF_RELEASE.get(rule, ""))
    return step if step is not None and paper.stage in step.stages else None


def _of_lead(lead: Lead, user: Any) -> tuple[str, Any]:
    """Take it, or write down the talk (4.2)."""
    step = LEADS.steps.rows["follow" if lead.seller_id else "take"]
    if lead.stage not in step.stages or not user.has_perm(step.action, lead):
        return "", ""
    return f"{lead.get_absolute_url()}?step={step.name}", step.label


def _step(row: Deadline, subject: Any, user: Any) -> tuple[str, Any]:
    """Where the duty is discharged, if this person may do it."""
    if isinstance(subject, CollectionRound):
        return reverse("deadlines:rounds"), _("Tick")
    if isinstance(subject, Lead):
        return _of_lead(subject, user)
    if (ours := quality.way(row.rule, subject, user)) is not None:
        return ours
    if type(subject) in ON_ITS_PAGE:
        right, label = ON_ITS_PAGE[type(subject)]
        return (subject.get_absolute_url(), label) if user.has_perm(right, subject) else ("", "")
    if isinstance(subject, Receivable):
        may_ask = user.has_perm("receivable.chase_log", subject)
        return (
            (reverse("finance:chase", args=[subject.pk]), _("I asked for the money")) if may_ask else ("", "")
        )
    if isinstance(subject, Release | ReleaseLine):
        subject = subject.release if isinstance(subject, ReleaseLine) else subject
        step = _of_release(row.rule, subject)
    else:
        step = money.step_of(row.rule, subject) or discharging(row.rule, subject)
    if row.row.quiet:
        return subject.get_absolute_url(), _("Look at it")
    if step is None or not user.has_perm(step.action, subject):
        return "", ""
    return f"{subject.get_absolute_url()}?step={step.name}", step.label


def grouped(duties: list[Duty], at: dt.datetime) -> list[dict[str, Any]]:
    """Overdue · today · later; a clock that ends with today's 24:00 is today's."""
    midnight = dt.datetime.combine(local_day(at) + DAY, dt.time(0), timezone.get_current_timezone())
    groups = [
        {"label": _("Overdue"), "tone": "danger", "duties": [d for d in duties if d.due_at < at]},
        {"label": _("Today"), "tone": "warning", "duties": [d for d in duties if at <= d.due_at <= midnight]},
        {"label": _("Later"), "tone": "", "duties": [d for d in duties if d.due_at > midnight]},
    ]
    return [group for group in groups if group["duties"]]


def fingerprint(duties: list[Duty], language: str) -> str:
    """Changes when the list would look different: the poll then brings it, else nothing moves."""
    text = "|".join(f"{d.key}{d.due_at.isoformat()}{d.state}{d.step_url}{d.whose}{d.story}" for d in duties)
    return hashlib.sha256(f"{language}{text}".encode()).hexdigest()[:16]


def _tabs(tab: str, count: int) -> list[dict[str, Any]]:
    here = reverse("desk:home")
    tabs = [("mine", _("I owe"), here), ("owed", _("Others owe me"), f"{here}?tab=owed")]
    return [
        {"label": word, "url": url, "current": tab == n, "count": count if tab == n else ""}
        for n, word, url in tabs
    ]
