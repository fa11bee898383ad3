"""What is free when: the uses of rooms and the schedule read together, for the boards and for the rules.

The number of queries does not depend on how many rooms, days or bookings are shown.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from typing import Any

from sqlalchemy import bindparam, select

from center.bookings.models import Booking, BookingStatus
from center.bookings.rulebook.facts import NO_TERMS, ClosedTime, Facts, RoomRules, Terms, Use
from center.bookings.rulebook.rules import fitting_starts
from center.bookings.rulebook.segments import Segment, segments_of
from center.kernel.caching.json_rows import AnySelect
from center.kernel.db import UtcDateTime, db, once
from center.kernel.i18n import centre_zone, format_moment, in_language, local_date
from center.kernel.i18n import gettext as _
from center.kernel.spans import LocalSpan, Span, day_span, days
from center.organisations.models import Organisation
from center.rooms.models import Closure, Occupancy, Room, RoomUse, UseKind
from center.rooms.queries import LONGEST_ROW, Schedule, load_schedule


@dataclass(frozen=True)
class RoomDay:
    """One room's day: when it is open, what it is used for, and how it may be booked."""

    room: Room
    day: date
    uses: Sequence[Use]
    closed_reason: str
    rules: RoomRules
    facts: Facts

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """The day in pieces, as boards draw it."""
        return segments_of(self.uses, self.rules, self.facts)

    @cached_property
    def starts_worked_out(self) -> dict[Any, list[datetime]]:
        """The starts that were worked out before, by party and length (`times.free_starts`)."""
        return {}

    def free_starts(self, minutes: int) -> list[datetime]:
        """The starts at which a use of that length would fit into what is left of this day."""
        length = timedelta(minutes=minutes)
        return [start for start in fitting_starts(length, self.rules, self.facts) if start >= self.facts.now]


def rules_of(room: Room) -> RoomRules:
    """A room's booking settings as the rule book takes them."""
    return RoomRules(
        windows=tuple(LocalSpan(window.opens, window.closes) for window in room.windows),
        **{name: getattr(room, name) for name in RoomRules.__dataclass_fields__ if name != "windows"},
    )


def room_days(rooms: Sequence[Room], first: date, last: date, *, now: datetime) -> list[RoomDay]:
    """Every one of the rooms on every day from first to last, by room in the order given, then by day."""
    schedule, uses = opened_and_taken(rooms, first, last, now=now)
    return plan_days(rooms, first, last, schedule, uses, now=now)


def opened_and_taken(
    rooms: Sequence[Room], first: date, last: date, *, now: datetime
) -> tuple[Schedule, Mapping[int, Sequence[Use]]]:
    """When these rooms are open and what they are used for from first to last, in a fixed number of queries."""
    schedule = load_schedule(rooms, first, last, zone=centre_zone())
    return schedule, uses_of(rooms, _until_cleared(rooms, first, last), now=now)


def plan_days(
    rooms: Sequence[Room],
    first: date,
    last: date,
    schedule: Schedule,
    uses: Mapping[int, Sequence[Use]],
    *,
    now: datetime,
    rules_of: Callable[[Room], RoomRules] = rules_of,
) -> list[RoomDay]:
    """Like `room_days`, from what is read already."""
    plans, whole_days = [], [(day, day_span(day, schedule.zone).in_utc) for day in days(first, last)]
    for room in rooms:
        rules = rules_of(room)
        for day, whole_day in whole_days:
            until_cleared = Span(whole_day.start, whole_day.end + rules.buffer)
            of_day = [use for use in uses.get(room.id, ()) if use.span.overlaps(until_cleared)]
            facts = facts_of(room, [day], schedule, of_day, now=now)
            why_closed = "" if facts.open_spans else schedule.closed_reason(room, day)
            plans.append(RoomDay(room, day, of_day, why_closed, rules, facts))
    return plans


def facts_for(
    room: Room,
    first: date,
    last: date,
    *,
    now: datetime,
    schedule: Schedule | None = None,
    instead_of: Booking | None = None,
    terms: Terms = NO_TERMS,
) -> Facts:
    """What the rule book needs to judge a use of a room on these days; the time of `instead_of` is free."""
    schedule = schedule or load_schedule([room], first, last, zone=centre_zone())
    within = _until_cleared([room], first, last)
    own = instead_of.reference if instead_of else None
    uses = [use for use in uses_of([room], within, now=now).get(room.id, ()) if not own or use.booking_reference != own]
    return facts_of(room, days(first, last), schedule, uses, now=now, terms=terms)


def facts_of(
    room: Room, on: Iterable[date], schedule: Schedule, uses: Sequence[Use], *, now: datetime, **more: Any
) -> Facts:
    """Like `facts_for`, from what is read already."""
    return Facts(
        now=now,
        zone=schedule.zone,
        open_spans=tuple(span for day in on for span in schedule.open_spans(room, day)),
        taken=tuple(use.span for use in uses),
        closed=closed_times(uses),
        **more,
    )


def is_over(
    now: datetime,
    *,
    held_until: datetime | None = None,
    status: BookingStatus | None = None,
    expires_at: datetime | None = None,
) -> bool:
    """Whether a hold that nobody answered, or a request that nobody decided, keeps nobody out any more."""
    if held_until is not None:
        return held_until <= now
    return status is BookingStatus.REQUESTED and expires_at is not None and expires_at <= now


def has_ended_uses(room: Room, span: Span, *, now: datetime) -> bool:
    """Whether holds and requests that are over lie in the ledger on the days of a span, to be tidied away."""
    within = _until_cleared([room], local_date(span.start), local_date(span.end))
    return any(_is_over(row, now) for row in _ledger_rows({leaf.id for leaf in room.leaves}, within))


