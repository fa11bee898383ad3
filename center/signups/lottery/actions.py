"""Fixing a lottery's seed, and drawing it: once, with the roster held, in one transaction. Never commits."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from center.kernel.db import db, lock
from center.kernel.errors import RuleBroken
from center.kernel.i18n import format_moment
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.logs import log
from center.notices.kinds import Kind
from center.people.models import Person
from center.signups import messages, places
from center.signups.groups import units_in
from center.signups.history import note, note_roster
from center.signups.lottery.rules import Drawn, Entry, draw, is_due, unit_of
from center.signups.models import Mode, PoolKind, Roster, SignUp, SignUpState
from center.signups.models.history import RosterChange, SignUpChange
from center.signups.models.lottery import Draw, DrawPool, Lot
from center.signups.news.lottery import DRAWN, DRAWN_LATER, NOT_DRAWN
from center.signups.queries import find_draw
from center.signups.roster_state import RosterState, hold, who_waits
from center.signups.rules import closing_time, shut_because

TOLD_AT_ONCE = 25  # of more people a draw would hold the roster for too long: the rest are told right after it


RESULTS = {
    (True, True): (SignUpState.CONFIRMED, DRAWN),
    (True, False): (SignUpState.CONFIRMED, DRAWN),
    (False, True): (SignUpState.WAITING, DRAWN_LATER),
    (False, False): (SignUpState.DECLINED, NOT_DRAWN),
}


class NotDue(RuleBroken):
    """It cannot be drawn yet, or not any more."""


def prepare(roster: Roster) -> Draw:
    """Fix the seed of a roster's lottery, before anybody can sign up; one that is fixed stays."""
    if made := find_draw(roster):
        return made
    made = Draw(roster_id=roster.id, seed=secrets.token_hex(16))
    db.session.add(made)
    db.session.flush()
    return made


def draw_lots(roster: Roster, *, by: Person, now: datetime) -> Draw:
    """Draw a lottery whose sign-up has closed; twice is once. Raises NotDue before that, and where it is called off."""
    roster_state = hold(roster)
    made = find_draw(roster)
    if made is not None and made.is_drawn:
        return made
    if not draw_if_due(roster_state, by=by, now=now):
        raise NotDue(_not_due(roster_state, now))
    made = find_draw(roster)
    assert made is not None
    return made


def draw_if_due(roster_state: RosterState, *, by: Person | None, now: datetime) -> bool:
    """Draw if it is time and nobody has; says whether it did. The roster is held.

    Every path calls it before it looks for a place, so a late-comer is no part of the draw whenever a sweep comes by.
    """
    roster = roster_state.roster
    if roster.mode is not Mode.LOTTERY:
        return False
    made = find_draw(roster)
    if not is_due(roster_state.window, is_drawn=made is not None and made.is_drawn, now=now):
        return False
    made = made or prepare(roster)
    sign_ups, entries = _entries(roster_state, now=now)
    beside = {pool.id for pool in roster_state.beside}
    left = {pool.id: pool.left for pool in roster_state.pools if pool.kind is not PoolKind.NAMED}
    drawn = draw(entries, seed=made.seed, left=left, beside=beside)
    _write_down(made, drawn, sign_ups, left, beside, by=by, now=now)
    found = [(sign_ups[each.entry.reference], _settle(each, rank, sign_ups, roster_state, by=by, now=now))
            for rank, each in enumerate(drawn, start=1)]  # fmt: skip
    _tell(found[:TOLD_AT_ONCE], now=now)  # once all have their number in the queue
    note_roster(roster, RosterChange.DRAWN, {"entries": (None, len(drawn))}, by=by, now=now)
    log.info("lottery_drawn", roster=roster.id, entries=len(drawn), by=by.id if by else None)
    return True


def tell_more(made: Draw, *, now: datetime) -> bool:
    """Tell the next few of a large draw what it gave them, unless something else has become of them meanwhile.

    Returns whether there was anybody.
    """
    lock(made.roster)
    db.session.refresh(made)
    lots = select(Lot).where(Lot.draw_id == made.id, Lot.rank > made.told_to).order_by(Lot.rank).limit(TOLD_AT_ONCE)
    found = db.session.scalars(lots).all()
    told = []
    for lot in found:
        db.session.refresh(lot.sign_up)
        state, kind = RESULTS[lot.pool_id is not None, made.others_wait]
        if lot.sign_up.state is state:
            told.append((lot.sign_up, kind))
        made.told_to = lot.rank
    _tell(told, now=now)
    db.session.flush()
    return bool(found)


