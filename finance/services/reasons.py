"""Why a row of the ledger was posted; what a person typed (a reversal's reason) is shown as it stands."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Why(models.TextChoices):
    """The words of `Transfer.why`."""

    RECEIPT = "receipt", pgettext_lazy("ledger", "money arrived")
    ISSUED = "issued", pgettext_lazy("ledger", "parts issued")
    PAID = "paid", pgettext_lazy("ledger", "paid in advance")
    CREDIT = "credit", pgettext_lazy("ledger", "paid too much, the customer's credit")
    AWAITED = "awaited", pgettext_lazy("ledger", "charged until the old part is back")
    UNUSED = "unused", pgettext_lazy("ledger", "unused parts returned")
    OLD_PART = "old_part", pgettext_lazy("ledger", "old part received or waived")
    CONVERTED = "converted", pgettext_lazy("ledger", "old part never came")
    RERATED = "rerated", pgettext_lazy("ledger", "charge decided anew")
    MERGED = "merged", pgettext_lazy("ledger", "two customers were one")
    SHARE = "share", pgettext_lazy("ledger", "share of the year's profit")


def shown(why: str) -> str:
    """In words, in the reader's language."""
    return str(Why(why).label) if why in Why.values else why
