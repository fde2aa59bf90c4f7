"""Why a row of the ledger was posted; what a person typed (a reversal's reason) is shown as it stands."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Why(models.TextChoices):
    """The words of `Transfer.why`."""

    RECEIPT = "receipt", pgettext_lazy("ledger", "money arrived")
    ISSUED = "issued", pgettext_lazy("ledger", "parts issued")
    PAID = "paid", pgettext_lazy("ledger", "the customer paid")
    CREDIT = "credit", pgettext_lazy("ledger", "paid too much, the customer's credit")
    AWAITED = "awaited", pgettext_lazy("ledger", "charged until the old part is back")
    UNUSED = "unused", pgettext_lazy("ledger", "unused parts returned")
    OLD_PART = "old_part", pgettext_lazy("ledger", "old part received or waived")
    CONVERTED = "converted", pgettext_lazy("ledger", "old part never came")
    RERATED = "rerated", pgettext_lazy("ledger", "charge decided anew")
    LABOUR = "labour", pgettext_lazy("ledger", "labour and other work")
    OPENING = "opening", pgettext_lazy("ledger", "taken over from paper")
    DEDUCTED = "deducted", pgettext_lazy("ledger", "deducted from the wage (8.8)")
    REFUNDED = "refunded", pgettext_lazy("ledger", "due back to the engineer (8.8)")
    WRITTEN_OFF = "written_off", pgettext_lazy("ledger", "written off")
    PAID_BACK = "paid_back", pgettext_lazy("ledger", "paid back to the customer")
    UNDONE = "undone", pgettext_lazy("ledger", "the receipt was reversed")
    SHARE = "share", pgettext_lazy("ledger", "share of the year's profit (8.10)")
    FEE = "fee", pgettext_lazy("ledger", "information fee (4.2)")
    FEE_PASSED = "fee_passed", pgettext_lazy("ledger", "information fee, paid with the wage (4.2)")
    CLAIMED = "claimed", pgettext_lazy("ledger", "travel claim paid (8.2)")
    MERGED = "merged", pgettext_lazy("ledger", "two customers were one")


def shown(why: str) -> str:
    """In words, in the reader's language."""
    return str(Why(why).label) if why in Why.values else why
