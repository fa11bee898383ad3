"""Lists for the desk from the registers of all sessions: which were never closed, and who is in the house."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue

from center.afterschool.days.present import children_in_room
from center.attendance import overview
from center.attendance.overview import InTheHouse
from center.bookings.models import Booking
from center.bookings.queries import bookings_on
from center.bookings.rulebook.missed_visits import Visit, visit_of
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.access_log import Kind
from center.kernel.i18n import centre_zone, local_date
from center.organisations.queries import leads_of_each
from center.web.blueprints import desk as blueprint
from center.web.people import looks
from center.web.rendering import render


@dataclass(frozen=True, kw_only=True)
class HerePage:
    """Who is in the house at a moment: by room, its sessions and the bookings that were checked in."""

    at: datetime
    rooms: Mapping[str, tuple[Sequence[InTheHouse], Sequence[Booking]]]
    people: int
    children: Mapping[int, int]  # how many are in the room of a confined session, by its id; who, its programme knows


@blueprint.get("/desk/registers")
@requires(Permission.SIGN_UP_ANYONE)
def registers() -> ResponseReturnValue:
    """Sessions of the last days of which no register was taken, or none was closed."""
    now = clock.now()
    found = overview.unclosed(now=now)
    leads = leads_of_each({each.session.activity.organisation_id for each in found}, on=local_date(now))
    return render_template("desk/registers.html", found=found, leads=leads, days=overview.NAGS_FOR.days)


@blueprint.get("/desk/here-now")
@requires(Permission.SIGN_UP_ANYONE)
def here_now() -> ResponseReturnValue:
    """Who is in the house now, in large print, for whoever calls the roll outside. That it was read is written down."""
    now = clock.now()
    sessions = overview.in_the_house(now=now)
    bookings = [
        each
        for each in bookings_on(local_date(now), zone=centre_zone(), now=now)
        if visit_of(each, now=now) is Visit.HERE
    ]
    for each in sessions:
        looks.see(Kind.ROLL, [row.person for row in each.here], subject=each.session.activity.title)
    looks.see(Kind.ROLL, [each.person for each in bookings])
    children = children_in_room([each.session.id for each in sessions if each.session.activity.is_confined])
    people = sum(len(each.here) for each in sessions) + sum(each.people for each in bookings) + sum(children.values())
    page = HerePage(at=now, rooms=_by_room(sessions, bookings), people=people, children=children)
    return render("desk/here_now.html", page)


def _by_room(
    sessions: Sequence[InTheHouse], bookings: Sequence[Booking]
) -> dict[str, tuple[list[InTheHouse], list[Booking]]]:
    used = [each.session.room for each in sessions if each.session.room] + [each.room for each in bookings]
    in_order = sorted(used, key=lambda room: (room.position, room.code))
    by_room: dict[str, tuple[list[InTheHouse], list[Booking]]] = {room.full_name: ([], []) for room in in_order}
    for session in sessions:
        if session.session.room is not None:
            by_room[session.session.room.full_name][0].append(session)
    for booking in bookings:
        by_room[booking.room.full_name][1].append(booking)
    return by_room
