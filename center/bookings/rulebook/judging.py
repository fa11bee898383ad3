"""The verdict on a use proposed for a room as things stand now: the rule book applied to what the database knows.

Staff may book against some rules, with a reason that is written down.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, bindparam, func, null, select

from center.bookings.models import Booking
from center.bookings.models.visits import BookingLimit
from center.bookings.rulebook.availability import facts_for, rules_of
from center.bookings.rulebook.facts import Agreement, Breach, Facts, Party, ProposedUse, RoomRules, Rule
from center.bookings.rulebook.quotas import Asker
from center.bookings.rulebook.refusals import needs_refused, refusal
from center.bookings.rulebook.room_hours import agreed_hours, hours_of, months_of
from center.bookings.rulebook.rule_facts import load_terms
from center.bookings.rulebook.rules import agreements, weigh
from center.bookings.states import is_live_at
from center.kernel.db import UtcDateTime, db, once
from center.kernel.errors import DomainError
from center.kernel.i18n import centre, centre_zone
from center.kernel.spans import Span
from center.organisations.models import Organisation
from center.people.models import Person
from center.people.queries import is_account_waiting
from center.rooms.ledger import family
from center.rooms.models import Room
from center.rooms.queries import Schedule, load_schedule


@dataclass(frozen=True)
class Case:
    """What was judged: the proposed use on the party's own footing, the room's rules and the facts."""

    proposed: ProposedUse
    rules: RoomRules
    facts: Facts
    closed_reason: str = ""


@dataclass(frozen=True)
class Verdict:
    """What the rules say to a proposed use: every reason against it in words, and whether a member of staff must agree.

    `notices` may be overridden by staff with a reason; `overridable` are their rules, in the same order.
    """

    refusals: Sequence[DomainError]
    waits: bool
    rules: RoomRules
    notices: Sequence[DomainError] = ()
    overridable: Sequence[Rule] = ()
    agreements: Sequence[Agreement] = ()
    case: Case | None = None
    is_blocked: bool = False  # some of the time is taken or closed, clearing up included


def judge(
    room: Room,
    proposed: ProposedUse,
    *,
    person: Person,
    organisation: Organisation | None,
    now: datetime,
    instead_of: Booking | None = None,
    planned: Sequence[Span] = (),
    known: tuple[Facts, Schedule] | None = None,
) -> Verdict:
    """The verdict on a proposed use of a person or an organisation; to staff their limits are notices.

    Neither the time nor the count of `instead_of` stands in the way. `planned` dates, booked with it, count for limits.
    What is `known` of the room for days around it is not read again; then `planned` dates count for agreed hours alone.
    """
    whose, rules = party_of(organisation), rules_of(room)
    asker = Asker(person, organisation)
    facts, closed = _facts_of(room, proposed, asker, now=now, instead_of=instead_of, planned=planned, known=known)
    stops, notices = weigh(proposed, rules, facts, whose=whose)
    if any(each.rule is Rule.FREE for each in stops):
        stops = _own_named(stops, room, proposed.until_cleared(rules), person, organisation, instead_of, now=now)

    def words(breach: Breach) -> DomainError:
        return refusal(breach, room, rules, closed_reason=closed, facts=facts, by_staff=proposed.party is Party.STAFF)

    why = [] if proposed.party is Party.STAFF else agreements(proposed, rules, facts)
    return Verdict(
        refusals=[*(words(breach) for breach in stops), *(needs_refused(room, proposed) if proposed.needs else ())],
        waits=bool(why),
        rules=rules,
        notices=[words(breach) for breach in notices],
        overridable=[breach.rule for breach in notices],
        agreements=why,
        case=Case(replace(proposed, party=whose), rules, facts, closed),
        is_blocked=any(span.overlaps(proposed.until_cleared(rules)) for span in facts.taken),
    )


def _facts_of(
    room: Room,
    proposed: ProposedUse,
    asker: Asker,
    *,
    now: datetime,
    instead_of: Booking | None,
    planned: Sequence[Span],
    known: tuple[Facts, Schedule] | None,
) -> tuple[Facts, str]:
    """What the rules ask of the room and the party, and why the room is closed, if it is."""
    if known is None:
        facts, closed = _look_up(room, proposed.span, asker, now=now, instead_of=instead_of, planned=planned)
    else:
        facts, closed = known[0], _closed_on(room, proposed.span, known[1])
    if asker.organisation is not None:
        start = proposed.span.start
        hours = hours_of(asker.organisation, start, facts.agreed, instead_of=instead_of, planned=planned)
        facts = replace(facts, hours=hours)
    if asker.person is not None and proposed.party is not Party.STAFF and centre().provisional_bookings:
        facts = replace(facts, account_waits=is_account_waiting(asker.person.id))
    return facts, closed


def look_up(
    room: Room,
    first: date,
    last: date,
    asker: Asker,
    *,
    now: datetime,
    schedule: Schedule | None = None,
    instead_of: Booking | None = None,
    planned: Sequence[Span] = (),
) -> Facts:
    """What the rule book needs to know of a room on these days and of the party."""
    terms = load_terms([room], first, last, asker=asker, now=now, instead_of=instead_of, planned=planned)[room.id]
    facts = facts_for(room, first, last, now=now, schedule=schedule, instead_of=instead_of, terms=terms)
    if asker.organisation is not None:
        facts = replace(facts, agreed=agreed_hours([asker.organisation.id], months_of(first, last), now))
    return with_party(facts, asker, instead_of=instead_of)


def _look_up(
    room: Room, span: Span, asker: Asker, *, now: datetime, instead_of: Booking | None, planned: Sequence[Span]
) -> tuple[Facts, str]:
    """The facts of the days of a span, and why the room is closed on the first of them, if it is."""
    zone = centre_zone()
    first, last = span.start.astimezone(zone).date(), span.end.astimezone(zone).date()
    schedule = load_schedule([room], first, last, zone=zone)
    facts = look_up(room, first, last, asker, now=now, schedule=schedule, instead_of=instead_of, planned=planned)
    facts = replace(facts, live_count=facts.live_count + len(planned))
    return facts, _closed_on(room, span, schedule)


def _closed_on(room: Room, span: Span, schedule: Schedule) -> str:
    """Why the room is closed on the day on which a span begins, if it is."""
    first = span.start.astimezone(centre_zone()).date()
    return "" if schedule.open_spans(room, first) else schedule.closed_reason(room, first)


def party_of(organisation: Organisation | int | None, *, as_staff: bool = False) -> Party:
    """On whose limits a booking counts; to staff they are notices."""
    if as_staff:
        return Party.STAFF
    return Party.ORGANISATION if organisation else Party.PERSON


def with_party(facts: Facts, asker: Asker, *, instead_of: Booking | None = None) -> Facts:
    """The same facts with what is known of the party: its live bookings, and a limit on booking by oneself."""
    if asker.person is None:
        return facts
    ends = live_ends(asker.person, asker.organisation, now=facts.now, instead_of=instead_of)
    until = None
    if asker.organisation is None and instead_of is None:
        until = limited_until(asker.person.id, now=facts.now)
    leaves = asker.organisation.uses_until if asker.organisation else None
    return replace(facts, live_count=len(ends), live_ends=ends, limited_until=until, uses_until=leaves)


def live_ends(
    person: Person,
    organisation: Organisation | None,
    *,
    now: datetime,
    instead_of: Booking | None = None,
) -> tuple[datetime, ...]:
    """When each of the party's bookings is over, soonest first. A person's own and an organisation's count apart."""
    rows = _ahead_of(person.id, organisation.id if organisation else None, now).live
    return tuple(row.ends_at for row in rows if instead_of is None or row.id != instead_of.id)


