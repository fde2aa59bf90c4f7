"""A missing or nonsensical setting stops the start with one sentence that names it; secrets are not printed."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from .portal import PLAIN, ROOT

GOOD = {"MODE": "production", "SECRET_KEY": "k9-Wd_3hQz7" * 6, "ALLOWED_HOSTS": "service.example.com"}
SHOW = "from django.conf import settings as s; print(s.DATABASES['default']['ENGINE'], s.CELERY_BROKER_URL, s.SITE_URL, s.HTTPS)"


def start(data: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = PLAIN | {"DJANGO_SETTINGS_MODULE": "aftersales.settings", "DATA": str(data)} | settings
    return subprocess.run(
        [sys.executable, "-c", SHOW], cwd=ROOT, env=environment, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MODE", "test"), ("SECRET_KEY", ""), ("SECRET_KEY", "short-secret"), ("ALLOWED_HOSTS", ""), ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "https://service.example.com/"), ("DATABASE_URL", "nonsense"), ("DATABASE_URL", "mysql://u:s3cret@h/d"),
        ("REDIS_URL", "amqp://u:s3cret@h"), ("EMAIL_URL", "nonsense"), ("TRUSTED_PROXIES", "many"), ("TRUSTED_PROXIES", "-1"),
        ("HTTPS", "maybe"), ("DEBUG", "1"), ("LOG_LEVEL", "loud"), ("SITE_URL", "service"), ("SENTRY_DSN", "nonsense"),
        ("MEDIA_STORE", "/proc/nowhere"), ("CORS_ORIGINS", "*"), ("CORS_ORIGINS", "www.example.com"),
        ("CORS_ORIGINS", "https://www.example.com/report"), ("CORS_ORIGINS", "https://a.example, http://b.example"),
    ],
)  # fmt: skip
def test_nonsense_stops_the_start_with_one_sentence_that_names_it(tmp_path: Path, name: str, value: str):
    done = start(tmp_path, **GOOD | {name: value})
    said = done.stderr.strip()
    assert done.returncode != 0
    assert re.fullmatch(rf"{name} is not (set|usable): [^\n]+\(see \.env\.example\)\.", said)
    assert "s3cret" not in said
    assert "short-secret" not in said


def test_production_needs_two_settings_only(tmp_path: Path):
    done = start(tmp_path, **GOOD)
    assert done.stdout.split() == [
        "django.db.backends.sqlite3", f"redis+socket://{tmp_path}/valkey.sock", "https://service.example.com", "True",
    ]  # fmt: skip


def test_an_empty_entry_counts_as_none(tmp_path: Path):
    done = start(tmp_path, **GOOD, DATABASE_URL="", REDIS_URL="", EMAIL_URL="", DEBUG="")
    assert done.returncode == 0, done.stderr


def test_two_settings_switch_to_real_servers(tmp_path: Path):
    done = start(
        tmp_path, **GOOD, DATABASE_URL="postgres://u:p@db:5432/portal", REDIS_URL="redis://queue:6379/0"
    )
    assert done.stdout.split()[:2] == ["django.db.backends.postgresql", "redis://queue:6379/0"]


def test_every_setting_that_is_read_is_described():
    text = (ROOT / "aftersales" / "settings.py").read_text() + (ROOT / "aftersales" / "up.py").read_text()
    read = set(
        re.findall(r"""(?:env(?:\.\w+)?|switch|needed|given\.get|environ\.get)\(\s*"([A-Z_]+)\"""", text)
    )
    described = set(re.findall(r"^#?\s?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert read - described <= {"EMBEDDED", "PYTHONWARNINGS"}, "the launcher's own words to its children"
    assert {"SECRET_KEY", "DATABASE_URL"} <= read
