"""Calendars that everybody may subscribe to, and the pages that say how."""

from flask import request, url_for
from flask.typing import ResponseReturnValue

from center.activities.calendars import feed_of, public_sessions
from center.activities.models import Activity, Session
from center.bookings.calendars.feeds import BACK, JUST_BACK, centre_feed, joined, organisation_feed, room_feed
from center.kernel import clock
from center.kernel.access import authorise, public
from center.kernel.i18n import gettext as _
from center.kernel.i18n import in_language, language, use_asked_language
from center.organisations.queries import get_organisation
from center.rooms.models import Room
from center.rooms.queries import get_room
from center.web.blueprints import timetable as blueprint
from center.web.calendar_answers import CalendarFile, calendar_name, calendar_of, kept_answer
from center.web.public.activities.feed_views import page_address, subscribe_page

FULL = "full"  # the address parameter that asks for all that calendars hold
MOST_BYTES = 1_000_000  # more than that makes the calendars of phones give up


@blueprint.get("/calendar.ics")
@public
def calendar() -> ResponseReturnValue:
    """All rooms and all activities as a calendar that a phone can take; all of it with `range=full`."""
    use_asked_language()
    is_full = request.args.get("range") == FULL
    back, most = (BACK, None) if is_full else (JUST_BACK, MOST_BYTES)

    def draw() -> CalendarFile:
        now = clock.now()
        rooms = centre_feed(now=now, room_address=_room_address, centre_address=_centre_address(), back=back)
        sessions = feed_of(public_sessions(now=now, back=back), address_of=page_address, is_by_room=True)
        name = calendar_name(_("All rooms and activities"))
        return calendar_of(joined(rooms, sessions), name, most=most)

    return kept_answer(draw, of=(back, most))


@blueprint.get("/rooms/<code>/calendar.ics")
@public
def room_calendar(code: str) -> ResponseReturnValue:
    """One room as a calendar, with the sessions in it, in its parts and in the whole that it is a part of."""
    use_asked_language()

    def draw() -> CalendarFile:
        room, now = _shown_room(code), clock.now()
        feed = room_feed(room, now=now, room_address=_room_address, centre_address=_centre_address())
        of_kin = public_sessions(Session.room_id.in_(room.kin_ids), now=now)
        sessions = feed_of(of_kin, address_of=page_address, is_by_room=True)
        return calendar_of(joined(feed, sessions), calendar_name(room.full_name))

    return kept_answer(draw, of=())


@blueprint.get("/organisations/<slug>/calendar.ics")
@public
def organisation_calendar(slug: str) -> ResponseReturnValue:
    """An organisation's activities and bookings as a calendar."""
    use_asked_language()

    def draw() -> CalendarFile:
        organisation, now = get_organisation(slug), clock.now()
        bookings = organisation_feed(organisation, now=now, room_address=_room_address)
        own = public_sessions(Activity.organisation_id == organisation.id, now=now)
        name = calendar_name(in_language(organisation.name, organisation.name_en))
        return calendar_of(joined(bookings, feed_of(own, address_of=page_address)), name)

    return kept_answer(draw, of=())


@blueprint.get("/subscribe")
@public
def subscribe() -> ResponseReturnValue:
    """How to have all rooms and activities in one's own calendar."""
    address = url_for("timetable.calendar", lang=language(), _external=True)
    full = url_for("timetable.calendar", lang=language(), range=FULL, _external=True)
    return subscribe_page(_("All rooms and activities"), address, url_for("timetable.board"), full=full)


@blueprint.get("/rooms/<code>/subscribe")
@public
def subscribe_room(code: str) -> ResponseReturnValue:
    """How to have one room in one's own calendar."""
    room = _shown_room(code)
    address = url_for("timetable.room_calendar", code=room.code, lang=language(), _external=True)
    return subscribe_page(room.full_name, address, url_for("rooms.show", code=room.code))


@blueprint.get("/organisations/<slug>/subscribe")
@public
def subscribe_organisation(slug: str) -> ResponseReturnValue:
    """How to have an organisation's activities and bookings in one's own calendar."""
    organisation = get_organisation(slug)
    address = url_for("timetable.organisation_calendar", slug=organisation.slug, lang=language(), _external=True)
    back = url_for("organisations.show", slug=organisation.slug)
    return subscribe_page(in_language(organisation.name, organisation.name_en), address, back)


def _shown_room(code: str) -> Room:
    room = get_room(code)
    authorise(not room.is_retired)
    return room


def _room_address(code: str) -> str:
    return url_for("rooms.show", code=code, _external=True)


def _centre_address() -> str:
    return url_for("timetable.board", _external=True)
