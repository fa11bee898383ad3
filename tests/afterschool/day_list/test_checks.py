"""Two people look that nobody is left, in the room and on the way; heads are counted as a drill."""

from datetime import timedelta

import pytest
from flask import Flask

from center.afterschool.day_list import checks
from center.afterschool.day_list.checks import ROOM, WAY, ways_not_looked_at
from center.afterschool.days import opening
from center.afterschool.handing_over import arrivals
from center.afterschool.models.custody import HeadCount, RoomCheck
from center.kernel import clock
from center.kernel.db import db
from center.kernel.errors import RuleBroken
from tests.afterschool.builders import make_child, make_school, set_hours
from tests.afterschool.handing_over.scene import Scene, do
from tests.afterschool.plan_builders import enrol


@pytest.fixture(name="scene")
def _scene(app: Flask) -> Scene:
    return Scene()


def look(scene: Scene, what: str = ROOM, **facts: object) -> RoomCheck:
    known = {"second": scene.helper, "by": scene.tutor, "now": clock.now(), **facts}
    return do(checks.confirm_empty, scene.day, what, **known)


def count(scene: Scene, counted: int, **facts: object) -> HeadCount:
    known = {"by": scene.tutor, "now": clock.now(), **facts}
    return do(checks.count_heads, scene.day, counted, **known)


def test_one_person_alone_makes_no_room_empty(scene: Scene) -> None:
    with pytest.raises(RuleBroken) as refused:
        look(scene, second=scene.tutor)
    assert refused.value.field == "second"


def test_the_room_is_not_empty_while_the_ledger_has_a_child_there_and_is_looked_at_after_the_last_one(
    scene: Scene,
) -> None:
    scene.arrive()
    with pytest.raises(RuleBroken, match="1"):
        look(scene)
    scene.hand_over()
    assert opening.lacks_room_check(scene.day)
    assert look(scene).id == look(scene).id  # pressed twice
    assert not opening.lacks_room_check(scene.day)


def test_the_way_is_not_empty_while_a_child_of_that_school_is_on_it(scene: Scene) -> None:
    other_school = make_school()
    set_hours(scene.enrolment.term, other_school, weekdays=range(7))
    other = enrol(scene.enrolment.term, make_child(name="小红"))
    assert other.school_id == scene.enrolment.school_id
    do(arrivals.on_the_way, [scene.child, other.child], scene.helper, scene.saying())
    scene.arrive()
    way, elsewhere = (f"{WAY}{each}" for each in (scene.enrolment.school_id, other_school.id))
    with pytest.raises(RuleBroken, match="1"):
        look(scene, way)
    assert look(scene, elsewhere).what == elsewhere
    assert ways_not_looked_at(scene.day) == [way]
    scene.arrive(other.child)
    look(scene, way)
    assert ways_not_looked_at(scene.day) == []


def test_a_drill_keeps_what_was_counted_beside_what_the_ledger_said_then(scene: Scene) -> None:
    scene.arrive()
    first, now = count(scene, 2, remark="多一个？"), clock.now()
    assert count(scene, 2, remark="多一个？").id == first.id  # sent twice
    scene.hand_over()
    count(scene, 0, now=now + timedelta(minutes=2))
    db.session.rollback()
    kept = [(each.counted, each.expected, each.remark) for each in checks.counts_of(scene.day)]
    assert kept == [(0, 0, ""), (2, 1, "多一个？")]
