"""What choices come to, shown before it is done: each booking as it was and is, and how its people are told. Pure."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from center.bookings import news
from center.bookings.affected_uses.rules import Fate
from center.kernel.spans import Span

TOLD_AS = {Fate.CANCEL: news.CANCELLED_BY_STAFF, Fate.KEEP: news.KEPT, Fate.MOVE: news.MOVED_BY_STAFF}


@dataclass(frozen=True)
class Outcome:
    """What becomes of one booking, in plain values: they outlive the transaction that is undone to ask first."""

    use_id: int
    fate: Fate
    room_id: int
    span: Span


def digest(outcomes: Iterable[Outcome]) -> str:
    """Names exactly these outcomes, so that nothing else is done under a yes that was meant for them."""
    said = sorted((each.use_id, each.fate.value, each.room_id, each.span.start.timestamp()) for each in outcomes)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:24]
