"""What pages say of works and sale days, whoever sees them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from center.kernel import clock
from center.troupes.models.works import Work, WorkState
from center.troupes.works import words
from center.troupes.works.rules import stands, yuan

TONES: Mapping[WorkState, str] = {
    WorkState.PENDING: "wait",
    WorkState.ON_SALE: "ok",
    WorkState.RESERVED: "wait",
    WorkState.SOLD: "info",
}


@dataclass(frozen=True)
class WorkWords:
    """What templates say of works and sale days."""

    states: Mapping[Any, Any] = field(default_factory=lambda: words.WORK_STATES)
    days: Mapping[Any, Any] = field(default_factory=lambda: words.DAY_STATES)

    def yuan(self, fen: int) -> str:
        """An amount as it is read."""
        return yuan(fen)

    def stands(self, work: Work) -> WorkState:
        """Where a work stands now."""
        return stands(work.state, work.reserved_until, now=clock.now())

    def tone(self, work: Work) -> str:
        """In which tone that is shown."""
        return TONES.get(self.stands(work), "quiet")


WORDS = WorkWords()
