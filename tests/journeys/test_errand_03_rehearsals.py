"""Errand 3, for a troupe's season: its lead, 68, plans Tuesday and Thursday rehearsals of the term in one form, sees
clashes with holidays before anything is booked, skips one date and puts it back; a member tells leave in two taps.
"""

from dataclasses import dataclass
from datetime import date, time

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from center.kernel.db import transaction
from center.people.models import Account
from center.premises.models import CalendarDay, DayKind
from center.rooms.models import Noise, Room
from center.troupes.models.seasons import Season
from center.troupes.models.troupes import TroupeKind
from tests.builders import at, make_account, make_booking, make_person, make_room
from tests.journeys.checks import assert_good
from tests.journeys.conftest import DESK, PHONE, OpenPage
from tests.troupes.builders import make_leader, make_member, make_season, make_troupe

HOLIDAY = date(2026, 12, 1)  # a Tuesday
TAKEN = date(2026, 12, 3)  # a Thursday
SKIPPED = date(2026, 12, 10)


@dataclass(frozen=True)
class Drums:
    """A drum troupe with its lead, one of its members, and the room where drums may be beaten."""

    lead: Account
    member: Account
    season: Season
    room: Room


def drums() -> Drums:
    """A season of four weeks, in which one Tuesday is a holiday and one Thursday is taken."""
    lead, member = make_account(make_person(name="万德山")), make_account()
    troupe = make_troupe(name=f"鼓韵艺术团{lead.id}", name_en=f"Drum troupe {lead.id}", kind=TroupeKind.DRUM)
    members = [make_leader(troupe, lead.person), make_member(troupe, member.person)]
    season = make_season(
        troupe, members=members, name="冬季演出季", name_en="Winter season", starts_on=date(2026, 11, 23),
        ends_on=date(2026, 12, 20),
    )  # fmt: skip
    room = make_room(
        name=f"鼓房{lead.id}",
        name_en=f"Drum room {lead.id}",
        noise=Noise.LOUD,
        capacity=2 + lead.id % 3,  # the smallest that holds them is asked about first
        hours=[(weekday, time(8), time(21)) for weekday in range(7)],
        windows=[(time(14, 30), time(17, 30))],
    )
    with transaction() as session:
        session.merge(CalendarDay(on_date=HOLIDAY, kind=DayKind.HOLIDAY, name="社区节", name_en="Community day"))
    make_booking(room=room, starts_at=at(14, 30, day=TAKEN), minutes=180)
    return Drums(lead, member, season, room)


def listed(scene: Drums) -> str:
    return f"/workspace/troupes/{scene.season.troupe.slug}/seasons/{scene.season.id}/rehearsals"


def row(page: Page, day: date) -> str:
    return f"#choice-{day.isoformat()}"


@pytest.mark.parametrize(
    ("viewport", "lang"), [(PHONE, "zh"), (DESK, "en")], ids=["phone, Chinese", "desktop, English"]
)
def test_the_lead_plans_a_term_in_one_form(open_page: OpenPage, viewport: ViewportSize, lang: str) -> None:
    scene, zh = drums(), lang == "zh"
    address, member, slug = listed(scene), scene.member, scene.season.troupe.slug
    room = scene.room.code
    page = open_page(address, account=scene.lead, viewport=viewport, lang=lang)
    assert_good(page)
    page.get_by_role("link", name="安排一学期排练" if zh else "Plan a term").click()
    page.get_by_label("功能室" if zh else "Room", exact=True).select_option(room)
    page.get_by_label("周二" if zh else "Tuesday", exact=True).check(force=True)
    page.get_by_label("周四" if zh else "Thursday", exact=True).check(force=True)
    page.get_by_role("button", name="刷新" if zh else "Look again").click()
    best = page.locator(".weekly-time").first
    expect(best).to_contain_text("8 次中 6 次可用" if zh else "6 of 8 free")
    assert_good(page)
    best.get_by_role("button").click()
    expect(page.get_by_label("周二" if zh else "Tuesday", exact=True)).to_be_checked()
    page.get_by_role("button", name="查看每个日期" if zh else "Show every date").click()
    _look_at_dates_and_plan(page, zh=zh)
    _put_back(page, zh=zh)
    _take_leave(open_page, member, slug, viewport, lang)


