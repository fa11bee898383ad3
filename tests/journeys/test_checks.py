"""What is looked for on every page is found where it is."""

from playwright.sync_api import Browser

from tests.journeys.checks import axe_faults

PAGE = """<!doctype html><html lang="en"><title>A page</title><body><main><h1>A page</h1>
<p style="color: #c3c4c5">Pale words</p>{more}</main></body></html>"""


def test_pale_words_are_found_once_and_other_faults_on_every_page(browser: Browser) -> None:
    page = browser.new_page()
    try:
        page.set_content(PAGE.format(more=""))
        [pale] = axe_faults(page)
        assert pale.startswith("axe color-contrast")
        page.set_content(PAGE.format(more='<img src="data:,">'))
        [unnamed] = axe_faults(page)
        assert unnamed.startswith("axe image-alt")
        page.set_content(PAGE.format(more='<p style="color: #c3c4c5; opacity: 0.9">Paler words</p>'))
        [paler] = axe_faults(page)
        assert "Paler" in page.locator("[data-new-colours]").inner_text()
        assert paler.startswith("axe color-contrast")
    finally:
        page.close()
