"""What leaves the repairs desk as a workbook."""

import datetime as dt
from collections.abc import Iterator
from typing import IO, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.services import audit
from aftersales.phones import mask
from aftersales.xlsx import Leaf, spooled

from .flow import Stage
from .models import Channel, Ticket, Urgency
from .rows import label_of, with_due

MOST = 100_000
FIELDS = (
    "number", "stage", "round", "urgency", "channel", "contact__name", "contact__phone", "contact__organisation",
    "contact__erased_at", "model", "vin", "plate", "region", "engineer__name", "received_at", "due_at", "completed_at",
)  # fmt: skip


def masked_name(name: str) -> str:
    """王小明 → 王**: enough to recognise, not enough to look up."""
    return f"{name[:1]}**" if name else ""


def tickets(rows: QuerySet[Ticket], *, by: Any, at: dt.datetime, asked: list[str]) -> IO[bytes]:
    """The ticket list as a workbook in a temporary file; `asked` names the filters for the audit trail, not their words."""
    head = [
        _("Number"), _("Stage"), _("Round"), _("Urgency"), _("Channel"), _("Contact"), _("Phone"), _("Customer or company"),
        _("Model"), _("VIN"), _("Plate"), _("Region"), _("Engineer"), _("Received"), _("Next due"), _("Completed"),
    ]  # fmt: skip
    widths = [18, 10, 6, 12, 10, 10, 14, 24, 18, 20, 12, 22, 12, 17, 17, 17]
    leaf = Leaf(_("Tickets"), head, _lines(rows), widths)
    out = spooled(leaf)
    audit("list.export", by=by, at=at, subject="tickets", rows=leaf.count, filters=asked)
    return out


def _lines(rows: QuerySet[Ticket]) -> Iterator[list[Any]]:
    found = with_due(rows).order_by("-pk").values_list(*FIELDS)[:MOST]
    for number, stage, turn, urgency, channel, name, phone, organisation, erased, *rest in found.iterator(
        chunk_size=2000
    ):
        yield [
            number, label_of(Stage, stage), turn, label_of(Urgency, urgency), label_of(Channel, channel),
            "" if erased else masked_name(name), mask(phone) if phone else "", organisation, *rest,
        ]  # fmt: skip
