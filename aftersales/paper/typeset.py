"""A sheet as PDF: typst sets `form.typ`, the sheet comes in as JSON and is never evaluated as markup."""

import functools
import json
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn as fonts_zh
import typst

from .texts import with_breaks

HERE = Path(__file__).resolve().parent
FORM = HERE / "form.typ"
ARCHIVE = "a-2b"  # PDF/A: fonts inside, nothing outside; refuses a character that no font has


@functools.cache
def fonts() -> typst.Fonts:
    """Noto Serif SC for what is printed, Noto Sans SC for what is filled in; the machine's own fonts never."""
    folder = str(Path(fonts_zh.sans_path()).parent)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def pdf(sheet: dict[str, Any], form: Path = FORM) -> bytes:
    """The sheet as `form` sets it, as an archivable PDF; with a character that the fonts lack (an emoji) as a plain one
    with an empty box."""
    try:
        return _set(sheet, form, ARCHIVE)
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise
    return _set(sheet, form, "1.7")


def _set(sheet: dict[str, Any], form: Path, standard: Any) -> bytes:
    words = {"sheet": json.dumps(_breakable(sheet), ensure_ascii=False)}
    return typst.compile(
        form,
        root=HERE,
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs=words,
        pdf_standards=standard,
        timestamp=sheet["at"],
        format="pdf",
    )


def _breakable(value: Any) -> Any:
    if isinstance(value, str):
        return with_breaks(value)
    if isinstance(value, list):
        return [_breakable(item) for item in value]
    if isinstance(value, dict):
        return {key: item if key == "path" else _breakable(item) for key, item in value.items()}
    return value
