"""The containers' health check: `healthy.py` asks the web process, `healthy.py worker|beat` looks for their signs of life."""

import http.client
import os
import sys

SILENT = 120  # seconds


def web() -> bool:
    """The process answers under a name it listens to, as if nginx had asked."""
    line = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
    name = os.environ["ALLOWED_HOSTS"].split(",")[0].strip().lstrip(".")
    line.request("GET", "/healthz", headers={"Host": name, "X-Forwarded-Proto": "https"})
    return line.getresponse().status == 200


def lives(name: str) -> bool:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.settings")
    sys.path.insert(0, os.getcwd())
    django.setup()
    from aftersales import heartbeats

    age = heartbeats.age(name)
    return age is not None and age < SILENT


if __name__ == "__main__":
    sys.exit(0 if (lives(sys.argv[1]) if len(sys.argv) > 1 else web()) else 1)
