"""The pages of rooms: what everybody sees, and what staff edit."""

import re
from datetime import time, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.spans import LocalSpan
from center.people.models import Account, Role
from center.rooms import opening
from center.rooms.models import AccessFeature, Closure, HoursException, Room, RoomEquipment, RoomFeature
from center.rooms.queries import get_room
from center.web.settings.rooms.opening_forms import DAY_NAMES
from tests.builders import at, make_account, make_booking, make_hall, make_room, sign_in, somebody
from tests.engines import ONE_ENGINE
from tests.statements import selects

pytestmark = ONE_ENGINE

ENGLISH = {"lang": "en"}


def read(client: FlaskClient, path: str, status: int = 200, **query: Any) -> str:
    answer = client.get(path, query_string={**ENGLISH, **query})
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def send(client: FlaskClient, path: str, status: int = 303, **data: Any) -> str:
    answer = client.post(path, data=data, query_string=ENGLISH)
    if status == 422 and "draft=" in (answer.location or ""):  # something is asked first, on a page of its own
        return client.get(answer.location).get_data(as_text=True)
    text = answer.get_data(as_text=True)
    assert answer.status_code == status, re.findall(r"field__errors.*?</div>", text, re.S)
    return text


def count(model: Any) -> Any:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def fresh(room: Room) -> Room:
    db.session.rollback()
    db.session.expire_all()
    return get_room(room.code)


def equipped(*features: Any, **facts: Any) -> Room:
    room = make_room(**facts)
    with transaction() as session:
        room = session.get_one(Room, room.id)
        room.features = [RoomFeature(feature=feature) for feature in features]
        room.equipment = [RoomEquipment(name="投影仪", name_en="Projector")]
    return room


# What everybody sees


def test_the_list_shows_what_decides_between_rooms(client: FlaskClient) -> None:
    equipped(AccessFeature.STEP_FREE, capacity=40, floor=2, wheelchair_places=3)
    page = read(client, "/rooms")
    for words in ("Holds 40 people", "Floor 2", "Step-free", "3 wheelchair places", "Open today", "08:00–21:00"):
        assert words in page


def test_an_empty_list_says_what_to_do(client: FlaskClient) -> None:
    assert "There are no rooms yet" in read(client, "/rooms")


def test_rooms_are_found_by_people_and_access(client: FlaskClient) -> None:
    small = equipped(AccessFeature.STEP_FREE, capacity=10)
    large = equipped(AccessFeature.STEP_FREE, AccessFeature.HEARING_LOOP, capacity=80)
    page = read(client, "/rooms", people="30", access=["step_free", "hearing_loop"])
    assert large.name_en in page
    assert small.name_en not in page
    assert "1 room suits you" in page
    assert "No room has all of this" in read(client, "/rooms", people="500")


@pytest.mark.parametrize("people", ["-1", "abc", "0", "99999999999999999999", "😀", "1.5"])
def test_a_number_that_is_none_is_said_so_and_shows_all_rooms(client: FlaskClient, people: str) -> None:
    room = make_room()
    page = read(client, "/rooms", people=people)
    assert room.name_en in page
    assert "error-summary" in page


def test_retired_rooms_are_hidden_from_everybody_but_staff(client: FlaskClient, app: Flask) -> None:
    room = make_room(is_retired=True)
    assert room.name_en not in read(client, "/rooms")
    for page in (f"/rooms/{room.code}", f"/rooms/{room.code}/week"):
        read(client, page, status=404)
    sign_in(client, make_account(roles=[Role.DIRECTOR]))
    assert "This room is retired" in read(client, f"/rooms/{room.code}")
    read(client, f"/rooms/{room.code}/week")


@pytest.mark.parametrize("code", ["NOPE", "%00", "%F0%9F%98%80", "x" * 300, "..%2F..%2Fetc"])
def test_a_forged_code_is_not_found(client: FlaskClient, code: str) -> None:
    read(client, f"/rooms/{code}", status=404)


