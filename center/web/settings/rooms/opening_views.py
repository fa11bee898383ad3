"""Pages on which staff edit when rooms are open."""

from datetime import timedelta

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.db import db, must_find
from center.kernel.i18n import centre_zone
from center.kernel.i18n import gettext as _
from center.rooms import opening
from center.rooms.hours import parse_hours
from center.rooms.models import HoursException, Room
from center.rooms.queries import all_rooms, find_room, get_room
from center.web.blueprints import rooms as blueprint
from center.web.editing import watch
from center.web.settings.rooms.opening_forms import NOT_CHOSEN, ExceptionForm, HoursForm, WindowsForm, windows_text
from center.web.settings.saving import save
from center.web.settings.uses_in_the_way.steps import ShuttingChange

FAR = timedelta(days=800)


@blueprint.route("/settings/rooms/<code>/hours", methods=["GET", "POST"])
@requires(Permission.EDIT_ROOMS)
def edit_hours(code: str) -> ResponseReturnValue:
    """When the room is open, weekday by weekday."""
    room = get_room(code)
    shutting = ShuttingChange()
    form = watch(lambda **given: HoursForm(data=HoursForm.shown(room), **given), **shutting.typed)
    return shutting.save(
        form,
        "settings/rooms/hours.html",
        change=lambda decide: opening.set_hours(
            room, form.week(), by=current_user.person, now=clock.now(), decide=decide
        ),
        then=url_for(".edit", code=room.code),
        room=room,
    )


@blueprint.route("/settings/rooms/<code>/windows", methods=["GET", "POST"])
@requires(Permission.EDIT_ROOMS)
def edit_windows(code: str) -> ResponseReturnValue:
    """The fixed windows inside which a booking must lie."""
    room = get_room(code)
    form = watch(lambda **given: WindowsForm(windows=windows_text(room), **given))
    change = lambda: opening.set_windows(room, form.chosen(), by=current_user.person)  # noqa: E731
    return save(form, "settings/rooms/windows.html", change, then=url_for(".edit", code=room.code), room=room)


@blueprint.get("/settings/exceptions")
@requires(Permission.EDIT_ROOMS)
def exceptions() -> ResponseReturnValue:
    """Other hours by date, of one room or of all."""
    today = clock.today(centre_zone())
    room = find_room(request.args.get("room", ""))
    listed = opening.exceptions_between(today, today + FAR, room=room)
    rooms = {each.id: each for each in all_rooms(with_retired=True)}
    return render_template("settings/rooms/exceptions.html", exceptions=listed, room=room, rooms=rooms)


@blueprint.route("/settings/exceptions/new", methods=["GET", "POST"])
@requires(Permission.EDIT_ROOMS)
def new_exception() -> ResponseReturnValue:
    """Set other hours on one date."""
    shutting = ShuttingChange()
    form = ExceptionForm(room=request.args.get("room", NOT_CHOSEN), **shutting.typed)
    form.offer(all_rooms())
    return shutting.save(
        form,
        "settings/rooms/new_exception.html",
        change=lambda decide: opening.add_exception(
            _chosen(form.room.data),
            form.on_date.data,
            parse_hours(form.hours.data or ""),
            reason=form.reason.data,
            reason_en=form.reason_en.data or "",
            by=current_user.person,
            now=clock.now(),
            decide=decide,
        ),
        then=url_for(".exceptions", room=form.room.data or None),
        makes=True,
    )


@blueprint.route("/settings/exceptions/<id:exception_id>/remove", methods=["GET", "POST"])
@requires(Permission.EDIT_ROOMS)
def remove_exception(exception_id: int) -> ResponseReturnValue:
    """Let the usual hours count again."""
    exception = must_find(db.session.get(HoursException, exception_id), _("There are no such hours any more."))
    return ShuttingChange().press(
        lambda decide: opening.remove_exception(exception, by=current_user.person, now=clock.now(), decide=decide),
        then=url_for(".exceptions"),
    )


def _chosen(code: str) -> Room | None:
    return get_room(code) if code else None
