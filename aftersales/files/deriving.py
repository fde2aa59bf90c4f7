"""What people see: an upright JPEG without metadata (GPS!), large and small, made from the original at any time."""

from pathlib import Path

from PIL import Image

from . import child, magic, store

SIZES = {"large": store.LARGE, "thumb": store.THUMBS}


def make_derivatives(sha256: str) -> bool:
    """Make both sizes unless they are there; False if there is no such picture. Safe to run twice and at once."""
    original = store.place(store.ORIGINALS, sha256)
    if all(store.place(kind, sha256).exists() for kind in SIZES.values()):
        return True
    found = _format(original)
    if found is None or found.kind != "image":
        return False
    store.tidy()
    with store.temporary() as large, store.temporary() as thumb:
        if child.run("derive", found.name, original, large, thumb).problem or not original.exists():
            return False  # damaged, or erased meanwhile
        store.put(large, store.LARGE, sha256)
        store.put(thumb, store.THUMBS, sha256)
    return True


def _format(path: Path) -> magic.Format | None:
    try:
        with path.open("rb") as file:
            return magic.recognise(file.read(magic.HEAD))
    except FileNotFoundError:
        return None


def format_of(sha256: str) -> magic.Format | None:
    """What the kept original is; None if it is gone."""
    return _format(store.place(store.ORIGINALS, sha256))


def original_of(sha256: str) -> tuple[Path, str] | None:
    """The file as it came and how its name ends (".jpg"): for whoever sent it, and nobody else; None if it is gone."""
    found = format_of(sha256)
    return (store.place(store.ORIGINALS, sha256), f".{found.suffix}") if found else None


def path_of(sha256: str, size: str = "large") -> Path | None:
    """The file that people see, made now if the worker has not come round to it; None if the picture is gone."""
    path = store.place(SIZES[size], sha256)
    return path if path.exists() or make_derivatives(sha256) else None


def size_of(sha256: str) -> tuple[int, int] | None:
    """Width and height of the large picture, in pixels; None if there is no such picture. What is opened here is our own."""
    path = path_of(sha256)
    if path is None:
        return None
    with Image.open(path) as picture:
        return picture.size
