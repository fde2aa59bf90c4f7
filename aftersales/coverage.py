"""Where each clause of the charter lives in the product, and which tests hold it.

Clocks and steps are found by themselves (they carry their clause); HOMES names the rest. A home is an importable
name; `manage.py charter --check` fails when one is gone, or when a clause claims a home that no test holds.
"""

import ast
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from .charter import CLAUSES, RULES

HOMES: dict[str, list[str]] = {
    "0": ["aftersales.paper.heads"],
    "1": ["accounts.grants.actions", "aftersales.coverage.report"],
    "2.1": ["sales.delivering.deliver", "sales.models.Delivery", "sales.briefing.CHECKLISTS"],
    "2.2": [
        "repairs.public.report.report",
        "repairs.public.help.remedies_page",
        "repairs.forgiving.score",
        "repairs.services.articles.publish",
        "repairs.services.helping.answered",
        "repairs.middleware.Rush",
        "sales.labels.labels",
    ],
    "2.3": ["repairs.services.relay"],
    "3.1": [
        "repairs.services.report",
        "repairs.services.phone_in",
        "accounts.models.DutyShift",
        "repairs.told.listening.follow",
    ],
    "3.2": ["repairs.models.IntakeRecord"],
    "3.3": ["repairs.models.CallbackSurvey"],
    "4.0": ["repairs.selectors.suggested_engineers"],
    "4.1": [
        "repairs.services.ask_replacement",
        "repairs.services.log_unreachable",
        "repairs.links.opened",
    ],
    "4.2": ["sales.lead_rules.earliest", "sales.lead_services.register", "finance.services.fees.pay"],
    "4.3": [
        "repairs.models.RepairSheet",
        "repairs.services.attach",
        "repairs.public.pieces.files",
        "repairs.told.listening.follow",
    ],
    "4.4": ["repairs.models.Plan"],
    "4.4a": ["repairs.services.consent", "repairs.models.ConsentSignature"],
    "4.4b": ["repairs.flow.PlanType"],
    "4.4c": ["repairs.flow.visit_is_appointed", "repairs.told.listening.appointed"],
    "4.5": ["parts.services.releases.put_signature"],
    "4.5a": ["parts.rules.decide", "technical.services.disputes.answer"],
    "4.5b": ["finance.services.signing.sign"],
    "4.5c": ["parts.services.releases.consent"],
    "4.6": ["parts.services.send_back"],
    "4.7": ["parts.services.returning.declare", "parts.services.returning.hand_in"],
    "4.8": ["repairs.models.WriteOff"],
    "4.9": ["finance.services.statements.confirm", "finance.services.statements.open_statements"],
    "4.10": ["technical.services.writing.submit", "technical.flow.has_evidence", "finance.rows.has_report"],
    "4.11": ["finance.services.chasing.chase", "finance.services.reconciling.figures"],
    "5.1": ["parts.services.issuing.issue", "parts.models.PartCode"],
    "5.2": ["parts.services.ask"],
    "5.3": ["parts.services.returning.confirm", "parts.models.Disposal"],
    "5.4": ["parts.models.Slip"],
    "5.5": ["parts.services.consuming.report_consumption"],
    "5.6": ["parts.models.UnreturnedList", "parts.services.returning.waive_later"],
    "6.1": ["dispatch.services.trips.approve", "dispatch.rules.advice"],
    "6.1a": ["dispatch.rules.RIDE_NEARBY"],
    "6.1b": ["dispatch.rules.POOR_ACCESS"],
    "6.1c": ["dispatch.rules.BULKY"],
    "6.1d": ["dispatch.rules.FAR"],
    "6.2": ["dispatch.services.cars.refuel"],
    "6.3": ["parts.models.Shipment"],
    "7.1": [
        "technical.services.judging.judge",
        "technical.services.judging.appeal",
        "technical.services.reviewing.decide",
        "technical.rules.is_whole",
    ],
    "7.2": [
        "technical.services.notices.issue",
        "technical.services.measures.verify",
        "technical.services.campaigns.start",
        "technical.models.Notice",
    ],
    "8.1": ["catalogue.models.PriceList"],
    "8.2": [
        "finance.models.Claim",
        "finance.services.claims.write",
        "finance.services.claims.decide",
        "finance.services.claims.pay",
    ],
    "8.3": ["finance.travel.meals", "finance.travel.lodging_cap", "finance.services.claims.check"],
    "8.4": [
        "dispatch.services.fining.enter",
        "finance.services.costing.kilometres",
        "finance.services.fining.bear",
        "dispatch.rules.halves",
    ],
    "8.5": ["finance.models.claims.LineKind", "finance.services.claims.decide"],
    "8.6": [
        "finance.services.receipts.record",
        "finance.services.paying.allocate",
        "finance.services.bank.post",
    ],
    "8.7": ["repairs.models.PartsOrder"],
    "8.8": [
        "finance.services.paying.spread",
        "finance.services.deducting.draft_due",
        "finance.services.payroll.confirm",
        "finance.desk.payrolls.page",
        "finance.services.giving_up.second",
        "finance.services.on_site.confirm",
    ],
    "8.9": [
        "finance.services.assessing.from_report",
        "finance.services.assessing.issue",
        "finance.services.assessing.waive",
        "finance.services.quality_cost.of",
        "technical.rules.whole_of",
    ],
    "8.10": [
        "finance.services.accounts.compute",
        "finance.services.year_end.prepare",
        "finance.rules.profit",
    ],
    "9.1": ["repairs.models.IntakeRecord"],
    "9.2": ["repairs.models.RepairSheet"],
    "9.3": ["finance.models.Statement", "finance.rows.rows_for", "finance.sheets.books.month"],
    "9.4": ["repairs.models.Quotation"],
    "9.5": ["repairs.models.CallbackSurvey"],
    "9.6": ["technical.models.Report", "technical.prints.report"],
    "9.7": [
        "technical.models.Standard",
        "technical.services.standards.publish",
        "technical.services.clauses.whole",
    ],
}


