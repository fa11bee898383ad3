"""What guardians say of one day: until when, by whom, what counts, who is told, and who has seen it."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from center.activities.models import SessionState
from center.afterschool.custody import ledger
from center.afterschool.custody.ledger import HolderSaid
from center.afterschool.models.consents import Purpose
from center.afterschool.models.custody import CheckedBy, Holder
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import BarLevel, Different, PlanChange
from center.afterschool.plans import changes, day_plans
from center.afterschool.plans.changes import AlreadyGone, AskedChange, Call, TooLate
from center.afterschool.plans.rules import WhyNot
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import NotYours, RuleBroken
from center.notices.models import Notice
from center.people.models import Person
from tests.afterschool.builders import make_child, make_duty
from tests.afterschool.plan_builders import (
    enrol,
    guardians,
    make_bar,
    make_collector,
    make_consent,
    term_from_today,
    today,
)
from tests.builders import at, make_centre, make_person
from tests.engines import ONE_ENGINE

pytestmark = [pytest.mark.usefixtures("app"), ONE_ENGINE]
LEAVE = AskedChange(what=Different.LEAVE)


@pytest.fixture(autouse=True)
def morning(app: Flask) -> Iterator[None]:
    """Every test begins at nine in the morning of a Monday; the cut-off is at three."""
    make_centre()
    with time_machine.travel(datetime(2026, 11, 23, 1), tick=True):
        yield


@pytest.fixture(name="mother")
def _mother(app: Flask) -> Person:
    return make_person(name="妈妈李")


@pytest.fixture(name="enrolment")
def _enrolment(mother: Person) -> Enrolment:
    child = make_child(mother, make_person(name="爸爸王"), name="王小明")
    return enrol(term_from_today(cut_off=time(15)), child)


def say(
    enrolment: Enrolment, asked: AskedChange, guardian: Person, *, now: datetime | None = None, **more: Any
) -> PlanChange:
    on = more.pop("on", today())
    with transaction():
        by = more.pop("by", guardian)
        return changes.say(enrolment, on, asked, guardian=guardian, by=by, now=now or clock.now(), **more)


def expected(enrolment: Enrolment) -> day_plans.Expected:
    db.session.rollback()
    day = day_plans.find_day(enrolment.term_id, today())
    assert day is not None
    return day_plans.expected_of(enrolment, day)


def told(person: Person) -> list[str]:
    db.session.rollback()
    kinds = select(Notice.kind).where(Notice.person_id == person.id, Notice.kind.startswith("after_school."))
    return list(db.session.scalars(kinds.order_by(Notice.id)))


def test_a_minute_after_the_cut_off_a_guardian_is_told_whom_to_ring(enrolment: Enrolment, mother: Person) -> None:
    say(enrolment, LEAVE, mother, now=at(14, 59, days=0))
    with pytest.raises(TooLate, match="027-0000-0000"):
        say(enrolment, AskedChange(what=Different.USUAL), mother, now=at(15, 0, days=0))
    assert expected(enrolment).why_not is WhyNot.LEAVE


def test_after_the_cut_off_staff_write_down_who_rang_and_which_number_was_rung_back(
    enrolment: Enrolment, mother: Person
) -> None:
    clerk = make_person()
    call = Call(rang_from="19912345678", rang_back=mother.phone or "")
    change = say(enrolment, LEAVE, mother, now=at(15, 30, days=0), by=clerk, call=call)
    assert (change.is_after_cut_off, change.rang_from, change.rang_back) == (True, "19912345678", mother.phone)
    assert (change.by_id, change.recorded_by_id) == (mother.id, clerk.id)


@pytest.mark.parametrize("number", ["", "19900001234", "not a number"])
def test_a_text_from_somebody_or_a_strange_number_changes_nothing(
    enrolment: Enrolment, mother: Person, number: str
) -> None:
    with pytest.raises(RuleBroken):
        say(enrolment, LEAVE, mother, now=at(15, 30, days=0), by=make_person(), call=Call(rang_back=number))
    assert expected(enrolment).comes


def test_a_guardian_who_stands_there_needs_not_be_rung_back(enrolment: Enrolment, mother: Person) -> None:
    change = say(enrolment, LEAVE, mother, now=at(15, 30, days=0), by=make_person(), call=Call(in_person=True))
    assert change.is_after_cut_off


def test_a_guardian_who_may_not_collect_changes_nothing_and_is_not_the_one_rung_back(
    enrolment: Enrolment, mother: Person
) -> None:
    father = guardians(enrolment.child)[1]
    make_bar(enrolment.child, "某人", person_id=father.id)
    for call in (None, Call(in_person=True), Call(rang_back=mother.phone or "")):
        with pytest.raises(RuleBroken):
            say(enrolment, LEAVE, father, by=make_person(), call=call)
    with pytest.raises(RuleBroken):
        say(enrolment, LEAVE, mother, by=make_person(), call=Call(rang_back=father.phone or ""))
    assert expected(enrolment).comes
    say(enrolment, LEAVE, mother, by=make_person(), call=Call(rang_back=mother.phone or ""))


def test_of_two_opposite_words_the_later_counts_and_both_guardians_are_told(
    enrolment: Enrolment, mother: Person
) -> None:
    father = guardians(enrolment.child)[1]
    say(enrolment, LEAVE, mother)
    say(enrolment, AskedChange(what=Different.USUAL), father, now=clock.now() + timedelta(minutes=1))
    assert expected(enrolment).comes
    assert told(mother) == ["after_school.plan_noted", "after_school.plan_changed"]
    assert told(father) == ["after_school.plan_changed", "after_school.plan_noted"]


def test_whoever_is_on_duty_hears_at_once_and_says_that_they_know(enrolment: Enrolment, mother: Person) -> None:
    duty = make_duty(enrolment.term.days[0], is_owner=True)
    say(enrolment, LEAVE, mother)
    change = say(enrolment, AskedChange(what=Different.USUAL), mother)
    assert told(duty.person) == ["after_school.duty_change"] * 2
    assert expected(enrolment).is_unacknowledged
    for _ in range(2):
        with transaction():
            changes.acknowledge(change, by=duty.person, now=clock.now())
    assert not expected(enrolment).is_unacknowledged
    assert [each.acknowledged_by_id for each in changes.changes_of(enrolment, today())] == [duty.person_id] * 2


def test_what_the_desk_may_read_out_shortens_the_childs_name(enrolment: Enrolment, mother: Person) -> None:
    duty = make_duty(enrolment.term.days[0], is_owner=True)
    say(enrolment, LEAVE, mother)
    subjects = select(Notice.person_id, Notice.subject).where(Notice.kind.startswith("after_school."))
    said: dict[int, str] = {row.person_id: row.subject for row in db.session.execute(subjects)}
    assert {person_id for person_id, words in said.items() if "王小明" in words} == {duty.person_id}


def test_pressed_twice_it_is_said_once(enrolment: Enrolment, mother: Person) -> None:
    assert say(enrolment, LEAVE, mother).id == say(enrolment, LEAVE, mother).id
    assert told(mother) == ["after_school.plan_noted"]


def test_nobody_changes_the_day_of_somebody_elses_child(enrolment: Enrolment) -> None:
    with pytest.raises(NotYours):
        say(enrolment, LEAVE, make_person())


def test_a_day_that_has_passed_or_is_none_of_the_term_cannot_be_changed(enrolment: Enrolment, mother: Person) -> None:
    for days in (-1, 40):
        with pytest.raises(RuleBroken):
            say(enrolment, LEAVE, mother, on=today() + timedelta(days=days))


def test_nothing_is_said_of_a_day_that_was_called_off(enrolment: Enrolment, mother: Person) -> None:
    with transaction():
        enrolment.term.days[1].session.state = SessionState.CANCELLED
    with pytest.raises(RuleBroken, match="没有"):
        say(enrolment, LEAVE, mother, on=today() + timedelta(days=1))


def test_leave_on_a_day_on_which_a_child_does_not_come_needs_not_be_said(mother: Person) -> None:
    child = make_child(mother)
    enrolment = enrol(term_from_today(), child, weekdays=[])
    with pytest.raises(RuleBroken, match="本来"):
        say(enrolment, LEAVE, mother)
    say(enrolment, AskedChange(what=Different.COMES), mother)
    say(enrolment, LEAVE, mother)
    assert expected(enrolment).why_not is WhyNot.LEAVE


def test_a_child_who_has_gone_home_cannot_be_kept(enrolment: Enrolment, mother: Person) -> None:
    collector = make_collector(enrolment.child)
    _hold(enrolment, Holder.COLLECTOR, collector=collector, checked_by=CheckedBy.CODE, child_agreed=True)
    with pytest.raises(AlreadyGone, match="李奶奶"):
        say(enrolment, LEAVE, mother)


def test_a_child_who_is_here_is_not_on_leave(enrolment: Enrolment, mother: Person) -> None:
    _hold(enrolment, Holder.ROOM)
    with pytest.raises(RuleBroken, match="已经在"):
        say(enrolment, LEAVE, mother)
    say(enrolment, AskedChange(what=Different.COLLECTOR, collector=make_collector(enrolment.child)), mother)


def test_grandma_collects(enrolment: Enrolment, mother: Person) -> None:
    grandma = make_collector(enrolment.child)
    say(enrolment, AskedChange(what=Different.COLLECTOR, collector=grandma), mother)
    found = expected(enrolment).collector
    assert found is not None
    assert found.id == grandma.id


@pytest.mark.parametrize("who", ["expired", "revoked", "barred", "of another child"])
def test_who_may_not_collect_cannot_be_named_for_a_day(enrolment: Enrolment, mother: Person, who: str) -> None:
    child, now = enrolment.child, clock.now()
    cases: dict[str, dict[str, Any]] = {
        "expired": {"ends_on": today() - timedelta(days=1)},
        "revoked": {"revoked_at": now, "revoked_by_id": mother.id},
    }
    facts = cases.get(who, {})
    collector = make_collector(make_child() if who == "of another child" else child, "赵某", **facts)
    if who == "barred":
        make_bar(child, "赵某", level=BarLevel.DENY)
    with pytest.raises(RuleBroken):
        say(enrolment, AskedChange(what=Different.COLLECTOR, collector=collector), mother)


def test_alone_needs_the_form_the_age_and_an_hour(mother: Person) -> None:
    old, young = (make_child(mother, birth_year=today().year - age) for age in (11, 8))
    term = term_from_today()
    first, second = enrol(term, old), enrol(term, young)
    alone = AskedChange(what=Different.ALONE, leaves=time(17))
    with pytest.raises(RuleBroken, match="签字"):
        say(first, alone, mother)
    consent = make_consent(old, Purpose.WALKING_ALONE)
    make_consent(young, Purpose.WALKING_ALONE)
    with pytest.raises(RuleBroken, match="10"):
        say(second, alone, mother)
    for leaves in (None, time(22)):
        with pytest.raises(RuleBroken):
            say(first, AskedChange(what=Different.ALONE, leaves=leaves), mother)
    assert say(first, alone, mother).consent_id == consent.id


def test_a_sister_takes_a_child_home_if_she_is_old_enough_and_known(mother: Person) -> None:
    child = make_child(mother)
    elder, younger = (make_child(mother, birth_year=today().year - age) for age in (15, 12))
    enrolment = enrol(term_from_today(), child)
    for sibling in (younger, make_child(birth_year=today().year - 15)):
        with pytest.raises(RuleBroken):
            say(enrolment, AskedChange(what=Different.SIBLING, sibling_id=sibling.id), mother)
    say(enrolment, AskedChange(what=Different.SIBLING, sibling_id=elder.id), mother)


def _hold(enrolment: Enrolment, holder: Holder, **facts: Any) -> None:
    now = clock.now()
    by = make_person()
    with transaction():
        ledger.record(enrolment.child, HolderSaid(holder=holder, by=by, at=now, now=now, on_date=today(), **facts))
