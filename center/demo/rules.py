"""The demonstration's rules beside the rooms' own: quotas, kinds of use, kept hours, and a room for its makers."""

from center.demo.scene import Scene
from center.demo.source import centre, row_of
from center.rooms.models import Noise
from center.rooms.rule_models import (
    ApprovalHours,
    PeopleGroup,
    PeopleGroupMember,
    PriorityWindow,
    Purpose,
    PurposeRule,
    Quota,
    RoomAudience,
    RoomGroup,
    RoomPurpose,
)


def set_rules(scene: Scene) -> None:
    """Set them as `centre.json` says."""
    rules = centre()["rules"]
    purposes = [row_of(Purpose, each, position=place * 10) for place, each in enumerate(rules["purposes"], start=1)]
    loud = row_of(RoomGroup, rules["loud_rooms"])
    loud.rooms = [room for room in scene.rooms.values() if room.noise is Noise.LOUD and room.parent_id is None]
    groups = {key: _group(scene, **each) for key, each in rules["groups"].items()}
    scene.session.add_all([*purposes, loud, *groups.values()])
    scene.session.flush()
    quotas = [row_of(Quota, each) for each in rules["quotas"]]
    quotas += [row_of(Quota, each, room_group_id=loud.id) for each in rules["quotas_of_loud_rooms"]]
    scene.session.add_all(quotas)
    rooms = {code: room.id for code, room in scene.rooms.items()}
    for known in rules["kept_hours"]:
        group = groups[known["group"]]
        whose = {"group_id": group.id, "name": group.name, "name_en": group.name_en}
        scene.session.add(row_of(PriorityWindow, known["hours"], room_id=rooms[known["room"]], **whose))
    for known in rules["only_for"]:
        scene.session.add(RoomAudience(room_id=rooms[known["room"]], group_id=groups[known["group"]].id))
    for known in rules["other_purposes"]:
        purpose = next(each for each in purposes if each.name == known["purpose"])
        rule = PurposeRule(known["rule"])
        scene.session.add(RoomPurpose(room_id=rooms[known["room"]], purpose_id=purpose.id, rule=rule))
    for known in rules["approval_hours"]:
        scene.session.add(row_of(ApprovalHours, known["hours"], room_id=rooms[known["room"]]))


def _group(scene: Scene, *, members: list[str], **names: str) -> PeopleGroup:
    group = PeopleGroup(**names)
    group.members = [PeopleGroupMember(organisation_id=scene.organisations[slug]) for slug in members]
    return group
