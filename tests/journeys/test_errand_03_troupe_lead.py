"""Errand 3: the drum troupe's lead, 68, books the term's rehearsals in one form and loses no date silently."""

import re
from datetime import date, datetime, time

from playwright.sync_api import Page, expect

from center.kernel.db import db, transaction
from center.people.models import Account
from center.premises.models import CalendarDay, DayKind
from center.rooms.models import Noise, Room
from tests.builders import at, make_account, make_booking, make_organisation, make_person, make_room
from tests.journeys.checks import assert_good
from tests.journeys.conftest import OpenPage

HOLIDAY = date(2026, 12, 1)  # a Tuesday
TAKEN = date(2026, 12, 3)  # a Thursday


def rehearsals() -> tuple[Account, Room]:
    """The lead with their troupe, and a drum room that is shut on holidays and taken on one Thursday."""
    lead = make_account(make_person(name="万德山"))
    make_organisation(leads=[lead.person], name=f"鼓韵艺术团{lead.id}", name_en=f"Drum troupe {lead.id}")
    room = make_room(
        name="排练厅",
        name_en="Rehearsal room",
        noise=Noise.LOUD,
        hours=[(weekday, time(8), time(21)) for weekday in range(7)],
        windows=[(time(14, 30), time(17, 30))],
    )
    with transaction() as session:
        session.merge(CalendarDay(on_date=HOLIDAY, kind=DayKind.HOLIDAY, name="社区节", name_en="Community day"))
    make_booking(room=room, starts_at=at(14, 30, day=TAKEN), minutes=120)
    return lead, room


def row(page: Page, day: date) -> str:
    return f"#choice-{day.isoformat()}"


def test_the_lead_books_a_term_in_one_form(open_page: OpenPage) -> None:
    lead, room = rehearsals()
    page = open_page(f"/rooms/{room.code}", account=lead)
    page.get_by_role("link", name="预约多次").click()
    assert_good(page)
    page.get_by_label("周二", exact=True).check(force=True)
    page.get_by_label("周四", exact=True).check(force=True)
    page.get_by_label("从哪天开始").fill("2026-11-24")
    page.get_by_label("到哪天止").fill("2027-01-14")
    page.get_by_label("来多少人").fill("16")
    page.get_by_label("用途").fill("鼓队排练")
    page.get_by_role("button", name="查看每个日期").click()

    expect(page.locator(".series-date")).to_have_count(16)
    expect(page.locator(row(page, HOLIDAY))).to_contain_text("节假日")
    expect(page.locator(row(page, TAKEN))).to_contain_text("已被占用")
    expect(page.get_by_role("status").first).to_contain_text("将预约 14 次")
    assert_good(page)
    instead = page.locator(row(page, TAKEN)).get_by_role("radio").nth(1)
    instead.check(force=True)
    page.locator(row(page, date(2026, 12, 24))).get_by_label("跳过这次").check(force=True)
    # Somebody is faster on one more date while he thinks.
    make_booking(room=db.session.get_one(Room, room.id), starts_at=at(15, day=date(2026, 12, 8)))
    page.get_by_role("button", name="预约所选日期").click()
    expect(page.get_by_role("alert")).to_contain_text("还没有预约")
    expect(page.locator(row(page, date(2026, 12, 24))).get_by_label("跳过这次")).to_be_checked()
    expect(instead).to_be_checked()
    assert_good(page)
    page.locator(row(page, date(2026, 12, 8))).get_by_label("跳过这次").check(force=True)
    page.get_by_role("button", name="预约所选日期").click()
    expect(page.get_by_role("status").filter(has_text="系列已预约")).to_contain_text("共 13 次")
    assert_good(page)
    _change_one_and_cancel_the_rest(page)


def _change_one_and_cancel_the_rest(page: Page) -> None:
    """One date moves by itself and survives when all move; the last dates go, and are named before they do."""
    address = page.url.partition("?")[0]
    page.goto(f"{address}/dates/2026-11-26")
    assert_good(page)
    page.get_by_role("link", name="只修改这一次").click()
    page.get_by_label("开始时间", exact=True).select_option("15:00")
    assert_good(page)
    page.get_by_role("button", name="查看改动").click()
    assert_good(page)
    page.get_by_role("button", name="就这样修改").click()
    expect(page.get_by_text("单独改过").first).to_be_visible()
    page.get_by_role("link", name="修改以后所有日期").click()
    page.get_by_label("开始时间", exact=True).select_option("15:30")
    page.get_by_role("button", name="查看改动").click()
    expect(page.locator(row(page, date(2026, 11, 26))).get_by_label("保持原样")).to_be_checked()
    assert_good(page)
    page.get_by_role("button", name="就这样修改").click()
    expect(page.get_by_role("status").filter(has_text="系列已修改")).to_be_visible()
    page.goto(re.sub(r"\?.*", "", page.url) + "/cancel?from=2027-01-05")
    expect(page.get_by_text("取消 4 次", exact=True)).to_be_visible()
    assert_good(page)
    page.get_by_role("button", name="是的").click()
    expect(page.get_by_role("status").filter(has_text="已取消 4 次")).to_be_visible()
    assert_good(page)


def test_in_elder_mode_it_is_one_question_a_page(open_page: OpenPage) -> None:
    lead, room = rehearsals()
    page = open_page(f"/series/new/{room.code}", account=lead, elder=True)
    for answers in (["每周"], ["周二", "周四"], ["11月24日"], ["4 周"], ["2 小时"], ["下午2:30"]):
        assert_good(page, elder=True)
        for answer in answers:
            page.locator("label", has_text=answer).first.click()
        page.get_by_role("button", name="下一步").click()
    page.get_by_label("来多少人").fill("16")
    assert_good(page, elder=True)
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("做什么用？").fill("鼓队排练")
    assert_good(page, elder=True)
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("status").first).to_contain_text("将预约 6 次")
    assert_good(page, elder=True)
    page.get_by_role("button", name="预约所选日期").click()
    expect(page.get_by_role("status").filter(has_text="系列已预约")).to_contain_text("共 6 次")
    assert_good(page, elder=True)
    page.goto("/me")
    expect(page.get_by_role("link", name="鼓队排练").first).to_be_visible()
    assert_good(page, elder=True)


def test_the_calendar_of_the_test_is_what_it_says() -> None:
    assert (HOLIDAY.weekday(), TAKEN.weekday()) == (1, 3)
    assert datetime(2026, 11, 24).weekday() == 1
