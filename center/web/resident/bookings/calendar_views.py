"""Pages and files of calendars that belong to a person."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.bookings.calendars import links
from center.bookings.calendars.feeds import joined, own_feed
from center.kernel import clock
from center.kernel.access import public, signed_in
from center.kernel.db import transaction
from center.kernel.i18n import gettext as _
from center.kernel.i18n import language, use_asked_language
from center.signups.public.family import sign_up_feed
from center.web.blueprints import bookings as blueprint
from center.web.calendar_answers import address_of_booking, calendar_answer, calendar_name
from center.web.people.proof import require_recent_proof
from center.web.qr import qr_code
from center.web.sending import go_on


@blueprint.get("/me/calendar")
@signed_in
def my_calendar() -> ResponseReturnValue:
    """My bookings in my own calendar: what that means, and whether I have an address for it."""
    return render_template("resident/bookings/my_calendar.html", link=links.find_link(current_user.person_id))


@blueprint.post("/me/calendar")
@signed_in
def make_calendar_link() -> ResponseReturnValue:
    """Make my secret address, in place of the one before, and show it this once."""
    require_recent_proof()
    with transaction():
        token = links.make(current_user.person, now=clock.now())
    address = url_for("bookings.own_calendar", token=token, lang=language(), _external=True)
    qr = qr_code(address.replace(request.scheme, "webcal", 1), is_sized=False)
    return render_template("resident/bookings/calendar_link.html", address=address, qr=qr)


@blueprint.post("/me/calendar/revoke")
@signed_in
def revoke_calendar_link() -> ResponseReturnValue:
    """Let my secret address lead nowhere from now on."""
    with transaction():
        links.revoke(current_user.person)
    return go_on(_("The address no longer works. Whoever has it sees nothing new."), url_for("bookings.my_calendar"))


@blueprint.get("/calendars/<token>.ics")
@public
def own_calendar(token: str) -> ResponseReturnValue:
    """Somebody's own bookings and what higher parts add to them, for whoever knows their secret address."""
    use_asked_language()
    person_id, now = links.get_person_id(token), clock.now()
    own = own_feed(person_id, now=now, booking_address=address_of_booking)
    return calendar_answer(joined(own, sign_up_feed(person_id, now=now)), calendar_name(_("My dates")), is_public=False)
