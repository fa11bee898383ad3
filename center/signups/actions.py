"""Signing people up: each gets a place, waits, or asks for one. Called inside one `transaction()`; never commits."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, exists, inspect, select
from sqlalchemy.orm import joinedload

from center.kernel.db import db
from center.kernel.errors import Conflict, DomainError, Full, NotFound, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.sealed import refuse_unless_seen
from center.kernel.transactions import insert_row
from center.people.acting import ActedFor, Ground, ground_to_act
from center.people.models import DelegationScope, Person
from center.signups import messages, news, places, rules
from center.signups.answers import facts_of_form, keep_answers
from center.signups.groups import form_never_fits, refuse_what_never_fits
from center.signups.models import LIVE, Channel, Mode, Pool, Roster, SignUp, SignUpGroup, SignUpState
from center.signups.models.history import SignUpChange, SignUpEvent
from center.signups.news.lottery import ENTERED
from center.signups.offers import blocked_pools, settle_due
from center.signups.places import write_group, write_sign_up
from center.signups.queries import awaits_draw
from center.signups.refusals import reasons_of, shut_refusal
from center.signups.roster_state import RosterState, held_to_judge, who_is
from center.signups.rules import Who
from center.signups.sign_up_request import Divided, Refused, SignUpRequest

MOST_AT_ONCE = 20
TOLD = {
    SignUpState.CONFIRMED: (SignUpChange.CONFIRMED, news.CONFIRMED),
    SignUpState.REQUESTED: (SignUpChange.REQUESTED, news.REQUESTED),
    SignUpState.WAITING: (SignUpChange.QUEUED, news.QUEUED),
}


def sign_up(
    roster: Roster,
    request: SignUpRequest,
    *,
    by: Person,
    as_staff: bool,
    now: datetime,
    for_programme: bool = False,
    tells: bool = True,
) -> SignUpGroup:
    """Sign people up: each gets a place, or waits in the queue, or waits for the lead or the draw.

    Sending the same form again returns what it made. Raises NotFound for somebody `by` may not act for, Refused with
    each person's reasons, and Full where there is no place and no waiting. What is confined only its programme gives,
    also once it has begun: a term is joined at any time. Whoever tells of it in other words says so (`tells`).
    """
    with held_to_judge(roster) as roster_state:
        if roster_state.activity.is_confined and not for_programme:
            raise RuleBroken(_l("Children are enrolled in the after-school programme by a form of its own."))
        people = _hold_people(request, by)
        meets = _what_it_meets(roster, request, by, now=now)
        if meets.group_id is not None:
            return _made_before(roster, meets.group_id)
        settle_due(roster_state, now=now, may_have_run_out=meets.ran_out)
        _check_shape(request, as_staff=as_staff)
        if shut := rules.shut_because(roster_state.window, now=now, as_staff=as_staff or for_programme):
            raise shut_refusal(shut, opens_at=roster.opens_at)
        refuse_unless_seen(request.seen, lambda: facts_of_form(roster_state))
        signed = _with_grounds(people, request, by, as_staff=as_staff, now=now)
        live = _live_ids(roster, request) if meets.is_live else set[int]()
        group = _enter(roster_state, request, signed, live, by=by, as_staff=as_staff, now=now)
        if tells and request.channel is not Channel.WALK_IN:  # who walks in has seen it
            _tell(roster, group.sign_ups, by=by, now=now)
        return group


def _enter(
    roster_state: RosterState,
    request: SignUpRequest,
    people: Mapping[int, ActedFor],
    live: Collection[int],
    *,
    by: Person,
    as_staff: bool,
    now: datetime,
) -> SignUpGroup:
    roster = roster_state.roster
    who = [
        who_is(
            people[each.person_id].person, roster_state, each, ground=people[each.person_id].ground,
            channel=request.channel, now=now, pool_id=each.pool_id,
        )
        for each in request.places
    ]  # fmt: skip
    if request.stays_together and len(request.places) > 1:
        refuse_what_never_fits(roster_state, request)
    _refuse(roster_state, request, people, live, who)
    group = write_group(roster, request, by=by, now=now)
    sign_ups = [
        write_sign_up(group, wanted, ground=people[wanted.person_id].ground, channel=request.channel, by=by, now=now)
        for wanted in request.places
    ]
    places.number(roster, sign_ups)
    _assign_places(roster_state, sign_ups, who, request, as_staff=as_staff, now=now)
    places.enter_group(group, sign_ups)
    for each, wanted in zip(sign_ups, request.places, strict=True):
        _begin(each, by=by, now=now, channel=request.channel)
        keep_answers(each, wanted.answers)
    return group


def _what_it_meets(roster: Roster, request: SignUpRequest, by: Person, *, now: datetime) -> Any:
    """Whether a form was sent before, whether any of its people are on the roster, and whether offers ran out there."""
    ids = sorted(wanted.person_id for wanted in request.places)
    asked = {"roster_id": roster.id, "ids": ids, "by_id": by.id, "request_key": request.request_key, "now": now}
    return db.session.connection().execute(_meets(), asked).one()


def _made_before(roster: Roster, group_id: int) -> SignUpGroup:
    group = db.session.get_one(SignUpGroup, group_id)
    if group.roster_id != roster.id:
        raise Conflict(places.FORM_USED)
    return group


@cache
def _meets() -> Select[Any]:
    """Made once, as those below, since in a rush everybody asks them."""
    key = SignUpGroup.signed_by_id == bindparam("by_id"), SignUpGroup.request_key == bindparam("request_key")
    on_roster = SignUp.roster_id == bindparam("roster_id")
    is_over = SignUp.state == SignUpState.OFFERED, SignUp.offer_expires_at <= bindparam("now")
    group_id = select(SignUpGroup.id).where(*key).scalar_subquery().label("group_id")
    return select(group_id, _live().exists().label("is_live"), exists().where(on_roster, *is_over).label("ran_out"))


@cache
def _people() -> Select[Person]:
    query = select(Person).where(Person.id.in_(bindparam("ids", expanding=True)), Person.erased_at.is_(None))
    held = query.order_by(Person.id).with_for_update(read=True, key_share=True, of=Person)
    return held.options(joinedload(Person.building))


@cache
def _live() -> Select[int]:
    are_these = SignUp.roster_id == bindparam("roster_id"), SignUp.person_id.in_(bindparam("ids", expanding=True))
    return select(SignUp.person_id).where(*are_these, SignUp.state.in_(LIVE))


def _check_shape(request: SignUpRequest, *, as_staff: bool) -> None:
    ids = [wanted.person_id for wanted in request.places]
    if not ids:
        raise RuleBroken(_l("Please choose who comes."), field="person")
    if len(set(ids)) != len(ids) or len(ids) > MOST_AT_ONCE:
        raise RuleBroken(_l("Please choose each person once, and at most %(most)s.", most=MOST_AT_ONCE), field="person")
    if not as_staff and (request.channel is not Channel.ONLINE or any(wanted.pool_id for wanted in request.places)):
        raise NotFound(_l("There is nothing here, or it is not yours to see."))


def _hold_people(request: SignUpRequest, by: Person) -> dict[int, Person]:
    """Everybody on the form and whoever sends it, by their ids: nobody is erased meanwhile."""
    ids = {wanted.person_id for wanted in request.places} | set(inspect(by).identity or ())
    return {person.id: person for person in db.session.scalars(_people(), {"ids": sorted(ids)})}


def _with_grounds(
    people: Mapping[int, Person], request: SignUpRequest, by: Person, *, as_staff: bool, now: datetime
) -> dict[int, ActedFor]:
    """Everybody on the form with the right by which they are signed up; raises NotFound for anybody else's ids."""
    signed = {}
    for person_id in (wanted.person_id for wanted in request.places):
        person = people.get(person_id)
        ground = _ground(person, by, as_staff=as_staff, now=now) if person is not None else None
        if person is None or ground is None:
            raise NotFound(_l("There is nobody here whom you may sign up like this."), field="person")
        signed[person_id] = ActedFor(person, ground)
    return signed


