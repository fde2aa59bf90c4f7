"""The search that forgives (2.2), by example: what people type, and which article answers it."""

import pytest

from aftersales.demo.advice import PIECES
from repairs import forgiving
from repairs.forgiving import asked, keys, score

pytestmark = pytest.mark.clause("2.2")
KNOWN = {
    "charge": keys(
        "充不进电，充电器灯不亮", "不充电 充电慢 充电桩", "充电器插上没有反应，指示灯不亮，电量不涨"
    ),
    "brakes": keys("刹车有尖锐的响声", "刹车异响 制动", "踩刹车时吱吱响，下坡更明显"),
    "range": keys("冬天续航变短", "跑不远 掉电快", "天冷以后充满电跑的路少了很多"),
    "lift": keys("尾板升不起来", "液压尾板 升降", "按开关尾板不动", "FY-H1 飞跃电动厢式货车"),
    "code": keys("仪表显示故障码E05", "控制器 报警 代码", "仪表上有数字和扳手灯"),
}


def best(text: str) -> str:
    scores = {name: score(asked(text), known) for name, known in KNOWN.items()}
    name = max(scores, key=lambda each: scores[each])
    return name if scores[name] > 0 else ""


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        # Chinese as it is written, in parts, in any order, among other words
        ("充电", "charge"), ("不充电", "charge"), ("灯不亮 充电器", "charge"), ("电充不进去怎么办", "charge"),
        ("请问充不上电了是怎么回事", "charge"), ("下坡 刹车 响", "brakes"), ("响声 刹车", "brakes"), ("跑不了多远了", "range"),
        ("冬天跑不远", "range"), ("尾板不动", "lift"), ("控制器报警", "code"),
        # pinyin, whole, in syllables, by initials
        ("chongdian", "charge"), ("chong dian", "charge"), ("bu chong dian", "charge"), ("buchongdian", "charge"),
        ("bcd", "charge"), ("cd", "charge"), ("shache", "brakes"), ("sha che xiang", "brakes"), ("xuhang", "range"),
        ("weiban", "lift"), ("wb", "lift"),
        # width, case, signs
        ("ＣＤ", "charge"), ("ShaChe", "brakes"), ("e05", "code"), ("Ｅ０５", "code"), ("E-05", "code"), ("fy-h1", "lift"),
        ("  充电！！ ", "charge"),
        # the same sound, a slip of the finger
        ("冲电", "charge"), ("杀车响", "brakes"), ("刹车异想", "brakes"), ("chongdain", "charge"), ("chogndian", "charge"),
        # nothing like it
        ("火星", ""), ("电脑死机", ""), ("发票", ""), ("xyzzy", ""), ("", ""), ("的了吗", ""), ("!!!", ""), ("😀", ""),
    ],
)  # fmt: skip
def test_what_is_typed_finds_its_article(text, answer):
    assert best(text) == answer


@pytest.mark.parametrize(
    "text", ["电瓶坏了", "电池坏了怎么办", "电池不行了", "电瓶有问题", "电池出故障了", "电瓶"]
)
def test_that_it_is_broken_says_nothing_beside_what_is(text):
    known = keys("电池充满后很快没电", "电池 掉电", "一天就没电")
    assert score(asked(text), known) > 0


def test_that_it_is_broken_counts_where_nothing_else_is_said():
    assert asked("坏了") == ["坏"] and asked("有问题") == ["有问题"] and asked("灯坏了") == ["灯"]


DEMO = {piece.title: keys(piece.title, piece.keywords, piece.symptom) for piece in PIECES}
LIGHTS, CHARGE, BRAKES, DISPLAY = (
    "灯不亮：转向灯、大灯",
    "充不进电，充电器灯不亮",
    "刹车有尖锐的响声",
    "仪表显示故障码",
)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("刹车没反应", BRAKES), ("刹车没劲", BRAKES), ("刹车踩下去软绵绵", BRAKES), ("灯不亮", LIGHTS), ("dengbuliang", LIGHTS),
        ("大灯不亮", LIGHTS), ("仪表黑屏", DISPLAY), ("ybhp", DISPLAY), ("E03", DISPLAY), ("e11", DISPLAY), ("电池充不满", CHARGE),
        ("充电没反应", CHARGE), ("充电器灯不亮", CHARGE), ("喇叭没反应", "喇叭不响"), ("前面那个灯时亮时不亮", LIGHTS),
        ("空调不制冷", ""), ("遥控钥匙", ""), ("年检", ""), ("倒车影像", ""), ("冒烟", ""), ("F03", ""),
    ],
)  # fmt: skip
def test_the_part_that_is_named_leads_to_its_article(text, title):
    """In the demonstration's help: what somebody asks about tells more than “it does nothing”."""
    scores = {name: score(asked(text), known) for name, known in DEMO.items()}
    first = max(scores, key=lambda name: scores[name])
    assert (first if scores[first] > 0 else "") == title


def test_the_title_counts_more_than_the_symptom():
    title, symptom = keys("喇叭不响", "", "按了没声音"), keys("按了没声音", "", "喇叭不响")
    assert score(["喇叭"], title) > score(["喇叭"], symptom) > 0


def test_without_pinyin_a_sound_finds_nothing(monkeypatch):
    """The negative control: it is the sound that finds what is written otherwise."""
    monkeypatch.setattr(forgiving, "sound", lambda text: text)
    plain = keys("充不进电", "", "")
    assert score(asked("冲不进店"), plain) == 0 and score(asked("chongbujindian"), plain) == 0


@pytest.mark.parametrize("text", ["\x00", "a" * 5000, "充" * 5000, "%' OR 1=1", "（）", " "])
def test_no_text_breaks_it(text):
    assert score(asked(text), KNOWN["charge"]) >= 0
