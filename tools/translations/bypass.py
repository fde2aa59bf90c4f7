"""Text that people see and no catalogue knows: Chinese outside locale/, plain words in a template."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from .extract import ROOT, python_files, template_files

CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
WORD = re.compile(r"[A-Za-z]{2,}")
#: data of the company, the charter's own words, tables of the language itself
CHINESE_IS_DATA = (
    "aftersales/charter.py", "aftersales/demo/", "aftersales/money.py",
    "deadlines/calendar.py", "deadlines/forms.py",  # 调休, and the words that a pasted calendar may use
    "repairs/rules.py", "dispatch/rules.py",  # how an address is cut
    "repairs/forgiving.py",  # what people say around a fault
    "policy/rules.py",  # 9:00至10:00 as people type it
    "catalogue/cells.py", "catalogue/exports.py", "catalogue/imports/", "catalogue/models/", "catalogue/services/",
    # 是 and 否 as people type them into a workbook, the units in which a part is counted
    "technical/exports.py",  # an example line of the standard, as it is imported
    "finance/imports/bank.py",  # 3月2日 and 元 as banks write them
    "finance/services/signing.py",  # 未付款, which the signature must read in any language (4.5c)
    "templates/components/_language.html", "accounts/models/user.py",  # a language is named in itself
)  # fmt: skip
#: names that are the same in both languages
NAMES = {
    "VIN",
    "PIPL",
    "PDF",
    "API",
    "km",
    "Excel",
    "QR",
    "Enter",
    "Esc",
    "Ctrl",
    "English",
    "Alt",
    "http",
    "https",
    "BX",
    "A4",
}
SPOKEN = ("alt", "title", "placeholder", "aria-label", "label", "data-confirm")
BLOCK = re.compile(r"\{%\s*(blocktrans(?:late)?|comment|verbatim)\b.*?%\}.*?\{%\s*end\1\s*%\}", re.DOTALL)
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)


class Spoken(HTMLParser):
    """Collects what a reader sees or hears."""

    def __init__(self) -> None:
        super().__init__()
        self.silent = 0
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in ("script", "style", "code", "kbd")
        self.texts += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style", "code", "kbd")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.texts.append(data)


def plain_words(source: str) -> list[str]:
    """The words of a template that stand outside every translate tag."""
    reader = Spoken()
    reader.feed(TAG.sub(" ", BLOCK.sub(" ", source)))
    return [word for text in reader.texts for word in WORD.findall(text) if word not in NAMES]


def _docstrings(tree: ast.AST) -> set[int]:
    alone = (node.value for node in ast.walk(tree) if isinstance(node, ast.Expr))
    return {id(value) for value in alone if isinstance(value, ast.Constant)}


def chinese_strings(source: str) -> Iterator[tuple[int, str]]:
    tree = ast.parse(source)
    documentation = _docstrings(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in documentation:
            continue
        if isinstance(node.value, str) and CJK.search(node.value):
            yield node.lineno, node.value


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def faults() -> Iterator[str]:
    for path in python_files():
        if not _name(path).startswith(CHINESE_IS_DATA):
            for line, text in chinese_strings(path.read_text(encoding="utf-8")):
                yield f"{_name(path)}:{line}: Chinese outside the catalogue: {text[:40]!r}"
    for path in template_files():
        source = path.read_text(encoding="utf-8")
        if _name(path) not in CHINESE_IS_DATA and (
            found := CJK.search(
                re.sub(r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}", "", source, flags=re.DOTALL)
            )
        ):
            yield f"{_name(path)}: Chinese outside the catalogue: {found.group()!r}"
        if path.suffix == ".html" and (words := plain_words(source)):
            yield f"{_name(path)}: words outside the catalogue: {', '.join(words[:6])}"