def _ground(person: Person, by: Person, *, as_staff: bool, now: datetime) -> Ground | None:
    if as_staff:
        return Ground.STAFF
    return ground_to_act(by, person, scope=DelegationScope.SIGN_UPS, on=local_date(now))


def _refuse(
    roster_state: RosterState,
    request: SignUpRequest,
    people: Mapping[int, ActedFor],
    live: Collection[int],
    who: Sequence[Who],
) -> None:
    """Raises Refused with everything that keeps anybody on the form from this roster."""
    refused: dict[int, list[DomainError]] = {}
    for wanted, facts in zip(request.places, who, strict=True):
        person, is_signed_up = people[wanted.person_id].person, wanted.person_id in live
        errors = reasons_of(roster_state, wanted, person, facts, is_signed_up=is_signed_up)
        if not roster_state.pools_for(facts):
            errors.append(RuleBroken(_l("There is no place here for this wish."), field="person"))
        if errors:
            refused[wanted.person_id] = errors
    if refused:
        raise Refused(refused)


def _live_ids(roster: Roster, request: SignUpRequest) -> set[int]:
    ids = sorted(wanted.person_id for wanted in request.places)
    return set(db.session.scalars(_live(), {"roster_id": roster.id, "ids": ids}))


def _begin(sign_up: SignUp, *, by: Person, now: datetime, channel: Channel) -> None:
    """Write down how a sign-up that is new began; of this row nobody needs an object."""
    facts = {"sign_up_id": sign_up.id, "pool_id": sign_up.pool_id, "by_id": by.id, "channel": channel}
    insert_row(SignUpEvent, at=now, what=TOLD[sign_up.state][0], reason="", was=None, **facts)


