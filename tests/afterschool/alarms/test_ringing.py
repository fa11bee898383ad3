"""Whom staff ring about a child: in the order of the place that counts that day, and nobody is left out."""

from flask import Flask

from center.afterschool.alarms import ringing
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.terms import TermDay
from center.afterschool.places.enrolling import set_callers
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people import acting
from center.people.models import Guardianship, Person
from tests.afterschool.builders import make_child
from tests.afterschool.custody_cases import today
from tests.afterschool.handing_over.scene import do
from tests.afterschool.plan_builders import enrol, term_from_today
from tests.builders import LONG_AGO, make_person


def rung(child: Person, day: TermDay | None) -> list[tuple[str, str]]:
    """Who is rung, and what they are to the child."""
    db.session.rollback()
    return [(each.guardian.name, each.relation) for each in ringing.to_ring(child, day, on=today())]


def reorder(enrolment: Enrolment, *callers: tuple[int, str]) -> None:
    """Say who is rung first at a place."""
    do(set_callers, enrolment, callers, now=clock.now())


def guard(child: Person, guardian: Person) -> None:
    """Somebody answers for a child from now on, after the place was given."""
    with transaction() as session:
        session.add(Guardianship(child_id=child.id, guardian_id=guardian.id, starts_on=LONG_AGO))


def test_the_place_of_the_day_says_the_order_and_another_place_who_is_missing_there(app: Flask) -> None:
    mother, father, aunt = (make_person(name=each) for each in ("陈芳", "明强", "安姨"))
    child = make_child(mother, father)
    now = enrol(term_from_today(), child)
    guard(child, aunt)
    later = enrol(term_from_today(), child)
    reorder(later, (aunt.id, "姑姑"), (father.id, "爹"), (mother.id, "娘"))
    assert rung(child, now.term.days[0]) == [("陈芳", "妈妈"), ("明强", "爸爸"), ("安姨", "姑姑")]
    assert rung(child, later.term.days[0]) == [("安姨", "姑姑"), ("明强", "爹"), ("陈芳", "娘")]
    assert rung(child, None) == rung(child, later.term.days[0])


def test_whoever_became_a_guardian_later_is_rung_last_and_whoever_is_none_any_more_not_at_all(app: Flask) -> None:
    mother, father = make_person(name="陈芳"), make_person(name="明强")
    child = make_child(mother, father)
    day = enrol(term_from_today(), child).term.days[0]
    guard(child, make_person(name="安姨"))
    [hers] = [each for each in acting.guardians_of(child, on=today()) if each.guardian_id == mother.id]
    do(acting.end_guardianship, hers, by=father, today=today())
    assert rung(child, day) == [("明强", "爸爸"), ("安姨", "")]


def test_several_children_are_asked_for_at_once_and_each_has_their_own(app: Flask) -> None:
    one, other, third = make_child(make_person(name="甲")), make_child(make_person(name="乙")), make_child()
    day = enrol(term_from_today(), one).term.days[0]
    enrol(day.term, other)
    found = ringing.to_ring_each([one.id, other.id, third.id], day, on=today())
    assert [[each.guardian.name for each in found[child.id]] for child in (one, other)] == [["甲"], ["乙"]]
    assert [each.relation for each in found[third.id]] == [""]
    assert ringing.to_ring_each([], day, on=today()) == {}
