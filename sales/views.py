"""Lists and forms of vehicles and customers; the pages of one vehicle or customer are the shell's."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import action, demand, may
from accounts.models import User
from accounts.selectors import members
from aftersales.addresses import posted
from aftersales.charter import Department
from aftersales.display.paging import any_word, paged
from aftersales.limits import local_day
from aftersales.operations import once
from aftersales.phones import mask
from aftersales.problems import Refusal, Stale

from . import duplicates, filters, merging, plain, rights, services
from .forms import CustomerForm, MergeForm, ReasonForm, VehicleForm, known, known_customer
from .models import Customer, CustomerMerge, ErasureRequest, Vehicle
from .selectors import (
    customers_for,
    listed_customers,
    shown_customer,
    state_of,
    vehicles_for,
    who_is_now,
)

OFFERED = 12
#: the lists above a vehicle and a customer
VEHICLES, CUSTOMERS = ("/vehicles/", gettext_lazy("Vehicles")), ("/customers/", gettext_lazy("Customers"))
#: the page of one customer, which the shell composes
Shown = Callable[..., HttpResponse]


@action("vehicle.view")
@require_GET
def vehicles(request: Any) -> HttpResponse:
    """Vehicles by VIN (its beginning or end) or plate, model, day of delivery, customer, warranty."""
    wanted = filters.asked(filters.VehicleFilter, request.GET)
    rows = filters.vehicles(vehicles_for(request.user), wanted, local_day(request.arrived_at))
    context: dict[str, Any] = {
        "form": filters.VehicleFilter(wanted),
        "query": urlencode(wanted),
        "may_register": may(request.user, "customer_vehicle.write", Vehicle(seller=request.user)),
        "may_import": may(request.user, "vehicle.import"),
        "may_export": may(request.user, "list.export"),
    }
    context |= paged(request, rows.select_related("model", "customer__person"))
    for row in context["rows"]:
        row.buyer = shown_customer(request.user, row.customer)
        row.is_others = row.customer is not None and row.buyer == row.customer.number
    context["others"] = any(row.is_others for row in context["rows"])
    return render(request, "sales/vehicles.html", context)


@action("customer_vehicle.write")
@require_http_methods(["GET", "POST"])
@once
def new_vehicle(request: Any) -> HttpResponse:
    """Register a vehicle (A22); an engineer only changes the vehicle of a ticket of his."""
    demand(request.user, "customer_vehicle.write", Vehicle(seller=request.user))
    sellers = _sellers(request)
    form = (
        VehicleForm(request.POST, sellers=sellers, user=request.user)
        if request.method == "POST"
        else VehicleForm(initial={"vin": request.GET.get("vin", "")}, sellers=sellers)
    )
    if request.method == "POST" and form.is_valid():
        facts = {"seller": request.user} | form.cleaned_data if sellers is None else form.cleaned_data
        try:
            row = services.register_vehicle(by=request.user, at=request.arrived_at, **facts)
        except Refusal as refusal:
            at_field(form, refusal)
        else:
            messages.success(request, _("Vehicle {vin} is registered.").format(vin=row.vin))
            return redirect(row)
    return _form_page(request, form, _("Register a vehicle"), "/vehicles/", _("Vehicles"))


def _sellers(request: Any) -> Any:
    """Who may be named as a vehicle's salesperson; nobody by who only writes his own."""
    if request.user.cell("customer_vehicle.write") != "Y":
        return None
    return User.objects.filter(pk__in=members(Department.SALES, request.arrived_at)).order_by("username")


