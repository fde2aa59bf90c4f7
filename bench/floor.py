"""The floor: the leanest honest Django view of the same content. Session, user, ORM values, one Django template.

Its template is the portal's own page as served, what stays the same as plain text, what varies as plain variables: the
same bytes at the least cost. No policy, no forms, no translation, no middleware but the session's.
"""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.handlers.wsgi import WSGIHandler
from django.db.models import F, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.test.utils import override_settings
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import Absence, Posting, User
from aftersales.display import moments
from aftersales.display.marks import chip
from deadlines.models import OPEN, REMINDERS, Deadline
from notices.models import UNREAD, Notification
from repairs.flow import Stage
from repairs.models import Ticket, Urgency

MIDDLEWARE = ["bench.floor.OwnAddresses", "django.contrib.sessions.middleware.SessionMiddleware"]
#: address → template, set by the measuring part
pages: dict[str, Any] = {}
ENGINE = Engine(autoescape=True)
STAGES, URGENCIES = dict(Stage.choices), dict(Urgency.choices)


class OwnAddresses:
    """These views answer, not the portal's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.urlconf = "bench.floor_urls"
        return self.get_response(request)


def application() -> WSGIHandler:
    with override_settings(MIDDLEWARE=MIDDLEWARE):
        return WSGIHandler()


def user_of(request: Any) -> User:
    """Who asks, his session still being good."""
    user = User.objects.get(pk=request.session["_auth_user_id"])
    assert constant_time_compare(request.session["_auth_user_hash"], user.get_session_auth_hash())
    return user


def unread(user: User) -> int:
    return Notification.objects.filter(UNREAD, recipient=user).count()


def answer(request: HttpRequest, **context: Any) -> HttpResponse:
    return HttpResponse(pages[request.get_full_path()].render(Context(context)))


# --- the list of tickets
ROW = """<tr data-item><td class="tight"><a href="/tickets/{{ t.number }}/" data-open class="number">{{ t.number }}</a>\
{% if t.round > 1 %}<span class="round">×{{ t.round }}</span>{% endif %}{% if t.urgent %}<span class="under urgent\
{% if t.urgency == "stopped" %} stopped{% endif %}">{{ t.urgent }}</span>{% endif %}</td><td class="tight"><span \
class="stage-small stage-{{ t.stage }}">{{ t.label }}</span></td><td class="tight">{{ t.chip }} <span class="quiet">\
{% if t.due_at %}{{ t.due_at|date:"m-d H:i" }}{% endif %}</span></td><td class="who" data-label="客户">{{ t.contact__name }}\
{% if t.contact__organisation %}<small>{{ t.contact__organisation }}</small>{% endif %}</td><td data-label="车型">\
{{ t.model }}</td><td data-label="地区">{{ t.region }}</td><td class="tight" data-label="售后人员">\
{{ t.engineer__name|default:"–" }}</td><td class="tight quiet" data-label="接收时间">{{ t.received_at|date:"m-d H:i" }}</td></tr>
"""
LISTED = (
    "number", "stage", "round", "urgency", "model", "region", "received_at", "contact__name", "contact__organisation",
    "engineer__name", "due_at",
)  # fmt: skip


def list_template(page: str) -> Any:
    """The page as served, its rows and its engineers as loops."""
    text = cut(page, "<tbody>", "</tbody>", "{% for t in tickets %}" + ROW + "{% endfor %}{{ unread }}")
    options = '{% for name, word in engineers %}<option value="{{ name }}">{{ word }}</option>{% endfor %}'
    return ENGINE.from_string(cut(text, 'id="filter_engineer">', "</select>", options))


def cut(text: str, begin: str, end: str, replacement: str) -> str:
    at = text.index(begin) + len(begin)
    return text[:at] + replacement + text[text.index(end, at) :]


def tickets(request: HttpRequest) -> HttpResponse:
    user, now = user_of(request), timezone.now()
    kind = ContentType.objects.get_for_model(Ticket)
    clocks = Deadline.objects.filter(OPEN, subject_type=kind, subject_id=OuterRef("pk")).exclude(
        rule__in=REMINDERS
    )
    due = Subquery(clocks.order_by("due_at").values("due_at")[:1])
    rows = list(_narrowed(request, user).annotate(due_at=due).order_by("-pk").values(*LISTED)[:50])
    for row in rows:
        row["label"] = STAGES[row["stage"]]
        row["urgent"] = "" if row["urgency"] == "normal" else URGENCIES[row["urgency"]]
        row["chip"] = _chip(row["due_at"], now)
    engineers = User.objects.filter(postings__department="engineers", is_active=True).values_list(
        "username", "name"
    )
    return answer(request, tickets=rows, unread=unread(user), engineers=list(engineers))


def _narrowed(request: HttpRequest, user: User) -> Any:
    asked: Any = {
        "stage": Q(stage=request.GET.get("stage")), "engineer": Q(engineer__username=request.GET.get("engineer")),
        "before": Q(pk__lt=request.GET.get("before")),
    }  # fmt: skip
    rows = Ticket.objects.filter(*(asked[name] for name in asked if name in request.GET))
    if "q" in request.GET:
        return Ticket.objects.filter(pk__in=rows.first_found(request.GET["q"], user, "-pk", 50))
    return rows


def _chip(due: dt.datetime | None, now: dt.datetime) -> str:
    if due is None:
        return ""
    return chip(
        "overdue" if due < now else "soon" if due - now < dt.timedelta(hours=2) else "running", "zh-hans"
    )


# --- one person's duties
DUTY = """<article class="duty tone-edge-{{ d.state }}" data-item><p class="duty-time">{{ d.chip }}<strong><time \
class="countdown" data-countdown datetime="{{ d.due_at|date:"c" }}">{{ d.left }}</time></strong><span class="quiet"><time \
datetime="{{ d.due_at|date:"c" }}">{{ d.due_at|date:"m-d H:i" }}</time></span></p><div class="duty-what"><h3><a \
href="/tickets/{{ d.t.number }}/" data-open>{{ d.label }}</a><span class="clause">{{ d.clause }}</span></h3><p><span \
class="number">{{ d.t.number }}</span> {{ d.t.model }} · {{ d.t.region }} · {{ d.stage }} · {{ d.t.words__symptom }}</p></div>\
{% if d.step %}<a class="button" href="/tickets/{{ d.t.number }}/?step={{ d.rule }}">{{ d.step }}</a>{% endif %}</article>
"""


def home_template(page: str) -> Any:
    """The page as served, its duties as one loop."""
    begin, end = page.index('<h2 class="group-title'), page.rindex("</article>") + len("</article>")
    loop = '{{ unread }}<div class="duties" data-list>{% for d in duties %}' + DUTY + "{% endfor %}"
    return ENGINE.from_string(page[:begin] + loop + page[end:])


def home(request: HttpRequest) -> HttpResponse:
    from aftersales.charter import RULES

    user, now = user_of(request), timezone.now()
    held = list(Posting.objects.filter(user=user, until=None).values_list("department", flat=True))
    away = list(
        Absence.objects.filter(deputy=user, begins_at__lte=now, ends_at__gt=now).values_list(
            "user", flat=True
        )
    )
    mine = Q(assignee__in=[user.pk, *away]) | Q(assignee=None, department__in=held)
    clocks = Deadline.objects.filter(mine, OPEN, opened_at__lte=now).order_by("due_at")
    duties: list[Any] = list(clocks.values("rule", "subject_id", "due_at")[:100])
    named = ("pk", "number", "model", "region", "stage", "words__symptom")
    found = {
        t["pk"]: t for t in Ticket.objects.filter(pk__in=[d["subject_id"] for d in duties]).values(*named)
    }
    for duty in duties:
        rule, ticket = RULES[duty["rule"]], found[duty["subject_id"]]
        step = STEP_OF.get((duty["rule"], ticket["stage"]), "")
        duty |= {"t": ticket, "label": rule.label, "clause": rule.clause, "chip": _chip(duty["due_at"], now), "step": step,
                 "left": moments.countdown(duty["due_at"], now), "stage": STAGES[ticket["stage"]]}  # fmt: skip
    return answer(request, duties=duties, unread=unread(user))


STEP_OF = {
    ("contact", "assigned"): "已联系客户",
    ("plan", "assigned"): "已联系客户",
    ("plan", "contacted"): "保存方案",
}


# --- one ticket
ENTRY = """<li class="entry"><span class="entry-icon" aria-hidden="true">{{ e.icon }}</span><div class="entry-body">\
<p class="entry-head">{% if e.by__name %}<b>{{ e.by__name }}</b> {% endif %}<span>{{ e.label }}</span>{% if e.clause %}<span \
class="clause">{{ e.clause }}</span>{% endif %}<time datetime="{{ e.at|date:"c" }}">{{ e.at|date:"Y-m-d H:i" }}</time></p>\
{% if e.text %}<p class="entry-text">{{ e.text }}</p>{% endif %}</div></li>
"""
CLOCK = """<li class="clock tone-edge-met"><p class="clock-head"><span>{{ c.label }}</span><span class="clause">\
{{ c.clause }}</span>{{ c.chip }}</p><p class="clock-time"><span><time datetime="{{ c.met_at|date:"c" }}">\
{{ c.met_at|date:"m-d H:i" }}</time></span><span class="quiet">到期 <time datetime="{{ c.due_at|date:"c" }}">\
{{ c.due_at|date:"m-d H:i" }}</time></span><span class="quiet">{{ c.owner }}</span></p></li>
"""
PAPER = (
    "number", "stage", "urgency", "vin", "model", "plate", "region", "odometer", "delivered_on", "received_at", "accepted_at",
    "reported_at", "completed_at", "closed_at", "channel", "contact__name", "contact__phone", "contact__organisation",
    "contact__street", "words__symptom", "words__occurred", "customer__number", "vehicle__delivered_on", "engineer__name",
    "accepted_by__name", "intake__number", "intake__slot", "intake__remark", "merged_into__number",
)  # fmt: skip


def ticket_template(page: str, number: str) -> Any:
    """The page as served; every cell whose text is a value that was read becomes a variable, entries and clocks loops."""
    values = read_paper(number)["v"]
    shown = {_text(value): name for name, value in values.items() if _text(value)}
    text = re.sub(r"<dd>([^<]+)</dd>", lambda cell: f"<dd>{_variable(cell[1], shown, values)}</dd>", page)
    text = cut(
        text, '<ol class="timeline">', "</ol>", "{% for e in entries %}" + ENTRY + "{% endfor %}{{ unread }}"
    )
    begin = text.index('<ul class="clocks">', text.index('class="old-clocks"')) + len('<ul class="clocks">')
    text = (
        text[:begin] + "{% for c in clocks %}" + CLOCK + "{% endfor %}" + text[text.index("</ul>", begin) :]
    )
    return ENGINE.from_string(text)


def _text(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return moments.when(value)
    return "" if value in (None, "", True, False) else str(value)


def _variable(text: str, shown: dict[str, str], values: dict[str, Any]) -> str:
    name = shown.get(text.strip())
    if name is None:
        return text
    return (
        f'{{{{ v.{name}|date:"Y-m-d H:i" }}}}'
        if isinstance(values[name], dt.datetime)
        else f"{{{{ v.{name} }}}}"
    )


def read_paper(number: str) -> dict[str, Any]:
    """Everything that the page shows, as values, a statement per table."""
    paper = Ticket.objects.filter(number=number).values("pk", *PAPER).get()
    own = Ticket(pk=paper["pk"])
    sheet: Any = own.sheets.order_by("-round").values().first() or {}
    plan: Any = own.plans.order_by("-pk").values().first() or {}
    survey: Any = (
        own.surveys.values("overall", "resolved", "number", "made_by__name", "words__suggestion").first()
        or {}
    )
    values = {**paper, **{f"s_{k}": v for k, v in sheet.items()}, **{f"p_{k}": v for k, v in plan.items()},
              **{f"c_{k}": v for k, v in survey.items()}}  # fmt: skip
    files = list(own.attachments.filter(erased_at=None).values("key", "kind", "at"))
    return {"v": values, "files": files, "own": own}


def ticket(request: HttpRequest, number: str) -> HttpResponse:
    from aftersales.charter import RULES
    from aftersales.display.icons import icon
    from repairs.timeline import ICONS, label_of

    user, read = user_of(request), read_paper(number)
    own = read.pop("own")
    said = {(m["kind"], m["at"]): m["text"] for m in own.messages.values("kind", "at", "text")}
    said |= {("note", n["at"]): n["text"] for n in own.notes.values("at", "text")}
    said |= {("attempt", c["at"]): c["note"] for c in own.attempts.values("at", "note")}
    entries = list(own.events.order_by("-at").values("at", "name", "clause", "why", "by__name"))
    for e in entries:
        name = e["name"]
        e |= {
            "label": label_of(name),
            "icon": icon(ICONS.get(name, "document-text"), 16),
            "text": e["why"] or said.get((name, e["at"]), ""),
        }
    kind = ContentType.objects.get_for_model(Ticket)
    clocks = Deadline.objects.filter(subject_type=kind, subject_id=own.pk).order_by("-met_at")
    rows: list[Any] = list(clocks.values("rule", "met_at", "due_at", "department", owner=F("assignee__name")))
    for c in rows:
        c |= {
            "label": RULES[c["rule"]].label,
            "clause": RULES[c["rule"]].clause,
            "chip": chip("met", "zh-hans"),
        }
    return answer(request, **read, entries=entries, clocks=rows, unread=unread(user))
