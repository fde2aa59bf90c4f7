"""What waits for a person's hand and has no clock, line by line as the home page names it: what another one proposed (SD05,
SD06, SD11), customers whom nobody has told yet of what happened (9.5), callbacks with a wish for a new vehicle (4.2),
commissions (4.2), suppliers to claim from (7.1); finance adds its own (`finance/desk/waiting.py`)."""

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, Q, TextField, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import holds
from accounts.models import FactorReset, Grant, Posting
from aftersales.charter import FIGURES, Department
from aftersales.waits import Line, Pile, at, line, numbered, text, the_first
from catalogue.models import PartBatch, PriceList, TermBatch
from dispatch import selectors as dispatch
from finance.desk import waiting as money
from parts.models import Disposal, Stocktake
from policy.models import FigureChange
from repairs import helped
from repairs.models import CallbackSurvey
from repairs.told.by_hand import untold
from sales.models import Lead
from technical import selectors as technical

NUMBER = "ticket__number"


# --- people and figures, for leaders and the administrator
def proposals(user: Any, _at: dt.datetime) -> list[Any]:
    """Postings, grants and resets that another one named for another one; the key says which, and of what."""
    kinds: list[tuple[Any, Any]] = [
        (Posting, text(Value("posting|"), "department")), (Grant, text(Value("grant|"), "kind")),
        (FactorReset, Value("reset|")),
    ]  # fmt: skip
    return [
        line(model.proposals.exclude(Q(named_by=user) | Q(user=user)), "proposal", key, "user__name", "named_at")
        for model, key in kinds
    ]  # fmt: skip


def _proposal(found: Line) -> str:
    """As `Proposal.__str__` names it."""
    model, _bar, code = found.key.partition("|")
    names = {"posting": Department, "grant": Grant.Kind}
    what = names[model](code).label if model in names else FactorReset().what
    return f"{found.word} · {what}"


def figures(user: Any, at: dt.datetime) -> Any:
    """Figures that another leader proposed."""
    rows = FigureChange.objects.filter(
        seconded_at=None, since__gt=timezone.localdate(at), name__in=list(FIGURES)
    )
    return line(rows.exclude(proposed_by=user), "figure", "name", "name", "proposed_at")


# --- lists that another one drafted
def price_lists(user: Any, _at: dt.datetime) -> Any:
    rows = PriceList.objects.filter(stage="draft").exclude(drafted_by=user).order_by("pk")
    word = text("title", Value(" "), Cast("effective_on", TextField()))
    return line(the_first(rows), "prices", Cast("pk", TextField()), word, "drafted_at")


def undecided(kind: str, model: Any) -> Any:
    """Changes of parts or of warranty terms that another one proposed."""

    def reads(user: Any, _at: dt.datetime) -> Any:
        rows = model.objects.filter(decided_at=None).exclude(proposed_by=user).order_by("pk")
        return line(the_first(rows), kind, Value(""), "reason", "proposed_at")

    return reads


def open_papers(kind: str, model: Any) -> Any:
    """Counts and disposals that want a second hand."""
    return numbered(kind, lambda _user: model.objects.filter(stage="open").order_by("pk"))


def articles(user: Any, _at: dt.datetime) -> Any:
    rows = the_first(helped.to_publish(user).order_by("drafted_at", "pk"))
    return line(rows, "help", "article__key", "title", "drafted_at")


# --- customers and suppliers
def wishes(at: dt.datetime) -> Any:
    """Callbacks of the last month with a wish for a new vehicle that nobody registered."""
    known = Lead.objects.filter(ticket=OuterRef("ticket__number"))
    rows = CallbackSurvey.objects.filter(
        intent=True,
        made_at__gte=at - dt.timedelta(days=30),
        ticket__customer__erased_at=None,
        ticket__customer__isnull=False,
    )
    return rows.filter(~Exists(known)).order_by("made_at", "pk")


def suppliers_to_claim(_user: Any, _at: dt.datetime) -> list[Any]:
    """What purchasing asks of suppliers next (7.1): claims not sent yet, shares not claimed; the key says which."""
    drafts, shares = the_first(technical.claims_to_send()), the_first(technical.to_claim().order_by("pk"))
    unclaimed, number = (
        text(Value("share|"), "report__number"),
        text("report__number", Value(" "), "supplier"),
    )
    draft = text("number", Value(" "), "supplier")
    return [
        line(drafts, "supplier", text(Value("draft|"), "number"), draft, "made_at"),
        line(shares, "supplier", unclaimed, number, "report__made_at"),
    ]


def _claim(found: Line) -> str:
    what, _bar, number = found.key.partition("|")
    name = "technical:claim_from_supplier" if what == "share" else "technical:supplier_claim"
    return reverse(name, args=[number])


def _of_callback(found: Line) -> str:
    return f"{reverse('sales:new_lead')}?for={found.key}"


#: in the order of the page
PILES = [
    Pile("proposal", holds("role.second"), proposals, _("People"), "accounts:people", word=_proposal),
    Pile("figure", holds("policy.edit"), figures, _("Figures"), "policy:figures",
         word=lambda found: str(FIGURES[found.word].label)),
    Pile("batch", holds("part.write"), undecided("batch", PartBatch), _("Part proposals"), "catalogue:batches"),
    Pile("terms", holds("term.approve"), undecided("terms", TermBatch), _("Warranty terms"), "catalogue:terms"),
    Pile("prices", holds("price_list.publish"), price_lists, _("Price lists"), "catalogue:price_lists",
         at("catalogue:price_list")),
    Pile("stocktake", holds("stock.adjust_approve"), open_papers("stocktake", Stocktake), _("Stocktakes"), "parts:stocktakes",
         at("parts:stocktake")),
    Pile("disposal", holds("stock.adjust_approve"), open_papers("disposal", Disposal), _("Disposal of old parts"),
         "parts:disposals", at("parts:disposal")),
    Pile("trip", holds("trip.approve"), numbered("trip", dispatch.to_decide, "leaves_at"), _("Trips to decide"),
         "dispatch:trips", at("dispatch:trip")),
    Pile("supplier", holds("purchasable.answer"), suppliers_to_claim, _("Suppliers to claim from"),
         "technical:supplier_claims", _claim),
    Pile("tell", holds("customer.untold"),
         lambda _user, at: line(the_first(untold(at)), "tell", NUMBER, NUMBER, "not_before"),
         _("To tell customers"), "repairs:to_tell"),
    Pile("ask", holds("revisit.write"), lambda _user, at: line(the_first(wishes(at)), "ask", NUMBER, NUMBER, "made_at"),
         _("To ask whether sales may call"), "sales:new_lead", _of_callback),
    Pile("help", holds("help.publish"), articles, _("Help to publish"), "technical:articles", at("technical:article")),
    Pile("standard", holds("standard.publish"),
         lambda user, _at: line(the_first(technical.drafts_to_publish(user)), "standard", "version", "version", "drafted_at"),
         _("Versions of the standard to publish"), "technical:standards"),
    *money.PILES,
]  # fmt: skip
