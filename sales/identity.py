"""Who a customer is when something is written down about him: merged meanwhile he is another row (A23)."""

from django.utils.translation import gettext_lazy as _

from aftersales.problems import BadEntry

from .models import Customer, CustomerMerge

#: also said of one whom this person may not see (J09)
UNKNOWN = _("There is no customer with this number.")


def held(customer: Customer) -> Customer:
    """Who he is now (A23), under the lock that a merge takes too: nothing is written to a row that is being merged away."""
    found = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    row = CustomerMerge.objects.filter(gone=found, undone_at=None).select_related("kept").first()
    return held(row.kept) if row is not None else found


def living(customer: Customer, clause: str = "") -> Customer:
    """The same for new papers: nobody writes down more of one whose data was erased."""
    found = held(customer)
    if found.erased_at is not None:
        raise BadEntry(_("This customer's personal data is already erased."), clause, "customer")
    return found
