"""Errand 7: the front desk on a rush morning, by keyboard only: one search box, the person, the time, done."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from center.db import db
from center.people.models import Person, Role
from tests.builders import make_account, make_building, make_person, make_room
from tests.journeys.checks import assert_good
from tests.journeys.conftest import DESK, OpenPage
from tests.journeys.steps import expect_booked, tab_to


@pytest.mark.parametrize("typed", ["7788", "ohm", "欧海", "16-2-704"], ids=["phone tail", "initials", "name", "door"])
def test_a_walk_in_is_booked_without_a_mouse(open_page: OpenPage, typed: str) -> None:
    clerk = make_account(roles=[Role.CLERK])
    _one_person()
    room = make_room(name=f"七号琴房 {typed}", name_en=f"Piano room {typed}", position=0)  # whatever rooms others made
    page = open_page("/desk", account=clerk, viewport=DESK, lang="en")
    page.keyboard.type(typed)  # the cursor is in the search box already
    page.keyboard.press("Enter")  # only one person is meant, so their page opens
    expect(page.get_by_role("heading", level=1)).to_contain_text("欧海梅")
    tab_to(page, page.get_by_role("link", name=f"Piano room {typed}").first)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/rooms/{room.code}/book?**")
    assert_good(page)
    tab_to(page, page.get_by_label("How many people come"))
    page.keyboard.type("2")
    page.keyboard.press("Tab")
    page.keyboard.type("Piano")
    page.keyboard.press("Enter")
    expect_booked(page)


def test_of_several_people_found_the_first_has_the_focus(open_page: OpenPage) -> None:
    clerk = make_account(roles=[Role.CLERK])
    make_person(name="尉迟一", sort_key="yu chi yi", initials="ycy")
    make_person(name="尉迟二", sort_key="yu chi er", initials="yce")
    page = open_page("/desk", account=clerk, viewport=DESK, lang="en")
    page.keyboard.type("尉迟")
    page.keyboard.press("Enter")
    people = page.get_by_role("list", name="People found")
    expect(people.get_by_role("listitem")).to_have_count(2)
    expect(people.get_by_role("link").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("尉迟")


def _one_person() -> None:
    """The same person for every way of looking, made once."""
    if db.session.scalar(select(Person).where(Person.name == "欧海梅")) is None:
        building = make_building(code="16栋")
        make_person(
            name="欧海梅", sort_key="ou hai mei", initials="ohm", phone="19900007788", building=building,
            unit="2", door="704",
        )  # fmt: skip
