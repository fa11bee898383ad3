"""What a device may do, in a table."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from center.activities.models import Session
from center.attendance.duties import DeviceState, may_do, state_of
from center.attendance.models.devices import Device, Duty
from center.rooms.models import Room
from tests.builders import ZONE
from tests.engines import ONE_ENGINE

pytestmark = [ONE_ENGINE, pytest.mark.usefixtures("app")]

HALL, STAGE, GALLERY, OFFICE = Room(id=1), Room(id=2, parent_id=1), Room(id=3, parent_id=1), Room(id=4)


def day(hour: int, minute: int = 0, *, days: int = 0) -> datetime:
    return datetime(2026, 11, 24, hour, minute, tzinfo=ZONE) + timedelta(days=days)


def session(room: Room | None = OFFICE, *, session_id: int = 7, days: int = 0) -> Session:
    made = Session(id=session_id, starts_at=day(14, days=days), ends_at=day(15, days=days))
    made.room = room
    return made


def device(duty: Duty, *, room: Room | None = None, session_id: int | None = None, **facts: Any) -> Device:
    made = Device(duty=duty, session_id=session_id, **{"paired_at": day(8), "expires_at": day(0, days=1), **facts})
    made.room = room
    return made


ENTRANCE = device(Duty.ENTRANCE)
AT_OFFICE, AT_HALL, AT_STAGE = (device(Duty.ROOM, room=room) for room in (OFFICE, HALL, STAGE))
OF_SEVEN = device(Duty.SESSION, session_id=7)

CASES = [
    ("its own session", OF_SEVEN, session(), day(14), True),
    ("its own session, in another room by now", OF_SEVEN, session(HALL), day(14), True),
    ("another session in the same room", OF_SEVEN, session(session_id=8), day(14), False),
    ("what is on in its room", AT_OFFICE, session(), day(14, 30), True),
    ("what begins within the hour", AT_OFFICE, session(), day(13), True),
    ("what begins later", AT_OFFICE, session(), day(12, 59), False),
    ("what ended within two hours", AT_OFFICE, session(), day(16, 59), True),
    ("what ended long ago", AT_OFFICE, session(), day(17), False),
    ("what is on elsewhere", AT_OFFICE, session(HALL), day(14), False),
    ("what is on outside the centre", AT_OFFICE, session(None), day(14), False),
    ("a part, at the door of its whole", AT_HALL, session(GALLERY), day(14), True),
    ("the whole, at the door of a part", AT_STAGE, session(HALL), day(14), True),
    ("another part of the same whole", AT_STAGE, session(GALLERY), day(14), False),
    ("whatever is on today, at the entrance", ENTRANCE, session(None), day(8), True),
    ("tomorrow's, at the entrance", ENTRANCE, session(days=1), day(14), False),
    ("yesterday's, at the entrance", ENTRANCE, session(days=-1), day(14), False),
    ("before it was paired", device(Duty.ENTRANCE, paired_at=None), session(), day(14), False),
    ("after it was revoked", device(Duty.ENTRANCE, revoked_at=day(13)), session(), day(14), False),
    ("after its time", device(Duty.ENTRANCE, expires_at=day(14)), session(), day(14), False),
]


@pytest.mark.parametrize(("words", "what", "which", "at", "may"), CASES, ids=[case[0] for case in CASES])
def test_a_device_does_one_thing(words: str, what: Device, which: Session, at: datetime, may: bool) -> None:
    assert may_do(what, which, at) is may, words


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"paired_at": None, "code_expires_at": day(9)}, DeviceState.WAITING),
        ({"paired_at": None, "code_expires_at": day(8)}, DeviceState.LAPSED),
        ({}, DeviceState.PAIRED),
        ({"expires_at": day(8)}, DeviceState.OVER),
        ({"revoked_at": day(8)}, DeviceState.REVOKED),
        ({"revoked_at": day(8), "wiped_at": day(8)}, DeviceState.WIPED),
    ],
)
def test_a_device_stands_in_one_state(facts: dict[str, Any], state: DeviceState) -> None:
    assert state_of(device(Duty.ENTRANCE, **facts), day(8)) is state
