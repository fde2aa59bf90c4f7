"""Addresses of this desk; see `technical/urls.py`."""

from typing import Any

SCHEMAS: dict[str, Any] = {}
urlpatterns: list[Any] = []
api_urlpatterns: list[Any] = []
