"""Text as it is kept."""

import unicodedata
from typing import Any

from center.kernel.i18n import lazy_gettext as _l

UNSTORABLE = _l("There is a character here that cannot be stored. Please type it again.")
JOINER = "\u2060"  # takes no room, and no line is broken there: pages put it into dates, where it may be copied from
_REVERSING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


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
