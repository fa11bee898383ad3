"""How a performance stands: which pieces can be played, how long it is, who has little time, who answered what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from center.troupes.models.pieces import Level, PieceKnowledge
from center.troupes.models.troupes import MemberState, TroupeMember
from center.troupes.performances import programme as programmes
from center.troupes.performances import queries
from center.troupes.performances.models import Performance, Performer, Programme, ProgrammeItem
from center.troupes.performances.readiness import Answer, Cast, Lineup, Readiness, Stands, all_readiness
from center.troupes.performances.reply_models import Reply
from center.troupes.performances.timing import Length, QuickChange, quick_changes


@dataclass(frozen=True, kw_only=True)
class ProgrammeNow:
    """One version of a programme at this moment."""

    performance: Performance
    programme: Programme
    readiness: Mapping[int, Readiness]
    length: Length
    is_allowed: bool
    quick: Sequence[QuickChange]
    members: Mapping[int, TroupeMember]
    replies: Mapping[int, Reply]
    learning: Mapping[int, Sequence[int]]  # who is down for a place and does not know their part yet

    @cached_property
    def short(self) -> list[ProgrammeItem]:
        """The places that cannot be played as it stands."""
        return [each for each in self.programme.items if self.readiness[each.id].stands is Stands.SHORT]

    @cached_property
    def gone(self) -> list[TroupeMember]:
        """Who is down for something and has left the troupe."""
        ids = {who.member_id for each in self.programme.items for who in each.performers}
        return [self.members[one] for one in sorted(ids) if self.members[one].state is MemberState.LEFT]

    @cached_property
    def quick_by_pair(self) -> list[list[QuickChange]]:
        """Who has little time, those between the same two places together."""
        pairs: dict[tuple[int, int], list[QuickChange]] = {}
        for each in self.quick:
            pairs.setdefault((each.before_id, each.after_id), []).append(each)
        return list(pairs.values())

    def counts(self) -> dict[Answer | None, int]:
        """How many answered what, of those in the troupe who were asked; None: nothing yet."""
        found: dict[Answer | None, int] = {**dict.fromkeys(Answer, 0), None: 0}
        for member_id, member in self.members.items():
            if member.state is not MemberState.LEFT:
                reply = self.replies.get(member_id)
                found[reply.answer if reply else None] += 1
        return found


def programme_now(performance: Performance, programme: Programme) -> ProgrammeNow:
    """How one version stands by what has been answered until now."""
    members = {each.id: each for each in queries.asked_for(performance)}
    replies = queries.replies_to(performance)
    known = queries.knowledge_of(performance.troupe_id)
    gone = frozenset(each.id for each in members.values() if each.state is MemberState.LEFT)
    lineups = [lineup_of(each, members, known) for each in programme.items]
    answers = {member_id: each.answer for member_id, each in replies.items()}
    found = programmes.length(performance, programme)
    return ProgrammeNow(
        performance=performance,
        programme=programme,
        readiness={each.item_id: each for each in all_readiness(lineups, answers, gone)},
        length=found,
        is_allowed=programmes.is_allowed(programme, found),
        quick=quick_changes(programmes.turns_of(programme)),
        members=members,
        replies=replies,
        learning=_learning(programme, known),
    )


def lineup_of(item: ProgrammeItem, members: Mapping[int, TroupeMember], known: Sequence[PieceKnowledge]) -> Lineup:
    """What a place needs and who is down for it; where nobody is yet, everybody who knows a part of it."""
    needs: dict[int | None, int] = {each.part_id: each.heads for each in item.piece.parts} if item.piece else {}
    knows: dict[int, list[int]] = {}
    for each in known:
        if item.piece_id == each.piece_id and each.level is Level.KNOWS:
            knows.setdefault(each.member_id, []).append(each.part_id)
    if item.performers:
        cast = [Cast(each.member_id, _parts(each, members, knows), each.is_stand_in) for each in item.performers]
    else:
        cast = [Cast(member_id, tuple(parts)) for member_id, parts in knows.items() if member_id in members]
    return Lineup(item.id, needs, cast)


def _parts(
    performer: Performer, members: Mapping[int, TroupeMember], knows: Mapping[int, Sequence[int]]
) -> tuple[int | None, ...]:
    """The part somebody is down for; where none is named, those that they know there, else those that are theirs."""
    if performer.part_id is not None:
        return (performer.part_id,)
    if performer.member_id in knows:
        return tuple(knows[performer.member_id])
    member = members.get(performer.member_id, performer.member)
    return tuple(each.part_id for each in member.parts)


def _learning(programme: Programme, known: Sequence[PieceKnowledge]) -> dict[int, list[int]]:
    levels = {(each.piece_id, each.member_id, each.part_id): each.level for each in known}
    found: dict[int, list[int]] = {}
    for item in programme.items:
        for who in item.performers:
            level = levels.get((item.piece_id or 0, who.member_id, who.part_id or 0))
            if level in {Level.LEARNING, Level.NOT_YET}:
                found.setdefault(item.id, []).append(who.member_id)
    return found
