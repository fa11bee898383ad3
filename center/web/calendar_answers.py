"""The answer that every calendar file of this site is, whoever it is for."""

import gzip
import hashlib
from datetime import UTC

from flask import Response, request, url_for
from flask_login import current_user

from center.bookings.calendars.entries import calendar_file
from center.bookings.calendars.feeds import Feed
from center.kernel.i18n import centre, centre_zone, in_language

PUBLIC_SECONDS = 300


def calendar_answer(feed: Feed, name: str, *, is_public: bool, most: int | None = None) -> Response:
    """A calendar as an answer: 304 where whoever asks has it already, packed where they can unpack it.

    With `most` bytes, what is furthest ahead is left out until it fits.
    """
    entries = feed.entries
    file = calendar_file(name, entries, zone=centre_zone())
    while most is not None and len(file) > most:
        entries = entries[: len(entries) * most // len(file)]
        file = calendar_file(name, entries, zone=centre_zone())
    is_packed = request.accept_encodings.quality("gzip") > 0
    response = Response(gzip.compress(file, mtime=0) if is_packed else file, mimetype="text/calendar")
    response.vary.add("Accept-Encoding")
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
    response.headers["X-Robots-Tag"] = "noindex"
    shared = is_public and not current_user.is_authenticated
    response.headers["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}" if shared else "private, no-cache"
    response.set_etag(hashlib.sha256(file).hexdigest()[:32] + ("-gzip" if is_packed else ""))
    response.last_modified = feed.changed_at.astimezone(UTC)
    response.make_conditional(request)
    return response


def calendar_name(name: str) -> str:
    """What programs call the calendar: its own name with the centre's."""
    facts = centre()
    return " · ".join(filter(None, [name, in_language(facts.name, facts.name_en)]))


def address_of_booking(reference: str) -> str:
    """The whole address of a booking's page."""
    return url_for("bookings.show", reference=reference, _external=True)
