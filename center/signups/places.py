"""The ledger of places: the only code that writes the numbers of `pools`, `places_held`, a sign-up's state and pool.

A place is taken by one conditional update, in the transaction that writes the sign-up. The database refuses more than
there are whatever this code does, and a sign-up that names a pool without having a place there or the other way round.
Every path calls it with the roster held (`hold`): resident, delegate, desk, walk-in, offer, promotion, change
of capacity.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Table, Update, bindparam, case, literal, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import set_committed_value

from center.kernel.db import UtcDateTime, change_rows, db, is_violation
from center.kernel.errors import Conflict
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.texts import new_reference
from center.kernel.transactions import insert_new, insert_row, write
from center.people.acting import Ground
from center.people.models import Person
from center.signups.models import HOLDING, Channel, Pool, Roster, SignUp, SignUpGroup, SignUpState
from center.signups.models.attendee_lists import PlaceHeld
from center.signups.rules import may_become, may_go_back
from center.signups.sign_up_request import PlaceRequest, SignUpRequest

MayBecome = Callable[[SignUpState, SignUpState], bool]
ONCE = "uq_sign_ups_live"
ONCE_COLUMNS = "sign_ups.roster_id, sign_ups.person_id"
GROUP_KEY = "uq_sign_up_groups_signed_by_id_request_key"
GROUP_KEY_COLUMNS = "sign_up_groups.signed_by_id, sign_up_groups.request_key"
FORM_USED = _l("This form was sent before, for something else. Please open the page again.")


class AlreadySignedUp(Conflict):
    """The person is on this roster."""


def number(roster: Roster, sign_ups: Sequence[SignUp]) -> None:
    """Each arrival has the next number; the roster is held, so nobody gets the same."""
    for order, each in enumerate(sign_ups, start=roster.last_order + 1):
        each.queue_order = order
    last = roster.last_order + len(sign_ups)
    write(_count_on(), {"roster_id": roster.id, "last": last})
    set_committed_value(roster, "last_order", last)


@cache
def _count_on() -> Update:
    table = Roster.__table__
    assert isinstance(table, Table)
    return update(table).where(table.c.id == bindparam("roster_id")).values(last_order=bindparam("last"))


def enter(sign_up: SignUp) -> None:
    """Write a new sign-up, and since when it has its place; raises AlreadySignedUp for whoever is on the roster."""
    with _each_once(_l("This person has just been signed up by somebody else.")):
        insert_new(sign_up)
    if sign_up.state is SignUpState.CONFIRMED:
        insert_row(PlaceHeld, sign_up_id=sign_up.id, from_at=sign_up.changed_at)


def enter_group(group: SignUpGroup, sign_ups: Sequence[SignUp]) -> None:
    """The same of all who are signed up in one go."""
    try:
        insert_new(group)
    except IntegrityError as error:
        if is_violation(error, constraint=GROUP_KEY, columns=GROUP_KEY_COLUMNS):
            raise Conflict(FORM_USED) from error
        raise
    for each in sign_ups:
        each.group_id = group.id
        enter(each)
        set_committed_value(each, "group", group)
    set_committed_value(group, "sign_ups", list(sign_ups))


def take(pool: Pool, places: int = 1) -> bool:
    """Take places of a pool if it has so many left; says whether it had."""
    return _change(pool, Pool.taken + places <= Pool.capacity, taken=Pool.taken + places)


def free(pool: Pool, places: int = 1) -> None:
    """Give places of a pool back."""
    if not _change(pool, Pool.taken >= places, taken=Pool.taken - places):
        raise AssertionError(f"pool {pool.id} has not so many places taken")


def seat(sign_up: SignUp, to: SignUpState, *, pools: Iterable[Pool], beside: Iterable[Pool], now: datetime) -> bool:
    """Give a sign-up a place in the first of the pools that has one, and one of the seats `beside` to their companion.

    Says whether there was one; if not, nothing has changed.
    """
    assert to in HOLDING
    assert sign_up.pool_id is None
    pool = next((each for each in pools if take(each)), None)
    if pool is None:
        return False
    companion = None
    if sign_up.wants_companion:
        companion = next((each for each in beside if take(each)), None)
        if companion is None:
            free(pool)
            return False
    sign_up.pool_id, sign_up.companion_pool_id = pool.id, companion.id if companion else None
    _become(sign_up, to, now=now)
    return True


def seat_picked(sign_up: SignUp, to: SignUpState, pool: Pool, *, beside: Iterable[Pool], now: datetime) -> None:
    """Give a sign-up the place that was picked for it; raises Conflict where that is gone all the same."""
    if not seat(sign_up, to, pools=[pool], beside=beside, now=now):
        raise Conflict(_l("The places have changed meanwhile. Please look at them again."))


def confirm(sign_up: SignUp, *, now: datetime) -> None:
    """The offered place becomes the person's own."""
    assert sign_up.pool_id is not None
    _become(sign_up, SignUpState.CONFIRMED, now=now)


def leave(
    sign_up: SignUp, to: SignUpState, *, pools: Sequence[Pool], now: datetime, was_mistake: bool = False
) -> Pool | None:
    """Let a sign-up go to a state without a place; frees the place and companion seat it had, and says which place.

    Where it was a mistake nobody ever had that place, however long it stood there.
    """
    assert to not in HOLDING
    until = sign_up.made_at if was_mistake else now
    return _leave(sign_up, to, pools=pools, now=now, may=may_become, until=until)


