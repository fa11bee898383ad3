"""Calendars that everybody may subscribe to, and the pages that say how."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from center import clock
from center.access import authorise, public
from center.bookings.calendars.entries import room_name
from center.bookings.calendars.feeds import centre_feed, organisation_feed, room_feed
from center.bookings.calendars.views import calendar_answer, calendar_name
from center.bookings.slips import qr_code
from center.i18n import gettext as _
from center.i18n import in_language, language, use_asked_language
from center.organisations.queries import get_organisation
from center.rooms.models import Room
from center.rooms.queries import get_room
from center.timetable.pages import blueprint


@blueprint.get("/calendar.ics")
@public
def calendar() -> ResponseReturnValue:
    """All rooms as a calendar."""
    use_asked_language()
    feed = centre_feed(now=clock.now(), room_address=_room_address, centre_address=_centre_address())
    return calendar_answer(feed, calendar_name(_("All rooms")), is_public=True)


@blueprint.get("/rooms/<code>/calendar.ics")
@public
def room_calendar(code: str) -> ResponseReturnValue:
    """One room as a calendar."""
    use_asked_language()
    room = _shown_room(code)
    feed = room_feed(room, now=clock.now(), room_address=_room_address, centre_address=_centre_address())
    return calendar_answer(feed, calendar_name(room_name(room)), is_public=True)


@blueprint.get("/organisations/<slug>/calendar.ics")
@public
def organisation_calendar(slug: str) -> ResponseReturnValue:
    """An organisation's bookings as a calendar."""
    use_asked_language()
    organisation = get_organisation(slug)
    feed = organisation_feed(organisation, now=clock.now(), room_address=_room_address)
    return calendar_answer(feed, calendar_name(in_language(organisation.name, organisation.name_en)), is_public=True)


@blueprint.get("/subscribe")
@public
def subscribe() -> ResponseReturnValue:
    """How to have all rooms in one's own calendar."""
    address = url_for("timetable.calendar", lang=language(), _external=True)
    return _subscribe_page(_("All rooms"), address, url_for("timetable.board"))


@blueprint.get("/rooms/<code>/subscribe")
@public
def subscribe_room(code: str) -> ResponseReturnValue:
    """How to have one room in one's own calendar."""
    room = _shown_room(code)
    address = url_for("timetable.room_calendar", code=room.code, lang=language(), _external=True)
    return _subscribe_page(room_name(room), address, url_for("rooms.show", code=room.code))


@blueprint.get("/organisations/<slug>/subscribe")
@public
def subscribe_organisation(slug: str) -> ResponseReturnValue:
    """How to have an organisation's bookings in one's own calendar."""
    organisation = get_organisation(slug)
    address = url_for("timetable.organisation_calendar", slug=organisation.slug, lang=language(), _external=True)
    back = url_for("organisations.show", slug=organisation.slug)
    return _subscribe_page(in_language(organisation.name, organisation.name_en), address, back)


def _subscribe_page(name: str, address: str, back: str) -> ResponseReturnValue:
    qr = qr_code(request.base_url, is_sized=False)  # a phone comes to this page, where its button is
    return render_template("timetable/subscribe.html", name=name, address=address, back=back, qr=qr)


def _shown_room(code: str) -> Room:
    room = get_room(code)
    authorise(not room.is_retired)
    return room


def _room_address(code: str) -> str:
    return url_for("rooms.show", code=code, _external=True)


def _centre_address() -> str:
    return url_for("timetable.board", _external=True)
