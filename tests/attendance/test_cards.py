"""A card says who stands there: one counts at a time, and what becomes of others is known."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from center.attendance import cards
from center.attendance.cards import CardState
from center.attendance.codes import CARD_PREFIX, CardCode, in_groups, read_code
from center.attendance.models.devices import Card
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import RuleBroken
from center.kernel.i18n import speaking
from center.kernel.trail import StaffEvent
from center.people import actions, matching
from center.people.erasing import actions as erasing
from center.people.models import AccountMatch, Person
from tests.builders import make_account, make_person

pytestmark = pytest.mark.usefixtures("app", "english")


@pytest.fixture
def english(app: Flask) -> Iterator[None]:
    with speaking("en"):
        yield


def print_card(person: Person) -> str:
    clerk = make_person()
    with transaction():
        return cards.issue(person, by=clerk, now=clock.now())


def found(code: str) -> cards.Found:
    made = cards.find_by_code(code)
    assert made is not None
    return made


def same(waiting: Person, known: Person) -> AccountMatch:
    """The desk takes them for the same; the first of them has an account that waits."""
    account, clerk = waiting.account, make_person()
    assert account is not None
    with transaction():
        return actions.merge_account(account, onto=known, by=clerk, now=clock.now())


def known_twice() -> tuple[Person, Person]:
    waiting = make_account(make_person(name="李桂兰", birth_year=1950), is_confirmed=False)
    return waiting.person, make_person(name="李桂兰", birth_year=None, phone=None)


def test_a_code_that_no_card_has_is_nobodys() -> None:
    print_card(make_person())
    assert cards.find_by_code("A" * 26) is None


def test_a_new_card_ends_the_one_before_at_once() -> None:
    person = make_person()
    old, new = print_card(person), print_card(person)
    assert (found(old).state, found(old).person) == (CardState.OLD, person)
    assert not found(old).counts
    assert (found(new).state, found(new).person) == (CardState.LIVE, person)


def test_a_lost_card_counts_no_more_and_losing_it_twice_is_once() -> None:
    person = make_person()
    code = print_card(person)
    with transaction():
        assert cards.revoke(person, by=person, now=clock.now())
        assert not cards.revoke(person, by=person, now=clock.now())
    assert found(code).state is CardState.OLD
    assert cards.card_of(person) is None
    acts = db.session.scalars(select(StaffEvent.act).where(StaffEvent.person_id == person.id).order_by(StaffEvent.id))
    assert list(acts) == ["card_issued", "card_ended"]


def test_the_code_is_random_and_kept_only_as_a_digest() -> None:
    person = make_person()
    code = print_card(person)
    assert len(code) == 26
    assert code != print_card(person)
    assert code not in str(db.session.execute(select(Card.__table__)).all())
    assert code not in str(db.session.execute(select(StaffEvent.__table__)).all())


def test_what_is_printed_is_read_however_it_is_typed() -> None:
    code = print_card(make_person())
    for typed in (CARD_PREFIX + in_groups(code), in_groups(code).lower(), f" {in_groups(code).replace('-', ' ')} "):
        read = read_code(typed)
        assert isinstance(read, CardCode)
        assert found(read.code).counts


def test_the_card_of_a_second_record_leads_on_until_a_new_one_is_printed() -> None:
    double, known = known_twice()
    code = print_card(double)
    same(double, known)
    assert (found(code).state, found(code).person) == (CardState.MERGED, known)
    assert cards.card_of(known) is not None
    new = print_card(known)
    assert found(code).state is CardState.OLD
    assert found(code).person == known
    assert found(new).state is CardState.LIVE


def test_two_records_with_a_card_each_can_be_one_and_be_parted_again() -> None:
    double, known = known_twice()
    theirs, mine = print_card(double), print_card(known)
    made, clerk = same(double, known), make_person()
    assert found(mine).counts
    assert not found(theirs).counts
    with transaction():
        matching.undo(made, by=clerk, now=clock.now())
    assert (found(theirs).state, found(theirs).person) == (CardState.LIVE, double)
    assert found(mine).state is CardState.LIVE


def test_a_second_record_gets_no_card_of_its_own() -> None:
    double, known = known_twice()
    same(double, known)
    with pytest.raises(RuleBroken, match="belongs to somebody else's account"):
        print_card(double)


def test_the_card_of_somebody_erased_says_nobody() -> None:
    person, director = make_person(), make_person()
    code, before = print_card(person), erasing.what_is_ahead(person, now=clock.now())
    assert [(str(words), count) for words, count in before] == [("The card they check in with", 1)]
    with transaction():
        erasing.erase(person, by=director, now=clock.now())
    assert found(code) == cards.Found(CardState.GONE, None)
    [row] = db.session.scalars(select(Card))
    assert row.revoked_by_id == director.id


def test_two_clerks_who_print_at_once_leave_one_live_card(app: Flask) -> None:
    person, clerks = make_person(), 4
    person_id, gate = person.id, threading.Barrier(clerks)
    db.session.rollback()

    def print_one(_n: int) -> str:
        with app.app_context():
            gate.wait()
            try:
                return print_card(db.session.get_one(Person, person_id))
            finally:
                db.session.remove()

    with ThreadPoolExecutor(clerks) as threads:
        codes = list(threads.map(print_one, range(clerks)))
    states = sorted(found(code).state for code in codes)
    assert states == [CardState.LIVE] + [CardState.OLD] * (clerks - 1)


def test_the_database_refuses_a_second_live_card() -> None:
    person = make_person()
    print_card(person)
    row = Card(person_id=person.id, code_hash="0" * 64, issued_at=clock.now(), issued_by_id=person.id)
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(row)
    assert db.session.scalar(select(func.count()).select_from(Card)) == 1
