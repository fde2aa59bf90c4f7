"""WCAG 2.2 AA, computed from the tokens: text 4.5:1, lines of inputs 3:1, in both lights."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).resolve().parents[2] / "static/css/tokens.css").read_text()
GROUNDS = ("ground", "paper", "sunk")
TONES = ("accent", "danger", "warning", "success", "quiet")


def tokens(start: str) -> dict[str, str]:
    block = TOKENS[TOKENS.index(start) :]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block[: block.index("}")]))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture(params=[":root {", ':root[data-theme="dark"]'])
def theme(request):
    return tokens(request.param)


def test_text_can_be_read_on_every_ground(theme):
    inks = ("ink", "ink-2", "ink-3", "accent", "danger", "warning", "success")
    low = {
        (i, g): round(contrast(theme[i], theme[g]), 2)
        for i in inks
        for g in GROUNDS
        if contrast(theme[i], theme[g]) < 4.5
    }
    assert not low


def test_a_tone_can_be_read_on_its_own_soft_ground(theme):
    assert not [tone for tone in TONES if contrast(theme[tone], theme[f"{tone}-soft"]) < 4.5]
    assert not [
        tone for tone in TONES if contrast(theme["ink-3"], theme[f"{tone}-soft"]) < 4.5 and tone == "accent"
    ]
    assert contrast(theme["on-accent"], theme["accent"]) >= 4.5


def test_the_line_of_an_input_can_be_seen(theme):
    assert min(contrast(theme["line-input"], theme[ground]) for ground in GROUNDS) >= 3


def test_the_dark_tokens_stand_twice_and_alike():
    assert tokens(':root:not([data-theme="light"])') == tokens(':root[data-theme="dark"]')
