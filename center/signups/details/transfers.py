"""A place passed on to another member of the household, or to a child or neighbour one acts for. Never commits."""

import enum
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from center.kernel.db import db
from center.kernel.errors import Conflict, Full, NotFound, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.sealed import refuse_unless_seen
from center.people import households
from center.people.acting import ActedFor, Ground, guards_on, people_acted_for
from center.people.models import Guardianship, Person
from center.signups import messages, news, places
from center.signups.answers import facts_of_form, keep_answers
from center.signups.details.editing import somebody_waits_for_a_seat
from center.signups.history import note
from center.signups.models import LIVE, Channel, Mode, Pool, SignUp, SignUpState
from center.signups.models.history import SignUpChange
from center.signups.offers import blocked_pools, offer_held, settle_due
from center.signups.places import write_sign_up
from center.signups.queries import live_sign_ups
from center.signups.refusals import reasons_of
from center.signups.roster_state import RosterState, hold_sign_up, who_is
from center.signups.rules import Who
from center.signups.sign_up_request import PlaceRequest, Refused


class Stays(enum.StrEnum):
    """Why a place cannot be passed on."""

    BEGUN = "begun"
    CHOSEN = "chosen"  # the lead chose this very person
    CONFINED = "confined"  # a child's place in the after-school programme
    NOT_LIVE = "not_live"
    OFFERED = "offered"  # it is not theirs yet
    RANK = "rank"  # a place in the queue goes to nobody outside the household


WORDS = {
    Stays.BEGUN: _l("It has begun already, or does not take place."),
    Stays.CHOSEN: _l("The organisation chose this very person. Please ask it, or the desk."),
    Stays.CONFINED: _l("A place in the after-school programme belongs to the child that it was given to."),
    Stays.NOT_LIVE: _l("There is no place here that could be passed on."),
    Stays.OFFERED: _l("Take the place that is offered first; then it can be passed on."),
    Stays.RANK: _l(
        "A place in the queue can be passed on inside the household only, so that nobody queues for somebody else."
    ),
}


def pass_on(
    sign_up: SignUp,
    wanted: PlaceRequest,
    *,
    by: Person,
    as_staff: bool,
    now: datetime,
    channel: Channel = Channel.ONLINE,
    seen: str | None = None,
) -> SignUp:
    """Let somebody else have this place, or this rank in the queue. Returns their sign-up; twice is once.

    Raises NotFound for somebody to whom it may not go, Refused with what keeps them from it, Full where their kind of
    place is not free.
    """
    roster_state = hold_sign_up(sign_up)
    if done := _find_successor(sign_up, wanted.person_id):
        return done
    settle_due(roster_state, now=now)
    refuse_unless_seen(seen, lambda: facts_of_form(roster_state))
    taker = _taker(sign_up, wanted.person_id, by, as_staff=as_staff, now=now)
    person, ground = taker.person, taker.ground
    if stays := why_stays(sign_up, roster_state, person, now=now):
        raise RuleBroken(WORDS[stays])
    # A place kept for the desk stays one.
    who = who_is(person, roster_state, wanted, ground=ground, channel=sign_up.channel, now=now)
    _refuse(roster_state, wanted, person, who)
    made = write_sign_up(sign_up.group, wanted, ground=ground, channel=channel, by=by, now=now)
    made.queue_order = sign_up.queue_order
    _hand_over(sign_up, made, roster_state, who, now=now)
    keep_answers(made, wanted.answers)
    _tell(sign_up, made, by=by, channel=channel, now=now)
    offer_held(roster_state, now=now)  # another pool, or a companion seat, may have become free
    return made


def takers(sign_up: SignUp, *, by: Person, as_staff: bool, now: datetime) -> list[Person]:
    """To whom this sign-up may be passed on: those one acts for; at the desk its person's own family."""
    found = [each.person for each in _near(sign_up, by, as_staff=as_staff, now=now)]
    kin = {each.id for each in kin_of(sign_up.person, on=local_date(now))}
    return [each for each in found if sign_up.state is not SignUpState.WAITING or each.id in kin]


def why_stays(sign_up: SignUp, roster_state: RosterState, person: Person | None, *, now: datetime) -> Stays | None:
    """Why it cannot be passed on at all, or not to this person; None where it can."""
    if sign_up.roster.activity.is_confined:
        return Stays.CONFINED
    near = person is None or person.id in {each.id for each in kin_of(sign_up.person, on=local_date(now))}
    return stays_because(
        sign_up.state,
        roster_state.roster.mode,
        has_begun=roster_state.next_start(now) is None or not roster_state.activity.is_public,
        is_kin=near,
    )


