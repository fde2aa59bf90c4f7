from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def in_english(settings) -> Iterator[None]:
    """The sentences of these tests are the msgids."""
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def store(tmp_path, settings) -> Path:
    """An empty private store of this test's own."""
    settings.MEDIA_ROOT = settings.MEDIA_STORE = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def kept(store):
    """Names of everything that lies in the store."""
    return lambda: sorted(str(path.relative_to(store)) for path in store.rglob("*") if path.is_file())