def uses_of(rooms: Sequence[Room], within: Span, *, now: datetime) -> dict[int, list[Use]]:
    """The live uses that touch the span, by the id of each room whose time they take. What ran out by now is none."""
    return uses_in(rooms, _ledger_rows({leaf.id for room in rooms for leaf in room.leaves}, within), now=now)


def uses_in(rooms: Sequence[Room], rows: Iterable[Any], *, now: datetime) -> dict[int, list[Use]]:
    """Like `uses_of`, of rows of the ledger that are read already."""
    takers: dict[int, list[tuple[int, bool]]] = {}
    for room in rooms:
        for leaf in room.leaves:
            takers.setdefault(leaf.id, []).append((room.id, room.is_confidential))
    by_room: dict[int, dict[tuple[int, datetime], Use]] = {}
    for row in rows:
        if row.room_id not in takers or _is_over(row, now):
            continue
        use = _use(row)
        for room_id, is_confidential in takers[row.room_id]:
            shown = _hidden(use) if is_confidential else use
            by_room.setdefault(room_id, {})[row.use_id, row.starts_at] = shown
    return {room_id: sorted(uses.values(), key=lambda use: use.span) for room_id, uses in by_room.items()}


def _is_over(row: Any, now: datetime) -> bool:
    expires_at = row.expires_at or row.starts_at
    return is_over(now, held_until=row.held_until, status=row.status, expires_at=expires_at)


def _ledger_rows(part_ids: Iterable[int], within: Span) -> Sequence[Any]:
    ids = tuple(sorted(part_ids))
    asked = {"ids": ids, "start": within.start, "end": within.end, "last_clear": within.end + LONGEST_ROW}
    return once(("ledger", ids, within), lambda: db.session.connection().execute(_rows_of_parts(), asked).all())


@cache
def _rows_of_parts() -> AnySelect:
    """Made once, since every form and every booking asks it."""
    times = (bindparam(name, type_=UtcDateTime) for name in ("start", "end", "last_clear"))
    return ledger_between(*times).where(Occupancy.room_id.in_(bindparam("ids", expanding=True)))


def ledger_between(start: Any, end: Any, last_clear: Any) -> AnySelect:
    """The rows of the ledger that touch the time from start to end; none of them clears after `last_clear`."""
    return (
        select(
            Occupancy.use_id,
            Occupancy.room_id,
            Occupancy.starts_at,
            Occupancy.clear_at,
            of_use(RoomUse.kind),
            of_use(RoomUse.label),
            of_use(RoomUse.label_en),
            of_use(RoomUse.ends_at, "use_ends_at"),
            of_use(RoomUse.held_until),
            Booking.expires_at,
            Booking.ends_at,
            Booking.reference,
            Booking.status,
            Booking.purpose,
            Organisation.name,
            Organisation.name_en,
            Closure.reason,
            Closure.reason_en,
            Closure.ends_at.label("closed_until"),
        )
        .select_from(Occupancy)
        .outerjoin(Booking, Booking.use_id == Occupancy.use_id)
        .outerjoin(Organisation, Organisation.id == Booking.organisation_id)
        .outerjoin(Closure, Closure.use_id == Occupancy.use_id)
        .where(Occupancy.clear_at > start, Occupancy.clear_at < last_clear, Occupancy.starts_at < end)
    )


def of_use(column: Any, name: str = "") -> Any:
    """A value of the use that a row belongs to, looked up row by row: joined, PostgreSQL may read all there are."""
    return select(column).where(RoomUse.id == Occupancy.use_id).scalar_subquery().label(name or column.key)


def closed_times(uses: Iterable[Use]) -> tuple[ClosedTime, ...]:
    """The closures among these uses."""
    return tuple(use.closed for use in uses if use.closed is not None)


def _use(row: Any) -> Use:
    span, closed = Span(row.starts_at, row.clear_at), None
    if row.kind is UseKind.CLOSURE:
        closed = ClosedTime(span, row.closed_until or row.clear_at, in_language(row.reason or "", row.reason_en or ""))
    return Use(
        room_id=row.room_id,
        span=span,
        closed=closed,
        kind=row.kind,
        ends_at=min(row.ends_at or row.use_ends_at or row.clear_at, row.clear_at),
        label=_label(row),
        booking_reference=row.reference,
        booking_status=row.status,
    )


def _hidden(use: Use) -> Use:
    """The same in a confidential room: neither whose it is nor why it is closed is said."""
    closed = replace(use.closed, reason="") if use.closed else None
    return replace(use, label="", closed=closed, is_hidden=True)


def _label(row: Any) -> str:
    """An organisation's use says whose it is and what for, a session what it is; a person's own use says nothing."""
    if row.kind is UseKind.CLOSURE:
        return _why_closed(row)
    if row.name is None:
        return in_language(row.label, row.label_en)
    return f"{in_language(row.name, row.name_en)} · {row.purpose}"


def _why_closed(row: Any) -> str:
    """Why a room is closed, and until when where that is another day."""
    reason = in_language(row.reason, row.reason_en)
    if row.closed_until <= row.clear_at or local_date(row.closed_until) == local_date(row.starts_at):
        return reason
    return _("%(reason)s, until %(moment)s", reason=reason, moment=format_moment(row.closed_until))


def _until_cleared(rooms: Sequence[Room], first: date, last: date) -> Span:
    """From the first day until the last use of the last one is cleared up in each of these rooms."""
    zone = centre_zone()
    clearing = max((room.buffer_minutes + room.set_up_minutes for room in rooms), default=0)
    return Span(day_span(first, zone).start, day_span(last, zone).end + timedelta(minutes=clearing))
