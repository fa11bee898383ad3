"""A guardian without a screen says it to staff: made sure of, kept, done as by account, told to all guardians."""

from datetime import timedelta
from typing import Any

import pytest

from center.activities.photos.images import Picture
from center.afterschool import said_to_staff
from center.afterschool.models.consents import AlertLevel, Purpose
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import Bar, Right, Way
from center.afterschool.models.priorities import Priority
from center.afterschool.models.words_said import GuardianWord, Spoke, WordOn
from center.afterschool.places import child_photos, consents, health, priorities
from center.afterschool.places.health import HealthFacts
from center.afterschool.places.states import Place
from center.afterschool.plans import day_plans, ways
from center.afterschool.plans.changes import Call
from center.afterschool.rights import barred_rights
from center.afterschool.said_to_staff import Word
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, NotYours, RuleBroken
from center.people.models import Person
from center.signups.lottery.actions import draw_lots
from tests.afterschool.builders import make_child, the_roster
from tests.afterschool.enrol_builders import apply_for, lottery_term
from tests.afterschool.places.test_enrolling import state, told
from tests.afterschool.plan_builders import enrol, make_bar, make_consent, term_from_today, today
from tests.builders import at, make_person
from tests.engines import ONE_ENGINE

pytestmark = [ONE_ENGINE, pytest.mark.usefixtures("app")]
MOTHER, FATHER = "13812345678", "13912345678"


@pytest.fixture(name="mother")
def _mother() -> Person:
    return make_person(name="王芳", phone=MOTHER)


@pytest.fixture(name="father")
def _father() -> Person:
    return make_person(name="李强", phone=FATHER)


@pytest.fixture(name="place")
def _place(mother: Person, father: Person) -> Enrolment:
    return enrol(term_from_today(alone_age=6), make_child(mother, father, name="李小明"))


def word(guardian: Person, **how: Any) -> Word:
    """On the phone, rung back on the mother's number; or as said."""
    made = how or {"call": Call(rang_from="02787654321", rang_back=MOTHER)}
    return Word(guardian=guardian, by=make_person(name="周敏"), **made)


def do(act: Any, *args: Any, **facts: Any) -> Any:
    with transaction():
        return act(*args, **facts, now=clock.now())


def kept() -> list[GuardianWord]:
    db.session.rollback()
    return list(db.session.scalars(db.select(GuardianWord).order_by(GuardianWord.id)))


