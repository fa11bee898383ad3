"""What becomes of a use when its room is shut: how a choice is read, and for which uses one is missing. Pure."""

import enum
import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from center.bookings import news
from center.kernel.spans import Span

MOVE_TO = "move:"


class Fate(enum.StrEnum):
    """What becomes of a use."""

    CANCEL = "cancel"
    KEEP = "keep"
    MOVE = "move"


@dataclass(frozen=True)
class Choice:
    """What was chosen for one use; a move without a place goes to the nearest one that suits."""

    fate: Fate
    room_code: str = ""
    starts_at: datetime | None = None


@dataclass(frozen=True)
class InTheWay:
    """One use in the way; `mark` changes whenever it does. Only bookings have a choice, until they are over."""

    use_id: int
    mark: str
    has_choice: bool = True
    is_over: bool = False


@dataclass(frozen=True)
class Choices:
    """What came with a form: the marks of the uses it showed, a choice for all, and one for each that differs."""

    seen: Collection[str] = ()
    same: str = ""
    own: Mapping[int, str] = field(default_factory=dict)

    def for_use(self, use_id: int) -> Choice | None:
        """The choice for a use: its own, else the one for all."""
        return read_choice(self.own.get(use_id, "")) or read_choice(self.same)

    def is_new(self, use: InTheWay) -> bool:
        """Whether the form did not show this use, or showed it otherwise than it is now."""
        return use.mark not in self.seen

    def is_settled(self, use: InTheWay) -> bool:
        """Whether nothing is left to choose for this use."""
        if use.is_over:
            return True
        return not self.is_new(use) and (not use.has_choice or self.for_use(use.use_id) is not None)


def read_choice(text: str) -> Choice | None:
    """A choice as a form sends it ("cancel", "keep", "move", "move:R03@2026-11-24T10:00+08:00"), or None."""
    if text in {fate.value for fate in Fate}:
        return Choice(Fate(text))
    code, at, moment = text.removeprefix(MOVE_TO).partition("@")
    if not text.startswith(MOVE_TO) or not at:
        return None
    try:
        starts_at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return Choice(Fate.MOVE, code, starts_at) if starts_at.tzinfo else None


def write_move(room_code: str, starts_at: datetime) -> str:
    """A move to a room and time, as a form sends it."""
    return f"{MOVE_TO}{room_code}@{starts_at.isoformat()}"


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
