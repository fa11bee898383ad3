"""Errand 12: a wheelchair user finds a room that they can reach and use, and what it has is on its page."""

from playwright.sync_api import expect

from center.db import transaction
from center.rooms.models import AccessFeature, RoomFeature
from tests.builders import make_room
from tests.journeys.checks import assert_good
from tests.journeys.conftest import OpenPage


def test_rooms_are_found_by_what_they_offer_and_their_pages_say_it(open_page: OpenPage) -> None:
    room = make_room(name="无障碍活动室", name_en="Room without steps", wheelchair_places=2)
    make_room(name="楼上小间", name_en="Room up the stairs")
    with transaction() as session:
        for feature in (AccessFeature.LIFT, AccessFeature.ACCESSIBLE_TOILET, AccessFeature.STEP_FREE):
            session.add(RoomFeature(room_id=room.id, feature=feature))
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
