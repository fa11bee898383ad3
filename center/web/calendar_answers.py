"""The answer that every calendar file of this site is, whoever it is for."""

import gzip
import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Response, request, url_for
from flask_login import current_user

from center.bookings.calendars.entries import calendar_file
from center.bookings.calendars.feeds import Feed
from center.kernel.caching.fragment_cache import kept, this_minute
from center.kernel.caching.read_cache import versions_of
from center.kernel.i18n import centre, centre_zone, in_language, language

PUBLIC_SECONDS = 300


@dataclass(frozen=True)
class CalendarFile:
    """A calendar as it is sent: packed, with what it is known by, and when any of it last changed."""

    packed: bytes
    etag: str
    changed_at: datetime

    def __len__(self) -> int:
        return len(self.packed)


def calendar_answer(feed: Feed, name: str, *, is_public: bool) -> Response:
    """A calendar as an answer: 304 where whoever asks has it already, packed where they can unpack it."""
    return _answer(calendar_of(feed, name), is_public=is_public)


def kept_answer(draw: Callable[[], CalendarFile], *, of: Hashable) -> Response:
    """A calendar for everybody, which is drawn anew only once some of it may have changed: such rows, or the minute.

    `of` is what was understood of the address besides its path: what else is asked for makes no other file.
    """
    versions = versions_of("settings", "uses", "activities", "organisations")
    key = (request.host_url, request.path, of, language(), this_minute(), versions)
    return _answer(kept(key, draw), is_public=True)


def calendar_of(feed: Feed, name: str, *, most: int | None = None) -> CalendarFile:
    """The file. With `most` bytes, what is furthest ahead is left out until it fits."""
    entries = feed.entries
    file = calendar_file(name, entries, zone=centre_zone())
    while most is not None and len(file) > most:
        entries = entries[: len(entries) * most // len(file)]
        file = calendar_file(name, entries, zone=centre_zone())
    etag = hashlib.sha256(file).hexdigest()[:32]
    return CalendarFile(gzip.compress(file, mtime=0), etag, feed.changed_at.astimezone(UTC))


def _answer(file: CalendarFile, *, is_public: bool) -> Response:
    is_packed = request.accept_encodings.quality("gzip") > 0
    etag = file.etag + ("-gzip" if is_packed else "")
    has_it = request.if_none_match.contains(etag)
    body = b"" if has_it else file.packed if is_packed else gzip.decompress(file.packed)
    response = Response(body, mimetype="text/calendar")
    response.vary.add("Accept-Encoding")
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
    response.headers["X-Robots-Tag"] = "noindex"
    shared = is_public and not current_user.is_authenticated
    response.headers["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}" if shared else "private, no-cache"
    response.set_etag(etag)
    response.last_modified = file.changed_at
    response.make_conditional(request)
    return response


def calendar_name(name: str) -> str:
    """What programs call the calendar: its own name with the centre's."""
    facts = centre()
    return " · ".join(filter(None, [name, in_language(facts.name, facts.name_en)]))


def address_of_booking(reference: str) -> str:
    """The whole address of a booking's page."""
    return url_for("bookings.show", reference=reference, _external=True)
