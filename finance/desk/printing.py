"""Finance's papers as an A4 page and as PDF. Paper is Chinese; `?lang=en` is the English version."""

from parts.print_views import among, views_of

from ..sheets import claim_paper, paper, printed
from .assessments import assessments_for
from .claims import claims_for
from .reconciliations import reconciliations_for
from .statements import DESK as STATEMENTS

statements = views_of(
    "finance", "statements/", "statement", "statement.view", STATEMENTS.opened, paper.statement
)
urlpatterns = [
    *views_of(
        "finance", "reconciliations/", "reconciliation", "reconcile.view", among(reconciliations_for),
        printed.reconciliation,
    ),
    *views_of(
        "finance", "assessments/", "assessment", "assessment.view", among(assessments_for), printed.assessment
    ),
    *views_of("finance", "claims/", "claim", "expense.view", among(claims_for), claim_paper.claim),
]  # fmt: skip
