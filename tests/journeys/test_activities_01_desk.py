"""Errand 1, for activities: the clerk finds her by building and door, signs her up, prints a slip in large type."""

import re

import pytest
from playwright.sync_api import expect

from center.people.models import Role
from tests.activity_builders import make_activity, make_roster
from tests.builders import at, make_account, make_building, make_person
from tests.journeys.checks import assert_good
from tests.journeys.conftest import DESK, OpenPage
from tests.journeys.steps import press_key, said_in, type_where_the_cursor_is

SIZES = "els => els.map(el => parseFloat(getComputedStyle(el).fontSize))"


@pytest.mark.parametrize(("lang", "elder"), [("zh", False), ("zh", True), ("en", False)], ids=["zh", "elder", "en"])
def test_she_is_found_signed_up_and_goes_home_with_a_slip(open_page: OpenPage, lang: str, elder: bool) -> None:
    say, door = said_in(lang), f"12{lang == 'en':d}{elder:d}"
    clerk = make_account(make_person(name="周前台"), roles=[Role.CLERK])
    title = f"口述电影{door}"
    make_roster(make_activity(title=title, title_en=title, starts=[at(14)], minutes=90, bring="老花镜"), capacity=6)
    building = make_building(code=f"{61 + elder + 2 * (lang == 'en')}栋")
    make_person(name="刘桂兰", building=building, unit="1", door=door, phone=None, birth_year=1950, lives_alone=True)
    page = open_page("/desk", account=clerk, viewport=DESK, lang=lang, elder=elder)
    page.get_by_role("searchbox").or_(page.get_by_role("search").get_by_role("textbox")).fill(
        f"{building.code[:-1]}-{door}"
    )
    page.get_by_role("button", name=say("Find")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("刘桂兰")
    page.get_by_role("link", name=say("Sign up for an activity")).click()
    row = page.get_by_role("listitem").filter(has_text=title)
    expect(row).to_contain_text("还剩 6 席" if lang == "zh" else "6 places left")
    assert_good(page, elder=elder)
    row.get_by_role("button", name=say("Sign up")).click()
    has_place = say("%(name)s has a place", name="刘桂兰")
    expect(page.get_by_role("status").filter(has_text=has_place)).to_be_visible()
    found = re.search(r"/sign-ups/([^/?]+)", page.url)
    assert found
    assert_good(page, elder=elder)
    page.get_by_role("link", name=say("Print the sign-up slip")).click()
    slip = page.get_by_role("article")
    for words in (title, "刘桂兰", found[1], "老花镜"):
        expect(slip).to_contain_text(words)
    expect(slip.locator("svg, img").first).to_be_visible()
    page.emulate_media(media="print")
    slip.page.wait_for_load_state()  # its letters are as large as its styles say, once these are there
    assert min(slip.locator("p").evaluate_all(SIZES)) >= 24  # 18 points
    assert slip.locator(".slip__reference").evaluate_all(SIZES)[0] >= 32


def test_several_are_signed_up_for_one_activity_by_keyboard_alone(open_page: OpenPage) -> None:
    clerk = make_account(make_person(name="周前台"), roles=[Role.CLERK])
    make_roster(make_activity(title="合唱开放日", title_en="Open choir", starts=[at(16)], minutes=60), capacity=1)
    for initials in ("vxa", "vxb"):
        make_person(name=f"唱{initials}", sort_key=" ".join(initials), initials=initials)
    page = open_page("/desk/sign-up", account=clerk, viewport=DESK, lang="en")
    page.get_by_role("listitem").filter(has_text="Open choir").get_by_role("link").click()
    find = page.get_by_label("Find a person")
    expect(find).to_be_focused()
    type_where_the_cursor_is(page, "vxa")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("^Sign up"))).to_be_focused()
    assert_good(page)
    press_key(page, "1")
    expect(page.get_by_role("heading", name="Signed up just now")).to_be_visible()
    expect(find).to_be_focused()
    type_where_the_cursor_is(page, "vxb")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("^Onto the waiting list"))).to_be_focused()
    page.keyboard.press("Enter")
    done = page.get_by_role("list", name="Signed up just now")
    expect(done.get_by_role("listitem")).to_have_count(2)
    expect(done.get_by_role("listitem").first).to_contain_text("On the waiting list")
    assert_good(page)
    done.get_by_role("listitem").first.get_by_role("button", name="Undo until").click()
    expect(done.get_by_role("listitem")).to_have_count(1)


def test_from_the_person_two_keys_sign_up_and_the_slip_comes_next(open_page: OpenPage) -> None:
    clerk = make_account(make_person(name="周前台"), roles=[Role.CLERK])
    make_roster(make_activity(title="早场", title_en="The first", starts=[at(7)], minutes=30), capacity=6)
    make_person(name="两键", sort_key="liang jian", initials="ljq")
    page = open_page("/desk", account=clerk, viewport=DESK, lang="en")
    type_where_the_cursor_is(page, "ljq")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("两键")
    press_key(page, "s")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sign up")
    press_key(page, "1")
    expect(page.get_by_role("link", name="Print the sign-up slip")).to_be_focused()
    press_key(page, "n")
    expect(page.get_by_label("Find a person")).to_be_focused()
