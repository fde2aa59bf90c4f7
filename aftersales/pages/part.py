"""A part's page: what the catalogue knows of it; whoever else has something to say of a part adds a section here."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.access import action, may
from aftersales.limits import local_day
from catalogue.models import Part
from catalogue.sheets import part_sections

#: functions of (part, user, day) that answer sections, in the order of the page
SECTIONS = [part_sections]


@action("part.view")
@require_GET
def part(request: Any, code: str) -> HttpResponse:
    row = get_object_or_404(Part.objects.prefetch_related("fits"), code=code)
    day = local_day(request.arrived_at)
    sections = [section for of in SECTIONS for section in of(row, request.user, day)]
    context = {
        "part": row,
        "sections": sections,
        "may_write": may(request.user, "part.write"),
        "may_stock": may(request.user, "stock.view"),
    }
    return render(request, "pages/part.html", context)
