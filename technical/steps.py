"""The steps of a quality report (B13, F01–F04): one table for pages and API."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.steps import Step, Steps
from aftersales import clock
from deadlines.papers import EmptyForm

from .flow import ReportStage
from .forms import reports as forms
from .models import Report
from .services import core, judging, reviewing, writing

R = ReportStage
WRITE, JUDGE, APPEAL, CONVENE, VOTE = (
    "quality_report.submit", "quality.determine", "quality.appeal", "quality.panel_convene", "quality.panel_vote",
)  # fmt: skip


def apart(paper: Report, user: Any, step: Step) -> None:
    """SD08; and what must be so before the form is opened."""
    if step.action == JUDGE:
        writing.not_the_author(paper, user)
    if step.action == CONVENE:
        reviewing.leads(paper, user)
    if step.action == VOTE:
        reviewing.can_vote(paper, user, clock.now())
    if step.name in READY:
        READY[step.name](paper, user)


#: what must be so before anything is typed
READY: dict[str, Callable[[Report, Any], Any]] = {
    "accept": judging.can_accept,
    "appeal": lambda paper, user: judging.can_appeal(paper, user, clock.now()),
    "decide": lambda paper, user: reviewing.can_decide(paper, user, clock.now()),
}


def has_pictures(paper: Report) -> bool:
    return bool(paper.pictures.all())


def has_exhibits(paper: Report) -> bool:
    return bool(paper.exhibits.all())


def is_convened(paper: Report) -> bool:
    return hasattr(paper, "review")


def nobody_voted(paper: Report) -> bool:
    """Another panel can still be named; also where somebody of this one has not voted in time or cannot any more."""
    voted = is_convened(paper) and any(row.vote for row in paper.review.members.all())
    return not voted or reviewing.is_stuck(paper.review, clock.now())


def may_be_answered(paper: Report) -> bool:
    """Once the panel is named, as long as somebody may still join the appeal."""
    return not is_convened(paper) or judging.may_still_appeal(paper, clock.now())


STEPS = Steps(Report, [
    Step("write", _("Write"), "9.6", WRITE, forms.WriteForm, writing.write, (R.DRAFT,)),
    Step("show", _("Add a picture"), "4.10", WRITE, forms.ShowForm, writing.show, (R.DRAFT,)),
    Step("hide", _("Take a picture out"), "4.10", WRITE, forms.HideForm, writing.hide, (R.DRAFT,), when=has_pictures),
    Step("put_exhibit", _("Add a piece"), "4.10", WRITE, forms.ExhibitForm, writing.put_exhibit, (R.DRAFT,)),
    Step("drop_exhibit", _("Take a piece out"), "4.10", WRITE, forms.DropExhibitForm, writing.drop_exhibit, (R.DRAFT,),
         when=has_exhibits),
    Step("submit", _("Submit"), "4.10", WRITE, EmptyForm, writing.submit, (R.DRAFT,), ("submit",)),
    Step("judge", pgettext_lazy("quality report", "Judge"), "7.1", JUDGE, forms.JudgeForm, judging.judge, (R.ANALYSED,)),
    Step("analyse", _("Confirm the analysis"), "7.1", JUDGE, forms.AnalyseForm, judging.analyse, (R.SUBMITTED,), ("analyse",)),
    Step("correct_analysis", _("Correct the analysis"), "7.1", JUDGE, forms.AnalyseForm, judging.analyse, (R.ANALYSED,),
         ("analyse",)),
    Step("send_back", _("Send back"), "4.10", JUDGE, forms.ReasonForm, writing.send_back, (R.SUBMITTED,), ("send_back",),
         danger=True),
    Step("accept", pgettext_lazy("quality report", "Accept the judgement"), "7.1", APPEAL, EmptyForm, judging.accept,
         (R.JUDGED, R.APPEALED), when=may_be_answered),
    Step("appeal", pgettext_lazy("quality report", "Appeal"), "7.1", APPEAL, forms.ReasonForm, judging.appeal,
         (R.JUDGED, R.APPEALED), ("appeal",), when=may_be_answered),
    Step("convene", _("Convene the joint review"), "7.1", CONVENE, forms.ConveneForm, reviewing.convene, (R.APPEALED,),
         when=nobody_voted),
    Step("vote", _("Vote"), "7.1", VOTE, forms.VoteForm, reviewing.vote, (R.APPEALED,), when=is_convened),
    Step("decide", _("Decide the joint review"), "7.1", CONVENE, forms.DecideForm, reviewing.decide, (R.APPEALED,),
         when=is_convened),
], lock=core.locked, apart=apart)  # fmt: skip
ACTS = {
    "open": pgettext_lazy("quality act", "Opened"), "write": pgettext_lazy("quality act", "Written"),
    "show": _("Picture added"), "hide": _("Picture taken out"), "exhibit": _("Piece added"),
    "drop_exhibit": _("Piece taken out"), "submit": pgettext_lazy("quality act", "Submitted"),
    "send_back": pgettext_lazy("quality act", "Sent back"), "analyse": _("Analysis confirmed"),
    "judge": pgettext_lazy("quality act", "Judged"), "accept": pgettext_lazy("quality act", "Accepted"),
    "appeal": pgettext_lazy("quality act", "Appealed"), "convene": _("Joint review convened"),
    "vote": pgettext_lazy("quality act", "Voted"), "decide": _("Joint review decided"),
    "let_stand": _("Became final"), "assess": pgettext_lazy("quality act", "Assessed"),
    "waive": pgettext_lazy("quality act", "Nothing assessed"),
}  # fmt: skip
