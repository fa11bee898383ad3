"""Making a round of allocation and opening it. Each function is called inside one `transaction()`; none commits."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy.exc import IntegrityError

from center.allocation import news
from center.allocation.matching.points import Criterion
from center.allocation.models import AllocationRound, RoundCriterion, RoundState, WeeklyTime
from center.allocation.rounds.hours import is_within_hours
from center.allocation.rounds.queries import times_of
from center.allocation.rounds.rules import MOST_TIMES, first_of, overlap
from center.allocation.words import say_time
from center.kernel.acts import Act
from center.kernel.db import db, is_violation, lock
from center.kernel.errors import Conflict, DomainError, RuleBroken, broken_rules
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.trail import note
from center.people.models import Person
from center.rooms.models import Room

LONGEST_DAYS = 366
USUAL_WEIGHTS: Mapping[Criterion, int] = {
    Criterion.CHARITY: 30,
    Criterion.LESS_LAST_TERM: 25,
    Criterion.PEOPLE: 20,
    Criterion.EQUIPMENT: 15,
    Criterion.KEPT: 10,
}


@dataclass(frozen=True, kw_only=True)
class RoundFacts:
    """What a round is, checked for shape only."""

    slug: str
    name: str
    name_en: str = ""
    starts_on: date
    ends_on: date
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, kw_only=True)
class NewTime:
    """A weekly time that is to be offered."""

    weekday: int
    starts: time
    minutes: int


def make_round(facts: RoundFacts, *, by: Person, now: datetime, seed: str = "") -> AllocationRound:
    """A new round that nobody sees yet, with the usual criteria; its seed is fixed from now on (drawn unless given)."""
    _check(facts, now=now)
    made = AllocationRound(**vars(facts), seed=seed or secrets.token_hex(16), state=RoundState.DRAFT)
    made.criteria = [RoundCriterion(criterion=each, weight=weight) for each, weight in USUAL_WEIGHTS.items()]
    db.session.add(made)
    _flush()
    note(Act.ALLOCATION_MADE, made, by=by)
    return made


def edit_round(found: AllocationRound, facts: RoundFacts, *, by: Person, now: datetime) -> None:
    """Change a round that is being prepared."""
    _hold_draft(found)
    _check(facts, now=now)
    for name, value in vars(facts).items():
        setattr(found, name, value)
    _flush()
    note(Act.ALLOCATION_CHANGED, found, by=by)


def set_weights(found: AllocationRound, weights: Mapping[Criterion, int], *, by: Person) -> None:
    """Say what counts, and how much. Raises RuleBroken where nothing would."""
    _hold_draft(found)
    counted = {each: weight for each, weight in weights.items() if weight}
    if not counted:
        raise RuleBroken(_l("At least one criterion must count."))
    known = {each.criterion: each for each in found.criteria}
    for gone in known.keys() - counted.keys():
        found.criteria.remove(known[gone])
    for each, weight in counted.items():
        if each in known:
            known[each].weight = weight
        else:
            found.criteria.append(RoundCriterion(criterion=each, weight=weight))
    db.session.flush()
    note(Act.ALLOCATION_CHANGED, found, by=by)


def offer_times(found: AllocationRound, room: Room, wanted: Sequence[NewTime], *, by: Person) -> list[WeeklyTime]:
    """Offer weekly times of a room. Raises all that stands against any of them: hours, windows, other times."""
    _hold_draft(found)
    known = [(each, each.room) for each in times_of(found)]
    if len(known) + len(wanted) > MOST_TIMES:
        raise RuleBroken(_l("A round has at most %(most)s times.", most=MOST_TIMES))
    against: list[DomainError] = []
    made: list[WeeklyTime] = []
    for each in wanted:
        time_ = WeeklyTime(round_id=found.id, room_id=room.id, **vars(each))
        against += _against(room, each, time_, known, on=first_of(each.weekday, found.starts_on))
        made.append(time_)
        known.append((time_, room))
    broken_rules(against)
    db.session.add_all(made)
    db.session.flush()
    note(Act.ALLOCATION_CHANGED, found, by=by, room=room)
    return made


def withdraw_time(time_: WeeklyTime, *, by: Person) -> None:
    """Offer a time no longer, while the round is being prepared."""
    found = time_.round
    _hold_draft(found)
    db.session.delete(time_)
    db.session.flush()
    note(Act.ALLOCATION_CHANGED, found, by=by, room=time_.room)


def open_round(found: AllocationRound, *, by: Person, now: datetime) -> None:
    """Publish what is offered and what counts, which then stay, and tell the organisations. Twice is once."""
    lock(found)
    if found.state is RoundState.OPEN:
        return
    _refuse_unless_draft(found)
    if not times_of(found):
        raise RuleBroken(_l("Offer at least one time first."))
    if not found.criteria:
        raise RuleBroken(_l("At least one criterion must count."))
    if found.closes_at <= now:
        raise RuleBroken(_l("The time for wishes would be over already. Change its dates first."))
    found.state = RoundState.OPEN
    found.opens_at = min(max(found.opens_at, now), found.closes_at)
    db.session.flush()
    note(Act.ALLOCATION_OPENED, found, by=by)
    news.tell_opened(found, now=now)


def withdraw_round(found: AllocationRound, *, reason: str, by: Person, now: datetime) -> None:
    """End a round without a result; who wished is told why. Raises Conflict once it is published."""
    lock(found)
    if found.state is RoundState.WITHDRAWN:
        return
    refuse_published(found)
    if not reason.strip():
        raise RuleBroken(_l("Please say why: the organisations will read it."), field="reason")
    was_open = found.state is not RoundState.DRAFT
    found.state = RoundState.WITHDRAWN
    db.session.flush()
    note(Act.ALLOCATION_WITHDRAWN, found, by=by, reason=reason)
    if was_open:
        news.tell_withdrawn(found, reason, now=now)


def refuse_published(found: AllocationRound) -> None:
    """Raises Conflict for a round whose result is published: it stands."""
    if found.state is RoundState.PUBLISHED:
        raise Conflict(_l("The result is published and stands. What has to change is changed in the series itself."))
    if found.state is RoundState.WITHDRAWN:
        raise Conflict(_l("This round was withdrawn."))


def _check(facts: RoundFacts, *, now: datetime) -> None:
    against: list[DomainError] = []
    if facts.ends_on <= facts.starts_on:
        against.append(RuleBroken(_l("The term must end after it begins."), field="ends_on"))
    elif (facts.ends_on - facts.starts_on).days > LONGEST_DAYS:
        against.append(RuleBroken(_l("A term is at most a year."), field="ends_on"))
    if facts.closes_at <= facts.opens_at:
        against.append(RuleBroken(_l("Wishes must close after they open."), field="closes_at"))
    if facts.closes_at <= now:
        against.append(RuleBroken(_l("This has passed already."), field="closes_at"))
    if local_date(facts.closes_at) >= facts.starts_on:
        against.append(RuleBroken(_l("Wishes must close before the term begins."), field="closes_at"))
    broken_rules(against)


def _against(
    room: Room, each: NewTime, time_: WeeklyTime, known: Sequence[tuple[WeeklyTime, Room]], *, on: date
) -> list[DomainError]:
    """What stands against offering one time."""
    found: list[DomainError] = []
    words = say_time(time_)
    if each.minutes < room.min_minutes:
        found.append(RuleBroken(_l("%(time)s is shorter than a use of this room may be.", time=words), field="minutes"))
    if not is_within_hours(room, each.weekday, time_.hours, on=on):
        found.append(RuleBroken(_l("%(time)s is outside the hours or fixed windows of the room.", time=words)))
    leaves = {leaf.id for leaf in room.leaves}
    for other, theirs in known:
        buffer = max(room.buffer_minutes, theirs.buffer_minutes)
        shares = not leaves.isdisjoint(leaf.id for leaf in theirs.leaves)
        if shares and overlap(each, other, buffer=buffer):
            found.append(
                Conflict(_l("%(time)s meets a time that is offered already, clearing up included.", time=words))
            )
            break
    return found


def _hold_draft(found: AllocationRound) -> None:
    lock(found)
    _refuse_unless_draft(found)


def _refuse_unless_draft(found: AllocationRound) -> None:
    refuse_published(found)
    if found.state is not RoundState.DRAFT:
        raise Conflict(_l("The round is open: what is offered and what counts stay as they were published."))


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        if is_violation(error, constraint="uq_allocation_rounds_slug", columns="allocation_rounds.slug"):
            raise Conflict(_l("There is a round at this address already."), field="slug") from error
        raise
