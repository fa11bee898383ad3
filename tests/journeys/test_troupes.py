"""A troupe from asking to join to a sheet for the next leader: on a phone, without a script, in both sizes."""

import re

from playwright.sync_api import expect

from tests.builders import make_account, make_organisation, make_person
from tests.journeys.checks import faults
from tests.journeys.conftest import PHONE, OpenPage
from tests.troupes.builders import let_know, make_leader, make_member, make_piece, make_season, make_troupe, part_of

PDF = b"%PDF-1.4 score"


def test_from_asking_to_join_to_knowing_a_piece(open_page: OpenPage) -> None:
    leader, her = make_account(make_person(name="万德山")), make_account(make_person(name="王秀英"))
    troupe = make_troupe(organisation=make_organisation(), name="大鼓队", name_en="Drums", parts=("大鼓", "云板"))
    make_leader(troupe, leader.person, parts=["大鼓"])
    make_piece(troupe, title="老街坊", title_en="Old Neighbours")
    plain = {"lang": "en", "viewport": PHONE, "java_script_enabled": False}
    page = open_page("/troupes", account=her, **plain)
    page.get_by_role("link", name="Drums").click()
    page.get_by_role("link", name="Ask to join").click()
    page.get_by_label("大鼓").check()
    page.get_by_label(re.compile("A line to those")).fill("厂里打过鼓")
    page.get_by_role("button", name="Ask to join").click()
    expect(page.get_by_text("You have asked to join.")).to_be_visible()

    lead = open_page(f"/workspace/troupes/{troupe.slug}", account=leader, **plain)
    expect(lead.get_by_text("厂里打过鼓")).to_be_visible()
    lead.get_by_role("link", name=re.compile("^Look and decide.*王秀英")).click()
    lead.get_by_role("link", name="Take into the troupe").click()
    lead.get_by_role("button", name="Take into the troupe").click()
    expect(lead.get_by_text("王秀英: In the troupe. They are told.")).to_be_visible()
    lead.get_by_role("link", name="Repertoire").click()
    lead.get_by_role("link", name="Old Neighbours").click()
    lead.get_by_role("link", name="Add a file").click()
    lead.get_by_label("File", exact=True).set_input_files(
        {"name": "a.exe", "mimeType": "application/pdf", "buffer": b"MZ"}
    )
    lead.get_by_label("Name of the file").fill("鼓谱")
    lead.get_by_role("button", name="Keep the file").click()
    expect(lead.get_by_role("alert")).to_contain_text("This file is none of these")
    lead.get_by_label("File", exact=True).set_input_files(
        {"name": "a.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    lead.get_by_role("button", name="Keep the file").click()
    expect(lead.get_by_text("The file is kept")).to_be_visible()

    page.get_by_role("link", name=re.compile("^See more.*Drums")).click()
    page.get_by_role("link", name="Old Neighbours").click()
    with page.expect_download() as saved:
        page.get_by_role("link", name=re.compile("^Save the file.*鼓谱")).click()
    assert saved.value.path().read_bytes() == PDF
    page.get_by_role("button", name=re.compile("^Is learning it.*大鼓")).click()
    expect(page.get_by_text("Saved: Is learning it")).to_be_visible()
    lead.reload()
    expect(lead.get_by_text("0 of 1 know it")).to_be_visible()


def test_the_pages_of_those_who_lead_are_for_everybody(open_page: OpenPage) -> None:
    leader = make_account(make_person(name="万德山"))
    elder = make_person(name="周桂珍")
    troupe = make_troupe(organisation=make_organisation(members=[elder]), parts=("高声部", "低声部"))
    make_leader(troupe, leader.person, parts=["高声部"])
    member, piece = make_member(troupe, make_person(name="邓敏红"), parts=["低声部"]), make_piece(troupe)
    let_know(member, piece, part_of(troupe))
    season = make_season(troupe, members=[member], pieces=[piece])
    for is_elder in (False, True):
        page = open_page(f"/workspace/troupes/{troupe.slug}", account=leader, elder=is_elder, viewport=PHONE)
        for address in (
            *("", "/edit", "/parts", f"/parts/{part_of(troupe).id}", "/members/new", f"/members/{member.id}"),
            *("/members/known", f"/seasons/{season.id}/rehearsals/hit"),
            *(f"/members/{member.id}/parts", f"/members/{member.id}/stand/resting", "/leaders", "/deputies"),
            *("/pieces", "/pieces/new", f"/pieces/{piece.id}", f"/pieces/{piece.id}/edit", f"/pieces/{piece.id}/files"),
            *("/seasons/new", f"/seasons/{season.id}", f"/seasons/{season.id}/roster", f"/seasons/{season.id}/pieces"),
        ):
            page.goto(f"/workspace/troupes/{troupe.slug}{address}")
            assert (address, faults(page, elder=is_elder)) == (address, [])
    page.goto(f"/workspace/troupes/{troupe.slug}/leaders")
    page.get_by_label("新队长").select_option(label="邓敏红")
    page.get_by_role("button", name="任命队长并生成交接单").click()
    expect(page.get_by_role("heading", name="交接单")).to_be_visible()
    assert faults(page, elder=True) == []
