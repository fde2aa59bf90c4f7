"""信息费 XF (4.2): what a salesperson owes the engineer whose lead led to his sale."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from aftersales.money import MoneyField
from aftersales.paperwork import Paper
from sales.models import Sale

from ..flow import FeeFlow

U = settings.AUTH_USER_MODEL


class FeeQuerySet(models.QuerySet["Fee"]):
    def visible_to(self, user: Any) -> "FeeQuerySet":
        """J139: all, or what one gets or owes oneself."""
        letter = user.cell("fee.view")
        own = Q(engineer=user) | Q(seller=user)
        return self if letter == "Y" else self.filter(own) if letter == "O" else self.none()


class Fee(FeeFlow, Paper):
    """One sale owes one fee at most. Who, to whom and how much are frozen when the commission was confirmed."""

    sale = models.OneToOneField(Sale, models.PROTECT, related_name="information_fee", verbose_name=_("sale"))
    seller = models.ForeignKey(U, models.PROTECT, related_name="fees_owed", verbose_name=_("owed by"))
    engineer = models.ForeignKey(U, models.PROTECT, related_name="fees", verbose_name=_("owed to"))
    commission = MoneyField(_("commission"))
    share = models.DecimalField(max_digits=5, decimal_places=4)
    amount = MoneyField(_("amount"))
    ordered_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+", editable=False)
    ordered_at = models.DateTimeField(null=True, editable=False)
    history = HistoricalRecords()

    objects = FeeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("information fee")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=Decimal(0)), name="fee_positive"),
            models.CheckConstraint(condition=~Q(seller=F("engineer")), name="fee_between_two"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("finance:fee", args=[self.number])

    def is_own(self, user: Any, action: str) -> bool:
        return user.pk in (self.seller_id, self.engineer_id)

    @property
    def key(self) -> str:
        """Under which the ledger knows it: once for each sale."""
        return f"fee:{self.sale.number}"