def test_a_rooms_page_tells_everything(client: FlaskClient) -> None:
    room = equipped(AccessFeature.HEARING_LOOP, max_minutes=120, org_max_minutes=180, windows=[(time(9), time(11, 30))])
    tomorrow = at(0).date()
    with transaction():
        opening.add_exception(
            None,
            tomorrow,
            [LocalSpan(time(9), time(12))],
            reason="开会",
            reason_en="A meeting",
            by=somebody(),
            now=clock.now(),
        )
    page = read(client, f"/rooms/{room.code}")
    for words in (
        "Hearing loop",
        "Projector",
        "Public holidays",
        "A meeting",
        "A resident&#39;s booking lasts from 30 minutes to 2 hours, an organisation&#39;s up to 3 hours.",
        "Bookings must lie within 09:00–11:30.",
        f"/bookings/new/{room.code}",
        f"/rooms/{room.code}/week",
    ):
        assert words in page


def test_parts_and_whole_lead_to_each_other(client: FlaskClient) -> None:
    hall, left, _right = make_hall()
    assert f'href="/rooms/{left.code}"' in read(client, f"/rooms/{hall.code}")
    assert f'href="/rooms/{hall.code}"' in read(client, f"/rooms/{left.code}")


def test_the_list_costs_the_same_however_many_rooms(client: FlaskClient) -> None:
    make_hall()
    with selects() as few:
        read(client, "/rooms")
    for _ in range(6):
        make_hall()
    with selects() as many:
        read(client, "/rooms")
    assert len(many) == len(few)


# Who may edit


STAFF_PAGES = [
    "/settings/rooms/new",
    "/settings/rooms/{code}",
    "/settings/rooms/{code}/facts",
    "/settings/rooms/{code}/equipment",
    "/settings/rooms/{code}/hours",
    "/settings/rooms/{code}/windows",
    "/settings/rooms/{code}/rules",
    "/settings/rooms/{code}/rules/copy",
    "/settings/rooms/{code}/parts",
    "/settings/exceptions",
    "/settings/exceptions/new",
    "/settings/closures",
    "/settings/closures/new",
]


@pytest.mark.parametrize("page", STAFF_PAGES)
def test_a_resident_edits_nothing(client: FlaskClient, page: str) -> None:
    room = make_room()
    sign_in(client, make_account())
    read(client, page.format(code=room.code), status=403)


@pytest.mark.parametrize("page", [page for page in STAFF_PAGES if "{code}" in page])
def test_a_forged_code_is_not_found_by_staff_either(client: FlaskClient, director: Account, page: Any) -> None:
    read(client, page.format(code="NOPE"), status=404)


def test_a_resident_finds_no_way_to_edit(client: FlaskClient) -> None:
    room = make_room()
    sign_in(client, make_account())
    assert "/edit" not in read(client, f"/rooms/{room.code}")


# What staff edit


FACTS: dict[str, Any] = {
    "name": "新室",
    "name_en": "New room",
    "capacity": "30",
    "wheelchair_places": "2",
    "floor": "2",
    "noise": "quiet",
    "position": "3",
    "about": "安静 📚",
}


def test_a_new_room_is_entered(client: FlaskClient, director: Account) -> None:
    send(client, "/settings/rooms/new", code="R77", **FACTS)
    room = get_room("R77")
    assert (room.name, room.capacity, room.about, room.is_confidential) == ("新室", 30, "安静 📚", False)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"code": "a/b"}, "letters, digits and hyphens", id="code"),
        pytest.param({"capacity": "many"}, "whole number", id="capacity in words"),
        pytest.param({"capacity": "0"}, "A number from 1 to 5000", id="holds nobody"),
        pytest.param({"capacity": "9" * 30}, "A number from 1 to 5000", id="holds everybody"),
        pytest.param({"wheelchair_places": "31"}, "more wheelchair places", id="wheelchair places"),
        pytest.param({"name": "室" * 61}, "At most 60 characters", id="long name"),
        pytest.param({"name": "a\x00b"}, "cannot be stored", id="control character"),
        pytest.param({"name": ""}, "Please fill this in", id="no name"),
        pytest.param({"noise": "deafening"}, "error-summary", id="forged choice"),
    ],
)
def test_bad_facts_are_refused_and_what_was_typed_stays(
    client: FlaskClient, director: Account, changes: dict[str, Any], message: str
) -> None:
    page = send(client, "/settings/rooms/new", 422, **{"code": "R77", **FACTS, "name_en": "Kept as typed", **changes})
    assert message in page
    assert "Kept as typed" in page
    assert count(Room) == 0


