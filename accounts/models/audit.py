"""What happened beside the papers: sign-ins, reveals, exports, grants. Never changed, never deleted (H06)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftersales.appendonly import append_only

from .user import User


@append_only
class AuditEvent(models.Model):
    """`subject` is a text such as `ticket:17`; `data` holds ids and reasons, never personal data of customers."""

    at = models.DateTimeField(_("when"), db_index=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("who"))
    verb = models.CharField(_("what"), max_length=60)
    subject = models.CharField(_("about"), max_length=80, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("audit event")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index("subject", "at", name="audit_subject"),
            models.Index("by", "at", name="audit_by"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.subject}"
