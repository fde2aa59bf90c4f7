"""A WSGI application asked without a network: what is measured is the portal, not the web server."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Site:
    """One visitor of one application; `cookies` are sent with every request."""

    def __init__(self, application: Callable[..., Any], cookies: str = "") -> None:
        self.application, self.cookies = application, cookies

    def get(self, address: str, **headers: str) -> Answer:
        return self.ask("GET", address, b"", headers)

    def post(self, address: str, fields: dict[str, str], **headers: str) -> Answer:
        return self.ask("POST", address, urlencode(fields).encode(), headers)

    def ask(self, method: str, address: str, body: bytes, headers: dict[str, str]) -> Answer:
        path, _mark, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": quote(query, safe="=&%+"), "SERVER_NAME": "localhost",
            "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost",
            "HTTP_COOKIE": self.cookies, "HTTP_ACCEPT": "text/html", "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": "application/x-www-form-urlencoded", "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(), "wsgi.url_scheme": "http", "wsgi.version": (1, 0), "wsgi.multithread": True,
            "wsgi.multiprocess": True, "wsgi.run_once": False,
            **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
        }  # fmt: skip
        return self._run(environ)

    def _run(self, environ: dict[str, Any]) -> Answer:
        said: list[Any] = []
        parts = self.application(environ, lambda status, headers, error=None: said.append((status, headers)))
        try:
            body = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        status, headers = said[0]
        return Answer(int(status.split()[0]), dict(headers), body)


def good(answer: Answer, status: int = 200) -> Answer:
    """The answer, if it is the one that was meant to be measured."""
    if answer.status != status:
        said = answer.headers.get("Location", "") or answer.text[:2000]
        raise SystemExit(f"The bench expected {status} and got {answer.status}: {said}")
    return answer


def token_of(answer: Answer) -> tuple[str, str]:
    """(cookie, token) against forged posts that a form's page gives."""
    cookie = re.search(r"csrftoken=([^;]+)", answer.headers.get("Set-Cookie", "") or str(answer.headers))
    field = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.text)
    assert cookie and field, answer.text[:500]
    return f"csrftoken={cookie[1]}", field[1]


def words(answer: Answer) -> list[str]:
    """What a reader sees of a page, word by word."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", answer.text, flags=re.S)
    return re.sub(r"<[^>]+>", " ", text).split()