def stays_because(state: SignUpState, mode: Mode, *, has_begun: bool, is_kin: bool) -> Stays | None:
    """Why a sign-up cannot be passed on to somebody; None where it can. Pure.

    A place is passed on to whoever one acts for; a rank in the queue stays in the household, or it would be worth
    queueing for others to jump it.
    """
    if has_begun:
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


def kin_of(person: Person, *, on: date) -> Sequence[Person]:
    """A person's own household, children and guardians, by name."""
    current = guards_on(on)
    children = select(Guardianship.child_id).where(Guardianship.guardian_id == person.id, current)
    answering = select(Guardianship.guardian_id).where(Guardianship.child_id == person.id, current)
    near = or_(Person.id.in_(children), Person.id.in_(answering))
    if households.is_verified(person):
        near = or_(near, households.lives_with(person))
    query = select(Person).where(near, Person.id != person.id).options(joinedload(Person.building))
    return db.session.scalars(query.order_by(Person.sort_key, Person.id)).all()


def _near(sign_up: SignUp, by: Person, *, as_staff: bool, now: datetime) -> list[ActedFor]:
    on = local_date(now)
    if as_staff:
        found = [ActedFor(each, Ground.STAFF) for each in kin_of(sign_up.person, on=on)]
    else:
        found = people_acted_for(by, on=on)
    return [each for each in found if each.person.id != sign_up.person_id]


def _taker(sign_up: SignUp, person_id: int, by: Person, *, as_staff: bool, now: datetime) -> ActedFor:
    found = _near(sign_up, by, as_staff=as_staff, now=now)
    taker = next((each for each in found if each.person.id == person_id), None)
    if taker is None:
        raise NotFound(_l("There is nobody here to whom this place can go."), field="person")
    return taker


def _find_successor(sign_up: SignUp, person_id: int) -> SignUp | None:
    """Whom it was passed on to before, if it was this person."""
    if sign_up.state is not SignUpState.CANCELLED:
        return None
    query = select(SignUp).where(
        SignUp.roster_id == sign_up.roster_id,
        SignUp.group_id == sign_up.group_id,
        SignUp.queue_order == sign_up.queue_order,
        SignUp.person_id == person_id,
        SignUp.id > sign_up.id,
        SignUp.state.in_(LIVE),
    )
    return db.session.scalar(query)


def _refuse(roster_state: RosterState, wanted: PlaceRequest, person: Person, who: Who) -> None:
    is_signed_up = bool(live_sign_ups([roster_state.roster.id], [person.id]))
    if errors := reasons_of(roster_state, wanted, person, who, is_signed_up=is_signed_up):
        raise Refused({person.id: errors})


def _hand_over(old: SignUp, new: SignUp, roster_state: RosterState, who: Who, *, now: datetime) -> None:
    had, had_seat = old.pool_id, old.companion_pool_id is not None
    fitting = roster_state.pools_for(who)
    blocked = (
        blocked_pools(roster_state, fitting, now=now, uses_wheelchair=who.uses_wheelchair) if had is not None else set()
    )
    places.leave(old, SignUpState.CANCELLED, pools=roster_state.pools, now=now)
    places.enter(new)
    if had is None:
        return
    fitting = same_first(fitting, had, blocked)
    beside = roster_state.beside
    if new.wants_companion and not had_seat and somebody_waits_for_a_seat(roster_state):
        beside = []
    if not places.seat(new, SignUpState.CONFIRMED, pools=fitting, beside=beside, now=now):
        words = _l(
            "No place for them is free: this one, or the seat beside it, is kept for others. Please ask the desk."
        )
        raise Full(words, field="person")


def _tell(old: SignUp, new: SignUp, *, by: Person, channel: Channel, now: datetime) -> None:
    """Write it down on both, and tell both, each with the other's name."""
    names: dict[str, Any] = {"to": new.person.name, "before": old.person.name}
    note(old, SignUpChange.TRANSFERRED, by=by, now=now, channel=channel, reason=new.reference)
    note(new, SignUpChange.TRANSFERRED, by=by, now=now, channel=channel, reason=old.reference)
    messages.tell(old, news.GIVEN_AWAY, now=now, **names)
    messages.tell(new, news.TAKEN_OVER, now=now, **names)


def refuse_where_it_stays(sign_up: SignUp, roster_state: RosterState, *, now: datetime) -> None:
    """Raises Conflict where a sign-up can be passed on to nobody."""
    if stays := why_stays(sign_up, roster_state, None, now=now):
        raise Conflict(WORDS[stays])
