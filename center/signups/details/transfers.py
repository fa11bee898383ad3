"""A place passed on to another member of the household, or to a child or neighbour one acts for. Never commits."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from center.kernel.db import db
from center.kernel.errors import Conflict, DomainError, Full, NotFound, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.sealed import refuse_unless_seen
from center.people import households
from center.people.acting import Ground, ground_to_act, guards_on, people_acted_for
from center.people.models import DelegationScope, Guardianship, Person
from center.signups import gates, messages, news, places, rules
from center.signups.answer_rules import Stays, same_first, stays_because
from center.signups.answers import keep_answers, refusals
from center.signups.details.editing import somebody_waits_for_a_seat
from center.signups.history import note
from center.signups.models import LIVE, Channel, SignUp, SignUpState
from center.signups.models.history import SignUpChange
from center.signups.offers import blocked_pools, offer_held, settle_due
from center.signups.places import write_sign_up
from center.signups.refusals import gate_refusal
from center.signups.roster_state import RosterState, hold, who_is
from center.signups.shown import facts_of_form
from center.signups.sign_up_request import PlaceRequest, Refused

WORDS = {
    Stays.BEGUN: _l("It has begun already, or does not take place."),
    Stays.CHOSEN: _l("The organisation chose this very person. Please ask it, or the desk."),
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
    roster_state = hold(sign_up.roster)
    db.session.refresh(sign_up)
    if done := _find_successor(sign_up, wanted.person_id):
        return done
    settle_due(roster_state, now=now)
    refuse_unless_seen(seen, lambda: facts_of_form(roster_state))
    person = _taker(sign_up, wanted.person_id, by, as_staff=as_staff, now=now)
    if stays := why_stays(sign_up, roster_state, person, now=now):
        raise RuleBroken(WORDS[stays])
    ground = Ground.STAFF if as_staff else _ground(by, person, now=now)
    # A place kept for the desk stays one.
    who = who_is(person, roster_state, wanted, ground=ground, channel=sign_up.channel, now=now)
    _refuse(roster_state, wanted, person, who)
    made = _successor(sign_up, wanted, by, ground, channel, now=now)
    _hand_over(sign_up, made, roster_state, who, now=now)
    keep_answers(made, wanted.answers)
    _tell(sign_up, made, by=by, channel=channel, now=now)
    offer_held(roster_state, now=now)  # another pool, or a companion seat, may have become free
    return made


def takers(sign_up: SignUp, *, by: Person, as_staff: bool, now: datetime) -> list[Person]:
    """To whom this sign-up may be passed on: those one acts for; at the desk its person's own family."""
    on = local_date(now)
    family = kin_of(sign_up.person, on=on)
    near = {each.id for each in family}
    found = family if as_staff else [each.person for each in people_acted_for(by, on=on)]
    found = [each for each in found if each.id != sign_up.person_id]
    return [each for each in found if sign_up.state is not SignUpState.WAITING or each.id in near]


def why_stays(sign_up: SignUp, roster_state: RosterState, person: Person | None, *, now: datetime) -> Stays | None:
    """Why it cannot be passed on at all, or not to this person; None where it can."""
    near = person is None or person.id in {each.id for each in kin_of(sign_up.person, on=local_date(now))}
    return stays_because(
        sign_up.state,
        roster_state.roster.mode,
        has_begun=roster_state.next_start(now) is None or not roster_state.activity.is_public,
        is_kin=near,
    )


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


def _taker(sign_up: SignUp, person_id: int, by: Person, *, as_staff: bool, now: datetime) -> Person:
    on = local_date(now)
    found = kin_of(sign_up.person, on=on) if as_staff else [each.person for each in people_acted_for(by, on=on)]
    person = next((each for each in found if each.id == person_id and each.id != sign_up.person_id), None)
    if person is None:
        raise NotFound(_l("There is nobody here to whom this place can go."), field="person")
    return person


def _ground(by: Person, person: Person, *, now: datetime) -> Ground:
    found = ground_to_act(by, person, scope=DelegationScope.SIGN_UPS, on=local_date(now))
    if found is None:
        raise NotFound(_l("There is nobody here whom you may sign up like this."), field="person")
    return found


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


def _refuse(roster_state: RosterState, wanted: PlaceRequest, person: Person, who: gates.Who) -> None:
    errors: list[DomainError] = [gate_refusal(each) for each in gates.gate_breaches(roster_state.gates, who)]
    live = select(SignUp.id).where(
        SignUp.roster_id == roster_state.roster.id, SignUp.person_id == person.id, SignUp.state.in_(LIVE)
    )
    if db.session.scalar(live.limit(1)) is not None:
        errors.insert(0, places.AlreadySignedUp(_l("This person is signed up already."), field="person"))
    errors += refusals(roster_state, wanted, person)
    if errors:
        raise Refused({person.id: errors})


def _successor(
    old: SignUp, wanted: PlaceRequest, by: Person, ground: Ground, channel: Channel, *, now: datetime
) -> SignUp:
    """The same rank and the same company, another person; it waits until the place is handed over."""
    made = write_sign_up(old.group, wanted, ground=ground, channel=channel, by=by, now=now)
    made.queue_order = old.queue_order
    return made


def _hand_over(old: SignUp, new: SignUp, roster_state: RosterState, who: gates.Who, *, now: datetime) -> None:
    had, had_seat = old.pool_id, old.companion_pool_id is not None
    fitting = roster_state.pools_for(who)
    blocked = (
        blocked_pools(roster_state, fitting, now=now, uses_wheelchair=who.uses_wheelchair) if had is not None else set()
    )
    places.leave(old, SignUpState.CANCELLED, pools=roster_state.pools, now=now)
    places.enter([new])
    if had is None:
        return
    fitting = same_first(fitting, had, blocked)
    beside = rules.companion_pools(roster_state.pools) if new.wants_companion else None
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
