"""What technical reads: the standard in force, what a ticket knows for its report, how often a fault came before."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.models import Posting, User
from accounts.selectors import represented_by
from aftersales.charter import Department
from aftersales.display import moments
from aftersales.limits import local_day
from deadlines.models import Deadline
from parts.flow import ReleaseStage
from parts.models import ReleaseLine
from parts.rules import Charge, OldPart
from repairs.flow import Stage
from repairs.models import Attachment, Quotation, RepairSheet, Ticket
from repairs.models.sheets import DamageType
from repairs.quote_flow import QuoteStage

from .flow import NoticeStage, ReportStage, SupplierClaimStage
from .models import (
    Clause,
    Dispute,
    Notice,
    Party,
    Picture,
    Report,
    Review,
    Share,
    Standard,
    StandardStage,
    SupplierClaim,
)
from .rules import clause_order


def standard_on(day: dt.date) -> Standard | None:
    """The version of 9.7 in force on that day."""
    published = Standard.objects.filter(stage=StandardStage.PUBLISHED, effective_on__lte=day)
    return published.order_by("-effective_on", "-published_at").first()


def clauses_on(day: dt.date) -> QuerySet[Clause]:
    standard = standard_on(day)
    return Clause.objects.filter(standard=standard) if standard else Clause.objects.none()


def clauses_for(report: Report | None, at: dt.datetime) -> QuerySet[Clause]:
    """The clauses by which a case is judged now; a review judges by those that were in force at the judgement (9.7)."""
    if report is not None and report.stage == ReportStage.APPEALED and report.judged_at is not None:
        return clauses_on(local_day(report.judged_at))
    return clauses_on(local_day(at))


def reports_for(user: Any) -> QuerySet[Report]:
    return Report.objects.visible_to(user).select_related("ticket", "engineer", "part")


def notices_for(user: Any) -> QuerySet[Notice]:
    """The rectification notices that this person may see (J98)."""
    return Notice.objects.visible_to(user).select_related("report__ticket", "report__part", "person")


def disputes_for(user: Any) -> QuerySet[Dispute]:
    """The disputes that this person may see (J107): all, or those of the tickets that are his."""
    rows = Dispute.objects.select_related("ticket", "by", "answered_by")
    letter = user.cell("dispute.view")
    if letter != "O":
        return rows if letter == "Y" else rows.none()
    own = Ticket.objects.filter(Ticket.objects.all().own(user)).order_by()
    return rows.filter(ticket__in=own.values("pk"))


def engineers_of(ticket: Ticket) -> set[int]:
    """Whoever is or was an engineer of the ticket: responsible, in the crew, earlier ones (SD08)."""
    found = set(ticket.history.exclude(engineer=None).values_list("engineer", flat=True))
    found |= set(ticket.crew.values_list("user", flat=True))
    return found | ({ticket.engineer_id} if ticket.engineer_id else set())


def live_lines(ticket: Ticket) -> QuerySet[ReleaseLine]:
    """The lines of a ticket that count: of sheets that went to finance and were not called off."""
    lines = ReleaseLine.objects.filter(release__ticket=ticket).exclude(release__stage__in=WITHOUT_FINANCE)
    return lines.select_related("release", "part").order_by("pk")


WITHOUT_FINANCE = (ReleaseStage.CANCELLED, ReleaseStage.DRAFT, ReleaseStage.REJECTED)


def human_lines(ticket: Ticket) -> QuerySet[ReleaseLine]:
    """Its lines that are charged because the damage was judged human (4.5a)."""
    return live_lines(ticket).filter(damage=DamageType.HUMAN)


def _freed(ticket: Ticket) -> QuerySet[Dispute]:
    """Objections to “human damage” in which the customer was right."""
    return Dispute.objects.filter(ticket=ticket, kind=Dispute.Kind.DAMAGE, outcome=Dispute.Outcome.UPHELD)


def freed_since(report: Report) -> bool:
    """Since the judgement technical told the customer that the damage is not his (4.5a)."""
    return _freed(report.ticket).filter(answered_at__gte=report.judged_at).exists()


def is_freed(report: Report) -> bool:
    """Technical told the customer, of this round or since, that the damage is not his (4.5a)."""
    right = _freed(report.ticket)
    before = report.ticket.events.filter(name="complete", round__lt=report.round).order_by("pk").last()
    return (right.filter(answered_at__gt=before.at) if before else right).exists()


def disputable(ticket: Ticket) -> bool:
    """Something was judged human damage, or is charged: the customer can object (4.5a)."""
    if ticket.stage == Stage.CANCELLED:
        return False
    lines = live_lines(ticket).filter(
        Q(damage=DamageType.HUMAN) | Q(charge__in=[Charge.CHARGED, Charge.AWAITING])
    )
    judged = RepairSheet.objects.filter(ticket=ticket, damage_type=DamageType.HUMAN)
    offered = ticket.quotations.exclude(sent_at=None).filter(total__gt=0)
    found = Ticket.objects.filter(Exists(lines) | Exists(judged) | Exists(offered), pk=ticket.pk)
    return found.exists()


def quoted(ticket: Ticket) -> list[Quotation]:
    """What was sent to the customer as an offer, the latest first; what a later version replaced is none any more."""
    rows = ticket.quotations.exclude(sent_at=None).exclude(stage=QuoteStage.SUPERSEDED)
    return list(rows.prefetch_related("lines").order_by("-pk"))


def reported_round(ticket: Ticket) -> int:
    """The last completed round of a ticket, whose report is due; 0 while none is."""
    return ticket.round if ticket.stage in (Stage.COMPLETED, Stage.CLOSED) else ticket.round - 1


def worker(ticket: Ticket, turn: int) -> User | None:
    """Who completed that round; where somebody stood in for him, he himself."""
    done = ticket.events.filter(name="complete", round=turn).select_related("by").last()
    if done is None:
        return None
    absent = done.data.get("for")
    return User.objects.filter(pk=absent).first() if absent else done.by


def worked(ticket: Ticket, user: Any) -> bool:
    """Whether he, or whom he stands in for, did the last completed round, whoever has the ticket since (4.10)."""
    who = worker(ticket, reported_round(ticket))
    return who is not None and who.pk in (user.pk, *represented_by(user))


def known(ticket: Ticket, turn: int) -> dict[str, Any]:
    """What the papers of this round say already, for the form 9.6: nothing that the customer said in his own words."""
    sheet = RepairSheet.objects.filter(ticket=ticket, round=turn).first()
    plan = ticket.plans.filter(round__lte=turn).order_by("-pk").first()
    facts: dict[str, Any] = {
        "plan_type": plan.plan_type if plan else ticket.plan_type, "model": ticket.model, "vin": ticket.vin,
        "delivered_on": ticket.delivered_on, "odometer": ticket.odometer,
        "produced_on": ticket.vehicle.built_on if ticket.vehicle else None,
    }  # fmt: skip
    if sheet is not None:
        facts |= {"what": sheet.confirmed_symptom, "causes": sheet.cause_guess, "repaired": sheet.work_done}
    return facts | _part(ticket, turn)


def written(ticket: Ticket, turn: int) -> dict[str, Any]:
    """What of it the form 9.6 asks for; the part by its code."""
    facts = known(ticket, turn)
    return {name: value for name, value in facts.items() if name in FORM} | {"part": facts.get("part_no", "")}


FORM = ("part_name", "part_no", "batch", "produced_on", "what", "causes", "repaired")


def _part(ticket: Ticket, turn: int) -> dict[str, Any]:
    """The first part that was released for it; the engineer corrects it."""
    line = used_lines(ticket, turn).first()
    if line is None:
        return {}
    old = [code for slip_line in line.slip_lines.all() for code in slip_line.old_codes]
    return {
        "part": line.part,
        "part_name": line.part.name,
        "part_no": line.part.code,
        "batch": ", ".join(old)[:60],
    }


def used_lines(ticket: Ticket, turn: int) -> QuerySet[ReleaseLine]:
    """The lines of this round's releases of which something left the store."""
    lines = ReleaseLine.objects.filter(release__ticket=ticket, release__round=turn, issued__gt=0)
    return lines.select_related("part", "release").order_by("pk")


