"""A program that speaks to `/api/v1/` as a person: with his key, and what every answer must be."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.services import issue_token

ROOT = "/api/v1/"


class Program:
    """JSON in, JSON out; `status` and `body` of the last answer stay to be looked at."""

    def __init__(self, user: User | None = None, language: str = "en") -> None:
        headers = {"accept-language": language}
        if user is not None:
            headers["authorization"] = f"Bearer {issue_token(user, 'test', by=user, at=timezone.now())[1]}"
        self.client = Client(headers=headers)
        self.answer: Any = None

    def get(self, path: str, **query: Any) -> Any:
        return self._read(self.client.get(ROOT + path, query))

    def post(self, path: str, body: Any = None, key: str = "", **headers: str) -> Any:
        if key:
            headers["idempotency-key"] = key
        return self._read(
            self.client.post(
                ROOT + path, json.dumps(body or {}), content_type="application/json", headers=headers
            )
        )

    def send(self, path: str, entries: dict[str, Any], key: str = "") -> Any:
        """The same as a browser's form with files."""
        return self._read(
            self.client.post(ROOT + path, entries, headers={"idempotency-key": key} if key else {})
        )

    def step(self, number: str, name: str, _key: str = "", **entries: Any) -> Any:
        return self.post(f"tickets/{number}/steps/{name}", entries, key=_key)

    def _read(self, answer: Any) -> Any:
        self.answer = answer
        kind = answer.headers["Content-Type"]
        assert kind == ("application/problem+json" if answer.status_code >= 400 else "application/json"), (
            kind,
            answer.content,
        )
        body = answer.json()
        if answer.status_code >= 400:
            assert body["status"] == answer.status_code and body["title"], body
        return body

    @property
    def status(self) -> int:
        return self.answer.status_code


@pytest.fixture
def program(db: None) -> Callable[..., Program]:
    """`program(people.cs)` speaks with her key, `program()` with none."""
    return Program


REPORT = {"contact": "王小明", "phone": "138 1234 5678", "symptom": "刹车异响"}
