"""Who is expected on a day, asked of the database."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from sqlalchemy import event

from center.afterschool.models.consents import Purpose
from center.afterschool.models.plans import Way
from center.afterschool.models.terms import SchoolException
from center.afterschool.plans import day_plans
from center.afterschool.plans.rules import Doubt, WhyNot
from center.kernel.db import db, transaction
from tests.afterschool.builders import make_child, make_enrolment, make_school, make_term, set_hours
from tests.afterschool.plan_builders import enrol, make_consent, set_week, term_from_today, today
from tests.builders import at

pytestmark = pytest.mark.usefixtures("app")


def test_a_child_is_expected_from_school_and_after_the_way() -> None:
    enrolment = enrol()
    day = enrolment.term.days[1]
    [expected] = day_plans.expected_on(day)
    assert (expected.child.id, expected.comes, expected.way) == (enrolment.child_id, True, Way.COLLECTED)
    assert (expected.from_school_at, expected.due_at) == (at(15, 30), at(15, 45))


def test_a_saturday_that_counts_as_another_day_is_that_day() -> None:
    saturday = next(today() + timedelta(days=n) for n in range(7) if (today() + timedelta(days=n)).weekday() == 5)
    school = make_school()
    term = make_term(days=[saturday], counts_as={saturday: 2}, schools=[])
    set_hours(term, school, weekdays=[2], finishes=time(12))
    set_week(make_enrolment(term), [2])
    [expected] = day_plans.expected_on(term.days[0])
    assert expected.comes
    assert expected.from_school_at == at(12, day=saturday)


def test_a_school_that_is_closed_for_a_day_sends_nobody() -> None:
    enrolment = enrol()
    day = enrolment.term.days[1]
    with transaction() as session:
        session.add(SchoolException(school_id=enrolment.school_id, on_date=day.on_date, reason="运动会"))
    assert day_plans.expected_on(day)[0].why_not is WhyNot.NO_SCHOOL


def test_who_walks_alone_is_collected_once_the_form_is_taken_back() -> None:
    child = make_child()
    consent = make_consent(child, Purpose.WALKING_ALONE)
    term = term_from_today(alone_age=8)
    enrolment = enrol(term, child, way=Way.ALONE, leaves=time(17), consent_id=consent.id)
    day = enrolment.term.days[1]
    before = day_plans.expected_of(enrolment, day)
    assert (before.way, before.consent_id, before.leaves_at) == (Way.ALONE, consent.id, at(17))
    with transaction():
        consent.revoked_at, consent.revoked_by_id = at(7, days=0), consent.by_id
    after = day_plans.expected_of(enrolment, day)
    assert (after.way, after.doubt, after.consent_id) == (Way.COLLECTED, Doubt.NO_CONSENT, None)


def test_the_queries_do_not_grow_with_the_children() -> None:
    term = term_from_today()
    enrol(term)
    few = _statements(lambda: day_plans.expected_on(term.days[0]))
    for _ in range(3):
        enrol(term)
    assert _statements(lambda: day_plans.expected_on(term.days[0])) == few


def _statements(act: Callable[[], object]) -> int:
    db.session.rollback()
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len([each for each in said if each.lstrip().upper().startswith("SELECT")])
