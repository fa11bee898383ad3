"""At the entrance one scan after the other is answered, and finds the session by itself: to the eye and to the ear."""

import re

import pytest
from playwright.sync_api import expect

from tests.activity_builders import make_activity, make_roster, sign_up
from tests.builders import at, make_account, make_organisation, make_person
from tests.journeys.checks import assert_good
from tests.journeys.conftest import DESK, PHONE, OpenPage
from tests.journeys.test_errand_09_screen_reader import sounds_right

WORDS = {
    "zh": ("各场一起扫码", "卡号或编号", "已签到", "早已签到"),
    "en": ("Scan for all of them", "Card or number", "Checked in", "Checked in before"),
}


@pytest.mark.parametrize(
    ("has_script", "lang", "elder"),
    [
        pytest.param(True, "zh", True, id="with a script, in elder mode, on a phone"),
        pytest.param(True, "en", False, id="with a script, in English, on a wide screen"),
        pytest.param(False, "zh", False, id="without a script"),
    ],
)
def test_two_neighbours_come_to_two_sessions(open_page: OpenPage, has_script: bool, lang: str, elder: bool) -> None:
    lead = make_person()
    organisation = make_organisation(leads=[lead])
    titles, references = ("剪纸", "合唱"), []
    for title in titles:
        activity = make_activity(
            organisation=organisation, title=title, title_en=title, starts=[at(9, 30, days=0)]
        )  # fmt: skip
        references.append(sign_up(make_roster(activity, capacity=5), make_person(name="王小英"))[0].reference)
    size = PHONE if lang == "zh" else DESK
    facts = {"java_script_enabled": has_script, "viewport": size, "lang": lang}
    page = open_page(f"/checkin/now?elder={int(elder)}", account=make_account(lead), **facts)
    every, field, done, before = WORDS[lang]
    page.get_by_role("link", name=every).click()
    if has_script:
        assert_good(page, elder=elder)
        sounds_right(page)
        page.evaluate("window.stays = true")
    for title, reference in zip(titles, references, strict=True):
        page.get_by_label(field).fill(reference)
        page.keyboard.press("Enter")
        heard = page.locator("[role=alert][data-verdict-place]")  # said at once by a screen reader
        expect(heard).to_contain_text(title)
        expect(heard).to_contain_text("王*英")
        expect(heard).to_contain_text(done)
        expect(page.get_by_label(field)).to_be_focused()
    if not has_script:
        expect(page).to_have_title(re.compile(f"^{done}"))
    page.get_by_label(field).fill(references[0])
    page.keyboard.press("Enter")
    expect(page.locator("[role=alert][data-verdict-place]")).to_contain_text(before)
    if has_script:
        assert page.evaluate("window.stays === true"), "the camera would have gone with the page"
