"""Upload caps while the bytes arrive: what is too large is thrown away at once, the form still gets its other fields.

First in FILE_UPLOAD_HANDLERS. The field holds a `RefusedUpload`, which `take` turns into one sentence at the field.
"""

import io
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers

from . import limits

FIELDS = 2 * limits.MB  # what the other fields and the envelope may take


class RefusedUpload(UploadedFile):
    """Stands where the file would: its name, nothing of its content, and why (`refused`, a key of SENTENCES)."""

    def __init__(self, name: str | None, refused: str, field: str) -> None:
        super().__init__(io.BytesIO(), name, "application/octet-stream", 1)
        self.refused, self.field_name = refused, field


class Cap(FileUploadHandler):
    """Counts a file and the whole request; passes nothing on once either is too large."""

    chunk_size = 256 * 1024

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.total, self.size, self.refused = 0, 0, ""
        self.hopeless = False

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, *args: Any, **kwargs: Any
    ) -> None:
        self.hopeless = content_length > limits.REQUEST_BYTES + FIELDS

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.size, self.refused = 0, "large_request" if self.hopeless else ""
        if self.refused:
            raise StopFutureHandlers  # nobody opens a file for it

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.size += len(raw_data)
        self.total += len(raw_data)
        if self.total > limits.REQUEST_BYTES:
            self.hopeless, self.refused = True, "large_request"
        elif self.size > limits.VIDEO_BYTES:
            self.refused = "large"
        return None if self.refused else raw_data

    def file_complete(self, file_size: int) -> UploadedFile | None:
        return RefusedUpload(self.file_name, self.refused, self.field_name or "") if self.refused else None
