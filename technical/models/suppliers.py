"""供应商索赔 SP: a supplier's share of a final judgement becomes a claim on him (7.1)."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from aftersales.money import MoneyField
from aftersales.paperwork import Paper

from ..flow import SupplierClaimFlow
from .judging import Share

U = settings.AUTH_USER_MODEL


class SupplierClaim(SupplierClaimFlow, Paper):
    """So many yuan asked of a supplier for his share of a case; one for each share, until it is dropped."""

    share = models.ForeignKey(Share, models.PROTECT, related_name="claims", editable=False)
    supplier = models.CharField(_("supplier"), max_length=80, editable=False)
    loss = MoneyField(_("loss of the case"))
    amount = MoneyField(_("claimed"))
    basis = models.CharField(_("how it was computed"), max_length=300)
    sent_on = models.DateField(_("sent on"), null=True, editable=False)
    sent_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+", editable=False)
    settled_on = models.DateField(_("settled on"), null=True, editable=False)
    settled_amount = MoneyField(_("settled"), null=True, editable=False)
    settled_how = models.CharField(_("how"), max_length=200, blank=True, editable=False)
    dropped_why = models.CharField(_("dropped because"), max_length=300, blank=True, editable=False)
    history = HistoricalRecords()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("claim on a supplier")
        constraints = [
            models.UniqueConstraint("share", condition=~Q(stage="dropped"), name="one_claim_a_share"),
            models.CheckConstraint(condition=Q(amount__gt=Decimal(0)), name="supplier_claim_positive"),
            models.CheckConstraint(
                condition=Q(settled_amount=None) | Q(settled_amount__gte=Decimal(0)),
                name="supplier_claim_settled",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("technical:supplier_claim", args=[self.number])

    def is_own(self, user: Any, action: str) -> bool:
        return False
