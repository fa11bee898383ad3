"""The strip of alarms above an open page of the classroom: it comes by itself, sounds once, and takes nothing away."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from center.afterschool.alarms import raising
from center.afterschool.alarms.raising import AlarmFound
from center.afterschool.models.care import Alarm, AlarmAnswer
from center.kernel import clock
from center.kernel.db import db
from center.people.queries import account_of
from tests.afterschool.custody_cases import bar
from tests.afterschool.handing_over.scene import Scene, do
from tests.journeys.checks import assert_good
from tests.journeys.conftest import OpenPage

ROUND = 20_000  # ms between two looks of the page
SHAKES = "window.shakes = 0; navigator.vibrate = () => { window.shakes += 1; };"
STRIP = ".alarm-strip"


@pytest.fixture
def scene(site: object) -> Scene:
    scene = Scene()
    bar(scene.child, "刘强")
    scene.code()
    return scene


def somebody_barred_comes(scene: Scene) -> None:
    """Somebody who may not wants to take the child: that is an alarm."""
    scene.anew()
    scene.hand_over(adult=None, other_name="刘强")
    db.session.rollback()


def answer_all(scene: Scene) -> None:
    """The director answers what waits."""
    scene.anew()
    waiting = select(Alarm).where(Alarm.child_id == scene.child.id, Alarm.ended_at.is_(None))
    for each in db.session.scalars(waiting).all():
        do(
            raising.answer,
            each,
            AlarmFound(found=AlarmAnswer.OTHER, words="他已离开"),
            by=scene.director,
            now=clock.now(),
        )
    db.session.rollback()


def a_round_later(page: Page) -> None:
    page.clock.fast_forward(ROUND)


def opened(open_page: OpenPage, scene: Scene) -> Page:
    """The page on which a tutor writes down what happened, in a browser whose clock we turn."""
    page = open_page("/", account=account_of(scene.tutor.id))
    page.clock.install()
    page.add_init_script(SHAKES)
    page.goto("/classroom/incidents/new")
    return page


def test_an_alarm_comes_to_an_open_page_sounds_once_and_stays_until_it_is_answered(
    open_page: OpenPage, scene: Scene
) -> None:
    page = opened(open_page, scene)
    expect(page.locator(STRIP)).to_have_count(0)
    words = page.get_by_label("事情经过")
    words.fill("摔了一跤")
    somebody_barred_comes(scene)
    words.focus()
    a_round_later(page)
    expect(page.locator(STRIP)).to_contain_text("1")
    page.clock.run_for(100)
    expect(page.get_by_role("alert").filter(has_text="新的警报")).to_have_count(1)
    assert page.evaluate("window.shakes") == 1
    expect(words).to_be_focused()
    expect(words).to_have_value("摔了一跤")
    assert_good(page)
    for _ in range(3):  # nothing new: it stays and is quiet
        a_round_later(page)
    page.wait_for_timeout(300)
    expect(page.locator(STRIP)).to_contain_text("1")
    assert page.evaluate("window.shakes") == 1
    page.goto("/classroom/day")  # nor on the next page
    expect(page.locator(STRIP)).to_contain_text("1")
    assert page.evaluate("window.shakes") == 0
    answer_all(scene)
    a_round_later(page)
    expect(page.locator(STRIP)).to_have_count(0)


def test_whoever_is_on_the_strip_keeps_the_focus_as_another_alarm_comes_and_as_it_goes(
    open_page: OpenPage, scene: Scene
) -> None:
    somebody_barred_comes(scene)
    page = opened(open_page, scene)
    page.wait_for_function("window.shakes === 1")  # nobody has heard of it yet
    page.locator(f"{STRIP} a").focus()
    scene.anew()
    for _ in range(3):
        scene.hand_over(code="WWWWWW")
    db.session.rollback()
    a_round_later(page)
    expect(page.locator(STRIP)).to_contain_text("2")
    assert page.evaluate("window.shakes") == 2
    expect(page.locator(f"{STRIP} a")).to_be_focused()
    answer_all(scene)
    a_round_later(page)
    expect(page.locator(STRIP)).to_have_count(0)
    expect(page.locator("main")).to_be_focused()
