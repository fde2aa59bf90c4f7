"""An example for every address that takes arguments: its name → what to put in.

Who adds such an address adds a line here; a missing one fails the walk. `World` makes the objects when first asked for.
"""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils import timezone

from accounts import services
from accounts.models import Absence, DutyShift, FactorReset, Grant, Posting, User
from tests import build

HOUR = dt.timedelta(hours=1)


class World:
    """What the examples speak of. None of it belongs to the person who walks."""

    at = property(lambda self: timezone.now())

    @cached_property
    def company(self) -> build.Company:
        return build.Company()

    @cached_property
    def somebody(self) -> User:
        return build.person("ENG")

    @cached_property
    def posting(self) -> Posting:
        return self.somebody.postings.get()

    @cached_property
    def proposed_posting(self) -> Posting:
        return self._proposed(Posting(user=self.somebody, department="technical"))

    @cached_property
    def proposed_grant(self) -> Grant:
        return self._proposed(Grant(user=self.somebody, kind="driver"))

    @cached_property
    def proposed_reset(self) -> FactorReset:
        return FactorReset.objects.create(
            user=self.somebody, pending=True, named_by=build.person("SYS"), named_at=self.at
        )

    def _proposed(self, paper: Any) -> Any:
        paper.since, paper.pending, paper.named_by, paper.named_at = (
            self.at.date(),
            True,
            build.person("SYS"),
            self.at,
        )
        paper.save()
        return paper

    @cached_property
    def grant(self) -> Grant:
        return Grant.objects.create(user=self.somebody, kind="driver", since=build.LONG_AGO)

    @cached_property
    def token(self) -> Any:
        return services.issue_token(self.somebody, "script", by=self.somebody, at=self.at)[0]

    @cached_property
    def absence(self) -> Absence:
        return Absence.objects.create(
            user=self.somebody, deputy=build.person("ENG"), begins_at=self.at, ends_at=self.at + 48 * HOUR
        )

    @cached_property
    def shift(self) -> DutyShift:
        begin = self.at + HOUR
        return DutyShift.objects.create(user=build.person("CS"), begins_at=begin, ends_at=begin + 12 * HOUR)

    @cached_property
    def ticket(self) -> Any:
        """A completed ticket: its `callback` clock runs, its customer may answer the survey."""
        return build.ticket(at_stage="completed", at=self.at - 30 * HOUR, company=self.company)

    @cached_property
    def quotation(self) -> Any:
        return build.quotation(self.ticket, self.at - HOUR, "sent")

    @cached_property
    def order(self) -> Any:
        return build.order(self.company, self.at)

    @cached_property
    def vehicle(self) -> Any:
        return build.vehicle(at=self.at)

    @cached_property
    def customer(self) -> Any:
        from sales.services import open_customer, write_down

        return open_customer(write_down(name="泰州物流", phone="+8613912345678"), at=self.at)

    @cached_property
    def release(self) -> Any:
        """A sheet that waits for finance."""
        return build.released(build.Company(), self.at - 30 * HOUR, to="submitted")

    @cached_property
    def receipt(self) -> Any:
        """Money of a customer, entered by nobody who walks."""
        from finance.services import receipts

        return receipts.record(
            customer=self.customer,
            amount=Decimal("80.00"),
            arrived_at=self.at - HOUR,
            method="bank",
            by=build.person("FIN"),
            at=self.at,
        )

    @cached_property
    def owed(self) -> Any:
        """A debt from before the portal for which nobody who walks answers."""
        from finance.services import opening

        day = self.at.date()
        row = {
            "key": "A-1", "customer": self.customer, "engineer": build.person("ENG"), "amount": Decimal("80.00"),
            "arose_on": day, "due_on": day, "note": "旧账",
        }  # fmt: skip
        return opening.take_over([row], source="test", by=build.person("FIN"), at=self.at)[0]

    @cached_property
    def bank_list(self) -> Any:
        """One row that is nobody's yet."""
        from finance.services import bank

        row = {
            "arrived_at": self.at - HOUR,
            "amount": Decimal("1.00"),
            "payer": "某某",
            "text": "",
            "reference": "",
        }
        return bank.take("bank.csv", "0" * 64, [row], [2], by=build.person("FIN"), at=self.at)

    @cached_property
    def account(self) -> Any:
        from finance.models import Account

        return Account.objects.get(incoming__paper=self.receipt.number)

    @cached_property
    def statement(self) -> Any:
        """The sheet of somebody else's month."""
        from finance.models import Statement
        from finance.services.statements import open_statements

        assert self.ticket
        open_statements(self.at + 40 * 24 * HOUR)
        return Statement.objects.filter(engineer=self.ticket.engineer).first()

    @cached_property
    def year_end(self) -> Any:
        """Last year's, prepared by nobody who walks; without any share."""
        from finance.models import YearEnd

        return YearEnd.objects.create(
            year=self.at.year - 1,
            revision=1,
            rate=Decimal("0.40"),
            prepared_by=build.person("FIN"),
            prepared_at=self.at,
        )

    @cached_property
    def deduction(self) -> Any:
        """The draft of somebody's debt in this payroll month."""
        from tests.finance import months

        return months.draft(self.somebody)

    @cached_property
    def reconciliation(self) -> Any:
        from tests.finance import months

        assert self.deduction
        return months.reconciliation(self.somebody)

    @cached_property
    def closed_month(self) -> Any:
        """The month of the first booking, closed by nobody who walks."""
        from finance.models import Transfer, month_name
        from finance.services import months

        assert self.deduction
        first = Transfer.objects.order_by("day").values_list("day", flat=True)[0]
        return month_name(months.close(first, by=build.person("FINS"), at=self.at, reason="walk").month)

    @cached_property
    def assessment(self) -> Any:
        from finance.services import assessing

        facts = {"amount": Decimal("50.00"), "basis": "9.7 3.2"}
        return assessing.draft(person=self.somebody, by=build.person("FIN"), at=self.at, **facts)

    @cached_property
    def payroll(self) -> dict[str, Any]:
        return {"month": f"{self.deduction.month:%Y-%m}", "username": self.somebody.username}

    @cached_property
    def clock(self) -> Any:
        from deadlines.models import Deadline

        return Deadline.objects.filter(subject_id=self.ticket.pk, rule="callback").get()

    @cached_property
    def round(self) -> Any:
        from deadlines.models import CollectionRound
        from deadlines.services import open_rounds

        open_rounds(self.at)
        return CollectionRound.objects.first()

    @cached_property
    def issued(self) -> Any:
        """A sheet of which two pieces were taken along and one was not used."""
        from parts.services import returning

        found = build.released(build.Company(), self.at - 30 * HOUR, quantity=2, to="issued")
        line = found.lines.get()
        returning.declare(found, by=found.engineer, at=self.at, said={line.pk: {"used": 1, "unused": 1}})
        return type(found).objects.get(pk=found.pk)

    @cached_property
    def handed_in(self) -> Any:
        from parts.services import returning

        line = self.issued.lines.get()
        return returning.hand_in(
            self.issued, by=self.issued.engineer, at=self.at, kind="unused", pieces={line.pk: 1}
        )

    # --- the store
    @cached_property
    def spare(self) -> Any:
        return build.spare(valuable=True, good=1, by=self.company.wh, at=self.at)

    @cached_property
    def sheet(self) -> Any:
        from tests.parts.papers import sheet

        return sheet(self.ticket, self.spare, issued=1, at=self.at, by=self.company.eng)

    @cached_property
    def goods(self) -> Any:
        from parts.models import GoodsReceipt

        assert self.spare
        return GoodsReceipt.objects.first()

    @cached_property
    def count(self) -> Any:
        from parts.services import propose_count

        rows = [{"part": build.spare(good=1, by=self.company.wh, at=self.at), "counted": 2}]
        return propose_count("good", rows, reason="盘点", by=self.company.wh, at=self.at)

    @cached_property
    def disposal(self) -> Any:
        from parts.services import move, propose_disposal

        part = build.spare()
        move(part, 1, "customer", "old", paper="JJ", by=self.company.wh, at=self.at)
        return propose_disposal(part, 1, how="scrap", reason="磨损", by=self.company.wh, at=self.at)

    @cached_property
    def enquiry(self) -> Any:
        from parts.services import ask

        return ask(build.spare(), 1, by=self.company.wh, at=self.at)

    @cached_property
    def parcel(self) -> Any:
        from parts.services import pack

        return pack(self.sheet, by=self.company.wh, at=self.at)

    @cached_property
    def month(self) -> str:
        from parts.models import UnreturnedList

        day = self.at.date().replace(day=1)
        return str(UnreturnedList.objects.get_or_create(month=day, defaults={"opened_at": self.at})[0])


