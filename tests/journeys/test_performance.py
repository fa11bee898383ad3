"""A performance: its order by keyboard without a script, an answer by a link in elder mode, and who is missing then."""

import re

from playwright.sync_api import expect

from center.kernel.db import db
from tests.builders import make_account, make_person
from tests.journeys.checks import assert_good
from tests.journeys.conftest import DESK, OpenPage
from tests.journeys.steps import tab_to
from tests.troupes.builders import make_leader, make_member, make_piece, make_troupe
from tests.troupes.performances.builders import make_performance, titles


def test_orders_by_keyboard_asks_by_a_link_and_sees_who_is_missing(open_page: OpenPage) -> None:
    account, troupe = make_account(make_person(name="万德山")), make_troupe(slug="choir")
    make_leader(troupe, account.person)
    drummer = make_member(troupe, make_person(name="何玉兰"))
    pieces = [make_piece(troupe, title=title, title_en=title_en, heads={}) for title, title_en in
              (("茉莉花", "Jasmine"), ("咚咚喹", "Drums"))]  # fmt: skip
    performance = make_performance(troupe, pieces=pieces, cast={1: [drummer], 2: [drummer]})
    here = f"/workspace/troupes/choir/performances/{performance.id}"
    desk = open_page(f"{here}/programme", account=account, viewport=DESK, lang="en", java_script_enabled=False)
    up = desk.get_by_role("button", name=re.compile("Up.*Drums"))
    tab_to(desk, up)
    desk.keyboard.press("Enter")
    expect(desk.locator("#place-1")).to_contain_text("Drums")
    assert titles(performance) == ["咚咚喹", "茉莉花"]

    desk = open_page(f"{here}/replies", account=account, viewport=DESK, lang="en")
    assert_good(desk)
    desk.get_by_role("button", name=re.compile("Make a link.*何玉兰")).click()
    assert_good(desk)
    link = desk.get_by_label("The link").input_value()

    phone = open_page(link, lang="zh", elder=True)
    assert_good(phone, elder=True)
    phone.get_by_text("我不来", exact=True).click()
    phone.get_by_role("button", name="提交", exact=True).click()
    expect(phone.get_by_role("status")).to_contain_text("谢谢")

    desk.goto(here)
    expect(desk.get_by_text("Somebody is missing").first).to_be_visible()
    expect(desk.get_by_text("1 missing: 何玉兰").first).to_be_visible()
    assert_good(desk)
    db.session.rollback()
