"""Errand 5 for a guardian without a smartphone: a paper form, the desk's phone, and the desk's list of calls."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from center.afterschool.models.consents import ChildConsent, Means, Purpose
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import Collector, PlanChange
from center.afterschool.models.terms import Term
from center.afterschool.models.words_said import GuardianWord, WordOn
from center.afterschool.places import ending
from center.afterschool.places.consents import PURPOSES
from center.afterschool.places.enrolments import find
from center.kernel import clock
from center.kernel.db import db
from center.people.models import Person, Role
from center.people.queries import account_of
from tests.afterschool.builders import make_child
from tests.afterschool.handing_over.scene import Scene, do
from tests.builders import make_account, make_person
from tests.journeys.checks import assert_good
from tests.journeys.conftest import DESK, OpenPage

NUMBER = "13812340077"


def call_about(page: Page, words: str | re.Pattern[str]) -> Locator:
    """What is to be said to her on the phone, in the desk's list."""
    page.goto("/desk/to-tell")
    return page.locator("article.call").filter(has_text=NUMBER).filter(has_text=words).first


def type_in_the_paper(page: Page, scene: Scene) -> None:
    """The clerk reads the edition off the printed form, and types in what stands on it."""
    term = db.session.get_one(Term, scene.enrolment.term_id)
    page.goto(f"/desk/after-school/paper/{term.id}")
    edition = re.search(r"版本号 ([\d.]+)", page.get_by_role("main").inner_text())
    assert edition is not None
    page.goto(f"/desk/after-school/enrol?term={term.id}")
    assert_good(page)
    typed = {
        "版本号": edition[1],
        "监护人的电话号码": NUMBER,
        "孩子姓名": "何小雨",
        "在校班级": "二(1)班",
        "监护人是孩子的什么人": "奶奶",
    }
    for label, words in typed.items():
        page.get_by_label(re.compile(f"^{label}")).first.fill(words)
    for purpose in PURPOSES:
        page.locator(f"input[name={purpose}][value={'yes' if purpose is Purpose.CARE else 'no'}]").check()
    page.get_by_role("main").get_by_role("button", name="提交").click()
    expect(page.get_by_role("article")).to_contain_text("1")


def the_place(page: Page, scene: Scene, child: Person) -> None:
    """Another child's place is given back; she is rung, and takes it on the phone."""
    other = db.session.get_one(Enrolment, scene.enrolment.id)
    do(ending.leave, other, guardian=other.applied_by, by=other.applied_by, now=clock.now())
    call = call_about(page, "名额")
    call.get_by_role("button", name=re.compile("对方要这个名额")).click()
    db.session.rollback()
    made = find(db.session.get_one(Term, scene.enrolment.term_id), db.session.get_one(Person, child.id))
    assert made is not None
    assert str(made.sign_up.state) == "confirmed"
    consents = select(ChildConsent).where(ChildConsent.child_id == child.id)
    assert {(each.means, each.is_given) for each in db.session.scalars(consents)} == {
        (Means.PAPER, True),
        (Means.PAPER, False),
    }


def rings(page: Page, link: re.Pattern[str]) -> None:
    """She rings or is rung: found by her whole number, and no name of the child is read out whole."""
    page.goto("/desk/after-school/calls")
    page.get_by_label("监护人的电话号码").fill(NUMBER)
    page.get_by_role("main").get_by_role("button", name="查找").click()
    expect(page.get_by_role("main")).not_to_contain_text("何小雨")
    page.get_by_role("main").get_by_role("link", name=link).click()


def rung_back(page: Page) -> None:
    """On the number that is on record."""
    page.get_by_label(re.compile(f"^{NUMBER}")).check()


def say_the_days_and_who_collects(page: Page, child: Person) -> None:
    """What others do with their account: on which days the child comes, and that the grandfather may collect."""
    rings(page, re.compile("^别的事"))
    matters = page.url
    page.get_by_role("main").get_by_role("link", name="每周计划").click()
    for box in page.get_by_role("main").locator("select[name^=way_]").all():
        box.select_option("collected")
    rung_back(page)
    page.get_by_role("main").get_by_role("button", name="保存每周计划").click()
    page.goto(matters)
    page.get_by_role("main").get_by_role("link", name="接送人").click()
    typed = {"name": "何大海", "relation": "爷爷", "phone": "13900000021"}
    for field, words in typed.items():
        page.locator(f"main input[name={field}]").fill(words)
    rung_back(page)
    page.get_by_role("main").get_by_role("button", name="列入名单").click()
    expect(page.get_by_role("main")).to_contain_text("何*海")
    db.session.rollback()
    named = db.session.scalars(select(Collector).where(Collector.child_id == child.id)).one()
    assert named.name == "何大海"


