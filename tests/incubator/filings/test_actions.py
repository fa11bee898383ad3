"""An activity is filed, looked at and summed up; its leads are reminded once of each."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from center.activities.clashes import SessionPlan
from center.activities.models import Activity
from center.activities.sessions import add_sessions
from center.incubator.filings import actions, sweeps
from center.incubator.filings.actions import Filed
from center.incubator.filings.queries import lines, whole_of
from center.incubator.filings.rules import Stands
from center.incubator.models.filings import ActivityFiling, FilingReminder, FilingState
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import local_date
from center.kernel.spans import Span
from center.notices.models import Notice
from center.organisations.models import Stage
from center.people.models import Person
from tests.activity_builders import make_activity
from tests.builders import at, make_organisation, make_person
from tests.engines import ONE_ENGINE


def incubated(*, days: int, lead: Person | None = None, **facts: Any) -> Activity:
    """An activity of an organisation in the incubator, so many days ahead."""
    organisation = make_organisation(leads=[lead or make_person()], stage=Stage.INCUBATING)
    return make_activity(organisation=organisation, starts=[at(10, days=days)], **facts)


def file(activity: Activity, **given: Any) -> ActivityFiling:
    known = {"what": "讲座", "people": 5, "answers": "万师傅，前台转", **given}
    with transaction():
        return actions.file_activity(activity, Filed(**known), by=activity.created_by, now=clock.now())


@ONE_ENGINE
def test_what_is_filed_late_says_why(app: Flask) -> None:
    activity = incubated(days=3)
    with pytest.raises(RuleBroken) as refused:
        file(activity)
    assert refused.value.field == "late_because"
    assert file(activity, late_because="场地改期").late_because == "场地改期"


@ONE_ENGINE
def test_nothing_is_filed_of_what_nobody_asks_for(app: Flask) -> None:
    with pytest.raises(Conflict):
        file(make_activity())  # of no organisation in the incubator
    with pytest.raises(Conflict):
        file(incubated(days=10, is_published=False))


def test_the_database_refuses_fifty_people_without_a_plan(app: Flask) -> None:
    filing = file(incubated(days=10))
    with pytest.raises(IntegrityError), transaction():
        db.session.get_one(ActivityFiling, filing.id).people = 50


@ONE_ENGINE
def test_a_filing_is_looked_at_once_and_may_be_returned(app: Flask) -> None:
    lead, staff = make_person(), make_person()
    activity = incubated(days=12, lead=lead)
    filing = file(activity)
    with pytest.raises(RuleBroken), transaction():
        actions.return_filing(filing, reason=" ", by=staff, now=clock.now())
    with transaction():
        actions.return_filing(filing, reason="写明负责人", by=staff, now=clock.now())
    with pytest.raises(Conflict), transaction():
        actions.see_filing(filing, by=staff, now=clock.now())
    assert [each.kind for each in told(lead)] == ["filings.returned"]
    assert line_stands(activity) is Stands.RETURNED
    assert file(activity).state is FilingState.FILED


@ONE_ENGINE
def test_a_summary_waits_for_the_last_date(app: Flask) -> None:
    activity, on = incubated(days=2), at(10, days=2).date()
    said: dict[str, Any] = {"what": "来了三人", "to_do_better": "", "by": activity.created_by}
    with pytest.raises(Conflict), transaction():
        actions.sum_up(activity, on, **said, now=clock.now())
    with transaction():
        made = actions.sum_up(activity, on, **said, now=at(12, days=2))
    assert (made.sessions, made.visits, made.people) == (1, 0, 0)


@ONE_ENGINE
def test_leads_are_reminded_once_before_it_is_due_and_once_when_it_is_late(app: Flask) -> None:
    lead = make_person()
    activity = incubated(days=9, lead=lead)
    for now in (clock.now(), clock.now(), at(9, days=4), at(9, days=5)):
        sweep(now)
    assert [each.kind for each in told(lead)] == ["filings.filing", "filings.filing_late"]
    sweep(at(9, days=10))
    assert told(lead)[-1].kind == "filings.summary"
    assert db.session.scalar(select(func.count()).select_from(FilingReminder)) == 3
    assert line_stands(activity) is Stands.SOON


def test_each_date_is_filed_by_one_filing_and_summed_up_by_itself(app: Flask) -> None:
    """A date that comes later is filed anew; what is written of one date says nothing of another."""
    lead = make_person()
    organisation = make_organisation(leads=[lead], stage=Stage.INCUBATING)
    activity = make_activity(organisation=organisation, starts=[at(10, days=9), at(10, days=16)])
    filing = file(activity)
    assert [each.on_date for each in filing.dates] == [at(10, days=9).date(), at(10, days=16).date()]
    plan = SessionPlan(span=Span(at(10, days=12), at(11, days=12)), place="广场")
    with transaction():
        add_sessions(db.session.merge(activity), [plan], by=lead, now=clock.now())
    today = local_date(clock.now())
    stands = [(each.on, each.filing_stands) for each in lines(today)]
    assert stands[1] == (at(10, days=12).date(), Stands.NOT_YET)
    assert [each for _on, each in (stands[0], stands[2])] == [Stands.DONE, Stands.DONE]
    sweep(at(9, days=3))
    assert [each.kind for each in told(lead)] == ["filings.filing"]  # of the new date alone
    filed = file(db.session.merge(activity)).dates
    assert at(10, days=12).date() in {each.on_date for each in filed}
    after = at(18, days=9)
    with pytest.raises(Conflict), transaction():
        actions.sum_up(activity, at(9, days=10).date(), what="没有这天", to_do_better="", by=lead, now=after)
    with transaction():
        actions.sum_up(activity, at(9, days=9).date(), what="来了六人", to_do_better="", by=lead, now=after)
    later = lines(local_date(at(9, days=17)))
    assert [each.summary_stands for each in later] == [Stands.DONE, Stands.LATE, Stands.SOON]


@ONE_ENGINE
def test_others_and_what_was_called_off_are_on_no_list(app: Flask) -> None:
    make_activity(organisation=make_organisation(stage=Stage.GRADUATED), starts=[at(10, days=3)])
    late = incubated(days=3)
    incubated(days=3, is_published=False)
    found = lines(local_date(clock.now()))
    assert [(each.activity.id, each.is_late) for each in found] == [(late.id, True)]
    assert lines(local_date(clock.now()), organisation_ids=[-1]) == []


def line_stands(activity: Activity) -> Stands:
    whole = whole_of(activity, local_date(clock.now()))
    assert whole is not None
    return whole.filing_stands(local_date(clock.now()))


def told(person: Person) -> list[Notice]:
    db.session.rollback()
    return list(db.session.scalars(select(Notice).where(Notice.person_id == person.id).order_by(Notice.id)))


def sweep(now: datetime) -> None:
    [one] = sweeps.SWEEPS
    db.session.rollback()
    for each in one.due(now):
        one.settle(each, now)
