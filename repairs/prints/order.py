"""Form 9.2: the repair order (4.3–4.7, 5.1–5.3), one a round. What is not known yet, and travel, is ruled for writing."""

from django.utils.translation import pgettext as _p

from aftersales.paper import drawings
from aftersales.paper.sheets import Plain, cell, column, one_of, section, table

from . import common, words
from .read import BLANK, CONTACTED, Record, Signed

ROWS = 5  # ruled part lines


def sheet(record: Record) -> Plain:
    number = record.order.number if record.order else record.ticket.number
    intake = getattr(record.ticket, "intake", BLANK)
    parts = [
        common.customer(record), _vehicle(record), _warranty(record), _contact(record), _plan(record), _parts(record),
        _issued(record), *_finance(record), _service(record), _links(record), _hands(record),
    ]  # fmt: skip
    numbers = {
        _p("form", "Repair order number"): number, _p("form", "From record"): intake.number if intake else "",
        _p("form", "Round"): str(record.round),
    }  # fmt: skip
    title = _p("form", "Repair order of Jiangsu Feiyue Electromechanical Technology Co., Ltd.")
    return common.sheet(record, "9.2", title, number, parts, record.order, **numbers)


def _vehicle(record: Record) -> Plain:
    return common.vehicle(
        record,
        [cell(_p("form", "Motor / battery / controller numbers"), (record.order or BLANK).component_serials)],
    )


def _warranty(record: Record) -> Plain:
    order = record.order or BLANK
    inside = words.yes_no(order.in_warranty, _p("form", "inside"), _p("form", "outside"))
    return section(
        _p("form section", "Warranty"),
        [cell(_p("form", "Warranty from"), order.warranty_start, 4),
         cell(_p("form", "Warranty until"), order.warranty_end, 4),
         cell(_p("form", "In / out of warranty"), w=4, options=inside)],
    )  # fmt: skip


def _contact(record: Record) -> Plain:
    order, made = record.order or BLANK, record.last(*CONTACTED) or BLANK
    return section(
        _p("form section", "Contact"),
        [cell(_p("form", "First contact"), order.first_contact_at, 4),
         cell(_p("form", "Contacted by"), made.who, 4), cell(_p("form", "Entered at"), made.at, 4)],
        [cell(_p("form", "Fault as confirmed"), order.confirmed_symptom, lines=4)],
        [cell(_p("form", "First judgement of the cause"), order.cause_guess, lines=3)],
        [cell(_p("form", "Damage"), w=5, options=one_of(words.damage(), order.damage_type)),
         cell(_p("form", "Judged by / evidence"), order.damage_evidence, 7)],
    )  # fmt: skip


def _plan(record: Record) -> Plain:
    plan = record.plan or BLANK
    agreed = words.yes_no(plan.self_install_ok if plan.plan_type == "a" else None)
    told = plan if plan.risk_text else BLANK
    signed = _consent_signature(record)
    return section(
        _p("form section", "Plan"),
        [cell(_p("form", "Solution"), w=12, options=one_of(words.plan(), plan.plan_type))],
        [cell(_p("form", "Plan in words"), plan.explanation, lines=5)],
        [cell(_p("form", "Planned at"), plan.at, 4), cell(_p("form", "Planned by"), plan.by, 4),
         cell(_p("form", "Appointment"), plan.appointment_at, 4)],
        [cell(_p("form", "Assembly points"), plan.assembly_notes, lines=3)],
        [cell(_p("form", "Consequences told"), plan.risk_text, lines=3)],
        [cell(_p("form", "Told by way of"), told.told_at, 7, options=one_of(words.way(), told.told_how)),
         cell(_p("form", "Customer agrees to fit it"), _consent(record), 5, lines=2, options=agreed)],
        *([[signed]] if signed else []),
    )  # fmt: skip


def _consent(record: Record) -> str:
    plan = record.plan
    if plan is None or not plan.self_install_ok:
        return ""
    return " ".join([words.way().get(plan.consent_how, ""), words.when(plan.consent_at)]).strip()


def _consent_signature(record: Record) -> Plain | None:
    """What he signed below the told text, where the consent stands; a masked reader sees neither name nor strokes."""
    plan = record.plan
    signed = next((line for line in record.of("consent") if plan is not None and line.pk == plan.pk), None)
    if signed is None:
        return None
    name = signed.a if record.full and not record.ticket.contact.erased_at else "***"
    ink = drawings.signature(signed.b) if record.full and signed.b else None
    return cell(
        _p("form", "Signed by the customer for it"), f"{name}  {words.when(signed.at)}", 12, lines=3, ink=ink
    )


def _parts(record: Record) -> Plain:
    return table(_p("form section", "Parts"), [
        column(_p("form", "No."), 4), column(_p("form", "Part code"), 7), column(_p("form", "Part name"), 9),
        column(_p("form", "Specification"), 8),
        column(_p("form", "Unit"), 4), column(_p("form", "Qty"), 4), column(_p("form", "Unit price"), 5),
        column(_p("form", "Amount"), 6),
        column(_p("form", "Assembly"), 5, _p("form", "yes/no")), column(_p("form", "Small part"), 5, _p("form", "yes/no")),
        column(_p("form", "Bulky part"), 5, _p("form", "yes/no")), column(_p("form", "Wearing"), 5, _p("form", "yes/no")),
        column(_p("form", "Charge"), 8, _p("form", "warranty/charged/awaits old part")),
    ], record.beside.parts, ruled=ROWS)  # fmt: skip