def returning_lines(report: Report) -> QuerySet[ReleaseLine]:
    """Those of them whose old part must come back, or has: only that can be shown as a piece (4.7, 4.10)."""
    return used_lines(report.ticket, report.round).filter(old_part=OldPart.MUST)


def similar(report: Report, before: dt.datetime, days: int) -> int:
    """How many earlier reports tell of the same failure of the same part on the same model, in so many days before."""
    since = before - dt.timedelta(days=days)
    return _same_failure(report).filter(submitted_at__gte=since, submitted_at__lt=before).count()


def has_notice(report: Report) -> bool:
    """Whether a notice of this case was issued and not withdrawn (7.2)."""
    return report.notices.exclude(stage=NoticeStage.WITHDRAWN).exists()


def came_back(notice: Notice) -> int:
    """How many reports tell of the same failure of the same part on the same model, on tickets that were reported after the
    measures were in place (7.2)."""
    later = _same_failure(notice.report).filter(ticket__reported_at__gt=notice.carried_out_at)
    later = later.exclude(
        ticket__campaign_row__campaign__notice=notice
    )  # what was looked for and found is no news
    return later.exclude(stage=ReportStage.DRAFT).count()


def _same_failure(report: Report) -> QuerySet[Report]:
    """The other reports of the same part, failing in the same way, on the same model."""
    same = Report.objects.filter(model=report.model, failure_mode=report.failure_mode).exclude(pk=report.pk)
    return same.filter(part_name=report.part_name)


