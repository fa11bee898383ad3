"""Pages on which staff set, for one room, who it is for, what for, which hours are kept and which need approval."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel.access import Permission, authorise, requires
from center.kernel.i18n import gettext as _
from center.kernel.i18n import in_language
from center.kernel.spans import LocalSpan
from center.rooms import rulebook, rulebook_actions
from center.rooms.models import Room
from center.rooms.queries import get_room
from center.rooms.rule_models import ApprovalHours, PriorityWindow, weekday_set
from center.rooms.rule_sentences import priority_sentence, when_words
from center.web.blueprints import rooms as blueprint
from center.web.editing import watch
from center.web.settings.rooms.rulebook_forms import (
    ApprovalHoursForm,
    AudienceForm,
    KeptHoursForm,
    chosen_rules,
    purposes_form,
)
from center.web.settings.saving import press, save, save_rule, watch_row


@blueprint.route("/settings/rooms/<code>/audience", methods=["GET", "POST"])
@requires(Permission.EDIT_ROOMS)
def edit_audience(code: str) -> ResponseReturnValue:
    """For which groups of people the room is."""
    room = get_room(code)
    form = watch(lambda **given: AudienceForm(groups=_groups(room), **given))
    form.offer(rulebook.all_people_groups())
    change = lambda: rulebook_actions.set_audience(room, form.groups.data or [], by=current_user.person)  # noqa: E731
    return save(form, "settings/rooms/audience.html", change, then=_hub(room), room=room)


@blueprint.route("/settings/rooms/<code>/purposes", methods=["GET", "POST"])
@requires(Permission.EDIT_ROOMS)
def edit_purposes(code: str) -> ResponseReturnValue:
    """What the room may be used for, where that is not as usual."""
    room = get_room(code)
    purposes = rulebook.all_purposes(with_retired=False)
    form = watch(lambda **given: purposes_form(purposes, rulebook.own_purposes(room), **given))
    change = lambda: rulebook_actions.set_room_purposes(room, chosen_rules(form), by=current_user.person)  # noqa: E731
    return save(form, "settings/rooms/purposes.html", change, then=_hub(room), room=room, purposes=purposes)


@blueprint.get("/settings/rooms/<code>/kept-hours")
@requires(Permission.EDIT_ROOMS)
def kept_hours(code: str) -> ResponseReturnValue:
    """The hours that are kept for somebody in this room."""
    room = get_room(code)
    listed = [(each, priority_sentence(each)) for each in rulebook.priority_windows([room.id])]
    return render_template("settings/rooms/kept_hours.html", room=room, listed=listed)


@blueprint.route("/settings/rooms/<code>/kept-hours/new", methods=["GET", "POST"], endpoint="new_kept_hours")
@blueprint.route("/settings/rooms/<code>/kept-hours/<id:window_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_ROOMS)
def edit_kept_hours(code: str, window_id: int | None = None) -> ResponseReturnValue:
    """Keep hours for a group of people, or change kept hours."""
    room = get_room(code)
    window = _of(room, PriorityWindow, window_id) if window_id else None
    title = _("Change kept hours") if window else _("Keep hours for a group")
    form = watch_row(KeptHoursForm, window)
    form.offer(rulebook.all_people_groups())
    order = ("name", "name_en", "group", "weekdays", "opens", "closes", "release_days", "starts_on", "ends_on")

    def change() -> None:
        rulebook_actions.set_kept_hours(window, room, form.values(), by=current_user.person)

    back = url_for("rooms.kept_hours", code=room.code)
    return save_rule(form, title, order, change, then=back, makes=window is None, lead=_lead(room))


@blueprint.post("/settings/rooms/<code>/kept-hours/<id:window_id>/remove")
@requires(Permission.EDIT_ROOMS)
def remove_kept_hours(code: str, window_id: int) -> ResponseReturnValue:
    """Let everybody book these hours."""
    room = get_room(code)
    row = _of(room, PriorityWindow, window_id)
    then = url_for("rooms.kept_hours", code=room.code)
    return press(lambda: rulebook_actions.remove(row, by=current_user.person), then=then)


@blueprint.get("/settings/rooms/<code>/approval-hours")
@requires(Permission.EDIT_ROOMS)
def approval_hours(code: str) -> ResponseReturnValue:
    """The hours inside which the room's bookings need no approval for their time."""
    room = get_room(code)
    rows = rulebook.approval_hours_of([room.id]).get(room.id, [])
    words = [(row, when_words(weekday_set(row.weekdays), LocalSpan(row.opens, row.closes))) for row in rows]
    return render_template("settings/rooms/approval_hours.html", room=room, listed=words)


@blueprint.route("/settings/rooms/<code>/approval-hours/new", methods=["GET", "POST"], endpoint="new_approval_hours")
@blueprint.route("/settings/rooms/<code>/approval-hours/<id:hours_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_ROOMS)
def edit_approval_hours(code: str, hours_id: int | None = None) -> ResponseReturnValue:
    """Say in which hours no approval is needed."""
    room = get_room(code)
    row = _of(room, ApprovalHours, hours_id) if hours_id else None
    title = _("Change hours without approval") if row else _("New hours without approval")
    form = watch_row(ApprovalHoursForm, row)

    def change() -> None:
        rulebook_actions.set_approval_hours(row, room, form.values(), by=current_user.person)

    back = url_for("rooms.approval_hours", code=room.code)
    order = ("weekdays", "opens", "closes")
    return save_rule(form, title, order, change, then=back, makes=row is None, lead=_lead(room))


@blueprint.post("/settings/rooms/<code>/approval-hours/<id:hours_id>/remove")
@requires(Permission.EDIT_ROOMS)
def remove_approval_hours(code: str, hours_id: int) -> ResponseReturnValue:
    """Remove hours in which no approval is needed."""
    room = get_room(code)
    row = _of(room, ApprovalHours, hours_id)
    then = url_for("rooms.approval_hours", code=room.code)
    return press(lambda: rulebook_actions.remove(row, by=current_user.person), then=then)


def _groups(room: Room) -> list[int]:
    return [each.id for each in rulebook.audiences_of([room.id]).get(room.id, [])]


def _of(room: Room, model: Any, row_id: int) -> Any:
    row = rulebook.get_row(model, row_id)
    authorise(row.room_id == room.id)
    return row


def _lead(room: Room) -> str:
    return f"{room.code} {in_language(room.name, room.name_en)}"


def _hub(room: Room) -> str:
    return url_for("rooms.edit", code=room.code)
