"""A volunteer's hours from the lead's telephone to a printed certificate that a stranger checks, without a script."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from center.kernel import clock
from tests.attendance.hours.builders import give_hours, make_session
from tests.builders import make_account, make_organisation, make_person
from tests.journeys.checks import faults
from tests.journeys.conftest import PHONE, OpenPage


def test_from_signing_in_to_a_certificate_that_a_stranger_checks(open_page: OpenPage) -> None:
    lead, her = make_account(make_person(name="万德山")), make_account(make_person(name="王秀英"))
    organisation = make_organisation(leads=[lead.person])
    start = clock.now() - timedelta(minutes=30)
    session = make_session(her.person, start=start, organisation=organisation)
    volunteers = f"/workspace/activities/{session.activity.slug}/sessions/{session.id}/volunteers"
    page = open_page(volunteers, account=lead, lang="en", viewport=PHONE, java_script_enabled=False)
    page.get_by_role("button", name=re.compile("^Sign them in.*王秀英")).click()
    expect(page.get_by_text("Helping now")).to_be_visible()
    page.goto(f"/workspace/organisations/{organisation.slug}/hours")
    expect(page.get_by_text("Nothing waits.")).to_be_visible()
    page.goto(volunteers)
    page.get_by_role("button", name=re.compile("^Sign them out.*王秀英")).click()
    expect(page.get_by_text("Thank you!")).to_be_visible()
    page.get_by_role("link", name="Certify hours").click()
    page.get_by_role("button", name=re.compile("^Certify.*王秀英")).click()
    expect(page.get_by_text("Certified: 王秀英.")).to_be_visible()

    mine = open_page("/me/hours", account=her, lang="en", viewport=PHONE)
    mine.get_by_role("link", name="Certificate", exact=True).click()
    mine.get_by_role("button", name="Make the certificate").click()
    number = mine.locator(".reference").inner_text()
    stranger = open_page("/hours", lang="en", viewport=PHONE)
    stranger.get_by_label("Number of the certificate").fill(number.lower().replace("-", " "))
    stranger.get_by_role("button", name="Check it").click()
    expect(stranger.get_by_text("This certificate is genuine")).to_be_visible()
    expect(stranger.get_by_text("王*英")).to_be_visible()
    assert re.fullmatch(r"(?:[0-9A-Z]{4}-){4}[0-9A-Z]{4}", number)


def test_the_pages_of_hours_are_for_everybody(open_page: OpenPage) -> None:
    lead, account = make_account(make_person(name="万德山")), make_account(make_person(name="王秀英"))
    her = account.person
    organisation = make_organisation(leads=[lead.person])
    session = make_session(her, start=clock.now() - timedelta(minutes=30), organisation=organisation)
    volunteers = f"/workspace/activities/{session.activity.slug}/sessions/{session.id}/volunteers"
    hours = f"/workspace/organisations/{organisation.slug}/hours"
    earlier = make_session(her, start=clock.now() - timedelta(days=3), organisation=organisation)
    shift, number = give_hours(earlier, her, lead.person)
    for elder in (False, True):
        page = open_page(volunteers, account=lead, elder=elder, viewport=PHONE)
        for button in ("签到", "签退") if not elder else ("再次签到",):
            assert faults(page, elder=elder) == []
            page.get_by_role("button", name=re.compile(f"^{button}.*王秀英")).click()
        for address in (
            volunteers,
            f"{volunteers}/write-down",
            hours,
            f"{hours}/{shift}/correct",
            f"{hours}/{shift}/refuse",
        ):
            page.goto(address)
            assert (address, faults(page, elder=elder)) == (address, [])
        own = open_page("/me/hours", account=account, elder=elder, viewport=PHONE)
        for address in ("/me/hours", "/me/hours/certificate", f"/hours/{number}/print", f"/hours/{number}", "/hours"):
            own.goto(address)
            assert (address, faults(own, elder=elder)) == (address, [])
