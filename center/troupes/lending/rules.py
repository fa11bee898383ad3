"""What is free of a thing, and which promises can be kept. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.spans import Span
from center.troupes.models.lending import LIVE, LineState

LONGEST = timedelta(days=90)
MOST_PIECES = 500
# From where to where a line can go; the database holds the same.
STEPS = frozenset(
    {
        (LineState.RESERVED, LineState.OUT),
        (LineState.RESERVED, LineState.CANCELLED),
        *((LineState.OUT, back) for back in (LineState.RETURNED, LineState.DAMAGED, LineState.LOST)),
    }
)


@dataclass(frozen=True)
class Promise:
    """That so many pieces are somebody's for a time; in the order in which they were promised."""

    id: int
    span: Span
    count: int
    is_out: bool = False


def most_at_once(promises: Iterable[Promise], span: Span) -> int:
    """How many pieces are somebody's at once, at most, within a time."""
    within = [each for each in promises if each.span.start < span.end and each.span.end > span.start]
    starts = {max(each.span.start, span.start) for each in within}
    return max((sum(p.count for p in within if p.span.start <= at < p.span.end) for at in starts), default=0)


def free_in(quantity: int, promises: Iterable[Promise], span: Span) -> int:
    """How many pieces of so many can still be promised for a time; none below zero."""
    return max(0, quantity - most_at_once(promises, span))


def not_kept(quantity: int, promises: Sequence[Promise]) -> list[Promise]:
    """Which promises cannot be kept with so many pieces: what is out stays, then whoever asked first keeps theirs."""
    kept: list[Promise] = [each for each in promises if each.is_out]
    broken = []
    for each in promises:
        if each.is_out:
            continue
        if free_in(quantity, kept, each.span) >= each.count:
            kept.append(each)
        else:
            broken.append(each)
    return broken


def check_times(starts_at: datetime, due_at: datetime, *, now: datetime) -> None:
    """A loan begins now or later, ends after it began, and lasts at most three months. Raises RuleBroken."""
    if due_at <= starts_at:
        raise RuleBroken(_l("It must come back after it was lent."), field="due_on")
    if due_at <= now:
        raise RuleBroken(_l("The day on which it comes back is over."), field="due_on")
    if due_at - starts_at > LONGEST:
        raise RuleBroken(_l("At most %(days)s days, please.", days=LONGEST.days), field="due_on")


def check_came_back(quantity: int, damaged: int, lost: int) -> None:
    """Of what was out, so many came back damaged and so many not at all. Raises RuleBroken."""
    if damaged < 0 or lost < 0 or damaged + lost > quantity:
        raise RuleBroken(_l("Only %(num)s were out: damaged and lost cannot be more.", num=quantity), field="damaged")


def state_back(damaged: int, lost: int) -> LineState:
    """How a line stands once it was looked at on its return."""
    if lost:
        return LineState.LOST
    return LineState.DAMAGED if damaged else LineState.RETURNED


def is_late(state: LineState, ends_at: datetime, *, now: datetime) -> bool:
    """Whether it is out beyond its time."""
    return state is LineState.OUT and ends_at <= now


def is_live(state: LineState) -> bool:
    """Whether it keeps others from having it."""
    return state in LIVE
