"""The shape of the code: who may import whom, what is banned, what must be complete."""

import ast
import re
import subprocess
import sys
import tomllib
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import signals
from django.dispatch import Signal
from simple_history.models import HistoricalChanges

from aftersales.celery import SCHEDULE, app

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LAYERS = {contract["id"]: contract["layers"] for contract in PROJECT["tool"]["importlinter"]["contracts"]}
DEPARTMENTS = [
    name.strip()
    for layer in LAYERS["departments"]
    for name in re.split(r"[|:]", layer)
    if "aftersales" not in layer
]
#: from the top down; apps of one layer know nothing of each other
HEIGHT = {
    name.strip(): -at for at, layer in enumerate(LAYERS["departments"]) for name in re.split(r"[|:]", layer)
}


def our_files(*, tests: bool = False) -> Iterator[Path]:
    for folder in ("aftersales", *DEPARTMENTS, *(["tests"] if tests else [])):
        yield from (path for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts)


def our_models() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in {*DEPARTMENTS, "aftersales"}
    ]


# --- layers
def test_the_layers_hold():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_every_app_and_every_module_of_the_shell_has_its_place_in_the_layers():
    packages = {path.parent.name for path in ROOT.glob("*/apps.py")} - {"aftersales"}
    modules = {path.stem for path in (ROOT / "aftersales").glob("*.py")} | {
        path.parent.name for path in (ROOT / "aftersales").glob("*/__init__.py")
    }
    placed = {name.removeprefix("aftersales.") for name in HEIGHT if name.startswith("aftersales.")}
    assert packages == set(DEPARTMENTS)
    assert modules - {"__init__", "migrations"} == placed


def test_no_foreign_key_points_upward():
    for model in our_models():
        for field in model._meta.get_fields():
            other = field.related_model if field.concrete and field.is_relation else None
            if other is None or isinstance(other, str) or other._meta.app_label not in DEPARTMENTS:
                continue
            here, there = model._meta.app_label, other._meta.app_label
            if here == "aftersales" and other is get_user_model():
                continue  # the kernel names the person by Django's setting
            assert here == there or HEIGHT[here] > HEIGHT[there], (
                f"{model.__name__}.{field.name} points up to {other.__name__}"
            )


# --- what travels between departments
MODEL_SIGNALS = ("pre_init", "post_init", "pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed")


