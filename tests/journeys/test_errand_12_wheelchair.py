"""Errand 12: a wheelchair user finds a room that they can reach and use, and what it has is on its page."""

from typing import Any

from playwright.sync_api import Page, expect

from center.kernel.db import transaction
from center.people.models import Role
from center.rooms.models import AccessFeature, Room, RoomFeature
from tests.builders import make_account, make_person, make_room
from tests.journeys.checks import assert_good
from tests.journeys.conftest import DESK, OpenPage


def test_rooms_are_found_by_what_they_offer_and_their_pages_say_it(open_page: OpenPage) -> None:
    _reachable(name="无障碍活动室", name_en="Room without steps", wheelchair_places=2)
    make_room(name="楼上小间", name_en="Room up the stairs")
    page = open_page("/rooms", lang="en")
    page.get_by_text("Find a room that suits you").click()
    page.get_by_role("checkbox", name="Lift").check()
    page.get_by_role("checkbox", name="Accessible toilet").check()
    page.get_by_role("button", name="Show rooms").click()
    expect(page.get_by_role("status").filter(has_text="suit")).to_be_visible()
    expect(page.get_by_role("link", name="Room up the stairs")).to_have_count(0)
    assert_good(page)
    page.get_by_role("link", name="Room without steps").click()
    access = page.get_by_role("list", name="Access")
    for words in ("Lift", "Accessible toilet", "2 wheelchair places"):
        expect(access.get_by_role("listitem").filter(has_text=words)).to_be_visible()
    assert_good(page)


def _reachable(**facts: Any) -> Room:
    room = make_room(**facts)
    with transaction() as session:
        for feature in (AccessFeature.LIFT, AccessFeature.ACCESSIBLE_TOILET, AccessFeature.STEP_FREE):
            session.add(RoomFeature(room_id=room.id, feature=feature))
    return room


def test_what_they_need_goes_with_the_booking_to_who_sets_up_the_room(open_page: OpenPage) -> None:
    person, room = make_person(name="轮椅甲"), _reachable(name="平地活动室", name_en="Level room")
    page = open_page(f"/bookings/new/{room.code}", account=make_account(person), lang="en")
    page.get_by_label("Day", exact=True).fill("2026-11-24")
    page.get_by_label("From", exact=True).select_option("10:00")
    page.get_by_label("How many people come").fill("3")
    page.get_by_label("What for").fill("Chess")
    page.locator("summary", has_text="Lift, hearing loop").click()
    page.get_by_role("checkbox", name="Hearing loop").check(force=True)
    page.get_by_role("button", name="Check and continue").click()
    expect(page.get_by_role("alert")).to_contain_text("Hearing loop")  # this room has none
    assert_good(page)
    page.get_by_role("checkbox", name="Hearing loop").uncheck(force=True)
    page.get_by_role("checkbox", name="Lift", exact=True).check(force=True)
    page.get_by_label("How the room should stand").fill("Two places without chairs by the door")
    page.get_by_role("button", name="Check and continue").click()
    expect(page.get_by_role("main")).to_contain_text("Lift")
    page.get_by_role("button", name="Book now").click()
    expect(page.get_by_role("main")).to_contain_text("Two places without chairs by the door")
    assert_good(page)
    _prepare(open_page(account=make_account(roles=[Role.CLERK]), viewport=DESK), room)


def _prepare(page: Page, room: Room) -> None:
    page.goto("/desk/set-up?date=2026-11-24")
    task = page.get_by_role("listitem").filter(has_text=room.name)
    expect(task).to_contain_text("电梯")
    task.get_by_role("button", name="已备好").click()
    expect(task.get_by_role("button", name="撤销")).to_be_visible()
    assert_good(page)


def test_in_elder_mode_the_same_is_asked_with_the_last_question(open_page: OpenPage) -> None:
    room = _reachable(name="平地茶室", wheelchair_places=1)
    page = open_page(f"/bookings/new/{room.code}", account=make_account(), elder=True)
    for answer in ("11月24日", "上午10:00", "1 小时"):
        page.get_by_role("radio", name=answer).first.check(force=True)
        page.get_by_role("button", name="下一步").click()
    page.get_by_label("来多少人").fill("3")
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("做什么用").fill("喝茶")
    page.locator("summary", has_text="电梯").click()
    page.get_by_role("checkbox", name="电梯", exact=True).check(force=True)
    page.get_by_role("checkbox", name="无障碍卫生间").check(force=True)
    assert_good(page, elder=True)
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("main")).to_contain_text("无障碍卫生间")
    page.get_by_role("button", name="确认预约").click()
    expect(page.get_by_role("status").filter(has_text="房间约好了")).to_be_visible()
    assert_good(page, elder=True)
