"""The month of an organisation as a ledger, and how its registers stand, for those who lead it."""

import io
from datetime import datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from center.attendance import ledger, registers, roll_actions
from center.attendance.models import How
from center.kernel.access_log import AccessEvent, Kind
from center.kernel.db import db, transaction
from center.people.models import Account, Person
from tests.attendance.conftest import Class, make_class
from tests.builders import at, make_account, make_person, sign_in
from tests.engines import ONE_ENGINE

pytestmark = [ONE_ENGINE, pytest.mark.usefixtures("app")]


@pytest.fixture
def taught() -> Class:
    """A lesson of an hour: one came late, one walked in, one was on leave, one did not come; signed."""
    lesson = make_class(people=3, places=4)
    session, lead = lesson.session, lesson.lead
    make_account(lead)
    guest = make_person()
    with transaction():
        late = session.starts_at + timedelta(minutes=20)
        roll_actions.arrive(session, lesson.people[0], how=How.ROLL, by=lead, now=late)
        roll_actions.put_on_leave(session, lesson.people[1], how=How.ROLL, by=lead, now=session.starts_at)
        roll_actions.walk_in(session, guest, by=lead, now=late)
        registers.close(session, by=lead, now=session.ends_at)
    return lesson


def account_of(person: Person) -> Account:
    return db.session.scalars(select(Account).where(Account.person_id == person.id)).one()


def page_of(lesson: Class, name: str = "ledger") -> str:
    return f"/workspace/organisations/{lesson.session.activity.organisation.slug}/{name}"


def read(client: FlaskClient, lesson: Class, page: str, when: datetime) -> TestResponse:
    """A page as the lead sees it at a moment."""
    address, account = page_of(lesson, page), account_of(lesson.lead)
    with time_machine.travel(when, tick=False):
        sign_in(client, account)
        return client.get(address.rstrip("/"))


def entries(lesson: Class) -> list[ledger.Entry]:
    day = lesson.session.local_day
    return ledger.month_of(lesson.session.activity.organisation_id, day, day, now=lesson.session.ends_at)


@pytest.mark.parametrize("name", ["ledger", "ledger.xlsx"])
def test_nobody_else_sees_the_ledger(client: FlaskClient, taught: Class, name: str) -> None:
    stranger = make_person()
    sign_in(client, make_account(stranger))
    assert client.get(page_of(taught, name)).status_code == 404


def test_every_number_is_counted_from_the_register(taught: Class) -> None:
    [entry] = entries(taught)
    length = int((taught.session.ends_at - taught.session.starts_at).total_seconds() // 60)
    assert entry.counts == ledger.Counts(expected=3, came=2, walk_ins=1, on_leave=1, absent=1, minutes=2 * length)
    assert ledger.sum_of([entry, entry]).came == 4


def test_a_session_without_a_register_is_named_as_not_taken(client: FlaskClient) -> None:
    lesson = make_class()
    make_account(lesson.lead)
    assert "未点名" in read(client, lesson, "ledger", lesson.session.ends_at).text


def test_what_was_called_off_or_is_to_come_is_not_in_it(taught: Class) -> None:
    day = taught.session.local_day
    early = taught.session.starts_at - timedelta(minutes=1)
    assert ledger.month_of(taught.session.activity.organisation_id, day, day, now=early) == []


def test_the_table_names_who_came_and_that_it_was_made_is_written_down(client: FlaskClient, taught: Class) -> None:
    answer = read(client, taught, "ledger.xlsx", taught.session.ends_at)
    rows = list(load_workbook(io.BytesIO(answer.data)).active.values)
    assert [row[4:9] for row in rows[4:]] == [(3, 2, 1, 1, 1), (3, 2, 1, 1, 1)]
    assert taught.people[0].name in str(rows[4][11])
    assert taught.people[2].name not in str(rows[4][11])
    written = select(AccessEvent.person_id).where(AccessEvent.kind == Kind.EXPORT)
    assert taught.people[0].id in db.session.scalars(written).all()


def test_more_dates_need_no_more_queries(taught: Class) -> None:
    day, owner, asked = taught.session.local_day, taught.session.activity.organisation_id, list[str]()

    def note(*facts: object) -> None:
        asked.append(str(facts[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        ledger.month_of(owner, day, day, now=at(23, days=1))
        assert len(asked) == 4
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_the_workspace_says_who_is_missing_only_while_it_is_on(client: FlaskClient) -> None:
    lesson = make_class()
    make_account(lesson.lead)
    name, starts_at = lesson.people[0].name, lesson.session.starts_at
    for moment, is_said in ((-5, False), (10, True)):
        page = read(client, lesson, "", starts_at + timedelta(minutes=moment))
        assert (name in page.text) is is_said


def test_a_signed_register_that_is_over_stands_in_the_way_no_more(client: FlaskClient, taught: Class) -> None:
    page = read(client, taught, "", taught.session.ends_at + timedelta(minutes=5))
    assert page.status_code == 200
    assert "点名" not in page.text
