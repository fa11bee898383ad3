"""How a title is read, what it is found by, and the address made of it."""

import re
import secrets
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from center.people.names import HAN, plain_letters, simplified, spelled

LONGEST_KEY = 400
LONGEST_SLUG = 60
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that sound or look alike
_WORDS = re.compile(r"[a-z0-9]+")
_RUNS = re.compile(rf"(?P<han>[{HAN}]+)|(?P<letters>[^\W_{HAN}]+)")
BEGINS = "|"  # stands before whatever a search may begin with: a syllable, a word, an initial
MOST_SYLLABLES = 40  # of a title that can be found by its sound
MOST_SOUGHT = 8  # words of a search


def reading(title: str) -> str:
    """A title in pinyin, a blank between syllables: 口述电影 is "kou shu dian ying"."""
    syllables = (plain_letters(piece) for piece in spelled(simplified(title)))
    return " ".join(" ".join(_WORDS.findall(piece)) for piece in syllables if _WORDS.search(piece))[:LONGEST_KEY]


def slug_for(title: str, title_en: str = "") -> str:
    """An address for a new activity: its English title, else its pinyin, and four letters so that it stays its own."""
    words = _WORDS.findall(plain_letters(title_en)) or _WORDS.findall(reading(title))
    readable = "-".join(words)[:LONGEST_SLUG].strip("-")
    own = "".join(secrets.choice(_LETTERS) for _ in range(4))
    return f"{readable}-{own}" if readable else own


@lru_cache(maxsize=2_000)
def search_key(title: str, title_en: str = "", summary: str = "", summary_en: str = "") -> str:
    """What an activity is found by: its characters; each word; its pinyin and initials from any syllable on.

    口述电影 is found by 电影, "koushu", "dianying", "shu dian", "ksdy" and "dy", but not by the "an" within "dian".
    """
    syllables = reading(title).split()[:MOST_SYLLABLES]
    sounds = ("".join(syllables[n:]) for n in range(len(syllables)))
    firsts = "".join(syllable[0] for syllable in syllables)
    short = (firsts[n:] for n in range(len(firsts)))
    words = (word for text in (title, title_en, summary, summary_en) for _is_han, word in _runs(text) if not _is_han)
    begins = dict.fromkeys((*sounds, *short, *words))
    characters = " ".join(han for text in (title, summary) for is_han, han in _runs(text) if is_han)
    return f"{characters}{BEGINS}{BEGINS.join(begins)}"


def sought(text: str) -> list[str]:
    """What to look for in search keys, for what somebody typed; all of it must be there. Empty: nothing was said."""
    return [run if is_han else BEGINS + run for is_han, run in _runs(text[:200])][:MOST_SOUGHT]


def _runs(text: str) -> Iterator[tuple[bool, str]]:
    """Runs of characters in their simplified form, and of letters and digits without accents."""
    for run in _RUNS.finditer(simplified(unicodedata.normalize("NFKC", text)).casefold()):
        if run["han"]:
            yield True, run["han"]
        else:
            yield from ((False, word) for word in _WORDS.findall(plain_letters(run["letters"])))
