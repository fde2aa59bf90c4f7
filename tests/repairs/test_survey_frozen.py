"""A callback survey is frozen a day after it was written, whatever hand tries (SD10)."""

import pytest

from aftersales.flow import OutOfTurn
from repairs.flow import Stage
from repairs.models import CallbackSurvey
from tests import build

HOUR, MINUTE = build.HOUR, build.MINUTE


@pytest.fixture
def survey(monday, people):
    ticket = build.ticket(Stage.CLOSED, at=monday, company=people)
    return CallbackSurvey.objects.get(ticket=ticket)


def mend(survey, by, at):
    survey.attitude = 5
    survey.sign(by=by, at=at, why="mend")
    survey.save()


@pytest.mark.clause("3.3")
def test_within_a_day_it_is_mended_and_the_history_keeps_both(survey, people):
    mend(survey, people.cs, survey.made_at + 24 * HOUR)
    assert list(survey.history.order_by("pk").values_list("attitude", flat=True)) == [None, 5]


@pytest.mark.clause("3.3")
def test_after_a_day_nobody_changes_it(survey, people):
    with pytest.raises(OutOfTurn, match="SD10"):
        mend(survey, people.cs, survey.made_at + 24 * HOUR + MINUTE)
    assert CallbackSurvey.objects.get().attitude is None


@pytest.mark.clause("3.3")
def test_a_made_up_moment_of_writing_or_a_missing_hand_does_not_open_it(survey, people):
    late = survey.made_at + 48 * HOUR
    survey.made_at = late
    with pytest.raises(OutOfTurn, match="SD10"):
        mend(survey, people.cs, late)
    unsigned = CallbackSurvey.objects.get()
    unsigned.attitude = 5
    with pytest.raises(OutOfTurn, match="SD10"):
        unsigned.save()


@pytest.mark.clause("3.3")
def test_it_is_not_taken_away(survey):
    with pytest.raises(OutOfTurn, match="SD10"):
        survey.delete()
