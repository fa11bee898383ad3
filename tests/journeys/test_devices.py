"""A tablet at the entrance in a real browser: paired by a code, revoked at the desk, and then it knows nothing more."""

from playwright.sync_api import Page, expect

from center.people.models import Role
from tests.builders import make_account, make_person
from tests.journeys.conftest import PHONE, OpenPage
from tests.journeys.steps import press_key

KEEP = """async () => {
  localStorage.setItem('kept', 'a name');
  await new Promise((done, failed) => {
    const asked = indexedDB.open('kept', 1);
    asked.onsuccess = () => { asked.result.close(); done(); };
    asked.onerror = failed;
  });
}"""
KEPT = "async () => localStorage.length + (await indexedDB.databases()).filter(each => each.name === 'kept').length"


def paired_from(desk: Page, device: Page) -> None:
    """The desk reads out the code that it is shown, and somebody types it into the device."""
    desk.get_by_label("Name", exact=True).fill("Tablet at the entrance")
    desk.get_by_role("button", name="Show the code").click()
    code = desk.locator(".pairing__code").inner_text()
    device.get_by_label("Pairing code").fill(code)
    device.get_by_role("button", name="Pair this device").click()


def test_a_revoked_device_forgets_everything_it_kept(open_page: OpenPage) -> None:
    clerk = make_account(make_person(name="周敏"), roles=[Role.CLERK])
    desk, device = (
        open_page("/desk/devices/new", account=clerk, lang="en"),
        open_page("/checkin", lang="en", viewport=PHONE),
    )
    paired_from(desk, device)
    expect(device.get_by_role("heading", name="Check-in", level=1)).to_be_visible()
    expect(device.get_by_text("Tablet at the entrance")).to_be_visible()
    device.evaluate(KEEP)
    assert device.evaluate(KEPT) == 2
    desk.goto("/desk/devices")
    desk.get_by_text("Revoke", exact=True).click()
    desk.get_by_role("button", name="Yes: Revoke").click()
    expect(desk.get_by_text("revoked, not heard of since")).to_be_visible()
    answer = device.goto("/checkin/now")
    assert answer is not None
    assert answer.status == 410
    expect(device.get_by_role("heading", name="This device was revoked")).to_be_visible()
    assert device.evaluate(KEPT) == 0
    assert [each["name"] for each in device.context.cookies() if each["name"] == "checkin"] == []
    desk.reload()
    expect(desk.get_by_text("revoked and wiped").first).to_be_visible()
    device.goto("/checkin?lang=en")
    expect(device.get_by_label("Pairing code")).to_be_focused()


def test_two_keys_lead_from_a_person_to_their_printed_card(open_page: OpenPage) -> None:
    clerk, person = make_account(make_person(name="周敏"), roles=[Role.CLERK]), make_person(name="李秀英")
    page = open_page(f"/desk/people/{person.id}", account=clerk, lang="en")
    press_key(page, "k")
    expect(page.get_by_role("button", name="Print a card")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="卡的二维码")).to_be_visible()  # paper is in the language of its owner
    expect(page.get_by_role("heading", name="李秀英")).to_be_visible()
