"""Opening hours as staff type them: "08:30-12:00, 14:00-20:30" read and written. Pure."""

import re
from collections.abc import Iterable
from datetime import time
from itertools import pairwise

from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.spans import LocalSpan

MIDNIGHT = time(0)
_SEPARATORS = re.compile(r"[,，、;；\n]")
_PIECE = re.compile(r"(\d{1,2})(?:[:：](\d{2}))?\s*(?:-|–|—|－|~|～|至|到|to)\s*(\d{1,2})(?:[:：](\d{2}))?")


def parse_hours(text: str) -> list[LocalSpan]:
    """The spans in a line such as "08:30-12:00, 14:00-20:30", in order; nothing typed means closed.

    24:00 is midnight at the end of the day. Raises RuleBroken saying which piece is wrong.
    """
    pieces = [piece.strip() for piece in _SEPARATORS.split(text)]
    spans = sorted((_span(piece) for piece in pieces if piece), key=lambda span: span.opens)
    for before, after in pairwise(spans):
        if _minute(after.opens) < _end_minute(before):
            raise RuleBroken(
                _l("%(first)s and %(second)s overlap.", first=format_hours([before]), second=format_hours([after]))
            )
    return _join_touching(spans)


def parse_one(text: str) -> tuple[LocalSpan, str]:
    """A span at the start of a line, and the words after it: "14:30-17:30 drums"."""
    match = _PIECE.match(text.strip())
    if match is None:
        raise _unreadable(text)
    return _span(match.group()), text.strip()[match.end() :].strip()


def format_hours(spans: Iterable[LocalSpan]) -> str:
    """The line that `parse_hours` reads: "08:30-12:00, 14:00-24:00"."""
    return ", ".join(f"{span.opens:%H:%M}-{_closing(span)}" for span in spans)


def _span(piece: str) -> LocalSpan:
    match = _PIECE.fullmatch(piece)
    if match is None:
        raise _unreadable(piece)
    start = int(match[1]) * 60 + int(match[2] or 0)
    end = int(match[3]) * 60 + int(match[4] or 0)
    if int(match[2] or 0) > 59 or int(match[4] or 0) > 59 or start >= 1440 or end > 1440:
        raise RuleBroken(_l("There is no such time as in “%(text)s”.", text=piece))
    if end <= start:
        raise RuleBroken(_l("“%(text)s” must end after it starts; write 24:00 for midnight.", text=piece))
    return LocalSpan(time(*divmod(start, 60)), time(*divmod(end % 1440, 60)))


def _join_touching(spans: list[LocalSpan]) -> list[LocalSpan]:
    joined: list[LocalSpan] = []
    for span in spans:
        if joined and joined[-1].closes == span.opens:
            joined[-1] = LocalSpan(joined[-1].opens, span.closes)
        else:
            joined.append(span)
    return joined


def _unreadable(text: str) -> RuleBroken:
    return RuleBroken(_l("“%(text)s” is not understood. Write times like 08:30-12:00, 14:00-20:30.", text=text[:40]))


def _closing(span: LocalSpan) -> str:
    return "24:00" if span.closes == MIDNIGHT else f"{span.closes:%H:%M}"


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _end_minute(span: LocalSpan) -> int:
    return _minute(span.closes) or 1440
