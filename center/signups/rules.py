"""When people can sign up, which pools may give them a place, and what may become of a sign-up. Pure.

`refusals` says whom an activity is open to, in words; `places` is what makes overselling impossible.
"""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from center.activities.models import ActivityState
from center.people.acting import Ground
from center.signups.models import Channel, Mode, Pool, PoolKind, SignUpState

ELDER = 60
LAST_BATCH = timedelta(hours=2)  # an offer that could only be answered within this time of the start is not asked
AFTER_A_MOVE = timedelta(days=1)  # so long one may cancel without a word what was moved

TRANSITIONS: dict[SignUpState, frozenset[SignUpState]] = {
    SignUpState.REQUESTED: frozenset(
        {
            SignUpState.CONFIRMED,
            SignUpState.WAITING,
            SignUpState.DECLINED,
            SignUpState.CANCELLED,
            SignUpState.EXPIRED,  # nobody decided in time
        }
    ),
    SignUpState.WAITING: frozenset(
        {SignUpState.OFFERED, SignUpState.CONFIRMED, SignUpState.DECLINED, SignUpState.CANCELLED}
    ),
    SignUpState.OFFERED: frozenset(
        {
            SignUpState.CONFIRMED,
            SignUpState.TURNED_DOWN,
            SignUpState.EXPIRED,
            SignUpState.CANCELLED,
            SignUpState.WAITING,  # there are fewer places than there were
        }
    ),
    SignUpState.CONFIRMED: frozenset({SignUpState.CANCELLED, SignUpState.WAITING}),
    SignUpState.CANCELLED: frozenset(),
    SignUpState.DECLINED: frozenset(),
    SignUpState.EXPIRED: frozenset(),
    SignUpState.TURNED_DOWN: frozenset(),
}


# What a decision may go back to, by whoever made it, within a minute.
UNDONE: dict[SignUpState, frozenset[SignUpState]] = {
    SignUpState.CONFIRMED: frozenset({SignUpState.REQUESTED, SignUpState.WAITING}),
    SignUpState.DECLINED: frozenset({SignUpState.REQUESTED, SignUpState.WAITING}),
}


class Shut(enum.StrEnum):
    """Why nobody can sign up now."""

    CALLED_OFF = "called_off"
    CLOSED = "closed"
    NOT_OPEN_YET = "not_open_yet"
    NOT_PUBLIC = "not_public"
    OVER = "over"
    WALK_IN = "walk_in"


class HasPlaces(Protocol):
    """A pool, as far as giving its places goes."""

    @property
    def id(self) -> int: ...
    @property
    def left(self) -> int: ...


P = TypeVar("P", bound=HasPlaces)


@dataclass(frozen=True, kw_only=True)
class Window:
    """When a roster can be signed up for, and what it depends on."""

    mode: Mode
    opens_at: datetime | None
    closes_at: datetime | None
    starts_at: datetime | None  # the first session that is not called off
    ends_at: datetime | None  # the last one
    activity: ActivityState


@dataclass(frozen=True, kw_only=True)
class Gates:
    """Whom a roster is for, as plain values."""

    min_age: int | None = None
    max_age: int | None = None
    guardian_below: int | None = None
    residents_only: bool = False
    access_need_only: bool = False
    members_only: bool = False


def gates_of(facts: Any, *, members_only: bool) -> Gates:
    """The gates of a roster as it is, or as it would be."""
    names = ("min_age", "max_age", "guardian_below", "residents_only", "access_need_only")
    return Gates(**{name: getattr(facts, name) for name in names}, members_only=members_only)


@dataclass(frozen=True, kw_only=True)
class Who:
    """What the rules need to know of somebody who wants a place. The age is that of the year: only that is known."""

    age: int | None
    is_resident: bool = True
    is_member: bool = False
    building_id: int | None = None
    grid_id: int | None = None
    ground: Ground = Ground.SELF
    channel: Channel = Channel.ONLINE
    uses_wheelchair: bool = False
    wants_companion: bool = False
    has_access_need: bool = False
    pool_id: int | None = None  # a named pool that the lead or the desk chose


def age_in(year: int, birth_year: int | None) -> int | None:
    """How old somebody becomes in a year; None where the birth year is not known."""
    return None if birth_year is None else year - birth_year


def may_become(current: SignUpState, to: SignUpState) -> bool:
    """Whether a sign-up may go from one state to another."""
    return to in TRANSITIONS[current]


def may_go_back(current: SignUpState, to: SignUpState) -> bool:
    """Whether the decision that led to this state can be taken back to that one."""
    return to in UNDONE.get(current, frozenset())


def shut_because(window: Window, *, now: datetime, as_staff: bool) -> Shut | None:
    """Why nobody can sign up at this moment; None while they can. The desk still can until it is over.

    The window is half open: it is open at the moment it opens, and shut at the moment it closes.
    """
    if window.activity is ActivityState.CANCELLED or window.starts_at is None or window.ends_at is None:
        return Shut.CALLED_OFF
    if window.activity is ActivityState.HELD or now >= window.ends_at:
        return Shut.OVER
    if window.activity is not ActivityState.PUBLISHED:
        return Shut.NOT_PUBLIC
    if as_staff:
        return None
    if window.mode is Mode.WALK_IN:
        return Shut.WALK_IN
    if window.opens_at is not None and now < window.opens_at:
        return Shut.NOT_OPEN_YET
    return Shut.CLOSED if now >= closing_time(window) else None


def closing_time(window: Window) -> datetime:
    """The moment from which nobody can sign up any more."""
    assert window.starts_at is not None
    return window.closes_at if window.closes_at is not None else window.starts_at


