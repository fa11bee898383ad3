"""The staff's day board, to work on: a free time asks for whom, a booking leads to itself, a session to its roll."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField

from center.bookings.models import Booking, Channel
from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.caching.fragment_cache import this_minute
from center.kernel.i18n import centre_zone
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.people.search_terms import names_a_door
from center.rooms.queries import get_room
from center.web.blueprints import desk as blueprint
from center.web.bookings.flow import prefilled
from center.web.desk.today.day import WorkingDay, who, working_day
from center.web.forms import asked_date
from center.web.people import looks
from center.web.people.searching import SearchForm, search
from center.web.refreshing import whole_or_part

FAR = timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class DayPage:
    """One day of all rooms for staff; `address` shows it anew."""

    day: date
    today: date
    at: datetime
    working: WorkingDay
    before: date
    after: date
    address: str
    who: Callable[[Booking], str] = who


class ForWhomForm(SearchForm):
    """For whom a free time is, and how they ask. Sent with GET."""

    channel = RadioField(
        _l("They are"), choices=[(Channel.DESK.value, _l("at the desk")), (Channel.PHONE.value, _l("on the phone"))]
    )


@blueprint.get("/desk/day")
@requires(Permission.SEE_DESK)
def day() -> ResponseReturnValue:
    """All rooms of a day, as a drawing and in the order of time."""
    today, asked = clock.today(centre_zone()), asked_date()
    shown = asked if asked is not None and abs(asked - today) <= FAR else today
    now = this_minute()
    page = DayPage(
        day=shown,
        today=today,
        at=clock.now(),
        working=working_day(shown, now=now),
        before=shown - timedelta(days=1),
        after=shown + timedelta(days=1),
        address=url_for("desk.day", date=shown.isoformat()),
    )
    return whole_or_part("desk/day.html", "desk/day_now.html", page)


@blueprint.get("/desk/rooms/<code>/for-whom")
@requires(Permission.BOOK_FOR_ANYONE)
def for_whom(code: str) -> ResponseReturnValue:
    """Whom a free time of a room is for; once they are found, the booking form is filled in with it."""
    room = get_room(code)
    authorise(not room.is_retired)
    known, asked = prefilled(), search()
    when: dict[str, Any] = {name: request.args[name] for name in ("date", "start") if known.get(name) is not None}
    channel = Channel.PHONE if request.args.get("channel") == Channel.PHONE else Channel.DESK

    def form_for(person: Person | None) -> str:
        whose: dict[str, Any] = {"person": person.id, "channel": channel.value} if person else {}
        return url_for("bookings.start", code=room.code, **when, **whose)

    if len(asked.found) == 1:
        return redirect(form_for(asked.found[0]))
    if names_a_door(asked.text):
        looks.see_doors(asked.found)
    form = ForWhomForm(data={"q": asked.text, "channel": channel.value})
    return render_template(
        "desk/for_whom.html",
        room=room,
        known=known,
        search=asked,
        form=form,
        when=when,
        channel=channel.value,
        form_for=form_for,
    )
