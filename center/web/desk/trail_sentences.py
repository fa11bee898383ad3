"""The audit trail in words: what was done, about what, what it changed, and the same as a table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from center.activities.models import ActivityEvent
from center.audit.reading import Entry, Press
from center.audit.words import ACTIVITIES, ACTS, changes_of, subject_of
from center.bookings.history import CHANGES
from center.bookings.models import Booking, BookingEvent, Channel
from center.kernel import tables, texts
from center.kernel.i18n import format_moment, format_span, in_language
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import StaffEvent

WAYS = {Channel.DESK: _l("at the desk"), Channel.PHONE: _l("by phone"), Channel.ONLINE: _l("on the website")}


@dataclass(frozen=True)
class Speaker:
    """Says what entries of the trail are. `names` are the people's whom staff's changes mention."""

    names: Mapping[int, str]

    def what(self, entry: Entry) -> str:
        """What was done."""
        event = entry.event
        if isinstance(event, StaffEvent):
            return str(ACTS.get(event.act, event.act))
        return str(CHANGES[event.what] if isinstance(event, BookingEvent) else ACTIVITIES[event.what])

    def about(self, entry: Entry) -> str:
        """What it was done to."""
        event = entry.event
        if isinstance(event, StaffEvent):
            person = self.names.get(event.person_id, _("somebody")) if event.person_id else ""
            return " · ".join(filter(None, (subject_of(event), person)))
        if isinstance(event, BookingEvent):
            return _booking(event.booking)
        session = f" · {format_span(event.session.starts_at, event.session.ends_at)}" if event.session else ""
        return in_language(event.activity.title, event.activity.title_en) + session

    def link(self, entry: Entry) -> str | None:
        """Where it can be looked at."""
        event = entry.event
        if isinstance(event, BookingEvent):
            return url_for("bookings.show", reference=event.booking.reference)
        if isinstance(event, ActivityEvent):
            return url_for("posting.manage", slug=event.activity.slug)
        return url_for("desk.person", person_id=event.person_id) if event.person_id else None

    def who(self, entry: Entry) -> str:
        """Who did it, and on which way."""
        event = entry.event
        if isinstance(event, StaffEvent):
            return self.names.get(event.by_id, _("somebody")) if event.by_id else _("on the command line")
        name = event.by.name if event.by else _("by the site itself")
        return " · ".join(filter(None, (name, _way(getattr(event, "channel", None)))))

    def changes(self, entry: Entry) -> list[str]:
        """As it was and as it is, a line each."""
        event = entry.event
        if isinstance(event, StaffEvent):
            return changes_of(event, self.names)
        if event.was_starts_at is None:
            return []
        place = f"{event.was_room.full_name} · " if event.was_room else ""
        return [_("Before: %(place)s", place=place + format_span(event.was_starts_at, event.was_ends_at))]


def table(presses: Sequence[Press], names: Mapping[int, str]) -> bytes:
    """Every change as a line of an .xlsx table; those of one press have one number."""
    heads = [_("No."), _("When"), _("Who"), _("What"), _("About"), _("Changed"), _("Reason")]
    rows = [heads, *_rows(presses, Speaker(names))]
    return tables.workbook(_("Audit trail"), rows, bold={1}, widths=(6, 22, 18, 26, 44, 60, 30), freeze="A2")


def _rows(presses: Sequence[Press], say: Speaker) -> Iterator[list[Any]]:
    for number, press in enumerate(presses, start=1):
        for each in (press.head, *press.rest):
            said = [
                say.who(each),
                say.what(each),
                say.about(each),
                "\n".join(say.changes(each)),
                texts.said(each.event.reason),
            ]
            yield [number, format_moment(each.event.at), *said]


def _way(channel: Channel | None) -> str:
    return str(WAYS[channel]) if channel in WAYS else ""


def _booking(booking: Booking) -> str:
    whose = in_language(booking.organisation.name, booking.organisation.name_en) if booking.organisation else ""
    where = f"{booking.room.full_name} · {format_span(booking.starts_at, booking.ends_at)}"
    return " · ".join(filter(None, (booking.reference, where, whose, booking.person.name)))