def named_in_code(path: Path) -> set[str]:
    """Every name that the code of a file uses (not its texts)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return names | {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    }


def test_no_model_signal_is_used():
    found = {str(path.relative_to(ROOT)): named_in_code(path) & set(MODEL_SIGNALS) for path in our_files()}
    assert {path: names for path, names in found.items() if names} == {}


def test_no_listener_of_ours_hangs_on_a_model_signal():
    ours = {f"{name}." for name in (*DEPARTMENTS, "aftersales")}
    for name in MODEL_SIGNALS:
        for receiver in _listeners(getattr(signals, name)):
            assert not receiver.startswith(tuple(ours)), f"{receiver} listens to {name}"


def _listeners(signal: Signal) -> list[str]:
    """Dotted names of who listens; receivers are held weakly unless they asked otherwise."""
    held = [entry[1] for entry in signal.receivers]
    alive = [entry() if isinstance(entry, weakref.ReferenceType) else entry for entry in held]
    return sorted(
        f"{r.__module__}.{getattr(r, '__qualname__', type(r).__name__)}" for r in alive if r is not None
    )


#: the reviewed list: who hears what across departments
LISTENERS = {
    "aftersales.events.download_asked": ["notices.handlers.ring_for_download"],
    "aftersales.events.download_settled": ["notices.handlers.tell_of_download"],
    "parts.events.line_issued": ["finance.handlers.charge_issue"],
    "parts.events.line_rerated": ["finance.handlers.charge_anew"],
    "parts.events.old_part_settled": ["finance.handlers.settle_old_part"],
    "parts.events.pieces_struck": ["finance.handlers.cover_less"],
    "parts.events.release_signed": ["finance.handlers.cover_release"],
    "parts.events.signature_lost": ["finance.handlers.free_receipt"],
    "parts.events.unused_returned": ["finance.handlers.give_back"],
    "dispatch.events.fine_entered": ["finance.handlers.halve_fine"],
    "dispatch.events.trip_returned": ["finance.handlers.cost_kilometres"],
    "accounts.events.factor_reset_asked": ["notices.handlers.tell_of_asked_reset"],
    "accounts.events.factor_was_reset": ["notices.handlers.tell_of_reset"],
    "repairs.events.customer_consented": ["parts.handlers.accepted_with_consent"],
    "repairs.events.order_ended": ["parts.handlers.follow_order"],
    "repairs.events.picture_kept": ["repairs.handlers.derive_picture"],
    "repairs.events.words_forgotten": ["technical.handlers.forget_disputes"],
    "repairs.events.ticket_moved": [
        "finance.handlers.charge_work",
        "parts.handlers.follow_ticket",
        "repairs.handlers.tell_customer_of_step",
        "technical.handlers.end_dispute",
    ],
    "sales.events.commission_confirmed": ["finance.handlers.owe_fee"],
    "sales.events.sale_cancelled": ["finance.handlers.drop_fee"],
    "sales.events.asked_what_is_left": [
        "finance.handlers.are_words_left",
        "repairs.handlers.are_own_words_left",
    ],
    "sales.events.asked_whom_we_need": ["finance.handlers.who_owes", "sales.handlers.who_buys"],
    "sales.events.customer_erased": [
        "finance.handlers.forget_words",
        "repairs.handlers.forget_own_words",
        "sales.handlers.take_lists_away",
    ],
    "sales.events.customers_merged": [
        "finance.handlers.follow_money",
        "parts.handlers.follow_payer",
        "repairs.handlers.follow_customer",
    ],
}


def test_the_listeners_between_departments_are_exactly_the_reviewed_ones():
    found = {}
    for department in ("aftersales", *DEPARTMENTS):
        path = ROOT / department / "events.py"
        if not path.exists():
            continue
        module = __import__(f"{department}.events", fromlist=["events"])
        for name, signal in vars(module).items():
            if isinstance(signal, Signal) and (heard := _listeners(signal)):
                found[f"{department}.events.{name}"] = heard
    assert found == LISTENERS


# --- Celery
def test_every_scheduled_task_exists():
    app.loader.import_default_modules()
    assert {task for task, _when, _options in SCHEDULE.values()} <= set(app.tasks)


def test_the_schedule_is_the_whole_schedule():
    assert set(app.conf.beat_schedule) == set(SCHEDULE)
    for path in our_files():
        if path.name != "celery.py":
            assert not named_in_code(path) & {
                "crontab",
                "beat_schedule",
                "periodic_task",
                "apply_async",
                "countdown_seconds",
                "eta",
            }, path


# --- history
#: what simple-history does not see; each use on an audited model is reviewed here
UNSEEN = {"bulk_create", "bulk_update", "update", "raw", "_raw_delete"}
REVIEWED: dict[str, set[str]] = {}


def audited() -> set[str]:
    """Names of the models whose every change is kept."""
    return {
        model.__name__
        for model in our_models()
        if hasattr(model, "history") and not issubclass(model, HistoricalChanges)
    }


def _root_of(node: ast.expr) -> str:
    """`Ticket.objects.filter(…).update(…)` → Ticket."""
    while True:
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Attribute):
            node = node.value
        else:
            return node.id if isinstance(node, ast.Name) else ""


def test_no_audited_model_is_changed_behind_the_back_of_its_history():
    names = audited()
    found: dict[str, set[str]] = {}
    for path in our_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in UNSEEN
            )
            if called and _root_of(node.func) in names:
                found.setdefault(str(path.relative_to(ROOT)), set()).add(
                    f"{_root_of(node.func)}.{node.func.attr}"
                )
    assert found == REVIEWED


def test_something_is_audited():
    assert {"Ticket", "Plan"} <= audited()


# --- django-fsm, and the way out of it
def test_only_the_flows_import_django_fsm():
    found = set()
    for path in our_files():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
        imported |= {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        if any(name.split(".")[0] == "django_fsm" for name in imported) and path.name != "flow.py":
            found.add(str(path.relative_to(ROOT)))
    assert found == set()


# --- names of files
@pytest.mark.parametrize("name", ["common", "core", "utils", "helpers", "workflow", "misc"])
def test_there_is_no_junk_drawer(name: str):
    assert [
        path
        for path in our_files()
        if name in (path.stem, path.parent.name) and len(path.relative_to(ROOT).parts) <= 2
    ] == []