@dataclass(frozen=True)
class _Ahead:
    """What a party has ahead, and until when its person books through the desk only."""

    live: Sequence[Any]
    limited_until: datetime | None


def _ahead_of(person_id: int, organisation_id: int | None, now: datetime) -> _Ahead:
    """Both by one statement, once a request."""

    def read() -> _Ahead:
        asked = {"person_id": person_id, "organisation_id": organisation_id, "now": now}
        rows = db.session.connection().execute(_what_is_ahead(organisation_id is not None), asked).all()
        return _Ahead([row for row in rows if row.id is not None], rows[-1].ends_at if rows[-1].id is None else None)

    return once(("ahead", organisation_id, person_id, now), read)


@cache
def _what_is_ahead(for_organisation: bool) -> Any:
    """Made once, since every form and every booking asks it. The last row is the limit of the person, under no id."""
    now = bindparam("now", type_=UtcDateTime)
    of_person = (Booking.person_id == bindparam("person_id")) & Booking.organisation_id.is_(None)
    whose = Booking.organisation_id == bindparam("organisation_id") if for_organisation else of_person
    live = select(Booking.id, Booking.ends_at).where(whose, Booking.ends_at > now, is_live_at(now))
    limit = BookingLimit.person_id == bindparam("person_id")
    until = select(null().cast(Integer).label("id"), func.max(BookingLimit.ends_at)).where(limit, *in_force(now))
    both = live.union_all(until).subquery()
    return select(both).order_by(both.c.id.is_(None), both.c.ends_at, both.c.id)


def _of(person: Person, organisation_id: int | None) -> ColumnElement[bool]:
    if organisation_id is not None:
        return Booking.organisation_id == organisation_id
    return (Booking.person_id == person.id) & Booking.organisation_id.is_(None)


def _own_named(
    stops: Sequence[Breach],
    room: Room,
    wanted: Span,
    person: Person,
    organisation: Organisation | None,
    instead_of: Booking | None,
    *,
    now: datetime,
) -> list[Breach]:
    """The same breaches; where it is their own booking that takes the time, that is said: nobody waits for it."""
    query = select(Booking.id).where(
        _of(person, organisation.id if organisation else None),
        Booking.room_id.in_([each.id for each in family(room) if _shares(each, room)]),
        Booking.starts_at < wanted.end,
        Booking.clear_at > wanted.start,
        is_live_at(now),
    )
    own = [key for key in db.session.scalars(query) if instead_of is None or key != instead_of.id]
    return [Breach(Rule.OWN, each.field) if own and each.rule is Rule.FREE else each for each in stops]


def _shares(one: Room, other: Room) -> bool:
    """Whether a use of one takes time of the other."""
    return not {leaf.id for leaf in one.leaves}.isdisjoint(leaf.id for leaf in other.leaves)


def limited_until(person_id: int, *, now: datetime) -> datetime | None:
    """Until when this person books through the desk only; None for nearly everybody."""
    return _ahead_of(person_id, None, now).limited_until


def in_force(now: Any) -> tuple[ColumnElement[bool], ...]:
    """Of limits in a query: whether they count at that moment."""
    return BookingLimit.ends_at > now, BookingLimit.lifted_at.is_(None)
