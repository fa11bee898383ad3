"""Whether a room is open at a weekly time, by its usual hours and its fixed windows."""

from datetime import date

from center.bookings.rulebook.availability import rules_of
from center.bookings.rulebook.rules import bookable_spans
from center.kernel.i18n import centre_zone
from center.kernel.spans import LocalSpan, Span, merge
from center.rooms.models import Room
from center.rooms.queries import own_hours


def usual_spans(room: Room, weekday: int, on: date) -> list[Span]:
    """When the room is open on such a weekday, as of a day; holidays and other exceptions do not count here."""
    rows = (row for row in own_hours(room).hours if row.weekday == weekday)
    return merge(LocalSpan(row.opens, row.closes).on(on, centre_zone()) for row in rows)


def is_within_hours(room: Room, weekday: int, hours: LocalSpan, *, on: date) -> bool:
    """Whether the room can be used at these hours of such a weekday."""
    spans = bookable_spans(usual_spans(room, weekday, on), rules_of(room), centre_zone())
    return any(span.covers(hours.on(on, centre_zone())) for span in spans)
