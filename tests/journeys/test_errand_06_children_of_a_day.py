"""Errand 6: the tutor's page on a phone, from the school gate until the room is empty; taps are counted."""

from time import monotonic

import pytest
from playwright.sync_api import Locator, Page, expect

from center.people.queries import account_of
from tests.afterschool.handing_over.day_scene import Forty, add_colour, forty
from tests.afterschool.handing_over.scene import holder
from tests.journeys.checks import assert_good
from tests.journeys.conftest import OpenPage
from tests.journeys.steps import Taps
from tests.journeys.test_errand_09_screen_reader import sounds_right

PATIENCE = 15  # seconds for one child: two who hand over forty in ten minutes have thirty


def row(page: Page, day: Forty, n: int) -> Locator:
    """The line of a child."""
    return page.locator(f"#c{day.children[n].id}")


@pytest.mark.parametrize("has_script", [True, False], ids=["with a script", "without a script"])
def test_an_afternoon_with_the_children(open_page: OpenPage, has_script: bool) -> None:
    day = forty(6)
    code, tutor = day.scene.code(day.children[0]), account_of(day.scene.tutor.id)
    taps = Taps()
    page = open_page("/classroom/day", account=tutor, java_script_enabled=has_script)
    if has_script:
        assert_good(page)
        sounds_right(page)

    taps(page.get_by_role("link", name="到学校接"))
    for n in range(3):
        taps(page.get_by_label(day.children[n].name).first)
    taps(page.get_by_role("button", name="孩子在我身边，出发"))
    expect(page.get_by_role("status")).to_contain_text("3 个孩子在路上")

    before = taps.count  # one tap a child
    for n in range(3):
        taps(row(page, day, n).get_by_role("button", name="到场"))
        expect(row(page, day, n).get_by_role("link", name="交接")).to_be_visible()
    assert taps.since(before) == 3

    before, began = taps.count, monotonic()  # by the code: the name, the code typed, the adult
    taps(row(page, day, 0).get_by_role("link", name="交接"))
    page.get_by_label("当天接送码").fill(code)
    taps(page.get_by_role("button", name="孩子点头，交给 李桂兰"))
    expect(page.get_by_role("status").filter(has_text="李桂兰")).to_be_visible()
    assert taps.since(before) <= 2
    assert monotonic() - began < PATIENCE

    before, began = taps.count, monotonic()  # without it: the name, who looks as well, the adult
    taps(row(page, day, 1).get_by_role("link", name="交接"))
    if has_script:
        assert_good(page)
        sounds_right(page)
    taps(page.get_by_label("李老师"))
    taps(page.get_by_role("button", name="孩子点头，交给").last)
    expect(row(page, day, 1)).to_contain_text("接走")
    assert taps.since(before) <= 4
    assert monotonic() - began < PATIENCE

    page.go_back()  # the sheet from before knows who has the child, and hands nobody over twice
    expect(page.get_by_role("heading", level=1)).to_have_text(day.children[1].name)
    expect(page.get_by_role("main")).to_contain_text("接走")
    expect(page.get_by_role("button", name="孩子点头，交给")).to_have_count(0)
    assert [str(holder(each)) for each in day.children[:3]] == ["collector", "collector", "room"]


def test_the_page_of_a_day_in_elder_mode(open_page: OpenPage) -> None:
    day = forty(9, here=3)
    add_colour(day)
    tutor = account_of(day.scene.tutor.id)
    page = open_page("/classroom/day", account=tutor, elder=True)
    assert_good(page, elder=True)
    page.goto(f"/classroom/day/{day.children[2].id}?ring=1")
    assert_good(page, elder=True)
    sounds_right(page)