def change_by_phone(page: Page) -> None:
    """She rings, is rung back, and the day is changed."""
    rings(page, re.compile("^改某一天"))
    rung_back(page)
    assert_good(page)
    page.get_by_role("main").get_by_role("button", name=re.compile("何大海")).click()
    expect(page.get_by_role("status").filter(has_text="已记下").first).to_be_visible()
    db.session.rollback()
    change = db.session.scalars(select(PlanChange).where(PlanChange.rang_back == NUMBER)).one()
    assert change.recorded_by_id != change.by_id


def pause_and_take_back(page: Page) -> None:
    """She rings again: what a pause means is read out before it is confirmed, and a consent is taken back."""
    rings(page, re.compile("^别的事"))
    assert_good(page)
    page.get_by_role("main").get_by_role("link", name="暂停名额").click()
    rung_back(page)
    page.get_by_role("button", name="下一步：看看意味着什么").click()
    expect(page.get_by_role("heading", name="念给监护人听，再确认")).to_be_visible()
    assert_good(page)
    page.get_by_role("button", name="确认暂停").click()
    expect(page.get_by_role("main")).to_contain_text("已暂停")
    page.get_by_role("main").get_by_role("link", name=re.compile("^撤回")).first.click()
    rung_back(page)
    page.get_by_role("button", name="下一步：看看意味着什么").click()
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_role("status").filter(has_text="已记下").first).to_be_visible()
    db.session.rollback()
    said = db.session.scalars(select(GuardianWord).order_by(GuardianWord.id.desc()).limit(2)).all()
    assert [(each.what, each.rang_back) for each in said] == [
        (WordOn.CONSENT_REVOKED, NUMBER),
        (WordOn.PAUSED, NUMBER),
    ]


def come(page: Page) -> None:
    """Whoever holds the list knows of the change; the child comes."""
    page.goto("/classroom/day")
    page.get_by_role("main").get_by_role("button", name=re.compile("已知晓.*何小雨")).first.click()
    line(page).get_by_role("button", name="到场").click()
    expect(line(page).get_by_role("link", name="交接")).to_be_visible()


def go(page: Page) -> None:
    """The child goes with whom the guardian named, before two of the staff."""
    line(page).get_by_role("link", name="交接").click()
    page.get_by_label("李老师").check()
    page.get_by_role("button", name="孩子点头，交给 何大海").click()
    expect(line(page)).to_contain_text("接走")


def line(page: Page) -> Locator:
    """The child's line in the list of the day."""
    return page.locator("li.kid").filter(has_text="何小雨")


def test_a_guardian_without_a_smartphone_from_the_paper_form_to_the_way_home(open_page: OpenPage) -> None:
    clerk: Any = make_account(make_person(name="周前台"), roles=[Role.CLERK])
    grandma = make_person(name="何桂英", phone=NUMBER)
    child = make_child(grandma, name="何小雨")
    scene = Scene(capacity=1)
    tutor = account_of(scene.tutor.id)
    desk = open_page("/desk", account=clerk, viewport=DESK)
    type_in_the_paper(desk, scene)
    the_place(desk, scene, child)
    say_the_days_and_who_collects(desk, child)
    change_by_phone(desk)
    phone = open_page("/classroom/day", account=tutor)
    for act, words in ((come, "已于.*到"), (go, "何大海.*接走")):
        act(phone)
        call = call_about(desk, re.compile(words))
        expect(call).to_contain_text("何*雨")
        expect(call).not_to_contain_text("何小雨")
    assert_good(desk)
    expect(desk.locator("article.call").filter(has_text=NUMBER)).to_have_count(1)  # the later words say it all
    call.get_by_role("button", name=re.compile("^已告知")).click()
    expect(desk.get_by_role("status").first).to_be_visible()
    expect(desk.locator("article.call").filter(has_text=NUMBER)).to_have_count(0)
    pause_and_take_back(desk)
