"""The demonstration's rules beside the rooms' own: quotas, kinds of use, kept hours, and a room for its makers."""

from collections.abc import Mapping, Sequence
from datetime import time

from sqlalchemy.orm import Session

from center.rooms.models import Noise, Room
from center.rooms.rule_models import (
    EVERY_DAY,
    WORKDAYS,
    ApprovalHours,
    PeopleGroup,
    PeopleGroupMember,
    Period,
    PriorityWindow,
    Purpose,
    PurposeRule,
    Quota,
    RoomAudience,
    RoomGroup,
    RoomPurpose,
    Whose,
)

PURPOSES = (
    ("聚会、聊天", "Meeting and talking", PurposeRule.ALLOWED),
    ("学习、读书", "Learning and reading", PurposeRule.ALLOWED),
    ("手工", "Handicraft", PurposeRule.ALLOWED),
    ("唱歌、跳舞、健身", "Singing, dancing, exercise", PurposeRule.ALLOWED),
    ("排练、演出", "Rehearsal and performance", PurposeRule.ALLOWED),
    ("会议、培训", "Meeting of an organisation, training", PurposeRule.ALLOWED),
    ("拍照、采访", "Photographs and interviews", PurposeRule.APPROVAL),
    ("义卖剪纸", "Selling paper-cuttings", PurposeRule.APPROVAL),
    ("其他销售", "Other selling", PurposeRule.NOT_ALLOWED),
)
CLASSROOM, STUDIO, READING_ROOM, PAINTING_ROOM, DANCE_ROOM = "R04", "R05", "R01", "R02", "R07"


def set_rules(session: Session, rooms: Mapping[str, Room], organisations: Mapping[str, int]) -> None:
    """Set them. Rooms are by code, organisations' ids by slug."""
    purposes = [
        Purpose(name=name, name_en=name_en, rule=rule, position=place * 10)
        for place, (name, name_en, rule) in enumerate(PURPOSES, start=1)
    ]
    loud = RoomGroup(name="可以出声的功能室", name_en="Loud rooms")
    loud.rooms = [room for room in rooms.values() if room.noise is Noise.LOUD and room.parent_id is None]
    session.add_all([*purposes, loud])
    session.flush()
    session.add_all(_quotas(loud))
    school = _group("四点半学校", "After-school programme", [organisations["green-shoots"], organisations["centre"]])
    makers = _group("剪纸工作室成员", "Members of the paper-cutting studio", [organisations["paper-cutting-studio"]])
    dancers = _group("幸福里舞蹈队", "Xingfuli dancers", [organisations["xingfuli-dancers"]])
    session.add_all([school, makers, dancers])
    session.flush()
    session.add_all(
        [
            _kept(rooms[CLASSROOM], school, WORKDAYS, time(15, 30), time(18, 30)),
            _kept(rooms[DANCE_ROOM], dancers, 0b1010, time(19), time(20, 30), release_days=3),
            RoomAudience(room_id=rooms[STUDIO].id, group_id=makers.id),
            RoomPurpose(room_id=rooms[READING_ROOM].id, purpose_id=purposes[3].id, rule=PurposeRule.NOT_ALLOWED),
            ApprovalHours(room_id=rooms[PAINTING_ROOM].id, weekdays=EVERY_DAY, opens=time(9), closes=time(18)),
        ]
    )


def _quotas(loud: RoomGroup) -> list[Quota]:
    """Four bookings a household in a week; six hours of loud rooms a person, eight evening hours an organisation."""
    of_loud = {"per": Period.WEEK, "room_group_id": loud.id}
    evenings = {"weekdays": WORKDAYS, "opens": time(18), "closes": time(21)}
    return [
        Quota(whose=Whose.HOUSEHOLD, per=Period.WEEK, most_bookings=4, weekdays=EVERY_DAY),
        Quota(whose=Whose.PERSON, most_minutes=360, weekdays=EVERY_DAY, **of_loud),
        Quota(whose=Whose.ORGANISATION, most_minutes=480, **evenings, **of_loud),
    ]


def _group(name: str, name_en: str, organisation_ids: Sequence[int]) -> PeopleGroup:
    group = PeopleGroup(name=name, name_en=name_en)
    group.members = [PeopleGroupMember(organisation_id=each) for each in organisation_ids]
    return group


def _kept(
    room: Room, group: PeopleGroup, weekdays: int, opens: time, closes: time, *, release_days: int | None = None
) -> PriorityWindow:
    return PriorityWindow(
        room_id=room.id,
        group_id=group.id,
        name=group.name,
        name_en=group.name_en,
        weekdays=weekdays,
        opens=opens,
        closes=closes,
        release_days=release_days,
    )
