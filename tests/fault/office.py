"""LibreOffice as a second calculator: it opens a workbook, calculates every formula again and writes it down."""

import io
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests import workbooks

PROGRAMS = ("soffice", "libreoffice")
#: it would otherwise believe the value that a workbook carries beside its formula
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


class Office:
    """LibreOffice with a profile of its own in `folder`, told to calculate everything again."""

    def __init__(self, folder: Path) -> None:
        program = os.environ.get("SOFFICE") or next(filter(None, map(shutil.which, PROGRAMS)), None)
        assert program, "There is no LibreOffice here: `make fault` installs it (tools/environment.py fault)."
        self.program, self.folder = program, folder
        profile = folder / "profile" / "user"
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(ALWAYS)

    def calculated(self, **books: bytes) -> dict[str, Any]:
        """These workbooks as it writes them: values where the formulas stood."""
        given, done = self.folder / "given", self.folder / "done"
        given.mkdir(exist_ok=True)
        for name, content in books.items():
            (given / f"{name}.xlsx").write_bytes(content)
        command = [
            self.program, "--headless", f"-env:UserInstallation=file://{self.folder}/profile", "--convert-to", "xlsx",
            "--outdir", done, *(given / f"{name}.xlsx" for name in books),
        ]  # fmt: skip
        told = subprocess.run(command, capture_output=True, text=True, timeout=300)
        assert told.returncode == 0, told.stderr
        return {name: load_workbook(done / f"{name}.xlsx", data_only=True) for name in books}


def differences(content: bytes, calculated: Any) -> list[str]:
    """Totals that LibreOffice calculates otherwise than the portal wrote them as plain numbers; [] when all agree."""
    book = load_workbook(io.BytesIO(content))
    found = []
    for total in workbooks.totals(book):
        sheet = calculated.worksheets[book.sheetnames.index(total.sheet)]
        value, own = sheet[total.formula].value, workbooks.own_of(book, total)
        if not isinstance(value, int | float) or workbooks.yuan(value) != own:
            found.append(f"{total.sheet}!{total.formula} {total.label}: {value}, the portal says {own}")
    return found
