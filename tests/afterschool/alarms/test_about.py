"""What an alarm is called and says: two who took a child, somebody barred, an adult on no list, only the family."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from center.afterschool.alarms.about import About, about_each
from center.afterschool.custody.ledger import Sent
from center.afterschool.handing_over import arrivals, unsure
from center.afterschool.handing_over.saying import Saying
from center.afterschool.handing_over.to_adults import Taking
from center.afterschool.models.care import Alarm, AlarmKind
from center.afterschool.models.custody import Holder
from center.afterschool.models.terms import TermDay
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.i18n import speaking
from tests.afterschool.custody_cases import bar, collector_of
from tests.afterschool.handing_over.scene import Scene, do
from tests.statements import selects


@pytest.fixture(name="scene")
def _scene(app: Flask) -> Scene:
    scene = Scene()
    scene.arrive(now=clock.now() - timedelta(minutes=20))
    return scene


def offline(scene: Scene, **facts: Any) -> Saying:
    """Something that was said on a device without a connection."""
    return scene.saying(sent=Sent(nonce=str(uuid.uuid4()), is_offline=True), **facts)


def told(kind: AlarmKind = AlarmKind.CONFLICT) -> About:
    """What the one alarm of this kind says."""
    db.session.rollback()
    alarm = db.session.scalars(select(Alarm).where(Alarm.kind == kind)).one()
    with speaking("en"):
        return about_each([alarm])[alarm.id]


def test_of_two_who_took_a_child_both_are_named_with_who_wrote_it_down(scene: Scene) -> None:
    collector_of(scene.child, "王舅舅", relation="舅舅")
    scene.hand_over(offline(scene, at=clock.now() - timedelta(minutes=5)))
    scene.hand_over(offline(scene, by=scene.helper), adult=scene.adult("王舅舅"), second=scene.tutor)
    about = told()
    assert about.title == "Two say otherwise about who has the child"
    assert about.words.index("李桂兰") < about.words.index("And also") < about.words.index("王舅舅")
    assert "(written down by 王老师)" in about.words
    assert "(written down by 李老师)" in about.words


def test_what_was_so_before_and_is_heard_of_later_is_named_as_well(scene: Scene) -> None:
    collector_of(scene.child, "王舅舅", relation="舅舅")
    scene.hand_over()
    before = offline(scene, by=scene.helper, at=clock.now() - timedelta(minutes=5))
    scene.hand_over(before, adult=scene.adult("王舅舅"), second=scene.tutor)
    assert "王舅舅" in told().words
    assert "李桂兰" in told().words


def test_somebody_barred_meanwhile_is_named_as_that(scene: Scene) -> None:
    adult = scene.adult()
    bar(scene.child, adult.name)
    scene.hand_over(offline(scene), adult=adult)
    about = told(AlarmKind.BARRED)
    assert "李桂兰" in about.words
    assert "Not the word of somebody who may collect the child" in about.words


def test_whoever_was_turned_away_is_named(scene: Scene) -> None:
    bar(scene.child, "李桂兰")
    scene.hand_over()
    assert told(AlarmKind.BARRED).words.startswith("Was turned away: ")


@pytest.mark.parametrize(("name", "title"), [
    ("", "Handed to an adult who was never on the list"), ("邻居", "Said without a connection, and could not be taken"),
])  # fmt: skip
def test_what_no_rule_lets_in_says_so(scene: Scene, name: str, title: str) -> None:
    do(unsure.record, scene.child, Holder.COLLECTOR, Taking(other_name=name), offline(scene))
    assert told().title == title
    assert name in told().words


def test_what_came_after_the_day_was_closed_says_so(scene: Scene) -> None:
    scene.hand_over()
    with transaction():
        day = db.session.get_one(TermDay, scene.day.id)
        day.closed_at, day.closed_by_id = clock.now(), scene.tutor.id
    do(arrivals.arrive, scene.child, offline(scene))
    assert told().title == "Heard of after the day was closed"


def test_many_alarms_are_said_with_as_few_questions_as_one(scene: Scene) -> None:
    do(unsure.record, scene.child, Holder.COLLECTOR, Taking(), offline(scene))
    for kind in (AlarmKind.BARRED, AlarmKind.CODE_TRIED):
        with transaction() as session:
            one = session.scalars(select(Alarm).where(Alarm.kind == AlarmKind.CONFLICT)).one()
            known = {"on_date": one.on_date, "subject": one.subject, "child_id": one.child_id, "event_id": one.event_id}
            session.add(Alarm(kind=kind, raised_at=one.raised_at, **known))
    db.session.rollback()
    alarms = db.session.scalars(select(Alarm).where(Alarm.event_id.is_not(None))).all()
    with selects() as few:
        about_each(alarms[:1])
    with selects() as many:
        about_each(alarms)
    assert len(many) == len(few)
