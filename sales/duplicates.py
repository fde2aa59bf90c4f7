"""Customers who were perhaps entered twice: the same phone, or the same name and organisation (A23). A hint, never an act."""

from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q

from aftersales.phones import mask

from .models import Customer, CustomersApart, Person, Vehicle
from .selectors import listed_customers

SHOWN = 100


class Group(NamedTuple):
    """Customers who share something, the oldest first, each with its number of `cars`; `shared` is what, a phone masked."""

    by_phone: bool
    shared: str
    customers: list[Customer]


def _alive() -> Any:
    return listed_customers(Customer.objects.filter(erased_at=None))


def groups() -> list[Group]:
    """Who shares a phone, then who shares a name and organisation; a handful of statements whatever their number."""
    persons = Person.objects.filter(customer__in=_alive())
    phones = persons.exclude(phone="").values("phone")
    names = persons.exclude(organisation="").exclude(name="").values("name", "organisation")
    same_phone = _several(phones)
    same_name = _several(names)
    rows = persons.filter(Q(phone__in=[r["phone"] for r in same_phone]) | _named(same_name))
    found: dict[tuple[bool, str], dict[int, Customer]] = {}
    for person in rows.select_related("customer__person", "customer__seller").order_by("customer_id"):
        for key in ((True, person.phone), (False, f"{person.name} {person.organisation}")):
            found.setdefault(key, {})[person.customer_id] = person.customer  # type: ignore[index,assignment]
    _count_cars(found)
    wanted = {(True, r["phone"]) for r in same_phone} | {
        (False, f"{r['name']} {r['organisation']}") for r in same_name
    }
    return _groups(found, wanted, _parted())


def _count_cars(found: dict[Any, dict[int, Customer]]) -> None:
    rows = {pk for customers in found.values() for pk in customers}
    counts = dict(Vehicle.objects.filter(customer__in=rows).values_list("customer").annotate(Count("pk")))
    for customers in found.values():
        for pk, row in customers.items():
            row.cars = counts.get(pk, 0)  # type: ignore[attr-defined]


def _several(rows: Any) -> list[dict[str, Any]]:
    counted = rows.annotate(many=Count("customer", distinct=True)).filter(many__gt=1)
    return list(counted.order_by("-many")[:SHOWN])


def _named(rows: list[dict[str, Any]]) -> Q:
    found = Q(pk__in=[])
    for row in rows:
        found |= Q(name=row["name"], organisation=row["organisation"])
    return found


def _parted() -> set[frozenset[int]]:
    return {frozenset(pair) for pair in CustomersApart.objects.values_list("one", "other")}


def _groups(
    found: dict[tuple[bool, str], dict[int, Customer]],
    wanted: set[tuple[bool, str]],
    parted: set[frozenset[int]],
) -> list[Group]:
    """Each set of customers once: who shares both is shown by the phone; who is no other's double is left out."""
    seen: set[frozenset[int]] = set()
    groups = []
    for by_phone, shared in sorted(wanted, key=lambda key: (not key[0], key[1])):
        customers = _doubles(found.get((by_phone, shared), {}), parted)
        if len(customers) > 1 and (keys := frozenset(customers)) not in seen:
            seen.add(keys)
            groups.append(Group(by_phone, mask(shared) if by_phone else shared, list(customers.values())))
    return groups


def _doubles(customers: dict[int, Customer], parted: set[frozenset[int]]) -> dict[int, Customer]:
    return {
        pk: row
        for pk, row in customers.items()
        if any(other != pk and frozenset({pk, other}) not in parted for other in customers)
    }


def likely(customer: Customer) -> list[Customer]:
    """Others who share one of this customer's phones, or his name and organisation (two statements)."""
    own = list(Person.objects.filter(customer=customer, erased_at=None))
    same = Q(pk__in=[])
    for person in own:
        for phone in {person.phone, person.alt_phone} - {""}:
            same |= Q(phone=phone) | Q(alt_phone=phone)
        if person.name and person.organisation:
            same |= Q(name=person.name, organisation=person.organisation)
    apart = CustomersApart.objects.filter(
        Q(one=customer, other=OuterRef("pk")) | Q(other=customer, one=OuterRef("pk"))
    )
    others = _alive().exclude(pk=customer.pk).filter(pk__in=Person.objects.filter(same).values("customer"))
    others = others.filter(~Exists(apart))
    return list(others.select_related("person").order_by("pk")[:10]) if own else []