def judged_until(now: dt.datetime) -> QuerySet[Report]:
    """Judgements whose time for an appeal is over (7.1)."""
    return Report.objects.filter(stage="judged", appeal_until__lt=now)


def was_held(report: Report, user: Any) -> bool:
    """A judgement holds him responsible, or one did that the review replaced, or he appealed against one (SD08)."""
    his = Q(person=user) | Q(told=user) | Q(department__in=user.heads())
    return report.shares.filter(his).exists() or report.appeals.filter(person=user).exists()


def silent_beside_an_appeal(now: dt.datetime) -> list[Share]:
    """Shares whose holder said nothing while another appealed, his clock still open although the time is over (7.1)."""
    rows = Share.objects.filter(
        report__stage=ReportStage.APPEALED, report__appeal_until__lt=now, replaced=False, accepted_at=None
    )
    return [row for row in rows if Deadline.objects.of(row).open().filter(rule="appeal").exists()]


def lines_of(report: Report) -> QuerySet[ReleaseLine]:
    """The lines whose charge a ruling about the damage decides: those of this round."""
    return live_lines(report.ticket).filter(release__round=report.round)


# --- what forms offer
def pictures_of(report: Report) -> list[Attachment]:
    """The ticket's pictures that may serve as evidence."""
    rows = Attachment.objects.filter(ticket=report.ticket, kind="image", erased_at=None, origin=None)
    return list(rows.select_related("by").order_by("pk"))


def picture_word(row: Attachment, at: int) -> str:
    """Which one it is, in words: its place among the ticket's pictures, when it came and from whom."""
    return " · ".join([str(at), moments.when(row.at), str(row.by or _("the customer"))])


def people_of(departments: Iterable[str]) -> dict[User, str]:
    """The active people of these departments, each with those to which he belongs; by department, then by name."""
    posts = Posting.objects.on(timezone.localdate()).filter(
        department__in=list(departments), user__is_active=True
    )
    words: dict[User, list[str]] = defaultdict(list)
    for post in posts.select_related("user").order_by("department"):
        words[post.user].append(post.what)
    named = {user: ", ".join(names) for user, names in words.items()}
    return dict(sorted(named.items(), key=lambda one: (one[1], one[0].name, one[0].pk)))


