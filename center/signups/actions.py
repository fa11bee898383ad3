"""Signing up, cancelling, and the lead's decisions. Each is called inside one `transaction()` and never commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from center.bookings.rulebook.deciding import TAKEN_BACK_WITHIN
from center.kernel.db import db, is_violation
from center.kernel.errors import Conflict, DomainError, NotFound, RuleBroken
from center.kernel.i18n import format_moment, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.sealed import refuse_unless_seen
from center.people.acting import Ground, ground_to_act
from center.people.models import DelegationScope, Person
from center.signups import gates, messages, news, places, rules
from center.signups.answers import keep_answers, refusals
from center.signups.assign_places import seat, seat_at_desk, seat_some
from center.signups.deciding import refuse_overdue
from center.signups.groups import refuse_what_never_fits
from center.signups.history import note
from center.signups.lottery.actions import awaits_draw
from center.signups.models import LIVE, Channel, Mode, Roster, SignUp, SignUpGroup, SignUpState
from center.signups.models.history import SignUpChange
from center.signups.news.lottery import ENTERED
from center.signups.offers import offer_held, settle_due
from center.signups.places import write_sign_up
from center.signups.refusals import gate_refusal, refuse_once_over, shut_refusal
from center.signups.roster_state import RosterState, hold, who_is, who_waits
from center.signups.shown import facts_of_form
from center.signups.sign_up_request import PlaceRequest
from center.signups.sign_up_request import Refused as Refused
from center.signups.sign_up_request import SignUpRequest as SignUpRequest

MOST_AT_ONCE = 20
GROUP_KEY = "uq_sign_up_groups_signed_by_id_request_key"
GROUP_KEY_COLUMNS = "sign_up_groups.signed_by_id, sign_up_groups.request_key"
FORM_USED = _l("This form was sent before, for something else. Please open the page again.")
TOLD = {
    SignUpState.CONFIRMED: (SignUpChange.CONFIRMED, news.CONFIRMED),
    SignUpState.REQUESTED: (SignUpChange.REQUESTED, news.REQUESTED),
    SignUpState.WAITING: (SignUpChange.QUEUED, news.QUEUED),
}


@dataclass(frozen=True)
class _Signed:
    """Somebody on the form, and by what right they are signed up."""

    person: Person
    ground: Ground


def sign_up(roster: Roster, request: SignUpRequest, *, by: Person, as_staff: bool, now: datetime) -> SignUpGroup:
    """Sign people up: each gets a place, or waits in the queue, or waits for the lead or the draw.

    Sending the same form again returns what it made. Raises NotFound for somebody `by` may not act for, Refused with
    each person's reasons, and Full where there is no place and no waiting.
    """
    roster_state = hold(roster)
    if made := _find_group(roster, by, request.request_key):
        return made
    settle_due(roster_state, now=now)
    _check_shape(request, as_staff=as_staff)
    if shut := rules.shut_because(roster_state.window, now=now, as_staff=as_staff):
        raise shut_refusal(shut, opens_at=roster.opens_at)
    refuse_unless_seen(request.seen, lambda: facts_of_form(roster_state))
    people = _people(request, by, as_staff=as_staff, now=now)
    who = [_who(wanted, roster_state, people[wanted.person_id], request.channel, now=now) for wanted in request.places]
    if request.stays_together and len(request.places) > 1:
        refuse_what_never_fits(roster_state, request.places)
    _refuse(roster_state, request, people, who)
    group = _new_group(roster, request, by, now=now)
    sign_ups = [
        write_sign_up(group, wanted, ground=people[wanted.person_id].ground, channel=request.channel, by=by, now=now)
        for wanted in request.places
    ]
    _number(roster, sign_ups)
    first = rules.first_state(roster.mode, is_drawn=not awaits_draw(roster))
    if first is SignUpState.CONFIRMED:
        seat_some(roster_state, sign_ups, who, request, now=now)
    else:
        for each in sign_ups:
            each.state = first
        if as_staff and roster.mode is Mode.APPROVAL:
            seat_at_desk(roster_state, sign_ups, who, request, now=now)
    places.enter(sign_ups)
    set_committed_value(group, "sign_ups", sign_ups)  # they are all of it
    for each, wanted in zip(sign_ups, request.places, strict=True):
        keep_answers(each, wanted.answers)
    _tell(roster, sign_ups, by=by, channel=request.channel, now=now)
    return group


def _tell(roster: Roster, sign_ups: Sequence[SignUp], *, by: Person, channel: Channel, now: datetime) -> None:
    """Write down what became of each, and tell those of one state together."""
    for each in sign_ups:
        note(each, TOLD[each.state][0], by=by, now=now, channel=channel)
    enters = awaits_draw(roster)
    for state, (_what, kind) in TOLD.items():
        of_state = [each for each in sign_ups if each.state is state]
        messages.tell_together(of_state, ENTERED if enters else kind, by=by, now=now)


def cancel(
    sign_up: SignUp,
    *,
    by: Person,
    now: datetime,
    reason: str = "",
    as_staff: bool = False,
    channel: Channel = Channel.ONLINE,
) -> None:
    """Do without a place or stop waiting; the place goes to the next. Twice is once.

    After the deadline it takes a word to the lead (`reason`). Raises RuleBroken once it has begun.
    """
    roster_state = hold(sign_up.roster)
    db.session.refresh(sign_up)
    if sign_up.state is SignUpState.CANCELLED:
        return
    is_late = _refuse_late_cancelling(sign_up, roster_state, reason, as_staff=as_staff, now=now)
    pool = places.leave(sign_up, SignUpState.CANCELLED, pools=roster_state.pools, now=now)
    pool_id = pool.id if pool else None
    note(sign_up, SignUpChange.CANCELLED, by=by, now=now, channel=channel, pool_id=pool_id, reason=reason)
    if as_staff:
        messages.tell(sign_up, news.CANCELLED_BY_STAFF, now=now, reason=reason, office=messages.desk)
    else:
        thanks = messages.thanks_for_place if pool else ""
        messages.tell(sign_up, news.CANCELLED, by=by, now=now, reason=reason, thanks=thanks)
    if is_late and not as_staff:
        messages.tell(sign_up, news.CANCELLED_LATE, now=now, reason=reason)
    settle_due(roster_state, now=now)
    offer_held(roster_state, now=now)


def approve(sign_up: SignUp, *, by: Person, now: datetime) -> None:
    """The lead gives a place to somebody who asked; twice is once. Raises Full where none is left, RuleBroken once
    it is over.
    """
    roster_state = hold(sign_up.roster)
    db.session.refresh(sign_up)
    if sign_up.state is SignUpState.CONFIRMED:
        return
    refuse_once_over(roster_state.window, now=now)
    refuse_overdue(sign_up, now=now)
    settle_due(roster_state, now=now)
    if sign_up.state is not SignUpState.REQUESTED:
        raise Conflict(_l("This sign-up has changed meanwhile. Please look at it again."))
    if awaits_draw(roster_state.roster):
        raise RuleBroken(_l("Places are drawn by lot here, so nobody is given one before."))
    pools = roster_state.pools_for(who_waits(sign_up, roster_state, now=now))
    seat(sign_up, pools, rules.companion_pools(roster_state.pools), now=now)
    note(sign_up, SignUpChange.APPROVED, by=by, now=now, was=SignUpState.REQUESTED)
    messages.tell(sign_up, news.APPROVED, now=now, not_before=now + TAKEN_BACK_WITHIN)


def decline(sign_up: SignUp, *, reason: str, by: Person, now: datetime) -> None:
    """The lead refuses somebody who asked or waits, with a reason they will read; twice is once."""
    roster_state = hold(sign_up.roster)
    db.session.refresh(sign_up)
    if sign_up.state is SignUpState.DECLINED:
        return
    if not reason:
        raise RuleBroken(_l("Please say why. They will read it."), field="reason")
    refuse_overdue(sign_up, now=now)
    was = sign_up.state
    places.leave(sign_up, SignUpState.DECLINED, pools=roster_state.pools, now=now)
    note(sign_up, SignUpChange.DECLINED, by=by, now=now, reason=reason, was=was)
    messages.tell(sign_up, news.DECLINED, now=now, reason=reason, not_before=now + TAKEN_BACK_WITHIN)
    offer_held(roster_state, now=now)  # it may have been their turn


def _find_group(roster: Roster, by: Person, request_key: str) -> SignUpGroup | None:
    group = db.session.scalar(
        select(SignUpGroup).where(SignUpGroup.signed_by_id == by.id, SignUpGroup.request_key == request_key)
    )
    if group is not None and group.roster_id != roster.id:
        raise Conflict(FORM_USED)
    return group


def _check_shape(request: SignUpRequest, *, as_staff: bool) -> None:
    ids = [wanted.person_id for wanted in request.places]
    if not ids:
        raise RuleBroken(_l("Please choose who comes."), field="person")
    if len(set(ids)) != len(ids) or len(ids) > MOST_AT_ONCE:
        raise RuleBroken(_l("Please choose each person once, and at most %(most)s.", most=MOST_AT_ONCE), field="person")
    if not as_staff and (request.channel is not Channel.ONLINE or any(wanted.pool_id for wanted in request.places)):
        raise NotFound(_l("There is nothing here, or it is not yours to see."))


def _people(request: SignUpRequest, by: Person, *, as_staff: bool, now: datetime) -> dict[int, _Signed]:
    """Everybody on the form with the right by which they are signed up; raises NotFound for anybody else's ids."""
    ids = [wanted.person_id for wanted in request.places]
    query = select(Person).where(Person.id.in_(ids), Person.erased_at.is_(None)).options(joinedload(Person.building))
    held = query.order_by(Person.id).with_for_update(read=True, key_share=True, of=Person)  # nobody is erased meanwhile
    found = {person.id: person for person in db.session.scalars(held)}
    signed = {}
    for person_id in ids:
        person = found.get(person_id)
        ground = _ground(person, by, as_staff=as_staff, now=now) if person is not None else None
        if person is None or ground is None:
            raise NotFound(_l("There is nobody here whom you may sign up like this."), field="person")
        signed[person_id] = _Signed(person, ground)
    return signed


