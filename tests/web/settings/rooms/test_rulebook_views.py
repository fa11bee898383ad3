"""Pages on which staff set quotas, groups, kinds of use and kept hours."""

from datetime import time
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from center.kernel.db import db, transaction
from center.people.models import Account, Role
from center.rooms.rule_models import (
    ApprovalHours,
    PeopleGroup,
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
from tests.builders import (
    make_account,
    make_booking,
    make_organisation,
    make_people_group,
    make_person,
    make_priority,
    make_purpose,
    make_quota,
    make_room,
    make_room_group,
    sign_in,
)
from tests.engines import ONE_ENGINE
from tests.there import there
from tests.walking import opened

pytestmark = ONE_ENGINE

ENGLISH = {"lang": "en"}
DAYS = [str(day) for day in range(8)]


def send(client: FlaskClient, path: str, **values: Any) -> TestResponse:
    """What a browser sends: at least the token, and empty fields as such."""
    return client.post(path, data={"csrf_token": "", **values}, query_string=ENGLISH)


def read(client: FlaskClient, path: str, **query: str) -> str:
    return opened(client, path, query_string={**ENGLISH, **query}).get_data(as_text=True)


def all_of(model: Any) -> Any:
    db.session.rollback()
    return list(db.session.scalars(select(model)))


def test_a_quota_is_set_read_as_a_sentence_changed_and_removed(client: FlaskClient, director: Account) -> None:
    loud = make_room_group(make_room(), name_en="Loud rooms")
    values = {"whose": "household", "per": "week", "place": f"group-{loud.id}", "weekdays": DAYS[:5]}
    answer = send(client, "/settings/rules/quotas/new", most_bookings="2", most_minutes="240", **values)
    assert answer.status_code == 303
    page = read(client, "/settings/rules")
    assert "Each household can have at most 2 bookings and 4 hours a week in “Loud rooms”." in page
    assert "Only this time counts: working days." in page
    (quota,) = all_of(Quota)
    send(
        client,
        f"/settings/rules/quotas/{quota.id}",
        most_bookings="3",
        most_minutes="",
        opens="18:00",
        closes="21:00",
        **values,
    )
    assert "at most 3 bookings a week" in read(client, "/settings/rules")
    assert "working days 18:00–21:00" in read(client, "/settings/rules")
    send(client, f"/settings/rules/quotas/{quota.id}/remove")
    assert all_of(Quota) == []
    assert "There are no quotas" in read(client, "/settings/rules")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({}, "number of bookings, or of minutes", id="no limit at all"),
        pytest.param({"most_bookings": "-1"}, "A number from 0", id="negative"),
        pytest.param({"most_bookings": "two"}, "whole number", id="in words"),
        pytest.param({"most_bookings": "2", "weekdays": []}, "at least one day", id="no day"),
        pytest.param({"most_bookings": "2", "closes": "21:00"}, "both times, or none", id="one time only"),
        pytest.param(
            {"most_bookings": "2", "opens": "21:00", "closes": "18:00"}, "end after it starts", id="backwards"
        ),
        pytest.param({"most_bookings": "2", "place": "room-999999"}, "choose one of these", id="no such room"),
        pytest.param({"most_bookings": "2", "whose": "nobody"}, "choose one of these", id="nobody's"),
    ],
)
def test_a_quota_that_makes_no_sense_is_told_on_its_field(
    client: FlaskClient, director: Account, changes: dict[str, Any], message: str
) -> None:
    values = {"whose": "person", "per": "week", "place": "", "weekdays": DAYS, **changes}
    answer = send(client, "/settings/rules/quotas/new", **values)
    assert answer.status_code == 422
    assert message in answer.get_data(as_text=True)
    assert all_of(Quota) == []


def test_the_same_rule_twice_is_refused(client: FlaskClient, director: Account) -> None:
    values = {"whose": "person", "per": "week", "place": "", "weekdays": DAYS, "most_bookings": "2"}
    assert send(client, "/settings/rules/quotas/new", **values).status_code == 303
    answer = send(client, "/settings/rules/quotas/new", **values)
    assert answer.status_code == 422
    assert "exactly this rule already" in answer.get_data(as_text=True)
    assert len(all_of(Quota)) == 1


def test_a_group_of_rooms_that_a_quota_counts_stays(client: FlaskClient, director: Account) -> None:
    room = make_room()
    assert send(client, "/settings/rules/room-groups/new", name="响房", rooms=[room.id]).status_code == 303
    (group,) = all_of(RoomGroup)
    with transaction() as session:
        session.add(Quota(whose=Whose.PERSON, per=Period.DAY, most_bookings=1, weekdays=255, room_group_id=group.id))
    answer = send(client, f"/settings/rules/room-groups/{group.id}/remove")
    assert answer.status_code == 422
    assert "A quota counts this group" in answer.get_data(as_text=True)
    assert send(client, "/settings/rules/room-groups/new", name="响房", rooms=[room.id]).status_code == 422
    assert send(client, "/settings/rules/room-groups/new", name="空", rooms=[]).status_code == 422


