"""Errand 10: the director sees what waits, agrees to one request and declines another, and people learn why."""

import re
from typing import Any

import pytest
from playwright.sync_api import ViewportSize, expect

from center.bookings.models import BookingStatus
from center.feedback import complaints
from center.incubator.models.incubations import IncubationStage
from center.kernel import clock
from center.kernel.db import transaction
from center.organisations.models import Stage
from center.people.models import Role
from center.rooms.models import Approval
from tests.activity_builders import make_activity
from tests.allocation.builders import make_round
from tests.builders import at, make_account, make_booking, make_organisation, make_person, make_room
from tests.incubator.builders import make_incubation
from tests.incubator.review_builders import make_publication
from tests.journeys.checks import assert_good
from tests.journeys.conftest import DESK, PHONE, OpenPage
from tests.journeys.steps import said_in

WIDE: ViewportSize = {"width": 1280, "height": 900}


def test_requests_are_decided_and_the_person_reads_the_reason(open_page: OpenPage) -> None:
    director = make_account(roles=[Role.DIRECTOR])
    resident = make_account(make_person(name="冯请求"))
    hall = make_room(name="十号大厅", name_en="Tenth hall", approval=Approval.ALWAYS, capacity=100, live_limit=0)
    waits: dict[str, Any] = {"room": hall, "person": resident.person, "status": BookingStatus.REQUESTED, "people": 60}
    liked = make_booking(**waits, purpose="Lantern evening")
    refused = make_booking(**waits, purpose="Trade fair", starts_at=at(15))
    page = open_page("/desk", account=director, viewport=DESK, lang="en")
    page.get_by_role("main").get_by_role("link", name="waiting").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Requests waiting")
    assert_good(page)
    page.goto(f"/bookings/{liked.reference}")
    page.get_by_role("button", name="Approve").click()
    page.goto(f"/bookings/{liked.reference}")
    expect(page.get_by_role("main")).to_contain_text("Confirmed")
    page.goto(f"/bookings/{refused.reference}")
    page.get_by_role("link", name="Decline with a reason").click()
    page.get_by_role("button", name="Decline the request").click()
    expect(page.get_by_role("alert")).to_be_visible()  # a reason is asked for
    page.get_by_label("Reason").fill("Selling is not allowed in the rooms.")
    page.get_by_role("button", name="Decline the request").click()
    page.goto("/desk/requests")
    for booking in (liked, refused):
        expect(page.get_by_role("main")).not_to_contain_text(booking.reference)
    theirs = open_page(f"/bookings/{refused.reference}", account=resident, lang="en")
    expect(theirs.get_by_role("main")).to_contain_text("Selling is not allowed in the rooms.")
    theirs.goto(f"/bookings/{liked.reference}")
    expect(theirs.get_by_role("main")).to_contain_text("Confirmed")


def test_declined_time_is_free_again_for_others(open_page: OpenPage) -> None:
    director, other = make_account(roles=[Role.DIRECTOR]), make_account()
    hall = make_room(name_en="Freed hall", approval=Approval.FROM_PEOPLE, approval_from_people=50, capacity=90)
    booking = make_booking(room=hall, status=BookingStatus.REQUESTED, people=60)
    theirs = open_page(f"/bookings/new/{hall.code}?date=2026-11-24", account=other, lang="en")
    expect(theirs.get_by_role("button", name="09:00", exact=True)).to_have_count(1)
    expect(theirs.get_by_role("button", name="10:30", exact=True)).to_have_count(0)  # held while it waits
    page = open_page(f"/desk/bookings/{booking.reference}/decline", account=director, viewport=DESK, lang="en")
    page.get_by_label("Reason").fill("The hall is painted that week.")
    page.get_by_role("button", name="Decline the request").click()
    theirs.reload()
    expect(theirs.get_by_role("button", name="10:30", exact=True)).to_have_count(1)


