"""Every edge of the warehouse's papers, and every step of release and return × every role × own or not, against the policy."""

import pytest
from django.db import IntegrityError, transaction

from accounts.access import Denied
from accounts.grants import ROLES, cell
from aftersales.pages.releases import DESK
from aftersales.problems import OutOfTurn
from parts.flow import BEFORE_ISSUE, EnquiryStage, ReleaseStage, ShipmentStage, TwoStage
from parts.models import Disposal, Enquiry, Release, Return, Shipment, Stocktake
from parts.services import returning
from parts.steps.releases import RETURNS
from tests import build

pytestmark = pytest.mark.django_db
STAFF = [r for r in ROLES if r not in ("ANON", "CUST")]
R, T = ReleaseStage, TwoStage
TWO = {"confirm": {T.OPEN: T.DONE}, "refuse": {T.OPEN: T.REFUSED}}
EDGES = {
    Release: {
        "take_over": {R.DRAFT: R.ISSUED},
        "submit": {R.DRAFT: R.SUBMITTED},
        "sign_for_finance": {R.SUBMITTED: R.SIGNED},
        "reject": {R.SUBMITTED: R.REJECTED},
        "refuse_rest": {R.SUBMITTED: R.SIGNED},
        "open_again": {R.SETTLED: R.ISSUED},
        "take_back": {R.REJECTED: R.DRAFT, R.SUBMITTED: R.DRAFT},
        "revoke": {R.SIGNED: R.DRAFT},
        "lose_signature": {R.SIGNED: R.SUBMITTED},
        "finish_issue": {R.SIGNED: R.ISSUED},
        "settle": {R.ISSUED: R.SETTLED},
        "cancel": dict.fromkeys(BEFORE_ISSUE, R.CANCELLED),
    },
    Return: TWO, Stocktake: TWO, Disposal: TWO,
    Enquiry: {"answer": {EnquiryStage.ASKED: EnquiryStage.ANSWERED}},
    Shipment: {
        "send": {ShipmentStage.PACKED: ShipmentStage.SENT},
        "deliver": {ShipmentStage.SENT: ShipmentStage.DELIVERED},
    },
}  # fmt: skip


@pytest.mark.clause("4.5")
@pytest.mark.parametrize("model", EDGES)
def test_the_edges_of_a_paper_are_these_and_no_others(model):
    found: dict[str, dict[str, str]] = {}
    for edge in model._meta.get_field("stage").get_all_transitions(model):
        found.setdefault(edge.name, {})[edge.source] = edge.target
    assert found == EDGES[model]


@pytest.fixture(scope="module")
def driven():
    """How far `build.released` drives a sheet, by the stage that a step is first offered at."""
    return {R.DRAFT: "draft", R.SUBMITTED: "submitted", R.SIGNED: "signed"}


@pytest.fixture
def sheet(people, monday, driven):
    made = {}

    def at(step):
        stage = next(s for s in (R.DRAFT, R.SUBMITTED, R.SIGNED) if s in step.stages)
        if stage not in made:
            made[stage] = build.released(people, monday, to=driven[stage])
        return made[stage]

    return at


@pytest.mark.parametrize("stage", ["draft", "submitted", "signed", "issued"])
def test_a_sheet_refuses_every_edge_that_is_not_of_its_stage(people, monday, stage):
    release = build.released(people, monday, to=stage)
    for name in (n for n, edges in EDGES[Release].items() if release.stage not in edges):
        with pytest.raises(OutOfTurn):
            release.move(name)
        assert Release.objects.get(pk=release.pk).stage == release.stage, name


def is_denied(steps, paper, step, user) -> bool:
    return isinstance(steps.refusal(paper, step, user), Denied)


def allowed(step, user) -> bool:
    """The policy's answer for a paper that is not his: any object, or under a rule that the service asks."""
    return cell(step.action, user.roles) in ("Y", "C")


@pytest.mark.clause("4.5")
def test_a_stranger_may_take_exactly_what_the_policy_gives_to_any_object(sheet):
    for role in STAFF:
        stranger = build.person(role)
        for step in DESK.steps.rows.values():
            paper = sheet(step)
            own = role == "WH" and paper.signed_at is not None  # a signed sheet is in its hand (A13)
            expected = allowed(step, stranger) or (own and cell(step.action, ["WH"]) == "O")
            assert is_denied(DESK.steps, paper, step, stranger) is not expected, (role, step.name)


@pytest.mark.clause("4.5")
def test_the_engineer_may_take_what_is_his(sheet, people):
    for step in DESK.steps.rows.values():
        expected = cell(step.action, ["ENG"]) == "O"
        assert is_denied(DESK.steps, sheet(step), step, people.eng) is not expected, step.name


@pytest.mark.clause("5.3")
def test_returns_are_confirmed_by_the_warehouse_alone(people, monday):
    release = build.released(people, monday, quantity=2, to="issued")
    line = release.lines.get()
    returning.declare(
        release, by=people.eng, at=monday + build.HOUR, said={line.pk: {"used": 1, "unused": 1}}
    )
    paper = returning.hand_in(
        release, by=people.eng, at=monday + build.HOUR, kind="unused", pieces={line.pk: 1}
    )
    for role in STAFF:
        stranger = build.person(role)
        for step in RETURNS.rows.values():
            assert is_denied(RETURNS, paper, step, stranger) is not allowed(step, stranger), (role, step.name)


@pytest.mark.clause("4.5")
def test_no_side_door_signs_a_sheet(people, monday):
    """The database itself refuses the requester's and the engineer's signature, and a half-signed line."""
    release = build.released(people, monday, to="submitted")
    for who in (people.eng,):
        with pytest.raises(IntegrityError), transaction.atomic():
            Release.objects.filter(pk=release.pk).update(signed_by=who)
    with pytest.raises(IntegrityError), transaction.atomic():
        release.lines.update(digest="x")
    with pytest.raises(AttributeError):
        release.stage = R.SIGNED
