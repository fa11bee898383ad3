"""The verdict on a use proposed for a room as things stand now: the rule book applied to what the database knows.

Staff may book against some rules, with a reason that is written down.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from center.bookings import trail
from center.bookings.models import Booking, BookingChange, Channel, is_live_at
from center.bookings.models.visits import BookingLimit
from center.bookings.rulebook.availability import facts_for, rules_of
from center.bookings.rulebook.facts import Agreement, Breach, Facts, Party, ProposedUse, RoomRules, Rule
from center.bookings.rulebook.needs import needs_refused
from center.bookings.rulebook.quota_facts import Asker
from center.bookings.rulebook.refusals import refusal
from center.bookings.rulebook.rule_facts import load_terms
from center.bookings.rulebook.rule_words import rule_name
from center.bookings.rulebook.rules import agreements, weigh
from center.kernel.db import db, once
from center.kernel.errors import DomainError, RuleBroken
from center.kernel.i18n import centre, centre_zone
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.spans import Span
from center.organisations.models import Organisation
from center.people.models import Person
from center.people.queries import is_account_waiting
from center.rooms.models import Room
from center.rooms.schedule import load_schedule
from center.rooms.uses import family

MOST_OF_REASON = 120
ROOM_FOR_WORDS = 200


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
) -> Verdict:
    """The verdict on a proposed use of a person or an organisation.

    `instead_of` is a booking of theirs that the use would replace, so that neither its time nor its count stands in
    the way. `planned` are the spans of other dates that are about to be booked with it, which count towards limits.
    Where staff book (`Party.STAFF`), the limits of the person or organisation they book for are notices.
    """
    whose, rules = party_of(organisation), rules_of(room)
    asker = Asker(person, organisation)
    facts, closed = _look_up(room, proposed.span, asker, now=now, instead_of=instead_of, planned=planned)
    if proposed.party is not Party.STAFF and centre().provisional_bookings:
        facts = replace(facts, account_waits=is_account_waiting(person.id))
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


def _look_up(
    room: Room, span: Span, asker: Asker, *, now: datetime, instead_of: Booking | None, planned: Sequence[Span]
) -> tuple[Facts, str]:
    """The facts of the days of a span, and why the room is closed on the first of them, if it is."""
    zone = centre_zone()
    first, last = span.start.astimezone(zone).date(), span.end.astimezone(zone).date()
    schedule = load_schedule([room], first, last, zone=zone)
    terms = load_terms([room], first, last, asker=asker, now=now, instead_of=instead_of, planned=planned)
    facts = facts_for(room, first, last, now=now, schedule=schedule, instead_of=instead_of, terms=terms[room.id])
    facts = with_party(facts, asker, instead_of=instead_of)
    closed = "" if schedule.open_spans(room, first) else schedule.closed_reason(room, first)
    return replace(facts, live_count=facts.live_count + len(planned)), closed


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
    return replace(facts, live_count=len(ends), live_ends=ends, limited_until=until)


def live_ends(
    person: Person,
    organisation: Organisation | None,
    *,
    now: datetime,
    instead_of: Booking | None = None,
) -> tuple[datetime, ...]:
    """When each booking of the party that has not ended does, the first first; a person's own and an organisation's
    are counted apart."""
    whose = organisation.id if organisation else None
    query = select(Booking.id, Booking.ends_at).where(_of(person, whose), Booking.ends_at > now, is_live_at(now))
    key = ("live", whose, person.id, now)
    rows = once(key, lambda: db.session.execute(query.order_by(Booking.ends_at, Booking.id)).all())
    return tuple(row.ends_at for row in rows if instead_of is None or row.id != instead_of.id)


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


class NeedsReason(RuleBroken):
    """Rules stand against it (`notices`) that staff may override, once they say why."""

    def __init__(self, notices: Sequence[DomainError]) -> None:
        super().__init__(_l("This is against a rule. Say why you book it all the same."), field="override_reason")
        self.notices = tuple(notices)


def check_override(verdict: Verdict, reason: str) -> None:
    """Raises NeedsReason where staff book against rules and have not said why."""
    if verdict.notices and not reason.strip():
        raise NeedsReason(verdict.notices)


def note_override(
    booking: Booking, verdict: Verdict, reason: str, *, by: Person, channel: Channel, now: datetime
) -> None:
    """Write down which rules were overridden, and why."""
    if not verdict.notices:
        return
    names = _(", ").join(dict.fromkeys(rule_name(rule) for rule in verdict.overridable))
    why = reason.strip()[:MOST_OF_REASON]
    words = f"{names[: ROOM_FOR_WORDS - MOST_OF_REASON - 3]} · {why}"
    trail.note(booking, BookingChange.OVERRIDDEN, by=by, channel=channel, now=now, reason=words)


def limited_until(person_id: int, *, now: datetime) -> datetime | None:
    """Until when this person books through the desk only; None for nearly everybody."""
    query = select(func.max(BookingLimit.ends_at)).where(BookingLimit.person_id == person_id, *in_force(now))
    return once(("limited until", person_id, now), lambda: db.session.scalar(query))


def in_force(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return BookingLimit.ends_at > now, BookingLimit.lifted_at.is_(None)
