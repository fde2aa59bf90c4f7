"""A fault of our own over the API is a problem too, and says nothing of its cause."""

import json

import pytest

from repairs import api


@pytest.mark.django_db
def test_a_fault_is_a_problem(client, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("secret-cause")

    monkeypatch.setattr(api.services, "report", broken)
    client.raise_request_exception = False
    body = {"contact": "王", "phone": "13812345678", "symptom": "响"}
    answer = client.post("/api/v1/reports", json.dumps(body), content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert "secret-cause" not in answer.content.decode()
