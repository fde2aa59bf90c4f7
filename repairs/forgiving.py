"""A search that forgives (2.2): Chinese words in any order, parts of words, pinyin whole or by initials, the same sound in
other characters, width and case of letters, a slip of the finger. Pure: texts in, a score out."""

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from aftersales.grams import LIMIT

HAN = re.compile(r"[\u3400-\u9fff]")
SPLIT = re.compile(r"[^0-9a-z\u3400-\u9fff]+")
#: what people say around the fault; longest first
AROUND = (
    "请问一下", "怎么办", "怎么回事", "怎么了", "为什么", "是什么", "怎样", "怎么", "什么", "如何", "请问", "一下", "一直",
    "突然", "我的", "有点", "的", "了", "吗", "呢", "啊", "吧", "是", "在", "很", "就", "还",
)  # fmt: skip
#: that something is wrong is so of every question: left out, unless nothing else is said
BROKEN = (
    "损坏", "弄坏", "坏了", "坏掉", "坏", "不行了", "不行", "有问题", "出问题", "出了问题", "问题", "出故障", "出了故障",
    "有故障", "故障了", "出毛病", "有毛病", "不好用", "不好使", "没用",
)  # fmt: skip
BROKEN_RE = re.compile("|".join(sorted(BROKEN, key=len, reverse=True)))
AROUND_RE = re.compile("|".join(sorted(AROUND, key=len, reverse=True)))
ENOUGH = 0.5  # of the pairs of a word by their weight, or of the threes of a sound
EXACT, NEAR, SOUND, FIRST, LOOSE, PART = 3.0, 2.0, 1.5, 1.5, 1.0, 0.4
TITLE, BEGINS = 0.3, 0.6  # more for a title that holds the word, or begins with it
#: what of the vehicle a question is about tells more than what is wrong with it, and so alone, where nothing else answers
PARTS = (
    "刹车", "制动", "仪表", "电池", "充电", "续航", "灯", "大灯", "车灯", "尾灯",
    "喇叭", "尾板", "方向盘", "雨刮", "轮胎", "电机", "控制器", "手刹",
)  # fmt: skip
VAGUE = {"没反", "反应", "没有", "没用", "不行", "不好", "有问", "问题"}  # said of everything
#: what people call it, and what it is called in an article
SAME = {"电瓶": "电池", "蓄电池": "电池"}
HEAVY, LIGHT = 3.0, 0.5
CODE = re.compile(r"[a-z]\d{2,3}")
#: who types one of these is told first of all to keep away from the vehicle
DANGEROUS = (
    "冒烟", "浓烟", "烟味", "黑烟", "冒火", "起火", "着火", "失火", "自燃", "爆炸", "烧起来",
    "烧焦", "焦味", "糊味", "焦糊", "火花", "漏液", "鼓包",
    "漏电", "电池漏", "电池发烫", "刹不住", "刹车失灵", "刹车没", "转向失灵",
    "maoyan", "zhaohuo", "qihuo", "louye", "jiaowei", "huwei", "gubao", "loudian", "shabuzhu",
    "smoke", "smoking", "fire", "burning", "burnt", "sparks", "leaking battery", "battery leak", "no brakes",
)  # fmt: skip


class Keys(NamedTuple):
    """What of an article is searched, a line each for title, every other word, symptom: as written, as spoken in pinyin
    without blanks, and the initials of all but the symptom."""

    words: str
    sounds: str
    initials: str


def plain(text: str) -> str:
    """Full width and case make no difference."""
    return unicodedata.normalize("NFKC", text).lower()[:LIMIT]


def keys(title: str, keywords: str, symptom: str, models: str = "") -> Keys:
    """The search keys of an article; `keywords` are separated by blanks or signs."""
    short = [title, *SPLIT.split(plain(keywords)), models]
    lines = [SPLIT.sub("", plain(text)) for text in (*short, symptom)]
    told = [line for line in lines[:-1] if line]
    return Keys(
        "\n".join([*told, lines[-1]]), "\n".join(map(sound, [*told, lines[-1]])), "\n".join(map(first, told))
    )


def sound(text: str) -> str:
    """不充电 → buchongdian; letters and digits stay."""
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(text, errors=lambda part: part.lower(), v_to_u=False))


def first(text: str) -> str:
    """不充电 → bcd."""
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER, errors=lambda part: part.lower()))


