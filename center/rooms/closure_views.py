"""Pages on which staff close rooms and open them again."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center import clock
from center.access import Permission, requires
from center.i18n import centre_zone
from center.rooms import closures as closing
from center.rooms.opening_forms import ClosureForm, room_choices
from center.rooms.pages import blueprint
from center.rooms.queries import all_rooms, get_room
from center.rooms.saving import press, save


@blueprint.get("/closures")
@requires(Permission.EDIT_ROOMS)
def closures() -> ResponseReturnValue:
    """What is closed and will be, and the latest that is over."""
    now = clock.now()
    return render_template("rooms/closures.html", ahead=closing.closures_ahead(now), over=closing.closures_over(now))


@blueprint.route("/closures/new", methods=["GET", "POST"])
@requires(Permission.EDIT_ROOMS)
def new_closure() -> ResponseReturnValue:
    """Close a room or the whole centre for a time."""
    today = clock.today(centre_zone())
    form = ClosureForm(room=request.args.get("room", ""), from_date=today, to_date=today)
    form.room.choices = room_choices(all_rooms())

    def close() -> None:
        starts_at, ends_at = form.moments()
        closing.close(
            get_room(form.room.data) if form.room.data else None,
            starts_at=starts_at,
            ends_at=ends_at,
            reason=form.reason.data,
            reason_en=form.reason_en.data or "",
            by=current_user.person_id,
            now=clock.now(),
        )

    return save(form, "rooms/new_closure.html", change=close, then=url_for(".closures"))


@blueprint.post("/closures/<id:closure_id>/lift")
@requires(Permission.EDIT_ROOMS)
def lift_closure(closure_id: int) -> ResponseReturnValue:
    """Open again before the closure ends."""
    closure = closing.get_closure(closure_id)
    return press(lambda: closing.lift(closure, by=current_user.person_id, now=clock.now()), then=url_for(".closures"))
