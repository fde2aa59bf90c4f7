"""The links of the pages in this repository lead somewhere, and no file speaks of things that do not belong in it."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\[[^\]]*\]\(([^)\s#]+)(#[^)]*)?\)")
#: half-done work, and paths of one developer's machine
FORBIDDEN = re.compile(
    r"\b(?:TODO|FIXME|XXX)\b|/home/[a-z]|/root/|/work/|/tmp/brief|\.\./shared|pytest\.skip|xfail"
)
HERE = "tools/texts.py"


def tracked() -> list[Path]:
    """The files that git knows and those it would add."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return sorted({ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()})


def broken_links(path: Path, text: str) -> Iterator[str]:
    for target, _anchor in LINK.findall(text):
        if "://" not in target and not target.startswith("mailto:") and not (path.parent / target).exists():
            yield f"{path.relative_to(ROOT)}: a link leads nowhere: {target}"


def faults() -> Iterator[str]:
    for path in tracked():
        name = str(path.relative_to(ROOT))
        if name in (HERE, "uv.lock"):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if path.suffix == ".md":
            yield from broken_links(path, text)
        for number, line in enumerate(text.splitlines(), 1):
            if found := FORBIDDEN.search(line):
                yield f"{name}:{number}: {found.group()!r} does not belong in this repository"


def main() -> int:
    found = list(faults())
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
