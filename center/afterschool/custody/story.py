"""What follows from all that was said of a child: who held them after whom, and what cannot be so as well. Pure.

Whoever says something first, without a connection or from a paper list, and whoever says it later: the same events
always make the same story, in whatever order they were heard of.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from center.afterschool.models.custody import GONE, WITH_US, Holder


@dataclass(frozen=True, kw_only=True)
class StorySaid:
    """One thing that was said of a child: who held them from when; `mark` tells holders of a kind apart."""

    id: int
    holder: Holder
    at: datetime
    on_date: date
    nonce: str
    mark: str = ""  # of a collector: who; of the way: with whom


@dataclass
class Story:
    """Who held the child after whom; what only repeats it; what says otherwise than what came first."""

    held: list[StorySaid] = field(default_factory=list)
    repeated: list[StorySaid] = field(default_factory=list)
    conflicts: list[StorySaid] = field(default_factory=list)

    @property
    def now(self) -> StorySaid | None:
        """Who holds the child at its end."""
        return self.held[-1] if self.held else None


def story_of(events: Iterable[StorySaid], *, before: StorySaid | None = None) -> Story:
    """The story of these events, which follow `before`."""
    story = Story()
    last = before
    for event in sorted(events, key=lambda each: (each.at, each.nonce)):
        if _repeats(last, event):
            story.repeated.append(event)
        elif _contradicts(last, event):
            story.conflicts.append(event)
        else:
            story.held.append(event)
            last = event
    return story


def _repeats(last: StorySaid | None, event: StorySaid) -> bool:
    """Whether it says what is so already. Opening the list of a day says nothing of a child who came before that."""
    if last is None:
        return False
    if event.holder is Holder.SCHOOL:
        return last.holder in WITH_US or (last.on_date == event.on_date)
    return last.holder is event.holder and last.mark == event.mark and last.on_date == event.on_date


def _contradicts(last: StorySaid | None, event: StorySaid) -> bool:
    """Whether somebody else took the child before: a child who is gone has to come back first."""
    return last is not None and last.holder in GONE and event.holder in GONE and last.on_date == event.on_date


def shared(one: Sequence[StorySaid], other: Sequence[StorySaid]) -> int:
    """How many events two stories begin with alike."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (mine, theirs) in enumerate(pairs) if mine.id != theirs.id), min(len(one), len(other)))
