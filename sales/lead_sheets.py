"""How a lead and a sale look: the wish, the consent, the talks, who was first, the commission and the fee."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p

from accounts.access import may
from aftersales.display import moments
from aftersales.display.marks import by_at, link, yuan
from aftersales.display.sheet import Cell, Part, Sheet, Table
from aftersales.money import plain

from .lead_flow import LIVE, SaleStage
from .models import Lead, Sale
from .sale_leads import Leads
from .selectors import buyer, name_of


def told_plain(lead: Lead, user: Any) -> bool:
    """Its owner calls the customer: name and phone in plain, each day's first look written down (A14)."""
    return "SALES" in user.roles and lead.seller_id == user.pk and not lead.customer.erased_at


def led_to(customer: Any, words: str) -> SafeString:
    """The way to a customer, by name and number."""
    return format_html('<a href="{}">{}</a>', customer.get_absolute_url(), words)


def lead_story(lead: Lead, user: Any) -> str:
    """What a duty says of it: who it is for whom may open the lead, where his name stands; his number for everybody else."""
    wish = lead.model.name if lead.model else ""
    if not may(user, "lead.view", lead):
        return lead.clock_story()
    return " · ".join(word for word in (name_of(lead.contact), lead.customer.number, wish) if word)


def lead_sheet(lead: Lead, user: Any) -> Sheet:
    inside = may(user, "sale.view")
    parts = [
        _wish(lead),
        _who(lead, user),
        _origin(lead),
        *([_talks(lead), *_others(lead)] if inside else []),
        *_sold(lead, user),
    ]
    return Sheet(
        title=_("Purchase lead"), story=_story(lead), parts=parts, banner=_lead_banner(lead), next=_next_of_lead(lead)
    )  # fmt: skip


def _story(lead: Lead) -> str:
    wish = f"{lead.model} × {lead.quantity}" if lead.model else ""
    words = f"{lead.words[:40]}…" if len(lead.words) > 40 else lead.words
    return " · ".join(word for word in (wish or words, str(lead.get_wanted_display())) if word)


def _lead_banner(lead: Lead) -> tuple[str, Any, Any] | None:
    if lead.is_lapsed:
        return "warning", _("This lead has lapsed"), _("It counted until {day}; a sale after that owes no fee (4.2).").format(
            day=lead.last_day.isoformat()
        )  # fmt: skip
    if lead.stage == "lost":
        return "info", _("Given up: {why}").format(why=lead.get_lost_why_display()), _(
            "It counts until its last day: whoever sells to this customer before owes the fee all the same."
        )  # fmt: skip
    return None


def _next_of_lead(lead: Lead) -> str:
    if lead.stage not in LIVE or lead.is_lapsed:
        return ""
    if lead.seller is None:
        return _("Somebody of sales takes it.")
    return _("{seller} goes on with it by {day}.").format(
        seller=lead.seller, day=moments.due(lead.follow_up_at) if lead.follow_up_at else "–"
    )


def _wish(lead: Lead) -> Part:
    rows: list[Cell] = [
        (_("Model he is interested in"), str(lead.model or "–")), (_("How many"), lead.quantity),
        (_("When does he want to buy?"), lead.get_wanted_display()), (_("What the customer wants"), lead.words or "–", "wide"),
    ]  # fmt: skip
    return Part("wish", _("What is wanted"), rows)


def _who(lead: Lead, user: Any) -> Part:
    person, customer = lead.contact, lead.customer
    opens, named = may(user, "customer.view", customer), f"{name_of(person)} · {customer.number}"
    region = customer.region if opens or told_plain(lead, user) else ""
    phone = format_html('<a class="tel" href="tel:{}">{}</a>', person.phone, person.shown_phone)
    rows: list[Cell] = [
        (_("Customer"), led_to(customer, named) if opens else named), (_("Contact"), person.shown_name),
        (_("Customer or company"), person.organisation or "–"), (_("Region"), region or "–"),
        (_("Phone"), phone if told_plain(lead, user) and person.phone else person.masked_phone),
    ]  # fmt: skip
    note = "" if told_plain(lead, user) else _("Whoever has the lead in hand sees the whole number.")
    return Part("who", _("Customer"), rows, note=note)


def _origin(lead: Lead) -> Part:
    version = _("notice of {version}").format(version=lead.consent_version) if lead.consent_version else ""
    consent = " · ".join(
        str(word) for word in (lead.get_consent_how_display(), moments.when(lead.consent_at), version) if word
    )
    rows: list[Cell] = [
        (_("Number"), lead.number), (_("Where it comes from"), lead.get_source_display()), (_("Ticket"), lead.ticket or "–"),
        (_("Registered"), by_at(lead.registered_by or _("the customer himself"), lead.registered_at)),
        (_("Counts until"), moments.when(lead.last_day)), (_("Consent"), consent),
        (_("Consent taken by"), str(lead.consent_by or _("the customer himself"))), (_("Salesperson"), str(lead.seller or "–")),
        (_("Information fee"), _("a sale owes it to the engineer") if lead.by_engineer else _("none: not an engineer's")),
    ]  # fmt: skip
    return Part("origin", _("Registration and consent"), rows)


def _talks(lead: Lead) -> Part:
    head = [
        (_("When"), "tight"),
        (_("How"), ""),
        (_p("lead", "What came of it"), ""),
        (_("Next step"), ""),
        (_("By"), ""),
    ]
    rows = [
        (moments.when(x.talked_at), x.get_how_display() or _("note"), x.said or "–",
         " · ".join(str(word) for word in (x.next_step, moments.when(x.next_on) if x.next_on else "") if word) or "–", str(x.by))
        for x in lead.follow_ups.select_related("by")
    ]  # fmt: skip
    return Part(
        "talks", _("Talks with the customer"), table=Table(head, rows), empty=_("Nobody has called yet.")
    )


