"""The floor of the store's pages: the stock and finance's queue as the leanest honest views (P18)."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from parts.models import Basis, Release, ReleaseLine, Stock

from .floor import ENGINE, answer, cut, unread, user_of

LAY = """<tr data-item><td class="tight" data-label="配件编码"><a href="/parts/stock/{{ s.part__code }}/" data-open \
class="number">{{ s.part__code }}</a></td><td data-label="配件">{{ s.part__name }}</td><td data-label="规格">\
{{ s.part__spec }}</td><td data-label="库区">{{ s.place }} {{ s.holder__name|default:"" }}</td><td class="tight" \
data-label="货位">{{ s.shelf }}</td><td class="number right" data-label="数量">{{ s.quantity }}</td><td class="tight" \
data-label="单位">{{ s.part__unit }}</td></tr>"""
PLACES = {"good": "仓库", "old": "旧件区", "engineer": "售后人员处"}
LIES = ("part__code", "part__name", "part__spec", "part__unit", "zone", "shelf", "quantity", "holder__name")


def stock_template(page: str) -> Any:
    """The page as served, its rows and its holders as loops."""
    text = cut(page, "<tbody>", "</tbody>", "{% for s in rows %}" + LAY + "{% endfor %}{{ unread }}")
    options = '{% for name, word in holders %}<option value="{{ name }}">{{ word }}</option>{% endfor %}'
    return ENGINE.from_string(cut(text, 'id="f-holder"', "</select>", ">" + options))


def stock(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    rows = list(Stock.objects.filter(quantity__gt=0).order_by("part__code", "pk").values(*LIES)[:50])
    for row in rows:
        row["place"] = PLACES[row["zone"]]
    held = Stock.objects.filter(holder=OuterRef("pk"), quantity__gt=0)
    holders = list(User.objects.filter(Exists(held)).order_by("name").values_list("username", "name"))
    return answer(request, rows=rows, holders=holders, unread=unread(user))


WAITS = """<tr data-item><td class="tight"><a class="number" data-open href="/parts/releases/{{ r.number }}/">{{ r.number }}</a>\
</td><td class="tight" data-label="提交时间"><time datetime="{{ r.submitted_at|date:"c" }}">{{ r.submitted_at|date:"m-d H:i" }}\
</time></td><td data-label="依据">{{ r.ground }}</td><td class="money" data-label="应付合计"><span class="money">¥{{ r.total }}\
</span></td><td class="number" data-label="报修单/购件单"><a \
href="/tickets/{{ r.ticket__number }}/">{{ r.ticket__number }}</a></td>\
<td data-label="付款客户">{{ r.debtor__number|default:"–" }}</td><td data-label="申请人">{{ r.requester__name }}</td>\
<td data-label="待处理">\
{% if r.waivers %}{{ r.waivers }} 项免回收{% else %}{{ r.consent_by__name|default:"签认" }}{% endif %}</td></tr>"""
WAITING = (
    "number", "submitted_at", "basis", "total", "ticket__number", "order__number", "debtor__number", "agreed_day",
    "debtor__person__organisation", "requester__name", "consent_by__name", "waivers",
)  # fmt: skip


def queue_template(page: str) -> Any:
    """The page as served, its rows as one loop."""
    return ENGINE.from_string(
        cut(page, "<tbody>", "</tbody>", "{% for r in rows %}" + WAITS + "{% endfor %}{{ unread }}")
    )


def queue(request: HttpRequest) -> HttpResponse:
    user, grounds = user_of(request), dict(Basis.choices)
    asked = ReleaseLine.objects.filter(release=OuterRef("pk"), signed_at=None).exclude(waiver="")
    count = asked.order_by().values("release").annotate(n=Count("pk")).values("n")
    rows = Release.objects.filter(stage="submitted").annotate(waivers=Subquery(count))
    found = list(rows.order_by("submitted_at", "pk").values(*WAITING)[:50])
    for row in found:
        row["ground"] = str(grounds[row["basis"]])
    return answer(request, rows=found, unread=unread(user))
