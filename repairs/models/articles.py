"""Help for customers who look for a remedy themselves first (2.2): articles in versions, drafted by one, published by another
(SD05). The text of a published version never changes (`repairs.frozen` holds it in the database)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from catalogue.models import Part, VehicleModel

U = settings.AUTH_USER_MODEL


class ArticleStage(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("help article", "Draft")
    PUBLISHED = "published", pgettext_lazy("help article", "Published")
    REPLACED = "replaced", pgettext_lazy("help article", "Replaced")
    WITHDRAWN = "withdrawn", pgettext_lazy("help article", "Withdrawn")
    DROPPED = "dropped", pgettext_lazy("help article", "Dropped")


class Symptom(models.TextChoices):
    """What a customer notices; the groups in which the public list stands."""

    DRIVE = "drive", _("It does not drive")
    CHARGE = "charge", _("It does not charge")
    RANGE = "range", _("No power, short range")
    BRAKES = "brakes", _("Brakes and steering")
    DISPLAY = "display", _("Display and fault codes")
    LIGHTS = "lights", _("Lights, horn, wipers")
    NOISE = "noise", _("Noise and vibration")
    BODY = "body", _("Body, doors, tail lift")
    OTHER = "other", pgettext_lazy("symptom", "Something else")


class HelpArticle(models.Model):
    """One remedy, whatever its versions say; `key` is its public address. `source` is the number of the quality report that
    taught it, `model_code` the model as that report names it."""

    key = models.SlugField(_("address"), max_length=60, unique=True, editable=False)
    source = models.CharField(_("quality report"), max_length=20, blank=True, editable=False)
    model_code = models.CharField(_("model"), max_length=80, blank=True, editable=False)
    part = models.ForeignKey(
        Part, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("part"), editable=False
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("help article")
        constraints = [
            models.UniqueConstraint("source", condition=~Q(source=""), name="one_article_a_case"),
        ]

    def __str__(self) -> str:
        return self.key

    def get_absolute_url(self) -> str:
        return reverse("public:article", args=[self.key])


class HelpVersion(models.Model):
    """What an article says from its publication until the next one: `steps` is a list of {text, picture, caption}, `picture`
    the key of a `HelpPicture` or ""; no `fits` means every model; `stop` tells the reader to leave the vehicle at once.

    `words`, `sounds` and `initials` are the search keys of `repairs.forgiving`; `revision` counts the savings of a draft.
    """

    article = models.ForeignKey(HelpArticle, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    stage = models.CharField(
        _("stage"), max_length=10, choices=ArticleStage.choices, default=ArticleStage.DRAFT, editable=False
    )
    title = models.CharField(_("title"), max_length=120)
    symptom = models.TextField(_("symptom"), blank=True)
    group = models.CharField(_("group"), max_length=10, choices=Symptom.choices, default=Symptom.OTHER)
    stop = models.BooleanField(_("stop at once"), default=False)
    keywords = models.CharField(_("other words for it"), max_length=300, blank=True)
    fits = models.ManyToManyField(VehicleModel, related_name="+", blank=True, verbose_name=_("models"))
    steps = models.JSONField(_("steps"), default=list)
    words = models.TextField(default="", editable=False)
    sounds = models.TextField(default="", editable=False)
    initials = models.TextField(default="", editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    drafted_by = models.ForeignKey(U, models.PROTECT, related_name="+", editable=False)
    drafted_at = models.DateTimeField(editable=False)
    writers: Any = models.ManyToManyField(U, related_name="+", editable=False)
    published_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+", editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+", editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    why = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    history = HistoricalRecords(excluded_fields=["words", "sounds", "initials"])

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("version of a help article")
        constraints = [
            models.UniqueConstraint("article", "number", name="help_version_once"),
            models.UniqueConstraint("article", condition=Q(stage="draft"), name="one_draft_an_article"),
            models.UniqueConstraint("article", condition=Q(stage="published"), name="one_published_an_article"),
            models.CheckConstraint(
                condition=Q(published_by=None) | ~Q(published_by=F("drafted_by")), name="article_two_people"
            ),
            models.CheckConstraint(
                condition=Q(stage__in=["draft", "dropped"], published_at=None, published_by=None)
                | Q(
                    stage__in=["published", "replaced", "withdrawn"],
                    published_at__isnull=False,
                    published_by__isnull=False,
                ),
                name="article_published_at",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("technical:article", args=[self.article.key])

    def pictures(self) -> list[str]:
        """The keys of its pictures, in the order of the steps."""
        return [step["picture"] for step in self.steps if step.get("picture")]


class HelpPicture(models.Model):
    """A picture of a step in the private store; `width` and `height` are those of its large derivative, so that a page
    keeps its place while it arrives. Visitors see it while a published version names it."""

    article = models.ForeignKey(HelpArticle, models.PROTECT, related_name="pictures")
    sha256 = models.CharField(max_length=64)
    key = models.CharField(max_length=32, unique=True)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(U, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
