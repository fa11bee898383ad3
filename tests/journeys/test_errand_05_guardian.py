"""Errand 5: a guardian on a phone enrols a child, says who collects, and hears of the child's day; taps are counted."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func, select

from center.afterschool.collectors.listing import may_collect
from center.afterschool.handing_over import arrivals
from center.afterschool.handing_over.to_adults import Taking, hand_over
from center.afterschool.models.care import IncidentStage, IncidentStep
from center.afterschool.models.consents import ChildConsent, Purpose
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import Different, PlanChange
from center.afterschool.models.terms import TermDay
from center.afterschool.places import ending
from center.afterschool.places.consents import PURPOSES
from center.afterschool.records import incidents
from center.afterschool.records.incidents import Happened
from center.kernel import clock
from center.kernel.db import db
from center.kernel.i18n import in_language, speaking
from center.people.masking import masked_name
from center.people.models import Person
from tests.afterschool.builders import make_child
from tests.afterschool.handing_over.scene import Scene, do
from tests.afterschool.plan_builders import term_from_today, today
from tests.builders import make_account, make_person
from tests.journeys.checks import assert_good
from tests.journeys.conftest import OpenPage
from tests.journeys.steps import said_in

ADULTS = (("李桂兰", "奶奶", "13900000011"), ("王小美", "姑姑", "13900000012"), ("赵建国", "邻居", "13900000013"))
REFUSED = (Purpose.PHOTOS, Purpose.WALKING_ALONE)


@dataclass
class Family:
    """A day of the programme whose one place another child has, and a guardian who has not asked yet."""

    scene: Scene
    mother: Any  # an account
    child: Person
    term_name: str
    school: str


def family(lang: str) -> Family:
    """A term with one place, taken; another one, so that it is asked for which."""
    mother = make_account(make_person(name="林晓"), locale=lang)
    child = make_child(mother.person, name="林小满")
    term_from_today()
    scene = Scene(capacity=1)
    term = scene.enrolment.term
    school = scene.enrolment.school
    with speaking(lang):
        names = in_language(term.name, term.name_en), in_language(school.name, school.name_en)
    return Family(scene, mother, child, *names)


class Guardian:
    """The guardian's phone, in one language."""

    def __init__(self, page: Page, lang: str, *, elder: bool = False) -> None:
        self.page, self.say, self.elder, self.taps = page, said_in(lang), elder, 0
        self.looks = lang == "zh"  # the pages look the same in English

    def button(self, words: str, **facts: Any) -> Locator:
        return self.page.get_by_role("main").get_by_role("button", name=self.say(words, **facts)).first

    def link(self, words: str) -> Locator:
        return self.page.get_by_role("main").get_by_role("link", name=self.say(words)).first

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(re.compile(f"^{re.escape(self.say(label))}"))

    def tap(self, target: Locator) -> None:
        target.click()
        self.taps += 1

    def good(self) -> None:
        if self.looks:
            assert_good(self.page, elder=self.elder)

    def go_on(self) -> None:
        self.button("Go on").click()

    def step(self, name: str) -> None:
        """The page asks this."""
        expect(self.page).to_have_url(re.compile(rf"/children/enrol/{name}\b"))

    def done(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("status").filter(has_text=words).first).to_be_visible()


def enrol(phone: Guardian, home: Family) -> None:
    """From one's children to an application, one question after another; Back loses nothing."""
    page = phone.page
    page.get_by_role("main").get_by_role("link", name=phone.say("Ask for a place")).first.click()
    if phone.elder:
        phone.step("term")
    page.get_by_label(phone.say("Which term?")).select_option(label=home.term_name)
    phone.good()
    phone.go_on()
    page.get_by_label(phone.say("School"), exact=True).select_option(label=home.school)
    if phone.elder:
        phone.go_on()
    phone.field("Class at school").fill("三(2)班")
    phone.go_on()
    if phone.elder:
        phone.step("mark")
        phone.go_on()
    for purpose in PURPOSES:
        phone.step(purpose.value)
        answer = "I do not agree" if purpose in REFUSED else "I agree"
        page.get_by_label(phone.say(answer), exact=True).check()
        if purpose is Purpose.HEALTH:
            phone.good()
        phone.go_on()
    phone.step("reasons")
    page.go_back()
    phone.step(Purpose.WALKING_ALONE.value)
    expect(page.get_by_label(phone.say("I do not agree"), exact=True)).to_be_checked()
    page.go_forward()
    phone.go_on()
    phone.field("Who are you to the child?").fill("妈妈")
    phone.go_on()
    phone.step("check")
    phone.good()
    page.get_by_label(phone.say("I have read the rules")).check()
    phone.button("Ask for the place").click()
    expect(page).to_have_url(re.compile(rf"/children/{home.child.id}$"))


def admit(phone: Guardian, home: Family) -> None:
    """She waits as the first; the other child's place is given back, and hers is offered and taken."""
    main = phone.page.get_by_role("main")
    expect(main).to_contain_text(phone.say("number %(number)d", number=1))
    other = db.session.get_one(Enrolment, home.scene.enrolment.id)
    do(ending.leave, other, guardian=home.scene.mother, by=home.scene.mother, now=clock.now())
    phone.page.reload()
    phone.good()
    phone.button("Yes, take the place").click()
    phone.page.goto(f"/children/{home.child.id}")
    expect(phone.link("Plan: change a day or the week")).to_be_visible()
    given = select(ChildConsent.purpose, ChildConsent.is_given).where(ChildConsent.child_id == home.child.id)
    db.session.rollback()
    assert {row.purpose: row.is_given for row in db.session.execute(given)} == {
        each: each not in REFUSED for each in PURPOSES
    }


