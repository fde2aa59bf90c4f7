"""One picture beside a paper of another department: a waybill, money that was taken, a receipt."""

import secrets
from typing import Any

from aftersales import files

from ..tasks import ring_derive


def keep_one(photo: Any) -> dict[str, str]:
    """Judge and keep it: `sha256` says where it lies, `key` under which address it is shown; nothing for no picture.

    Raises `BadEntry` at `photo`.
    """
    if not photo:
        return {}
    stored = files.take(photo, "image", "photo")
    ring_derive(stored.sha256)
    return {"sha256": stored.sha256, "key": secrets.token_hex(16)}
