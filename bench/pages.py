"""P15: what a first and a later view of the pages weigh, compressed, without pictures."""

import gzip
import re
from pathlib import Path

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from .people import Company
from .report import Table
from .site import Site, good

ASSET = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"')
IMPORT = re.compile(r'(?:from|import|url\()\s*["\']?(\.{0,2}/?[\w./-]+\.(?:js|css))')
PUBLIC = ("/", "/report/", "/track/")
DESK = ("/desk/", "/tickets/")
KB = 1024


def measure(table: Table, company: Company, tickets: int, deadlines: int) -> None:
    visitor = Site(WSGIHandler())
    desk = Site(visitor.application, company.agent_cookie)
    from repairs.models import Ticket

    paper = Ticket.objects.filter(stage="closed").latest("pk")
    for site, addresses, first in ((visitor, PUBLIC, 60), (desk, (*DESK, f"/tickets/{paper.number}/"), 100)):
        weights = [(weight(site, address), address) for address in addresses]
        (most, where), later = (
            max((page + files, a) for (page, files), a in weights),
            max(page for (page, _f), _a in weights),
        )
        name = "public" if first == 60 else "desk"
        table.add("P15", f"{name} page, first view, the heaviest", most / KB, first, "KB", where)
        table.add("P15", f"{name} page, later view, the heaviest", later / KB, 30, "KB")


def weight(site: Site, address: str) -> tuple[int, int]:
    """(page, style sheets and scripts) in bytes as they go over the line."""
    page = good(site.get(address))
    files: set[Path] = set()
    for asset in ASSET.findall(page.text):
        _with_imports(settings.STATIC_ROOT / asset.removeprefix("/static/"), files)
    return len(gzip.compress(page.body, 6)), sum(_compressed(path) for path in files)


def _with_imports(path: Path, files: set[Path]) -> None:
    if path in files or not path.exists():
        return
    files.add(path)
    for other in IMPORT.findall(path.read_text(encoding="utf-8")):
        _with_imports((path.parent / other).resolve(), files)


def _compressed(path: Path) -> int:
    """What whitenoise or nginx sends: the file's compressed twin, where it has one."""
    twin = path.with_name(f"{path.name}.gz")
    return (twin if twin.exists() else path).stat().st_size
