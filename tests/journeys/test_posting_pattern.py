"""Posting: only the fields of the chosen pattern are open, and English is folded away."""

from playwright.sync_api import expect

from tests.builders import make_account, make_organisation
from tests.journeys.conftest import OpenPage

PATTERNS = {
    "one": {"date"},
    "list": {"dates"},
    "weekly": {"date", "weekdays", "every_weeks", "until"},
}


def test_only_the_fields_of_the_chosen_pattern_are_open(open_page: OpenPage) -> None:
    lead = make_account()
    team = make_organisation(leads=[lead.person])
    page = open_page(f"/workspace/organisations/{team.slug}/new", account=lead)
    fields = set().union(*PATTERNS.values())
    for pattern, opened in PATTERNS.items():
        page.locator(f'[name="pattern"][value="{pattern}"]').check(force=True)
        assert {name for name in fields if page.locator(f"#{name}").is_visible()} == opened
    expect(page.locator("#title_en")).to_be_hidden()
    page.locator("details", has=page.locator("#title_en")).locator("summary").first.click()
    expect(page.locator("#title_en")).to_be_visible()