def take_back(sign_up: SignUp, to: SignUpState, *, pools: Sequence[Pool], now: datetime) -> Pool | None:
    """Let a decision not stand: as `leave`, to where the sign-up was before. Raises AlreadySignedUp where the person
    has signed up anew since they were declined.
    """
    with _each_once(_l("They have signed up anew meanwhile, so this one stays declined. Look at the new one.")):
        return _leave(sign_up, to, pools=pools, now=now, may=may_go_back, until=now)


def _leave(
    sign_up: SignUp, to: SignUpState, *, pools: Sequence[Pool], now: datetime, may: MayBecome, until: datetime
) -> Pool | None:
    by_id = {pool.id: pool for pool in pools}
    pool = by_id[sign_up.pool_id] if sign_up.pool_id is not None else None
    companion = by_id[sign_up.companion_pool_id] if sign_up.companion_pool_id is not None else None
    sign_up.pool_id = sign_up.companion_pool_id = None
    _become(sign_up, to, now=now, may=may, until=until)
    for each in (pool, companion):
        if each is not None:
            free(each)
    return pool


def move(sign_up: SignUp, *, pools: Iterable[Pool], all_pools: Sequence[Pool]) -> bool:
    """Let somebody have a place in the first of the pools that has one instead of their own; says whether there is one.

    If not, they keep what they have.
    """
    assert sign_up.pool_id is not None
    pool = next((each for each in pools if each.id == sign_up.pool_id or take(each)), None)
    if pool is None:
        return False
    if pool.id != sign_up.pool_id:
        left = next(each for each in all_pools if each.id == sign_up.pool_id)
        sign_up.pool_id = pool.id
        db.session.flush()
        free(left)
    return True


def seat_companion(sign_up: SignUp, *, beside: Iterable[Pool]) -> bool:
    """A seat for somebody's companion as well; says whether there was one."""
    assert sign_up.pool_id is not None
    seat = next((each for each in beside if take(each)), None)
    if seat is None:
        return False
    sign_up.companion_pool_id = seat.id
    db.session.flush()
    return True


def free_companion(sign_up: SignUp, *, pools: Sequence[Pool]) -> None:
    """Somebody comes without a companion after all."""
    left = next(each for each in pools if each.id == sign_up.companion_pool_id)
    sign_up.companion_pool_id = None
    db.session.flush()
    free(left)


def set_capacity(pool: Pool, capacity: int) -> bool:
    """Let a pool have so many places, unless more are taken; says whether it has them now."""
    return _change(pool, Pool.taken <= capacity, capacity=capacity)


@contextmanager
def _each_once(words: Any) -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        if is_violation(error, constraint=ONCE, columns=ONCE_COLUMNS):
            raise AlreadySignedUp(words) from error
        raise


def _become(
    sign_up: SignUp, to: SignUpState, *, now: datetime, may: MayBecome = may_become, until: datetime | None = None
) -> None:
    if not may(sign_up.state, to):
        raise Conflict(_l("This sign-up has changed meanwhile. Please look at it again."))
    had, has = (state is SignUpState.CONFIRMED for state in (sign_up.state, to))
    sign_up.state, sign_up.changed_at = to, now
    if has and not had and sign_up.id is not None:  # of one that is new `enter` writes it down
        sign_up.held.add(PlaceHeld(from_at=now))
    db.session.flush()
    if had and not has:
        _end(sign_up, now=until or now)


def _end(sign_up: SignUp, *, now: datetime) -> None:
    """Write down until when somebody had a place."""
    still = PlaceHeld.sign_up_id == sign_up.id, PlaceHeld.until_at.is_(None)
    # Whoever waited for the roster comes with a moment that may lie before the one in which the place was taken.
    ends = case((PlaceHeld.from_at > now, PlaceHeld.from_at), else_=literal(now, UtcDateTime))
    change_rows(update(PlaceHeld).where(*still).values(until_at=ends))


def _change(pool: Pool, condition: object, **values: object) -> bool:
    """One conditional update; where it took hold the pool is read anew."""
    statement = update(Pool).where(Pool.id == pool.id, condition).values(**values)  # type: ignore[arg-type]
    if not change_rows(statement):
        return False
    db.session.refresh(pool, ["taken", "capacity"])
    return True


def write_group(roster: Roster, request: SignUpRequest, *, by: Person, now: datetime) -> SignUpGroup:
    """Who is signed up in one go; `enter` writes it down."""
    together = request.stays_together and len(request.places) > 1
    facts = {"request_key": request.request_key, "stays_together": together, "made_at": now}
    return SignUpGroup(roster_id=roster.id, signed_by_id=by.id, **facts)


def write_sign_up(
    group: SignUpGroup, wanted: PlaceRequest, *, ground: Ground, channel: Channel, by: Person, now: datetime
) -> SignUp:
    """What somebody wants, before it is known whether there is a place; its number in the queue is given next."""
    return SignUp(
        reference=new_reference(),
        roster_id=group.roster_id,
        person_id=wanted.person_id,
        group_id=group.id,
        state=SignUpState.WAITING,
        signed_by_id=by.id,
        ground=ground,
        channel=channel,
        uses_wheelchair=wanted.uses_wheelchair,
        wants_companion=wanted.wants_companion,
        wants_pick_up=wanted.wants_pick_up,
        has_access_need=wanted.has_access_need,
        note=wanted.note,
        made_at=now,
        changed_at=now,
    )