def _ground(person: Person, by: Person, *, as_staff: bool, now: datetime) -> Ground | None:
    if as_staff:
        return Ground.STAFF
    return ground_to_act(by, person, scope=DelegationScope.SIGN_UPS, on=local_date(now))


def _who(
    wanted: PlaceRequest, roster_state: RosterState, signed: _Signed, channel: Channel, *, now: datetime
) -> gates.Who:
    person, ground = signed.person, signed.ground
    return who_is(person, roster_state, wanted, ground=ground, channel=channel, now=now, pool_id=wanted.pool_id)


def _refuse(
    roster_state: RosterState, request: SignUpRequest, people: Mapping[int, _Signed], who: Sequence[gates.Who]
) -> None:
    """Raises Refused with everything that keeps anybody on the form from this roster."""
    refused: dict[int, list[DomainError]] = {}
    live = _live_ids(roster_state.roster, [wanted.person_id for wanted in request.places])
    for wanted, facts in zip(request.places, who, strict=True):
        errors = [gate_refusal(breach) for breach in gates.gate_breaches(roster_state.gates, facts)]
        if wanted.person_id in live:
            errors.insert(0, places.AlreadySignedUp(_l("This person is signed up already."), field="person"))
        if not roster_state.pools_for(facts):
            errors.append(RuleBroken(_l("There is no place here for this wish."), field="person"))
        errors += refusals(roster_state, wanted, people[wanted.person_id].person)
        if errors:
            refused[wanted.person_id] = errors
    if refused:
        raise Refused(refused)


