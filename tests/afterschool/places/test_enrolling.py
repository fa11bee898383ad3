"""Enrolling: at most once a child and term whoever asks, never without care, never of somebody else's child."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from center.afterschool.models.consents import Purpose
from center.afterschool.models.enrolments import Enrolment, EnrolmentChange
from center.afterschool.models.priorities import Priority
from center.afterschool.models.terms import Paragraph, Topic
from center.afterschool.places import consents, ending, enrolling
from center.afterschool.places.enrolments import events_of, find
from center.afterschool.places.states import Place, place_of
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, NotFound, RuleBroken
from center.kernel.i18n import local_date
from center.notices.models import Notice
from center.people.models import Guardianship, Person
from center.signups import offers
from center.signups.models import SignUpState
from tests import race
from tests.afterschool import rivals
from tests.afterschool.builders import make_child, make_school, make_term, publish_rules, the_roster
from tests.afterschool.enrol_builders import application, apply_for, hand_of, lottery_term
from tests.builders import at, make_person
from tests.engines import ONE_ENGINE

pytestmark = pytest.mark.usefixtures("app")


def state(enrolment: Enrolment) -> Place:
    db.session.rollback()
    now = clock.now()
    return place_of(db.session.get_one(Enrolment, enrolment.id), on=local_date(now), now=now)


def told(person: Person) -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Notice.kind).where(Notice.person_id == person.id).order_by(Notice.id)))


def test_somebody_elses_child_is_not_there() -> None:
    term, child, stranger = make_term(), make_child(), make_person()
    with pytest.raises(NotFound):
        apply_for(term, child, stranger)
    assert find(term, child) is None


def test_whose_guardianship_ended_yesterday_cannot_apply() -> None:
    term, mother = make_term(), make_person()
    child = make_child(mother)
    with transaction() as session:
        row = session.scalars(select(Guardianship).where(Guardianship.child_id == child.id)).one()
        row.ends_on = local_date(clock.now()) - timedelta(days=1)
    with pytest.raises(NotFound):
        apply_for(term, child, mother)


def test_without_consent_to_care_there_is_no_place_and_it_says_so() -> None:
    term, mother = make_term(), make_person()
    child = make_child(mother)
    with pytest.raises(RuleBroken, match="照看") as refused:
        apply_for(term, child, mother, agrees={Purpose.HEALTH, Purpose.PHOTOS})
    assert refused.value.field == "care"
    assert find(term, child) is None


def test_of_a_school_that_the_term_does_not_follow_nobody_comes() -> None:
    term, mother = make_term(), make_person()
    other = make_school()
    with pytest.raises(RuleBroken) as refused:
        apply_for(term, make_child(mother), mother, school_id=other.id)
    assert refused.value.field == "school"


def test_rules_that_changed_meanwhile_are_read_again() -> None:
    term, mother = make_term(), make_person()
    read = application(term)
    publish_rules(term, words=[(Topic.WHO, "三年级以上")])
    with pytest.raises(Conflict) as refused:
        apply_for(term, make_child(mother), mother, rules_id=read.rules_id)
    assert refused.value.field == "has_read"


def test_the_second_guardian_is_shown_what_the_first_has_asked_for() -> None:
    term, mother, father = make_term(), make_person(), make_person()
    child = make_child(mother, father)
    first = apply_for(term, child, mother)
    again = apply_for(term, child, father, school_class="四(1)班")
    assert again.id == first.id
    assert (again.applied_by_id, again.school_class) == (mother.id, "三(2)班")
    assert [each.what for each in events_of(again)] == [EnrolmentChange.APPLIED]


def test_a_form_sent_twice_and_a_paper_typed_twice_are_one_application() -> None:
    term, mother, clerk = make_term(), make_person(), make_person()
    child = make_child(mother)
    made = [apply_for(term, child, mother, key="k" * 32).id for _n in range(2)]
    made += [apply_for(term, child, mother, by=clerk).id for _n in range(2)]
    assert len(set(made)) == 1
    assert db.session.scalar(select(func.count()).select_from(Enrolment)) == 1


def test_two_guardians_at_the_same_second_make_one_application(app: Flask) -> None:
    term, mother, father = make_term(), make_person(), make_person()
    child = make_child(mother, father)
    url = db.engine.url.render_as_string(hide_password=False)
    db.session.rollback()
    found = race.run([(rivals.enrol, (url, term.id, child.id, each.id)) for each in (mother, father)])
    assert len(set(found)) == 1, found
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Enrolment)) == 1


def test_the_last_place_goes_to_one_and_the_other_waits() -> None:
    term, mother, father = make_term(capacity=1), make_person(), make_person()
    one, two = make_child(mother), make_child(father)
    first, second = apply_for(term, one, mother), apply_for(term, two, father)
    assert (state(first), state(second)) == (Place.IN_CARE, Place.QUEUED)
    with transaction():
        ending.leave(db.session.get_one(Enrolment, first.id), guardian=mother, by=mother, now=at(9))
    assert state(second) is Place.OFFERED
    assert "sign_up.offered" in told(father)


def test_an_offer_that_nobody_answered_lapses_and_can_be_applied_for_anew() -> None:
    term, mother, father = make_term(capacity=1), make_person(), make_person()
    first = apply_for(term, make_child(mother), mother)
    child = make_child(father)
    second = apply_for(term, child, father)
    with transaction():
        ending.leave(first, guardian=mother, by=mother, now=at(9))
    assert state(second) is Place.OFFERED
    clock.start_at(at(23))
    assert state(second) is Place.LAPSED
    with transaction(), pytest.raises(Conflict):
        offers.accept_offer(second.sign_up, by=father, now=clock.now())
    again = apply_for(term, child, father)
    assert (again.id, state(again)) == (second.id, Place.IN_CARE)


def test_a_guardian_ends_a_place_at_once_and_every_guardian_is_told() -> None:
    term, mother, father = make_term(), make_person(), make_person()
    made = apply_for(term, make_child(mother, father), mother)
    with transaction():
        ending.leave(made, guardian=mother, by=mother, now=clock.now(), reason="搬家")
        ending.leave(made, guardian=mother, by=mother, now=clock.now())
    assert state(made) is Place.ENDED
    assert told(father).count("after_school.place_ended") == 1
    assert [each.what for each in events_of(made)] == [EnrolmentChange.APPLIED, EnrolmentChange.ENDED]


def test_staff_end_a_place_only_by_a_paragraph_with_a_reason() -> None:
    term, mother, director = make_term(), make_person(), make_person()
    made = apply_for(term, make_child(mother), mother)
    paragraph, other = _paragraph(made, Topic.ENDS), _paragraph(apply_for(make_term(), make_child(mother), mother))
    for wrong in ((None, "常常不来"), (paragraph, " ")):
        with transaction(), pytest.raises(RuleBroken):
            ending.end(made, paragraph=wrong[0], reason=wrong[1], by=director, now=clock.now())
    with transaction(), pytest.raises(NotFound):
        ending.end(made, paragraph=other, reason="别的学期的条款", by=director, now=clock.now())
    assert state(made) is Place.IN_CARE
    with transaction():
        ending.end(made, paragraph=paragraph, reason="连续三周未到", by=director, now=clock.now())
    assert state(made) is Place.ENDED
    words = db.session.scalars(select(Notice.body).where(Notice.kind == "after_school.place_ended")).one()
    assert f"第{paragraph.number}条" in words
    assert "连续三周未到" in words


def test_whoever_is_not_eligible_reads_by_which_paragraph() -> None:
    term, mother, director = lottery_term(), make_person(), make_person()
    child = make_child(mother, name="张小明")
    made = apply_for(term, child, mother)
    with transaction():
        ending.refuse(made, paragraph=_paragraph(made, Topic.WHO), reason="不在招生范围", by=director, now=clock.now())
    assert state(made) is Place.NOT_ELIGIBLE
    words = db.session.scalars(select(Notice.body).where(Notice.kind == "after_school.not_eligible")).one()
    assert "不在招生范围" in words
    assert child.name not in words, "in a call list nobody reads the child's whole name"
    again = apply_for(term, child, mother)
    assert (again.id, state(again)) == (made.id, Place.APPLIED)
    with transaction(), pytest.raises(Conflict):
        ending.end(again, paragraph=_paragraph(made), reason="r", by=director, now=clock.now())


def test_a_pause_keeps_the_place_and_ends_by_itself_or_by_a_word() -> None:
    term, mother = make_term(), make_person()
    made = apply_for(term, make_child(mother), mother)
    today = local_date(clock.now())
    for first, last in ((today - timedelta(days=1), None), (today, today - timedelta(days=1))):
        with transaction(), pytest.raises(RuleBroken):
            ending.pause(made, first=first, last=last, by=mother, now=clock.now())
    with transaction():
        ending.pause(made, first=today, last=None, by=mother, now=clock.now())
    assert state(made) is Place.PAUSED
    assert made.sign_up.state is SignUpState.CONFIRMED
    with transaction():
        ending.resume(made, by=mother, now=clock.now())
        ending.resume(made, by=mother, now=clock.now())
    assert state(made) is Place.IN_CARE


def test_care_taken_back_ends_the_place_and_says_so_to_the_other_guardian() -> None:
    term, mother, father = make_term(), make_person(), make_person()
    child = make_child(mother, father)
    made = apply_for(term, child, mother)
    with transaction():
        ending.take_back_consent(child, Purpose.CARE, hand=hand_of(father), now=clock.now())
    assert state(made) is Place.ENDED
    assert not consents.is_given(child, Purpose.CARE)
    assert "after_school.place_ended" in told(mother)


def test_guardians_are_rung_in_the_order_given_and_nobody_else_is() -> None:
    term, mother, father, stranger = make_term(), make_person(), make_person(), make_person()
    child = make_child(mother, father)
    made = apply_for(term, child, mother, callers=[(father.id, "爸爸"), (stranger.id, "邻居")])
    assert [(each.guardian_id, each.relation) for each in made.callers] == [(father.id, "爸爸"), (mother.id, "")]
    with transaction():
        enrolling.set_callers(made, [(mother.id, "妈妈")], now=clock.now())
    assert [(each.guardian_id, each.relation) for each in made.callers] == [(mother.id, "妈妈"), (father.id, "爸爸")]


def test_a_class_takes_no_more_children_than_it_holds() -> None:
    term, director = make_term(), make_person()
    care_class = term.classes[0]
    with transaction():
        care_class.capacity = 1
    made = [apply_for(term, make_child(guardian), guardian) for guardian in (make_person(), make_person())]
    with transaction():
        enrolling.set_class(made[0], care_class, by=director, now=clock.now())
    with transaction(), pytest.raises(RuleBroken):
        enrolling.set_class(made[1], care_class, by=director, now=clock.now())


@ONE_ENGINE
@pytest.mark.parametrize("reasons", [(), (Priority.BOTH_WORK,)])
def test_an_application_waits_for_the_draw_or_first_for_staff(reasons: tuple[Priority, ...]) -> None:
    term, mother = lottery_term(), make_person()
    made = apply_for(term, make_child(mother), mother, reasons=reasons)
    assert state(made) is (Place.TO_CHECK if reasons else Place.APPLIED)
    assert made.sign_up.roster_id == the_roster(term).id


def _paragraph(enrolment: Enrolment, topic: Topic = Topic.OTHER) -> Paragraph:
    query = select(Paragraph).where(Paragraph.rules_id == enrolment.rules_id, Paragraph.topic == topic)
    return db.session.scalars(query).one()
