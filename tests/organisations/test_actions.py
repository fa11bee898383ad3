"""Adding members and ending memberships."""

from datetime import date, timedelta

import pytest

from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, NotFound, RuleBroken
from center.organisations import actions, queries
from center.organisations.models import MemberRole, Membership, Organisation
from center.people.models import Person
from tests.builders import ZONE, make_organisation, make_person
from tests.engines import ONE_ENGINE


def add(organisation: Organisation, person: Person, starts_on: date, ends_on: date | None = None) -> Membership:
    with transaction():
        return actions.add_member(
            organisation, person=person, role=MemberRole.LEAD, starts_on=starts_on, ends_on=ends_on, by=person
        )


def today() -> date:
    return clock.today(ZONE)


def test_a_lead_acts_for_the_organisation_from_the_first_day_to_the_last(app: object) -> None:
    person, organisation, first = make_person(), make_organisation(), today()
    add(organisation, person, first, first + timedelta(days=2))
    led = [
        [each.id for each in queries.organisations_led_by(person.id, first + timedelta(days=n))] for n in (-1, 0, 2, 3)
    ]
    assert led == [[], [organisation.id], [organisation.id], []]
    assert queries.is_lead(person.id, organisation.id, on=first)
    assert not queries.is_lead(person.id, organisation.id, on=first + timedelta(days=3))


def test_a_member_who_is_no_lead_leads_nothing(app: object) -> None:
    person = make_person()
    organisation = make_organisation(members=[person])
    assert queries.organisations_led_by(person.id, today()) == []
    assert not queries.is_lead(person.id, organisation.id, on=today())


def test_nobody_is_added_twice_or_backwards(app: object) -> None:
    person = make_person()
    organisation = make_organisation(leads=[person])
    with pytest.raises(Conflict):
        add(organisation, person, today())
    with pytest.raises(RuleBroken):
        add(organisation, make_person(), today(), today() - timedelta(days=1))
    db.session.rollback()
    assert len(queries.memberships_of(organisation.id)) == 1


def test_an_ended_lead_may_do_nothing_from_that_moment(app: object) -> None:
    person = make_person()
    organisation = make_organisation(leads=[person])
    (membership,) = queries.memberships_of(organisation.id)
    with transaction():
        actions.end_membership(membership, by=person, now=clock.now())
    assert queries.organisations_led_by(person.id, today()) == []
    assert membership.ends_on == today() - timedelta(days=1)
    assert add(organisation, person, today()).id != membership.id


def test_a_membership_that_starts_today_is_taken_back_altogether(app: object) -> None:
    person, organisation = make_person(), make_organisation()
    membership = add(organisation, person, today())
    with transaction():
        actions.end_membership(membership, by=person, now=clock.now())
    assert queries.memberships_of(organisation.id) == []


@ONE_ENGINE
def test_an_earlier_end_stays(app: object) -> None:
    person, organisation = make_person(), make_organisation()
    membership = add(organisation, person, today() - timedelta(days=9), today() - timedelta(days=5))
    with transaction():
        actions.end_membership(membership, by=person, now=clock.now())
    assert membership.ends_on == today() - timedelta(days=5)


def test_an_unknown_organisation_is_not_found(app: object) -> None:
    assert queries.find_organisation("nowhere") is None
    with pytest.raises(NotFound):
        queries.get_organisation("nowhere")
