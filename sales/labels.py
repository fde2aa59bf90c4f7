"""QR labels for vehicles on A4 label stock: of a filtered list, or of VINs that somebody pastes (2.2)."""

import re
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.access import action
from aftersales.charter import HOTLINE
from aftersales.limits import local_day
from aftersales.paper.answers import private
from aftersales.paper.labels import STOCKS, Label, pdf
from aftersales.widgets import TapCards
from aftersales.xlsx import in_batches

from . import filters
from .models import Vehicle
from .selectors import vehicles_for

MOST = 500
VINS = re.compile(r"[\s,，;；、]+")


class LabelForm(forms.Form):
    """Which vehicles, on which stock, from which place of the first sheet on."""

    vins = forms.CharField(
        label=_("VINs"), max_length=30_000, widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("One a line, or separated by commas; copied from a list as they are."),
    )  # fmt: skip
    stock = forms.ChoiceField(
        label=_("Label stock"),
        choices=lambda: [(key, str(stock)) for key, stock in STOCKS.items()],
        widget=TapCards,
    )
    start = forms.IntegerField(
        label=_("First free label"), min_value=1, max_value=max(s.places for s in STOCKS.values()), initial=1,
        help_text=_("Counted from the top left; for a sheet of which some are used."),
    )  # fmt: skip

    def clean_vins(self) -> list[Vehicle]:
        """The vehicles in the order of the list; each that is not registered is named."""
        wanted = list(dict.fromkeys(word.upper() for word in VINS.split(self.cleaned_data["vins"]) if word))
        if len(wanted) > MOST:
            raise forms.ValidationError(gettext("At most {most} labels at once.").format(most=MOST))
        rows = Vehicle.objects.select_related("model")
        known = {v.vin: v for some in in_batches(wanted, 200) for v in rows.filter(vin__in=some)}
        if unknown := [vin for vin in wanted if vin not in known]:
            words = ngettext(
                "This VIN is not registered: {vins}", "These VINs are not registered: {vins}", len(unknown)
            )
            raise forms.ValidationError(words.format(vins=", ".join(unknown[:20])))
        return [known[vin] for vin in wanted]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        stock = STOCKS.get(found.get("stock", ""))
        if stock is not None and (found.get("start") or 1) > stock.places:
            self.add_error(
                "start", gettext("This stock has {places} labels a sheet.").format(places=stock.places)
            )
        return found


@action("vehicle.view")
@require_http_methods(["GET", "POST"])
def labels(request: Any) -> HttpResponse:
    """The form, filled with the vehicles of a list's filters; sent, the PDF to print on the stock."""
    form = LabelForm(request.POST) if request.method == "POST" else LabelForm(initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        rows = [label_of(vehicle) for vehicle in facts["vins"]]
        made = pdf(rows, STOCKS[facts["stock"]], start=facts["start"] - 1, at=request.arrived_at)
        answer = HttpResponse(made, content_type="application/pdf")
        answer["Content-Disposition"] = 'inline; filename="vehicle-labels.pdf"'
        return private(answer)
    return render(
        request, "sales/labels.html", {"form": form, "most": MOST}, status=422 if form.is_bound else 200
    )


def _initial(request: Any) -> dict[str, Any]:
    wanted = filters.asked(filters.VehicleFilter, request.GET)
    found: dict[str, Any] = {"stock": "3x8", "start": 1}
    if not wanted:
        return found
    rows = filters.vehicles(vehicles_for(request.user), wanted, local_day(request.arrived_at))
    return found | {"vins": "\n".join(rows.order_by("-pk").values_list("vin", flat=True)[:MOST])}


def way_of(vehicle: Vehicle) -> str:
    """The path that its label holds. The model stands in it, as on the nameplate: the public page says of no VIN which
    vehicle it is. Labels printed before name the VIN only; they go on working."""
    return f"/report/?{urlencode({'vin': vehicle.vin, 'model': vehicle.model.code})}"


def label_of(vehicle: Vehicle) -> Label:
    """Scanned, it opens the report with this vehicle filled in."""
    return Label(
        settings.SITE_URL + way_of(vehicle),
        gettext("Trouble? Scan and report"),
        vehicle.vin,
        vehicle.model.name,
        HOTLINE,
    )
