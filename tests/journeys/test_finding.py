"""From a time to a booked room, for whoever knows when but not which; rooms are larger than other journeys'."""

from playwright.sync_api import expect

from center.kernel.db import transaction
from center.rooms.models import AccessFeature, RoomFeature
from tests.builders import at, make_account, make_booking, make_room
from tests.journeys.checks import assert_good
from tests.journeys.conftest import DESK, OpenPage
from tests.journeys.steps import expect_booked


def test_a_wheelchair_user_finds_a_room_by_time_and_books_it(open_page: OpenPage) -> None:
    account = make_account()
    room, taken = (make_room(name_en=name, capacity=900) for name in ("Room without steps", "Taken room"))
    make_room(name_en="Room up the stairs", capacity=900)
    with transaction() as session:
        session.add_all(RoomFeature(room_id=each.id, feature=AccessFeature.STEP_FREE) for each in (room, taken))
    make_booking(room=taken, starts_at=at(14))
    page = open_page("/", account=account, lang="en")
    page.get_by_role("link", name="Or say when: find me a room").click()
    page.get_by_label("Day", exact=True).fill("2026-11-24")
    page.get_by_label("From", exact=True).select_option("14:00")
    page.get_by_role("checkbox", name="Step-free").check()
    page.get_by_role("button", name="Show rooms").click()
    expect(page.get_by_role("alert")).to_contain_text("Please write how many people come")
    assert_good(page)
    page.get_by_label("How many people come").fill("800")
    page.get_by_role("button", name="Show rooms").click()
    expect(page.get_by_role("status").filter(has_text="1 room is free and suits you.")).to_be_visible()
    expect(page.get_by_text("The room is taken at this time.").first).to_be_visible()
    expect(page.get_by_text("Missing here: Step-free.").first).to_be_visible()
    assert_good(page)
    page.get_by_role("link", name="Book Room without steps").click()
    expect(page.get_by_label("How many people come")).to_have_value("800")
    page.get_by_label("What for").fill("Chess")
    page.get_by_role("button", name="Check and continue").click()
    page.get_by_role("button", name="Book now").click()
    expect_booked(page)


def test_when_no_room_is_free_another_time_is_one_press_away(open_page: OpenPage) -> None:
    room = make_room(name_en="Tea room", capacity=4000)
    make_booking(room=room, starts_at=at(14))
    page = open_page(
        "/find?date=2026-11-24&start=14:00&minutes=60&people=3000&party=person",
        account=make_account(),
        lang="en",
        viewport=DESK,
    )
    assert_good(page)
    page.get_by_role("link", name="15:00–16:00 · Tea room").click()
    expect(page.get_by_label("From", exact=True)).to_have_value("15:00")


def test_in_elder_mode_a_room_is_found_one_question_a_page(open_page: OpenPage) -> None:
    make_room(name_en="Chess room", capacity=2000)
    make_room(name_en="Elders' tea corner", capacity=2)  # the one that is explained
    page = open_page("/find", account=make_account(), lang="en", elder=True)
    for answer in ("Tomorrow", "10:00 AM", "1 hour"):
        assert_good(page, elder=True)
        page.get_by_role("radio", name=answer).first.check(force=True)
        page.get_by_role("button", name="Go on").click()
    page.get_by_label("How many people come").fill("1500")
    page.get_by_role("button", name="Go on").click()
    assert_good(page, elder=True)
    page.get_by_role("button", name="Show rooms").click()
    expect(page.get_by_role("status").filter(has_text="free and suit")).to_be_visible()
    page.get_by_text("Why not another room?").click()
    assert_good(page, elder=True)
    page.get_by_role("link", name="Book Chess room").click()
    expect(page.get_by_label("What is it for?")).to_be_visible()