def test_facts_are_changed(client: FlaskClient, director: Account) -> None:
    room = make_room()
    send(client, f"/settings/rooms/{room.code}/facts", **FACTS, is_confidential="y")
    assert fresh(room).name_en == "New room"
    assert fresh(room).is_confidential


def test_equipment_is_one_thing_a_line(client: FlaskClient, director: Account) -> None:
    room = equipped(AccessFeature.LIFT)
    page = read(client, f"/settings/rooms/{room.code}/equipment")
    assert "投影仪 | Projector" in page
    send(
        client,
        f"/settings/rooms/{room.code}/equipment",
        equipment="鼓 | Drum\r\n\r\n椅子",
        features=["lift", "step_free"],
    )
    room = fresh(room)
    assert [(each.name, each.name_en) for each in room.equipment] == [("鼓", "Drum"), ("椅子", "")]
    assert {each.feature.value for each in room.features} == {"lift", "step_free"}


def test_a_forged_access_feature_is_refused(client: FlaskClient, director: Account) -> None:
    room = make_room()
    send(client, f"/settings/rooms/{room.code}/equipment", 422, features=["flying_carpet"])


def week(**lines: Any) -> dict[str, Any]:
    """The form as a browser sends it: every line, most of them empty."""
    return {**dict.fromkeys(DAY_NAMES, ""), **lines}


def test_hours_are_edited_a_line_a_day(client: FlaskClient, director: Account) -> None:
    room = make_room()
    assert 'value="08:00-21:00"' in read(client, f"/settings/rooms/{room.code}/hours")
    send(client, f"/settings/rooms/{room.code}/hours", **week(monday="8:30-12, 14:00-24:00"))
    assert [(row.weekday, row.opens, row.closes) for row in fresh(room).hours] == [
        (0, time(8, 30), time(12)),
        (0, time(14), time(0)),
    ]


def test_hours_that_cannot_be_stay_as_typed_with_the_message_on_their_day(
    client: FlaskClient, director: Account
) -> None:
    room = make_room()
    page = send(client, f"/settings/rooms/{room.code}/hours", 422, monday="8:30-12", friday="all day long")
    assert 'value="all day long"' in page
    assert 'href="#friday"' in page
    assert len(fresh(room).hours) == 8


def test_hours_that_shut_out_a_booking_show_the_list(client: FlaskClient, director: Account) -> None:
    room = make_room()
    make_booking(room=room, starts_at=at(14))
    page = send(client, f"/settings/rooms/{room.code}/hours", 422, **week(monday="09:00-10:00"))
    assert "1 use is in the way" in page
    assert "14:00" in page
    assert len(fresh(room).hours) == 8


def test_windows_are_edited_a_line_each(client: FlaskClient, director: Account) -> None:
    room = make_room()
    send(client, f"/settings/rooms/{room.code}/windows", windows="14:30-17:30 打鼓 | drums\n9-11:30")
    assert [(row.opens, row.reason, row.reason_en) for row in fresh(room).windows] == [
        (time(9), "", ""),
        (time(14, 30), "打鼓", "drums"),
    ]
    assert "14:30-17:30 打鼓 | drums" in read(client, f"/settings/rooms/{room.code}/windows")
    assert "is not understood" in send(client, f"/settings/rooms/{room.code}/windows", 422, windows="afternoons")


RULES: dict[str, Any] = {
    "organisations_may_book": "y",
    "approval": "always",
    "approval_from_people": "50",
    "min_people": "1",
    "min_minutes": "60",
    "max_minutes": "120",
    "org_max_minutes": "240",
    "step_minutes": "60",
    "buffer_minutes": "0",
    "notice_minutes": "0",
    "horizon_days": "14",
    "org_horizon_days": "30",
    "live_limit": "2",
    "org_live_limit": "0",
    "cancel_minutes": "0",
    "expire_minutes": "0",
    "set_up_minutes": "0",
    "release_minutes": "0",
    "series_weeks": "20",
    "org_series_limit": "1",
}


