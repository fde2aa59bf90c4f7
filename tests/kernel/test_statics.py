"""Collected files (as in production): a module is known under one name only, by whoever asks for it."""

import re

import pytest
from django.contrib.staticfiles.finders import get_finders
from whitenoise.storage import CompressedManifestStaticFilesStorage

from aftersales.statics import Collected

IMPORT = re.compile(r"""(?:from|import)\s*\(?["'](\./[\w./-]+\.js)["']""")


def named_plainly(storage_class, folder):
    """The imports of our collected modules that name no collected file."""
    storage = storage_class(location=str(folder), base_url="/static/")
    found = {}
    for finder in get_finders():
        for path, source in finder.list([]):
            found[path] = (source, path)
            storage.save(path, source.open(path)) if not storage.exists(path) else None
    failed = [done for _name, _hashed, done in storage.post_process(found) if isinstance(done, Exception)]
    assert not failed
    names = {storage.hashed_files[name] for name in found if name.startswith("js/") and name.endswith(".js")}
    assert len(names) > 15
    asked = {
        f"js/{other[2:]}" for name in names for other in IMPORT.findall((folder / name).read_text("utf-8"))
    }
    assert len(asked) > 4
    return asked - names


@pytest.mark.parametrize(
    ("storage", "whole"), [(Collected, True), (CompressedManifestStaticFilesStorage, False)]
)
def test_every_import_names_the_file_that_the_page_names(tmp_path, storage, whole):
    """With the negative control: as packages do it by default, what is imported is another file than what the page loads."""
    assert (named_plainly(storage, tmp_path) == set()) is whole
