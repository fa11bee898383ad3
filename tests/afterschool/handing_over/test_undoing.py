"""A slip is taken back within ten minutes, and whoever was told of it hears of that."""

from datetime import timedelta

import pytest
from flask import Flask

from center.afterschool.handing_over import undoing
from center.afterschool.handing_over.answers import Answer
from center.afterschool.models.custody import Holder
from center.kernel import clock
from center.kernel.errors import RuleBroken
from tests.afterschool.handing_over.scene import Scene, do, holder, told


@pytest.fixture(name="scene")
def _scene(app: Flask) -> Scene:
    scene = Scene()
    scene.arrive()
    return scene


def test_the_child_is_back_in_the_room_and_the_guardians_hear_once(scene: Scene) -> None:
    event = scene.hand_over().event
    for _ in range(2):
        do(undoing.undo, event, by=scene.tutor, now=clock.now())
    assert holder(scene.child) is Holder.ROOM
    assert told(scene.mother) == ["after_school.arrived", "after_school.left", "after_school.corrected"]


def test_the_right_child_can_be_handed_over_after_a_slip(scene: Scene) -> None:
    event = scene.hand_over().event
    do(undoing.undo, event, by=scene.tutor, now=clock.now())
    assert scene.hand_over(adult=scene.adult("陈芳")).answer is Answer.DONE


def test_after_ten_minutes_what_is_right_is_said_instead(scene: Scene) -> None:
    event = scene.hand_over().event
    with pytest.raises(RuleBroken):
        do(undoing.undo, event, by=scene.tutor, now=clock.now() + timedelta(minutes=10, seconds=1))
    assert holder(scene.child) is Holder.COLLECTOR


def test_what_is_pressed_again_on_the_page_from_before_says_that_it_was_taken_back(scene: Scene) -> None:
    saying = scene.saying()
    event = scene.hand_over(saying).event
    do(undoing.undo, event, by=scene.tutor, now=clock.now())
    assert scene.hand_over(saying).answer is Answer.TAKEN_BACK
    assert holder(scene.child) is Holder.ROOM
