"""What is written by SQL of our own does the same on PostgreSQL and SQLite, and of several at once one wins."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(params=["postgresql", "sqlite"])
def environment(request, tmp_path):
    server = os.environ["DATABASE_URL"].rsplit("/", 1)[0]
    url = f"sqlite:///{tmp_path}/portal.sqlite3"
    if request.param == "postgresql":
        with psycopg.connect(
            f"{server}/postgres".replace("postgres://", "postgresql://"), autocommit=True
        ) as line:
            line.execute("DROP DATABASE IF EXISTS catalogue_life")
            line.execute("CREATE DATABASE catalogue_life")
        url = f"{server}/catalogue_life"
    here = {**os.environ, "DATABASE_URL": url, "DATA": str(tmp_path)}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], cwd=ROOT, env=here, check=True)
    return here


@pytest.mark.clause("8.1")
def test_one_life_of_the_catalogue(environment):
    command = [sys.executable, "-m", "tests.catalogue.one_life"]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    once = ["OutOfTurn", "OutOfTurn", "OutOfTurn", "done"]
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "approved": once, "published": once, "valuable": True, "fits": ["FY-6"], "same index": True,
        "found": ["BP-0", "BP-1", "BP-2"], "price": "58.50", "versions are kept": True, "fits of a version": ["FY-6"],
    }  # fmt: skip