def _live_ids(roster: Roster, person_ids: Sequence[int]) -> set[int]:
    query = select(SignUp.person_id).where(
        SignUp.roster_id == roster.id, SignUp.person_id.in_(person_ids), SignUp.state.in_(LIVE)
    )
    return set(db.session.scalars(query))


def _new_group(roster: Roster, request: SignUpRequest, by: Person, *, now: datetime) -> SignUpGroup:
    group = SignUpGroup(
        roster_id=roster.id,
        signed_by_id=by.id,
        request_key=request.request_key,
        stays_together=request.stays_together and len(request.places) > 1,
        made_at=now,
    )
    db.session.add(group)
    try:
        db.session.flush()
    except IntegrityError as error:
        if is_violation(error, constraint=GROUP_KEY, columns=GROUP_KEY_COLUMNS):
            raise Conflict(FORM_USED) from error
        raise
    return group


def _number(roster: Roster, sign_ups: Sequence[SignUp]) -> None:
    """Each arrival has the next number; the roster is held, so nobody gets the same."""
    for order, each in enumerate(sign_ups, start=roster.last_order + 1):
        each.queue_order = order
    roster.last_order += len(sign_ups)


def _refuse_late_cancelling(
    sign_up: SignUp, roster_state: RosterState, reason: str, *, as_staff: bool, now: datetime
) -> bool:
    """Whether it is after the deadline; raises RuleBroken where it is too late altogether or wants a word."""
    deadline = roster_state.cancel_deadline(now)
    if deadline is None and not (as_staff and roster_state.ends_at is not None and roster_state.ends_at > now):
        raise RuleBroken(_l("It has begun already, so it can no longer be cancelled here."))
    if deadline is None or sign_up.state is not SignUpState.CONFIRMED:
        return False
    if now > deadline and not as_staff and not reason:
        words = _l(
            "It could be cancelled without a word until %(deadline)s. Please write a line to those who prepare it.",
            deadline=format_moment(deadline),
        )
        raise RuleBroken(words, field="reason")
    return now > deadline
