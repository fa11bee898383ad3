"""Errand 1, on the day itself: she comes without a card, is found by her door and checked in by one press; her grid
worker, who reminded her, reads that she came. Errand 4: her lead signs the roll and takes the month home as a table.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, ViewportSize, expect
from sqlalchemy import select

from center.kernel.db import db, transaction
from center.notices import actions
from center.notices.models import Delivery, Way
from center.people.models import Account, Role
from center.reminders.words import SESSION_TOMORROW
from center.signups import messages
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.builders import at, make_account, make_building, make_grid, make_grid_worker, make_organisation, make_person
from tests.journeys.checks import assert_good
from tests.journeys.conftest import DESK, PHONE, OpenPage
from tests.journeys.steps import press_key, said_in

NAME = "刘桂兰"


@dataclass(frozen=True)
class Morning:
    """A session that is on: its pages, and whoever has to do with it."""

    roll: str
    ledger: str
    clerk: Account
    lead: Account
    grid_worker: Account
    she_id: int
    door: str


def make_morning(number: int) -> Morning:
    """She has a place, and her grid worker told her at the door the evening before."""
    begins = at(8, 30, days=0)
    lead = make_account(make_person(name="李建国"))
    team = make_organisation(leads=[lead.person], name=f"晨练社{number}")
    activity = make_activity(
        organisation=team, title=f"晨练{number}", title_en=f"Exercise {number}", starts=[begins], minutes=120,
        now=begins - timedelta(days=2),
    )  # fmt: skip
    grid_worker = make_grid_worker(grid := make_grid())
    building = make_building(code=f"{90 + number}栋", grid_id=grid.id)
    she = make_person(name=NAME, building=building, unit="1", door="1203", phone=None, birth_year=1950)
    signed = sign_up(make_roster(activity, capacity=6), she, now=begins - timedelta(days=1))
    with transaction():
        messages.tell_of_session(signed, SESSION_TOMORROW, activity.sessions[0], now=begins - timedelta(hours=14))
        for each in db.session.scalars(select(Delivery).where(Delivery.notice.has(person_id=she.id))):
            each.way = Way.VISIT
            actions.tick_off(each, by=grid_worker.person, now=begins - timedelta(hours=13))
    clerk = make_account(make_person(name="周前台"), roles=[Role.CLERK])
    roll = f"/workspace/activities/{activity.slug}/sessions/{activity.sessions[0].id}/register"
    ledger = f"/workspace/organisations/{team.slug}/ledger"
    return Morning(roll, ledger, clerk, lead, grid_worker, she.id, f"{90 + number}-1203")


@pytest.mark.parametrize(
    ("number", "viewport", "lang", "elder"),
    [(1, PHONE, "zh", True), (2, PHONE, "en", False), (3, DESK, "zh", False), (4, DESK, "en", True)],
    ids=["phone, zh, elder", "phone, en", "desk, zh", "desk, en, elder"],
)
def test_she_comes_and_those_who_must_know_it_do(
    open_page: OpenPage, number: int, viewport: ViewportSize, lang: str, elder: bool, tmp_path: Path
) -> None:
    morning, say = make_morning(number), said_in(lang)

    def opened(path: str, account: Account) -> Page:
        page = open_page(path, account=account, viewport=viewport, lang=lang, elder=elder)
        assert_good(page, elder=elder)
        return page

    check_her_in(opened("/desk", morning.clerk), morning, lang, elder)
    seen = opened("/desk/round", morning.grid_worker).get_by_role("listitem").filter(has_text=NAME)
    expect(seen).to_contain_text(say("They came"))
    sign_the_roll(opened(morning.roll, morning.lead), morning, lang, elder)
    page = opened(morning.ledger, morning.lead)
    with page.expect_download() as download:
        page.get_by_role("link", name=say("As a table (.xlsx)")).click()
    download.value.save_as(tmp_path / "month.xlsx")
    sheet = load_workbook(BytesIO((tmp_path / "month.xlsx").read_bytes())).active
    assert sheet is not None
    assert any(NAME in str(cell) for row in sheet.values for cell in row)


def check_her_in(page: Page, morning: Morning, lang: str, elder: bool) -> None:
    """By her door and one press; a slip of the hand is undone, and the next person comes next."""
    say = said_in(lang)
    page.get_by_role("search").get_by_role("textbox").or_(page.get_by_role("searchbox")).fill(morning.door)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(NAME)
    expect(page.get_by_role("button", name=say("Check in"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text(say("%(name)s is here.", name=NAME)).first).to_be_visible()
    expect(page.get_by_role("link", name=say("Next person"))).to_be_focused()
    press_key(page, "u")
    expect(page.get_by_role("button", name=say("Check in"))).to_be_focused()
    press_key(page, "c")
    expect(page.get_by_role("link", name=say("Next person"))).to_be_focused()
    assert_good(page, elder=elder)


def sign_the_roll(page: Page, morning: Morning, lang: str, elder: bool) -> None:
    """The lead finds her there already, and signs."""
    say = said_in(lang)
    expect(page.locator(f"#person-{morning.she_id}")).to_contain_text(say("Late"))
    page.get_by_role("link", name=say("Close and sign")).click()
    assert_good(page, elder=elder)
    page.get_by_label(say("I sign: what stands here is so, as far as I know")).check(force=True)
    page.get_by_role("button", name=say("Close and sign")).click()
    expect(page.get_by_role("main")).to_contain_text(re.compile("李建国"))