def _issued(record: Record) -> Plain:
    return table(_p("form section", "Issue"), [
        column(_p("form", "No."), 4), column(_p("form", "New code"), 8), column(_p("form", "Old code"), 9),
        column(_p("form", "Issue"), 6, _p("form", "issued/lent")), column(_p("form", "Slip number"), 9),
        column(_p("form", "Issued by, at"), 9),
        column(_p("form", "Old part"), 7, _p("form", "to return/waived")), column(_p("form", "Reason of the waiver"), 7),
        column(_p("form", "Old part received by, at"), 9), column(_p("form", "Unused, returned"), 6),
    ], record.beside.issued, ruled=ROWS)  # fmt: skip


def _finance(record: Record) -> list[Plain]:
    """⑦ of every sheet of parts; one to write on while there is none."""
    return [_signed(sheet) for sheet in record.beside.signed or [BLANK]]


def _signed(paper: Signed) -> Plain:
    cases = {
        "a": _p("form", "a: under warranty"),
        "b": _p("form", "b: paid"),
        "c": _p("form", "c: not yet paid"),
    }
    return section(
        _p("form section", "Finance"),
        [cell(_p("form", "Case of the signature"), w=8, options=one_of(cases, paper.case)),
         cell(_p("form", "Receipt number"), paper.receipt, 4)],
        [cell(_p("form", "Due"), paper.due, 4), cell(_p("form", "Paid"), paper.paid, 4),
         cell(_p("form", "Paid on / by"), paper.paid_on, 4)],
        [cell(_p("form", "Payer"), paper.payer, 4), cell(_p("form", "Basis"), paper.number, 4),
         cell(_p("form", "Total"), paper.due, 4)],
        [cell(_p("form", "Agreed to send first"), paper.consent, 4),
         cell(_p("form", "Agreed day of payment"), paper.agreed_day, 4),
         cell(_p("form", "Opinion"), paper.opinion, 4)],
        [cell(_p("form", "Signed for finance"), paper.signer, 6, lines=2), cell(_p("form", "Signed at"), paper.signed_at, 6)],
        [cell(_p("form", "Digests"), paper.digests)],
    )  # fmt: skip


def _service(record: Record) -> Plain:
    order, done = record.order or BLANK, record.last("complete") or BLANK
    travel = [(_p("form", "by train or bus"), False), (_p("form", "by company car"), False)]
    return section(
        _p("form section", "Service"),
        [cell(_p("form", "Way of travel"), w=8, options=travel), cell(_p("form", "Travel approved by"), w=4)],
        [cell(_p("form", "Arrived at"), order.arrived_at, 4), cell(_p("form", "Left at"), order.left_at, 4),
         cell(_p("form", "Completed at"), done.at, 4)],
        [cell(_p("form", "Work done"), order.work_done, lines=3)],
        [cell(_p("form", "Result"), order.result, lines=2)],
        [cell(_p("form", "The customer's word"), order.customer_word, 6, lines=3), _signature(record)],
    )  # fmt: skip


def _signature(record: Record) -> Plain:
    """The strokes as drawn or the typed name, when and before whom; a masked reader sees neither."""
    signed = next((line for line in record.of("signature") if line.round == record.round), None)
    label = _p("form", "Customer's signature")
    if signed is None:
        return cell(label, w=6, lines=3)
    name = signed.a if record.full and not record.ticket.contact.erased_at else "***"
    witness = _p("form", "before {who}").format(who=signed.who)
    ink = drawings.signature(signed.b) if record.full and signed.b else None
    return cell(label, f"{name}  {words.when(signed.at)}\n{witness}", 6, lines=3, ink=ink)


def _links(record: Record) -> Plain:
    survey = record.survey() or BLANK
    return section(
        _p("form section", "Links"),
        [cell(_p("form", "Quotation"), ", ".join(record.quotes), 6), cell(_p("form", "Trip"), record.named("trip"), 6)],
        [cell(_p("form", "Quality report"), record.named("report"), 6), cell(_p("form", "Callback"), survey.number, 6)],
    )  # fmt: skip


def _hands(record: Record) -> Plain:
    """Who contacted, planned, began and completed, and when it was entered."""
    steps: list[tuple[str, ...]] = [CONTACTED, ("plan",), ("begin",), ("complete",)]
    lines = [record.last(*names) or BLANK for names in steps]
    contact, plan, begin, complete = (words.hand(line.who, line.at, "  ") for line in lines)
    return section(
        _p("form section", "Hands"),
        [cell(_p("form", "Contacted by"), contact, 6), cell(_p("form", "Planned by"), plan, 6)],
        [cell(_p("form", "Begun by"), begin, 6), cell(_p("form", "Completed by"), complete, 6)],
    )  # fmt: skip
