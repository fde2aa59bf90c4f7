"""The part master. What is known of a part changes in batches, proposed by one and approved by another (D14, SD05)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from aftersales.appendonly import append_only
from aftersales.grams import GramsField, grams, normalise

from .vehicles import PartGroup, VehicleModel

#: what the warehouse, finance and dispatch ask of a part (domain 4): its five marks
FLAGS = ("assembly", "valuable", "wearing", "recyclable", "bulky")


def label_of(model: type[models.Model], name: str) -> Any:
    """A field's own word, for headings and filters."""
    field: Any = model._meta.get_field(name)
    return field.verbose_name


class PartFacts(models.Model):
    """What a batch may say of a part."""

    name = models.CharField(_("part name"), max_length=80)
    spec = models.CharField(_("specification"), max_length=120, blank=True)
    unit = models.CharField(_("unit"), max_length=10, default="件")
    group = models.CharField(
        _("part group"), max_length=20, choices=PartGroup.choices, default=PartGroup.WHOLE
    )
    assembly = models.BooleanField(
        _("assembly"), default=False, help_text=_("Purchasing need not be asked (5.2).")
    )
    valuable = models.BooleanField(
        _("valuable"), default=False, help_text=_("Its identification code is compulsory (5.1).")
    )
    wearing = models.BooleanField(_("wearing part"), default=False)
    recyclable = models.BooleanField(
        _("recyclable"), default=False, help_text=_("The old part has a value (4.5a).")
    )
    bulky = models.BooleanField(_("bulky"), default=False, help_text=_("Must be carried by car (6.1c)."))
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        abstract = True


class PartQuerySet(models.QuerySet["Part"]):
    def found_by(self, text: str) -> "PartQuerySet":
        """Parts whose code, name, specification or pinyin initials hold the words of `text`, or that fit the model `text`."""
        word = text.strip().lower()
        if not word:
            return self
        if (model := VehicleModel.objects.filter(code__iexact=word).first()) is not None:
            return self.filter(Q(grams__has=word) | Exists(_fit(model)))
        if not (plain := normalise(word)):
            return self.none()
        if len(plain) > 1:
            return self.filter(grams__has=word)
        return self.filter(
            Q(code__istartswith=plain) | Q(initials__startswith=plain) | Q(name__contains=plain)
        )

    def fitting(self, model: VehicleModel | None) -> "PartQuerySet":
        """Parts that fit this model; a part that names no model fits all."""
        return self if model is None else self.filter(Exists(_fit(model)) | ~Exists(_fit()))


def _fit(model: VehicleModel | None = None) -> Any:
    """What ties a part to this model, or to any."""
    rows = Part.fits.through.objects.filter(part_id=OuterRef("pk"))
    return rows if model is None else rows.filter(vehiclemodel_id=model.pk)


class Part(PartFacts):
    """A part as it is known today."""

    code = models.CharField(_("part code"), max_length=40, unique=True)
    fits = models.ManyToManyField(VehicleModel, blank=True, related_name="parts", verbose_name=_("fits"))
    initials = models.CharField(max_length=80, editable=False, default="")
    grams = GramsField(default=list, editable=False)

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("part")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.index()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("catalogue:part", args=[self.code])

    def index(self) -> None:
        """Words by which the part is found: code, name, specification, pinyin initials."""
        from ..rules import initials_of

        self.initials = initials_of(self.name)
        self.grams = grams(self.code.lower(), self.name.lower(), self.spec.lower(), self.initials)


class PartBatch(models.Model):
    """Parts proposed together, by hand or from a file; approved by somebody else, all or nothing."""

    reason = models.CharField(_("reason"), max_length=200)
    source = models.CharField(_("file"), max_length=200, blank=True, editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    proposed_at = models.DateTimeField(editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )
    decided_at = models.DateTimeField(null=True, editable=False)
    approved = models.BooleanField(null=True, editable=False)
    refusal = models.CharField(_("reason of the refusal"), max_length=200, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("proposed_by")),
                name="part_batch_two_people",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, approved=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False, approved__isnull=False),
                name="part_batch_decided_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("catalogue:batch", args=[self.pk])


@append_only
class PartVersion(PartFacts):
    """What one batch says of one part: the history of the master."""

    batch = models.ForeignKey(PartBatch, models.PROTECT, related_name="versions")
    code = models.CharField(_("part code"), max_length=40, db_index=True)
    fits = models.JSONField(_("fits"), default=list)  # codes of vehicle models

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint("batch", "code", name="part_once_a_batch")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