def _assign_places(
    roster_state: RosterState,
    sign_ups: Sequence[SignUp],
    who: Sequence[Who],
    request: SignUpRequest,
    *,
    as_staff: bool,
    now: datetime,
) -> None:
    """A place for those for whom there is one, in the order of the form; the others wait.

    Where a lead chooses, and until a draw, they all ask; there the desk gives by itself only what is kept for it.
    """
    roster = roster_state.roster
    first = rules.first_state(roster.mode, is_drawn=not awaits_draw(roster))
    asks_lead = first is SignUpState.REQUESTED and request.channel is not Channel.WALK_IN  # they stand at the door
    if asks_lead:
        for each in sign_ups:
            each.state = first
        if not as_staff or roster.mode is not Mode.APPROVAL:
            return
        fitting = [rules.pools_of_desk(roster_state.pools, each) for each in who]
    else:
        fitting = [roster_state.pools_for(each) for each in who]
    picked = _pick(roster_state, fitting, who, request, now=now)
    if not asks_lead:
        _refuse_as_picked(roster_state, request, picked)
    for each, pool in zip(sign_ups, picked, strict=True):
        if pool is not None:
            places.seat_picked(each, SignUpState.CONFIRMED, pool, beside=roster_state.beside, now=now)


def _refuse_as_picked(roster_state: RosterState, request: SignUpRequest, picked: Sequence[Pool | None]) -> None:
    """Raises Divided where some alone would have places and that was to be asked first, Full where nobody may wait."""
    if request.asks_first and is_divided(picked):
        pairs = list(zip(request.places, picked, strict=True))
        raise Divided(
            seated=[wanted.person_id for wanted, pool in pairs if pool is not None],
            others=[wanted.person_id for wanted, pool in pairs if pool is None],
            fit_together=not form_never_fits(roster_state, request),
        )
    if None in picked and not (request.may_wait and roster_state.roster.has_waiting_list):
        raise Full(_l("There are not enough places left."))


def is_divided(picked: Sequence[Pool | None]) -> bool:
    """Whether there are places for some of those who come and not for others. Pure."""
    return None in picked and any(pool is not None for pool in picked)


def _pick(
    roster_state: RosterState,
    fitting: Sequence[Sequence[Pool]],
    who: Sequence[Who],
    request: SignUpRequest,
    *,
    now: datetime,
) -> list[Pool | None]:
    """The pool that gives each of them a place, of those that fit and for which nobody waits.

    Places that somebody waits for already are theirs, even while they are free.
    """
    free = [pool for pools in fitting for pool in pools if pool.left]
    blocked = {
        seated: blocked_pools(roster_state, free, now=now, uses_wheelchair=seated)
        for seated in sorted({each.uses_wheelchair for each in who})
    }
    usable = [
        [pool for pool in pools if pool.id not in blocked[each.uses_wheelchair]]
        for each, pools in zip(who, fitting, strict=True)
    ]
    wants = [each.wants_companion for each in who]
    return rules.assignment(usable, wants, roster_state.beside, together=request.stays_together)


def _tell(roster: Roster, sign_ups: Sequence[SignUp], *, by: Person, now: datetime) -> None:
    """Tell those of one state together what became of them."""
    enters = awaits_draw(roster)
    for state, (_what, kind) in TOLD.items():
        of_state = [each for each in sign_ups if each.state is state]
        messages.tell_together(of_state, ENTERED if enters else kind, by=by, now=now, is_first=True)