@dataclass
class Line:
    """One clause of the report."""

    clause: str
    title: str
    places: list[str] = field(default_factory=list)
    tests: list[str] = field(default_factory=list)


def derived() -> dict[str, list[str]]:
    """Homes that carry their clause themselves: the clocks and the steps."""
    from repairs.steps import STEPS

    found: dict[str, list[str]] = defaultdict(list)
    for rule in RULES.values():
        found[rule.clause].append(f"clock {rule.name}")
    for step in STEPS.values():
        found[step.clause].append(f"step {step.name}")
    return found


def marks(root: Path) -> dict[str, list[str]]:
    """`@pytest.mark.clause("4.7")` in the tests, by clause; a mark on the module (`pytestmark`) counts for each of its tests."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted(root.rglob("test_*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        everywhere = [
            c
            for node in tree.body
            if isinstance(node, ast.Assign) and _is_pytestmark(node)
            for c in _clauses(node.value)
        ]
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for clause in dict.fromkeys(
                    everywhere + [c for d in node.decorator_list for c in _clauses(d)]
                ):
                    found[clause].append(f"{file.relative_to(root.parent)}::{node.name}")
    return found


def _is_pytestmark(node: ast.Assign) -> bool:
    return any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in node.targets)


def _clauses(node: ast.expr) -> list[str]:
    calls = [n for n in ast.walk(node) if isinstance(n, ast.Call)]
    marked = [c for c in calls if isinstance(c.func, ast.Attribute) and c.func.attr == "clause"]
    return [
        a.value for c in marked for a in c.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
    ]


def report() -> list[Line]:
    """Every clause from 0 to 9.7, in the charter's order."""
    homes, tests = derived(), marks(Path(settings.BASE_DIR) / "tests")
    return [
        Line(
            c.number, str(c.title), HOMES.get(c.number, []) + homes.get(c.number, []), tests.get(c.number, [])
        )
        for c in CLAUSES
    ]


def faults() -> list[str]:
    """What is untrue in the report: a home that does not exist, a home without a test, a test of no clause."""
    known = {c.number for c in CLAUSES}
    found = [
        f"{n}: there is no such clause"
        for n in [*HOMES, *marks(Path(settings.BASE_DIR) / "tests")]
        if n not in known
    ]
    for number, places in HOMES.items():
        found += [f"{number}: {place} does not exist" for place in places if not _exists(place)]
    return found + [
        f"{line.clause}: lives in {line.places[0]} but no test holds it"
        for line in report()
        if line.places and not line.tests
    ]


def _exists(place: str) -> bool:
    try:
        import_string(place)
    except ImportError:
        return False
    return True


def as_json() -> list[dict[str, Any]]:
    return [asdict(line) for line in report()]