def test_people_and_organisations_join_and_leave_a_group(client: FlaskClient, director: Account) -> None:
    team, aunt = make_organisation(), make_person(name="王阿姨", initials="way")
    assert send(client, "/settings/rules/people-groups/new", name="织女", organisations=[team.id]).status_code == 303
    (group,) = all_of(PeopleGroup)
    page = read(client, f"/settings/rules/people-groups/{group.id}", q=there(aunt.phone)[-4:])
    assert "王阿姨" in page
    for _twice in range(2):
        assert send(client, f"/settings/rules/people-groups/{group.id}/people/{aunt.id}").status_code == 303
    (group,) = all_of(PeopleGroup)
    assert [(each.person_id, each.organisation_id) for each in group.members] == [(None, team.id), (aunt.id, None)]
    send(client, f"/settings/rules/people-groups/{group.id}", name="织女", organisations=[])
    (group,) = all_of(PeopleGroup)
    assert [each.person_id for each in group.members] == [aunt.id]
    assert send(client, f"/settings/rules/people-groups/members/{group.members[0].id}/remove").status_code == 303
    assert all_of(PeopleGroup)[0].members == []


def test_a_group_that_a_room_or_its_hours_are_kept_for_stays(client: FlaskClient, director: Account) -> None:
    room, group, other = make_room(), make_people_group(), make_people_group()
    make_priority(room, group_id=group.id)
    assert send(client, f"/settings/rooms/{room.code}/audience", groups=[other.id]).status_code == 303
    for each in (group, other):
        assert send(client, f"/settings/rules/people-groups/{each.id}/remove").status_code == 422
    assert "Only members of “Weavers” can book this room." in read(client, f"/rooms/{room.code}")
    send(client, f"/settings/rooms/{room.code}/audience")
    assert all_of(RoomAudience) == []
    assert send(client, f"/settings/rules/people-groups/{other.id}/remove").status_code == 303


def test_a_kind_of_use_is_entered_ruled_in_one_room_and_kept_once_used(client: FlaskClient, director: Account) -> None:
    room = make_room()
    values = {"name": "销售", "name_en": "Selling", "rule": "not_allowed", "position": "1"}
    assert send(client, "/settings/rules/purposes/new", **values).status_code == 303
    assert send(client, "/settings/rules/purposes/new", **values).status_code == 422
    (purpose,) = all_of(Purpose)
    assert "“Selling” is not allowed in this room." in read(client, f"/rooms/{room.code}")
    send(client, f"/settings/rooms/{room.code}/purposes", **{f"purpose_{purpose.id}": "approval"})
    assert [row.rule for row in all_of(RoomPurpose)] == [PurposeRule.APPROVAL]
    assert "For “Selling” the desk must approve the booking." in read(client, f"/rooms/{room.code}")
    make_booking(room=room, purpose_id=purpose.id)
    answer = send(client, f"/settings/rules/purposes/{purpose.id}/remove")
    assert "no longer offered instead" in answer.get_data(as_text=True)
    send(client, f"/settings/rules/purposes/{purpose.id}", **values, is_retired="y")
    assert "Selling" not in read(client, f"/bookings/new/{room.code}")
    send(client, f"/settings/rooms/{room.code}/purposes")
    unused = make_purpose()
    assert send(client, f"/settings/rules/purposes/{unused.id}/remove").status_code == 303


def test_kept_hours_are_said_on_the_rooms_page_until_they_are_removed(client: FlaskClient, director: Account) -> None:
    room, school = make_room(), make_people_group(name_en="After-school")
    values = {"name": "四点半学校", "name_en": "After-school programme", "weekdays": DAYS[:5]}
    path = f"/settings/rooms/{room.code}/kept-hours"
    times = {"opens": "15:30", "closes": "18:30", "release_days": "2", "group": school.id}
    assert send(client, f"{path}/new", **values, **times).status_code == 303
    said = (
        "Kept for After-school programme: working days 15:30–18:30. What is left is for everybody from 2 days before."
    )
    assert said in read(client, f"/rooms/{room.code}")
    (window,) = all_of(PriorityWindow)
    assert send(client, f"{path}/{window.id}", **values, **{**times, "closes": "15:00"}).status_code == 422
    assert send(client, f"{path}/{window.id}", **values, **{**times, "release_days": ""}).status_code == 303
    assert client.get(f"/settings/rooms/{make_room().code}/kept-hours/{window.id}").status_code == 404
    assert send(client, f"{path}/{window.id}/remove").status_code == 303
    assert "No hours are kept" in read(client, path)


def test_hours_without_approval_are_set_and_said(client: FlaskClient, director: Account) -> None:
    room = make_room()
    path = f"/settings/rooms/{room.code}/approval-hours"
    assert send(client, f"{path}/new", weekdays=DAYS, opens="09:00", closes="17:00").status_code == 303
    page = read(client, f"/rooms/{room.code}")
    assert "At other times than" in page
    assert "09:00–17:00 the desk must approve the booking." in page
    (row,) = all_of(ApprovalHours)
    assert (row.opens, row.closes) == (time(9), time(17))
    assert send(client, f"{path}/{row.id}", weekdays=DAYS, opens="09:00", closes="00:00").status_code == 303
    assert send(client, f"{path}/{row.id}/remove").status_code == 303
    assert all_of(ApprovalHours) == []


def test_what_is_gone_is_not_found(client: FlaskClient, director: Account) -> None:
    quota = make_quota()
    send(client, f"/settings/rules/quotas/{quota.id}/remove")
    for path in (f"quotas/{quota.id}", "room-groups/999", "people-groups/999", "purposes/999"):
        assert client.get(f"/settings/rules/{path}").status_code == 404


@pytest.mark.parametrize("path", ["/settings/rules", "/settings/rules/quotas/new", "/settings/rooms/{code}/kept-hours"])
def test_a_clerk_does_not_set_rules(app: Flask, client: FlaskClient, path: str) -> None:
    sign_in(client, make_account(roles=[Role.CLERK]))
    assert client.get(path.format(code=make_room().code)).status_code == 403
