"""Names as they are sorted and typed: pinyin with the readings that surnames have. Pure.

pypinyin has no reading for surnames (its issues 120 and 297 are open), so the surnames that it misreads stand here.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

HAN = "〇㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff"
DOT = "·"
_NO_MARK = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_PINYIN_V = re.compile("[ln]u\u0308e?")  # lü, nü, lüe and nüe
_DOTS = str.maketrans(dict.fromkeys("•‧・･⋅∙᛫●．", DOT))
_HAN_ONE = re.compile(rf"[{HAN}]")
_PIECES = re.compile(rf"([{HAN}]+)|([^\W_{HAN}]+)")
LONGEST_KEY = 200
LONGEST_INITIALS = 60

# How a character is read where it is a surname: those that pypinyin reads otherwise, alone or before some given name.
SURNAMES = {
    "薄": "bo", "卜": "bu", "曾": "zeng", "车": "che", "种": "chong", "都": "du", "缪": "miao", "盖": "ge",
    "干": "gan", "郇": "xun", "阚": "kan", "乐": "yue", "令": "ling", "那": "na", "能": "nai", "宁": "ning",
    "区": "ou", "朴": "piao", "繁": "po", "强": "qiang", "覃": "qin", "仇": "qiu", "任": "ren", "单": "shan",
    "召": "shao", "折": "she", "沈": "shen", "盛": "sheng", "石": "shi", "宿": "su", "洗": "xian", "解": "xie",
    "员": "yun", "翟": "zhai", "占": "zhan", "长": "zhang", "查": "zha", "祭": "zhai", "重": "chong", "秘": "bi",
    "黑": "he", "佴": "nai", "句": "gou", "乜": "nie", "藏": "zang", "夏": "xia", "厦": "sha", "万": "wan",
    "叶": "ye",
}  # fmt: skip

DOUBLE_SURNAMES = {
    "尉迟": "yu chi", "万俟": "mo qi", "长孙": "zhang sun", "欧阳": "ou yang", "司马": "si ma", "上官": "shang guan",
    "诸葛": "zhu ge", "令狐": "ling hu", "皇甫": "huang fu", "夏侯": "xia hou", "澹台": "tan tai", "鲜于": "xian yu",
    "淳于": "chun yu", "慕容": "mu rong", "司徒": "si tu", "司空": "si kong", "司寇": "si kou", "申屠": "shen tu",
    "公孙": "gong sun", "轩辕": "xuan yuan", "钟离": "zhong li", "宇文": "yu wen", "闾丘": "lv qiu",
    "亓官": "qi guan", "端木": "duan mu", "濮阳": "pu yang", "呼延": "hu yan", "独孤": "du gu", "南宫": "nan gong",
    "东方": "dong fang", "百里": "bai li", "拓跋": "tuo ba", "赫连": "he lian", "宗政": "zong zheng",
    "太史": "tai shi", "公冶": "gong ye", "公羊": "gong yang", "乐正": "yue zheng",
    "子车": "zi ju", "漆雕": "qi diao", "谷梁": "gu liang", "闻人": "wen ren", "颛孙": "zhuan sun",
}  # fmt: skip


def tidy_name(name: str) -> str:
    """A name as it is kept: composed characters, single blanks, one kind of middle dot without blanks around it."""
    plain = " ".join(unicodedata.normalize("NFC", name).translate(_DOTS).split())
    return re.sub(rf"\s*{DOT}+\s*", DOT, plain)


@lru_cache(maxsize=20_000)
def sort_key(name: str) -> str:
    """What a name is sorted by: 单秀英 is "shan xiu ying", 尉迟恭 "yu chi gong", Zoë Smith "zoe smith"."""
    return key_as_written(simplified(tidy_name(name)), plain_letters)


def key_as_written(name: str, letters_of: Callable[[str], str]) -> str:
    """The sort key of a tidy name in these very characters; `letters_of` reads what stands in letters."""
    has_surname = DOT not in name  # 查干·巴特尔 begins with no surname
    syllables: list[str] = []
    for piece in _PIECES.finditer(name):
        han, word = piece.groups()
        if word:
            syllables.append(letters_of(word))
        else:
            syllables += _read(han, has_surname=has_surname and piece.start() == 0)
    return " ".join(filter(None, syllables))[:LONGEST_KEY].rstrip()


def initials(name: str) -> str:
    """The first letter of each syllable: 李秀英 is "lxy"."""
    return initials_of_key(sort_key(name))


def initials_of_key(key: str) -> str:
    """The initials that go with a sort key, which staff may have corrected."""
    return "".join(syllable[0] for syllable in key.split())[:LONGEST_INITIALS]


def tidy_key(key: str) -> str:
    """A sort key as typed by staff ("Shàn Xiùyīng"), in the form keys are kept in."""
    words = (plain_letters(piece.group()) for piece in _PIECES.finditer(key))
    return " ".join(filter(None, words))[:LONGEST_KEY].rstrip()


def plain_letters(word: str) -> str:
    """Lower case without accents: Müller is muller. The ü of a pinyin syllable is v, as it is typed: lǚ is lv."""
    bare = "".join(c for c in unicodedata.normalize("NFD", word.casefold()) if c == "\u0308" or not _is_mark(c))
    if _PINYIN_V.fullmatch(bare):
        return bare.replace("u\u0308", "v")
    return bare.replace("\u0308", "").translate(_NO_MARK)


def _is_mark(character: str) -> bool:
    return unicodedata.combining(character) != 0


def masked(name: str) -> str:
    """As much of a name as tells whoever knows it: 王秀英 is 王*英, 李四 is 李*, Zoë Smith is Z* S*."""
    tidy = tidy_name(name)
    if len(words := tidy.split()) > 1:
        return " ".join(f"{word[0]}*" for word in words)
    if len(tidy) < 3 or not _HAN_ONE.fullmatch(tidy[-1]):
        return f"{tidy[:1]}*" if tidy else ""
    return f"{tidy[0]}{'*' * (len(tidy) - 2)}{tidy[-1]}"


def simplified(text: str) -> str:
    """A text in simplified characters, each read by itself: a part becomes what it is within the whole."""
    return text if text.isascii() else "".join(map(_simplified, text))


def plain_name(name: str) -> str:
    """What a name is found by in characters: 張·桂芳 is 张桂芳."""
    return simplified(tidy_name(name)).replace(DOT, "")


@cache
def _simplified(character: str) -> str:
    return str(_converter().convert(character)) if _HAN_ONE.fullmatch(character) else character


@lru_cache(maxsize=1)
def _converter() -> Any:
    """Loads its dictionary when it is first needed."""
    from opencc import OpenCC

    return OpenCC("t2s")


def _read(han: str, *, has_surname: bool) -> list[str]:
    """The syllables of a run of Chinese characters."""
    if not has_surname:
        return spelled(han)
    if len(han) > 2 and (double := DOUBLE_SURNAMES.get(han[:2])):
        return double.split() + spelled(han[2:])
    if single := SURNAMES.get(han[0]):
        return [single, *spelled(han[1:])]
    return spelled(han)


def spelled(text: str) -> list[str]:
    """The pinyin of a text, a syllable for each character; what is not Chinese stays as it is."""
    return list(dictionary()(text))


@cache
def dictionary() -> Callable[[str], list[str]]:
    """What reads Chinese. It takes a third of a second to load, which few commands need.

    Each of its 47,000 phrases has lists of its own for what are 1,250 syllables; shared, they take 25 MB less.
    """
    from pypinyin import lazy_pinyin
    from pypinyin.constants import PHRASES_DICT

    shared: dict[tuple[str, ...], list[str]] = {}
    for syllables in PHRASES_DICT.values():
        syllables[:] = [shared.setdefault(tuple(readings), readings) for readings in syllables]
    reads: Callable[[str], list[str]] = lazy_pinyin
    return reads
