"""How a title is read, for searching, and the address made of it."""

import re
import secrets

from center.people.names import plain_letters, spelled

LONGEST_KEY = 400
LONGEST_SLUG = 60
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that sound or look alike
_WORDS = re.compile(r"[a-z0-9]+")


def reading(title: str) -> str:
    """A title in pinyin, a blank between syllables: 口述电影 is "kou shu dian ying"."""
    syllables = (plain_letters(piece) for piece in spelled(title))
    return " ".join(" ".join(_WORDS.findall(piece)) for piece in syllables if _WORDS.search(piece))[:LONGEST_KEY]


def slug_for(title: str, title_en: str = "") -> str:
    """An address for a new activity: its English title, else its pinyin, and four letters so that it stays its own."""
    words = _WORDS.findall(plain_letters(title_en)) or _WORDS.findall(reading(title))
    readable = "-".join(words)[:LONGEST_SLUG].strip("-")
    own = "".join(secrets.choice(_LETTERS) for _ in range(4))
    return f"{readable}-{own}" if readable else own