def asked(text: str) -> list[str]:
    """The words of a question, without what people say around them, nor that something is broken where it says what."""
    said = plain(text)
    return _words(BROKEN_RE.sub(" ", said)) or _words(said)


def _words(said: str) -> list[str]:
    parts = (part for word in SPLIT.split(said) for part in AROUND_RE.split(word))
    found = [run for part in parts for run in re.findall(r"[0-9a-z]+|[\u3400-\u9fff]+", part)]
    return list(dict.fromkeys(found))[:8]


def score(tokens: list[str], known: Keys) -> float:
    """How well an article answers; 0 where fewer than half of the words are met."""
    latin = len(tokens) > 1 and not any(HAN.search(token) for token in tokens)
    ways = [tokens, ["".join(tokens)]] if latin else [tokens]
    ways.append([_in_other_words(token) for token in tokens])
    return max((_score(way, known) for way in ways), default=0.0)


def _in_other_words(token: str) -> str:
    """电瓶没电 → 电池没电."""
    for said, called in SAME.items():
        token = token.replace(said, called)
    return token


def _score(tokens: list[str], known: Keys) -> float:
    met = [_one(token, known) for token in tokens]
    hits = sum(value > 0 for value in met)
    return sum(met) / len(met) if met and hits * 2 >= len(met) else 0.0


def _one(token: str, known: Keys) -> float:
    short, _line, long = known.words.rpartition("\n")
    if token in short:
        return EXACT + _titled(token, known.words)
    if HAN.search(token):
        return _chinese(token, short, long, known)
    return NEAR if len(token) > 1 and token in long else _latin(token, short, known)


def _titled(token: str, lines: str) -> float:
    """The title stands in the first of the lines."""
    title = lines.partition("\n")[0]
    return BEGINS if title.startswith(token) else TITLE if token in title else 0.0


def _chinese(token: str, short: str, long: str, known: Keys) -> float:
    if len(token) < 2:
        return 0.0
    if token in long:
        return NEAR
    part = _part(token, known, short)
    pairs = _weighed(token, lambda pair: pair in known.words)
    if pairs >= ENOUGH:
        return NEAR * pairs + part
    alike = _weighed(token, lambda pair: sound(pair) in known.sounds)
    if alike >= ENOUGH:
        return SOUND * alike + part
    signs = sum(sign in short for sign in set(token)) / len(set(token))
    return part + (LOOSE * signs if len(token) > 2 and signs >= 0.75 else 0.0)


def _weighed(token: str, met: Callable[[str], bool]) -> float:
    """How much of its neighbouring pairs is met, each by what it tells."""
    pairs = [token[at : at + 2] for at in range(len(token) - 1)]
    weights = [HEAVY if pair in PARTS else LIGHT if pair in VAGUE else 1.0 for pair in pairs]
    return sum(weight for weight, pair in zip(weights, pairs, strict=True) if met(pair)) / sum(weights)


def _part(token: str, known: Keys, short: str) -> float:
    """The same part of the vehicle in title or keywords."""
    same = [part for part in PARTS if part in token and part in short]
    return max((PART + _titled(part, known.words) for part in same), default=0.0)


def _latin(token: str, short: str, known: Keys) -> float:
    if len(token) > 1 and token in known.initials:
        return FIRST + _titled(token, known.initials)
    if len(token) > 2 and token in known.sounds:
        return SOUND + _titled(token, known.sounds)
    if CODE.fullmatch(token) and re.search(rf"(?<![a-z0-9]){token[0]}\d{{2,3}}(?!\d)", short):
        return LOOSE  # an article about codes of this kind says what to do with the others
    near = _share(token, 3, known.sounds) if len(token) > 4 else 0.0
    return LOOSE * near if near >= ENOUGH else 0.0


def _share(token: str, size: int, text: str) -> float:
    """How many of its neighbouring threes (or what `size` says) the text has."""
    parts = {token[at : at + size] for at in range(len(token) - size + 1)}
    return sum(part in text for part in parts) / len(parts)


def is_dangerous(text: str) -> bool:
    """Whether these words speak of smoke, fire, a leaking battery or of brakes that do not hold."""
    said = plain(text)
    return any(
        word in (said if " " in word or word.isascii() else said.replace(" ", "")) for word in DANGEROUS
    )
