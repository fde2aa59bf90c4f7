"""Heroicons from their wheel, drawn once per process."""

import functools

import heroicons
from django.utils.safestring import SafeString, mark_safe

STYLES = {16: "micro", 20: "mini", 24: "outline"}


@functools.lru_cache(maxsize=512)
def icon(name: str, size: int = 20, title: str = "") -> SafeString:
    """The drawing as SVG; decoration for the ear unless it has a title."""
    style = STYLES.get(size, "outline")
    attrs: dict[str, object] = {"class": f"icon icon-{size}", "focusable": "false"}
    attrs |= {"role": "img", "aria-label": title} if title else {"aria-hidden": "true"}
    return mark_safe(heroicons._render_icon(style, name, size, attrs))  # our own wheel's drawing
