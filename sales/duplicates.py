"""Customers who were perhaps entered twice: the same phone, or the same name and organisation (A23). A hint, never an act."""

from typing import Any, NamedTuple

from django.db.models import Count, Q

from aftersales.phones import mask

from .models import Customer, Person
from .selectors import listed_customers

SHOWN = 100


class Group(NamedTuple):
    """Customers who share something, the oldest first; `shared` is what, a phone masked."""

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
    wanted = {(True, r["phone"]) for r in same_phone} | {
        (False, f"{r['name']} {r['organisation']}") for r in same_name
    }
    return _groups(found, wanted)


def _several(rows: Any) -> list[dict[str, Any]]:
    counted = rows.annotate(many=Count("customer", distinct=True)).filter(many__gt=1)
    return list(counted.order_by("-many")[:SHOWN])


def _named(rows: list[dict[str, Any]]) -> Q:
    found = Q(pk__in=[])
    for row in rows:
        found |= Q(name=row["name"], organisation=row["organisation"])
    return found


def _groups(found: dict[tuple[bool, str], dict[int, Customer]], wanted: set[tuple[bool, str]]) -> list[Group]:
    """Each set of customers once: who shares both is shown by the phone."""
    seen: set[frozenset[int]] = set()
    groups = []
    for by_phone, shared in sorted(wanted, key=lambda key: (not key[0], key[1])):
        customers = found.get((by_phone, shared), {})
        if len(customers) > 1 and (keys := frozenset(customers)) not in seen:
            seen.add(keys)
            groups.append(Group(by_phone, mask(shared) if by_phone else shared, list(customers.values())))
    return groups


def likely(customer: Customer) -> list[Customer]:
    """Others who share one of this customer's phones, or his name and organisation (two statements)."""
    own = list(Person.objects.filter(customer=customer, erased_at=None))
    same = Q(pk__in=[])
    for person in own:
        for phone in {person.phone, person.alt_phone} - {""}:
            same |= Q(phone=phone) | Q(alt_phone=phone)
        if person.name and person.organisation:
            same |= Q(name=person.name, organisation=person.organisation)
    others = _alive().exclude(pk=customer.pk).filter(pk__in=Person.objects.filter(same).values("customer"))
    return list(others.select_related("person").order_by("pk")[:10]) if own else []
