"""The ledger on SQLite: UPDATE, DELETE and INSERT OR REPLACE are refused there too."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import environment_of

ROOT = Path(__file__).resolve().parents[2]
TRY = """
import django, json
django.setup()
from django.db import DatabaseError, connection
from django.db.models import Model
from decimal import Decimal
from django.utils import timezone
from finance.models import Account, Transfer
from finance.services import ledger
now = timezone.now()
bank, other = Account.objects.of_kind("bank"), Account.objects.of_kind("other")
ledger.post("k", source=other, target=bank, amount=Decimal("10.50"), day=now.date(), paper="SK1", why="receipt", by=None, at=now)
ledger.post("k", source=other, target=bank, amount=Decimal("10.50"), day=now.date(), paper="SK1", why="receipt", by=None, at=now)
def refused(sql):
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError as error:
        return "append-only" in str(error)
    return False
columns = "id, key, source_id, target_id, amount, day, paper, why, at"
replace = f"INSERT OR REPLACE INTO finance_transfer ({columns}) SELECT id, key, source_id, target_id, 1, day, paper, why, at FROM finance_transfer"
answers = {
    "update": refused("UPDATE finance_transfer SET amount = 1"), "delete": refused("DELETE FROM finance_transfer"), "replace": refused(replace),
    "rows": Transfer.objects.count(), "balance": str(ledger.balance(bank)),
}
with connection.cursor() as cursor:
    cursor.execute("PRAGMA recursive_triggers=OFF")
answers["control"] = refused(replace)
print(json.dumps(answers))
"""


@pytest.mark.timeout(170)
def test_sqlite_refuses_to_change_the_books(tmp_path):
    env = environment_of("sqlite", tmp_path)
    told = subprocess.run(
        [sys.executable, "-c", TRY], cwd=ROOT, env=env, check=True, timeout=60, capture_output=True, text=True
    )
    assert json.loads(told.stdout) == {
        "update": True, "delete": True, "replace": True, "rows": 1, "balance": "10.50", "control": False,
    }  # fmt: skip
