"""What a calendar may say of a booking or a closure: all to whose it is, and to the public what the boards say."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from center.bookings.calendars.writing import Entry, uid_of
from center.bookings.history import STATUSES
from center.bookings.models import LIVE, BookingStatus
from center.kernel.i18n import centre, in_language
from center.kernel.i18n import gettext as _
from center.rooms.models import Closure, Room

Address = Callable[[str], str]  # from a booking's reference or a room's code to its page

STATUS = {BookingStatus.REQUESTED: "TENTATIVE", BookingStatus.CONFIRMED: "CONFIRMED"}


def own_entry(booking: Any, room: Room, *, address_of: Address) -> Entry:
    """A booking (or a row with its columns) as the person sees it whose it is."""
    address = address_of(booking.reference)
    words = f"{booking.purpose} · {room.full_name}"
    return Entry(
        uid=uid_of(booking.reference),
        stamp=booking.changed_at,
        created_at=booking.requested_at,
        sequence=booking.sequence,
        status=STATUS.get(booking.status, "CANCELLED"),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        summary=words if booking.status is BookingStatus.CONFIRMED else f"{STATUSES[booking.status]}: {words}",
        location=placed(room.full_name),
        description=_(
            "Booking %(reference)s. To change or cancel it: %(address)s", reference=booking.reference, address=address
        ),
        address=address,
        reminder=booking.purpose if booking.status in LIVE else "",
        is_own=True,
    )


@dataclass(frozen=True, slots=True)
class PublicWords:
    """What the public entries of one room all say, looked up once for thousands of them."""

    room: str
    place: str
    address: str
    in_use: str
    booked: str
    is_hidden: bool


def public_words(room: Room, *, is_hidden: bool, address_of: Address) -> PublicWords:
    """The words of a room's public entries, in the reader's language."""
    name = room.full_name
    return PublicWords(name, placed(name), address_of(room.code), _("In use"), _("Booked"), is_hidden)


def public_entry(booking: Any, words: PublicWords, *, organisation: str) -> Entry:
    """A live booking as everybody may see it: of an organisation's whose and what for, else only that it is."""
    said = f"{organisation} · {booking.purpose}" if organisation else words.booked
    return Entry(
        uid=uid_of(booking.reference),
        stamp=booking.changed_at,
        sequence=booking.sequence,
        status="CONFIRMED" if words.is_hidden else STATUS[booking.status],
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        summary=f"{words.in_use if words.is_hidden else said} · {words.room}",
        location=words.place,
        address=words.address,
    )


def closure_entry(closure: Closure, room: Room | None, *, is_hidden: bool, address: str) -> Entry:
    """A closure of a room or of the whole centre, until it ends or was lifted."""
    reason = "" if is_hidden else in_language(closure.reason, closure.reason_en)
    name = room.full_name if room else ""
    return Entry(
        uid=uid_of(f"closure-{closure.id}"),
        stamp=closure.changed_at or closure.lifted_at or closure.starts_at,
        sequence=closure.sequence,
        starts_at=closure.starts_at,
        ends_at=end_of(closure),
        summary=" · ".join(filter(None, [_("Closed"), name, reason])),
        location=placed(name),
        address=address,
    )


def end_of(closure: Closure) -> datetime:
    """When a closure is over: at its end, or when it was lifted before."""
    return min(closure.ends_at, closure.lifted_at or closure.ends_at)


def is_hidden(room: Room) -> bool:
    """Whether nobody else may read what the room is used for."""
    return room.is_confidential or bool(room.parent and room.parent.is_confidential)


def placed(room: str) -> str:
    """Where a room is: its name with the centre's, and the address."""
    facts = centre()
    name, address = in_language(facts.name, facts.name_en), in_language(facts.address, facts.address_en)
    return ", ".join(filter(None, [room, name, address]))
