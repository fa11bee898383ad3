"""A session that is on now, with a lead who takes its roll."""

from dataclasses import dataclass

import pytest
from flask import Flask

from center.activities.models import Session
from center.people.models import Person
from center.signups.models import Roster, SignUp
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.builders import at, make_organisation, make_person


@dataclass(frozen=True)
class Class:
    """A session with its lead and those who have a place: five places, two of them taken."""

    session: Session
    roster: Roster
    lead: Person
    people: tuple[Person, ...]
    sign_ups: tuple[SignUp, ...]


def make_class(*, people: int = 2, places: int = 5) -> Class:
    """A session that begins tomorrow at ten, with people who have places."""
    lead = make_person()
    activity = make_activity(organisation=make_organisation(leads=[lead]), starts=[at(10, days=1)])
    roster = make_roster(activity, capacity=places)
    signed = [sign_up(roster, make_person())[0] for _ in range(people)]
    return Class(activity.sessions[0], roster, lead, tuple(each.person for each in signed), tuple(signed))


@pytest.fixture
def lesson(app: Flask) -> Class:
    return make_class()
