"""What templates may say: each tag is one lookup or one formatted value, never a query in a loop."""

import datetime as dt
import functools
import uuid
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from aftersales import money as sums
from aftersales import navigation, phones
from aftersales.display import icons, lines, marks, moments, states, tables

register = template.Library()
register.simple_tag(icons.icon, name="icon")
register.simple_tag(marks.money, name="money")


@register.simple_tag
def operation_field() -> SafeString:
    """The key that makes a form sent twice one act."""
    return format_html('<input type="hidden" name="operation" value="{}">', uuid.uuid4())


@register.simple_tag
def folded(form: Any) -> dict[str, Any]:
    """A filter form on a phone: what one types first stays in sight, the others fold; how many of those are chosen."""
    fields = form.visible_fields()
    typed = [field for field in fields[:1] if field.widget_type == "text"]
    others = fields[len(typed) :]
    return {"typed": typed, "others": others, "chosen": sum(bool(field.data) for field in others)}


@register.simple_tag
def when(moment: dt.date | None, style: str = "full") -> SafeString | str:
    """{% when ticket.reported_at %} → 2026-11-23 14:05; styles: full, short, date, time."""
    if moment is None:
        return "–"
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), moments.when(moment, style))


@register.simple_tag
def due(moment: dt.datetime | None, style: str = "full") -> SafeString | str:
    """{% due clock.due_at %} → 2026-02-24 24:00 for a clock that ends with the day."""
    if moment is None:
        return "–"
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), moments.due(moment, style))


@register.simple_tag(takes_context=True)
def countdown(context: template.Context, moment: dt.datetime, at: dt.datetime | None = None) -> SafeString:
    """{% countdown clock.due_at %} → “3 h 20 min left”, kept true by static/js/moments.js."""
    now = at or getattr(context.get("request"), "arrived_at", None) or timezone.now()
    tag = '<time class="countdown" data-countdown datetime="{}">{}</time>'
    return format_html(tag, moment.isoformat(), moments.countdown(moment, now))


@register.simple_tag
def duty(shown: Any) -> SafeString:
    """{% duty duty %}: a clock of a person, see `lines.duty`."""
    return lines.duty(shown, timezone.now(), get_language() or "")


@register.simple_tag
def clock(shown: Any) -> SafeString:
    """{% clock clock %}: a clock of a paper, see `lines.clock`."""
    return lines.clock(shown, timezone.now(), get_language() or "")


@register.simple_tag
def cells(rows: Any) -> SafeString:
    """{% cells section.rows %}: see `lines.cells`."""
    return lines.cells(rows)


@register.simple_tag
def entry(shown: Any) -> SafeString:
    """{% entry entry %}: an entry of a timeline, see `lines.entry`."""
    return lines.entry(shown)


@register.simple_tag
def chip(state: str) -> SafeString:
    """{% chip "overdue" %}: a clock's state as colour and icon and words."""
    return marks.chip(state, get_language() or "")


@register.simple_tag(takes_context=True)
def state_of(context: template.Context, clock: Any, at: dt.datetime | None = None) -> str:
    """{% state_of clock as state %}: the key for {% chip %}; a clock that names its own state keeps it."""
    own = getattr(clock, "state", "")
    now = at or getattr(context.get("request"), "arrived_at", None) or timezone.now()
    return own if isinstance(own, str) and own in states.STATES else states.state_of(clock, now)


@register.simple_tag
def stage_mark(paper: Any, size: str = "") -> SafeString:
    """{% stage_mark ticket %}: where the paper stands, as the stamp on it; "small" for lists."""
    kind = "stage-small" if size == "small" else "stamp"
    return format_html('<span class="{} stage-{}">{}</span>', kind, paper.stage, paper.get_stage_display())


@register.simple_tag
def options(choices: Any, chosen: Any) -> SafeString:
    """The entries of a select, (value, label) each."""
    return tables.options(choices, chosen)


@register.filter
def plain(number: Decimal | None) -> str:
    """A share or factor as people write it: 20.00 → 20."""
    return "" if number is None else sums.plain(number)


@register.filter
def masked(phone: str | None) -> str:
    """138****8888: enough to recognise a number, not enough to call it."""
    return phones.mask(phone) if phone else "–"


@register.simple_tag
def tel(phone: str | None) -> SafeString | str:
    """A number to tap, written as the company's customers write it."""
    if not phone:
        return "–"
    return format_html('<a class="tel" href="tel:{}">{}</a>', phone.replace(" ", ""), phones.show(phone))


@register.simple_tag(takes_context=True)
def may(context: template.Context, action: str, obj: Any = None) -> bool:
    """{% may "ticket.view_full" ticket as ok %}: asked of the one policy."""
    return navigation.allowed(getattr(context.get("request"), "user", None), action, obj)


@register.simple_tag
def still(name: str) -> SafeString:
    """{% still "components/_keys.html" %}: a component that depends on the language alone, drawn once per process."""
    return drawn(name, get_language() or "")


@functools.lru_cache(maxsize=64)
def drawn(name: str, language: str) -> SafeString:
    """The component in the thread's language, which is the key of the cache."""
    return render_to_string(name)


@register.simple_tag(takes_context=True)
def desk_nav(context: template.Context) -> SafeString:
    """The entries that this person may follow, the present one marked."""
    request = context["request"]
    paths, here = navigation.paths(request.user, request.path)
    return nav(
        paths, here, navigation.unread(request.user), get_language() or "", navigation.desk_of(request.user)
    )


@functools.lru_cache(maxsize=512)
def nav(paths: tuple[str, ...], here: str, unread: int, language: str, desk: str) -> SafeString:
    """Drawn once for everybody who sees the same."""
    known = {"entries": navigation.links(paths, here, desk), "unread": unread}
    return render_to_string("components/_nav.html", known)


@register.simple_tag(takes_context=True)
def unread_count(context: template.Context) -> int:
    """How many notices wait in the inbox (one query)."""
    return navigation.unread(getattr(context.get("request"), "user", None))


@register.simple_tag
def is_demo() -> bool:
    """Whether this is the demonstration company."""
    return getattr(settings, "MODE", "") == "demo"


@register.simple_tag
def hotline() -> str:
    """The customer-service number of clause 3.1, as the company last set it."""
    return navigation.hotline()


@register.simple_tag
def module(name: str) -> SafeString:
    """{% module "signature" %}: one behaviour of static/js."""
    return format_html('<script type="module" src="{}"></script>', static(f"js/{name}.js"))


@register.inclusion_tag("components/_countdown_words.html")
def countdown_words() -> dict[str, Any]:
    """The patterns of a countdown, for the browser to keep it true."""
    words = {"left": moments.LEFT, "over": moments.OVER}
    words |= {"dh": moments.DAYS, "hm": moments.HOURS, "m": moments.MINUTES}
    return {"words": words, "served_at": timezone.now().isoformat()}
