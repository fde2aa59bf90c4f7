"""The pages as photographs, under the portal's strict policy."""

import contextlib
import functools
import http.server
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

SIZES: list[tuple[int, Literal["light", "dark"]]] = [
    (390, "light"),
    (1440, "light"),
    (390, "dark"),
    (1440, "dark"),
]


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder over HTTP with the portal's strict policy: modules do not load from files."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None: ...

        def end_headers(self) -> None:
            self.send_header(
                "Content-Security-Policy",
                "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'",
            )
            super().end_headers()

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def photograph(folder: Path, names: list[str]) -> None:
    """Each page in each size and light; says which page is wider than the glass, and what the console complains of."""
    from playwright.sync_api import sync_playwright

    with served(folder) as root, sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), chromium_sandbox=False
        )
        for width, scheme in SIZES:
            view = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
            view.on(
                "console",
                lambda said: print("console:", said.text) if said.type in ("error", "warning") else None,
            )
            for name in names:
                view.goto(f"{root}/{name}.html")
                view.wait_for_timeout(150)
                wide = view.evaluate("document.documentElement.scrollWidth")
                if wide > width:
                    print(f"{name} at {width}: {wide} px wide")
                view.screenshot(path=str(folder / f"{name}-{width}-{scheme}.png"), full_page=width < 500)
        browser.close()
