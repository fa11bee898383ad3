"""Text as it is kept, and as it stands in a sentence: tidy, quoted, given as a reason, or read out. Pure.

A ready reason is kept as a code before one's own words, and said in the language of whoever reads it. A title that has
quotation marks of its own is said in “…” without doubling them.
"""

import re
import secrets
import unicodedata
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

JOINER = "\u2060"  # takes no room, and no line is broken there: pages put it into dates, where it may be copied from
_REVERSING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_QUOTED = re.compile(r"“%\((\w+)\)s”")
_INNER = {"“": "‘", "”": "’", '"': "'"}

MOST = 200  # letters of a reason, as it is kept
_CODED = re.compile(r"\{([a-z_]+\.[a-z_]+)\}")
_sentences: dict[str, Any] = {}

REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that sound or look alike


def tidy(text: Any) -> Any:
    """Composed Unicode with one kind of line end, no blanks around it, and no joiners copied from a page."""
    if not isinstance(text, str):
        return text
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace(JOINER, "").strip()


def has_control_characters(text: str) -> bool:
    """Whether there is something that no keyboard types: a control character but a line break, or a mark that reverses
    what follows it."""
    return any(
        (unicodedata.category(each) in {"Cc", "Cs", "Co"} and each != "\n") or each in _REVERSING for each in text
    )


def fitting(sentence: str, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The facts of a sentence as they stand in it: those that it quotes have no marks that clash with its own."""
    if "“%(" not in sentence:
        return facts
    quoted = {name: within_quotes(facts[name]) for name in _QUOTED.findall(sentence) if name in facts}
    return {**facts, **quoted}


def within_quotes(said: Any) -> str:
    """What is said, to stand between “ and ”: its own marks become single ones, and those around all of it go."""
    text = said if isinstance(said, str) else str(said)
    if len(text) > 2 and text[0] + text[-1] in {"“”", '""'} and not any(mark in text[1:-1] for mark in _INNER):
        return text[1:-1]
    for mark, inner in _INNER.items():
        if mark != '"' or not isinstance(text, Markup):  # there they belong to its tags
            text = text.replace(mark, inner)
    return text


def register(group: str, sentences: Mapping[str, Any]) -> Mapping[str, Any]:
    """Make the ready reasons of one kind of decision known; returns them."""
    _sentences.update({f"{group}.{name}": words for name, words in sentences.items()})
    return sentences


def said(reason: str) -> str:
    """A reason as it was kept, in the language now spoken. One's own words stay as they were written."""
    return _CODED.sub(lambda found: str(_sentences.get(found[1], "")), reason, count=1).strip()


def read_reference(text: str) -> str:
    """The reference that somebody typed, or that stands at the end of a scanned address; "" where it can be none.

    Small letters, full width, blanks and a missing dash are read as well.
    """
    last = unicodedata.normalize("NFKC", text[:MOST]).strip().rstrip("/").rpartition("/")[2]
    letters = re.sub(r"[\s‐-―−-]", "", last.partition("?")[0]).upper()
    is_one = len(letters) == 8 and all(each in REFERENCE_LETTERS for each in letters)
    return f"{letters[:4]}-{letters[4:]}" if is_one else ""


def new_reference() -> str:
    """A new one, such as K7QM-2F9D."""
    letters = "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def reference_from(digest: bytes) -> str:
    """One that follows from a digest: of the same the same, and of no other."""
    letters = "".join(REFERENCE_LETTERS[each % len(REFERENCE_LETTERS)] for each in digest[:8])
    return f"{letters[:4]}-{letters[4:]}"


def year_in(text: str) -> int | None:
    """The year that a part of an address names, of this century."""
    return int(text) if len(text) == 4 and text.isascii() and text.isdigit() and text.startswith("20") else None
