"""What people do on the site again and again, found by the words they read, as a screen reader would find them."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from center.kernel.i18n import gettext, speaking
from center.people.models import Account
from center.web import static_files
from tests.builders import PASSWORD

FILES = f"/static/v-{static_files.version()}"  # beneath this address lie the scripts that a page loads


def sign_in(page: Page, account: Account) -> None:
    """Type phone and password on the sign-in page that is shown."""
    page.get_by_label("Phone number or sign-in name").fill(account.login)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def ask_for(page: Page, *, day: str, start: str, minutes: int = 60, people: int = 4, purpose: str = "Chess") -> None:
    """Fill in the booking form and go on to the page that asks once more."""
    page.get_by_label("Day", exact=True).fill(day)
    page.get_by_label("From", exact=True).select_option(start)
    page.get_by_label("For how long").select_option(str(minutes))
    page.get_by_label("How many people come").fill(str(people))
    page.get_by_label("What for").fill(purpose)
    page.get_by_role("button", name="Check and continue").click()


def expect_booked(page: Page) -> str:
    """The page says so in a live region; returns the reference number."""
    expect(page.get_by_role("status").filter(has_text="The room is booked")).to_be_visible()
    found = re.search(r"/bookings/([^/?]+)", page.url)
    assert found, page.url
    return found[1]


def tab_to(page: Page, target: Locator, *, most: int = 60) -> int:
    """Press Tab until the target has the focus; returns how often."""
    for presses in range(most + 1):
        if target.evaluate("el => el === document.activeElement"):
            return presses
        page.keyboard.press("Tab")
    raise AssertionError(f"not reached with {most} Tabs: {target}")


def press_key(page: Page, letter: str) -> None:
    """A single key of the desk's pages, once its script is there and the page is drawn: before, browsers drop keys."""
    expect(page.locator("kbd").first).to_be_visible()
    page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    page.keyboard.press(letter)


def type_where_the_cursor_is(page: Page, text: str) -> None:
    """Type into the field that a page opens with, once the browser has put the cursor there and drawn it."""
    expect(page.locator(":focus[autofocus]")).to_be_editable()
    page.keyboard.type(text)


def said_in(lang: str) -> Callable[..., str]:
    """How the site says something in a language: say("Sign up"). For journeys that are the same in both."""

    def say(words: str, **facts: object) -> str:
        with speaking(lang):
            return gettext(words, **facts)

    return say


class Taps:
    """Presses, counted."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, target: Locator) -> None:
        """Press it."""
        target.click()
        self.count += 1

    def since(self, before: int) -> int:
        """How many presses since then."""
        return self.count - before
