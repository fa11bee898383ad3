"""At the entrance one scan after the other is answered on the page that stays, and finds the session by itself."""

import pytest
from playwright.sync_api import expect

from tests.activity_builders import make_activity, make_roster, sign_up
from tests.builders import at, make_account, make_organisation, make_person
from tests.journeys.checks import assert_good
from tests.journeys.conftest import OpenPage


@pytest.mark.parametrize("has_script", [True, False], ids=["with a script", "without one"])
def test_two_neighbours_come_to_two_sessions(open_page: OpenPage, has_script: bool) -> None:
    lead = make_person()
    organisation = make_organisation(leads=[lead])
    titles, references = ("剪纸", "合唱"), []
    for title in titles:
        activity = make_activity(organisation=organisation, title=title, starts=[at(9, 30, days=0)])
        references.append(sign_up(make_roster(activity, capacity=5), make_person(name="王小英"))[0].reference)
    page = open_page("/checkin/now", account=make_account(lead), java_script_enabled=has_script)
    page.get_by_role("link", name="各场一起扫码").click()
    if has_script:
        assert_good(page)
        page.evaluate("window.stays = true")
    for title, reference in zip(titles, references, strict=True):
        page.get_by_label("卡号或编号").fill(reference)
        page.keyboard.press("Enter")
        sign = page.locator("[data-verdict-place] [data-answer=checked_in]")
        expect(sign).to_contain_text(title)
        expect(sign).to_contain_text("王*英")
    page.get_by_label("卡号或编号").fill(references[0])
    page.keyboard.press("Enter")
    expect(page.locator("[data-verdict-place] [data-answer=already]")).to_contain_text("剪纸")
    if has_script:
        assert page.evaluate("window.stays === true"), "the camera would have gone with the page"
