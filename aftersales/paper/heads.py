"""The head that every form bears (charter 0): company, title, and the fields of the cover, blank until the company fills them.

`FORM_HEADS` of the environment is JSON: form → field → words, "*" for every form:
{"*": {"department": "…"}, "9.1": {"controlled_no": "FY-QR-01", "version": "A/0", "effective_from": "2026-01-01"}}
"""

from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p

from .texts import clean


class Head(NamedTuple):
    """The words of the cover, in the charter's order."""

    status: str
    controlled_no: str = ""
    department: str = ""
    version: str = ""
    drawn_up: str = ""
    checked: str = ""
    approved: str = ""
    effective_from: str = ""

    def fields(self) -> list[tuple[str, str]]:
        """(label, value) of each field."""
        labels = (
            _p("form", "Control status"), _p("form", "Controlled number"), _p("form", "Department"), _p("form", "Version"),
            _p("form", "Drawn up by"), _p("form", "Checked by"), _p("form", "Approved by"), _p("form", "In force from"),
        )  # fmt: skip
        return list(zip(labels, self, strict=True))


def company() -> str:
    return _("Jiangsu Feiyue Electromechanical Technology Co., Ltd.")


def account() -> str:
    """Where customers pay: name, bank and number of the company's account, a line each; "" until the company says so."""
    given = settings.RECEIVING_ACCOUNT
    if not given and settings.MODE == "demo":
        return _(
            "Demonstration account: Feiyue Electromechanical, Bank of Taizhou, 0000 0000 0000 0000 (do not pay)"
        )
    return clean("\n".join(line.strip() for line in given.split("|")))


def head(form: str) -> Head:
    """The cover of a form; a field that the setting does not know is ignored."""
    given = {**settings.FORM_HEADS.get("*", {}), **settings.FORM_HEADS.get(form, {})}
    known = {name: clean(given[name]) for name in Head._fields if name in given}
    return Head(**{"status": _p("form", "controlled"), **known})
