"""The director sets how long a kind is kept, within what the law and the texts of consents leave."""

import pytest
from sqlalchemy import select

from center.afterschool.models.consents import Purpose
from center.afterschool.models.retention import RetentionPeriod
from center.afterschool.places.first_texts import FIRST
from center.afterschool.retention import due, periods
from center.afterschool.retention_kinds import BY_CODE, KINDS, YEAR
from center.kernel.db import db, transaction
from center.kernel.errors import NotFound, RuleBroken
from center.kernel.trail import StaffEvent
from tests.builders import make_person

pytestmark = pytest.mark.usefixtures("app")


def set_days(code: str, days: int) -> None:
    director = make_person()
    with transaction():
        periods.set_days(BY_CODE[code], days, by=director)
    db.session.rollback()


def test_every_kind_begins_within_its_bounds_and_is_found_by_a_query() -> None:
    assert {each.code for each in KINDS} == set(due.QUERIES)
    assert len(BY_CODE) == len(KINDS)
    wrong = [each.code for each in KINDS if not 0 < each.least <= each.first <= each.most]
    assert wrong == []


def test_what_a_ledger_keeps_lasts_three_years_at_least() -> None:
    ledgers = ("plan_changes", "care_alarms", "incidents", "custody", "child_consents", "enrolment_events")
    assert {BY_CODE[each].least for each in ledgers} == {3 * YEAR}


@pytest.mark.parametrize(("purpose", "code"), [(Purpose.HEALTH, "health_notes"), (Purpose.PHOTOS, "child_photos")])
def test_a_text_promises_no_less_than_the_longest_that_can_be_set(purpose: Purpose, code: str) -> None:
    chinese, english = FIRST[purpose]
    assert f"{BY_CODE[code].most}天内删除" in chinese
    assert f"within {BY_CODE[code].most} days" in english


def test_the_text_of_care_names_the_bounds_of_custody() -> None:
    least, most = BY_CODE["custody"].least // YEAR, BY_CODE["custody"].most // YEAR
    assert f"保存{least}到{most}年" in FIRST[Purpose.CARE][0]
    assert f"from {least} to {most} years" in FIRST[Purpose.CARE][1]


@pytest.mark.parametrize(("code", "days"), [("health_notes", 31), ("health_notes", 0), ("custody", 3 * YEAR - 1)])
def test_no_period_is_set_beyond_its_bounds(code: str, days: int) -> None:
    with pytest.raises(RuleBroken) as refused:
        set_days(code, days)
    assert refused.value.field == "days"
    assert db.session.scalars(select(RetentionPeriod)).all() == []


def test_who_set_a_period_is_in_the_trail_with_what_it_was() -> None:
    set_days("ways_home", 400)
    set_days("ways_home", 500)
    set_days("ways_home", 500)
    assert periods.get("ways_home").days == 500
    events = db.session.scalars(select(StaffEvent).where(StaffEvent.act == "retention_set").order_by(StaffEvent.id))
    rows = [(each.subject, each.changes[0]["fields"]["days"]) for each in events]
    assert [subject for subject, _days in rows] == ["每周怎么回家", "每周怎么回家"]
    assert rows[1][1] == [400, 500]


def test_there_is_no_period_of_what_is_not_kept() -> None:
    with pytest.raises(NotFound):
        periods.get("notices")