@pytest.mark.parametrize("rang_back", ["", "13700000000"])
def test_nothing_is_done_on_the_word_of_a_number_that_is_not_on_record(
    place: Enrolment, mother: Person, rang_back: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        do(said_to_staff.leave, place, word=word(mother, call=Call(rang_back=rang_back)), reason="")
    assert refused.value.field == "rang_back"
    assert state(place) is Place.IN_CARE
    assert kept() == []


def test_nothing_is_done_for_whoever_is_no_guardian_of_the_child(place: Enrolment) -> None:
    stranger = word(make_person(), call=Call(in_person=True))
    with pytest.raises(NotYours):
        do(said_to_staff.pause, place, first=today(), last=None, word=stranger)
    with pytest.raises(NotYours):
        do(said_to_staff.take_back_consent, place.child, Purpose.CARE, word=stranger)


def test_a_consent_is_given_with_a_paper_alone_and_keeps_its_version_and_reference(
    place: Enrolment, mother: Person, father: Person
) -> None:
    child = place.child
    with pytest.raises(RuleBroken) as refused:
        do(said_to_staff.give_consent, child, Purpose.HEALTH, version=1, word=word(mother))
    assert refused.value.field == "paper"
    signed = word(mother, paper="档案12-3")
    assert do(said_to_staff.give_consent, child, Purpose.HEALTH, version=1, word=signed)
    assert not do(said_to_staff.give_consent, child, Purpose.HEALTH, version=1, word=signed), "twice is once"
    [row] = kept()
    assert row.consent is not None
    assert (row.what, row.how, row.paper, row.consent.text.version) == (
        WordOn.CONSENT_GIVEN, Spoke.PAPER, "档案12-3", 1
    )  # fmt: skip
    assert row.consent.by_id == mother.id
    for guardian in (mother, father):
        assert "after_school.record_changed" in told(guardian), "both guardians hear of it"


def test_a_paper_of_an_older_text_is_refused(place: Enrolment, mother: Person) -> None:
    with transaction():
        consents.publish(Purpose.HEALTH, words="新的同意书", words_en="", now=clock.now())
    with pytest.raises(Conflict):
        do(said_to_staff.give_consent, place.child, Purpose.HEALTH, version=1, word=word(mother, paper="档案12-3"))


def test_what_a_consent_let_in_is_gone_as_soon_as_it_is_taken_back_by_phone(
    place: Enrolment, mother: Person, father: Person
) -> None:
    child = place.child
    for purpose in (Purpose.HEALTH, Purpose.WALKING_ALONE):
        make_consent(child, purpose, by=mother)
    facts = HealthFacts(trigger="花生", reaction="红疹", what_to_do="打120", level=AlertLevel.EMERGENCY)
    do(health.add, child, facts, guardian=mother, by=mother)
    for purpose in (Purpose.HEALTH, Purpose.WALKING_ALONE):
        assert do(said_to_staff.take_back_consent, child, purpose, word=word(father))
        assert not do(said_to_staff.take_back_consent, child, purpose, word=word(father)), "twice is once"
    assert health.notes_of(child) == []
    assert child_photos.find(child) is None
    assert not ways.may_walk(child, term=place.term, on=today())
    assert [(each.what, each.how, each.rang_from, each.rang_back) for each in kept()] == [
        (WordOn.CONSENT_REVOKED, Spoke.PHONE, "02787654321", MOTHER)
    ] * 2
    for guardian in (mother, father):
        assert told(guardian).count("after_school.record_changed") >= 2


def test_without_the_consent_to_care_every_place_ends_at_once(place: Enrolment, mother: Person, father: Person) -> None:
    make_consent(place.child, Purpose.CARE, by=mother)
    assert do(said_to_staff.take_back_consent, place.child, Purpose.CARE, word=word(father))
    assert state(place) is Place.ENDED
    assert "after_school.place_ended" in told(mother)


def test_a_place_is_paused_goes_on_and_ends_once_each(place: Enrolment, mother: Person, father: Person) -> None:
    first, last = today() + timedelta(days=1), today() + timedelta(days=3)
    for is_new in (True, False):
        assert do(said_to_staff.pause, place, first=first, last=last, word=word(mother)) is is_new
    day = day_plans.find_day(place.term_id, first)
    assert day is not None
    assert not day_plans.expected_of(db.session.get_one(Enrolment, place.id), day).comes
    for is_new in (True, False):
        assert do(said_to_staff.resume, place, word=word(father)) is is_new
    for is_new in (True, False):
        assert do(said_to_staff.leave, place, word=word(mother, call=Call(in_person=True)), reason="搬家") is is_new
    assert [(each.what, each.how) for each in kept()] == [
        (WordOn.PAUSED, Spoke.PHONE),
        (WordOn.RESUMED, Spoke.PHONE),
        (WordOn.LEFT, Spoke.IN_PERSON),
    ]
    assert {"after_school.record_changed", "after_school.place_ended"} <= set(told(mother)) & set(told(father))
    with pytest.raises(Conflict):
        do(said_to_staff.pause, place, first=first, last=None, word=word(mother))


def test_what_a_paper_takes_from_a_guardian_is_not_done_on_their_word_either(place: Enrolment, father: Person) -> None:
    child, here = place.child, word(father, call=Call(in_person=True))
    make_consent(child, Purpose.PHOTOS)
    bar = make_bar(child, father.name, person_id=father.id)
    week = {0: ways.AskedWay(way=Way.BUS, bus="3号车")}
    with pytest.raises(RuleBroken):
        do(said_to_staff.set_week, place, week=week, word=here)
    with pytest.raises(RuleBroken):
        paper = word(father, paper="档案1")
        do(said_to_staff.give_consent, child, Purpose.WALKING_ALONE, version=1, word=paper)
    do(said_to_staff.pause, place, first=today(), last=None, word=here)
    with transaction():
        rights = {Right.DECISIONS: "（2026）鄂0107民初2号"}
        barred_rights.decide(db.session.get_one(Bar, bar.id), rights, by=child, now=clock.now())
    for act, facts in (
        (said_to_staff.resume, {}),
        (said_to_staff.leave, {"reason": ""}),
        (said_to_staff.reorder, {"callers": [(father.id, "爸爸")]}),
        (said_to_staff.edit_school, {"school_id": place.school_id, "school_class": "四(1)班", "mark": ""}),
    ):
        with pytest.raises(RuleBroken):
            do(act, place, **facts, word=here)
    with pytest.raises(RuleBroken):
        do(said_to_staff.take_back_consent, child, Purpose.PHOTOS, word=here)
    with pytest.raises(RuleBroken):
        do(said_to_staff.keep_photo, child, Picture(large=b"", small=b"", width=1, height=1), word=here)
    assert [each.what for each in kept()] == [WordOn.PAUSED]


def test_two_guardians_say_the_opposite_and_both_hear_of_both(place: Enrolment, mother: Person, father: Person) -> None:
    do(said_to_staff.pause, place, first=today(), last=None, word=word(mother))
    do(said_to_staff.resume, place, word=word(father))
    assert state(place) is Place.IN_CARE, "the later counts"
    for guardian in (mother, father):
        assert told(guardian).count("after_school.record_changed") == 2


def test_reasons_are_named_until_enrolment_closes_withdrawn_until_the_draw_and_then_frozen(
    mother: Person, father: Person
) -> None:
    made = apply_for(lottery_term(closes_at=at(8)), make_child(mother, father), mother)

    def said(*reasons: Priority) -> Any:
        return do(said_to_staff.say_reasons, made, list(reasons), word=word(mother))

    assert said(Priority.HARDSHIP, Priority.BOTH_WORK)
    assert not said(Priority.HARDSHIP, Priority.BOTH_WORK), "twice is once"
    assert state(made) is Place.TO_CHECK, "staff decide on them"
    assert said(Priority.HARDSHIP)
    assert [each.reason for each in db.session.get_one(Enrolment, made.id).claims] == [Priority.HARDSHIP]
    clock.start_at(at(8) + timedelta(minutes=1))
    with pytest.raises(RuleBroken):
        said(Priority.HARDSHIP, Priority.SIBLING)
    assert said(), "it can still be withdrawn"
    with transaction():
        draw_lots(the_roster(made.term), by=father, now=clock.now())
    with pytest.raises(Conflict):
        said(Priority.HARDSHIP)
    assert [each.what for each in kept()] == [
        WordOn.REASON_NAMED, WordOn.REASON_WITHDRAWN, WordOn.REASON_WITHDRAWN
    ]  # fmt: skip


def test_an_accepted_reason_that_is_withdrawn_counts_no_more(mother: Person) -> None:
    made = apply_for(lottery_term(), make_child(mother), mother, reasons=[Priority.HARDSHIP])
    director = make_person()
    with transaction():
        [claim] = db.session.get_one(Enrolment, made.id).claims
        priorities.decide(claim, is_accepted=True, why="看过低保证", by=director, now=clock.now())
    assert db.session.get_one(Enrolment, made.id).sign_up.precedence == 4
    do(said_to_staff.say_reasons, made, [], word=word(mother))
    assert db.session.get_one(Enrolment, made.id).sign_up.precedence == 0
