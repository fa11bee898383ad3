"""Errand 4: a lead copies last month's film, submits it, sees who comes, takes the roll and signs it."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from center.signups.models import PoolKind
from center.signups.rosters import PoolFacts
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.builders import at, make_account, make_organisation, make_person, make_room
from tests.journeys.checks import assert_good
from tests.journeys.conftest import DESK, PHONE, OpenPage
from tests.journeys.steps import said_in


@pytest.mark.parametrize(
    ("lang", "elder"), [("zh", False), ("zh", True), ("en", False)], ids=["zh", "elder mode", "en"]
)
def test_last_months_film_is_copied_looked_at_and_submitted(open_page: OpenPage, lang: str, elder: bool) -> None:
    say, name = said_in(lang), f"口述电影{lang}{elder:d}"
    lead = make_account(make_person(name="李建国"))
    team = make_organisation(leads=[lead.person], name=f"光影社{lang}{elder:d}")
    room = make_room(name="放映厅", capacity=60)
    film = make_activity(
        organisation=team, title=name, title_en=name, room=room, starts=[at(14, days=2)], has_pick_up=True
    )
    companions = PoolFacts(kind=PoolKind.COMPANION, capacity=10)
    roster = make_roster(film, capacity=30, pools=[companions])
    sign_up(roster, make_person(name="盲人观众"))
    page = open_page(
        f"/workspace/organisations/{team.slug}", account=lead, viewport=PHONE if elder else DESK, lang=lang, elder=elder
    )
    assert_good(page, elder=elder)
    page.get_by_role("link", name=say("Copy the last one")).click()  # one
    if elder:
        expect(page.get_by_role("heading", level=1)).to_have_text(say("Is this right?"))
        expect(page.get_by_role("main")).to_contain_text(name)
        page.get_by_role("listitem").filter(has_text=say("Title")).get_by_role("link").click()
        page.get_by_label(say("Title"), exact=True).fill(f"{name}（二）")
        assert_good(page, elder=elder)
        page.get_by_role("button", name=say("Go on")).click()
        expect(page.get_by_role("main")).to_contain_text(f"{name}（二）")
    else:
        expect(page.get_by_label(say("Title"), exact=True)).to_have_value(name)
        expect(page.get_by_label(say("How many places"), exact=True)).to_have_value("30")
        expect(page.get_by_label(say("Companion seats besides"))).to_have_value("10")
        expect(page.locator("#date")).to_have_value(at(14, days=30).date().isoformat())
    assert_good(page, elder=elder)
    page.get_by_role("button", name=say("Save as a draft")).click()  # two
    expect(page.get_by_role("main")).to_contain_text(say("Draft"))
    page.get_by_role("link", name=say("Look at it as on a phone")).click()
    expect(page.get_by_role("main")).to_contain_text(say("This is how a phone shows it."))
    assert_good(page, elder=elder)
    page.go_back()
    page.get_by_role("button", name=say("Submit for review")).click()
    expect(page.get_by_role("main")).to_contain_text(say("Waits for review"))
    page.goto(f"/workspace/activities/{film.slug}/rosters/{roster.id}")
    expect(page.get_by_role("main")).to_contain_text("盲人观众")
    assert_good(page, elder=elder)


def test_in_elder_mode_a_new_one_is_posted_one_question_a_page(open_page: OpenPage) -> None:
    lead = make_account(make_person(name="李建国"))
    team = make_organisation(leads=[lead.person])
    make_room(name="长辈放映厅", name_en="Elders' cinema", capacity=60)
    make_activity(organisation=make_organisation())  # there is a kind
    page = open_page(f"/workspace/organisations/{team.slug}/new", account=lead, lang="en", elder=True)
    page.get_by_label("Kind").select_option(index=0)
    go_on = page.get_by_role("button", name="Go on")
    assert_good(page, elder=True)
    go_on.click()
    page.get_by_label("Title", exact=True).fill("Chess")
    assert_good(page, elder=True)
    go_on.click()
    page.get_by_label("In one sentence").fill("Come and play")
    page.get_by_role("button", name="One step back").click()
    expect(page.get_by_label("Title", exact=True)).to_have_value("Chess")
    go_on.click()
    expect(page.get_by_label("In one sentence")).to_have_value("Come and play")
    go_on.click()
    page.get_by_label("Room").select_option(label="Elders' cinema, up to 60 people")
    go_on.click()
    page.get_by_role("radio", name="On one day").check(force=True)
    assert_good(page, elder=True)
    go_on.click()
    page.locator("#date").fill(at(14, days=4).date().isoformat())
    go_on.click()
    page.get_by_label("From", exact=True).fill("14:00")
    page.get_by_label("To", exact=True).fill("16:00")
    for _ in range(5):
        go_on.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this right?")
    assert_good(page, elder=True)
    page.get_by_role("button", name="Save as a draft").click()
    expect(page.get_by_role("status").filter(has_text="saved as a draft")).to_be_visible()


@pytest.mark.parametrize(
    ("lang", "elder", "script"), [("zh", True, True), ("en", False, False)], ids=["elder mode", "en, without a script"]
)
def test_the_lead_takes_the_roll_signs_it_and_puts_it_right(
    open_page: OpenPage, lang: str, elder: bool, script: bool
) -> None:
    say = said_in(lang)
    lead = make_account(make_person(name="李建国"))
    team = make_organisation(leads=[lead.person], name=f"名册社{lang}{elder:d}")
    begins = at(9, days=0)
    film = make_activity(organisation=team, starts=[begins], minutes=120, now=begins - timedelta(days=2))
    roster = make_roster(film, capacity=9)
    first, second = (make_person(name=each) for each in ("安心", "白云"))
    for each in (first, second):
        sign_up(roster, each, now=begins - timedelta(days=1))
    address = f"/workspace/activities/{film.slug}/sessions/{film.sessions[0].id}/register"
    page = open_page(
        address, account=lead, viewport=PHONE if elder else DESK, lang=lang, elder=elder, java_script_enabled=script
    )
    if script:
        assert_good(page, elder=elder)
    line = page.locator(f"#person-{first.id}")
    line.get_by_role("button", name=say("Here")).click()
    expect(page).to_have_url(re.compile(f"#say-{second.id}$"))
    if script:
        expect(page.locator(f"#say-{second.id}")).to_be_focused()
    expect(line).to_contain_text(say("Present"))
    line.get_by_role("button", name=re.compile("Undo until|撤销")).click()
    expect(line).to_contain_text(say("Expected"))
    line.get_by_role("button", name=say("Late")).click()
    page.get_by_role("link", name=say("Close and sign")).click()
    expect(page.get_by_role("main")).to_contain_text(second.name)
    if script:
        assert_good(page, elder=elder)
    page.get_by_label(say("I sign: what stands here is so, as far as I know")).check(force=True)
    page.get_by_role("button", name=say("Close and sign")).click()
    expect(page.get_by_role("main")).to_contain_text("李建国")
    absent = page.locator(f"#person-{second.id}")
    expect(absent).to_contain_text(say("Absent"))
    absent.get_by_role("link", name=say("Put right")).click()
    page.get_by_role("radio", name=say("Present")).check(force=True)
    page.get_by_label(say("Reason"), exact=True).fill("坐在后排")
    if script:
        assert_good(page, elder=elder)
    page.get_by_role("button", name=say("Put right")).click()
    expect(page.locator(f"#person-{second.id}")).to_contain_text(say("Present"))
    page.get_by_role("link", name=say("What was written down")).click()
    expect(page.get_by_role("main")).to_contain_text("坐在后排")
    if script:
        assert_good(page, elder=elder)
