"""What a roster asks of each person, which needs it can meet, and to whom a place may be passed on. Pure."""

import enum
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from center.signups.models import Audience, Mode, Pool, PoolKind, Question, SignUpState


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked of each person on the form of one roster."""

    wheelchair: bool = False
    companion: bool = False
    pick_up: bool = False
    access_need: bool = False
    questions: Sequence[Question] = ()

    @property
    def is_anything(self) -> bool:
        """Whether there is more to say than who comes."""
        return bool(self.wheelchair or self.companion or self.pick_up or self.access_need or self.questions)


class Cannot(enum.StrEnum):
    """Why a need cannot be met, whoever has it."""

    COMPANION = "companion"
    NO_DOOR = "no_door"
    PICK_UP = "pick_up"


class Stays(enum.StrEnum):
    """Why a place cannot be passed on."""

    BEGUN = "begun"
    CHOSEN = "chosen"  # the lead chose this very person
    NOT_LIVE = "not_live"
    OFFERED = "offered"  # it is not theirs yet
    RANK = "rank"  # a place in the queue goes to nobody outside the household


def asked_of(
    *,
    audience: Audience,
    pools: Iterable[Pool],
    has_pick_up: bool,
    access_need_only: bool,
    questions: Sequence[Question],
) -> Asked:
    """What is asked: seats only where there are such, a pick-up only where it is offered, a need only where it counts.

    Whoever drives must know of a wheelchair, so it is asked with a pick-up, too.
    """
    kinds = {pool.kind for pool in pools if pool.capacity or pool.kind is not PoolKind.COMPANION}
    pick_up = has_pick_up and audience is Audience.PARTICIPANTS
    return Asked(
        wheelchair=PoolKind.WHEELCHAIR in kinds or pick_up,
        companion=PoolKind.COMPANION in kinds,
        pick_up=pick_up,
        access_need=access_need_only,
        questions=tuple(questions),
    )


def impossible(asked: Asked, *, wants_companion: bool, wants_pick_up: bool, has_door: bool) -> list[Cannot]:
    """Which needs this roster cannot meet."""
    found = []
    if wants_companion and not asked.companion:
        found.append(Cannot.COMPANION)
    if wants_pick_up and not asked.pick_up:
        found.append(Cannot.PICK_UP)
    elif wants_pick_up and not has_door:
        found.append(Cannot.NO_DOOR)
    return found


def is_divided(picked: Sequence[Pool | None]) -> bool:
    """Whether there are places for some of those who come and not for others."""
    return None in picked and any(pool is not None for pool in picked)


def stays_because(
    state: SignUpState, mode: Mode, *, has_begun: bool, is_kin: bool, is_reachable: bool = True
) -> Stays | None:
    """Why a sign-up cannot be passed on to somebody; None where it can.

    A place is passed on to whoever one acts for; a rank in the queue stays in the household, or it would be worth
    queueing for others to jump it.
    """
    if has_begun or not is_reachable:
        return Stays.BEGUN
    if state is SignUpState.OFFERED:
        return Stays.OFFERED
    if state not in {SignUpState.CONFIRMED, SignUpState.WAITING}:
        return Stays.NOT_LIVE
    if mode is Mode.APPROVAL:
        return Stays.CHOSEN
    return Stays.RANK if state is SignUpState.WAITING and not is_kin else None


def same_first(pools: Sequence[Pool], had: int | None, blocked: Collection[int]) -> list[Pool]:
    """The pools that may seat whoever takes over: the very place first, then free ones that nobody waits for."""
    same = [pool for pool in pools if pool.id == had]
    return same + [pool for pool in pools if pool.id != had and pool.id not in blocked]


def age_band(age: int | None) -> tuple[int, int | None] | None:
    """The ages between which somebody is, as those who prepare an activity need to know it; not the birth year."""
    if age is None:
        return None
    bands = ((0, 5), (6, 13), (14, 17), (18, 59), (60, 69), (70, 79), (80, None))
    return next((low, high) for low, high in bands if high is None or age <= high)
