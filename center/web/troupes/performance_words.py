"""What pages of performances call states, answers and readiness, and in which tone they show them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from center.kernel.i18n import in_language
from center.troupes.performances import words
from center.troupes.performances.differences import call_of
from center.troupes.performances.messages import title_of
from center.troupes.performances.models import Performance, PerformanceState, Programme, ProgrammeItem
from center.troupes.performances.programme import turns_of
from center.troupes.performances.programme_now import ProgrammeNow
from center.troupes.performances.readiness import Answer, Lack, Stands
from center.troupes.performances.timing import Length, clock, starts_of

STATE_TONES: Mapping[PerformanceState, str] = {
    PerformanceState.PREPARING: "wait",
    PerformanceState.PIECES_SET: "info",
    PerformanceState.CAST_SET: "info",
    PerformanceState.PUBLISHED: "ok",
    PerformanceState.PERFORMED: "quiet",
    PerformanceState.CANCELLED: "stop",
}
STANDS_TONES: Mapping[Stands, str] = {Stands.READY: "ok", Stands.WAITS: "wait", Stands.SHORT: "stop"}
ANSWER_TONES: Mapping[Answer, str] = {
    Answer.COMING: "ok",
    Answer.UNSURE: "wait",
    Answer.NOT_COMING: "stop",
}


@dataclass(frozen=True)
class Plays:
    """All of them, for templates."""

    states: Mapping[Any, Any] = field(default_factory=lambda: words.STATE_NAMES)
    state_tones: Mapping[Any, str] = field(default_factory=lambda: STATE_TONES)
    stands: Mapping[Any, Any] = field(default_factory=lambda: words.STANDS_NAMES)
    stands_tones: Mapping[Any, str] = field(default_factory=lambda: STANDS_TONES)
    answers: Mapping[Any, Any] = field(default_factory=lambda: words.ANSWER_NAMES)
    answer_tones: Mapping[Any, str] = field(default_factory=lambda: ANSWER_TONES)
    said_by: Mapping[Any, Any] = field(default_factory=lambda: words.SAID_BY_NAMES)

    def title(self, item: ProgrammeItem) -> str:
        """What a place of a programme is called."""
        return title_of(item)

    def clock(self, seconds: int) -> str:
        """A length in minutes and seconds."""
        return clock(seconds)

    def length(self, found: Length) -> str:
        """How long a programme is, and how that stands to its slot."""
        return words.say_length(found)

    def begins(self, performance: Performance, programme: Programme) -> dict[int, datetime]:
        """About when each place begins, should the troupe begin with the date."""
        starts = starts_of(turns_of(programme))
        first = performance.session.starts_at
        return {each.id: first + timedelta(seconds=after) for each, after in zip(programme.items, starts, strict=True)}

    def call(self, performance: Performance, programme: Programme, member_id: int) -> datetime | None:
        """When a member is to be there."""
        return call_of(performance, programme, member_id)

    def part(self, lack: Lack, item: ProgrammeItem) -> str:
        """The part that nobody fills, by its name."""
        found = (
            next((each.part for each in item.piece.parts if each.part_id == lack.part_id), None) if item.piece else None
        )
        return in_language(found.name, found.name_en) if found else ""

    def names(self, ids: Any, standing: ProgrammeNow) -> str:
        """Members by name."""
        return "、".join(standing.members[each].person.name for each in ids if each in standing.members)


PLAYS = Plays()
