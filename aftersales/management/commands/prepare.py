"""manage.py prepare: database, static files and company, each only when it is not there yet."""

import hashlib
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.checks import Tags
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connection

from accounts.models import User
from aftersales.demo import logins

UNUSED = ["rest_framework/*", "*.map"]  # the API has no pages


class Command(BaseCommand):
    help = "Make the portal ready to serve: migrate, collect static files, found the company; again is quick."

    def handle(self, *args: Any, **options: Any) -> None:
        self.whose()
        self.forget_half_a_demo()
        self.check(tags=[Tags.database], databases=[DEFAULT_DB_ALIAS])
        call_command("migrate", verbosity=0, interactive=False)
        self.collect()
        self.found_company()
        if settings.MODE == "demo":
            (settings.DATA / "logins.txt").write_text("\n".join(logins.lines()) + "\n")

    def whose(self) -> None:
        """A real company is not shown with the demo's passwords, nor the demo served as a real one."""
        kind = settings.DATA / "company"
        if kind.exists() and (held := kind.read_text().strip()) != settings.MODE:
            other = "make run DEMO=0" if settings.MODE == "production" else "make run"
            raise CommandError(
                f"{settings.DATA} holds the company of MODE={held}; another folder takes this one: DATA=another-folder {other}"
            )
        kind.write_text(settings.MODE)

    def forget_half_a_demo(self) -> None:
        """A demo whose making was interrupted is begun anew."""
        database = Path(settings.DATABASES["default"]["NAME"])
        if not self.unfinished.exists():
            return
        if not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
            raise CommandError("The making of the demo was interrupted: empty the database and start again.")
        for path in database.parent.glob(f"{database.name}*"):
            path.unlink()

    def collect(self) -> None:
        """Copy, hash and compress what has changed since the last time."""
        found = hashlib.sha256()
        for finder in get_finders():
            for name, storage in finder.list(UNUSED):
                about = Path(storage.path(name)).stat()
                found.update(f"{name} {about.st_size} {about.st_mtime_ns}".encode())
        stamp = settings.STATIC_ROOT / ".collected"
        if not stamp.exists() or stamp.read_text() != found.hexdigest():
            call_command("collectstatic", verbosity=0, interactive=False, clear=True, ignore_patterns=UNUSED)
            stamp.write_text(found.hexdigest())

    def found_company(self) -> None:
        if User.objects.exists():
            return
        if settings.MODE == "production":
            call_command("setup_company")
            return
        begun = time.monotonic()
        self.stdout.write("Making the demonstration company …")
        self.unfinished.touch()
        self.in_a_hurry()
        call_command("demo")
        self.unfinished.unlink()
        self.stdout.write(f"({time.monotonic() - begun:.0f} s)")

    def in_a_hurry(self) -> None:
        """A demo that a power cut spoils is made anew: SQLite need not wait for the disk while it is being made."""
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA synchronous=OFF")

    @property
    def unfinished(self) -> Path:
        return settings.DATA / "demo.unfinished"
