"""Partners, their days of service, and what statements count from them."""

from datetime import timedelta

import pytest
from flask import Flask

from center.incubator.models.partners import Partner, PartnerKind
from center.incubator.partners import actions, queries
from center.incubator.partners.actions import DayFacts, PartnerFacts
from center.incubator.partners.rules import Period
from center.kernel import clock
from center.kernel.db import transaction
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import local_date
from tests.activity_builders import make_activity
from tests.builders import at, make_person
from tests.engines import ONE_ENGINE
from tests.feedback.builders import make_visited


def make_partner(name: str = "区税务局", kind: PartnerKind = PartnerKind.UNIT) -> Partner:
    by = make_person()
    with transaction():
        return actions.enter_partner(PartnerFacts(kind=kind, name=name, offers="送法上门"), by=by)


@ONE_ENGINE
def test_two_partners_have_no_common_name(app: Flask) -> None:
    one, other = make_partner("区税务局"), make_partner("区医院")
    with pytest.raises(Conflict):
        make_partner("区税务局")
    by = make_person()
    with pytest.raises(Conflict), transaction():
        actions.edit_partner(other, PartnerFacts(kind=other.kind, name=one.name), by=by)


@ONE_ENGINE
def test_somebody_is_written_down_once_a_day_and_for_less_than_half_of_it(app: Flask) -> None:
    today, clerk, helper = local_date(clock.now()), make_person(), make_person()
    partner = make_partner()
    with transaction():
        day = actions.write_day(partner, DayFacts(on_date=today, what="义诊"), by=clerk, now=clock.now())
    with pytest.raises(RuleBroken), transaction():
        actions.write_turn(day, helper, minutes=721)
    with transaction():
        actions.write_turn(day, helper, minutes=120)
    with pytest.raises(Conflict), transaction():
        actions.write_turn(day, helper, minutes=60)


@ONE_ENGINE
def test_statements_count_the_days_of_their_period_alone(app: Flask) -> None:
    today, clerk, helper = local_date(clock.now()), make_person(), make_person()
    partner, idle = make_partner(), make_partner("区医院", PartnerKind.TEAM)
    for on_date, reached in ((today, 12), (today - timedelta(days=390), 50)):
        facts = DayFacts(on_date=on_date, what="义诊", reached=reached)
        with transaction():
            day = actions.write_day(partner, facts, by=clerk, now=clock.now())
            actions.write_turn(day, helper, minutes=90)
    year = Period(today.year)
    half = Period(today.year, 1 if today.month <= 6 else 2)
    assert set(queries.records(year)) == {partner.id}
    record = queries.records(year)[partner.id]
    assert (record.days, record.turns, record.minutes, record.reached) == (1, 1, 90, 12)
    assert [(each.name, days, minutes) for each, days, minutes in queries.served_of(partner.id, year)] == [
        (helper.name, 1, 90)
    ]
    assert [each.minutes for each in queries.days_served(helper.id, half)] == [90]
    assert queries.counts() == {PartnerKind.UNIT: 1, PartnerKind.TEAM: 1}
    assert queries.days_of(idle.id, year.first_on, year.last_on) == []


@ONE_ENGINE
def test_a_day_with_a_register_counts_whom_that_says_and_no_number_that_was_typed(app: Flask) -> None:
    visited = make_visited(3)
    session, clerk, partner = visited.session, make_person(), make_partner()
    at_night = at(23, day=session.local_day)
    facts = DayFacts(on_date=session.local_day, what="义诊", reached=40)
    with transaction():
        day = actions.write_day(partner, facts, by=clerk, now=at_night)
    elsewhere = make_activity(starts=[at(10, days=3)]).sessions[0]
    with pytest.raises(RuleBroken), transaction():
        actions.link_register(day, elsewhere, by=clerk)
    with transaction():
        actions.link_register(day, session, by=clerk)
    year = Period(session.local_day.year)
    assert queries.records(year)[partner.id].reached == 3
    assert [each.reached for each in queries.days_of(partner.id, year.first_on, year.last_on)] == [3]
    with transaction():
        actions.link_register(day, None, by=clerk)
    assert queries.records(year)[partner.id].reached == 40
