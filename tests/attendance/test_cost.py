"""What is said of many people together is read and written together: a long roll asks the database no oftener."""

from collections.abc import Callable
from itertools import pairwise
from uuid import uuid4

import pytest
from flask import Flask

from center.attendance import batches, cards, paper, registers, taking
from center.attendance.batches import Item
from center.attendance.codes import CardCode, Code, SignUpReference
from center.attendance.models import Outcome, Status
from center.attendance.paper import PaperLine
from center.attendance.queries import rows_of
from center.attendance.taking import Press
from center.kernel.db import db, transaction
from tests.attendance.conftest import Class, make_class
from tests.builders import at
from tests.statements import everything_sent

FEW, MANY = 5, 50
PRESSES = (Press.HERE, Press.LATE, Press.LEAVE)


def all_are_here(lesson: Class) -> Callable[[], None]:
    def say() -> None:
        with transaction():
            assert len(taking.all_here(lesson.session, by=lesson.lead, now=at(10))) == len(lesson.people)

    return say


def a_sheet_is_entered(lesson: Class) -> Callable[[], None]:
    lines = [PaperLine(person=each, press=PRESSES[n % 3]) for n, each in enumerate(lesson.people)]
    lines[0] = PaperLine(person=lesson.people[0], press=Press.HERE, arrived_at=at(9, 40), left_at=at(9, 50))
    lines[1] = PaperLine(person=lesson.people[1], is_absent=True)

    def enter() -> None:
        with transaction():
            assert paper.enter(lesson.session, lines, by=lesson.lead, now=at(10)) == len(lines)

    return enter


def nobody_came(lesson: Class) -> Callable[[], None]:
    def close() -> None:
        with transaction():
            registers.close(lesson.session, by=lesson.lead, now=at(20))

    return close


def slips_were_stored(lesson: Class) -> Callable[[], None]:
    return stored(lesson, [SignUpReference(each.reference) for each in lesson.sign_ups])


def cards_were_stored(lesson: Class) -> Callable[[], None]:
    with transaction():
        return stored(lesson, [CardCode(cards.issue(each, by=lesson.lead, now=at(9))) for each in lesson.people])


def stored(lesson: Class, codes: list[Code]) -> Callable[[], None]:
    items = [Item(nonce=str(uuid4()), device_at=at(10), sequence=n, code=code) for n, code in enumerate(codes)]

    def send() -> None:
        answered = batches.take(lesson.session, items, by=lesson.lead, now=at(10))
        assert {each.verdict.outcome for each in answered if each.verdict} == {Outcome.ACCEPTED}

    return send


def without_repeated_events(sent: list[str]) -> list[str]:
    """SQLite gives the numbers of new rows out one at a time."""
    is_again = db.engine.dialect.name == "sqlite" and [*pairwise(["", *sent])]
    events = "INSERT INTO attendance_events"
    return [now for before, now in is_again if (before, now) != (events, events)] if is_again else sent


@pytest.mark.parametrize(
    "prepare", [all_are_here, a_sheet_is_entered, nobody_came, slips_were_stored, cards_were_stored]
)
def test_what_is_said_of_many_costs_no_more_statements_than_of_few(
    app: Flask, prepare: Callable[[Class], Callable[[], None]]
) -> None:
    counted = []
    for people in (FEW, MANY):
        lesson = make_class(people=people, places=people)
        act = prepare(lesson)
        db.session.rollback()
        with everything_sent() as sent:
            act()
        counted.append(without_repeated_events([sql.split("(")[0].strip()[:60] for sql in sent]))
        db.session.rollback()
        assert len(rows_of(lesson.session)) == people - (prepare is a_sheet_is_entered)
    assert counted[0] == counted[1]


def test_one_sheet_says_when_somebody_came_and_when_they_left(app: Flask) -> None:
    lesson = make_class(people=3)
    a_sheet_is_entered(lesson)()
    db.session.rollback()
    found = {each.person_id: each for each in rows_of(lesson.session)}
    first, _absent, third = (each.id for each in lesson.people)
    assert (found[first].status, found[first].arrived_at, found[first].left_at) == (Status.LEFT, at(9, 40), at(9, 50))
    assert found[third].status is Status.ON_LEAVE
