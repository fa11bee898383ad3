"""Pages on which staff set the centre's own booking rules: quotas, groups of rooms and of people, kinds of use."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel.access import Permission, requires
from center.kernel.i18n import gettext as _
from center.organisations.queries import all_organisations
from center.people.records import get_person
from center.rooms import rulebook, rulebook_actions
from center.rooms.labels import PURPOSE_RULES
from center.rooms.queries import all_rooms
from center.rooms.rule_models import PeopleGroup, PeopleGroupMember, Purpose, Quota, RoomGroup
from center.rooms.rule_sentences import sentence_of
from center.web.blueprints import rooms as blueprint
from center.web.people.searching import search
from center.web.settings.rooms.rulebook_forms import (
    PeopleGroupForm,
    PurposeForm,
    QuotaForm,
    RoomGroupForm,
)
from center.web.settings.saving import press, save, save_rule, watch_row


@blueprint.get("/settings/rules")
@requires(Permission.EDIT_ROOMS)
def rulebook_page() -> ResponseReturnValue:
    """All rules that are not one room's own, each as a sentence."""
    return render_template(
        "settings/rooms/rulebook.html",
        quotas=[(quota, sentence_of(quota)) for quota in rulebook.all_quotas()],
        room_groups=rulebook.all_room_groups(),
        people_groups=rulebook.all_people_groups(),
        purposes=rulebook.all_purposes(),
        PURPOSE_RULES=PURPOSE_RULES,
    )


