"""Calendar files (RFC 5545 and 7986): entries in, bytes out; the same entries give the same bytes.

What is words (names, places) is escaped and folded by icalendar, and remembered: a feed of thousands of entries has few
different words, and icalendar's own `Event` takes near a millisecond each.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Calendar, Timezone, vText, vUri
from icalendar.parser import Contentline, Parameters

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
