"""The charter in tables: departments, facts, clocks, figures and clauses. Every figure of the company stands here, once.

A new deadline is one row of RULES, a new figure one row of FIGURES; the code elsewhere names them.
`figure` on a rule names the figure that replaces its limit's amount when the company has changed it.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .limits import (
    At,
    DayOfMonth,
    Days,
    EndOfDay,
    Hours,
    Limit,
    NextWorkdayAt,
    OwnWindowEnd,
    WindowEnd,
    WorkingDays,
)

Text = str | Promise


class Department(TextChoices):
    """Who the charter speaks of."""

    SALES = "sales", _("Sales")
    SERVICE = "service", _("Customer service")
    ENGINEERS = "engineers", _("After-sales engineers")
    WAREHOUSE = "warehouse", _("Warehouse")
    PURCHASING = "purchasing", _("Purchasing")
    ADMINISTRATION = "administration", _("Administration and dispatch")
    TECHNICAL = "technical", _("Technical department")
    FINANCE = "finance", _("Finance")
    MANAGEMENT = "management", _("Management")
    IT = "it", _("System administration")
    AUDIT = "audit", _("Audit")


class Fact(TextChoices):
    """What may be told to the clock."""

    TOLD_SALES = "told_sales"
    RELAYED = "relayed"
    REPORTED_ONLINE = "reported_online"
    REPORTED_BY_PHONE = "reported_by_phone"
    ACCEPTED = "accepted"
    WINDOW_BEGAN = "window_began"
    ROUND_TICKED = "round_ticked"
    HANDED_OVER = "handed_over"
    CONTACTED = "contacted"
    PLANNED = "planned"
    REPLANNED = "replanned"
    APPOINTED = "appointed"
    SERVICE_BEGUN = "service_begun"
    COMPLETED = "completed"
    CALLED_BACK = "called_back"
    SENT_BACK = "sent_back"
    WRITTEN_OFF = "written_off"
    REASSIGNED = "reassigned"
    REOPENED = "reopened"
    MERGED = "merged"
    CANCELLED = "cancelled"
    CLOSED = "closed"
    MOVED = "moved"
    # of the papers of warehouse, purchasing and finance: they have clocks of their own
    RELEASE_SUBMITTED = "release_submitted"
    RELEASE_SIGNED = "release_signed"
    RELEASE_WITHDRAWN = "release_withdrawn"
    RELEASE_ISSUED = "release_issued"
    PARTS_CONSUMED = "parts_consumed"
    CONSUMPTION_SENT = "consumption_sent"
    CONSUMPTION_CHECKED = "consumption_checked"
    UNUSED_LEFT = "unused_left"
    UNUSED_RETURNED = "unused_returned"
    OLD_PART_OWED = "old_part_owed"
    OLD_PART_SETTLED = "old_part_settled"
    MONTH_ENDED = "month_ended"
    UNRETURNED_LISTED = "unreturned_listed"
    PARCEL_SENT = "parcel_sent"
    PARCEL_DELIVERED = "parcel_delivered"
    STATEMENT_OPENED = "statement_opened"
    RECONCILIATION_OPENED = "reconciliation_opened"
    MONEY_ARRIVED = "money_arrived"
    MONEY_TOLD = "money_told"
    DEBT_AROSE = "debt_arose"
    DEBT_SETTLED = "debt_settled"
    REFUND_AROSE = "refund_arose"
    REFUND_PAID = "refund_paid"
    STATEMENT_CONFIRMED = "statement_confirmed"
    ENGINEER_RECONCILED = "engineer_reconciled"
    FINANCE_RECONCILED = "finance_reconciled"
    RECONCILED = "reconciled"
    # of the papers of the technical department
    QUALITY_REPORTED = "quality_reported"
    REPORT_RECEIVED = "report_received"
    REPORT_SENT_BACK = "report_sent_back"
    REPORT_JUDGED = "report_judged"
    NOT_TECHNICAL = "not_technical"
    HELD_RESPONSIBLE = "held_responsible"
    JUDGEMENT_ANSWERED = "judgement_answered"
    JUDGEMENT_APPEALED = "judgement_appealed"
    REVIEW_CONVENED = "review_convened"
    SEAT_GIVEN = "seat_given"
    SEAT_VOTED = "seat_voted"
    PANEL_VOTED = "panel_voted"
    REVIEW_DECIDED = "review_decided"
    NOTICE_ISSUED = "notice_issued"
    MEASURES_ASKED = "measures_asked"
    MEASURES_IN_PLACE = "measures_in_place"
    MEASURES_VERIFIED = "measures_verified"
    EFFECT_CHECKED = "effect_checked"
    MEASURES_DROPPED = "measures_dropped"
    DISPUTE_RAISED = "dispute_raised"
    DISPUTE_ANSWERED = "dispute_answered"
    # of the cars of administration
    CAR_INSURED = "car_insured"
    CAR_SERVICED = "car_serviced"
    CAR_LEFT = "car_left"
    # of the leads of sales
    LEAD_REGISTERED = "lead_registered"
    LEAD_MOVED = "lead_moved"
    LEAD_ENDED = "lead_ended"


F, D = Fact, Department


@dataclass(frozen=True)
class On:
    """The holder is the person in this attribute of the subject; that department while nobody is named."""

    attribute: str
    department: Department


@dataclass(frozen=True)
class Rule:
    """One clock: what starts it, what stops it, when it is due and whose it is.

    `later`: a start that lies at the due time of another clock of the same subject. A start that comes
    earlier than the one written down moves the clock forward. `reminder`: no half time, no breach.
    `warnings`: exactly these, so many days before the end, and the breach; no half time, no head.
    `restart`: one row for the subject's whole life, begun again by each of these facts.
    `quiet`: not on anybody's list of duties before it is due.
    `overdue`: a day of the world; if it is over when it is written down, the clock begins with that day and is missed at once.
    """

    name: str
    clause: str
    holder: Department | On
    label: Text
    starts: tuple[Fact, ...]
    stops: tuple[Fact, ...]
    limit: Limit
    figure: str = ""
    later: tuple[tuple[Fact, str], ...] = ()
    restart: tuple[Fact, ...] = ()
    reminder: bool = False
    warnings: tuple[int, ...] = ()
    pausable: bool = False
    quiet: bool = False
    overdue: bool = False

    @property
    def department(self) -> Department:
        return self.holder.department if isinstance(self.holder, On) else self.holder

    @property
    def facts(self) -> frozenset[Fact]:
        """Every fact that this clock listens to."""
        return frozenset((*self.starts, *self.stops, *self.restart, *(fact for fact, _rule in self.later)))


def by_name(rows: Iterable[Any]) -> dict[str, Any]:
    return {row.name: row for row in rows}


AGAIN = (F.HANDED_OVER, F.REASSIGNED, F.SENT_BACK, F.REOPENED)
#: the life of a ticket ends here; what stands below belongs to other papers
OF_TICKETS = list(F)[: list(F).index(F.RELEASE_SUBMITTED)]
ANYTHING = tuple(
    fact for fact in OF_TICKETS if fact not in (F.WINDOW_BEGAN, F.ROUND_TICKED, F.CALLED_BACK, F.CLOSED)
)
OVER = (F.CALLED_BACK, F.CLOSED)
engineer = On("engineer", D.ENGINEERS)

RULES: dict[str, Rule] = by_name([
    Rule("relay", "2.3", On("relayed_by", D.SALES), _("Relay the report to customer service"),
         (F.TOLD_SALES,), (F.RELAYED,), Hours(12), "relay_hours"),
    Rule("collect", "3.1", D.SERVICE, _("Collect the web report"),
         (F.REPORTED_ONLINE,), (F.ACCEPTED,), WindowEnd(), "collection_windows"),
    Rule("round", "3.1", D.SERVICE, _("Collect the web reports of this round"),
         (F.WINDOW_BEGAN,), (F.ROUND_TICKED,), OwnWindowEnd(), "collection_windows"),
    Rule("handover", "3.2", On("accepted_by", D.SERVICE), _("Hand over to an engineer"),
         (F.REPORTED_BY_PHONE, F.RELAYED, F.ACCEPTED), (F.HANDED_OVER,), Hours(12), "handover_hours",
         later=((F.REPORTED_ONLINE, "collect"),)),
    Rule("contact", "4.3", engineer, _("Reach the customer"),
         AGAIN, (F.CONTACTED,), Hours(12), "contact_hours"),
    Rule("plan", "4.4", engineer, _("Make the plan for the customer"),
         (*AGAIN, F.REPLANNED), (F.PLANNED,), Hours(24), "plan_hours", pausable=True),
    Rule("callback", "3.3", D.SERVICE, _("Call the customer back"),
         (F.COMPLETED,), (F.CALLED_BACK, F.CLOSED, F.SENT_BACK), Hours(24), "callback_hours"),
    Rule("write_off", "4.8", D.SERVICE, _("Write off the customer-service record with the engineer"),
         (F.COMPLETED,), (F.WRITTEN_OFF,), Hours(24), "write_off_hours"),
    Rule("appointment", "4.4c", engineer, _("The appointment with the customer"),
         (F.PLANNED, F.APPOINTED), (F.SERVICE_BEGUN, F.REPLANNED, F.COMPLETED), At("appointment_at"),
         restart=(F.PLANNED, F.APPOINTED, F.REASSIGNED), reminder=True),
    Rule("stalled", "", On("mover", D.SERVICE), _("Nothing has happened for days"),
         (F.REPORTED_ONLINE, F.REPORTED_BY_PHONE, F.RELAYED, F.REOPENED), OVER, Days(7), "stalled_days",
         restart=ANYTHING, reminder=True, quiet=True),
    Rule("consumption", "5.5", D.WAREHOUSE, _("Report the consumed parts to purchasing"),
         (F.PARTS_CONSUMED,), (F.CONSUMPTION_SENT,), EndOfDay()),
    Rule("consumption_check", "5.5", D.WAREHOUSE, _("Confirm the consumed quantities"),
         (F.CONSUMPTION_SENT,), (F.CONSUMPTION_CHECKED,), NextWorkdayAt(dt.time(12)), "consumption_check_time"),
    Rule("unused_return", "4.7", engineer, _("Return the unused parts to the warehouse"),
         (F.UNUSED_LEFT,), (F.UNUSED_RETURNED,), Days(3), "unused_return_days"),
    Rule("old_part", "4.7", engineer, _("Return the old part to the warehouse"),
         (F.OLD_PART_OWED,), (F.OLD_PART_SETTLED,), Days(15), "old_part_days"),
    Rule("unreturned_list", "5.6", D.WAREHOUSE, _("List the warranty parts not returned for finance"),
         (F.MONTH_ENDED,), (F.UNRETURNED_LISTED,), DayOfMonth(5)),
    Rule("payment_notice", "8.6", D.FINANCE, _("Enter the money that arrived; the engineer is told at once"),
         (F.MONEY_ARRIVED,), (F.MONEY_TOLD,), Hours(12), "payment_notice_hours"),
    Rule("refund", "8.8", D.FINANCE, _("Repay what was deducted from the engineer"),
         (F.REFUND_AROSE,), (F.REFUND_PAID,), WorkingDays(2)),
    Rule("monthly_statement", "4.9", engineer, _("Confirm the statistics sheet of the month"),
         (F.STATEMENT_OPENED,), (F.STATEMENT_CONFIRMED,), DayOfMonth(5)),
    Rule("reconciliation", "4.11", engineer, _("Reconcile the month with finance"),
         (F.RECONCILIATION_OPENED,), (F.ENGINEER_RECONCILED,), DayOfMonth(5)),
    Rule("reconcile_finance", "8.8", D.FINANCE, _("Reconcile the month with the engineer"),
         (F.RECONCILIATION_OPENED,), (F.FINANCE_RECONCILED,), DayOfMonth(5)),
    Rule("receivable", "4.11", engineer, _("Collect the money that the customer owes"),
         (F.DEBT_AROSE,), (F.DEBT_SETTLED,), Days(40), "receivable_days", warnings=(10, 3)),
    Rule("sign", "", D.FINANCE, _("Sign or reject the release"),
         (F.RELEASE_SUBMITTED,), (F.RELEASE_SIGNED, F.RELEASE_WITHDRAWN), Hours(12), "sign_hours",
         restart=(F.RELEASE_SUBMITTED,), reminder=True),
    Rule("issue", "", D.WAREHOUSE, _("Issue the signed parts"),
         (F.RELEASE_SIGNED,), (F.RELEASE_ISSUED, F.RELEASE_WITHDRAWN), Hours(12), "issue_hours",
         restart=(F.RELEASE_SIGNED,), reminder=True),
    Rule("quality_report", "4.10", engineer, _("Write the quality report"),
         (F.COMPLETED,), (F.QUALITY_REPORTED,), Days(3), "quality_report_days"),
    Rule("rectification", "7.2", D.TECHNICAL, _("Issue the rectification notice, or judge it not technical"),
         (F.REPORT_RECEIVED,), (F.NOTICE_ISSUED, F.NOT_TECHNICAL, F.REPORT_SENT_BACK), WorkingDays(3)),
    Rule("judgement", "7.1", D.TECHNICAL, _("Judge who answers for the fault"),
         (F.REPORT_RECEIVED,), (F.REPORT_JUDGED, F.REPORT_SENT_BACK), Days(7), "judgement_days", reminder=True),
    Rule("appeal", "7.1", On("holder", D.TECHNICAL), _("Accept the judgement, or appeal"),
         (F.HELD_RESPONSIBLE,), (F.JUDGEMENT_ANSWERED,), At("appeal_until"), reminder=True),
    Rule("review", "7.1", D.MANAGEMENT, _("Convene the joint review"),
         (F.JUDGEMENT_APPEALED,), (F.REVIEW_CONVENED,), Days(3), "review_days", reminder=True),
    Rule("panel_vote", "7.1", On("person", D.MANAGEMENT), _("Vote in the joint review"),
         (F.SEAT_GIVEN,), (F.SEAT_VOTED,), At("meets_at"), reminder=True),
    Rule("decision", "7.1", D.MANAGEMENT, _("Decide the joint review"),
         (F.PANEL_VOTED,), (F.REVIEW_DECIDED,), Days(3), "review_days", reminder=True),
    Rule("rewrite", "4.10", engineer, _("Complete the quality report that came back"),
         (F.REPORT_SENT_BACK,), (F.REPORT_RECEIVED,), Days(3), "quality_report_days", reminder=True),
    Rule("measures", "7.2", On("person", D.TECHNICAL), _("Have the measures of the notice in place"),
         (F.MEASURES_ASKED,), (F.MEASURES_IN_PLACE, F.MEASURES_DROPPED), At("due_at"), warnings=(7, 1)),
    Rule("verification", "7.2", D.TECHNICAL, _("Verify the measures of the notice"),
         (F.MEASURES_IN_PLACE,), (F.MEASURES_VERIFIED, F.MEASURES_ASKED, F.MEASURES_DROPPED), Days(3), "verification_days",
         reminder=True),
    Rule("effect_check", "7.2", D.TECHNICAL, _("Check whether the fault comes back"),
         (F.MEASURES_VERIFIED,), (F.EFFECT_CHECKED, F.MEASURES_DROPPED), At("effect_at"), reminder=True, quiet=True),
    Rule("dispute", "4.5a", D.TECHNICAL, _("Answer the customer's dispute"),
         (F.DISPUTE_RAISED,), (F.DISPUTE_ANSWERED,), Days(3), "dispute_days", reminder=True),
    Rule("car_insurance", "6.2", D.ADMINISTRATION, _("Renew the insurance of the car"),
         (F.CAR_INSURED,), (F.CAR_LEFT,), At("insurance_ends"), restart=(F.CAR_INSURED,), warnings=(30, 7), quiet=True,
         overdue=True),
    Rule("car_service", "6.2", D.ADMINISTRATION, _("Have the car maintained"),
         (F.CAR_SERVICED,), (F.CAR_LEFT,), At("service_ends"), restart=(F.CAR_SERVICED,), warnings=(14, 3), quiet=True,
         overdue=True),
    Rule("delivered", "", engineer, _("Ask whether the parcel has arrived"),
         (F.PARCEL_SENT,), (F.PARCEL_DELIVERED,), Days(5), "delivered_days", reminder=True, quiet=True),
    Rule("lead_follow_up", "4.2", On("seller", D.SALES), _("Go on with the purchase lead"),
         (F.LEAD_REGISTERED,), (F.LEAD_ENDED,), At("follow_up_at"), restart=(F.LEAD_REGISTERED, F.LEAD_MOVED), reminder=True),
])  # fmt: skip


class Unit(TextChoices):
    """How a figure is typed and shown."""

    HOURS = "hours", _("hours")
    DAYS = "days", _("days")
    MONTHS = "months", _("months")
    TIMES = "times", _("times")
    HALF_DAYS = "half_days", pgettext_lazy("unit", "half-days")
    WORKING_DAYS = "working_days", pgettext_lazy("unit", "working days")
    WEEKS = "weeks", pgettext_lazy("unit", "weeks")
    CASES = "cases", pgettext_lazy("unit", "cases")
    ANSWERS = "answers", pgettext_lazy("unit", "answers")
    KILOMETRES = "kilometres", _("kilometres")
    METER_HOURS = "meter_hours", _("hours on the meter")
    CLOCK = "clock", _("time of day")
    WINDOWS = "windows", _("times of a working day")
    YUAN = "yuan", _("yuan")
    SHARE = "share", _("percent")
    PLACES = "places", _("names of places")
    CHOICE = "choice", _("a reading of the charter")


@dataclass(frozen=True)
class Figure:
    """One figure: the charter's own (`adjustable=False`), or the company's ⚙, with its default; of some of these the
    charter itself names the value that holds until the company changes it (`named`).

    `options` are the readings of a choice, the first is the default.
    """

    name: str
    clause: str
    default: Any
    unit: Unit
    label: Text
    adjustable: bool = True
    options: tuple[tuple[str, Text], ...] = ()
    named: bool = False


def hours(name: str, label: Text) -> Figure:
    """The hours that the charter itself gives to a clock."""
    rule = RULES[name]
    return Figure(f"{name}_hours", rule.clause, rule.limit.amount, Unit.HOURS, label, adjustable=False)


def choice(name: str, clause: str, label: Text, reading: Text) -> Figure:
    """A place where the charter leaves a choice, and how the company reads it (domain 9)."""
    return Figure(
        name, clause, "default", Unit.CHOICE, label, adjustable=False, options=(("default", reading),)
    )


WINDOWS = ((dt.time(9), dt.time(10)), (dt.time(14), dt.time(15)))

#: around the works at Taizhou: there and back within a working day (6.1)
NEARBY = ("泰州", "扬州", "南通", "镇江", "常州", "盐城", "无锡")

#: the number that customers call, day and night (3.1)
HOTLINE = "0523-89798888"

FIGURES: dict[str, Figure] = by_name([
    hours("relay", _("Relay a report to customer service within")),
    Figure("collection_windows", "3.1", WINDOWS, Unit.WINDOWS, _("Web reports are collected at")),
    hours("handover", _("Hand over to an engineer within")),
    hours("callback", _("Call back after completion within")),
    hours("contact", _("Reach the customer after the hand-over within")),
    hours("plan", _("Make the plan after the hand-over within")),
    hours("write_off", _("Write off the customer-service record within")),
    Figure("pause_days", "4.4", 30, Unit.DAYS, _("One pause of the plan's clock lasts at most")),
    Figure("callback_attempts", "3.3", 3, Unit.TIMES, _("Attempts before a customer counts as not reached"), adjustable=False),
    Figure("callback_half_days", "3.3", 2, Unit.HALF_DAYS, _("Half-days over which the attempts must spread"), adjustable=False),
    Figure("survey_frozen_hours", "3.3", 24, Unit.HOURS, _("A callback survey may be mended within"), adjustable=False),
    Figure("reopen_days", "3.3", 30, Unit.DAYS, _("A closed ticket may be reopened within")),
    Figure("head_hours", "", 4, Unit.HOURS, _("A missed clock goes to the head after")),
    Figure("soon_hours", "", 2, Unit.HOURS, _("The last warning of an hour clock comes before its end by"), adjustable=False),
    Figure("soon_days", "", 1, Unit.DAYS, _("The last warning of a day clock comes before its end by"), adjustable=False),
    Figure("stalled_days", "", 7, Unit.DAYS, _("A ticket without any event counts as stalled after")),
    Figure("quiet_from", "", dt.time(22), Unit.CLOCK, _("Quiet hours begin at"), adjustable=False),
    Figure("quiet_until", "", dt.time(7), Unit.CLOCK, _("Quiet hours end at"), adjustable=False),
    Figure("small_part_yuan", "4.5a", Decimal("50.00"), Unit.YUAN, _("A small part costs at most, per piece, tax included"),
           named=True),
    Figure("fee_share", "4.2", Decimal("0.05"), Unit.SHARE, _("Information fee, of the sales commission"), named=True),
    Figure("lead_months", "4.2", 12, Unit.MONTHS, _("A purchase lead lapses after its registration in")),
    Figure("sale_days", "4.2", 60, Unit.DAYS, _("A sale is written down after its day within")),
    Figure("lead_follow_days", "", 3, Unit.WORKING_DAYS, _("Working days after which sales is reminded of a purchase lead")),
    Figure("credit_days", "4.5c", 30, Unit.DAYS,
           _("Parts not yet paid: the agreed day of payment lies at most after the issue by")),
    Figure("unused_return_days", "4.7", 3, Unit.DAYS, _("Unused parts are back after the completion within")),
    Figure("old_part_days", "4.7", 15, Unit.DAYS, _("Old parts are back after the completion within")),
    Figure("consumption_check_time", "5.5", dt.time(12), Unit.CLOCK,
           _("Consumed quantities are confirmed on the next working day by")),
    Figure("sign_hours", "", 12, Unit.HOURS, _("Finance is reminded of a release that waits for its signature after")),
    Figure("issue_hours", "", 12, Unit.HOURS, _("The warehouse is reminded of a signed release after")),
    Figure("delivered_days", "", 5, Unit.DAYS, _("The engineer asks whether a parcel has arrived after")),
    Figure("recorder_signs_below", "", Decimal("5000.00"), Unit.YUAN,
           _("Who recorded a payment may sign the release that rests on it below (SD03)")),
    hours("payment_notice", _("The engineer hears of money that arrived within")),
    Figure("receivable_days", "8.8", 40, Unit.DAYS, _("A debt is deducted from the wage once it is overdue by"),
           adjustable=False),
    Figure("deduction_share", "8.8", Decimal("0.20"), Unit.SHARE, _("Deductions of a month take at most, of the wage")),
    Figure("quality_report_days", "4.10", 3, Unit.DAYS, _("The quality report comes after the completion within")),
    Figure("judgement_days", "7.1", 7, Unit.DAYS, _("Technical is reminded of a report that is not judged after")),
    Figure("appeal_days", "7.1", 3, Unit.DAYS, _("Working days for an appeal where the clause names none")),
    Figure("review_days", "7.1", 3, Unit.DAYS, _("Management is reminded to convene, and to decide, a joint review after")),
    Figure("verification_days", "7.2", 3, Unit.DAYS, _("Technical is reminded of measures that are not verified after")),
    Figure("dispute_days", "4.5a", 3, Unit.DAYS, _("Technical is reminded of a customer's dispute after")),
    Figure("effect_weeks", "7.2", 8, Unit.WEEKS, _("Weeks after which the effect of a rectification is checked")),
    Figure("repeat_count", "7.1", 3, Unit.CASES, _("A fault counts as repeated within 90 days from so many cases on")),
    Figure("nearby_cities", "6.1", NEARBY, Unit.PLACES, _("These cities are nearby")),
    Figure("nearby_km", "6.1", 200, Unit.KILOMETRES, _("Any other place is nearby up to a distance of")),
    Figure("meal_yuan", "8.3", Decimal("30.00"), Unit.YUAN, _("Meals, per person and calendar day"), named=True),
    Figure("lodging_yuan", "8.3", Decimal("150.00"), Unit.YUAN, _("Lodging, per room and night; two persons share a room"),
           named=True),
    Figure("km_yuan", "8.4", Decimal("1.00"), Unit.YUAN, _("The company's car costs per kilometre"), named=True),
    Figure("year_share", "8.10", Decimal("0.40"), Unit.SHARE, _("Share of the engineer's own profit of the year"), named=True),
    Figure("satisfaction_answers", "9.3", 5, Unit.ANSWERS, _("A mean grade is shown from so many answers on"), adjustable=False),
    Figure("quotation_days", "9.4", 15, Unit.DAYS, _("A quotation is valid for")),
    Figure("warranty_months", "4.5a", 12, Unit.MONTHS, _("Warranty where a model has no term of its own")),
    Figure("retention_months", "", 36, Unit.MONTHS, _("Personal data of closed tickets are kept for")),
    choice("plan_start", "4.4", _("Start of the plan clock"), _("the hand-over, so that a late contact buys no time")),
    choice("small_part_sign", "4.5a", _("Small part (the sign is lost in the copy)"),
           _("at most 50 yuan per piece, tax included")),
    choice("before_the_fifth", "4.9", _("“Before the 5th”"), _("includes the 5th")),
    choice("write_off_meaning", "4.8", _("What 报销 means for the customer-service record"), _("write-off, not reimbursement")),
    choice("replaced_part", "4.5a", _("Warranty of a replaced part"), _("it inherits the vehicle's term")),
    choice("ask_purchasing", "5.2", _("Purchasing is asked"), _("only when the part is short in stock")),
    choice("lodging_unit", "8.3", _("The lodging standard is meant"), _("per night")),
    choice("trip_split", "6.1", _("Cost of a trip that served several tickets"),
           _("shared equally, the odd fen to the lowest number")),
    choice("after_completion", "4.10", _("Returns and the quality report"),
           _("follow completion as obligations of their own")),
    choice("awaited_debtor", "4.5a", _("Debtor while an old part is awaited"),
           _("the customer when he fits the part himself, else the engineer who holds it")),
    choice("lead_fee", "4.2", _("Base and payer of the lead fee"), _("the sales commission; the salesperson pays")),
    choice("share_split", "8.10", _("Split of the year-end share"), _("each engineer's own profit")),
    choice("warranty_cost", "8.10", _("Cost of warranty parts in the share"), _("left out, shown as a memo")),
    choice("wage_deduction", "8.8", _("Deducting customers' debts from wages"),
           _("draft, cap, objection, confirmation: never automatic")),
])  # fmt: skip


@dataclass(frozen=True)
class Clause:
    """One clause and its short title."""

    number: str
    title: Text


CLAUSES: list[Clause] = [Clause(number, title) for number, title in [
    ("0", _("Cover: head and controlled number")),
    ("1", _("Purpose")),
    ("2.1", _("Explanation at delivery")),
    ("2.2", _("Common remedies first, then report")),
    ("2.3", _("Sales relay a report within 12 hours")),
    ("3.1", _("Collecting web reports, 24-hour hotline")),
    ("3.2", _("Record and hand over within 12 hours")),
    ("3.3", _("Callback within 24 hours")),
    ("4.0", _("Requirements for engineers")),
    ("4.1", _("Engineers' spirit, planning and reachability")),
    ("4.2", _("Purchase leads and their fee")),
    ("4.3", _("Contact within 12 hours, repair order")),
    ("4.4", _("Plan within 24 hours")),
    ("4.4a", _("Plan a: parts to the customer")),
    ("4.4b", _("Plan b: guidance by phone")),
    ("4.4c", _("Plan c: visit by appointment")),
    ("4.5", _("Parts only on a finance signature")),
    ("4.5a", _("Parts under warranty")),
    ("4.5b", _("Parts already paid")),
    ("4.5c", _("Parts not yet paid")),
    ("4.6", _("Parts sent back freight collect")),
    ("4.7", _("Parts and old parts back to the warehouse")),
    ("4.8", _("Write-off of the customer-service record")),
    ("4.9", _("Monthly statistics sheet")),
    ("4.10", _("Quality analysis report")),
    ("4.11", _("Outstanding money and its deduction")),
    ("5.1", _("Outbound and loan slips")),
    ("5.2", _("Asking purchasing")),
    ("5.3", _("Old parts kept apart and signed for")),
    ("5.4", _("After-sales slips in their own book")),
    ("5.5", _("Consumed parts reported the same day")),
    ("5.6", _("Monthly list of warranty parts not returned")),
    ("6.1", _("How to travel")),
    ("6.1a", _("Nearby: public transport")),
    ("6.1b", _("Nearby, poor access: company car")),
    ("6.1c", _("Nearby, bulky part: company car")),
    ("6.1d", _("Medium and long distance: public transport")),
    ("6.2", _("Fuel")),
    ("6.3", _("Shipping of parts")),
    ("7.1", _("Cause and responsibility")),
    ("7.2", _("Rectification notice within 3 working days")),
    ("8.1", _("Price list and labour rates")),
    ("8.2", _("Travel cost by the standard")),
    ("8.3", _("Meals and lodging")),
    ("8.4", _("Kilometres and fines")),
    ("8.5", _("Expenses without a receipt")),
    ("8.6", _("Notice of payment within 12 hours")),
    ("8.7", _("Parts-only orders: payment first")),
    ("8.8", _("Liability for unpaid money")),
    ("8.9", _("Assessment documents")),
    ("8.10", _("Monthly and yearly accounts, the share of the profit")),
    ("9.1", _("Customer-service record")),
    ("9.2", _("Repair order")),
    ("9.3", _("Service statistics sheet")),
    ("9.4", _("Quotation")),
    ("9.5", _("Callback survey")),
    ("9.6", _("Quality analysis report form")),
    ("9.7", _("Responsibility and assessment standard")),
]]  # fmt: skip
