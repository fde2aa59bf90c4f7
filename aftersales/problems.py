"""What a rule says when it refuses: one sentence, with its clause, at the field where it happened."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import override, pgettext

SEPARATION = "SD"  # the codes of the rules of separation are the portal's own: no sentence ends with one
R = TypeVar("R", bound=HttpResponseBase)


def _separation(clause: str, sentence: str | Promise) -> list[str]:
    """The rules of separation that a refusal names in the source's own words: a traceback keeps them, people read a sentence."""
    with override("en"):
        return sorted(set(re.findall(rf"{SEPARATION}\d\d", f"{clause} {sentence}")))


class Refusal(Exception):
    """Base of everything the portal refuses for a reason that a person can read.

    `sentence` is lazy, so that it is read in the language of whoever sees it;
    `clause` is the charter's number or "", `field` the form field it belongs to or "".
    """

    status = 409
    retry_after = 0  # seconds, where the same request may succeed later

    def __init__(self, sentence: str | Promise, clause: str = "", field: str = "", **params: Any) -> None:
        super().__init__(sentence)
        self.sentence, self.clause, self.field, self.params = sentence, clause, field, params
        for code in _separation(clause, sentence):
            self.add_note(code)

    def __str__(self) -> str:
        text = str(self.sentence)
        if self.params:
            text = text.format(**self.params)
        if (
            not self.clause
            or self.clause.startswith(SEPARATION)
            or f"({self.clause}" in text
            or f"（{self.clause}" in text
        ):
            return text
        return pgettext("sentence and clause", "{sentence} ({clause})").format(
            sentence=text, clause=self.clause
        )

    @property
    def each(self) -> "tuple[Refusal, ...]":
        """What is refused: this alone, or everything that was wrong in one form."""
        return (self,)

    def tell_when(self, response: R) -> R:
        """The answer says to programs, too, when to come again (RFC 9110, Retry-After)."""
        if self.retry_after:
            response.headers["Retry-After"] = str(self.retry_after)
        return response


class OutOfTurn(Refusal):
    """A step that the paper does not allow now; the paper stays as it is."""


class Stale(Refusal):
    """Somebody else was faster, or the page is older than the paper."""


class BadEntry(Refusal):
    """An entry that cannot be accepted; `field` names it."""

    status = 422


class BadEntries(BadEntry):
    """Several entries of one form, each refused at its own field; it speaks as the first of them."""

    def __init__(self, found: Sequence[Refusal]) -> None:
        first = found[0]
        super().__init__(first.sentence, first.clause, first.field, **first.params)
        self._each = tuple(found)

    @property
    def each(self) -> tuple[Refusal, ...]:
        return self._each


def together(acts: Iterable[Callable[[], Any]]) -> None:
    """Every act is tried; whatever entries they refuse are refused at once, so that nobody mends them one by one."""
    found: list[Refusal] = []
    for act in acts:
        try:
            act()
        except BadEntry as refusal:
            found += refusal.each
    if found:
        raise found[0] if len(found) == 1 else BadEntries(found)
