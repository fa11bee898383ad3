"""What the desk typed into its one search box: a door, part of a phone, a name in characters, pinyin or initials. Pure.

"3-301", "3栋2单元301", "5678", "lxy", "li xiuying", "李秀", and several of them at once: "王 5678".
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product

from center.people.names import DOT, HAN, plain_letters, tidy_name

LONGEST = 100  # characters of what was typed that are looked at
MOST_READINGS = 24  # ways of cutting one run of letters into syllables
MOST_PIECES = 4


@dataclass(frozen=True)
class Door:
    """A building, and perhaps the unit and door in it: 3栋, 3-301, 3-2-301."""

    building: str
    unit: str = ""
    door: str = ""


@dataclass(frozen=True)
class Digits:
    """A whole phone number, or its last three digits or more."""

    digits: str


@dataclass(frozen=True)
class Characters:
    """Part of a name in Chinese characters."""

    text: str


@dataclass(frozen=True)
class Letters:
    """Pinyin or initials, or a name in letters: `keys` are the beginnings of sort keys that it may stand for."""

    keys: tuple[str, ...]
    initials: str = ""


Piece = Door | Digits | Characters | Letters

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−~_/、,.。", "-"))
_PHONE = re.compile(
    r"(?<![0-9a-z+-])(?:(?:\+|00)?86[ -]?)?"
    r"(?:\d{3}[ -]\d{4}[ -]\d{4}|0\d{2,3}[ -]\d{4}[ -]?\d{3,4}|\d{4}-\d{4}|\d{7,})(?![0-9a-z-])"
)
_BUILDING_WORD = r"(?:栋|棟|幢|座|号楼|號樓|楼|樓|#)"
_DOOR = re.compile(
    r"(?<![0-9a-z-])(?P<building>[a-z]?\d{1,3})"
    rf"(?:\s*{_BUILDING_WORD}\s*-?|\s*-)\s*"
    r"(?:(?P<unit>[a-z]?\d{1,2})\s*(?:[单單]元\s*-?|[门門]|-)\s*)?"
    r"(?:(?P<door>[a-z]?\d{1,4}[a-z]?)\s*(?:室|号|號|房)?)?(?![0-9a-z-])"
)
_SPACED_DOOR = re.compile(r"(?P<building>\d{1,3}) (?:(?P<unit>\d{1,2}) )?(?P<door>\d{3,4})")
_RUNS = re.compile(rf"(?P<han>[{HAN}{DOT}]+)|(?P<digits>[0-9]+)|(?P<letters>[^\W\d_]+)")

_FIRST = ("", *"bpmfdtnlgkhjqxzcsryw", "zh", "ch", "sh")
_LAST = [
    "a", "o", "e", "i", "u", "v", "ai", "ei", "ao", "ou", "an", "en", "ang", "eng", "er", "ia", "ie", "iao", "iu",
    "ian", "in", "iang", "ing", "iong", "ua", "uo", "uai", "ui", "uan", "un", "uang", "ong", "ue", "ve",
]  # fmt: skip
_SYLLABLES = frozenset(first + last for first, last in product(_FIRST, _LAST))
_BEGUN = frozenset(syllable[:n] for syllable in _SYLLABLES for n in range(1, len(syllable) + 1))
_LONGEST_SYLLABLE = 6


def names_a_door(text: str) -> bool:
    """Whether what was typed asks for those who live behind a door."""
    return any(isinstance(piece, Door) for piece in pieces(text))


def pieces(text: str) -> tuple[Piece, ...]:
    """What was typed, cut into things that can be looked for; nothing where there is nothing to look for."""
    text = _plain(text)
    if spaced := _SPACED_DOOR.fullmatch(text):
        return (_door(spaced),)
    found: list[Piece] = []
    for pattern, meaning in ((_PHONE, _phone), (_DOOR, _door)):
        for match in pattern.finditer(text):
            found.append(meaning(match))
        text = pattern.sub(" ", text)
    return tuple((found + list(_runs(text)))[:MOST_PIECES])


def _plain(text: str) -> str:
    short = unicodedata.normalize("NFKC", text[:LONGEST])
    return " ".join(tidy_name(short).translate(_DASHES).casefold().split())


def _phone(match: re.Match[str]) -> Piece:
    digits = re.sub(r"\D", "", match.group())
    is_foreign_form = match.group().startswith(("+86", "0086")) or (len(digits) == 13 and digits.startswith("86"))
    return Digits(re.sub(r"^(00)?86", "", digits) if is_foreign_form else digits)


def _door(match: re.Match[str]) -> Piece:
    return Door(match["building"].lstrip("0") or "0", match["unit"] or "", match["door"] or "")


def _runs(text: str) -> Iterator[Piece]:
    words: list[str] = []
    for run in _RUNS.finditer(text):
        if run["han"] and run["han"].strip(DOT):
            yield Characters(run["han"].strip(DOT))
        elif run["digits"]:
            yield Digits(run["digits"])
        elif run["letters"]:
            words.append(plain_letters(run["letters"]))
    if words := [word for word in words if word]:
        yield _letters(words[:MOST_PIECES])


def _letters(words: list[str]) -> Letters:
    """Words as typed, and each way in which they are syllables: "xian" is xian and xi an."""
    options = [list(dict.fromkeys((word, *islice(syllables(word), MOST_READINGS)))) for word in words]
    keys = (" ".join(choice) for choice in product(*options))
    short = words[0] if len(words) == 1 and len(words[0]) <= _LONGEST_SYLLABLE else ""
    if len(words) > 1 and all(len(word) == 1 for word in words):
        short = "".join(words)
    return Letters(tuple(dict.fromkeys(islice(keys, MOST_READINGS))), short)


def syllables(word: str) -> Iterator[str]:
    """The ways to cut a word into pinyin syllables, longest first; the last one may be unfinished: "lixiuy"."""
    word = word[: _LONGEST_SYLLABLE * MOST_PIECES]
    cuttable = [False] * len(word) + [True]
    for start in reversed(range(len(word))):
        cuttable[start] = any(cuttable[end] for end in _ends(word, start))
    yield from (" ".join(cut) for cut in _cuts(word, 0, cuttable))


def _cuts(word: str, start: int, cuttable: list[bool]) -> Iterator[tuple[str, ...]]:
    if start == len(word):
        yield ()
        return
    for end in _ends(word, start):
        if cuttable[end]:
            for rest in _cuts(word, end, cuttable):
                yield (word[start:end], *rest)


def _ends(word: str, start: int) -> list[int]:
    """Where a syllable that begins at `start` can end, furthest first."""
    last = min(len(word), start + _LONGEST_SYLLABLE)
    return [
        end
        for end in range(last, start, -1)
        if word[start:end] in _SYLLABLES or (end == len(word) and word[start:end] in _BEGUN)
    ]
