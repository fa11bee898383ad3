"""Going home alone, with a brother or sister, with the bus: what protects the child, and what a guardian may change."""

import uuid
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from center.afterschool.custody.ledger import Sent
from center.afterschool.handing_over.answers import Answer
from center.afterschool.handing_over.other_ways import Leaving, leave
from center.afterschool.models.consents import ChildConsent, Purpose
from center.afterschool.models.custody import Flag, Holder
from center.afterschool.models.plans import Way, WayHome
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import RuleBroken
from center.kernel.i18n import centre_zone
from center.people.models import Person
from tests.afterschool.builders import make_child
from tests.afterschool.custody_cases import bar, today
from tests.afterschool.handing_over.scene import Scene, alarms, do, holder, told
from tests.afterschool.plan_builders import make_consent
from tests.builders import make_person

FIVE = time(17)
ALONE, BUS = Leaving(way=Way.ALONE), Leaving(way=Way.BUS, bus="3号线")


@pytest.fixture(name="scene")
def _scene(app: Flask) -> Scene:
    scene = Scene()
    scene.arrive()
    return scene


def plan(scene: Scene, way: Way, **facts: Any) -> None:
    """How the child goes home every day."""
    with transaction() as session:
        where = WayHome.enrolment_id == scene.enrolment.id
        session.execute(update(WayHome).where(where).values(way=way, **facts))


def by(guardian: Person) -> dict[str, Any]:
    """That a guardian was rung, and said so."""
    return {"approved_by": guardian, "approved_on": "19900000001"}


def at_clock(clock_time: time) -> datetime:
    """A time of today."""
    return datetime.combine(today(), clock_time, centre_zone())


def goes_alone_plan(scene: Scene, born: int = 12) -> None:
    with transaction():
        db.session.get_one(Person, scene.child.id).birth_year = today().year - born
    form = make_consent(scene.child, Purpose.WALKING_ALONE, by=scene.mother)
    plan(scene, Way.ALONE, leaves=FIVE, consent_id=form.id)


def test_nobody_goes_alone_without_a_form(scene: Scene) -> None:
    with pytest.raises(RuleBroken):
        do(leave, scene.child, Leaving(way=Way.ALONE, **by(scene.mother)), scene.saying())
    assert holder(scene.child) is Holder.ROOM


def test_a_child_goes_alone_by_the_form_from_its_hour_on(scene: Scene) -> None:
    goes_alone_plan(scene)
    with pytest.raises(RuleBroken, match="17:00"):
        do(leave, scene.child, ALONE, scene.saying(now=at_clock(time(16, 59))))
    verdict = do(leave, scene.child, ALONE, scene.saying(now=at_clock(time(17, 1))))
    assert verdict.answer is Answer.DONE
    assert verdict.event.flag is None
    assert told(scene.mother)[-1] == "after_school.left"


def test_a_form_that_was_taken_back_lets_nobody_go_alone(scene: Scene) -> None:
    goes_alone_plan(scene)
    with transaction() as session:
        session.execute(update(ChildConsent).values(revoked_at=clock.now(), revoked_by_id=scene.mother.id))
    with pytest.raises(RuleBroken):
        do(leave, scene.child, ALONE, scene.saying(now=at_clock(time(17, 1))))


def test_a_child_who_is_too_young_does_not_go_alone(scene: Scene) -> None:
    goes_alone_plan(scene, born=9)
    with pytest.raises(RuleBroken, match="10"):
        do(leave, scene.child, ALONE, scene.saying(now=at_clock(time(17, 1))))


@pytest.mark.parametrize(("born", "may"), [(13, False), (14, True)])
def test_a_sibling_under_age_takes_nobody_home(scene: Scene, born: int, may: bool) -> None:
    sibling = make_child(scene.mother, birth_year=today().year - born)
    plan(scene, Way.SIBLING, sibling_id=sibling.id)
    if may:
        assert do(leave, scene.child, Leaving(way=Way.SIBLING, sibling=sibling), scene.saying()).answer is Answer.DONE
        return
    with pytest.raises(RuleBroken) as error:
        do(leave, scene.child, Leaving(way=Way.SIBLING, sibling=sibling), scene.saying())
    assert error.value.field == "sibling"


def test_what_was_not_planned_needs_a_guardian_who_was_rung(scene: Scene) -> None:
    with pytest.raises(RuleBroken) as error:
        do(leave, scene.child, BUS, scene.saying())
    assert error.value.field == "approved_by"
    with pytest.raises(RuleBroken):
        do(leave, scene.child, replace(BUS, **by(make_person())), scene.saying())
    verdict = do(leave, scene.child, replace(BUS, **by(scene.mother)), scene.saying())
    assert (verdict.answer, verdict.event.flag) == (Answer.DONE, Flag.AGAINST_PLAN)


def test_the_bus_that_was_planned_needs_nobody_more(scene: Scene) -> None:
    plan(scene, Way.BUS, bus="3号线")
    assert do(leave, scene.child, BUS, scene.saying()).event.flag is None
    assert holder(scene.child) is Holder.BUS


def test_whoever_sends_a_child_who_is_gone_otherwise_is_told_so(scene: Scene) -> None:
    scene.hand_over()
    plan(scene, Way.BUS, bus="3号线")
    verdict = do(leave, scene.child, BUS, scene.saying())
    assert verdict.answer is Answer.GONE
    assert verdict.before.collector == scene.granny
    assert alarms() == []


def test_what_happened_without_a_connection_is_written_down_though_too_early(scene: Scene) -> None:
    goes_alone_plan(scene, born=9)
    at = clock.now() + timedelta(seconds=1)
    saying = scene.saying(at=at, now=at, sent=Sent(nonce=str(uuid.uuid4()), is_offline=True))
    verdict = do(leave, scene.child, ALONE, saying)
    assert (verdict.answer, verdict.event.flag) == (Answer.DONE, Flag.AGAINST_PLAN)


def test_a_guardian_who_may_not_collect_the_child_cannot_send_it_by_bus(scene: Scene) -> None:
    bar(scene.child, scene.mother.name, person_id=scene.mother.id)
    with pytest.raises(RuleBroken) as error:
        do(leave, scene.child, Leaving(way=Way.BUS, bus="3", **by(scene.mother)), scene.saying())
    assert error.value.field == "approved_by"
    assert holder(scene.child) is Holder.ROOM