@action("customer_vehicle.write")
@require_http_methods(["GET", "POST"])
@once
def edit_vehicle(request: Any, vin: str) -> HttpResponse:
    row = get_object_or_404(Vehicle.objects.select_related("model", "customer"), vin=vin)
    demand(request.user, "customer_vehicle.write", row)
    data = [request.POST] if request.method == "POST" else []
    form = VehicleForm(*data, vehicle=row, sellers=_sellers(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_vehicle(row, by=request.user, at=request.arrived_at, **form.cleaned_data)
        except Refusal as refusal:
            at_field(form, refusal)
            look_again(form, refusal, known, Vehicle.objects.get(pk=row.pk))
        else:
            messages.success(request, _("Saved."))
            return redirect(row)
    return _form_page(request, form, _("Change the vehicle"), row.get_absolute_url(), row.vin, VEHICLES)


@action("customer.view")
@require_GET
def customers(request: Any) -> HttpResponse:
    """Customers by number, name or phone, kind and region; phones masked."""
    wanted = filters.asked(filters.CustomerFilter, request.GET)
    rows = filters.customers(listed_customers(customers_for(request.user)), wanted, request.user)
    context: dict[str, Any] = {
        "form": filters.CustomerFilter(wanted),
        "query": urlencode(wanted),
        "may_import": may(request.user, "vehicle.import"),
        "may_export": may(request.user, "list.export"),
        "may_merge": may(request.user, merging.ACTION),
        "may_plain": may(request.user, plain.ACTION),
    } | paged(request, rows)
    for row in context["rows"]:
        row.masked = mask(row.person.phone) if row.person.phone else "–"
    return render(request, "sales/customers.html", context)


@action("customer.view", "purchase_intent.create", "parts_order.open")
@require_GET
def customer_options(request: Any) -> HttpResponse:
    """Customers whom this person may open and who answer to what is typed, whatever the field's name: number, name, company,
    phone. A browser offers only what holds the typed word, so digits that found somebody stand in his line."""
    word = any_word(request, 60)
    rows = filters.customers(listed_customers(customers_for(request.user)), {"name": word}, request.user)
    found = list(rows.filter(erased_at=None).order_by("-pk")[:OFFERED]) if len(word) > 1 else []
    return render(
        request, "sales/_customers_found.html", {"customers": found, "digits": word if word.isdigit() else ""}
    )


@action(merging.ACTION)
@require_GET
def twice(request: Any) -> HttpResponse:
    """Customers who share a phone, or a name and organisation: perhaps one and the same. `stays` names whom the others of his
    group would come to; else it is the oldest."""
    groups, stays = duplicates.groups(), request.GET.get("stays", "")
    for group in groups:
        group.customers.sort(key=lambda row: row.number != stays)
    return render(request, "sales/twice.html", {"groups": groups})


@action(merging.ACTION)
@require_POST
@once
def apart(request: Any, number: str) -> HttpResponse:
    """Two rows that look like one customer are two; they are not shown together again."""
    row, form = seen(request, number), MergeForm(request.POST)
    if form.is_valid():
        try:
            merging.keep_apart(row, form.cleaned_data["gone"], by=request.user, at=request.arrived_at)
            messages.success(request, _("They stay two customers and are not shown here again."))
        except Refusal as refusal:
            messages.error(request, str(refusal))
    else:
        messages.error(request, " ".join(str(said) for said in form.errors.get("gone", [])))
    return redirect("sales:twice")


def _customer(request: Any, number: str, **kwargs: Any) -> HttpResponse:
    return redirect("sales:customer", number)


def seen(request: Any, number: str) -> Customer:
    return get_object_or_404(customers_for(request.user), number=number)


@action("customer_vehicle.write")
@require_http_methods(["GET", "POST"])
@once
def edit_customer(request: Any, number: str) -> HttpResponse:
    row = seen(request, number)
    if (now := who_is_now(row)) != row:
        return redirect("sales:edit_customer", now.number)
    demand(request.user, "customer_vehicle.write", row)
    if not may(request.user, "customer.phone_reveal", row) or row.erased_at:
        demand(request.user, "customer.rights_request.execute")
    form = (
        CustomerForm(request.POST, customer=row) if request.method == "POST" else CustomerForm(customer=row)
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_customer(row, by=request.user, at=request.arrived_at, **form.cleaned_data)
        except Refusal as refusal:
            at_field(form, refusal)
            look_again(form, refusal, known_customer, Customer.objects.get(pk=row.pk))
        else:
            messages.success(request, _("Saved."))
            return redirect(row)
    return _form_page(request, form, _("Change the customer"), row.get_absolute_url(), row.number, CUSTOMERS)


@action("customer.phone_reveal")
@require_POST
def reveal(request: Any, number: str) -> HttpResponse:
    """A customer's phone in plain; the look is written down (A14)."""
    row = seen(request, number)
    demand(request.user, "customer.phone_reveal", row)
    services.audit(
        "customer.phone_revealed", by=request.user, at=request.arrived_at, subject=f"customer:{row.number}"
    )
    template = "repairs/_phone_plain.html" if request.headers.get("HX-Request") else "sales/phone.html"
    return render(request, template, {"phone": row.person.phone, "customer": row})


@action("customer.rights_request.open", "customer.rights_request.execute")
@posted(_customer)
@once
def erase(request: Any, number: str, shown: Shown) -> HttpResponse:
    """An act of an erasure: asked for, proposed by a leader, carried out by another (SD11); of a merged customer it is the kept
    one's. `act` names the one that the button showed: no other is done. `shown` answers with his page, where what was refused
    stands."""
    row, form = who_is_now(seen(request, number)), ReasonForm(request.POST)
    open_one, act = rights.open_request(row), request.POST.get("act", "ask")
    try:
        rights.as_shown(open_one, act)
        if open_one is not None:
            ERASING[act](open_one, by=request.user, at=request.arrived_at)
        elif form.is_valid():
            rights.ask(row, reason=form.cleaned_data["reason"], by=request.user, at=request.arrived_at)
        else:
            return shown(request, row, reason_form=form)
    except Refusal as refusal:
        return shown(request, row, erase_refusal=refusal)
    messages.success(request, _("Saved."))
    return redirect(row)


ERASING: dict[str, Callable[..., ErasureRequest]] = {"propose": rights.propose, "carry_out": rights.carry_out}


@action(merging.ACTION)
@posted(_customer)
@once
def merge(request: Any, number: str, shown: Shown) -> HttpResponse:
    """Another customer's row is the same customer: its papers come here. `shown` answers with his page, where an error stands."""
    row, form = seen(request, number), MergeForm(request.POST)
    if form.is_valid():
        try:
            merging.merge(row, form.cleaned_data["gone"], by=request.user, at=request.arrived_at)
        except Refusal as refusal:
            at_field(form, refusal)
        else:
            messages.success(request, _("Merged. It can be taken back on this page."))
            return redirect(row)
    return shown(request, row, merge_form=form)


@action(merging.ACTION)
@require_POST
@once
def unmerge(request: Any, pk: int) -> HttpResponse:
    row = get_object_or_404(CustomerMerge.objects.select_related("kept"), pk=pk)
    try:
        merging.undo(row, by=request.user, at=request.arrived_at)
        messages.success(request, _("The merge was taken back."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(row.kept)


def at_field(form: Any, refusal: Refusal) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


def look_again(form: Any, refusal: Refusal, known: Callable[[Any], dict[str, Any]], row: Any) -> None:
    """Somebody was faster: what stands there now is said at the fields where something else is typed, and sent again it is
    overwritten knowingly."""
    if not isinstance(refusal, Stale):
        return
    form.data = form.data.copy()
    form.data["seen"] = state_of(row)
    for name, value in known(row).items():
        field = form.fields.get(name)
        if field is not None and field.has_changed(value, form[name].data):
            shown = dict(getattr(field, "choices", ())).get(value, value)
            form.add_error(name, _("Now it says: {value}").format(value=shown or "–"))


def _form_page(
    request: Any, form: Any, title: str, back: str, whence: str, above: Any = None
) -> HttpResponse:
    """`whence`: what stands at `back`; `above`: address and word of the list that holds it."""
    status = 422 if form.is_bound else 200
    context = {"form": form, "title": title, "back": back, "whence": whence, "above": above}
    return render(request, "sales/form.html", context, status=status)
