"""The demonstration's rules beside the rooms' own: quotas, kinds of use, kept hours, and a room for its makers."""

from collections.abc import Mapping
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
    ("义卖剪纸", "Selling paper-cuttings", PurposeRule.NOT_ALLOWED),
    ("其他销售", "Other selling", PurposeRule.NOT_ALLOWED),
)
SCHOOL_ROOM, STUDIO, FILM_ROOM = "after_school", "paper_cutting", "film"


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
    session.add_all(
        [
            Quota(whose=Whose.HOUSEHOLD, per=Period.WEEK, most_bookings=4, weekdays=EVERY_DAY),
            Quota(whose=Whose.PERSON, per=Period.WEEK, most_minutes=360, weekdays=EVERY_DAY, room_group_id=loud.id),
            Quota(
                whose=Whose.ORGANISATION,
                per=Period.WEEK,
                most_minutes=480,
                weekdays=WORKDAYS,
                opens=time(18),
                closes=time(21),
                room_group_id=loud.id,
            ),
        ]
    )
    session.flush()
