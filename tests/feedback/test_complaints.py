"""A complaint reaches directors alone, never those of the organisation; it is answered once, and the answer is read."""

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from center.feedback import complaints, policy
from center.feedback.models import Complaint
from center.kernel.access import Permission
from center.kernel.db import change_rows, db, transaction
from center.kernel.errors import Conflict, NotFound, RuleBroken
from center.notices.models import Notice
from center.organisations.models import Organisation, OrganisationKind
from center.people.models import Account, Person, Role
from tests.builders import at, make_account, make_organisation, make_person
from tests.engines import ONE_ENGINE

WORDS = "老师一直在打电话。"


class User:
    """Somebody signed in, with what they may do."""

    is_authenticated = True

    def __init__(self, *permissions: Permission) -> None:
        self.permissions = frozenset(permissions)


@pytest.fixture(autouse=True)
def _app(app: Flask) -> None:
    """All of these need a database."""


def director() -> Account:
    return make_account(roles=[Role.DIRECTOR])


def complain(organisation: Organisation, person: Person | None = None, words: str = WORDS) -> Complaint:
    with transaction():
        return complaints.complain(organisation, words, person=person, now=at(10, days=0))


def told(kind: str) -> list[int | None]:
    db.session.rollback()
    return list(db.session.scalars(select(Notice.person_id).where(Notice.kind == kind).order_by(Notice.person_id)))


@ONE_ENGINE
def test_every_director_hears_of_it_but_those_of_the_organisation_and_no_clerk() -> None:
    one, two = director(), director()
    make_account(roles=[Role.CLERK])
    complain(make_organisation(leads=[two.person]))
    assert told("feedback.complaint_sent") == [one.person_id]
    complain(make_organisation(kind=OrganisationKind.CENTRE, members=[one.person, two.person]))
    assert told("feedback.complaint_sent") == [one.person_id, one.person_id, two.person_id]
    bodies = db.session.scalars(select(Notice.body).where(Notice.kind == "feedback.complaint_sent"))
    assert not [each for each in bodies if "打电话" in each]


@ONE_ENGINE
def test_who_reads_it_is_a_director_who_does_not_belong_to_the_organisation() -> None:
    made = complain(make_organisation())
    reads = User(Permission.READ_COMPLAINTS)
    assert policy.may_read(made, reads, set())
    assert not policy.may_read(made, reads, {made.organisation_id})
    assert not policy.may_read(made, User(Permission.EDIT_ACTIVITIES), set())
    assert [each.id for each in complaints.complaints_for(set())] == [made.id]
    assert list(complaints.complaints_for({made.organisation_id})) == []
    assert (complaints.count_waiting(set()), complaints.count_of_others({made.organisation_id})) == (1, 1)


@ONE_ENGINE
def test_the_very_same_on_the_same_day_is_taken_once() -> None:
    organisation = make_organisation()
    complain(organisation)
    with pytest.raises(Conflict):
        complain(organisation)
    complain(organisation, words="别的事")
    assert complaints.count_waiting(set()) == 2


@ONE_ENGINE
def test_an_empty_one_and_an_empty_answer_are_refused() -> None:
    with pytest.raises(RuleBroken):
        complain(make_organisation(), words=" \n ")
    made, by = complain(make_organisation()), director().person
    with pytest.raises(RuleBroken), transaction():
        complaints.answer(made, " ", by=by, now=at(11))


def test_it_is_answered_once_and_the_database_keeps_the_answer() -> None:
    by, person = director().person, make_person()
    made = complain(make_organisation(), person)
    with transaction():
        complaints.answer(made, "已与负责人谈过。", by=by, now=at(11))
    assert told("feedback.complaint_answered") == [person.id]
    with pytest.raises(Conflict), transaction():
        complaints.answer(made, "别的话", by=by, now=at(12))
    with pytest.raises(DBAPIError, match="complaints_stay"), transaction():
        change_rows(update(Complaint).values(answer="别的话"))
    assert complaints.get_by_number(made.number.lower().replace("-", "")).answer == "已与负责人谈过。"


@ONE_ENGINE
def test_without_a_name_nobody_is_told_and_the_number_reads_the_answer() -> None:
    made, by = complain(make_organisation()), director().person
    with transaction():
        complaints.answer(made, "谢谢。", by=by, now=at(11))
    assert told("feedback.complaint_answered") == []
    assert complaints.get_by_number(made.number).answer == "谢谢。"
    for unknown in ("", made.number[:9], "x" * 300):
        with pytest.raises(NotFound):
            complaints.get_by_number(unknown)


def test_the_same_form_is_the_same_complaint_and_nothing_says_when_it_was_sent(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation = make_organisation()
    key = "5e3c3f1c-4f0a-4b1e-9f37-6f2a3f1f2b11"

    def send(words: str, key: str = key) -> str:
        with transaction():
            return complaints.complain(organisation, words, person=None, now=at(10, days=0), key=key).number

    first = send(WORDS)
    assert send(WORDS) == first
    assert send("老师迟到了。") != first
    with pytest.raises(Conflict):
        send(WORDS, key="another key of a page")
    with app.app_context():
        monkeypatch.setattr(app, "secret_key", "another site")
        assert complaints._number_of(key, organisation, WORDS) != first
