"""Something of every kind that an address or an endpoint names; each is made when it is first asked for."""

import datetime as dt
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils import timezone

from accounts import services
from accounts.models import Absence, DutyShift, FactorReset, Grant, Posting, User
from aftersales.limits import local_day
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
    def untold(self) -> Any:
        """What nobody has told the customer of the ticket yet."""
        return self.ticket.customer_notices.get(event="completed")

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
    def delivery(self) -> Any:
        """A hand-over by nobody who walks."""
        return build.delivery(build.person("SALES"), self.at)

    @cached_property
    def customer(self) -> Any:
        from sales.services import open_customer, write_down

        return open_customer(write_down(name="泰州物流", phone="+8613912345678"), at=self.at)

    @cached_property
    def lead(self) -> Any:
        """In the hand of somebody of sales who does not walk."""
        from sales import lead_services as leads
        from tests.sales import leads as made

        row = made.lead(made.customer(self.at), self.somebody, self.at - 2 * HOUR)
        return leads.take(row, by=build.person("SALES"), at=self.at - HOUR)

    @cached_property
    def sale(self) -> Any:
        """Of a lead that an engineer registered; its commission waits for somebody else."""
        from tests.sales import leads as made

        who = made.customer(self.at)
        made.lead(who, self.somebody, self.at - 2 * HOUR)
        return made.sale(who, build.person("SALES"), self.at, "1234.50", sold_on=local_day(self.at))

    @cached_property
    def fee(self) -> Any:
        """Of that sale, confirmed by nobody who walks."""
        from finance.models import Fee
        from sales import lead_services as leads

        leads.confirm(self.sale, by=build.person("FIN"), at=self.at)
        return Fee.objects.get(sale=self.sale)

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
    def quality_report(self) -> Any:
        """With technical, not judged yet; of an engineer who does not walk."""
        from tests.technical import quality

        return quality.submitted(
            build.ticket("completed", at=self.at - HOUR, company=build.Company()), self.at
        )

    @cached_property
    def final_case(self) -> Any:
        """A final judgement that holds somebody responsible who does not walk."""
        from tests.finance import cases

        return cases.final(build.Company(), self.somebody)

    @cached_property
    def suppliers_case(self) -> Any:
        """A final judgement whose only share is a supplier's, which nobody has claimed."""
        from tests.finance import cases
        from tests.technical import quality

        cases.standard()
        share = {"party": "supplier", "supplier": "泰州配件厂", "clause": quality.clause("5.2"), "note": ""}
        return cases.final(build.Company(), share)

    @cached_property
    def supplier_claim(self) -> Any:
        from technical.services import suppliers

        facts = {"loss": Decimal("240.00"), "amount": Decimal("120.00"), "basis": "50 %"}
        share = self.suppliers_case.shares.get()
        return suppliers.claim(share, by=build.person("PUR"), at=self.at, **facts)

    @cached_property
    def standard(self) -> Any:
        """A draft of somebody who does not walk."""
        from technical.services import standards
        from tests.technical import quality

        day = timezone.localdate()
        clauses = quality.CLAUSES[:1]
        return standards.draft_standard(
            "A/9", "9.7", day, clauses=clauses, by=build.person("TECH"), at=self.at
        )

    @cached_property
    def article(self) -> Any:
        """A help article with a published version and a draft of people who do not walk."""
        from repairs.services import articles

        first, second = build.person("TECH"), build.person("CS")
        facts = {"title": "不充电", "symptom": "充不进电", "steps": [{"text": "检查插头"}]}
        version = articles.publish(articles.begin(**facts, by=first, at=self.at), by=second, at=self.at)
        return articles.renew(version, by=first, at=self.at).article

    @cached_property
    def assessment(self) -> Any:
        from finance.services import assessing

        facts = {"amount": Decimal("50.00"), "basis": "9.7 3.2", "report": self.final_case}
        return assessing.draft(person=self.somebody, by=build.person("FIN"), at=self.at, **facts)

    @cached_property
    def claim(self) -> Any:
        """For a trip on which nobody who walks went."""
        from tests.finance.travelling import Road, lost, meals

        road = Road(build.Company())
        return road.submitted(road.trip(), meals(), lost("9.00"))

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

        days = (self.at - n * 24 * HOUR for n in range(12))  # today may be a day off
        while not CollectionRound.objects.exists():
            open_rounds(next(days))
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

    # --- quality
    @cached_property
    def report(self) -> Any:
        """Of the ticket above, analysed as a technical issue by nobody who walks."""
        from tests.technical import quality

        quality.standard()
        return quality.analysed(self.ticket, self.at - HOUR, build.person("TECH"))

    @cached_property
    def rectification(self) -> Any:
        """A notice to somebody of the warehouse who does not walk."""
        from technical.services import notices

        facts = {
            "department": "warehouse",
            "problem": "材料偏软",
            "measures": "换料",
            "due_on": self.at.date() + 240 * HOUR,
        }
        return notices.issue(
            self.report, **facts, person=build.person("WH"), by=build.person("TECH"), at=self.at
        )

    @cached_property
    def dispute(self) -> Any:
        """The customer of the ticket objects."""
        from technical.services import disputes

        return disputes.raise_(self.ticket, kind="damage", words="不是我弄坏的", at=self.at)

    # --- the yard
    @cached_property
    def trip(self) -> Any:
        """Asked for by the engineer of the ticket, not decided yet."""
        from dispatch.services import trips

        eng = self.company.eng
        ticket = build.ticket(at_stage="planned", plan="c", at=self.at - HOUR, company=self.company)
        facts = {
            "place": "泰州海陵区",
            "city": "泰州",
            "kilometres": None,
            "easy_access": True,
            "severe_weather": False,
            "bulky": False,
        }
        return trips.request(
            tickets=[ticket], people=[eng], leaves_at=self.at + HOUR, returns_at=self.at + 9 * HOUR, by=eng, at=self.at,
            **facts,
        )  # fmt: skip

    @cached_property
    def car(self) -> Any:
        from dispatch.models import Car
        from dispatch.services.cars import save_car

        manager = build.person("GA", grants=("vehicle_manager",))
        return save_car(Car(plate="苏M·00001", name="依维柯"), by=manager, at=self.at)

    @cached_property
    def fine(self) -> Any:
        """Of somebody who does not walk, on no trip."""
        from dispatch.services.fining import enter

        facts = {
            "offence": "超速",
            "notice": "3212-0001",
            "amount": Decimal("200.01"),
            "driver": self.somebody,
        }
        return enter(self.car, happened_at=self.at - HOUR, by=build.person("GA"), at=self.at, **facts)

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