def _others(lead: Lead) -> list[Part]:
    """The customer's other leads: the earliest that counts on the day of the sale wins."""
    rows = Lead.objects.filter(customer=lead.customer_id).exclude(pk=lead.pk).select_related("registered_by")
    lines = [
        (link(x), moments.when(x.registered_at), str(x.registered_by or _("the customer himself")), x.stage_label(),
         _("before this one") if (x.registered_at, x.pk) < (lead.registered_at, lead.pk) else _("after this one"))
        for x in rows.order_by("registered_at", "pk")
    ]  # fmt: skip
    if not lines:
        return []
    head = [
        (_("Number"), ""),
        (_("Registered"), "tight"),
        (_("By"), ""),
        (_("Stage"), ""),
        (_p("leads", "Order"), ""),
    ]
    note = _("Of several the earliest counts: only its registrant can earn the fee.")
    return [Part("others", _("Other leads of this customer"), table=Table(head, lines), note=note)]


def _sold(lead: Lead, user: Any) -> list[Part]:
    sale = lead.sales.exclude(stage=SaleStage.CANCELLED).select_related("seller").first()
    if sale is None:
        return []
    opens = Sale.objects.visible_to(user).filter(pk=sale.pk).exists()
    rows: list[Cell] = [
        (_("Sale"), link(sale) if opens else sale.number), (_("Sold on"), moments.when(sale.sold_on)),
        (_("Salesperson"), str(sale.seller)), (_("Stage"), sale.stage_label()),
    ]  # fmt: skip
    return [Part("sold", _("The sale that followed"), rows)]


# --- sale
def sale_sheet(sale: Sale, user: Any) -> Sheet:
    leads = Leads(sale)
    return Sheet(
        title=_("Sale"), story=f"{buyer(user, sale)} · {sale.seller} · {moments.when(sale.sold_on)}",
        parts=[_what(sale, user), _fee(sale, user), *leads.parts(user), _hands(sale)], ways=leads.ways(user),
        banner=_sale_banner(sale) or leads.banner(), next=_next_of_sale(sale),
    )  # fmt: skip


def _sale_banner(sale: Sale) -> tuple[str, Any, Any] | None:
    if sale.stage == SaleStage.RETURNED:
        return "warning", _("Sent back"), sale.said
    if sale.stage in (SaleStage.CANCELLING, SaleStage.CANCELLED):
        return "warning", sale.stage_label(), sale.cancel_reason
    return None


def _next_of_sale(sale: Sale) -> str:
    said = {
        SaleStage.RECORDED: _("The head of sales or finance confirms the commission."),
        SaleStage.RETURNED: _("{seller} corrects it.").format(seller=sale.seller),
        SaleStage.CANCELLING: _("A second person cancels it, or lets it stand (SD12)."),
    }
    return said.get(SaleStage(sale.stage), "")


def _what(sale: Sale, user: Any) -> Part:
    who, opens = buyer(user, sale), may(user, "customer.view", sale.customer)
    rows: list[Cell] = [
        (_("Customer"), led_to(sale.customer, who) if opens else who), (_("Salesperson"), str(sale.seller)),
        (_("Sold on"), moments.when(sale.sold_on)), (_("Vehicle model"), str(sale.model or "–")), (_("How many"), sale.quantity),
        (_("VINs"), ", ".join(v.vin for v in sale.vehicles.all()) or "–", "wide"), (_("Price"), yuan(sale.price)),
        (_("Commission"), format_html("<b>{}</b>", yuan(sale.commission))),
    ]  # fmt: skip
    return Part("what", _("What was sold"), rows)


def _fee(sale: Sale, user: Any) -> Part:
    """Why somebody is paid, or nobody (4.2)."""
    lead = sale.lead
    rows: list[Cell] = []
    if lead is not None:
        opens = Lead.objects.visible_to(user).filter(pk=lead.pk).exists()
        rows += [
            (_("Earliest lead alive that day"), link(lead) if opens else lead.number),
            (_("Registered"), by_at(lead.registered_by or _("the customer himself"), lead.registered_at)),
            (_("Counts until"), moments.when(lead.last_day)),
        ]
    rows += [
        (
            _("Information fee"),
            f"{yuan(sale.fee)} · {plain(sale.share * 100)} %" if sale.informant else yuan(sale.fee),
        )
    ]
    return Part("fee", _("Information fee"), [*rows, (_("Why"), why(sale), "wide")])


def why(sale: Sale) -> str:
    """In words: who is paid, or why nobody is."""
    lead = sale.lead
    if lead is None:
        return _("No lead of this customer was alive on the day of the sale: no fee.")
    if sale.informant is not None:
        return _("{person} registered it as an engineer; {seller} owes him the fee.").format(
            person=sale.informant, seller=sale.seller
        )
    if lead.by_engineer:
        return _("Who sold had registered it himself: nobody owes himself a fee.")
    return _("Not an engineer registered it: nobody is paid.")


def _hands(sale: Sale) -> Part:
    rows: list[Cell] = [(_("Written down"), by_at(sale.made_by, sale.made_at))]
    for label, who, at in (
        (_("Commission confirmed"), sale.confirmed_by, sale.confirmed_at),
        (_("Cancellation asked for"), sale.cancel_asked_by, sale.cancel_asked_at),
        (_p("act", "Cancelled"), sale.cancelled_by, sale.cancelled_at),
    ):
        rows += [(label, by_at(who, at))] if at else []
    if sale.confirmed_at and sale.said:
        rows.append((_("Why this day is right"), sale.said, "wide"))
    return Part("hands", _("Hands"), rows)
