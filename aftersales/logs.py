"""What the portal writes about itself: request id and user id, never a person's data nor a private link."""

import re
from logging import DEBUG, INFO
from typing import Any

import structlog

__all__ = ["DEBUG", "INFO", "configure", "redact", "report_errors"]

#: /t/<token>/ is a customer's private page: who holds the address may read it
PRIVATE = re.compile(r"(/t/)[^/\s?\"]+")
#: what people typed into a search stands behind the question mark
ASKED = re.compile(r"(/[^\s?\"]*)\?[^\s\"]*")

PROBES = {f"GET {address}" for address in ("/healthz", "/readyz", "/metrics")}


def redact(text: str) -> str:
    """The text of an address without tokens and without what was asked."""
    return ASKED.sub(r"\1", PRIVATE.sub(r"\1…", text))


def _private(logger: Any, method: str, event: Any) -> Any:
    for name in ("request", "path", "url", "event"):
        if isinstance(event.get(name), str):
            event[name] = redact(event[name])
    return event


def _without_probes(logger: Any, method: str, event: Any) -> Any:
    """Machines ask every few seconds whether all is well: only another answer is worth a line."""
    if event.get("code") == 200 and event.get("request") in PROBES:
        raise structlog.DropEvent
    return event


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    _private,
]


def configure(*, json: bool, level: str) -> dict[str, Any]:
    """Set structlog up and return the LOGGING of Django and Celery that writes the same lines to stderr."""
    structlog.configure(
        processors=[_without_probes, *SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    line = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": SHARED,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": line},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            # a wrong address or a refused step is an answer, not trouble: the request line tells it
            "django.request": {"level": "ERROR"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
        },
    }


def report_errors(dsn: str) -> None:
    """Send unexpected errors to a Sentry of the company's own choice; off unless it names one."""
    import sentry_sdk  # only for who asks for it

    sentry_sdk.init(
        dsn=dsn, send_default_pii=False, max_request_body_size="never", include_local_variables=False
    )
