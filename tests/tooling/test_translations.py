"""The check of the catalogue finds what it is there to find."""

import polib
import pytest

from tools.translations import bypass, catalogue, extract


def texts(found):
    return [(m.context, m.text, m.plural) for m in found]


def test_python_messages_are_found_under_every_name():
    source = (
        "from django.utils.translation import gettext_lazy as _, ngettext as many, pgettext\n"
        "from django.utils import translation\n"
        "_('one ' 'two'); many('%(n)s day', '%(n)s days', 3); pgettext('month', 'May'); translation.gettext('far')\n"
        "_(variable); other('not a message')\n"
    )
    assert texts(extract.of_python(source, "x.py")) == [
        ("", "one two", ""), ("", "%(n)s day", "%(n)s days"), ("month", "May", ""), ("", "far", ""),
    ]  # fmt: skip


def test_template_messages_are_found():
    source = (
        '{% load i18n %}{% translate "Plain" %}{% translate "May" context "month" %}{% include "x" with a=_("Inside") %}'
        "{% blocktranslate count n=rows|length trimmed %}\n one row\n{% plural %}\n {{ n }} rows\n{% endblocktranslate %}"
        "{# a quote's trap #}<p>it's</p>{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}"
    )
    assert texts(extract.of_template(source, "x.html")) == [
        ("", "Plain", ""), ("month", "May", ""), ("", "Inside", ""), ("", "one row", "%(n)s rows"), ("", "Hello %(name)s", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "trouble"),
    [
        (polib.POEntry(msgid="Go", msgstr="去"), ""),
        (polib.POEntry(msgid="Go", msgstr=""), "is not translated"),
        (polib.POEntry(msgid="Go", msgstr="去", flags=["fuzzy"]), "is fuzzy"),
        (polib.POEntry(msgid="Due %(at)s", msgstr="截止"), "has other placeholders than ['%(at)s']"),
        (
            polib.POEntry(msgid="{number} is due", msgstr="{numer} 到期"),
            "has other placeholders than ['{number}']",
        ),
        (polib.POEntry(msgid="%(n)s day", msgid_plural="%(n)s days", msgstr_plural={0: "%(n)s 天"}), ""),
        (
            polib.POEntry(msgid="%(n)s day", msgid_plural="%(n)s days", msgstr_plural={0: ""}),
            "is not translated",
        ),
    ],
)
def test_an_entry_is_judged(entry: polib.POEntry, trouble: str):
    assert catalogue.wrong(entry) == trouble


def test_a_missing_message_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(catalogue, "PO", tmp_path / "django.po")
    found = {("", "Go"): [extract.Message("", "Go", "", "x.py")]}
    assert list(catalogue.faults(found)) == ["x.py: 'Go' is missing"]
    assert catalogue.update(found) == 1
    assert list(catalogue.faults(found)) == ["x.py: 'Go' is not translated"]
    po = polib.pofile(str(catalogue.PO))
    po[0].msgstr = "去"
    po.save()
    assert list(catalogue.faults(found)) == []
    assert catalogue.update({}) == 0
    assert catalogue.update(found) == 0, "a retired message comes back with its translation"


def test_text_that_bypasses_the_catalogue_is_found():
    assert list(bypass.chinese_strings('"""文档"""\nx = "报修"')) == [(2, "报修")]
    page = '<p class="big" title="Hi there">{% translate "Fine" %} {# a note #} VIN</p><p>Left over</p><script>let x</script>'
    assert bypass.plain_words(page) == ["Hi", "there", "Left", "over"]
