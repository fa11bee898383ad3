"""The verdict on a wish for a room as things stand now: the rule book applied to what the database knows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select

from center.bookings.availability import facts_for, rules_of
from center.bookings.models import Booking, is_live_at
from center.bookings.presence import limits
from center.bookings.rulebook.needs import needs_refused
from center.bookings.rulebook.quota_facts import Asker
from center.bookings.rulebook.refusals import refusal
from center.bookings.rulebook.rule_facts import load_terms
from center.bookings.rulebook.rules import Agreement, Breach, Facts, Party, RoomRules, Rule, Wish, agreements, weigh
from center.db import db, once
from center.errors import DomainError
from center.i18n import centre_zone
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms.models import Room
from center.rooms.schedule import load_schedule
from center.spans import Span


@dataclass(frozen=True)
class Case:
    """What was judged: the wish on the party's own footing, the room's rules and the facts."""

    wish: Wish
    rules: RoomRules
    facts: Facts
    closed_reason: str = ""


@dataclass(frozen=True)
class Verdict:
    """What the rules say to a wish: every reason against it in words, and whether a member of staff must agree.

    `notices` are rules that staff who book for others may override with a reason; nobody else ever has any.
    `overridable` are the rules they speak of, in the same order.
    """

    refusals: Sequence[DomainError]
    waits: bool
    rules: RoomRules
    notices: Sequence[DomainError] = ()
    overridable: Sequence[Rule] = ()
    agreements: Sequence[Agreement] = ()
    case: Case | None = None
    is_blocked: bool = False  # somebody else has some of the time, clearing up included


def judge(
    room: Room,
    wish: Wish,
    *,
    person: Person,
    organisation: Organisation | None,
    now: datetime,
    instead_of: Booking | None = None,
    planned: Sequence[Span] = (),
) -> Verdict:
    """The verdict on a wish of a person or an organisation.

    `instead_of` is a booking of theirs that the wish would replace, so that neither its time nor its count stands in
    the way. `planned` are the spans of other dates that are about to be booked with it, which count towards limits.
    Where staff book (`Party.STAFF`), the limits of the person or organisation they book for are notices.
    """
    whose = party_of(organisation)
    zone = centre_zone()
    first, last = wish.span.start.astimezone(zone).date(), wish.span.end.astimezone(zone).date()
    schedule = load_schedule([room], first, last, zone=zone)
    asker = Asker(person, organisation)
    terms = load_terms([room], first, last, asker=asker, now=now, instead_of=instead_of, planned=planned)
    facts = facts_for(
        room,
        first,
        last,
        now=now,
        live_count=count_live(person, organisation, whose, now=now, instead_of=instead_of) + len(planned),
        schedule=schedule,
        instead_of=instead_of,
        terms=terms[room.id],
    )
    if wish.party is Party.PERSON and instead_of is None:
        facts = replace(facts, limited_until=limits.limited_until(person.id, now=now))
    rules = rules_of(room)
    closed = "" if schedule.open_spans(room, first) else schedule.closed_reason(room, first)
    stops, notices = weigh(wish, rules, facts, whose=whose)

    def words(breach: Breach) -> DomainError:
        return refusal(breach, room, rules, closed_reason=closed, facts=facts, by_staff=wish.party is Party.STAFF)

    why = [] if wish.party is Party.STAFF else agreements(wish, rules, facts)
    return Verdict(
        refusals=[*(words(breach) for breach in stops), *needs_refused(room, wish)],
        waits=bool(why),
        rules=rules,
        notices=[words(breach) for breach in notices],
        overridable=[breach.rule for breach in notices],
        agreements=why,
        case=Case(replace(wish, party=whose), rules, facts, closed),
        is_blocked=any(breach.rule is Rule.FREE for breach in (*stops, *notices)),
    )


def party_of(organisation: Organisation | None) -> Party:
    """On whose limits a booking counts."""
    return Party.ORGANISATION if organisation else Party.PERSON


def count_live(
    person: Person,
    organisation: Organisation | None,
    party: Party,
    *,
    now: datetime,
    instead_of: Booking | None = None,
) -> int:
    """Bookings of the party that have not ended; a person's own and an organisation's are counted apart."""
    whose = (
        Booking.organisation_id == organisation.id
        if party is Party.ORGANISATION and organisation
        else (Booking.person_id == person.id) & Booking.organisation_id.is_(None)
    )
    query = select(func.count()).where(whose, Booking.ends_at > now, is_live_at(now))
    if instead_of is not None:
        query = query.where(Booking.id != instead_of.id)
    key = ("live", party, organisation.id if organisation else person.id, now, instead_of and instead_of.id)
    return once(key, lambda: db.session.scalar(query) or 0)
