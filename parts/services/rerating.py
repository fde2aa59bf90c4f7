"""Technical overturns “human damage”, or finds it (7.1): the charge follows, piece by piece (domain 4, 7)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.problems import BadEntry
from repairs.models.sheets import DamageType

from .. import events
from ..flow import ReleaseStage
from ..models import ReleaseLine
from .issuing import settle
from .lines import rate, refresh, save_line, void
from .obligations import follow
from .releases import _keep, _move, locked
from .ticketside import note_parts


@transaction.atomic
def rerate(line: ReleaseLine, *, damage: str, by: Any, at: dt.datetime, why: str) -> ReleaseLine:
    """Another judgement of the damage; price and signature stay what they were, the decision is made anew."""
    if damage == DamageType.PENDING:
        raise BadEntry(_("A judgement says whether the damage is human or not."), "7.1", "damage")
    release = locked(line.release)
    line = next(row for row in refresh(release) if row.pk == line.pk)
    before = line.charge
    line.damage, line.damage_evidence = damage, why[:300]
    rate(line)
    if line.to_issue:  # what still lies in the store is another thing than finance signed (SD14)
        void(line)
    save_line(line, by=by, at=at, why="rerate")
    if line.charge != before:
        events.line_rerated.send(ReleaseLine, line=line, before=before, at=at, by=by)
    refresh(release)
    if release.stage == ReleaseStage.SIGNED and release.unsigned_lines:
        _move(release, "lose_signature", by=by, at=at, why="rerate")
    else:
        _keep(release, by=by, at=at, why="rerate")
    note_parts(release.ticket, "line_rerated", by=by, at=at, clause="7.1", release=release)
    follow(release, by=by, at=at)
    settle(release, by=by, at=at)
    return line
