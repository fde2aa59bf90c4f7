"""Every step of a quotation 9.4; pages and API read this one table."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.steps import Step, Steps
from catalogue.models import LineKind
from deadlines.papers import EmptyForm

from . import quote_forms as forms
from .models import Quotation
from .quote_flow import QuoteStage
from .services import quotations
from .services.quoting import lock_about

S = QuoteStage


class QuoteSteps(Steps):
    """Ticket or order are locked before the quotation, as every service does."""

    def take(self, paper: Any, name: str, *, by: Any, at: dt.datetime, seen_state: str = "", **entries: Any) -> Any:  # fmt: skip
        with transaction.atomic():
            lock_about(paper.about)
            return super().take(paper, name, by=by, at=at, seen_state=seen_state, **entries)


def add_part(quote: Quotation, *, by: Any, at: dt.datetime, **wanted: Any) -> Quotation:
    return quotations.add_line(quote, by=by, at=at, kind=LineKind.PART, **wanted)


def has_lines(quote: Quotation) -> bool:
    return quote.line_count > 0


def has_discount(quote: Quotation) -> bool:
    """Without one nobody needs to be asked."""
    return quote.has_discount


STEPS = QuoteSteps(Quotation, [
    Step("add_part", _("Add a part"), "9.4", "quote.create", forms.PartLineForm, add_part, (S.DRAFT,)),
    Step("add_work", _("Add work, travel or freight"), "9.4", "quote.create", forms.WorkLineForm, quotations.add_line,
         (S.DRAFT,)),
    Step("change_line", _("Change a line"), "9.4", "quote.create", forms.ChangeLineForm, quotations.change_line, (S.DRAFT,),
         when=has_lines),
    Step("drop_line", _("Take a line out"), "9.4", "quote.create", forms.LineForm, quotations.drop_line, (S.DRAFT,),
         when=has_lines),
    Step("facts", _("Payment, delivery, invoice"), "9.4", "quote.create", forms.FactsForm, quotations.change_facts,
         (S.DRAFT,)),
    Step("reprice", _("Read the prices anew"), "8.1", "quote.create", EmptyForm, quotations.reprice, (S.DRAFT,),
         when=has_lines),
    Step("ask_approval", _("Ask for the discount"), "9.4", "quote.create", EmptyForm, quotations.ask_approval,
         (S.DRAFT,), when=has_discount),
    Step("approve", _("Approve"), "9.4", "quote.approve", EmptyForm, quotations.approve, (S.DRAFT,), ("approve",)),
    Step("send", _("Send to the customer"), "9.4", "quote.create", EmptyForm, quotations.send,
         (S.DRAFT, S.APPROVED), ("send",)),
    Step("accept", _("Customer accepts"), "9.4", "quote.answer", forms.AnswerForm, quotations.accept, (S.SENT,), ("accept",)),
    Step("decline", _("Customer declines"), "9.4", "quote.answer", forms.DeclineForm, quotations.decline, (S.SENT,),
         ("decline",)),
    Step("another", _("Draft another version"), "9.4", "quote.create", EmptyForm, quotations.another,
         (S.APPROVED, S.SENT, S.ACCEPTED, S.DECLINED, S.SUPERSEDED)),
    Step("withdraw", _("Take back"), "9.4", "quote.create", forms.ReasonForm, quotations.supersede,
         (S.DRAFT, S.APPROVED, S.SENT), ("supersede",), danger=True),
])  # fmt: skip
