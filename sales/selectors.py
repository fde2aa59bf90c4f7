"""Reading customers and vehicles."""

import json
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.crypto import salted_hmac

from accounts.access import may
from accounts.grants import cell
from aftersales import phones
from catalogue.selectors import Warranty, warranty

from .models import PERSONAL, Customer, CustomerMerge, Delivery, Person, Sale, Vehicle, VehicleQuerySet


def by_phone(text: str) -> QuerySet[Person]:
    """Whoever gave this phone number; the person's customer and his vehicles come along."""
    try:
        number = phones.parse(text)
    except ValueError:
        return Person.objects.none()
    known = Person.objects.filter(phone=number, erased_at=None) | Person.objects.filter(
        alt_phone=number, erased_at=None
    )
    return known.select_related("customer").order_by("-pk")


def customers_by_phone(text: str) -> list[Customer]:
    """Whose customers gave this phone number."""
    rows = by_phone(text).exclude(customer=None) if text else []
    return list(dict.fromkeys(person.customer for person in rows if person.customer is not None))


def vehicle_by_vin(vin: str) -> Vehicle | None:
    """The registered vehicle with exactly this VIN (blanks and case do not matter)."""
    rows = Vehicle.objects.select_related("model", "customer").filter(vin="".join(vin.split()).upper())
    return next(
        iter(rows.order_by()[:1]), None
    )  # it is unique: putting it in order costs more than finding it


def warranty_of(vehicle: Vehicle | None, group: str = "whole") -> Warranty | None:
    """Its warranty, or None while the VIN is unknown or was never delivered (then nothing is under warranty)."""
    if vehicle is None or vehicle.delivered_on is None:
        return None
    return warranty(vehicle.model, vehicle.delivered_on, group)


def customers_for(user: Any) -> QuerySet[Customer]:
    """Customers that `user` may open: all, or (sales) those he sold to."""
    found = cell("customer.view", user.roles)
    rows = Customer.objects.select_related("person")
    if found == "O":
        return rows.filter(seller=user)
    return rows if found == "Y" else rows.none()


def shown_customer(user: Any, customer: Customer | None) -> str:
    """What a list calls him: company or name for whom may open him, his number for everybody else (J09)."""
    if customer is None:
        return ""
    name = name_of(customer.person) if may(user, "customer.view", customer) else ""
    return name or customer.number


def name_of(person: Person) -> str:
    """The company, or without one the person."""
    return person.organisation or person.shown_name


def buyer(user: Any, sale: Sale) -> str:
    """Name and number for whom may open the customer and for who sold to him; his number for everybody else (J09)."""
    customer = sale.customer
    knows = sale.seller_id == user.pk or may(user, "customer.view", customer)
    return f"{name_of(customer.person)} · {customer.number}" if knows else customer.number


def listed_customers(rows: QuerySet[Customer]) -> QuerySet[Customer]:
    """Without those who were merged into another."""
    return rows.exclude(pk__in=CustomerMerge.objects.filter(undone_at=None).values("gone"))


def named(rows: QuerySet[Customer], text: str, user: Any) -> QuerySet[Customer]:
    """Those of `rows` with this name or organisation; a phone finds only for whom it is not masked (A14)."""
    plain = cell("customer.phone_reveal", user.roles) != "-"  # O: his rows are his own
    return rows.filter(person__in=Person.objects.found_by(text, by_phone=plain))


#: what the form of a vehicle or a customer shows, and so overwrites
SHOWN: dict[Any, tuple[str, ...]] = {
    Vehicle: ("model_id", "plate", "built_on", "delivered_on", "motor_no", "battery_no", "controller_no", "customer_id",
              "seller_id"),
    Customer: ("kind", "region", *(f"person__{name}" for name in PERSONAL if name != "email")),
}  # fmt: skip


def state_of(row: Vehicle | Customer) -> str:
    """A sign of what stands there now; it travels with the form, and another one says that somebody was faster. Nothing personal
    can be read from it."""
    facts = type(row)._default_manager.filter(pk=row.pk).values_list(*SHOWN[type(row)])[0]
    return salted_hmac("sales.state", json.dumps([row.pk, *map(str, facts)])).hexdigest()


def vehicles_for(user: Any) -> VehicleQuerySet:
    """Vehicles that `user` may open: no personal data stands on them (J08)."""
    return Vehicle.objects.all() if cell("vehicle.view", user.roles) == "Y" else Vehicle.objects.none()


def who_is_now(customer: Customer) -> Customer:
    """The customer, or the one into whom he was merged since (A23)."""
    row = CustomerMerge.objects.filter(gone=customer, undone_at=None).select_related("kept").first()
    return who_is_now(row.kept) if row is not None else customer


def rows_of(customer: Customer) -> list[int]:
    """Keys of every row that is this customer: his own and those merged into it, at whatever remove (A23)."""
    found, last = [customer.pk], [customer.pk]
    while last:
        into = CustomerMerge.objects.filter(kept__in=last, undone_at=None)
        last = list(into.exclude(gone__in=found).values_list("gone", flat=True))
        found += last
    return found


# --- deliveries
def deliveries_for(user: Any) -> QuerySet[Delivery]:
    """Records that `user` may open: all, or (sales) of vehicles that he sold (J125)."""
    found = cell("delivery.view", user.roles)
    rows = Delivery.objects.select_related("vehicle__model", "customer__person", "made_by")
    if found == "O":
        return rows.filter(Q(made_by=user) | Q(vehicle__seller=user))
    return rows if found == "Y" else rows.none()


def without_record(rows: VehicleQuerySet) -> VehicleQuerySet:
    """Sold vehicles whose hand-over nobody has written down (2.1); what was delivered before the portal knew it is history."""
    late = Q(delivered_on=None) | Q(delivered_on__gte=TruncDate("made_at"))
    recorded = Delivery.objects.filter(vehicle=OuterRef("pk"), current=True)
    return rows.filter(late, ~Exists(recorded), customer__isnull=False)
