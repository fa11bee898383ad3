"""A leader lends a drum in elder mode and takes it back damaged; a paper cut is approved, reserved and seen by all."""

import re

from playwright.sync_api import expect

from center.people.models import Role
from tests.builders import make_account, make_person
from tests.journeys.checks import assert_good
from tests.journeys.conftest import DESK, PHONE, OpenPage
from tests.pictures import picture
from tests.servers import Site
from tests.troupes.builders import make_leader, make_member, make_troupe
from tests.troupes.lending_builders import make_day, make_studio, make_thing, make_work


def test_a_drum_goes_out_and_comes_back_with_a_hole(site: Site, open_page: OpenPage) -> None:
    leader = make_account(make_person(name="鼓队长"))
    troupe = make_troupe(name="桥头鼓队", slug="bridge-drums")
    make_leader(troupe, leader.person)
    borrower = make_member(troupe, make_person(name="石敲鼓"))
    make_thing(troupe, labels=["1", "2"])
    page = open_page("/workspace/troupes/bridge-drums", account=leader, viewport=PHONE, elder=True)
    page.get_by_role("link", name="服装道具").click()
    assert_good(page, elder=True)
    page.get_by_role("link", name="借出", exact=True).click()
    assert_good(page, elder=True)
    page.get_by_label("成员").select_option(str(borrower.person_id))
    page.get_by_role("checkbox", name="1", exact=True).check(force=True)
    page.get_by_role("checkbox", name="现在就拿走").check(force=True)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("heading", name="借出中")).to_be_visible()
    assert_good(page, elder=True)
    page.get_by_role("link", name="归还").click()
    page.get_by_label("损坏").fill("1")
    page.get_by_label("问题说明").fill("鼓皮破了一个洞")
    page.get_by_label("照片").set_input_files({"name": "鼓.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    assert_good(page, elder=True)
    page.get_by_role("button", name="归还").click()
    expect(page.get_by_text("鼓皮破了一个洞")).to_be_visible()
    expect(page.get_by_text("归还时有损坏")).to_be_visible()
    assert_good(page, elder=True)


def test_a_paper_cut_is_approved_and_reserved_and_everybody_sees_that(site: Site, open_page: OpenPage) -> None:
    leader, clerk = make_account(make_person(name="剪纸师")), make_account(roles=[Role.CLERK])
    studio = make_studio(name="窗花社", slug="window-flowers")
    make_leader(studio, leader.person)
    work = make_work(studio, person=leader.person, title="并蒂莲", maker_shown="莲花")
    make_day(studio, [work], by=leader.person, is_approved=False)
    page = open_page("/desk/sale-days", account=clerk, viewport=DESK)
    assert_good(page)
    page.get_by_role("main").get_by_role("link").first.click()
    assert_good(page)
    page.get_by_role("button", name="通过").click()
    expect(page.get_by_role("status").filter(has_text="已批准")).to_be_visible()
    page = open_page("/workspace/troupes/window-flowers/works", account=leader, viewport=PHONE)
    assert_good(page)
    page.get_by_role("link", name=re.compile("第.*场义卖")).click()
    assert_good(page)
    page.get_by_role("link", name=re.compile("预订")).click()
    page.locator("#whom").fill("何阿姨")
    page.get_by_role("button", name="预订").click()
    expect(page.get_by_text("何阿姨")).to_be_visible()
    page = open_page("/troupes/window-flowers/works", viewport=PHONE, elder=True)
    assert_good(page, elder=True)
    page.get_by_role("link", name="并蒂莲").click()
    expect(page.get_by_text("已预订")).to_be_visible()
    expect(page.get_by_text("何阿姨")).not_to_be_visible()
    assert_good(page, elder=True)