def test_rules_are_edited_and_read_as_sentences(client: FlaskClient, director: Account) -> None:
    room = make_room()
    send(client, f"/settings/rooms/{room.code}/rules", **RULES)
    assert fresh(room).org_max_minutes == 240
    assert not fresh(room).residents_may_book
    assert "The desk must approve every booking" in read(client, f"/rooms/{room.code}")


def test_rules_that_contradict_each_other_are_told_on_their_fields(client: FlaskClient, director: Account) -> None:
    room = make_room()
    page = send(client, f"/settings/rooms/{room.code}/rules", 422, **{**RULES, "max_minutes": "30", "min_people": "99"})
    assert 'href="#max_minutes"' in page
    assert 'href="#min_people"' in page


def test_rules_are_copied_from_a_real_room_only(client: FlaskClient, director: Account) -> None:
    room, source = make_room(), make_room(max_minutes=90)
    send(client, f"/settings/rooms/{room.code}/rules/copy", 422, source="NOPE")
    send(client, f"/settings/rooms/{room.code}/rules/copy", source=source.code)
    assert fresh(room).max_minutes == 90


PARTS: dict[str, Any] = {
    "code_1": "HA",
    "name_1": "东区",
    "capacity_1": "10",
    "code_2": "HB",
    "name_2": "西区",
    "capacity_2": "10",
}


def test_a_room_is_divided_and_joined_again(client: FlaskClient, director: Account) -> None:
    room = make_room()
    send(client, f"/settings/rooms/{room.code}/parts", **PARTS)
    assert [part.code for part in fresh(room).parts] == ["HA", "HB"]
    send(client, f"/settings/rooms/{room.code}/join")
    assert fresh(room).parts == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"code_2": ""}, "code_2", id="no second part"),
        pytest.param({"code_3": "HC"}, "name_3", id="a third part half filled in"),
        pytest.param({"capacity_1": "none"}, "capacity_1", id="no number"),
        pytest.param({"code_2": "HA"}, "code_2", id="one code twice"),
        pytest.param({"capacity_2": "21"}, "capacity_2", id="larger than the whole"),
    ],
)
def test_parts_that_cannot_be_are_told_on_their_field(
    client: FlaskClient, director: Account, changes: dict[str, Any], field: str
) -> None:
    room = make_room(capacity=20)
    page = send(client, f"/settings/rooms/{room.code}/parts", 422, **{**PARTS, **changes})
    assert f'href="#{field}"' in page
    assert 'value="东区"' in page
    assert count(Room) == 1


def test_joining_in_use_is_refused_with_the_list(client: FlaskClient, director: Account) -> None:
    hall, left, _right = make_hall()
    make_booking(room=left, starts_at=at(10))
    page = send(client, f"/settings/rooms/{hall.code}/join", 409)
    assert "1 use is in the way" in page


def test_a_room_retires_and_comes_back(client: FlaskClient, director: Account) -> None:
    room = make_room()
    make_booking(room=room, starts_at=at(10, days=-1))
    send(client, f"/settings/rooms/{room.code}/retire")
    assert fresh(room).is_retired
    send(client, f"/settings/rooms/{room.code}/unretire")
    assert not fresh(room).is_retired
    make_booking(room=room, starts_at=at(10))
    assert "1 use is in the way" in send(client, f"/settings/rooms/{room.code}/retire", 409)


