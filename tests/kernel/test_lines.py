"""What a page repeats is drawn by hand: nothing that somebody typed gets through as markup."""

import datetime as dt
from types import SimpleNamespace as Thing

import pytest
from django.utils.safestring import mark_safe

from aftersales.display import lines

BAD, MILD = "<script>\"&'", "&lt;script&gt;&quot;&amp;&#x27;"
AT = dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)
CLOCK = {"label": BAD, "clause": BAD, "due_at": AT, "state": "running", "owner": BAD, "excuse": BAD}
DUTY = {"label": BAD, "clause": BAD, "title": BAD, "story": BAD, "url": BAD, "due_at": AT, "state": "overdue"}
ENTRY = {
    "at": AT,
    "what": BAD,
    "who": BAD,
    "clause": BAD,
    "text": f"{BAD}\n{BAD}",
    "changes": [(BAD, BAD, BAD)],
}
FILE = {"url": BAD, "name": BAD, "thumb": BAD, "kind": "image"}


@pytest.mark.parametrize(
    ("drawn", "times"),
    [
        (lines.clock(Thing(**CLOCK), AT, "en"), 4),
        (lines.duty(Thing(**DUTY, step_url=BAD, step_label=BAD, whose=BAD), AT, "en"), 8),
        (lines.entry(Thing(**ENTRY, files=[FILE])), 12),
        (lines.cells([(BAD, BAD), (BAD, BAD, "wide")]), 4),
    ],
)
def test_what_was_typed_is_escaped(drawn, times):
    assert "<script" not in drawn and drawn.count(MILD) == times


def test_a_line_break_stays_one_and_a_safe_value_stays_as_it_is():
    assert "one<br>two" in lines.entry(Thing(at=AT, what="x", text="one\r\ntwo"))
    assert lines.cells([("a", mark_safe("<b>1</b>")), ("b", None), ("c", 0)]).count("<b>1</b></dd>") == 1


def test_a_clock_counts_down_only_while_it_runs():
    assert "data-countdown" in lines.clock(Thing(label="x", clause="", due_at=AT, state="soon"), AT, "en")
    assert "data-countdown" not in lines.clock(
        Thing(label="x", clause="", due_at=AT, state="paused"), AT, "en"
    )
    assert "data-countdown" not in lines.clock(
        Thing(label="x", clause="", due_at=AT, state="met", met_at=AT), AT, "en"
    )
