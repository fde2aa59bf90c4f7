"""The gallery, drawn once, and served with the portal's strict policy."""

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
GALLERY = ROOT / "tools/gallery"


def pictures() -> Any:
    spec = importlib.util.spec_from_file_location("gallery_pictures", GALLERY / "pictures.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gallery")
    subprocess.run([sys.executable, GALLERY, folder], check=True, cwd=ROOT, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def site(gallery: Path) -> Iterator[str]:
    with pictures().served(gallery) as address:
        yield address
