"""Entries of the register are made, renewed and ended; a quarter is reported from its records."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from center.incubator.models.registration import QuarterReport, Registration
from center.incubator.registration import actions, sweeps
from center.incubator.registration.actions import EntryFacts
from center.incubator.registration.queries import register
from center.incubator.registration.rules import Quarter, Validity, quarter_of
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import local_date
from center.notices.models import Notice
from center.organisations.models import LegalForm, Organisation, Stage
from tests.activity_builders import make_activity
from tests.builders import at, make_organisation, make_person
from tests.engines import ONE_ENGINE


def filed(**facts: Any) -> Organisation:
    return make_organisation(legal_form=LegalForm.FILED, stage=Stage.INCUBATING, **facts)


def enter(organisation: Organisation, *, years_ago: int = 0, days: int = 0, number: str = "备1") -> Registration:
    today = local_date(clock.now())
    starts_on = today.replace(year=today.year - years_ago, day=1) + timedelta(days=days)
    facts = EntryFacts(number=number, starts_on=starts_on, founders=2, members=12)
    by = make_person()
    with transaction():
        return actions.enter(organisation, facts, by=by, now=clock.now())


@ONE_ENGINE
def test_a_number_stands_once_in_the_register(app: Flask) -> None:
    enter(filed(), number="武青社备2026001")
    with pytest.raises(Conflict):
        enter(filed(), number="武青社备2026001")


@ONE_ENGINE
def test_an_entry_is_renewed_after_the_last_one_and_not_within_it(app: Flask) -> None:
    organisation, by = filed(), make_person()
    first = enter(organisation, years_ago=1)
    with pytest.raises(RuleBroken):
        enter(organisation, number="备2")
    with pytest.raises(RuleBroken), transaction():
        actions.end_entry(first, on=local_date(clock.now()), why="", by=by, now=clock.now())
    with transaction():
        actions.end_entry(first, on=first.starts_on, why="改登记", by=by, now=clock.now())
    with pytest.raises(Conflict), transaction():
        actions.end_entry(first, on=first.starts_on, why="再次", by=by, now=clock.now())
    assert enter(organisation, number="备2").number == "备2"


@ONE_ENGINE
def test_leads_hear_once_that_an_entry_is_to_be_renewed(app: Flask) -> None:
    lead = make_person()
    entry = enter(filed(leads=[lead]), years_ago=3, days=0)
    with transaction():
        row = db.session.get_one(Registration, entry.id)
        row.valid_until = local_date(clock.now()) + timedelta(days=30)
    renew, _quarters = sweeps.SWEEPS
    for _again in range(2):
        for each in renew.due(clock.now()):
            renew.settle(each, clock.now())
    found = db.session.scalars(select(Notice).where(Notice.person_id == lead.id)).all()
    assert [each.kind for each in found] == ["registration.renew"]
    [line] = register(local_date(clock.now()))
    assert line.validity is Validity.RENEW


@ONE_ENGINE
def test_a_quarter_is_reported_once_it_is_over_and_counts_what_took_place(app: Flask) -> None:
    organisation = filed(members=[make_person(), make_person()])
    make_activity(organisation=organisation, starts=[at(10, days=-5)], now=at(10, days=-9))
    quarter, by = quarter_of(local_date(at(10, days=-5))), make_person()
    with pytest.raises(RuleBroken), transaction():
        actions.report_quarter(organisation, quarter_of(local_date(clock.now())), text="", by=by, now=clock.now())
    later = at(10, days=100)
    with transaction():
        made = actions.report_quarter(organisation, quarter, text="下雪", by=by, now=later)
    assert (made.members, made.activities, made.sessions, made.visits, made.people) == (2, 1, 1, 0, 0)
    with transaction():
        actions.report_quarter(organisation, quarter, text="改正", by=by, now=later)
    assert [each.note for each in db.session.scalars(select(QuarterReport))] == ["改正"]


@ONE_ENGINE
def test_leads_hear_once_of_a_quarter_that_is_not_reported(app: Flask) -> None:
    lead = make_person()
    filed(leads=[lead])
    quarter = Quarter(2026, 4)
    _renew, quarters = sweeps.SWEEPS
    noon = at(12, days=0)
    for day in (quarter.due_on.replace(day=9), quarter.due_on.replace(day=10), quarter.due_on):
        now = noon + (day - local_date(noon))
        for each in quarters.due(now):
            quarters.settle(each, now)
    found = db.session.scalars(select(Notice).where(Notice.person_id == lead.id)).all()
    assert [each.kind for each in found] == ["registration.quarter"]