@blueprint.route("/settings/rules/quotas/new", methods=["GET", "POST"], endpoint="new_quota")
@blueprint.route("/settings/rules/quotas/<id:quota_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_ROOMS)
def edit_quota(quota_id: int | None = None) -> ResponseReturnValue:
    """Set a quota, or change one."""
    quota = rulebook.get_row(Quota, quota_id) if quota_id else None
    title = _("Change a quota") if quota else _("New quota")
    form = watch_row(QuotaForm, quota)
    form.offer(all_rooms(), rulebook.all_room_groups())
    order = ("whose", "most_bookings", "most_minutes", "per", "place", "weekdays", "opens", "closes")

    def change() -> None:
        rulebook_actions.set_quota(quota, form.values(), by=current_user.person)

    return save_rule(form, title, order, change, then=url_for("rooms.rulebook_page"), makes=quota is None)


@blueprint.post("/settings/rules/quotas/<id:quota_id>/remove")
@requires(Permission.EDIT_ROOMS)
def remove_quota(quota_id: int) -> ResponseReturnValue:
    """Remove a quota."""
    return _remove(rulebook.get_row(Quota, quota_id))


@blueprint.route("/settings/rules/room-groups/new", methods=["GET", "POST"], endpoint="new_room_group")
@blueprint.route("/settings/rules/room-groups/<id:room_group_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_ROOMS)
def edit_room_group(room_group_id: int | None = None) -> ResponseReturnValue:
    """Which rooms belong together under a name."""
    group = rulebook.get_row(RoomGroup, room_group_id) if room_group_id else None
    title = _("Change a group of rooms") if group else _("New group of rooms")
    form = watch_row(RoomGroupForm, group)
    form.offer(all_rooms())

    def change() -> None:
        names = {"name": form.name.data, "name_en": form.name_en.data or ""}
        rulebook_actions.set_room_group(group, names, form.rooms.data, by=current_user.person)

    order, then = ("name", "name_en", "rooms"), url_for("rooms.rulebook_page")
    return save_rule(form, title, order, change, then=then, makes=group is None)


@blueprint.post("/settings/rules/room-groups/<id:room_group_id>/remove")
@requires(Permission.EDIT_ROOMS)
def remove_room_group(room_group_id: int) -> ResponseReturnValue:
    """Remove a group of rooms, but none of the rooms."""
    return _remove(rulebook.get_row(RoomGroup, room_group_id))


@blueprint.route("/settings/rules/people-groups/new", methods=["GET", "POST"], endpoint="new_people_group")
@blueprint.route("/settings/rules/people-groups/<id:people_group_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_ROOMS)
def edit_people_group(people_group_id: int | None = None) -> ResponseReturnValue:
    """Who belongs together under a name: people and organisations."""
    group = rulebook.get_row(PeopleGroup, people_group_id) if people_group_id else None
    title = _("Change a group of people") if group else _("New group of people")
    form = watch_row(PeopleGroupForm, group)
    form.offer(all_organisations())
    asked = search()

    def change() -> None:
        names = {"name": form.name.data, "name_en": form.name_en.data or ""}
        organisations = form.organisations.data or []
        rulebook_actions.set_people_group(group, names, organisations, by=current_user.person)

    return save(
        form,
        "settings/rooms/people_group.html",
        change,
        then=url_for("rooms.rulebook_page", _anchor="people-groups"),
        makes=group is None,
        title=title,
        group=group,
        search=asked.form,
        text=asked.text,
        found=asked.found if group else [],
    )


@blueprint.post("/settings/rules/people-groups/<id:people_group_id>/remove")
@requires(Permission.EDIT_ROOMS)
def remove_people_group(people_group_id: int) -> ResponseReturnValue:
    """Remove a group of people, but none of the people."""
    return _remove(rulebook.get_row(PeopleGroup, people_group_id))


@blueprint.post("/settings/rules/people-groups/<id:people_group_id>/people/<id:person_id>")
@requires(Permission.EDIT_ROOMS)
def add_group_member(people_group_id: int, person_id: int) -> ResponseReturnValue:
    """Let a person belong to a group."""
    group, person = rulebook.get_row(PeopleGroup, people_group_id), get_person(person_id)
    return press(
        lambda: rulebook_actions.add_to_group(group, person, by=current_user.person),
        then=url_for("rooms.edit_people_group", people_group_id=group.id),
    )


@blueprint.post("/settings/rules/people-groups/members/<id:group_member_id>/remove")
@requires(Permission.EDIT_ROOMS)
def remove_group_member(group_member_id: int) -> ResponseReturnValue:
    """Let a person belong to a group no longer."""
    member = rulebook.get_row(PeopleGroupMember, group_member_id)
    then = url_for("rooms.edit_people_group", people_group_id=member.group_id)
    return press(lambda: rulebook_actions.take_from_group(member, by=current_user.person), then=then)


@blueprint.route("/settings/rules/purposes/new", methods=["GET", "POST"], endpoint="new_purpose")
@blueprint.route("/settings/rules/purposes/<id:purpose_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_ROOMS)
def edit_purpose(purpose_id: int | None = None) -> ResponseReturnValue:
    """Enter a kind of use, or change one."""
    purpose = rulebook.get_row(Purpose, purpose_id) if purpose_id else None
    title = _("Change a kind of use") if purpose else _("New kind of use")
    form = watch_row(PurposeForm, purpose, position=10 * (len(rulebook.all_purposes()) + 1))

    names = ("name", "name_en", "rule", "position", "is_retired")

    def change() -> None:
        values = {name: form[name].data for name in names}
        rulebook_actions.set_purpose(purpose, {**values, "name_en": values["name_en"] or ""}, by=current_user.person)

    return save_rule(form, title, names, change, then=url_for("rooms.rulebook_page"), makes=purpose is None)


@blueprint.post("/settings/rules/purposes/<id:purpose_id>/remove")
@requires(Permission.EDIT_ROOMS)
def remove_purpose(purpose_id: int) -> ResponseReturnValue:
    """Remove a kind of use that no booking was ever made for."""
    return _remove(rulebook.get_row(Purpose, purpose_id))


def _remove(row: Any) -> ResponseReturnValue:
    return press(lambda: rulebook_actions.remove(row, by=current_user.person), then=url_for("rooms.rulebook_page"))
