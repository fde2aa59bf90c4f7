"""Every template is indented as djhtml would, compiles, and includes or extends only what exists."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "templates"
NAMED = re.compile(r"""\{%\s*(?:include|extends)\s+"([^"]+)\"""")
#: style belongs to static/css, behaviour to static/js: the policy of the browser refuses both here
INLINE = re.compile(
    r"""<style|<script(?![^>]*\b(?:src|type="application/json")=?)|\sstyle="|\son[a-z]+="|javascript:""", re.I
)
UNSAFE = re.compile(r"\|\s*safe\b|\{%\s*autoescape\s+off|csrf_exempt")


def faults() -> Iterator[str]:
    import django
    from django.template import TemplateDoesNotExist, TemplateSyntaxError
    from django.template.loader import get_template

    django.setup()
    for path in sorted(FOLDER.rglob("*.html")):
        name, source = str(path.relative_to(FOLDER)), path.read_text(encoding="utf-8")
        try:
            get_template(name)
            for other in NAMED.findall(source):
                get_template(other)
        except (TemplateSyntaxError, TemplateDoesNotExist) as error:
            yield f"templates/{name}: {type(error).__name__}: {error}"
        for pattern, what in ((INLINE, "inline style or script"), (UNSAFE, "unescaped text")):
            if found := pattern.search(source):
                yield f"templates/{name}: {what}: {found.group()!r}"


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.settings")
    found = list(faults())
    print("\n".join(found))
    indented = subprocess.run(
        [Path(sys.executable).parent / "djhtml", "--check", "--tabwidth", "2", FOLDER], cwd=ROOT
    )
    return 1 if found or indented.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
