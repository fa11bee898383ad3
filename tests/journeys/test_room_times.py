"""A lead names a wish by keyboard and agrees to a swap on a phone, in elder mode."""

from playwright.sync_api import expect
from sqlalchemy import select

from center.allocation.models import TermWish
from center.allocation.swaps.actions import propose
from center.bookings.models import Booking
from center.kernel import clock
from center.kernel.db import db, transaction
from tests.allocation.builders import lead_of, make_round, team, times_in
from tests.builders import at, make_account, make_booking, make_room
from tests.journeys.checks import assert_good
from tests.journeys.conftest import PHONE, OpenPage


def test_a_lead_names_a_wish_and_agrees_to_a_swap(open_page: OpenPage) -> None:
    found, ours, others = make_round(make_room(name="鼓房"), make_room(name="书画室")), team(), team()
    lead = make_account(lead_of(ours))
    wanted = make_booking(
        organisation=ours, person=lead_of(ours), room=make_room(name="舞蹈室"), starts_at=at(10, days=5)
    )
    offered = make_booking(organisation=others, person=lead_of(others), room=make_room(), starts_at=at(14, days=6))
    by = lead_of(others)
    with transaction():
        propose(offered, wanted, words="可以换吗？", by=by, now=clock.now())
    page = open_page(f"/workspace/{ours.slug}/term-wishes/spring", account=lead, viewport=PHONE, elder=True)
    page.get_by_role("link", name="填写申请").click()
    page.get_by_label("要用功能室做什么").fill("合唱排练")
    page.keyboard.press("Enter")
    page.get_by_label("来多少人").fill("12")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("愿意要哪些时段")
    assert_good(page, elder=True)
    page.get_by_label("第一选择").select_option(str(times_in(found)[1].id))
    page.get_by_label("第二选择").select_option(str(times_in(found)[0].id))
    page.get_by_role("button", name="保存申请").click()
    expect(page.get_by_role("status").first).to_contain_text("申请已保存")
    db.session.rollback()
    [wish] = db.session.scalars(select(TermWish)).all()
    assert [each.time_id for each in wish.choices] == [times_in(found)[1].id, times_in(found)[0].id]
    assert_good(page, elder=True)
    page.goto(page.url.split("/term-wishes")[0] + "/swaps/new")
    expect(page.get_by_role("main")).to_contain_text("舞蹈室")
    assert_good(page, elder=True)
    page.goto(page.url.split("/swaps")[0] + "/swaps")
    page.get_by_role("main").get_by_role("listitem").get_by_role("link").click()
    assert_good(page, elder=True)
    page.get_by_role("button", name="同意", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("已交换")
    db.session.rollback()
    moved = db.session.get_one(Booking, wanted.id)
    assert moved.starts_at == at(14, days=6)
