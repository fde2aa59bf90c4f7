"""Draw every component with invented data: `python tools/gallery var/gallery [--pictures]`.

Needs no database. `--pictures` photographs each page at 390 and 1440 px, light and dark, in both languages.
"""

import argparse
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace as Thing
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(ROOT)]
PAGES = ["home", "ticket", "list", "parts", "report", "start", "sent", "trouble"]
PROCESSOR = "django.template.context_processors.request"


def set_up(folder: Path) -> None:
    """Django with templates, forms and languages, and nothing else."""
    import django
    from django.conf import settings
    from django.http import HttpResponse
    from django.urls import path

    folders = {"DIRS": [HERE / "templates", ROOT / "templates"], "APP_DIRS": True}
    engine = {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {"context_processors": [PROCESSOR]},
    }
    contrib = ["django.contrib.staticfiles", "django.contrib.contenttypes", "django.forms"]
    settings.configure(
        SECRET_KEY="gallery",  # signs nothing that leaves this script
        MODE="demo",
        ROOT_URLCONF=(path("i18n/setlang/", lambda request: HttpResponse(), name="set_language"),),
        INSTALLED_APPS=["aftersales", *contrib, "heroicons", "django_htmx"],
        TEMPLATES=[engine | folders],
        FORM_RENDERER="aftersales.forms.Renderer",
        LANGUAGES=[("zh-hans", "中文"), ("en", "English")],
        LOCALE_PATHS=[ROOT / "locale", folder / "locale"],
        TIME_ZONE="Asia/Shanghai",
        USE_TZ=True,
        STATIC_URL="static/",
        STATICFILES_DIRS=[ROOT / "static"],
    )
    django.setup()


def stand_ins() -> None:
    """What the gallery has no database for: the policy and the inbox."""
    from aftersales import navigation

    navigation.exists = lambda path: True  # type: ignore[assignment]
    navigation.allowed = lambda user, action, obj=None: True  # type: ignore[assignment]
    navigation.unread = lambda user: 3  # type: ignore[assignment]


class Said(str):
    """A message as Django hands it to a template."""

    level_tag = "success"


class Refused(Said):
    level_tag = "error"


def draw(folder: Path, language: str) -> None:
    """Every page in one language."""
    from day import NOW, data
    from django.template.loader import render_to_string
    from django.test import RequestFactory
    from django.utils import translation
    from samples import samples

    request: Any = RequestFactory().get("/desk/")
    request.user = Thing(is_authenticated=True, username="chenjg", get_full_name="陈建国")
    request.arrived_at = NOW
    said = [
        Said("已转交给 陈建国,12 小时内联系客户。"),
        Refused("方案已由 周涛 在 14:02 保存,您的内容没有丢。(4.4)"),
    ]
    with translation.override(language):
        for page in PAGES:
            context = data() | samples() | {"csrf_token": "x" * 20, "messages": said}
            html = render_to_string(f"gallery_{page}.html", context, request=request)
            (folder / f"{page}-{language}.html").write_text(html.replace('"/static/', '"static/'))


def copy_static(folder: Path) -> None:
    """The stylesheets, scripts and icons beside the pages."""
    from django.contrib.staticfiles.finders import get_finders

    for finder in get_finders():
        for name, storage in finder.list(["*.map"]):
            (folder / "static" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(storage.path(name), folder / "static" / name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pictures", action="store_true")
    parser.add_argument("--only", nargs="*", default=PAGES)
    parser.add_argument("--languages", nargs="*", default=["zh-hans", "en"])
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    set_up(asked.folder)
    stand_ins()
    copy_static(asked.folder)
    for language in asked.languages:
        draw(asked.folder, language)
    if asked.pictures:
        from pictures import photograph

        photograph(
            asked.folder, [f"{page}-{language}" for language in asked.languages for page in asked.only]
        )


if __name__ == "__main__":
    main()
