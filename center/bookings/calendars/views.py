"""Pages and files of calendars that belong to a person, and the answer that every calendar is."""

import gzip
import hashlib
from datetime import UTC

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.bookings.calendars import links
from center.bookings.calendars.feeds import Feed, joined, own_feed
from center.bookings.calendars.writing import calendar_file
from center.bookings.views import blueprint
from center.kernel import clock
from center.kernel.access import public, signed_in
from center.kernel.db import transaction
from center.kernel.i18n import centre, centre_zone, in_language, language, use_asked_language
from center.kernel.i18n import gettext as _
from center.people.proof import require_recent_proof
from center.web.qr import qr_code

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


@blueprint.get("/me/calendar")
@signed_in
def my_calendar() -> ResponseReturnValue:
    """My bookings in my own calendar: what that means, and whether I have an address for it."""
    return render_template("bookings/my_calendar.html", link=links.find_link(current_user.person_id))


@blueprint.post("/me/calendar")
@signed_in
def make_calendar_link() -> ResponseReturnValue:
    """Make my secret address, in place of the one before, and show it this once."""
    require_recent_proof()
    with transaction():
        token = links.make(current_user.person, now=clock.now())
    address = url_for("bookings.own_calendar", token=token, lang=language(), _external=True)
    qr = qr_code(address.replace(request.scheme, "webcal", 1), is_sized=False)
    return render_template("bookings/calendar_link.html", address=address, qr=qr)


@blueprint.post("/me/calendar/revoke")
@signed_in
def revoke_calendar_link() -> ResponseReturnValue:
    """Let my secret address lead nowhere from now on."""
    with transaction():
        links.revoke(current_user.person)
    flash(_("The address no longer works. Whoever has it sees nothing new."), "ok")
    return redirect(url_for("bookings.my_calendar"), 303)


@blueprint.get("/calendars/<token>.ics")
@public
def own_calendar(token: str) -> ResponseReturnValue:
    """Somebody's own bookings and what higher parts add to them, for whoever knows their secret address."""
    use_asked_language()
    person_id, now = links.get_person_id(token), clock.now()
    own = own_feed(person_id, now=now, booking_address=address_of_booking)
    more = (part(person_id, now=now) for part in current_app.extensions["own_calendar_parts"])
    return calendar_answer(joined(own, *more), calendar_name(_("My dates")), is_public=False)
