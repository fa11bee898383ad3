"""Pages on which staff edit what a room is and how it may be booked."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.i18n import gettext as _
from center.rooms import actions, parts
from center.rooms.models import Room
from center.rooms.queries import all_rooms, get_room
from center.rooms.rulebook import book_sentences, room_book
from center.web.blueprints import rooms as blueprint
from center.web.editing import watch
from center.web.rooms.forms import CopyRulesForm, EquipmentForm, NewRoomForm, RoomForm, RulesForm
from center.web.sending import form_page, go_on, is_done, result_of
from center.web.settings.rooms.opening_forms import DivideForm, room_choices
from center.web.settings.saving import press


@blueprint.route("/settings/rooms/new", methods=["GET", "POST"])
@requires(Permission.EDIT_ROOMS)
def new() -> ResponseReturnValue:
    """Enter a new room."""
    form = NewRoomForm(floor=1, position=len(all_rooms(with_retired=True)) + 1, wheelchair_places=0, noise="medium")

    def enter() -> Room:
        return actions.open_room(form.code.data, form.facts(), by=current_user.person, now=clock.now())

    if room := result_of(form, enter, then=_hub):
        return go_on(_("The room is entered. Now give it opening hours."), _hub(room))
    return form_page("settings/rooms/new.html", form)


@blueprint.get("/settings/rooms/<code>")
@requires(Permission.EDIT_ROOMS)
def edit(code: str) -> ResponseReturnValue:
    """The room's settings, each with a page of its own."""
    room = get_room(code)
    book = room_book(room)
    sentences = book_sentences(room, book)
    return render_template("settings/rooms/edit.html", room=room, sentences=sentences, book=book)


@blueprint.route("/settings/rooms/<code>/facts", methods=["GET", "POST"])
@requires(Permission.EDIT_ROOMS)
def edit_facts(code: str) -> ResponseReturnValue:
    """What the room is called, where it is and how many it holds."""
    room = get_room(code)
    form = watch(lambda **given: RoomForm(obj=room, **given))
    if is_done(form, lambda: actions.change_facts(room, form.facts(), by=current_user.person)):
        return go_on(_("Saved."), _hub(room))
    return form_page("settings/rooms/facts.html", form, room=room)


@blueprint.route("/settings/rooms/<code>/equipment", methods=["GET", "POST"])
@requires(Permission.EDIT_ROOMS)
def edit_equipment(code: str) -> ResponseReturnValue:
    """What stands in the room and what makes it usable by everybody."""
    room = get_room(code)
    form = watch(lambda **given: EquipmentForm(data=EquipmentForm.shown(room), **given))
    if is_done(form, lambda: actions.equip(room, *form.chosen(), by=current_user.person)):
        return go_on(_("Saved."), _hub(room))
    return form_page("settings/rooms/equipment.html", form, room=room)


@blueprint.route("/settings/rooms/<code>/rules", methods=["GET", "POST"])
@requires(Permission.EDIT_ROOMS)
def edit_rules(code: str) -> ResponseReturnValue:
    """How the room may be booked."""
    room = get_room(code)
    form = watch(lambda **given: RulesForm(obj=room, **given))
    if is_done(form, lambda: actions.change_rules(room, form.rules(), by=current_user.person)):
        return go_on(_("Saved."), _hub(room))
    return form_page("settings/rooms/rules.html", form, room=room)


@blueprint.route("/settings/rooms/<code>/rules/copy", methods=["GET", "POST"])
@requires(Permission.EDIT_ROOMS)
def copy_rules(code: str) -> ResponseReturnValue:
    """Take over another room's booking rules and fixed windows."""
    room = get_room(code)
    form = CopyRulesForm()
    form.source.choices = room_choices([each for each in all_rooms() if each.id != room.id], with_centre=False)
    if is_done(form, lambda: actions.copy_rules(room, get_room(form.source.data), by=current_user.person)):
        return go_on(_("Saved."), _hub(room))
    return form_page("settings/rooms/copy_rules.html", form, room=room)


@blueprint.route("/settings/rooms/<code>/parts", methods=["GET", "POST"])
@requires(Permission.EDIT_ROOMS)
def edit_parts(code: str) -> ResponseReturnValue:
    """Divide the room into parts."""
    room = get_room(code)
    form = DivideForm(code_1=f"{room.code}A", code_2=f"{room.code}B")
    if is_done(form, lambda: parts.divide(room, form.parts(), by=current_user.person), then=_hub(room)):
        return go_on(_("Saved."), _hub(room))
    return form_page("settings/rooms/parts.html", form, room=room)


@blueprint.post("/settings/rooms/<code>/join")
@requires(Permission.EDIT_ROOMS)
def join_parts(code: str) -> ResponseReturnValue:
    """Make one room of the parts again."""
    room = get_room(code)
    return press(lambda: parts.join(room, by=current_user.person, now=clock.now()), then=_hub(room))


@blueprint.post("/settings/rooms/<code>/retire")
@requires(Permission.EDIT_ROOMS)
def retire(code: str) -> ResponseReturnValue:
    """Take the room out of use."""
    room = get_room(code)
    return press(lambda: actions.retire(room, by=current_user.person, now=clock.now()), then=_hub(room))


@blueprint.post("/settings/rooms/<code>/unretire")
@requires(Permission.EDIT_ROOMS)
def unretire(code: str) -> ResponseReturnValue:
    """Put the room back into use."""
    room = get_room(code)
    return press(lambda: actions.unretire(room, by=current_user.person, now=clock.now()), then=_hub(room))


def _hub(room: Room) -> str:
    return url_for("rooms.edit", code=room.code)
