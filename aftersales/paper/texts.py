"""What people typed, made fit for paper: every character can be set, none can steer the page."""

import re
from typing import Any

#: what no printer knows, and what turns the reading direction (a name must not be able to hide another)
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufe0e\ufe0f\ufeff\ufff9-\ufffb]"
)
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
#: more letters in a row than any cell has room for
RUN = re.compile(r"[!-~\u00a1-\u2e7f]{25,}")
EVERY = re.compile(r"(.{12})(?=.)")
BREAK = "\u200b"


def clean(value: Any) -> str:
    """`value` as text of lines; nothing is an empty text."""
    if value is None:
        return ""
    text = (
        str(value).replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    )
    return LONE_SURROGATE.sub("\ufffd", UNPRINTABLE.sub("", text.replace("\t", " "))).strip()


def with_breaks(text: str) -> str:
    """`text` that may break inside long runs of letters, which typst would let stick out of the cell."""
    return RUN.sub(lambda run: EVERY.sub(rf"\1{BREAK}", run.group()), text)
