"""The steps of a staged paper: its word, clause, right, form and service, taken through one door by pages and API.

A paper is a `FlowModel` with `stage`, `revision` and `is_own`. A new step is one transition, one service, one form
and one row in the paper's table of steps.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.problems import OutOfTurn, Refusal, Stale

from .access import demand, may


@dataclass(frozen=True)
class Step:
    """`transitions` are the edges of the flow that it may take (empty: it moves nothing); `stages` is where it is
    offered; `action` the row of the policy that it asks; `reauthenticate`: password or code again before it (C05–C07)."""

    name: str
    label: str | Promise
    clause: str
    action: str
    form: type[Any]
    service: Callable[..., Any]
    stages: tuple[Any, ...]
    transitions: tuple[str, ...] = ()
    danger: bool = False
    reauthenticate: bool = False
    when: Callable[[Any], bool] | None = None  # offered only while this holds of the paper

    @property
    def moves(self) -> bool:
        return bool(self.transitions)

    def fits(self, paper: Any) -> bool:
        return self.when is None or self.when(paper)


class Steps:
    """The table of steps of one kind of paper. `lock` answers the paper under its lock, where another row comes first:
    papers of a ticket lock the ticket before themselves, so that nobody waits in a circle. `apart(paper, user, step)` raises
    the `Refusal` of a rule of separation: who is barred is told so before he begins."""

    def __init__(
        self,
        model: type[Any],
        rows: Iterable[Step],
        lock: Callable[[Any], Any] | None = None,
        apart: Callable[[Any, Any, Step], None] | None = None,
    ) -> None:
        self.model, self.apart = model, apart
        self.lock = lock or (lambda paper: model.objects.select_for_update(of=("self",)).get(pk=paper.pk))
        self.rows: dict[str, Step] = {step.name: step for step in rows}

    def refusal(self, paper: Any, step: Step, user: Any) -> Refusal | None:
        """Why `user` cannot take this step now, or None."""
        stuck = refusal(paper, step, user)
        return stuck or self._barred(paper, step, user)

    def _barred(self, paper: Any, step: Step, user: Any) -> Refusal | None:
        if self.apart is None:
            return None
        try:
            self.apart(paper, user, step)
        except Refusal as denied:
            return denied
        return None

    def offered(self, paper: Any, user: Any) -> list[tuple[Step, Refusal | None]]:
        """The steps of the present stage that are this person's by right, each with what still stands in its way."""
        here = [step for step in self.rows.values() if paper.stage in step.stages and step.fits(paper)]
        return [(step, self.refusal(paper, step, user)) for step in here if may(user, step.action, paper)]

    def take(
        self, paper: Any, name: str, *, by: Any, at: dt.datetime, seen_state: str = "", **entries: Any
    ) -> Any:
        """Take a step or act by name: the one door for pages and API. Judged under the paper's lock; raises `Refusal`."""
        step = self.rows[name]
        with transaction.atomic():
            held = self.lock(paper)
            demand(by, step.action, held)
            if seen_state and seen_state != seen(held):
                raise Stale(
                    _(
                        "The paper has moved on since this page was opened. Nothing was saved; your entries are still here."
                    )
                )
            stuck = self.refusal(held, step, by)
            if stuck is not None:
                raise stuck
            return step.service(held, by=by, at=at, **entries)


def refusal(paper: Any, step: Any, user: Any) -> Refusal | None:
    """Why `user` cannot take this step now, or None: his right first, then stage and guards."""
    try:
        demand(user, step.action, paper)
    except Refusal as denied:
        return denied
    if paper.stage not in step.stages:
        sentence = _("This step cannot be taken at the stage “{stage}”.")
        return OutOfTurn(sentence, step.clause, stage=paper.stage_label())
    reasons = [paper.why_not(name) for name in step.transitions]
    return reasons[0] if reasons and all(reasons) else None


def seen(paper: Any) -> str:
    """What a page shows of the paper; sent back with the form, so that a stale page is noticed."""
    return f"{paper.stage}.{paper.revision}"
