"""From the question after a session to the director's answer, and to the file that a lead hands in."""

import zipfile
from dataclasses import replace

import pytest
from playwright.sync_api import ViewportSize, expect
from sqlalchemy import select

from center.incubator.evidence import packing
from center.incubator.models.evidence import EvidencePack
from center.kernel import clock
from center.kernel.config import Settings
from center.kernel.db import db
from center.people.models import Role
from tests.builders import make_account
from tests.feedback.builders import ask, make_held, say, tickets_of
from tests.journeys.checks import faults
from tests.journeys.conftest import PHONE, OpenPage
from tests.servers import Site

WIDE = ViewportSize(width=1280, height=900)


def settings_of(site: Site) -> Settings:
    """Those of the server: its packs lie in its own data folder."""
    known: Settings = site.app.extensions["settings"]
    return replace(known, data_dir=site.log.parent)


def test_an_elder_answers_by_the_link_and_the_director_alone_reads_what_was_not_right(open_page: OpenPage) -> None:
    lesson = make_held(1, title="剪纸课")
    ask(lesson)
    number, name = tickets_of(lesson)[0].number, lesson.session.activity.organisation.name
    director = make_account(roles=[Role.DIRECTOR])
    page = open_page(f"/feedback/{number}", elder=True, viewport=PHONE, java_script_enabled=False)
    page.get_by_label("很好").check()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert")).to_be_visible()  # the second question
    page.get_by_label("部分可以").check()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("您已回答，谢谢。")).to_be_visible()
    page.get_by_role("link", name="写给主任").click()
    page.get_by_label("发生了什么？").fill("地面太滑，有人差点摔倒。")
    page.get_by_role("button", name="发给主任").click()
    expect(page.get_by_text("尚未答复")).to_be_visible()

    desk = open_page("/desk/feedback/complaints", account=director, viewport=PHONE)
    assert faults(desk) == []
    desk.get_by_role("link", name=name).click()
    expect(desk.get_by_text("未署名")).to_be_visible()
    desk.get_by_label("您的答复").fill("今天铺了防滑垫。")
    desk.get_by_role("button", name="发送答复").click()
    expect(desk.get_by_text("您的答复现在可以查看。")).to_be_visible()
    page.reload()
    expect(page.get_by_text("今天铺了防滑垫。")).to_be_visible()


def test_a_lead_reads_what_is_missing_and_hands_in_the_whole_month(
    open_page: OpenPage, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(site.app.extensions, "settings", settings_of(site))
    lesson = make_held(5, title="剪纸课", about="剪窗花")
    ask(lesson)
    for ticket in tickets_of(lesson):
        say(ticket, words="热闹")
    lead = make_account(lesson.lead)
    organisation, day = lesson.session.activity.organisation, lesson.session.local_day
    slug, work, who = lesson.session.activity.slug, organisation.slug, lesson.lead.name
    page = open_page(f"/workspace/activities/{slug}/feedback", account=lead, viewport=WIDE, lang="en")
    expect(page.get_by_text("5 answers are counted.")).to_be_visible()
    assert faults(page) == []
    page.goto(f"/workspace/organisations/{work}")
    page.get_by_role("link", name="Evidence").click()
    page.get_by_role("link", name="Make a pack").click()
    page.get_by_label("First day").fill(day.isoformat())
    page.get_by_label("Last day").fill(day.isoformat())
    page.get_by_role("button", name="Look at these days").click()
    expect(page.get_by_text("No photograph")).to_be_visible()
    assert faults(page) == []
    page.get_by_label("Self-evaluation").fill("Everybody wants to come again.")
    page.get_by_role("button", name="Make the pack").click()
    expect(page.get_by_text("Waits its turn")).to_be_visible()
    db.session.rollback()
    packing.make(db.session.scalars(select(EvidencePack.id)).one(), clock.now())
    db.session.rollback()
    page.reload()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the pack").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert "Everybody wants to come again." in archive.read("self-evaluation.html").decode()
        assert "No photograph" in archive.read("index.html").decode()
    page.reload()
    expect(page.get_by_text(who).last).to_be_visible()
