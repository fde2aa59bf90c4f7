"""manage.py setup_company: the first two people of an empty company, because no one may grant rights alone."""

import getpass
import os
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from accounts.models import User
from accounts.services import found
from aftersales import clock
from aftersales.problems import Refusal

PEOPLE = {
    "ADMIN": "the administrator, who opens accounts",
    "LEADER": "the leader, who seconds what the administrator grants",
}
Person = tuple[str, str, str]


class Command(BaseCommand):
    help = (
        "Ask for the administrator and the leader of an empty company; without a terminal they come from "
        "ADMIN_USERNAME, ADMIN_PASSWORD, LEADER_USERNAME, LEADER_PASSWORD (and ADMIN_NAME, LEADER_NAME)."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            read = self.asked if self.nothing_given() and sys.stdin.isatty() else self.given
            people = [read(role) for role in PEOPLE]
            try:
                found(people[0], people[1], at=clock.now())
            except Refusal as refusal:
                raise CommandError(str(refusal)) from None
        self.stdout.write(f"The company stands: {people[0][0]} administers, {people[1][0]} leads.")

    def nothing_given(self) -> bool:
        return not any(os.environ.get(f"{role}_USERNAME") for role in PEOPLE)

    def given(self, role: str) -> Person:
        """One person from the environment; a missing or weak entry is named."""
        missing = [
            f"{role}_{what}" for what in ("USERNAME", "PASSWORD") if not os.environ.get(f"{role}_{what}")
        ]
        if missing:
            raise CommandError(
                f"{' and '.join(missing)} not set: an empty company needs two people, an administrator and a leader."
            )
        username, password = os.environ[f"{role}_USERNAME"], os.environ[f"{role}_PASSWORD"]
        name = os.environ.get(f"{role}_NAME") or username
        if trouble := self.weak(username, name, password):
            raise CommandError(f"{role}_PASSWORD is not good enough: {trouble}")
        return username, name, password

    def asked(self, role: str) -> Person:
        self.stdout.write(f"\nWho is {PEOPLE[role]}?")
        username = self.ask("Username: ")
        name = input("Name (as others read it): ").strip() or username
        while True:
            password = getpass.getpass("Password: ")
            trouble = self.weak(username, name, password)
            if not trouble and getpass.getpass("Password again: ") == password:
                return username, name, password
            self.stdout.write(trouble or "These were two different passwords.")

    def ask(self, words: str) -> str:
        while not (answer := input(words).strip()):
            pass
        return answer

    def weak(self, username: str, name: str, password: str) -> str:
        try:
            validate_password(password, User(username=username, name=name))
        except ValidationError as error:
            return " ".join(error.messages)
        return ""
