"""The pieces of a timeline's rows. A board has hundreds, of few sorts: each sort is drawn once by its template, with
gaps, and these are filled with what differs from piece to piece: times, words and addresses.
"""

from collections.abc import Mapping
from datetime import datetime, time
from functools import lru_cache
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from center.kernel import clock
from center.kernel.caching.fragment_cache import piece
from center.kernel.i18n import format_clocks, is_elder, language
from center.kernel.i18n import gettext as _
from center.timetable.boards import Piece, Row

GAPS = ("id", "place", "times", "more", "start", "end", "label", "address", "word", "room")
NAMED_GAPS = {name: f"\ue001{name}\ue001" for name in GAPS}  # of letters that nobody types
WAITED_FOR = ("booked", "held")


class Sort(NamedTuple):
    """What of a piece decides how it is drawn, whatever stands in its gaps."""

    state: str
    is_over: bool
    is_own: bool
    has_label: bool
    has_id: bool
    leads_to: str  # "work", "booking", "waiting" or nowhere


class TimelinePieces:
    """Draws the pieces of one board, row by row, for whoever looks."""

    def __init__(self) -> None:
        self._now, self._said, self._colon = clock.now(), (language(), is_elder()), _(": ")
        self._formats: dict[Sort, str] = {}

    def of_row(self, row: Row, row_id: str, room: str, to_book: str, to_wait: str, leads: Mapping[Any, Any]) -> Markup:
        """All pieces of a row. `to_book` and `to_wait` are addresses to which a time is added. `leads`, of staff who
        work on the board, says by a room's code and a piece's start where that leads and what they read on it.
        """
        code, drawn = row.room_day.room.code, []
        book, wait, name = (str(escape(each)) for each in (to_book, to_wait, room))
        for each in row.pieces:
            state, said = each.segment.state, each.segment.label
            lead = leads.get((code, each.starts)) if leads else None
            public = escape(said) if said else ""
            label = (escape(lead.label) if lead else "") or public
            leads_to, address = ("work", escape(lead.address)) if lead else _way(each, book, wait, self._now)
            sort = Sort(state, each.is_over, each.is_own, bool(label), bool(leads), leads_to)
            times, start, end = _clocks(*self._said, each.starts, each.ends)
            drawn.append(
                (self._formats.get(sort) or self._format(sort))
                % {
                    "id": f"{row_id}-{each.ends}" if leads else "",
                    "place": _place(each.starts, each.ends),
                    "times": times,
                    "more": f"{self._colon}{public}" if public else "",
                    "start": start,
                    "end": end,
                    "label": label,
                    "address": address,
                    "word": escape(lead.word) if lead else "",
                    "room": name,
                }
            )
        return Markup("".join(drawn))  # noqa: S704  (drawn by Jinja, and what fills its gaps is escaped above)

    def _format(self, sort: Sort) -> str:
        drawn = piece("components/timeline_piece.html", lambda: {"piece": sort, "gap": NAMED_GAPS}, of=sort)
        found = str(drawn).replace("%", "%%")
        for name, gap in NAMED_GAPS.items():
            found = found.replace(gap, f"%({name})s")
        self._formats[sort] = found
        return found


def _way(piece: Piece, to_book: str, to_wait: str, now: datetime) -> tuple[str, str]:
    """Where a piece leads whoever looks, and the address, escaped."""
    if piece.book_at is not None:
        of_group = "&amp;party=organisation" if piece.party == "organisation" else ""
        return "booking", f"{to_book}&amp;start={piece.book_at:%H:%M}{of_group}"
    if not to_wait:
        return "", ""
    is_taken = piece.segment.state in WAITED_FOR and not piece.is_own and not piece.is_over
    if is_taken and piece.segment.start > now:
        hour, minute = divmod(piece.starts, 60)
        return "waiting", f"{to_wait}&amp;start={hour:02}:{minute:02}&amp;minutes={piece.ends - piece.starts}"
    return "", ""


@lru_cache(maxsize=4096)
def _clocks(_language: str, _is_elder: bool, starts: int, ends: int) -> tuple[str, str, str]:
    """From when to when, together and apart, as it is said to whoever looks."""
    said = format_clocks(*(time(*divmod(minute % 1440, 60)) for minute in (starts, ends)))
    start, end = said.split("–")
    return said, start, end


@lru_cache(maxsize=4096)
def _place(starts: int, ends: int) -> str:
    """Where on the axis, for the style sheet."""
    return f"sh-{starts // 60} sm-{starts % 60} eh-{ends // 60} em-{ends % 60}"
