"""What somebody asks of a room, and the hand that writes a booking of it: of a form, a date of a series, a freed time.

What a booking contends for is held before it is counted, so that no two take the last of a limit. Always in the same
order: the line of those who change room time, people, the organisation, the rooms. The line alone
(docs/decisions/0014) keeps two bookings from counting the same quota at once; the rows keep changes of the people and
of the rooms away.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, inspect, select
from sqlalchemy.orm.attributes import set_committed_value

from center.bookings import history
from center.bookings.models import Booking, BookingChange, BookingNeed, BookingStatus, Channel
from center.bookings.models.waiting import SlotWish
from center.bookings.rulebook.deciding import expiry
from center.bookings.rulebook.facts import Party, ProposedUse, propose
from center.bookings.rulebook.judging import Verdict
from center.bookings.rulebook.rule_words import rule_name
from center.bookings.states import may_move
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, DomainError, NotFound, RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.spans import Span
from center.kernel.texts import new_reference
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms import ledger
from center.rooms.known_rooms import hold_known_room, lock_rooms_shared
from center.rooms.models import AccessFeature, Room


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody wants of a room."""

    span: Span
    people: int
    purpose: str
    purpose_id: int | None = None  # which kind of use it is, where staff keep a list of them
    note: str = ""
    set_up: str = ""
    needs: frozenset[AccessFeature] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Shape(Wanted):
    """What is asked of a room, and of a booking can be changed."""

    room: Room

    def proposed(self, party: Party) -> ProposedUse:
        """What the rule book is asked about it."""
        purpose_id, set_up, needs = self.purpose_id, self.set_up, self.needs
        return propose(self.room, self.span, self.people, party, purpose_id=purpose_id, set_up=set_up, needs=needs)


def shape_of(kept: Booking | SlotWish) -> Shape:
    """A booking, or what somebody waits for, as it is."""
    return Shape(
        room=kept.room,
        span=Span(kept.starts_at, kept.ends_at),
        people=kept.people,
        purpose=kept.purpose,
        purpose_id=kept.purpose_id,
        note=kept.note,
        set_up=kept.set_up,
        needs=kept.needed,
    )


@dataclass(frozen=True, kw_only=True)
class BookingRequest(Wanted):
    """What somebody asks for, checked for shape only."""

    request_key: str
    channel: Channel = Channel.ONLINE
    waits: str | None = None  # what the page said: whether somebody must agree to it

    def shape_in(self, room: Room) -> Shape:
        """What a booking of this room would be."""
        return Shape(room=room, **{each.name: getattr(self, each.name) for each in fields(Wanted)})


def write_booking(use_id: int, shape: Shape, *, by: Person, channel: Channel, now: datetime, **more: Any) -> Booking:
    """The booking that owns a use of a room until `clear_at`, and how it stands in its history; see `booking_of`."""
    booking = booking_of(use_id, shape, by=by, channel=channel, now=now, **more)
    db.session.add(booking)
    db.session.flush()
    set_committed_value(booking, "room", shape.room)
    history.note_state(booking, by=by, channel=channel, now=now)
    return booking


def booking_of(
    use_id: int,
    shape: Shape,
    *,
    clear_at: datetime,
    waits: bool,
    person: Person,
    organisation: Organisation | None,
    by: Person,
    channel: Channel,
    request_key: str,
    now: datetime,
) -> Booking:
    """A booking that is not written yet."""
    return Booking(
        reference=new_reference(),
        use_id=use_id,
        person=person,
        organisation=organisation,
        booked_by=by,
        request_key=request_key,
        channel=channel,
        status=BookingStatus.REQUESTED if waits else BookingStatus.CONFIRMED,
        **columns_of(shape),
        needs=needs_of(shape),
        clear_at=clear_at,
        requested_at=now,
        changed_at=now,
        expires_at=expiry(shape.span.start, shape.room, now=now) if waits else None,
    )


def columns_of(shape: Shape) -> dict[str, Any]:
    """What a booking, or a wait for a time, keeps of what was asked for."""
    kept = {name: getattr(shape, name) for name in ("people", "purpose", "purpose_id", "note", "set_up")}
    is_of_session = inspect(shape.room).session is not None  # a room that is only judged is named by its id
    room = {"room": shape.room} if is_of_session else {"room_id": shape.room.id}
    return {**kept, **room, "starts_at": shape.span.start, "ends_at": shape.span.end}


def needs_of(shape: Shape) -> list[BookingNeed]:
    """What is needed, as a booking keeps it."""
    return [BookingNeed(need=need) for need in sorted(shape.needs)]


def change_status(booking: Booking, to: BookingStatus, *, now: datetime) -> None:
    """Let a booking go from one state to another, and count the change for calendars. Raises Conflict."""
    if not may_move(booking.status, to):
        raise Conflict(_l("This booking has changed meanwhile. Please look at it again."))
    booking.status = to
    count_change(booking, now=now)


def count_change(booking: Booking, *, now: datetime) -> None:
    """Let calendars, and whoever looked at it before, look again."""
    booking.changed_at = now
    booking.sequence += 1
    db.session.flush()


_HELD = (
    select(Person)
    .where(Person.id.in_(bindparam("ids", expanding=True)))
    .order_by(Person.id)
    .with_for_update(key_share=True, of=Person)
    .execution_options(populate_existing=True)
)


def hold_parties(person: Person, by: Person, organisation: Organisation | None) -> None:
    """Serialise what one hand sends and what counts towards anybody's limits."""
    ledger.line_up()
    ids = {key for each in (person, by) for key in inspect(each).identity or ()}  # known without reading them twice
    held = db.session.scalars(_HELD, {"ids": sorted(ids)}).all()
    if any(each.erased_at is not None for each in held):
        raise NotFound(_l("There is nobody here with this number."))
    if organisation:
        lock(organisation)


def hold_all_parties(parties: Sequence[tuple[Person, Organisation | None]], by: Person) -> None:
    """The same for many at once, in the same order: the people by one statement, then the organisations."""
    ledger.line_up()
    ids = {by.id, *(person.id for person, _organisation in parties)}
    people = select(Person.erased_at).where(Person.id.in_(ids)).order_by(Person.id)
    if any(db.session.scalars(people.with_for_update(key_share=True))):
        raise NotFound(_l("There is nobody here with this number."))
    theirs = {organisation.id for _person, organisation in parties if organisation}
    held = select(Organisation.id).where(Organisation.id.in_(theirs)).order_by(Organisation.id)
    db.session.execute(held.with_for_update(key_share=True))


def hold_room_in_use(room: Room) -> Room:
    """The same of one room that is only judged; returns it as it is now."""
    held = hold_known_room(room)
    _refuse_retired([held])
    return held


def hold_rooms_in_use(*rooms: Room) -> None:
    """Keep changes and closures of rooms away, as `lock_rooms_shared` does. Raises NotFound where one is retired."""
    lock_rooms_shared(rooms)
    _refuse_retired(rooms)


def _refuse_retired(rooms: Iterable[Room]) -> None:
    if any(room.is_retired for room in rooms):
        raise NotFound(_l("This room is no longer in use."))


MOST_OF_REASON = 120


ROOM_FOR_WORDS = 200


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
    history.note(booking, BookingChange.OVERRIDDEN, by=by, channel=channel, now=now, reason=words)
