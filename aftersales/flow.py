"""State machines: django-fsm behind one base class that mends what is known to be wrong in it.

Only this file and the apps' `flow.py` import `django_fsm`; the maintained fork django-fsm-2 installs the
same import name, so that leaving is one line in `pyproject.toml` (docs/decisions/0002).
"""

import functools
from collections.abc import Callable, Iterable
from typing import Any

from django.db import models
from django.db.models.signals import class_prepared
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_fsm import (
    ConcurrentTransition,
    ConcurrentTransitionMixin,
    FSMFieldMixin,
    TransitionNotAllowed,
    transition,
)
from django_fsm import FSMField as PlainField

from .problems import OutOfTurn

__all__ = [
    "ConcurrentTransition",
    "FSMField",
    "FlowModel",
    "OutOfTurn",
    "TransitionNotAllowed",
    "guard",
    "says",
    "transition",
]

Guard = Callable[[Any], bool]


class FSMField(PlainField):
    """The field of a stage. Migrations render every model hundreds of times; django-fsm would look each time through all that
    were rendered before, for transitions that such a model never has: half of what a migration takes."""

    def contribute_to_class(self, cls: type[models.Model], name: str, **kwargs: Any) -> None:
        super().contribute_to_class(cls, name, **kwargs)
        if cls.__module__ == "__fake__":
            class_prepared.disconnect(self._collect_transitions)


def guard(sentence: str | Promise, clause: str = "") -> Callable[[Guard], Guard]:
    """Mark a condition with the sentence shown when it refuses, and its clause."""

    def mark(condition: Guard) -> Guard:
        condition.sentence, condition.clause = sentence, clause  # type: ignore[attr-defined]  # a function may carry notes
        return condition

    return mark


def says(label: str | Promise, fact: str | None = None, clause: str = "") -> dict[str, Any]:
    """What a transition carries: the button's word, the fact it tells the clock, its clause."""
    return {"label": label, "fact": fact, "clause": clause}


@functools.cache
def _state_fields(model: type[models.Model]) -> tuple[FSMFieldMixin, ...]:
    return tuple(field for field in model._meta.fields if isinstance(field, FSMFieldMixin))


class FlowModel(ConcurrentTransitionMixin, models.Model):
    """A paper with a protected stage: refreshable, cleanable, and saved only if nobody moved it meanwhile."""

    class Meta:
        abstract = True

    @property
    def state_fields(self) -> tuple[FSMFieldMixin, ...]:
        """Found once per class; django-fsm looks through all fields of every object that is made."""
        return _state_fields(type(self))

    @classmethod
    def _protected_fields(cls) -> list[FSMFieldMixin]:
        fields = cls._meta.concrete_fields
        return [f for f in fields if isinstance(f, FSMFieldMixin) and f.protected]

    def refresh_from_db(
        self, using: str | None = None, fields: Iterable[str] | None = None, from_queryset: Any = None
    ) -> None:
        """Reload; django-fsm 3 fails here because a protected field refuses its second assignment."""
        names = set(fields) if fields is not None else None
        wanted = [f.attname for f in self._protected_fields() if names is None or f.attname in names]
        saved = {name: self.__dict__.pop(name) for name in wanted if name in self.__dict__}
        try:
            models.Model.refresh_from_db(self, using=using, fields=fields, from_queryset=from_queryset)
        except BaseException:
            for name, value in saved.items():
                self.__dict__.setdefault(name, value)
            raise
        self._update_initial_state()

    def clean_fields(self, exclude: Iterable[str] | None = None) -> None:
        flow = {f.name for f in self._protected_fields()}
        super().clean_fields(exclude=set(exclude or ()) | flow)

    def why_not(self, name: str) -> OutOfTurn | None:
        """The reason why transition `name` cannot be taken from the present stage, or None."""
        flow = getattr(self, name)._django_fsm
        stage = getattr(self, flow.field.name)
        step = flow.get_transition(stage)
        if step is None:
            clause = next(iter(flow.transitions.values())).custom.get("clause", "")
            return OutOfTurn(
                _("This step cannot be taken at the stage “{stage}”."), clause, stage=self.stage_label()
            )
        for condition in step.conditions or ():
            if not condition(self):
                return OutOfTurn(condition.sentence, condition.clause)
        return None

    def stage_label(self) -> str:
        """Where the paper stands, in the reader's language."""
        return str(self.get_stage_display())  # type: ignore[attr-defined]  # Django makes it from the choices

    def move(self, name: str, **entries: Any) -> None:
        """Take transition `name`, or raise `OutOfTurn` with the sentence of what stands in the way."""
        refusal = self.why_not(name)
        if refusal is not None:
            raise refusal
        getattr(self, name)(**entries)
