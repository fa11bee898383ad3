"""A class that began at ten, with a lead who is signed in and takes its roll."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from center.activities.models import Session
from center.attendance.models import Attendance, Status
from center.kernel.db import db
from center.organisations.models import Organisation
from center.people.models import Account, Person
from center.signups.models import Roster
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.builders import at, make_account, make_organisation, make_person, sign_in


@dataclass(frozen=True)
class Lesson:
    """A session that is on, its lead's browser, and who has a place."""

    client: FlaskClient
    session: Session
    roster: Roster
    team: Organisation
    lead: Account
    people: tuple[Person, ...] = field(default=())

    @property
    def address(self) -> str:
        """Where its pages begin."""
        return f"/workspace/activities/{self.session.activity.slug}/sessions/{self.session.id}"

    def get(self, page: str = "/register", **query: Any) -> TestResponse:
        return self.client.get(self.address + page, query_string={"lang": "en", **query})

    def post(self, page: str, **typed: Any) -> TestResponse:
        return self.client.post(f"{self.address}{page}?lang=en", data=typed)

    def says(self, page: str, **typed: Any) -> str:
        """What the page says that follows a press."""
        return self.client.post(f"{self.address}{page}?lang=en", data=typed, follow_redirects=True).text

    def status(self, person: Person) -> Status | None:
        db.session.rollback()
        row = db.session.get(Attendance, (self.session.id, person.id), populate_existing=True)
        return row.status if row else None


def make_lesson(app: Flask, *, starts: Any = None, people: int = 3, places: int = 5, **facts: Any) -> Lesson:
    """A session of two hours that began at ten today, with people who have places."""
    lead = make_account(make_person(name="李建国"))
    team = make_organisation(leads=[lead.person], slug="class-team")
    begins = starts or at(10, days=0)
    before = begins - timedelta(days=2)
    activity = make_activity(organisation=team, starts=[begins], minutes=120, now=before, **facts)
    roster = make_roster(activity, capacity=places)
    names = ("安心", "白云", "陈晨", "丁丁", "方方")
    persons = tuple(make_person(name=names[n], phone=f"1990000000{n}") for n in range(people))
    for each in persons:
        sign_up(roster, each, now=before)
    client = app.test_client()
    sign_in(client, lead)
    return Lesson(client, activity.sessions[0], roster, team, lead, persons)


@pytest.fixture
def lesson(app: Flask, morning: None) -> Lesson:
    return make_lesson(app)
