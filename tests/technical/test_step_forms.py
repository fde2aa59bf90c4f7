"""What a step's form asks for never bears the name of what the step itself is told."""

import pytest

from technical.desk.suppliers import STEPS as SUPPLIERS
from technical.notice_steps import STEPS as NOTICES
from technical.steps import STEPS as REPORTS

OWN = {"paper", "name", "by", "at", "seen_state", "seen", "secret"}


@pytest.mark.django_db
@pytest.mark.parametrize("steps", [REPORTS, NOTICES, SUPPLIERS])
def test_no_field_is_named_like_an_argument_of_the_step(steps):
    for step in steps.rows.values():
        assert not set(step.form().fields) & OWN, step.name
