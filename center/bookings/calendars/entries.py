"""What a calendar may say of a booking or a closure: all to whose it is, and to the public what the boards say."""

import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Timezone, vText, vUri
from icalendar.parser import Contentline, Parameters

from center.bookings.history import STATUSES
from center.bookings.models import LIVE, BookingStatus
from center.kernel.i18n import centre, in_language
from center.kernel.i18n import gettext as _
from center.rooms.models import Closure, Room

UID_SPACE = uuid.UUID("6f1d2f6e-9f43-5b0e-8a51-3d1c0e6a7b52")
REFRESH = "PT1H"  # how often a calendar is asked to look again
ZONE_FROM, ZONE_UNTIL = date(2020, 1, 1), date(2038, 1, 1)
REMIND = "-PT2H"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event of a calendar, in the words in which it is to be read."""

    uid: str
    stamp: datetime  # when it last changed: never the time of fetching
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str
    address: str  # the page about it
    status: str = "CONFIRMED"
    sequence: int = 0
    created_at: datetime | None = None
    description: str = ""
    reminder: str = ""
    is_own: bool = False  # takes the reader's own time, and is nobody else's business


def uid_of(reference: str) -> str:
    """What a booking is called in every calendar."""
    return str(uuid.uuid5(UID_SPACE, reference))


def calendar_file(name: str, entries: Iterable[Entry], *, zone: ZoneInfo) -> bytes:
    """A calendar with a name, for subscribing to."""
    return _file(_head(zone, name), entries, zone)


def single_file(entry: Entry, *, zone: ZoneInfo) -> bytes:
    """A calendar file of one event, for adding once."""
    return _file(_head(zone, ""), [entry], zone)


def _file(head: bytes, entries: Iterable[Entry], zone: ZoneInfo) -> bytes:
    events = b"".join(b"\r\n".join(_lines(entry, zone)) + b"\r\n" for entry in entries)
    return head + events + b"END:VCALENDAR\r\n"


@lru_cache(maxsize=64)
def _head(zone: ZoneInfo, name: str) -> bytes:
    """All that stands before the first event."""
    calendar = Calendar()
    calendar.add("prodid", "-//Community activity centre//Bookings//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("name", _clean(name))
        calendar.add("x-wr-calname", _clean(name))
        calendar.add("x-wr-timezone", zone.key)
        calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", REFRESH)
        calendar.add("color", "teal")
    calendar.add_component(Timezone.from_tzinfo(zone, zone.key, ZONE_FROM, ZONE_UNTIL))
    return bytes(calendar.to_ical()).removesuffix(b"END:VCALENDAR\r\n")


def _lines(entry: Entry, zone: ZoneInfo) -> Iterator[bytes]:
    yield b"BEGIN:VEVENT"
    yield f"UID:{entry.uid}".encode()
    yield b"DTSTAMP:" + _utc(entry.stamp)
    yield b"LAST-MODIFIED:" + _utc(entry.stamp)
    if entry.created_at is not None:
        yield b"CREATED:" + _utc(entry.created_at)
    yield f"SEQUENCE:{entry.sequence}".encode()
    yield f"STATUS:{entry.status}".encode()
    yield _words("SUMMARY", entry.summary)
    yield _local("DTSTART", entry.starts_at, zone)
    yield _local("DTEND", entry.ends_at, zone)
    yield _words("LOCATION", entry.location)
    if entry.description:
        yield _words("DESCRIPTION", entry.description)
    yield _address(entry.address)
    yield b"TRANSP:OPAQUE" if entry.is_own and entry.status != "CANCELLED" else b"TRANSP:TRANSPARENT"
    yield b"CLASS:PRIVATE" if entry.is_own else b"CLASS:PUBLIC"
    if entry.reminder:
        yield b"BEGIN:VALARM"
        yield b"ACTION:DISPLAY"
        yield _words("DESCRIPTION", entry.reminder)
        yield f"TRIGGER:{REMIND}".encode()
        yield b"END:VALARM"
    yield b"END:VEVENT"


def _utc(moment: datetime) -> bytes:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ").encode()


def _local(name: str, moment: datetime, zone: ZoneInfo) -> bytes:
    line = f"{name};TZID={zone.key}:{moment.astimezone(zone):%Y%m%dT%H%M%S}"
    return line.encode()


@lru_cache(maxsize=4096)
def _words(name: str, text: str) -> bytes:
    return bytes(Contentline.from_parts(name, Parameters(), vText(_clean(text))).to_ical())


@lru_cache(maxsize=4096)
def _address(address: str) -> bytes:
    return bytes(Contentline.from_parts("URL", Parameters(), vUri(_clean(address))).to_ical())


def _clean(text: str) -> str:
    """Without the control characters that no calendar file may hold."""
    return "".join(character for character in text if character == "\n" or character.isprintable())


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