def test_other_hours_are_added_listed_and_removed(client: FlaskClient, director: Account) -> None:
    room = make_room()
    day = at(0, days=3).date()
    send(
        client, "/settings/exceptions/new", room=room.code, on_date=day.isoformat(), hours="9-12", reason="Stocktaking"
    )
    send(client, "/settings/exceptions/new", room="", on_date=day.isoformat(), hours="", reason="Outing")
    page = read(client, "/settings/exceptions")
    assert "Stocktaking" in page
    assert "The whole centre" in page
    assert "Stocktaking" in read(client, "/settings/exceptions", room=room.code)
    for exception in db.session.scalars(select(HoursException.id)).all():
        send(client, f"/settings/exceptions/{exception}/remove")
    assert "No other hours are set" in read(client, "/settings/exceptions")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"on_date": "2026-02-30"}, "on_date", id="no such day"),
        pytest.param({"on_date": "0001-01-01"}, "on_date", id="long ago"),
        pytest.param({"on_date": "9999-12-31"}, "on_date", id="far ahead"),
        pytest.param({"on_date": "2020-01-01"}, "on_date", id="past"),
        pytest.param({"hours": "12-9"}, "hours", id="backwards"),
        pytest.param({"reason": ""}, "reason", id="no reason"),
        pytest.param({"room": "NOPE"}, "room", id="forged room"),
    ],
)
def test_other_hours_that_cannot_be_are_told_on_their_field(
    client: FlaskClient, director: Account, changes: dict[str, Any], field: str
) -> None:
    known = {"room": "", "on_date": at(0).date().isoformat(), "hours": "9-12", "reason": "Typed reason"}
    page = send(client, "/settings/exceptions/new", 422, **{**known, **changes})
    assert f'href="#{field}"' in page
    assert count(HoursException) == 0


def closure(room: str = "", **changes: Any) -> dict[str, Any]:
    day = (at(0) + timedelta(days=2)).date()
    known = {"from_date": day.isoformat(), "from_time": "08:00", "to_date": day.isoformat(), "to_time": "18:00"}
    return {"room": room, "reason": "维修", "reason_en": "Repairs", **known, **changes}


@pytest.mark.parametrize("address", ["/settings/closures/new", "/settings/exceptions/new"])
def test_nobody_shuts_the_whole_centre_by_chance(client: FlaskClient, director: Account, address: str) -> None:
    make_room()
    page = read(client, address)
    assert re.search(r'<option selected value="-">', page)
    known = closure("-") | {"on_date": at(0).date().isoformat(), "hours": ""}
    assert "Please choose a room, or the whole centre." in send(client, address, 422, **known)
    send(client, address, **{**known, "room": ""})


def test_a_room_is_closed_and_opened_again(client: FlaskClient, director: Account) -> None:
    room = make_room()
    send(client, "/settings/closures/new", **closure(room.code))
    assert "Repairs" in read(client, "/settings/closures")
    assert "Repairs" in read(client, f"/rooms/{room.code}")
    closed = db.session.scalar(select(Closure.id))
    send(client, f"/settings/closures/{closed}/lift")
    assert "Lifted" in read(client, "/settings/closures")
    assert "over already" in send(client, f"/settings/closures/{closed}/lift", 422)
    send(client, "/settings/closures/99999/lift", 404)


def test_a_closure_over_a_booking_shows_the_list(client: FlaskClient, director: Account) -> None:
    room = make_room()
    make_booking(room=room, starts_at=at(10, days=3))
    page = send(
        client,
        "/settings/closures/new",
        422,
        **closure("", from_date=at(0).date().isoformat(), to_date=at(0, days=9).date().isoformat()),
    )
    assert "1 use is in the way" in page
    assert count(Closure) == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"to_time": "07:00"}, "to_date", id="ends before it starts"),
        pytest.param({"to_time": "25:00"}, "to_time", id="no such time"),
        pytest.param({"from_time": ""}, "from_time", id="no time"),
        pytest.param({"to_date": "2099-01-01"}, "to_date", id="for decades"),
        pytest.param({"room": "NOPE"}, "room", id="forged room"),
        pytest.param({"reason": "x" * 81}, "reason", id="long reason"),
    ],
)
def test_a_closure_that_cannot_be_is_told_on_its_field(
    client: FlaskClient, director: Account, changes: dict[str, Any], field: str
) -> None:
    make_room()
    page = send(client, "/settings/closures/new", 422, **closure(**changes))
    assert f'href="#{field}"' in page
    assert count(Closure) == 0
