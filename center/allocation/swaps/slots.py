"""What can change places: a booking, or a session of an activity, as one kind of thing."""

from dataclasses import replace
from datetime import datetime, timedelta

from center.activities.models import Session
from center.bookings.models import Booking, BookingStatus
from center.bookings.places import Place
from center.bookings.policy import is_changeable
from center.bookings.rulebook.availability import rules_of
from center.bookings.rulebook.facts import Party
from center.bookings.states import last_cancel
from center.bookings.writing import shape_of
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.spans import Span
from center.organisations.models import Organisation, OrganisationKind
from center.rooms.models import Room

Slot = Booking | Session
NO_ROOM = _l("This takes place in no room of the centre, so there is no time to swap.")


def organisation_of(slot: Slot) -> Organisation | None:
    """Whose it is."""
    return slot.activity.organisation if isinstance(slot, Session) else slot.organisation


def room_of(slot: Slot) -> Room:
    """In which room it is; raises RuleBroken for a session that takes place elsewhere."""
    if slot.room is None:
        raise RuleBroken(NO_ROOM)
    return slot.room


def place_now(slot: Slot) -> Place:
    """Where and when it is now."""
    return Place(room_of(slot), Span(slot.starts_at, slot.ends_at))


def use_id_of(slot: Slot) -> int:
    """Its use in the ledger of room time; raises RuleBroken where it has none."""
    if slot.use_id is None:
        raise RuleBroken(NO_ROOM)
    return slot.use_id


def last_answer(slot: Slot) -> datetime:
    """Until when it can be agreed to let it change places."""
    return slot.starts_at if isinstance(slot, Session) else last_cancel(slot)


def until_cleared(slot: Slot, place: Place) -> Span:
    """What it would take of a place, with what is cleared up after it."""
    if isinstance(slot, Session):
        return Span(place.span.start, place.span.end + timedelta(minutes=place.room.buffer_minutes))
    proposed = replace(shape_of(slot), room=place.room, span=place.span).proposed(Party.ORGANISATION)
    return Span(place.span.start, proposed.until_cleared(rules_of(place.room)).end)


def is_swappable(slot: Slot, *, now: datetime) -> bool:
    """Whether it is an organisation's, stands, can be changed still, and lies in no confidential room."""
    if slot.room is None or slot.room.is_confidential:
        return False
    if isinstance(slot, Session):
        activity = slot.activity
        is_guest = activity.organisation.kind is not OrganisationKind.CENTRE and not activity.is_confined
        return is_guest and activity.is_public and slot.is_scheduled and not slot.is_doubled and slot.starts_at > now
    is_organisations = slot.organisation_id is not None and slot.status is BookingStatus.CONFIRMED
    return is_organisations and is_changeable(slot, now=now, as_staff=False)
