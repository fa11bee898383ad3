"""Forms that ask one question a page, in a browser: Back twice and forward again loses nothing, and is no error."""

import re

from playwright.sync_api import Page, expect

from center.kernel.db import transaction
from center.signups.details.questions import QuestionFacts, add_question
from center.signups.models import PoolKind, QuestionKind
from center.signups.rosters import PoolFacts
from tests.activity_builders import make_activity, make_roster
from tests.builders import make_account, make_person, make_room, trust
from tests.journeys.checks import assert_good
from tests.journeys.conftest import OpenPage
from tests.journeys.steps import said_in


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def test_neighbours_are_signed_up_in_elder_mode_and_back_twice_loses_nothing(open_page: OpenPage) -> None:
    say = said_in("zh")
    account = make_account(make_person(name="仇海霞", birth_year=1950))
    wang, liu = make_person(name="王秀英", birth_year=1944), make_person(name="刘桂兰", birth_year=1948)
    trust(account.person, wang, liu, make_person(name="小刘", birth_year=1999))
    seats = [PoolFacts(kind=PoolKind.WHEELCHAIR, capacity=3)]
    roster = make_roster(make_activity(title="口述电影"), capacity=9, min_age=60, pools=seats)
    with transaction():
        facts = QuestionFacts(kind=QuestionKind.SHORT_TEXT, words="想看哪部？", is_required=True)
        add_question(roster, facts, by=roster.activity.created_by)
    page = open_page(f"/sign-ups/new/{roster.activity.slug}/{roster.id}", account=account, elder=True)
    headings = [heading(page)]
    expect(page.get_by_role("main")).to_contain_text("小刘")
    expect(page.locator("h1")).to_be_focused()
    assert_good(page, elder=True)
    page.get_by_label("仇海霞").uncheck(force=True)
    page.get_by_label("王秀英").check(force=True)
    page.get_by_label("刘桂兰").check(force=True)
    page.get_by_role("button", name=say("Go on")).click()
    headings.append(heading(page))
    assert_good(page, elder=True)
    page.get_by_label("王秀英").check(force=True)
    page.get_by_role("button", name=say("Go on")).click()
    headings.append(heading(page))
    page.get_by_role("button", name=say("Go on")).click()
    expect(page).to_have_title(re.compile(f"^{say('Error:')}"))
    expect(page.locator("#error-summary")).to_be_focused()
    assert_good(page, elder=True)
    page.get_by_label("王秀英").fill("地道战")
    page.get_by_role("button", name=say("Go on")).click()
    headings.append(heading(page))
    assert_good(page, elder=True)
    while heading(page) != headings[1]:
        page.go_back()
    expect(page.get_by_label("王秀英")).to_be_checked()
    page.go_back()
    assert heading(page) == headings[0]
    expect(page.get_by_label("刘桂兰")).to_be_checked()
    while heading(page) != headings[3]:
        page.go_forward()
    page.reload()
    page.get_by_role("button", name=say("Sign up"), exact=True).click()
    expect(page.get_by_role("main").get_by_role("article").filter(has_text="口述电影")).to_have_count(2)
    page.go_back()
    expect(page.get_by_role("main").get_by_role("article").filter(has_text="口述电影")).to_have_count(2)


def test_a_room_is_booked_in_elder_mode_and_back_twice_loses_nothing(open_page: OpenPage) -> None:
    say = said_in("zh")
    room = make_room(name="长辈茶室")
    page = open_page(f"/bookings/new/{room.code}", account=make_account(), elder=True)
    headings = []
    for answer in ("11月24日", "上午10:00", "1 小时"):
        headings.append(heading(page))
        assert_good(page, elder=True)
        page.get_by_role("radio", name=answer).first.check(force=True)
        page.get_by_role("button", name=say("Go on")).click()
    page.go_back()
    page.go_back()
    assert heading(page) == headings[1]
    expect(page.get_by_role("radio", name="上午10:00").first).to_be_checked()
    page.go_forward()
    expect(page.get_by_role("radio", name="1 小时").first).to_be_checked()
    page.get_by_role("button", name=say("Go on")).click()
    page.get_by_role("spinbutton").fill("3")
    page.get_by_role("button", name=say("Go on")).click()
    page.get_by_role("textbox").first.fill("喝茶")
    page.get_by_role("button", name=say("Go on")).click()
    assert heading(page) == say("Is this right?")
    assert_good(page, elder=True)
    page.reload()
    page.get_by_role("button", name=say("Book now")).click()
    booked = page.url.partition("?")[0]
    page.go_back()
    assert page.url.partition("?")[0] == booked, "what was sent is not asked again"
