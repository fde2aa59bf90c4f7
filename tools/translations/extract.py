"""Every message of the code and the templates: Python by its syntax tree, templates by Django's own `templatize`."""

import ast
import io
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent
NOT_OURS = {".venv", "var", "tests", "tools", "bench", "migrations", "docs", "node_modules"}
#: where the message stands in the call: (context, singular, plural)
CALLS: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None), "gettext_lazy": (None, 0, None), "gettext_noop": (None, 0, None), "_": (None, 0, None),
    "ngettext": (None, 0, 1), "ngettext_lazy": (None, 0, 1), "pgettext": (0, 1, None), "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2), "npgettext_lazy": (0, 1, 2),
}  # fmt: skip


class Message(NamedTuple):
    """One message where it was found; equal messages differ in `place` only."""

    context: str
    text: str
    plural: str
    place: str

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.text


def python_files() -> list[Path]:
    return [p for p in sorted(ROOT.rglob("*.py")) if not NOT_OURS & set(p.relative_to(ROOT).parts)]


def template_files() -> list[Path]:
    """HTML pages, plain-text mails and paper forms: whatever the template engine reads."""
    folder = ROOT / "templates"
    return [p for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix in (".html", ".txt", ".xml")]


def _message(name: str, words: list[str | None], place: str) -> Message | None:
    """The message of one call, None where its text is made elsewhere (a variable)."""
    context, text, plural = CALLS[name]
    picked = [words[at] if at is not None and at < len(words) else "" for at in (context, text, plural)]
    if any(word is None for word in picked) or not picked[1]:
        return None
    return Message(picked[0] or "", picked[1], picked[2] or "", place)


def _literal(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _literal(node.left), _literal(node.right)
        return left + right if left is not None and right is not None else None
    return None


def _aliases(tree: ast.AST) -> dict[str, str]:
    """How this module calls gettext: local name → gettext's own."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            found |= {name.asname or name.name: name.name for name in node.names if name.name in CALLS}
    return found


def of_python(source: str, place: str) -> Iterator[Message]:
    tree = ast.parse(source)
    aliases = _aliases(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = ""
        if isinstance(node.func, ast.Name):
            name = aliases.get(node.func.id, "")
        elif isinstance(node.func, ast.Attribute) and node.func.attr in CALLS and node.func.attr != "_":
            name = node.func.attr
        if name and (found := _message(name, [_literal(word) for word in node.args], place)):
            yield found


def of_template(source: str, place: str) -> Iterator[Message]:
    """`templatize` blanks out everything but calls of gettext; in brackets its lines are one expression to the tokenizer."""
    from django.utils.translation.template import templatize

    text = f"({templatize(source, origin=place)})"
    every = tokenize.generate_tokens(io.StringIO(text).readline)
    tokens = [t for t in every if t.type not in (tokenize.NL, tokenize.COMMENT)]
    for at, token in enumerate(tokens):
        called = token.type == tokenize.NAME and token.string in CALLS and tokens[at + 1].string == "("
        if called and (found := _message(token.string, _strings(tokens, at + 2), place)):
            yield found


def _strings(tokens: list[tokenize.TokenInfo], at: int) -> list[str | None]:
    """The literal arguments from here to the closing bracket."""
    words: list[str | None] = []
    while tokens[at].string != ")":
        if tokens[at].type == tokenize.STRING:
            words.append(ast.literal_eval(tokens[at].string))
        at += 1
    return words


def messages() -> dict[tuple[str, str], list[Message]]:
    """Every message of the portal with all its places, in the order of the files."""
    found: dict[tuple[str, str], list[Message]] = {}
    for read, files in ((of_python, python_files()), (of_template, template_files())):
        for path in files:
            place = str(path.relative_to(ROOT))
            for message in read(path.read_text(encoding="utf-8"), place):
                found.setdefault(message.key, []).append(message)
    return found
