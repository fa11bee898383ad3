"""Which pieces can be played (可演) and which lack somebody (缺角): replies × parts × stand-ins. Pure.

A piece needs heads in parts. Whoever is cast is put into a part they may take; a stand-in (替补) only where a part is
still short. A member who may take several parts is moved when that helps, so a piece is called short only where no way
of putting people into parts fills it.
"""

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


class Answer(enum.StrEnum):
    """What a member says of a performance; who said nothing has no answer."""

    COMING = "coming"
    NOT_COMING = "not_coming"
    UNSURE = "unsure"


class Stands(enum.StrEnum):
    """How a piece stands."""

    READY = "ready"  # 可演: all parts are filled by who comes
    WAITS = "waits"  # 待定: it can be filled, if those come who have not said so yet
    SHORT = "short"  # 缺角: it cannot be filled, whoever comes


@dataclass(frozen=True)
class Cast:
    """That a member is down for a piece: the parts they may take there, and whether only as a stand-in."""

    member_id: int
    parts: tuple[int | None, ...]  # None: the piece says nothing of parts
    is_stand_in: bool = False


@dataclass(frozen=True)
class Lineup:
    """A piece of the programme: the heads that each part needs, and who is down for it."""

    item_id: int
    needs: Mapping[int | None, int]
    cast: Sequence[Cast]


@dataclass(frozen=True)
class Lack:
    """A part that nobody fills: how many heads, and who of those that are down for it does not come."""

    part_id: int | None
    heads: int
    absent: tuple[int, ...] = ()


@dataclass(frozen=True)
class Readiness:
    """How one piece stands: what it lacks, on whose answer it waits, which stand-ins play."""

    item_id: int
    stands: Stands
    lacks: tuple[Lack, ...] = ()
    waits_for: tuple[int, ...] = ()
    stand_ins: tuple[int, ...] = ()


class _Filling:
    """Members put into parts, so far."""

    def __init__(self, needs: Mapping[int | None, int]) -> None:
        self.needs = needs
        self.left = sum(needs.values())
        self.inside: dict[int | None, list[int]] = {part: [] for part in needs}
        self._parts_of: dict[int, list[int | None]] = {}
        self._closed: set[int | None] = set()  # full, and nobody in them could go elsewhere: so they stay

    def put(self, cast: Cast) -> None:
        """Put somebody into a part, moving others where that helps; there may be no room for them."""
        self._parts_of[cast.member_id] = [part for part in cast.parts if part in self.needs]
        tried = set(self._closed)
        if self._place(cast.member_id, tried):
            self.left -= 1
        else:
            self._closed = tried

    def _place(self, member_id: int, tried: set[int | None]) -> bool:
        open_parts = [part for part in self._parts_of[member_id] if part not in tried]
        for part in open_parts:
            if len(self.inside[part]) < self.needs[part]:
                self.inside[part].append(member_id)
                return True
        for part in open_parts:
            if part in tried:
                continue
            tried.add(part)
            for n, other in enumerate(self.inside[part]):
                if self._place(other, tried):
                    self.inside[part][n] = member_id
                    return True
        return False

    def short(self) -> dict[int | None, int]:
        """How many heads each part still lacks."""
        lacking = {part: heads - len(self.inside[part]) for part, heads in self.needs.items()}
        return {part: heads for part, heads in lacking.items() if heads > 0}


def readiness_of(lineup: Lineup, answers: Mapping[int, Answer], gone: frozenset[int] = frozenset()) -> Readiness:
    """How a piece stands by what its members answered; who has left the troupe (`gone`) does not come."""
    if not lineup.cast and not lineup.needs:
        return Readiness(lineup.item_id, Stands.READY)  # a word of welcome: nobody of the troupe is needed
    needs = lineup.needs or {None: sum(not each.is_stand_in for each in lineup.cast)}
    cast = lineup.cast if lineup.needs else [Cast(each.member_id, (None,), each.is_stand_in) for each in lineup.cast]
    coming = [each for each in cast if each.member_id not in gone and _says(answers, each) is Answer.COMING]
    maybe = [each for each in cast if each.member_id not in gone and _says(answers, each) in {None, Answer.UNSURE}]
    filling = _Filling(needs)
    for each in (*_in_order(coming), *_in_order(maybe)):
        if not filling.left:
            break
        filling.put(each)
    placed = {member_id for inside in filling.inside.values() for member_id in inside}
    stand_ins = tuple(each.member_id for each in cast if each.is_stand_in and each.member_id in placed)
    if short := filling.short():
        absent = [each for each in cast if each.member_id in gone or _says(answers, each) is Answer.NOT_COMING]
        lacks = tuple(Lack(part, heads, _absent(part, absent)) for part, heads in short.items())
        return Readiness(lineup.item_id, Stands.SHORT, lacks, (), stand_ins)
    waits_for = tuple(each.member_id for each in maybe if each.member_id in placed)
    return Readiness(lineup.item_id, Stands.WAITS if waits_for else Stands.READY, (), waits_for, stand_ins)


def all_readiness(
    lineups: Iterable[Lineup], answers: Mapping[int, Answer], gone: frozenset[int] = frozenset()
) -> list[Readiness]:
    """How every piece of a programme stands, in its order."""
    return [readiness_of(each, answers, gone) for each in lineups]


def _says(answers: Mapping[int, Answer], cast: Cast) -> Answer | None:
    return answers.get(cast.member_id)


def _in_order(cast: Sequence[Cast]) -> list[Cast]:
    """Those with a part of their own first, then those that may take few parts; stand-ins last."""
    return sorted(cast, key=lambda each: (each.is_stand_in, len(each.parts), each.member_id))


def _absent(part: int | None, absent: Sequence[Cast]) -> tuple[int, ...]:
    return tuple(each.member_id for each in absent if part in each.parts and not each.is_stand_in)