def _look_at_dates_and_plan(page: Page, *, zh: bool) -> None:
    """Every clash is said, one answer settles them all, one more date is skipped by hand."""
    expect(page.locator(".series-date")).to_have_count(8)
    expect(page.locator(row(page, HOLIDAY))).to_contain_text("社区节" if zh else "Community day")
    expect(page.locator(row(page, TAKEN))).to_contain_text("已被占用" if zh else "Taken")
    assert_good(page)
    page.get_by_role("button", name="全部跳过" if zh else "Skip them all").click()
    page.locator(row(page, SKIPPED)).get_by_label("跳过这次" if zh else "Skip this date").check(force=True)
    page.get_by_role("button", name="就这样安排排练" if zh else "Plan these rehearsals").click()
    said = "已安排 5 次排练" if zh else "5 rehearsals are planned"
    expect(page.get_by_role("status").filter(has_text=said)).to_be_visible()
    assert_good(page)


def _put_back(page: Page, *, zh: bool) -> None:
    """The date that was skipped by hand comes back; the one whose room is taken says so."""
    back = "恢复" if zh else "Put it back"
    page.get_by_role("link", name=back).nth(2).click()  # after the holiday and the taken date
    assert_good(page)
    page.get_by_role("button", name=back, exact=True).click()
    expect(page.get_by_role("status").filter(has_text="照常" if zh else "It takes place")).to_be_visible()
    page.get_by_role("link", name=back).nth(1).click()
    expect(page.get_by_text("不能照原计划" if zh else "It cannot be as it was planned")).to_be_visible()
    assert_good(page)


def _take_leave(open_page: OpenPage, member: Account, slug: str, viewport: ViewportSize, lang: str) -> None:
    """A member is on leave after two taps, and back after one more."""
    zh = lang == "zh"
    page = open_page(f"/me/troupes/{slug}", account=member, viewport=viewport, lang=lang)
    page.get_by_role("link", name="不能来就请假" if zh else "say when you cannot come").click()
    assert_good(page)
    page.get_by_role("button", name="我要请假" if zh else "I cannot come").first.click()
    expect(page.get_by_text("您已请假" if zh else "You are on leave", exact=True)).to_be_visible()
    page.get_by_role("button", name="我可以来了" if zh else "I can come after all").click()
    expect(page.get_by_text("您已请假" if zh else "You are on leave", exact=True)).to_have_count(0)
    assert_good(page)


def test_in_elder_mode_it_is_one_question_a_page(open_page: OpenPage) -> None:
    scene = drums()
    page = open_page(listed(scene), account=scene.lead, elder=True)
    assert_good(page, elder=True)
    page.get_by_role("link", name="安排一学期排练").click()
    for answers in ([scene.room.name], ["周二", "周四"], ["2 小时"], ["下午2:30"]):
        assert_good(page, elder=True)
        for answer in answers:
            page.locator("label", has_text=answer).first.click()
        page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("status").first).to_contain_text("将安排 6 次排练")
    expect(page.locator(row(page, HOLIDAY))).to_contain_text("社区节")
    assert_good(page, elder=True)
    page.locator(row(page, SKIPPED)).get_by_label("跳过这次").check(force=True)
    page.get_by_role("button", name="就这样安排排练").click()
    expect(page.get_by_role("status").filter(has_text="已安排 5 次排练")).to_be_visible()
    assert_good(page, elder=True)
    page.get_by_role("link", name="恢复").nth(2).click()
    assert_good(page, elder=True)
    page.get_by_role("button", name="恢复", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="这次排练照常")).to_be_visible()
    assert_good(page, elder=True)


def test_the_calendar_of_the_test_is_what_it_says() -> None:
    assert (HOLIDAY.weekday(), TAKEN.weekday(), SKIPPED.weekday()) == (1, 3, 3)
