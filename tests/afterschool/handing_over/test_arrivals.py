"""A child comes: nobody is turned away, whatever a list says, and the guardians hear of it once."""

import uuid
from datetime import timedelta

import pytest
from flask import Flask

from center.afterschool.custody.ledger import Sent
from center.afterschool.handing_over import arrivals, undoing
from center.afterschool.handing_over.answers import Answer
from center.afterschool.models.care import AlarmKind
from center.afterschool.models.custody import Flag, Holder
from center.afterschool.models.plans import Different, PlanChange
from center.kernel import clock
from center.kernel.db import transaction
from center.kernel.errors import RuleBroken
from tests.afterschool.builders import make_child, make_enrolment
from tests.afterschool.custody_cases import bar, today
from tests.afterschool.handing_over.scene import Scene, alarms, do, holder, told
from tests.builders import make_person


@pytest.fixture(name="scene")
def _scene(app: Flask) -> Scene:
    return Scene()


def on_leave(scene: Scene) -> None:
    """The mother says that the child does not come today."""
    with transaction() as session:
        session.add(
            PlanChange(
                enrolment_id=scene.enrolment.id, on_date=today(), what=Different.LEAVE, by_id=scene.mother.id,
                at=clock.now(), recorded_by_id=scene.mother.id,
            )
        )  # fmt: skip


def test_a_child_on_leave_who_comes_is_taken_in_and_the_guardians_are_told(scene: Scene) -> None:
    on_leave(scene)
    verdict = scene.arrive()
    assert verdict.answer is Answer.DONE
    assert verdict.event is not None
    assert verdict.event.flag is Flag.ON_LEAVE
    assert told(scene.mother) == ["after_school.came_on_leave"]


def test_a_child_is_taken_in_on_a_day_without_a_programme(scene: Scene) -> None:
    verdict = scene.arrive(day=None)
    assert verdict.event is not None
    assert (verdict.event.day_id, verdict.event.flag) == (None, Flag.AGAINST_PLAN)
    assert holder(scene.child) is Holder.ROOM


def test_a_child_whose_place_has_ended_is_taken_in(scene: Scene) -> None:
    with transaction():
        scene.enrolment.ended_at, scene.enrolment.ended_by_id = clock.now(), scene.mother.id
    assert scene.arrive().answer is Answer.DONE
    assert told(scene.mother) == ["after_school.arrived"]


def test_a_child_is_taken_in_before_anybody_has_opened_the_day_and_after_it_was_closed(scene: Scene) -> None:
    with transaction():
        scene.day.closed_at, scene.day.closed_by_id = clock.now(), scene.tutor.id
    assert scene.arrive().answer is Answer.DONE


def test_two_who_see_a_child_come_tell_the_guardians_once(scene: Scene) -> None:
    assert [scene.arrive(by=each).answer for each in (scene.tutor, scene.helper)] == [
        Answer.DONE,
        Answer.ALREADY,
    ]
    assert told(scene.mother) == ["after_school.arrived"]


def test_pressed_twice_it_is_written_once(scene: Scene) -> None:
    sent = Sent(nonce=str(uuid.uuid4()))
    first, second = (scene.arrive(sent=sent) for _ in range(2))
    assert first.event is not None
    assert second.event is not None
    assert first.event.id == second.event.id


def test_a_slip_with_a_child_of_whom_nobody_has_said_anything_yet_is_taken_back(scene: Scene) -> None:
    do(undoing.undo, scene.arrive().event, by=scene.tutor, now=clock.now())
    assert holder(scene.child) is Holder.SCHOOL
    assert scene.arrive().answer is Answer.DONE


def test_several_children_are_on_the_way_at_once_each_under_a_number_of_its_own(scene: Scene) -> None:
    other = make_enrolment(scene.day.term, make_child(make_person(), name="小红")).child
    saying = scene.saying()
    for _ in range(2):  # a double press
        verdicts = do(arrivals.on_the_way, [other, scene.child], scene.helper, saying)
        assert [each.answer for each in verdicts] == [Answer.DONE] * 2
    assert {holder(scene.child), holder(other)} == {Holder.ON_THE_WAY}
    assert told(scene.mother) == []
    event = scene.arrive().event
    assert event is not None
    assert event.brought_by == "staff"


def test_a_guardian_who_is_rung_says_that_the_child_is_with_them(scene: Scene) -> None:
    with pytest.raises(RuleBroken):
        do(arrivals.with_guardian, scene.child, scene.helper, "19900000001", scene.saying())
    with pytest.raises(RuleBroken):
        do(arrivals.with_guardian, scene.child, scene.mother, " ", scene.saying())
    verdict = do(arrivals.with_guardian, scene.child, scene.mother, "19900000001", scene.saying())
    assert verdict.answer is Answer.DONE
    assert holder(scene.child) is Holder.GUARDIAN


def test_what_was_on_paper_keeps_its_time_and_is_marked(scene: Scene) -> None:
    at = clock.now() - timedelta(hours=2)
    sent = Sent(nonce=str(uuid.uuid4()), is_offline=True)
    event = scene.arrive(at=at, sent=sent, is_paper=True).event
    assert event is not None
    assert (event.at, event.flag) == (at, Flag.PAPER)


def test_with_a_guardian_who_may_not_collect_the_child_is_an_alarm(scene: Scene) -> None:
    bar(scene.child, scene.mother.name, person_id=scene.mother.id)
    verdict = do(arrivals.with_guardian, scene.child, scene.mother, "19900000001", scene.saying())
    assert verdict.answer is Answer.DONE
    assert alarms() == [AlarmKind.BARRED]