def _tell(results: Sequence[tuple[SignUp, Kind]], *, now: datetime) -> None:
    """Tell people what a draw gave them; who hears of several with the same result hears of them together."""
    for result in dict.fromkeys(kind for _sign_up, kind in results):
        messages.tell_together([each for each, kind in results if kind is result], result, now=now)


def _entries(roster_state: RosterState, *, now: datetime) -> tuple[dict[str, SignUp], list[Entry]]:
    """Everybody who takes part, by the number of their sign-up, and what the draw needs to know of them."""
    sign_ups: dict[str, SignUp] = {}
    entries: list[Entry] = []
    for unit in units_in(roster_state.roster, SignUpState.REQUESTED):
        name = unit_of(each.reference for each in unit)
        for each in unit:
            sign_ups[each.reference] = each
            fits = roster_state.pools_for(who_waits(each, roster_state, now=now))
            entries.append(
                Entry(
                    reference=each.reference,
                    unit=name,
                    fits=tuple(pool.id for pool in fits),
                    wants_companion=each.wants_companion,
                    precedence=each.precedence,
                )
            )
    return sign_ups, entries


def _settle(
    drawn: Drawn,
    rank: int,
    sign_ups: Mapping[str, SignUp],
    roster_state: RosterState,
    *,
    by: Person | None,
    now: datetime,
) -> Kind:
    """A place for who drew one; the others wait in the order drawn, or are told that there is none."""
    sign_up = sign_ups[drawn.entry.reference]
    sign_up.queue_order = rank
    if drawn.pool_id is not None:
        pool = next(pool for pool in roster_state.pools if pool.id == drawn.pool_id)
        places.seat_picked(sign_up, SignUpState.CONFIRMED, pool, beside=roster_state.beside, now=now)
        note(sign_up, SignUpChange.DRAWN, by=by, now=now)
        return DRAWN
    waits = roster_state.roster.has_waiting_list
    to, kind = RESULTS[False, waits]
    places.leave(sign_up, to, pools=roster_state.pools, now=now)
    note(sign_up, SignUpChange.QUEUED if waits else SignUpChange.DECLINED, by=by, now=now)
    return kind


def _write_down(
    made: Draw,
    drawn: Sequence[Drawn],
    sign_ups: Mapping[str, SignUp],
    left: Mapping[int, int],
    beside: set[int],
    *,
    by: Person | None,
    now: datetime,
) -> None:
    """The result, with all that is needed to repeat it. The database keeps it as it is from then on."""
    db.session.add_all(
        DrawPool(draw_id=made.id, pool_id=pool_id, places=number, is_beside=pool_id in beside)
        for pool_id, number in left.items()
    )
    db.session.add_all(
        Lot(
            draw_id=made.id,
            rank=rank,
            sign_up_id=sign_ups[each.entry.reference].id,
            reference=each.entry.reference,
            unit=each.entry.unit,
            fits=" ".join(map(str, each.entry.fits)),
            wants_companion=each.entry.wants_companion,
            precedence=each.entry.precedence,
            pool_id=each.pool_id,
        )
        for rank, each in enumerate(drawn, start=1)
    )
    made.drawn_at, made.by_id = now, by.id if by else None
    made.entries, made.told_to = len(drawn), min(len(drawn), TOLD_AT_ONCE)
    made.places = sum(number for pool_id, number in left.items() if pool_id not in beside)
    made.others_wait = made.roster.has_waiting_list
    db.session.flush()


def _not_due(roster_state: RosterState, now: datetime) -> object:
    if roster_state.roster.mode is not Mode.LOTTERY:
        return _l("The places are not drawn by lot here.")
    if shut_because(roster_state.window, now=now, as_staff=True) is not None:
        return _l("There is nothing to draw: it is not on, or it is over.")
    when = format_moment(closing_time(roster_state.window))
    return _l("Sign-up is open until %(when)s. It can be drawn after that.", when=when)