def choose_the_days(phone: Guardian, home: Family) -> None:
    """On which days the child comes: until she says so, the page says that nobody expects the child."""
    expect(phone.page.get_by_role("main")).to_contain_text(
        phone.say(
            "On which days does %(name)s come? Until you say so, the child is not expected on any day.",
            name=home.child.name,
        )
    )
    phone.link("Choose the days").click()
    for select_box in phone.page.get_by_role("main").locator("select[name^=way_]").all():
        select_box.select_option("collected")
    phone.good()
    phone.button("Save the week").click()
    phone.done(phone.say("The week is changed."))


def name_collectors(phone: Guardian, home: Family) -> None:
    """Three people who may collect."""
    phone.page.goto(f"/children/{home.child.id}/collectors")
    for name, relation, number in ADULTS:
        phone.field("Name, as on their identity card").fill(name)
        phone.field("What they are to the child").fill(relation)
        phone.field("Phone").fill(number)
        phone.button("Put on the list").click()
        phone.done(name)
    phone.good()


def changes_of(home: Family) -> list[Different]:
    db.session.rollback()
    query = select(PlanChange.what).join(Enrolment).where(Enrolment.child_id == home.child.id)
    return list(db.session.scalars(query.order_by(PlanChange.id)))


def grandma_collects(phone: Guardian, home: Family) -> None:
    """Two taps from the plan; Back and the same again changes nothing twice."""
    phone.page.goto(f"/children/{home.child.id}/plan")
    before = phone.taps
    phone.tap(phone.link("Change today"))
    phone.good()
    phone.tap(phone.page.get_by_role("button", name="李桂兰"))
    expect(phone.page.get_by_role("main")).to_contain_text("李桂兰")
    assert phone.taps - before == 2
    assert changes_of(home) == [Different.COLLECTOR]
    phone.page.go_back()
    expect(phone.page.get_by_role("heading", level=1)).to_contain_text(home.child.name)
    assert changes_of(home) == [Different.COLLECTOR]


def take_leave_tomorrow(phone: Guardian, home: Family) -> None:
    """Two taps, before the cut-off of that day."""
    phone.page.goto(f"/children/{home.child.id}/plan")
    before = phone.taps
    phone.tap(phone.page.get_by_role("main").get_by_role("link", name=phone.say("Change"), exact=False).nth(1))
    phone.tap(phone.button("Does not come"))
    assert phone.taps - before == 2
    assert changes_of(home) == [Different.COLLECTOR, Different.LEAVE]
    phone.good()


def the_day(home: Family) -> None:
    """The child comes, and goes with the grandmother; then something is written down that happened."""
    scene = home.scene
    child, tutor, helper = (db.session.get_one(Person, each.id) for each in (home.child, scene.tutor, scene.helper))
    day = db.session.get_one(TermDay, scene.day.id)
    do(arrivals.arrive, child, scene.saying(day=day, by=tutor), brought_by="staff")
    granny = next(each for each in may_collect(child, today()) if each.name == "李桂兰")
    taking = Taking(adult=granny, child_agreed=True, second=helper)
    do(hand_over, child, taking, scene.saying(day=day, by=tutor))
    happened = Happened(at=clock.now(), place="操场", what="擦破了膝盖", done="清洗并贴了创可贴")
    do(incidents.record, child, happened, by=tutor, now=clock.now())
    db.session.rollback()


def hear_of_it(phone: Guardian, home: Family) -> None:
    """What she was told, where the child was all day, and the incident, read once."""
    page = phone.page
    page.goto("/me/notices")
    known = {"child": masked_name(home.child.name), "time": "#"}
    collected = phone.say(
        "collected by %(who)s", who=phone.say("%(name)s (%(relation)s)", name=ADULTS[0][0], relation=ADULTS[0][1])
    )
    arrived = phone.say("%(child)s has arrived, %(time)s", **known)
    left = phone.say("%(child)s has left, %(time)s: %(how)s", **known, how=collected)
    for words in (arrived, left):
        expect(
            page.get_by_role("main").get_by_text(re.compile(re.escape(words).replace(r"\#", ".+"))).first
        ).to_be_visible()
    phone.good()
    page.goto(f"/children/{home.child.id}/today")
    expect(page.get_by_role("main")).to_contain_text("李桂兰")
    phone.good()
    page.goto(f"/children/{home.child.id}/incidents")
    expect(page.get_by_role("main")).to_contain_text("擦破了膝盖")
    phone.good()
    phone.button("I have read it").click()
    expect(page.get_by_role("main")).to_contain_text(phone.say("You have said that you have read it."))
    page.go_back()
    page.goto(f"/children/{home.child.id}/incidents")
    expect(phone.button("I have read it")).to_have_count(0)
    db.session.rollback()
    read = select(func.count()).where(IncidentStep.stage == IncidentStage.ACKNOWLEDGED)
    assert db.session.scalar(read.where(IncidentStep.person_id == home.mother.person_id)) == 1


@pytest.mark.parametrize(
    ("lang", "elder", "has_script"),
    [("zh", False, True), ("en", False, False), ("zh", True, True)],
    ids=["zh", "en without a script", "elder"],
)
def test_a_guardian_from_the_form_to_what_happened(
    open_page: OpenPage, lang: str, elder: bool, has_script: bool
) -> None:
    home = family(lang)
    page = open_page("/children", account=home.mother, lang=lang, elder=elder, java_script_enabled=has_script)
    phone = Guardian(page, lang, elder=elder)
    expect(page.get_by_role("main")).to_contain_text(home.child.name)
    enrol(phone, home)
    admit(phone, home)
    choose_the_days(phone, home)
    name_collectors(phone, home)
    grandma_collects(phone, home)
    take_leave_tomorrow(phone, home)
    the_day(home)
    hear_of_it(phone, home)
