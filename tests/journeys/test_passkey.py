"""A clerk adds a passkey in a real browser, whose own key is a virtual one, and signs in with it."""

from center.people.models import Role
from tests.builders import PASSWORD, make_account, make_person
from tests.journeys.conftest import OpenPage
from tests.servers import Site

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_clerk_adds_a_passkey_and_signs_in_with_it(site: Site, open_page: OpenPage) -> None:
    clerk = make_account(make_person(name="何窗口"), roles=[Role.CLERK])
    login = clerk.login
    page = open_page("/healthz")
    here = site.address.replace("127.0.0.1", "localhost")  # browsers let keys belong to names alone
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    key = browser.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})

    page.goto(f"{here}/sign-in?next=/me/account/passkeys&lang=en")
    page.get_by_label("Phone number or sign-in name").fill(login)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Name").fill("My phone")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name="I have them, go on").click()
    assert page.get_by_text("My phone", exact=True).is_visible()

    page.get_by_role("button", name="Sign out").first.click()
    page.goto(f"{here}/sign-in?next=/desk")
    page.get_by_label("Phone number or sign-in name").fill(login)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    browser.send("WebAuthn.setUserVerified", {**key, "isUserVerified": False})
    page.get_by_role("button", name="Use a passkey").click()
    again = page.get_by_role("button", name="Try again")
    again.wait_for()
    assert page.get_by_text("called off").is_visible()
    browser.send("WebAuthn.setUserVerified", {**key, "isUserVerified": True})
    again.click()
    page.wait_for_url("**/desk")