NOT_THERE = 0  # the door is asked all the same; behind it a row that is not there is a 404


Maker = Callable[[World], dict[str, Any]]


def username(world: World) -> dict[str, Any]:
    return {"username": world.somebody.username}


def number(world: World) -> dict[str, Any]:
    return {"number": world.ticket.number}


def link(world: World) -> dict[str, Any]:
    from repairs.links import token

    return {"token": token(world.ticket)}


def quotation(world: World) -> dict[str, Any]:
    return {"number": world.quotation.number}


def order(world: World) -> dict[str, Any]:
    return {"number": world.order.number}


def nothing(world: World) -> dict[str, Any]:
    return {"pk": NOT_THERE}


EXAMPLES: dict[str, Maker] = {
    "accounts:person": username,
    "accounts:propose_posting": username,
    "accounts:propose_grant": username,
    "accounts:close_account": username,
    "accounts:reopen_account": username,
    "accounts:renew_password": username,
    "accounts:ask_reset": username,
    "accounts:second_factorreset": lambda w: {"pk": w.proposed_reset.pk},
    "accounts:withdraw_factorreset": lambda w: {"pk": w.proposed_reset.pk},
    "accounts:revoke_token": lambda w: {"pk": w.token.pk},
    "accounts:end_absence": lambda w: {"pk": w.absence.pk},
    "accounts:second_posting": lambda w: {"pk": w.proposed_posting.pk},
    "accounts:withdraw_posting": lambda w: {"pk": w.proposed_posting.pk},
    "accounts:end_posting": lambda w: {"pk": w.posting.pk},
    "accounts:second_grant": lambda w: {"pk": w.proposed_grant.pk},
    "accounts:withdraw_grant": lambda w: {"pk": w.proposed_grant.pk},
    "accounts:end_grant": lambda w: {"pk": w.grant.pk},
    "accounts:strike_shift": lambda w: {"pk": w.shift.pk},
    "catalogue:edit_model": lambda w: {"pk": w.vehicle.model_id},
    "catalogue:new_term": lambda w: {"pk": w.vehicle.model_id},
    "catalogue:part": lambda w: {"code": "nothing"},
    "catalogue:edit_part": lambda w: {"code": "nothing"},
    "catalogue:batch": nothing,
    "catalogue:approve_batch": nothing,
    "catalogue:refuse_batch": nothing,
    "catalogue:price_list": nothing,
    "catalogue:export_prices": nothing,
    "catalogue:put_price": nothing,
    "catalogue:remove_price": lambda w: {"pk": NOT_THERE, "line": NOT_THERE},
    "catalogue:put_rate": nothing,
    "catalogue:remove_rate": lambda w: {"pk": NOT_THERE, "line": NOT_THERE},
    "catalogue:publish_prices": nothing,
    "catalogue:drop_prices": nothing,
    "notices:open": nothing,
    "desk:download": nothing,
    "deadlines:tick": lambda w: {"pk": w.round.pk},
    "deadlines:excuse": lambda w: {"pk": w.clock.pk},
    "policy:propose": lambda w: {"name": "stalled_days"},
    "policy:second": nothing,
    "parts:new_release": number,
    "parts:release": lambda w: {"number": w.release.number},
    "parts:release_step": lambda w: {"number": w.release.number, "step_name": "cancel"},
    "parts:release_print": lambda w: {"number": w.release.number},
    "parts:release_pdf": lambda w: {"number": w.release.number},
    "parts:slip": lambda w: {"number": w.issued.slips.get().number},
    "parts:slip_print": lambda w: {"number": w.issued.slips.get().number},
    "parts:slip_pdf": lambda w: {"number": w.issued.slips.get().number},
    "parts:return": lambda w: {"number": w.handed_in.number},
    "parts:return_step": lambda w: {"number": w.handed_in.number, "step_name": "confirm"},
    "parts:return_print": lambda w: {"number": w.handed_in.number},
    "parts:return_pdf": lambda w: {"number": w.handed_in.number},
    "parts:part": lambda w: {"code": w.spare.code},
    "parts:shelf": lambda w: {"code": w.spare.code},
    "parts:minimum": lambda w: {"code": w.spare.code},
    "parts:code": lambda w: {"code": f"{w.spare.code}-1"},
    "parts:receipt": lambda w: {"number": w.goods.number},
    "parts:receipt_cost": lambda w: {"number": w.goods.number},
    "parts:stocktake": lambda w: {"number": w.count.number},
    "parts:stocktake_step": lambda w: {"number": w.count.number, "step_name": "confirm"},
    "parts:disposal": lambda w: {"number": w.disposal.number},
    "parts:disposal_step": lambda w: {"number": w.disposal.number, "step_name": "confirm"},
    "parts:enquiry": lambda w: {"number": w.enquiry.number},
    "parts:enquiry_step": lambda w: {"number": w.enquiry.number, "step_name": "answer"},
    "parts:shipment": lambda w: {"number": w.parcel.number},
    "parts:shipment_step": lambda w: {"number": w.parcel.number, "step_name": "send"},
    "parts:pack": lambda w: {"number": w.sheet.number},
    "parts:send_back": number,
    "parts:consumption_report": nothing,
    "parts:confirm_consumption": nothing,
    "parts:unreturned": lambda w: {"month": w.month},
    "parts:submit_unreturned": lambda w: {"month": w.month},
    "repairs:forget_view": nothing,
    "repairs:attachment": lambda w: {"key": "not-there"},
    "repairs:reveal": number,
    "repairs:print": lambda w: number(w) | {"form": "9.1"},
    "repairs:print_pdf": lambda w: number(w) | {"form": "9.1"},
    "repairs:step": lambda w: number(w) | {"name": "note"},
    "repairs:ticket": number,
    "repairs:quotation": quotation,
    "repairs:quotation_step": lambda w: quotation(w) | {"step_name": "accept"},
    "repairs:quotation_print": quotation,
    "repairs:quotation_pdf": quotation,
    "repairs:order": order,
    "repairs:order_step": lambda w: order(w) | {"step_name": "edit"},
    "sales:edit_vehicle": lambda w: {"vin": w.vehicle.vin},
    "sales:vehicle": lambda w: {"vin": w.vehicle.vin},
    "sales:unmerge": nothing,
    "sales:edit_customer": lambda w: {"number": w.customer.number},
    "sales:customer": lambda w: {"number": w.customer.number},
    "sales:reveal": lambda w: {"number": w.customer.number},
    "sales:erase": lambda w: {"number": w.customer.number},
    "sales:merge": lambda w: {"number": w.customer.number},
    "api:ticket": number,
    "api:take_step": lambda w: number(w) | {"name": "note"},
    "api:draft_of_ticket": number,
    "api:draft_of_order": order,
    "api:quotation": quotation,
    "api:quotation_step": lambda w: quotation(w) | {"step_name": "accept"},
    "api:order": order,
    "api:order_step": lambda w: order(w) | {"step_name": "edit"},
    "api:vehicle": lambda w: {"vin": w.vehicle.vin},
    "api:customer": lambda w: {"number": w.customer.number},
    "api:code": lambda w: {"code": f"{w.spare.code}-1"},
    "api:set_shelf": lambda w: {"code": w.spare.code},
    "api:confirm_consumption": nothing,
    "api:unreturned": lambda w: {"month": w.month},
    "api:submit_unreturned": lambda w: {"month": w.month},
    "api:send_back": number,
    "api:stocktake": lambda w: {"number": w.count.number},
    "api:stocktake_step": lambda w: {"number": w.count.number, "step_name": "confirm"},
    "api:disposal": lambda w: {"number": w.disposal.number},
    "api:disposal_step": lambda w: {"number": w.disposal.number, "step_name": "confirm"},
    "api:enquiry": lambda w: {"number": w.enquiry.number},
    "api:enquiry_step": lambda w: {"number": w.enquiry.number, "step_name": "answer"},
    "api:shipment": lambda w: {"number": w.parcel.number},
    "api:shipment_step": lambda w: {"number": w.parcel.number, "step_name": "send"},
    "api:part": lambda w: {"code": "nothing"},
    "api:part_proposal": nothing,
    "api:approve_parts": nothing,
    "api:refuse_parts": nothing,
    "api:price_list": nothing,
    "api:publish_price_list": nothing,
    "api:drop_price_list": nothing,
    "finance:receipt": lambda w: {"number": w.receipt.number},
    "finance:reverse_receipt": lambda w: {"number": w.receipt.number},
    "finance:account": lambda w: {"pk": w.account.pk},
    "finance:allocate": lambda w: {"number": w.receipt.number},
    "finance:receivable": lambda w: {"pk": w.owed.pk},
    "finance:chase": lambda w: {"pk": w.owed.pk},
    "finance:invoice": lambda w: {"pk": w.owed.pk},
    "finance:write_off": lambda w: {"pk": w.owed.pk},
    "finance:decide_site_money": nothing,
    "finance:credit": lambda w: {"number": w.receipt.customer.number},
    "finance:pay_back": lambda w: {"number": w.receipt.customer.number},
    "finance:bank_list": lambda w: {"pk": w.bank_list.pk},
    "finance:bank_row": lambda w: {"pk": w.bank_list.pk, "position": 2},
    "finance:post_bank_list": lambda w: {"pk": w.bank_list.pk},
    "api:allocate": lambda w: {"number": w.receipt.number},
    "api:receivable": lambda w: {"pk": w.owed.pk},
    "api:chase": lambda w: {"pk": w.owed.pk},
    "api:invoice": lambda w: {"pk": w.owed.pk},
    "api:write_off": lambda w: {"pk": w.owed.pk},
    "api:second_write_off": nothing,
    "api:drop_write_off": nothing,
    "api:confirm_site_money": nothing,
    "api:refuse_site_money": nothing,
    "api:pay_back": lambda w: {"number": w.receipt.customer.number},
    "api:second_refund": nothing,
    "api:drop_refund": nothing,
    "api:bank_list": lambda w: {"pk": w.bank_list.pk},
    "api:bank_row": lambda w: {"pk": w.bank_list.pk, "position": 2},
    "api:post_bank_list": lambda w: {"pk": w.bank_list.pk},
    "finance:statements_xlsx": lambda w: {"month": "2026-03"},
    "finance:statement": lambda w: {"number": w.statement.number},
    "finance:statement_step": lambda w: {"number": w.statement.number, "step_name": "approve"},
    "finance:statement_print": lambda w: {"number": w.statement.number},
    "finance:statement_pdf": lambda w: {"number": w.statement.number},
    "finance:accounts_xlsx": lambda w: {"year": 2026},
    "finance:period": lambda w: {"period": "2026-03"},
    "finance:prepare_year_end": lambda w: {"year": 2026},
    "finance:year_end": lambda w: {"number": w.year_end.number},
    "finance:year_end_step": lambda w: {"number": w.year_end.number, "step_name": "send_back"},
    "api:statement": lambda w: {"number": w.statement.number},
    "api:statement_step": lambda w: {"number": w.statement.number, "step_name": "approve"},
    "api:accounts": lambda w: {"period": "2026-03"},
    "api:prepare_year_end": lambda w: {"year": 2026},
    "api:year_end": lambda w: {"number": w.year_end.number},
    "api:year_end_step": lambda w: {"number": w.year_end.number, "step_name": "send_back"},
    "finance:deduction": lambda w: {"number": w.deduction.number},
    "finance:deduction_step": lambda w: {"number": w.deduction.number, "step_name": "object"},
    "finance:payroll": lambda w: w.payroll,
    "finance:confirm_payroll": lambda w: w.payroll,
    "finance:payroll_list": lambda w: {"month": w.payroll["month"]},
    "finance:enter_wages": lambda w: {"month": w.payroll["month"]},
    "finance:reconciliation": lambda w: {"number": w.reconciliation.number},
    "finance:reconciliation_step": lambda w: {"number": w.reconciliation.number, "step_name": "sign_finance"},
    "finance:reconciliation_print": lambda w: {"number": w.reconciliation.number},
    "finance:reconciliation_pdf": lambda w: {"number": w.reconciliation.number},
    "finance:close_month": lambda w: {"month": "2000-01"},
    "finance:reopen_month": lambda w: {"month": w.closed_month},
    "finance:assessment": lambda w: {"number": w.assessment.number},
    "finance:assessment_step": lambda w: {"number": w.assessment.number, "step_name": "approve"},
    "finance:assessment_print": lambda w: {"number": w.assessment.number},
    "finance:assessment_pdf": lambda w: {"number": w.assessment.number},
    "api:deduction": lambda w: {"number": w.deduction.number},
    "api:deduction_step": lambda w: {"number": w.deduction.number, "step_name": "object"},
    "api:reconciliation": lambda w: {"number": w.reconciliation.number},
    "api:reconciliation_step": lambda w: {"number": w.reconciliation.number, "step_name": "sign_finance"},
    "api:assessment": lambda w: {"number": w.assessment.number},
    "api:assessment_step": lambda w: {"number": w.assessment.number, "step_name": "approve"},
    "api:payroll": lambda w: w.payroll,
    "api:confirm_payroll": lambda w: w.payroll,
    "api:receipt": lambda w: {"number": w.receipt.number},
    "api:ledger_account": lambda w: {"pk": w.account.pk},
    "api:release": lambda w: {"number": w.release.number},
    "api:release_step": lambda w: {"number": w.release.number, "step_name": "sign"},
    "api:return": lambda w: {"number": w.handed_in.number},
    "api:return_step": lambda w: {"number": w.handed_in.number, "step_name": "confirm"},
    "api:nothing": lambda w: {"rest": "nothing"},
    "public:received": link,
    "public:qr": link,
    "public:private": link,
    "public:message": link,
    "public:photos": link,
    "public:photo": lambda w: link(w) | {"key": "not-there"},
    "public:consent": link,
    "public:quotation": link,
    "public:survey": link,
    "public:withdraw": link,
    "public:rights": link,
    "public:tracked_photo": lambda w: {"key": "not-there"},
}
