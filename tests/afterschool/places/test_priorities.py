"""Reasons for priority: decided with a reason before lots are drawn, first in the draw, repeatable by anybody."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.priorities import Priority
from center.afterschool.models.terms import Term, TermRules
from center.afterschool.places import priorities
from center.afterschool.places.states import ALLOWED, OPEN, OVER, WITH_PLACE, Place
from center.afterschool.terms import precedence, rulebook
from center.afterschool.terms.precedence import USUAL, precedence_of
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, RuleBroken
from center.people.models import Person
from center.signups.lottery.actions import draw_lots
from center.signups.lottery.queries import is_repeatable, whole_draw
from center.signups.models import SignUpState
from tests.afterschool.builders import make_child, make_term, the_roster
from tests.afterschool.enrol_builders import apply_for, lottery_term
from tests.afterschool.places.test_enrolling import state, told
from tests.builders import at, make_person
from tests.engines import ONE_ENGINE

pytestmark = [ONE_ENGINE, pytest.mark.usefixtures("app")]


def decide(enrolment: Enrolment, *, is_accepted: bool = True, why: str = "看过证明", by: Person | None = None) -> None:
    by = by or make_person()
    with transaction():
        [claim] = db.session.get_one(Enrolment, enrolment.id).claims
        priorities.decide(claim, is_accepted=is_accepted, why=why, by=by, now=clock.now())


def test_every_state_is_open_held_or_over_and_what_may_be_done_is_said_of_each() -> None:
    assert set(Place) == OPEN | WITH_PLACE | OVER
    assert all(places <= set(Place) for places in ALLOWED.values())


def test_the_first_reason_of_the_published_order_counts() -> None:
    assert precedence_of([], USUAL) == 0
    assert [precedence_of([each], USUAL) for each in USUAL] == [5, 4, 3, 2, 1]
    hardship = precedence_of([Priority.HARDSHIP], USUAL)
    assert precedence_of([Priority.BOTH_WORK, Priority.HARDSHIP], USUAL) == hardship
    assert precedence_of([Priority.SIBLING], [Priority.BOTH_WORK]) == 0, "it does not count in this term"


def test_a_decision_needs_a_reason_and_is_told_to_the_guardians() -> None:
    term, mother = lottery_term(), make_person()
    made = apply_for(term, make_child(mother), mother, reasons=[Priority.BOTH_WORK])
    with pytest.raises(RuleBroken):
        decide(made, why=" ")
    assert state(made) is Place.TO_CHECK
    decide(made)
    assert state(made) is Place.APPLIED
    assert "after_school.priority_decided" in told(mother)


def test_a_brother_or_sister_without_a_place_is_no_reason() -> None:
    term, mother = lottery_term(), make_person()
    elder = make_child(mother)
    apply_for(term, elder, mother)
    made = apply_for(term, make_child(mother), mother, reasons=[Priority.SIBLING])
    with pytest.raises(RuleBroken):
        decide(made)
    apply_for(make_term(), elder, mother)
    decide(made)
    assert made.sign_up.precedence == precedence_of([Priority.SIBLING], USUAL)


def test_accepted_reasons_are_drawn_first_and_everybody_can_repeat_it() -> None:
    term = lottery_term(capacity=2)
    made = []
    for n in range(6):
        guardian = make_person()
        reasons = [Priority.LEFT_BEHIND] if n in {4, 5} else [Priority.BOTH_WORK] if n == 3 else []
        made.append(apply_for(term, make_child(guardian), guardian, reasons=reasons))
    decide(made[4])
    decide(made[5])
    decide(made[3], is_accepted=False)
    clock.start_at(at(8) + timedelta(minutes=1))
    director = make_person()
    with transaction():
        draw_lots(the_roster(term), by=director, now=clock.now())
    drawn = whole_draw(the_roster(term))
    assert drawn is not None
    assert is_repeatable(drawn)
    assert {lot.reference for lot in drawn.lots if lot.pool_id} == {each.sign_up.reference for each in made[4:]}
    others = [lot.reference for lot in drawn.lots if not lot.pool_id]
    by_hand = sorted(others, key=lambda each: hashlib.sha256(f"{drawn.seed}:{each}".encode()).hexdigest())
    assert others == by_hand, "printf %s SEED:NUMBER | sha256sum"
    assert state(made[0]) is Place.QUEUED
    with pytest.raises(Conflict):
        decide(made[3])
    waiting = [each.sign_up.reference for each in sorted(made, key=lambda each: each.sign_up.queue_order)]
    assert waiting[2:] == others
    states = db.session.scalars(select(Enrolment)).all()
    assert sum(each.sign_up.state is SignUpState.CONFIRMED for each in states) == 2


def publish(term: Term, order: Sequence[Priority]) -> TermRules:
    latest = rulebook.latest(term.id)
    assert latest is not None
    said = [
        rulebook.ParagraphText(topic=each.topic, words=each.words, words_en=each.words_en) for each in latest.paragraphs
    ]
    by = make_person()
    with transaction():
        return rulebook.publish(db.session.get_one(Term, term.id), said, order=order, by=by, now=clock.now())


def test_each_term_has_its_own_order_and_what_was_accepted_is_reckoned_anew_by_a_later_one() -> None:
    term, other, mother = lottery_term(), lottery_term(), make_person()
    made = apply_for(term, make_child(mother), mother, reasons=[Priority.BOTH_WORK])
    decide(made)
    assert made.sign_up.precedence == 1
    second = publish(term, [Priority.BOTH_WORK, Priority.HARDSHIP])
    assert db.session.get_one(Enrolment, made.id).sign_up.precedence == 2
    assert precedence.order_of(rulebook.latest(term.id)) == (Priority.BOTH_WORK, Priority.HARDSHIP)
    assert publish(term, [Priority.BOTH_WORK, Priority.HARDSHIP]).id == second.id, "the same again is no new version"
    [_now, before] = rulebook.versions(term.id)
    assert precedence.order_of(before) == precedence.order_of(rulebook.latest(other.id)) == USUAL


def test_a_reason_that_a_term_does_not_publish_does_not_count_in_it() -> None:
    term, mother = lottery_term(), make_person()
    publish(term, [Priority.HARDSHIP])
    with pytest.raises(RuleBroken) as refused:
        apply_for(term, make_child(mother), mother, reasons=[Priority.BOTH_WORK])
    assert refused.value.field == "reasons"


def test_the_order_stays_once_lots_were_drawn_by_it() -> None:
    term, mother = lottery_term(), make_person()
    apply_for(term, make_child(mother), mother)
    clock.start_at(at(8) + timedelta(minutes=1))
    with transaction():
        draw_lots(the_roster(term), by=mother, now=clock.now())
    with pytest.raises(RuleBroken):
        publish(term, [Priority.HARDSHIP])
    assert precedence.order_of(rulebook.latest(term.id)) == USUAL
