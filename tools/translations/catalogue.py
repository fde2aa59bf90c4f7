"""locale/zh_Hans against the messages found."""

import re
from collections.abc import Iterator

import polib

from .extract import ROOT, Message

PO = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")
Found = dict[tuple[str, str], list[Message]]


def key_of(entry: polib.POEntry) -> tuple[str, str]:
    return entry.msgctxt or "", entry.msgid


def read() -> polib.POFile:
    po = polib.pofile(str(PO), wrapwidth=110) if PO.exists() else polib.POFile(wrapwidth=110)
    po.metadata = {
        "Project-Id-Version": "aftersales-portal",
        "Language": "zh_Hans",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    return po


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def wrong(entry: polib.POEntry) -> str:
    """What is the matter with one entry, or nothing."""
    said = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if not all(said) or not said:
        return "is not translated"
    if entry.fuzzy:
        return "is fuzzy"
    source = entry.msgid_plural or entry.msgid
    if any(placeholders(text) != placeholders(source) for text in said):
        return f"has other placeholders than {placeholders(source)}"
    if any(
        text.startswith("\n") != source.startswith("\n") or text.endswith("\n") != source.endswith("\n")
        for text in said
    ):
        return "begins or ends with another line break"
    return ""


def faults(found: Found) -> Iterator[str]:
    entries = {key_of(entry): entry for entry in read() if not entry.obsolete}
    for key, places in found.items():
        if key not in entries:
            yield f"{places[0].place}: {key[1]!r} is missing"
        elif bool(places[0].plural) != bool(entries[key].msgid_plural) and any(m.plural for m in places):
            yield f"{places[0].place}: {key[1]!r} has a plural in the code only"
        elif trouble := wrong(entries[key]):
            yield f"{places[0].place}: {key[1]!r} {trouble}"


def unused(found: Found) -> list[str]:
    return [entry.msgid for entry in read() if not entry.obsolete and key_of(entry) not in found]


def update(found: Found) -> int:
    """Add what is missing, retire what is unused, keep the file in the order of the sources; answers how many wait."""
    po = read()
    held = {key_of(entry): entry for entry in po}
    fresh = polib.POFile(wrapwidth=110)
    fresh.metadata = po.metadata
    for key, places in sorted(found.items(), key=lambda item: item[1][0].place):
        fresh.append(_entry(held.pop(key, None), places))
    for entry in held.values():
        if entry.msgstr or entry.msgstr_plural:
            entry.obsolete, entry.occurrences = True, []
            fresh.append(entry)
    PO.parent.mkdir(parents=True, exist_ok=True)
    fresh.save(str(PO))
    return sum(1 for entry in fresh if not entry.obsolete and wrong(entry))


def _entry(entry: polib.POEntry | None, places: list[Message]) -> polib.POEntry:
    plural = next((m.plural for m in places if m.plural), "")
    entry = entry or polib.POEntry(msgid=places[0].text, msgctxt=places[0].context or None)
    entry.obsolete = False
    entry.msgid_plural = plural
    if plural and not entry.msgstr_plural:
        entry.msgstr, entry.msgstr_plural = "", {0: entry.msgstr}
    elif not plural and entry.msgstr_plural:
        entry.msgstr, entry.msgstr_plural = entry.msgstr_plural.get(0, ""), {}
    entry.occurrences = [(place, "") for place in dict.fromkeys(m.place for m in places)]
    entry.flags = [flag for flag in entry.flags if flag != "python-format"]
    if "%(" in places[0].text:
        entry.flags.append("python-format")
    return entry
