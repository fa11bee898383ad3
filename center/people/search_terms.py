"""What the desk typed into its one search box: a door, part of a phone, a name in characters, pinyin or initials. Pure.

"3-301", "3栋2单元301", "5678", "lxy", "li xiuying", "李秀", and several of them at once: "王 5678".
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from center.people.names import DOT, HAN, plain_letters, tidy_name

LONGEST = 100  # characters of what was typed that are looked at
MOST_INITIALS = 6  # letters without a blank that may be the first of as many syllables
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
    """Pinyin or initials, or a name in letters, as it was typed but for its blanks; `initials` where it may be some."""

    letters: str
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
    """Words as typed, which are found however they are cut into syllables: "xian" is xian and xi an."""
    is_short = len(words) == 1 and len(words[0]) <= MOST_INITIALS
    is_spelled = len(words) > 1 and all(len(word) == 1 for word in words)
    together = "".join(words)
    return Letters(together, together if is_short or is_spelled else "")
