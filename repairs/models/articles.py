"""Help for customers who look for a remedy themselves first (2.2): drafted from a solved case, published by another (SD05)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalogue.models import Part

U = settings.AUTH_USER_MODEL


class ArticleStage(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("help article", "Draft")
    PUBLISHED = "published", pgettext_lazy("help article", "Published")


class HelpArticle(models.Model):
    """One remedy. `source` is the number of the quality report that taught it, `model_code` the model as that report names it."""

    title = models.CharField(_("title"), max_length=120)
    model_code = models.CharField(_("model"), max_length=80, blank=True)
    part = models.ForeignKey(
        Part, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("part")
    )
    symptom = models.TextField(_("symptom"))
    steps = models.TextField(_("steps"))
    stage = models.CharField(
        _("stage"), max_length=10, choices=ArticleStage.choices, default=ArticleStage.DRAFT, editable=False
    )
    source = models.CharField(_("quality report"), max_length=20, blank=True, editable=False)
    drafted_by = models.ForeignKey(U, models.PROTECT, related_name="+", editable=False)
    drafted_at = models.DateTimeField(editable=False)
    published_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+", editable=False)
    published_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("help article")
        constraints = [
            models.CheckConstraint(
                condition=Q(published_by=None) | ~Q(published_by=F("drafted_by")), name="article_two_people"
            ),
            models.CheckConstraint(
                condition=Q(stage="draft", published_at=None)
                | Q(stage="published", published_at__isnull=False),
                name="article_published_at",
            ),
            models.UniqueConstraint("source", condition=~Q(source=""), name="one_article_a_case"),
        ]

    def __str__(self) -> str:
        return self.title