def pools_for(pools: Iterable[Pool], who: Who, *, is_released: bool = False) -> list[Pool]:
    """The pools that may give this person a place, those kept for people like them before the general one.

    Once kept places are released all of them are everybody's, after the general ones, wheelchair places last of all.
    Who uses a wheelchair sits at a wheelchair place as long as there is one, and anywhere else after that.
    """
    ranked = [(rank, pool) for pool in pools if (rank := _rank(pool, who, is_released)) is not None]
    return [pool for _rank, pool in sorted(ranked, key=lambda each: (each[0], each[1].position, each[1].id))]


def blocked_by(waiting: Iterable[Who], pools: Sequence[Pool], *, is_released: bool = False) -> set[int]:
    """The pools whose free places are for these who wait already. Whoever waits for a seat beside them blocks none."""
    has_seats = any(pool.left for pool in companion_pools(pools))
    return {
        pool.id
        for who in waiting
        if has_seats or not who.wants_companion
        for pool in pools_for(pools, who, is_released=is_released)
    }


def needs(pool: Pool, who: Who) -> bool:
    """Whether these places are made for somebody like this, who comes before everybody else there, however late."""
    return pool.kind is PoolKind.WHEELCHAIR and who.uses_wheelchair


def pools_of_desk(pools: Iterable[Pool], who: Who) -> list[Pool]:
    """Those that the desk gives this person by itself where a lead chooses among all others."""
    return [pool for pool in pools_for(pools, who) if pool.kind in {PoolKind.DESK, PoolKind.NAMED}]


def companion_pools(pools: Iterable[Pool]) -> list[Pool]:
    """Where seats beside somebody are."""
    return [pool for pool in pools if pool.kind is PoolKind.COMPANION]


def assignment(
    usable: Sequence[Sequence[P]], wants_companion: Sequence[bool], beside: Sequence[P], *, together: bool
) -> list[P | None]:
    """Which pool gives each person a place, the first who asked first; None for whom there is none.

    With `together`, all get a place or nobody. Who wants a companion seat has no place without one.
    """
    left = {pool.id: pool.left for pools in (*usable, beside) for pool in pools}
    picked: list[P | None] = []
    for pools, wants in zip(usable, wants_companion, strict=True):
        pool = next((each for each in pools if left[each.id] > 0), None)
        seat = next((each for each in beside if left[each.id] > 0), None) if wants else None
        if pool is None or (wants and seat is None):
            picked.append(None)
            continue
        picked.append(pool)
        for taken in (pool, seat):
            if taken is not None:
                left[taken.id] -= 1
    return [None] * len(picked) if together and None in picked else picked


def never_fits(pools: Sequence[Pool], *, people: int, companions: int = 0) -> bool:
    """Whether so many people, with so many companions, are too many even if nobody else comes.

    What is kept for others counts: it may be everybody's before the start.
    """
    seats = sum(pool.capacity for pool in pools if pool.kind is PoolKind.COMPANION)
    return people > most_places(pools) or companions > seats


def most_places(pools: Iterable[Pool]) -> int:
    """How many places there are in all, taken or not; seats beside somebody are none."""
    return sum(pool.capacity for pool in pools if pool.kind is not PoolKind.COMPANION)


def may_release(pool: Pool) -> bool:
    """Whether a pool's unused places are given to all before the start."""
    return pool.kind not in {PoolKind.GENERAL, PoolKind.COMPANION}


def cancel_deadline(starts_at: datetime, *, cancel_minutes: int, moved_at: datetime | None = None) -> datetime:
    """The last moment at which one may cancel without a word to the lead; a day at least after it was moved there."""
    usual = starts_at - timedelta(minutes=cancel_minutes)
    return usual if moved_at is None else max(usual, min(starts_at, moved_at + AFTER_A_MOVE))


def goes_directly(expires_at: datetime, *, starts_at: datetime) -> bool:
    """Whether it is too late to ask: then a freed place is given to the next in the queue outright."""
    return expires_at > starts_at - LAST_BATCH


def has_expired(state: SignUpState, expires_at: datetime | None, *, now: datetime) -> bool:
    """Whether an offer ran out, whether or not anybody tidied it away."""
    return state is SignUpState.OFFERED and expires_at is not None and now >= expires_at


def first_state(mode: Mode, *, is_drawn: bool = False) -> SignUpState:
    """What a sign-up becomes if there is a place: where a lead chooses and until a draw it asks, at the desk too.

    After the draw it is as where the first come get places: whoever was not drawn comes before.
    """
    if mode is Mode.APPROVAL or (mode is Mode.LOTTERY and not is_drawn):
        return SignUpState.REQUESTED
    return SignUpState.CONFIRMED


def _rank(pool: Pool, who: Who, is_released: bool) -> int | None:
    """How soon a pool is tried for somebody; None where it never is."""
    if needs(pool, who):
        return 0
    if who.pool_id is not None:
        return 1 if pool.id == who.pool_id and pool.kind is PoolKind.NAMED else None
    if pool.kind is PoolKind.GENERAL:
        return 2
    if _fits(pool, who):
        return 1
    if not is_released or not may_release(pool):
        return None
    return 4 if pool.kind is PoolKind.WHEELCHAIR else 3


def _fits(pool: Pool, who: Who) -> bool:
    match pool.kind:
        case PoolKind.ELDERS:
            return who.age is not None and who.age >= ELDER
        case PoolKind.DESK:
            return who.channel is not Channel.ONLINE
        case PoolKind.BUILDING:
            return who.building_id is not None and who.building_id == pool.building_id
        case PoolKind.GRID:
            return who.grid_id is not None and who.grid_id == pool.grid_id
    return False