def can_sit(report: Report) -> dict[User, str]:
    """Whom a leader can name into the panel (SD08), with his departments: active, with nothing to do with the case."""
    barred = {
        report.judged_by_id,
        report.analysed_by_id,
        *(row.person_id or row.told_id for row in report.in_force),
    }
    barred |= set(report.appeals.values_list("person", flat=True))
    held = {row.department for row in report.in_force if row.department}
    posts = Posting.objects.on(timezone.localdate()).filter(user__is_active=True).select_related("user")
    words: dict[User, list[str]] = defaultdict(list)
    for post in posts.exclude(department__in=WITHOUT_A_VOTE).order_by("user__name", "user", "department"):
        words[post.user].append(post.what)
        barred |= {post.user_id} if post.head and post.department in held else set()
    return {user: ", ".join(names) for user, names in words.items() if user.pk not in barred}


#: who looks after the machines and who audits sit in no panel (F04)
WITHOUT_A_VOTE = {Department.IT, Department.AUDIT}


# --- what a page shows
def evidence_of(report: Report, user: Any) -> list[Picture]:
    """The pictures that this person may open (B15); who answers for a case need not see its ticket."""
    rows = list(report.pictures.filter(attachment__erased_at=None).select_related("attachment"))
    if not rows or not may(user, "evidence.view", report.ticket):
        return []
    return rows if Ticket.objects.visible_to(user).filter(pk=report.ticket_id).exists() else []


def shares_of(report: Report) -> list[Share]:
    """Every share, also those that a review replaced."""
    return list(report.shares.select_related("person", "clause"))


def review_of(report: Report) -> Review | None:
    return Review.objects.select_related("convened_by", "decided_by").filter(report=report).first()


# --- the standard 9.7
def standards_for(user: Any) -> QuerySet[Standard]:
    """Versions that `user` may open: the published ones; drafts and dropped ones are theirs who write and publish."""
    rows = Standard.objects.select_related("drafted_by", "published_by")
    if may(user, "standard.draft") or may(user, "standard.publish"):
        return rows
    return rows.filter(stage=StandardStage.PUBLISHED)


def clauses_of(standard: Standard) -> list[Clause]:
    """Its clauses as one counts them."""
    return sorted(standard.clauses.all(), key=lambda row: clause_order(row.number))


def facts_in_force(day: dt.date, names: Iterable[str]) -> list[dict[str, Any]]:
    """What the clauses in force say, for a new version that begins with them."""
    return list(clauses_on(day).order_by("pk").values(*names))


def drafts_to_publish(user: Any) -> QuerySet[Standard]:
    """Drafts that wait for a second person, not his own (SD05)."""
    return Standard.objects.filter(stage=StandardStage.DRAFT).exclude(drafted_by=user).order_by("pk")


# --- claims on suppliers
def supplier_claims_for(user: Any) -> QuerySet[SupplierClaim]:
    """Claims on suppliers, for whom the policy lets see them."""
    rows = SupplierClaim.objects.select_related(
        "share__report__ticket", "share__clause", "made_by", "sent_by"
    )
    return rows if may(user, "supplier_claim.view") else rows.none()


def to_claim() -> QuerySet[Share]:
    """The shares of suppliers in final judgements that nobody has claimed yet; purchasing need not see the reports (F10)."""
    claimed = SupplierClaim.objects.exclude(stage=SupplierClaimStage.DROPPED)
    rows = Share.objects.filter(
        party=Party.SUPPLIER, replaced=False, report__stage__in=(ReportStage.FINAL, ReportStage.ASSESSED)
    ).exclude(pk__in=claimed.values("share"))
    return rows.select_related("clause", "report")


def claims_to_send() -> QuerySet[SupplierClaim]:
    """Drafts that have not gone to their suppliers."""
    return SupplierClaim.objects.filter(stage=SupplierClaimStage.DRAFT).order_by("pk")


def claimable(report: Report) -> list[Share]:
    """Those of one case."""
    return list(to_claim().filter(report=report))


def cases_to_claim() -> QuerySet[Report]:
    """The cases that purchasing may open for its claim: final, with a share of a supplier."""
    shares = Share.objects.filter(party=Party.SUPPLIER, replaced=False)
    return Report.objects.filter(
        pk__in=shares.values("report"), stage__in=(ReportStage.FINAL, ReportStage.ASSESSED)
    ).select_related("ticket")