def test_several_are_decided_at_once_and_the_trail_says_who_did(open_page: OpenPage) -> None:
    director = make_account(make_person(name="卫主任"), roles=[Role.DIRECTOR])
    hall = make_room(name="十一号大厅", approval=Approval.ALWAYS, capacity=100)
    idle = make_room(name="无人来的小间")
    waits: dict[str, Any] = {"room": hall, "status": BookingStatus.REQUESTED, "people": 60}
    asked = [make_booking(**waits, purpose=f"联欢 {hour}", starts_at=at(hour)) for hour in (9, 11)]
    page = open_page("/desk", account=director, viewport=DESK)
    expect(page.get_by_text("全天没人用")).to_contain_text(idle.name)
    page.get_by_role("list", name="待办事项").get_by_role("link", name="待审批").click()
    expect(page.locator(".site-nav [aria-current]")).to_have_text("服务台")
    for booking in asked:
        page.get_by_role("checkbox", name=booking.reference).check(force=True)
    page.get_by_role("button", name="通过勾选的申请", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="已通过 2 份")).to_be_visible()
    assert_good(page)
    page.goto("/desk")
    page.get_by_role("link", name="操作记录").click()
    page.get_by_label("操作人").fill("卫主任")
    page.get_by_role("button", name="查看", exact=True).click()
    press = page.get_by_role("list", name="更改记录").get_by_role("listitem").filter(has_text="已通过")
    press.get_by_text("同一次操作还改了 1 处").click()
    for booking in asked:
        expect(press.get_by_role("paragraph").filter(has_text=booking.reference)).to_contain_text("已通过")
        expect(press.get_by_role("link", name=booking.reference)).to_be_visible()
    assert_good(page)


@pytest.mark.parametrize(
    ("viewport", "lang", "elder"),
    [(PHONE, "zh", False), (PHONE, "zh", True), (WIDE, "en", False)],
    ids=["phone in Chinese", "large print", "desktop"],
)
def test_one_page_in_the_morning_leads_to_all_that_waits(
    open_page: OpenPage, viewport: Any, lang: str, elder: bool
) -> None:
    mark = f"{lang}{int(elder)}"  # the dresses share one site
    say, director = said_in(lang), make_account(make_person(name="周主任"), roles=[Role.DIRECTOR])
    parts = {
        "Applications that wait": IncubationStage.SUBMITTED,
        "Reviews under way": IncubationStage.REVIEW,
        "Published for objections": IncubationStage.PUBLISHED,
    }
    shown = {}
    for heading, stage in parts.items():
        organisation = make_organisation(name=f"队 {stage} {mark}", name_en=f"队 {stage} {mark}")
        made = make_incubation(stage=stage, organisation=organisation)
        shown[heading] = (organisation.name, made.number)
        if stage is IncubationStage.PUBLISHED:
            make_publication(made.decisions[-1])
    late = make_organisation(name_en="Late ones", stage=Stage.INCUBATING)
    make_activity(organisation=late, title="没备案的散步", title_en="Unfiled walk", starts=[at(9, days=1)])
    with transaction():
        complaints.complain(late, f"太吵 {mark}", person=None, now=clock.now())
    make_round(make_room(), slug=f"term-{mark}", name="下学期", name_en="Next term")
    page = open_page("/desk", account=director, viewport=viewport, lang=lang, elder=elder)
    page.get_by_role("link", name=say("Today and this week")).click()
    assert_good(page, elder=elder)
    main = page.get_by_role("main")
    for heading, (name, number) in shown.items():
        main.get_by_role("region", name=say(heading)).get_by_role("link", name=name).click()
        expect(page).to_have_url(re.compile(f"/desk/incubator/{number}$"))
        page.go_back()
    expect(main.get_by_role("region", name=say("Filings past due"))).to_contain_text(
        "Unfiled walk" if lang == "en" else "没备案的散步"
    )
    expect(main.get_by_role("region", name=say("Room times of the terms"))).to_contain_text(
        "Next term" if lang == "en" else "下学期"
    )
    expect(main.get_by_role("region", name=say("Idle rooms"))).to_be_visible()
    main.get_by_role("link", name=say("All complaints")).click()
    expect(main).to_contain_text(f"太吵 {mark}")
    page.goto("/desk/week")
    main.get_by_role("link", name=say("All of today in the audit trail")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Audit trail"))
