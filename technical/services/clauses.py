"""What a clause of the standard 9.7 must say to be one: its words, and how much it asks (7.1, 8.9)."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from aftersales.money import is_amount
from aftersales.problems import BadEntry
from catalogue.cells import CODE

from ..models import Method, Severity
from ..models.standard import Category
from ..rules import in_hundredths

CLAUSE = "9.7"
FACTS = (
    "number", "category", "criterion", "party", "severity", "factor", "method", "amount", "percent", "points", "cap",
    "appeal_days",
)  # fmt: skip
#: what each way of assessing needs; the others of these stay blank
NEEDS = {Method.AMOUNT: "amount", Method.LOSS: "percent", Method.POINTS: "points"}
CAPPED = (Method.AMOUNT, Method.LOSS, Method.SUPPLIER)
CHOICES: dict[str, Any] = {"category": Category, "severity": Severity, "method": Method}
LONGEST = {"number": 12, "criterion": 300, "party": 80}  # characters
MOST_POINTS, MOST_DAYS = 1000, 30
ONE, THREE_DAYS = Decimal(1), 3


def whole(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a clause, complete. Raises `BadEntry` at the field that is wrong.

    `amount` and `cap` are yuan, `percent` of the loss is above 0 and at most 100, `factor` above 0; two decimals at most.
    """
    found = {name: facts.get(name) for name in FACTS}
    found["factor"] = ONE if found["factor"] is None else found["factor"]
    found["appeal_days"] = THREE_DAYS if found["appeal_days"] is None else found["appeal_days"]
    _words(found)
    _numbers(found)
    _belongs(found)
    return found


def _words(found: dict[str, Any]) -> None:
    for name, most in LONGEST.items():
        found[name] = str(found[name] or "").strip()
        if not found[name]:
            raise _bad(name, _("This is missing."))
        if len(found[name]) > most:
            raise _bad(name, _("This is too long."))
    if CODE.fullmatch(found["number"]) is None:
        raise _bad(
            "number",
            _("A clause has letters and digits, with . _ - + ( ) in between; no blanks, no strokes."),
        )
    for name, choices in CHOICES.items():
        if found[name] not in choices.values:
            raise _bad(name, _("Choose one of the words of the standard."))


def _numbers(found: dict[str, Any]) -> None:
    checks: dict[str, tuple[Callable[[Any], bool], Any]] = {
        "amount": (is_amount, _("An amount in yuan, more than 0.00, with two decimals at most.")),
        "cap": (is_amount, _("An amount in yuan, more than 0.00, with two decimals at most.")),
        "percent": (lambda x: in_hundredths(x) and 0 < x <= 100,
                    _("A percentage above 0, at most 100, with two decimals at most.")),
        "factor": (lambda x: in_hundredths(x) and 0 < x < 100, _("A factor above 0 and below 100, with two decimals at most.")),
        "points": (lambda x: 0 < x <= MOST_POINTS, _("A whole number of points above 0.")),
        "appeal_days": (lambda x: 0 < x <= MOST_DAYS, _("At least one working day, at most 30.")),
    }  # fmt: skip
    for name, (is_right, sentence) in checks.items():
        if found[name] is not None and not is_right(found[name]):
            raise _bad(name, sentence)


def _belongs(found: dict[str, Any]) -> None:
    """A clause says what its way of assessing needs, and nothing that belongs to another one."""
    needed = NEEDS.get(found["method"])
    if needed is not None and found[needed] is None:
        raise _bad(needed, _("This way of assessing needs it."))
    for name in NEEDS.values():
        if name != needed and found[name] is not None:
            raise _bad(name, _("This way of assessing does not use it; leave it blank."))
    if found["cap"] is not None and found["method"] not in CAPPED:
        raise _bad("cap", _("This way of assessing does not use it; leave it blank."))
    if found["amount"] is not None and found["cap"] is not None and found["amount"] > found["cap"]:
        raise _bad("amount", _("The amount is more than the clause asks at most."))


def _bad(field: str, sentence: Any) -> BadEntry:
    return BadEntry(sentence, CLAUSE, field)
