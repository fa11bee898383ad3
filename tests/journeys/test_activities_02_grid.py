"""Errand 2: a grid volunteer signs two neighbours up from a phone, who let her: one in the account, one at the desk."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from center.kernel import clock
from center.kernel.db import transaction
from center.people.acting import grant
from center.people.models import Consent, DelegationScope, Person, Role
from tests.activity_builders import make_activity, make_roster
from tests.builders import make_account, make_person
from tests.journeys.checks import assert_good
from tests.journeys.conftest import OpenPage
from tests.journeys.steps import said_in


def let_at_the_desk(person: Person, helper: Person, clerk: Person) -> None:
    today = clock.now().date()
    with transaction():
        grant(
            person,
            to=helper,
            scope=DelegationScope.SIGN_UPS,
            starts_on=today,
            ends_on=today + timedelta(days=30),
            consent=Consent.AT_THE_DESK,
            by=clerk,
            now=clock.now(),
        )


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder mode"])
def test_two_neighbours_are_signed_up_in_one_go(open_page: OpenPage, elder: bool) -> None:
    say = said_in("zh")
    helper = make_account(make_person(name="仇海霞"), roles=[Role.GRID_WORKER])
    neighbour = make_account(make_person(name="王秀英"))
    let_at_the_desk(make_person(name="刘桂兰"), helper.person, make_person(name="周前台"))
    title = f"剪纸{elder:d}"
    activity = make_activity(title=title)
    make_roster(activity, capacity=8)

    phone = open_page("/me/helpers", account=helper, elder=elder, has_touch=True, is_mobile=True)
    phone.get_by_role("button", name=say("Show my helper code")).tap()
    code = phone.locator(".reference").inner_text()

    page = open_page("/me/account", account=neighbour, elder=elder, has_touch=True, is_mobile=True)
    page.get_by_role("link", name=say("Helpers"), exact=True).tap()
    page.wait_for_url("**/me/helpers")
    page.get_by_label(say("Your helper's code")).fill(code.lower())
    page.get_by_role("button", name=say("Go on")).tap()
    expect(page.get_by_role("main").get_by_role("status")).to_contain_text("仇海霞")
    assert_good(page, elder=elder)
    page.get_by_role("button", name=say("Yes, I agree")).tap()
    expect(page.get_by_role("status").filter(has_text="仇海霞").first).to_be_visible()

    phone.goto(f"/activities/{activity.slug}")
    phone.get_by_role("link", name=say("Sign up"), exact=True).tap()
    phone.wait_for_url("**/sign-ups/new/**")
    assert_good(phone, elder=elder)
    phone.get_by_label("仇海霞").uncheck(force=True)
    phone.get_by_label("刘桂兰").check(force=True)
    phone.get_by_label("王秀英").check(force=True)
    if elder:
        phone.get_by_role("button", name=say("Go on")).tap()
        phone.wait_for_url("**/check?*")
        assert_good(phone, elder=True)
    phone.get_by_role("button", name=say("Sign up"), exact=True).tap()
    phone.wait_for_url("**/me")
    mine = phone.get_by_role("main").get_by_role("article").filter(has_text=title)
    expect(mine).to_have_count(2)
    assert_good(phone, elder=elder)

    page.goto("/me/helpers")
    expect(page.get_by_role("main")).to_contain_text(title)
    page.get_by_text(say("Take it back"), exact=True).first.tap()
    page.get_by_role("button", name=say("Yes: %(action)s", action=say("Take it back"))).tap()
    expect(page.get_by_role("status").filter(has_text=say("The permission is taken back."))).to_be_visible()
