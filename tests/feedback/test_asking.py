"""Those who came are asked once, in waking hours, and never about what is confined."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from center.activities.models import Activity
from center.attendance import roll_actions
from center.attendance.models import How
from center.feedback import asking, sweeps
from center.kernel.db import db, transaction
from center.notices.models import Notice
from center.people.models import Guardianship, Person
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.attendance.conftest import Class, make_class
from tests.builders import LONG_AGO, at, make_organisation, make_person
from tests.engines import ONE_ENGINE
from tests.feedback.builders import after, ask, make_visited, tickets_of

pytestmark = ONE_ENGINE


@pytest.fixture(autouse=True)
def _app(app: Flask) -> None:
    """All of these need a database."""


def told() -> list[tuple[int | None, str]]:
    db.session.rollback()
    query = select(Notice).where(Notice.kind == "feedback.asked").order_by(Notice.id)
    return [(each.person_id, each.path) for each in db.session.scalars(query)]


def _arrive(lesson: Class, person: Person, now: datetime | None = None) -> None:
    with transaction():
        roll_actions.arrive(lesson.session, person, how=How.ROLL, by=lesson.lead, now=now or at(10))


def is_due(lesson: Class, now: datetime) -> bool:
    db.session.rollback()
    return lesson.session.id in asking.due(now)


@pytest.mark.parametrize(
    ("hours", "due"),
    [
        pytest.param(0, False, id="people are still putting on their coats"),
        pytest.param(1, True, id="an hour later"),
        pytest.param(11, False, id="at ten in the evening"),
        pytest.param(22, True, id="the next morning"),
        pytest.param(72, False, id="three days later"),
    ],
)
def test_people_are_asked_from_an_hour_after_for_three_days_while_they_are_awake(hours: int, due: bool) -> None:
    lesson = make_visited()  # it ends at eleven
    now = after(lesson.session, hours=hours)
    assert is_due(lesson, now) is due
    assert bool(ask(lesson, now=now)) is due


def test_who_did_not_come_is_not_asked() -> None:
    lesson = make_class(people=2)
    assert not is_due(lesson, after(lesson.session))
    _arrive(lesson, lesson.people[0])
    assert ask(lesson) == 1
    assert [each.person_id for each in tickets_of(lesson)] == [lesson.people[0].id]


def test_nobody_is_asked_twice_and_whoever_is_entered_later_is_asked_then() -> None:
    lesson = make_class(people=2)
    first, late = lesson.people
    _arrive(lesson, first)
    assert (ask(lesson), ask(lesson), is_due(lesson, after(lesson.session))) == (1, 0, False)
    _arrive(lesson, late, now=lesson.session.ends_at)
    assert is_due(lesson, after(lesson.session, hours=3))
    assert ask(lesson, now=after(lesson.session, hours=3)) == 1
    assert [each for each, _path in told()] == [first.id, late.id]


def test_a_class_of_every_week_is_asked_about_once_in_four_weeks() -> None:
    lead, person = make_person(), make_person()
    activity = make_activity(organisation=make_organisation(leads=[lead]), starts=[at(10, days=d) for d in (1, 8, 36)])
    roster = make_roster(activity)
    sign_up(roster, person)
    asked = []
    for session in activity.sessions:
        with transaction():
            roll_actions.arrive(session, person, how=How.ROLL, by=lead, now=session.starts_at)
        with transaction():
            asked.append(asking.ask(session.id, now=after(session)))
    assert asked == [1, 0, 1]


def test_a_confined_activity_is_never_asked_about() -> None:
    lesson = make_visited()
    with transaction() as session:
        session.execute(update(Activity).values(is_confined=True))
    assert not is_due(lesson, after(lesson.session))
    assert ask(lesson) == 0
    assert told() == []


def test_for_a_child_its_guardians_are_asked_and_one_answer_counts() -> None:
    lesson = make_class(people=1)
    [child] = lesson.people
    mother, father = make_person(), make_person()
    with transaction() as session:
        session.get_one(Person, child.id).birth_year = at(10).year - 8
        for each in (mother, father):
            session.add(Guardianship(guardian_id=each.id, child_id=child.id, starts_on=LONG_AGO))
    _arrive(lesson, child)
    ask(lesson)
    [ticket] = tickets_of(lesson)
    assert set(told()) == {(each.id, f"/feedback/{ticket.number}") for each in (mother, father)}


def test_the_sweeps_ask_and_close_and_do_nothing_twice() -> None:
    lesson = make_visited()
    now = after(lesson.session)
    asks, closes = sweeps.SWEEPS
    for _twice in range(2):
        for each in asks.due(now):
            asks.settle(each, now)
    assert len(told()) == 2
    over = lesson.session.ends_at + timedelta(days=15)
    assert list(closes.due(now)) == []
    for each in closes.due(over):
        closes.settle(each, over)
    assert list(closes.due(over)) == []
    assert {each.is_spent for each in tickets_of(lesson)} == {None}
