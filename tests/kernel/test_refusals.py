"""What a rule says bears its clause once, in the marks of the reader's language."""

import re

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from aftersales.problems import OutOfTurn


def test_a_clause_stands_once_whatever_the_language():
    said = OutOfTurn(_("A quotation without lines says nothing (9.4)."), "9.4")
    with translation.override("zh-hans"):
        assert str(said).count("9.4") == 1 and str(OutOfTurn("不行。", "4.5")) == "不行。（4.5）"
    with translation.override("en"):
        assert str(said).count("9.4") == 1 and str(OutOfTurn("No.", "4.5")) == "No. (4.5)"


def test_words_with_two_meanings_have_a_reading_each():
    from django.utils.translation import pgettext

    from accounts.models import User
    from catalogue.models import RateLine
    from parts.steps.releases import RELEASES
    from parts.steps.store import SHIPMENTS
    from repairs.steps import STEPS

    with translation.override("zh-hans"):
        assert str(RELEASES.rows["cancel"].label) == "取消领料单" != str(STEPS["cancel"].label)
        assert str(SHIPMENTS.rows["deliver"].label) == "登记送达"
        assert RateLine._meta.get_field("name").verbose_name == "名称"
        assert User._meta.get_field("name").verbose_name == "姓名"
        assert pgettext("enquiry", "Asked of") == "询问部门"
        assert pgettext("return", "Received by") == "签收人"
        assert pgettext("workbook", "Sheet") == "工作表"


def test_a_rule_of_separation_is_named_to_programs_and_not_to_people():
    refusal = OutOfTurn(_("The erasure is already proposed; another leader carries it out."), "SD11")
    assert (refusal.clause, refusal.__notes__) == ("SD11", ["SD11"])
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert "SD" not in str(refusal)


def test_no_chinese_sentence_names_an_inner_code():
    from django.conf import settings
    from polib import pofile

    catalogue = pofile(f"{settings.LOCALE_PATHS[0]}/zh_Hans/LC_MESSAGES/django.po")
    assert [
        row.msgid for row in catalogue if re.search(r"SD\d\d|PIPL", row.msgstr) and not row.obsolete
    ] == []
