"""Workbooks of customers and vehicles: templates, imports with a dry run, exports of what a list shows."""

from typing import Any

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import action
from aftersales import downloads
from aftersales.limits import local_day
from aftersales.operations import once
from aftersales.xlsx import workbook
from catalogue.views.files import checked

from . import exports, filters, imports
from .forms import FileForm
from .selectors import customers_for, listed_customers, vehicles_for

IMPORT, EXPORT = "vehicle.import", "list.export"


def page_of(title: Any, back: str, template: str, whence: Any) -> dict[str, Any]:
    """What the page of an import says that nobody else has to approve."""
    hint = _("Nothing was kept yet. Choose Keep to take all of it.")
    return {
        "title": title,
        "back": reverse(back),
        "whence": whence,
        "template": reverse(template),
        "hint": hint,
    }


@action(IMPORT)
@require_http_methods(["GET", "POST"])
@once
def import_vehicles(request: Any) -> HttpResponse:
    """Check a workbook of vehicles, or keep all of it."""
    at, by = request.arrived_at, request.user
    page = page_of(_("Import vehicles"), "sales:vehicles", "sales:vehicles_template", _("Vehicles"))
    return checked(
        request, FileForm, lambda file: imports.read_vehicles(file, at),
        lambda found, form: imports.save_vehicles(found, by=by, at=at), page,
    )  # fmt: skip


@action(IMPORT)
@require_http_methods(["GET", "POST"])
@once
def import_customers(request: Any) -> HttpResponse:
    """Check a workbook of customers, or keep all of it."""
    at, by = request.arrived_at, request.user
    page = page_of(_("Import customers"), "sales:customers", "sales:customers_template", _("Customers"))
    return checked(
        request, FileForm, lambda file: imports.read_customers(file, at),
        lambda found, form: imports.save_customers(found, by=by, at=at), page,
    )  # fmt: skip


@action(IMPORT)
@require_GET
def vehicles_template(request: Any) -> FileResponse:
    """An empty workbook to fill."""
    return workbook(exports.vehicles_template(request.arrived_at), "vehicles-template.xlsx")


@action(IMPORT)
@require_GET
def customers_template(request: Any) -> FileResponse:
    """An empty workbook to fill."""
    return workbook(exports.customers_template(), "customers-template.xlsx")


@action(EXPORT)
@require_GET
def export_vehicles(request: Any) -> HttpResponseBase:
    """What the list shows; no personal data stands in it."""
    wanted, at = filters.asked(filters.VehicleFilter, request.GET), request.arrived_at
    rows = filters.vehicles(vehicles_for(request.user), wanted, local_day(at))
    return downloads.answer(
        request, exports.VEHICLES, wanted, rows,
        lambda out, rows: exports.vehicles(out, rows, by=request.user, at=at, asked=sorted(wanted)),
    )  # fmt: skip


@action(EXPORT)
@require_GET
def export_customers(request: Any) -> HttpResponseBase:
    """What the list shows, names and phones masked; the export itself is written down (A27)."""
    wanted, at = filters.asked(filters.CustomerFilter, request.GET), request.arrived_at
    rows = filters.customers(listed_customers(customers_for(request.user)), wanted, request.user)
    return downloads.answer(
        request, exports.CUSTOMERS, wanted, rows,
        lambda out, rows: exports.customers(out, rows, by=request.user, at=at, asked=sorted(wanted)),
    )  # fmt: skip
