"""A gateway for short messages on this machine: keeps what it was given and answers as it is told to."""

import contextlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Gateway:
    """`answer`: a status, or “drop” (takes the message and closes the line without a word). `taken`: (headers, words)."""

    def __init__(self) -> None:
        self.taken: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.answer: int | str = 200
        self.delay = 0.0  # seconds between taking and answering
        self.headers: dict[str, str] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/send?app=1"

    @property
    def texts(self) -> list[str]:
        return [words["text"] for _headers, words in self.taken]

    @property
    def ids(self) -> list[str]:
        return [words["id"] for _headers, words in self.taken]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                words = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                gateway.taken.append((dict(self.headers) | {"path": self.path}, words))
                time.sleep(gateway.delay)
                if gateway.answer == "drop":
                    self.close_connection = True
                    return
                with contextlib.suppress(OSError):  # who asked was killed meanwhile
                    self._answer()

            def _answer(self) -> None:
                self.send_response(int(gateway.answer))
                for name, value in gateway.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        return Handler
