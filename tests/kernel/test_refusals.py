"""What a rule says bears its clause once, in the marks of the reader's language."""

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
