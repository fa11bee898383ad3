"""Pages on which staff close rooms, change and lift closures, and print them for the door."""

from dataclasses import replace
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.bookings.affected_uses.actions import kept_in, sessions_in
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.affected_uses import DecideUses
from center.kernel.i18n import centre_zone
from center.rooms import closures as closing
from center.rooms.models import Closure
from center.rooms.queries import all_rooms, get_room
from center.web.blueprints import rooms as blueprint
from center.web.editing import EditingForm, watch
from center.web.settings.rooms.opening_forms import NOT_CHOSEN, ClosureForm
from center.web.settings.saving import press
from center.web.settings.uses_in_the_way.steps import ShuttingChange

PAGE = 50


class EditClosureForm(ClosureForm, EditingForm):
    """A closure that has not begun yet."""

    room = None
    validate_room = None  # type: ignore[assignment]


class RunningClosureForm(EditClosureForm):
    """A closure that has begun: when it ends and why it is."""

    from_date = None
    from_time = None


@blueprint.get("/settings/closures")
@requires(Permission.EDIT_ROOMS)
def closures() -> ResponseReturnValue:
    """What is closed and will be, and what was, the latest first."""
    now = clock.now()
    page = min(max(request.args.get("page", 1, type=int), 1), 9999)
    over = closing.closures_over(now, most=PAGE + 1, skip=(page - 1) * PAGE)
    return render_template(
        "settings/rooms/closures.html",
        ahead=closing.closures_ahead(now),
        over=over[:PAGE],
        page=page,
        has_more=len(over) > PAGE,
    )


@blueprint.route("/settings/closures/new", methods=["GET", "POST"])
@requires(Permission.EDIT_ROOMS)
def new_closure() -> ResponseReturnValue:
    """Close a room or the whole centre for a time."""
    today = clock.today(centre_zone())
    shutting = ShuttingChange()
    given = {"room": request.args.get("room", NOT_CHOSEN), "from_date": today, "to_date": today}
    form = ClosureForm(data=given, **shutting.typed)
    form.offer(all_rooms())

    def close(decide: DecideUses) -> None:
        starts_at, ends_at = form.moments()
        closing.close(
            get_room(form.room.data) if form.room.data else None,
            starts_at=starts_at,
            ends_at=ends_at,
            reason=form.reason.data,
            reason_en=form.reason_en.data or "",
            by=current_user.person,
            now=clock.now(),
            decide=decide,
        )

    return shutting.save(form, "settings/rooms/new_closure.html", change=close, then=url_for(".closures"), makes=True)


@blueprint.route("/settings/closures/<id:closure_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_ROOMS)
def edit_closure(closure_id: int) -> ResponseReturnValue:
    """One closure: make it longer or shorter, say another reason, see who stays inside it."""
    closure, now = closing.get_closure(closure_id), clock.now()
    has_begun = closure.starts_at <= now
    kind = RunningClosureForm if has_begun else EditClosureForm
    shutting = ShuttingChange()
    form = watch(lambda **given: kind(data=_typed(closure), **given), **shutting.typed)

    def change(decide: DecideUses) -> None:
        facts = _facts(form, closure, has_begun=has_begun)
        closing.change(closure, facts, by=current_user.person, now=clock.now(), decide=decide)

    return shutting.save(
        form,
        "settings/rooms/edit_closure.html",
        change=change,
        then=url_for(".closures"),
        closure=closure,
        has_begun=has_begun,
        is_over=closing.is_over(closure, now=now),
        kept=kept_in(closure, now=now),
        sessions=sessions_in(closure, now=now),
    )


@blueprint.get("/settings/closures/<id:closure_id>/print")
@requires(Permission.EDIT_ROOMS)
def print_closure(closure_id: int) -> ResponseReturnValue:
    """A sheet for the door: closed from when until when, and why."""
    closure, now = closing.get_closure(closure_id), clock.now()
    kept = [*kept_in(closure, now=now), *sessions_in(closure, now=now)]
    return render_template("settings/rooms/print_closure.html", closure=closure, kept=kept)


@blueprint.post("/settings/closures/<id:closure_id>/lift")
@requires(Permission.EDIT_ROOMS)
def lift_closure(closure_id: int) -> ResponseReturnValue:
    """Open again before the closure ends."""
    closure = closing.get_closure(closure_id)
    return press(lambda: closing.lift(closure, by=current_user.person, now=clock.now()), then=url_for(".closures"))


def _typed(closure: Closure) -> dict[str, Any]:
    starts, ends = (moment.astimezone(centre_zone()) for moment in (closure.starts_at, closure.ends_at))
    return {
        "from_date": starts.date(),
        "from_time": starts.time().replace(second=0, microsecond=0),
        "to_date": ends.date(),
        "to_time": ends.time(),
        "reason": closure.reason,
        "reason_en": closure.reason_en,
    }


def _facts(form: Any, closure: Closure, *, has_begun: bool) -> closing.ClosureFacts:
    """What the form says; a closure that has begun began when it did."""
    said = closing.ClosureFacts(
        starts_at=closure.starts_at,
        ends_at=form.until(),
        reason=form.reason.data,
        reason_en=form.reason_en.data or "",
    )
    return said if has_begun else replace(said, starts_at=form.since())
