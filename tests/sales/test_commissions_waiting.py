"""A commission to confirm stands on the home of whoever confirms it (4.2, SD04, SD12)."""

import pytest

from sales import lead_services as services
from sales.lead_selectors import commissions_of
from sales.models import Sale
from tests import build
from tests.parts.conftest import as_user, signed_in

from . import leads

__all__ = ["as_user", "signed_in"]
pytestmark = [pytest.mark.django_db, pytest.mark.clause("4.2")]


def waiting(client):
    return {line["url"]: line["text"] for line in client.get("/desk/").context["waiting"]}


def test_the_head_of_sales_is_told_and_finance_where_he_sold_himself(people, as_user, monday):
    theirs = leads.sale(leads.customer(monday), people.sales, monday)
    his = leads.sale(leads.customer(monday), people.sales_head, monday)
    assert waiting(as_user(people.sales_head)) == {theirs.get_absolute_url(): theirs.number}
    assert waiting(as_user(people.fin)) == {his.get_absolute_url(): his.number}
    for one in (people.sales, people.eng):
        assert not {theirs.get_absolute_url(), "/sales/"} & waiting(as_user(one)).keys()
    services.confirm(theirs, by=people.sales_head, at=monday)
    services.confirm(his, by=people.fins, at=monday)
    assert waiting(as_user(people.sales_head)) == waiting(as_user(people.fin)) == {}


def test_several_lead_to_the_desk_and_what_was_asked_to_be_cancelled_is_among_them(people, as_user, monday):
    one, two = (leads.sale(leads.customer(monday), people.sales, monday) for _each in range(2))
    services.confirm(one, by=people.sales_head, at=monday)
    services.ask_cancel(one, reason="退订", by=people.sales, at=monday)
    assert waiting(as_user(people.sales_head)) == {"/sales/": f"{one.number} / {two.number}"}


def test_finance_decides_where_nobody_heads_or_the_head_earns_the_fee(people, monday):
    both = build.person("ENG", "SALES", head=True)
    who = leads.customer(monday)
    leads.lead(who, both, monday)
    sale = leads.sale(who, people.sales, monday + build.HOUR)
    assert list(commissions_of(people.fin)) == [sale] and not commissions_of(both).exists()
    both.postings.update(head=False)
    other = leads.sale(leads.customer(monday), people.sales, monday)
    assert set(commissions_of(people.fin)) == {sale, other} == set(Sale.objects.all())
