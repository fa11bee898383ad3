"""Errand 4, the filing: a lead files a film that is near and sums up the one that is over, both filled in already."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from center.organisations.models import Stage
from tests.activity_builders import make_activity
from tests.builders import at, make_account, make_organisation, make_person, make_room
from tests.journeys.checks import assert_good
from tests.journeys.conftest import DESK, PHONE, OpenPage
from tests.journeys.steps import said_in


@pytest.mark.parametrize(("lang", "elder"), [("zh", True), ("en", False)], ids=["elder mode", "en"])
def test_a_lead_files_what_is_near_and_sums_up_what_is_over(open_page: OpenPage, lang: str, elder: bool) -> None:
    say = said_in(lang)
    lead = make_account(make_person(name="李建国"))
    team = make_organisation(leads=[lead.person], name=f"光影队{lang}", stage=Stage.INCUBATING)
    facts: dict[str, Any] = {"title_en": "", "summary": "给盲人讲电影", "room": make_room(name="放映厅", capacity=80)}
    make_activity(organisation=team, title=f"下一场{lang}", starts=[at(14, days=9)], expected=60, **facts)
    make_activity(
        organisation=team, title=f"上一场{lang}", starts=[at(14, days=-1)], now=at(9, days=-20), expected=20, **facts
    )
    page = open_page(
        f"/workspace/organisations/{team.slug}", account=lead, viewport=PHONE if elder else DESK, lang=lang, elder=elder
    )
    page.get_by_role("link", name=say("Filings of activities")).click()
    assert_good(page, elder=elder)
    near = page.get_by_role("listitem").filter(has_text=f"下一场{lang}")
    expect(near).to_contain_text(say("File it now"))
    near.get_by_role("link", name=f"下一场{lang}").first.click()
    expect(page.get_by_label(say("What it is"), exact=True)).to_have_value("给盲人讲电影")
    expect(page.get_by_label(say("How many people come"), exact=True)).to_have_value("60")
    plan = page.get_by_label(say("How everybody's safety is seen to"))
    expect(plan).to_have_value(re.compile("60"))
    plan.fill("")
    page.get_by_role("button", name=say("File it"), exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(
        say("From %(n)d people on, say how their safety is seen to.", n=50)
    )
    assert_good(page, elder=elder)
    plan.fill("两人守门，后门出，急救箱在服务台")
    page.get_by_role("button", name=say("File it"), exact=True).click()
    expect(page.locator(".flashes")).to_contain_text(say("Filed. The staff of the centre look at it."))
    page.get_by_role("link", name=say("Filings of activities")).click()
    over = page.get_by_role("listitem").filter(has_text=f"上一场{lang}")
    over.get_by_role("link", name=say("Sum it up")).click()
    expect(page.get_by_role("main")).to_contain_text(say("Counted from the register"))
    page.get_by_label(say("How the date went"), exact=True).fill("来了十八人，讲了两部短片")
    assert_good(page, elder=elder)
    page.get_by_role("button", name=say("Save")).click()
    expect(page.get_by_role("main")).to_contain_text("来了十八人")
