"""Errand 9, for activities: a blind resident hears how many places are left, and that one is theirs."""

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.activity_builders import make_activity, make_roster
from tests.builders import at, make_account, make_person
from tests.journeys.checks import assert_good
from tests.journeys.conftest import DESK, PHONE, OpenPage
from tests.journeys.steps import said_in, sign_in, tab_to
from tests.journeys.test_errand_09_screen_reader import sounds_right


@pytest.mark.parametrize(
    ("lang", "elder", "viewport"),
    [("zh", False, PHONE), ("zh", True, PHONE), ("en", False, DESK)],
    ids=["standard", "elder mode", "en, desktop"],
)
def test_hears_what_is_left_signs_up_and_hears_the_result(
    open_page: OpenPage, lang: str, elder: bool, viewport: ViewportSize
) -> None:
    say, title = said_in(lang), f"听电影{lang}{elder:d}"
    left = "还剩 6 席" if lang == "zh" else "6 places left"
    account = make_account(make_person(name="盲人听众"))
    activity = make_activity(title=title, title_en=title, starts=[at(14, days=3)], is_narrated=True)
    make_roster(activity, capacity=6)
    page = open_page("/activities", account=account, elder=elder, lang=lang, viewport=viewport)
    sounds_right(page)
    page.get_by_role("link", name=title).first.click()
    heard = page.get_by_role("status").filter(has_text=left)
    expect(heard).to_be_visible()
    sounds_right(page)
    assert_good(page, elder=elder)
    link = page.get_by_role("link", name=say("Sign up"), exact=True)
    tab_to(page, link)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text=left)).to_be_visible()
    sounds_right(page)
    tab_to(page, page.get_by_role("main").get_by_role("button", name=say("Sign up"), exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text=say("You have a place"))).to_be_visible()
    sounds_right(page)
    assert_good(page, elder=elder)


def test_all_of_it_works_without_javascript(open_page: OpenPage) -> None:
    account = make_account()
    activity = make_activity(title="无脚本", title_en="Without scripts")
    make_roster(activity, capacity=1)
    page = open_page(f"/activities/{activity.slug}", lang="en", java_script_enabled=False)
    expect(page.get_by_role("status").filter(has_text="1 place left")).to_be_visible()
    page.get_by_role("link", name="Sign up", exact=True).click()
    sign_in(page, account)
    page.get_by_role("main").get_by_role("button", name="Sign up", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="You have a place")).to_be_visible()
