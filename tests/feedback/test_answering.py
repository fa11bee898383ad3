"""One answer a ticket, held by the database; and nothing stored that leads from an answer to a person."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, inspect, select, text, update
from sqlalchemy.exc import DBAPIError

from center.feedback import answering, tickets, totals
from center.feedback.models import FeedbackAnswer, FeedbackTicket, Following, Liking
from center.feedback.rules import AnsweredBefore, RoundOver, Said, TooManyAnswers
from center.kernel.db import Base, db, transaction
from center.kernel.errors import NotFound, RuleBroken
from tests.attendance.conftest import Class
from tests.builders import at
from tests.engines import ONE_ENGINE
from tests.feedback.builders import after, ask, make_asked, make_visited, round_of, say, tickets_of
from tests.signups.test_races import at_once

SAID = Said(liking=Liking.GOOD, following=Following.YES)


@pytest.fixture(autouse=True)
def _app(app: Flask) -> None:
    """All of these need a database."""


def answers() -> list[FeedbackAnswer]:
    db.session.rollback()
    return list(db.session.scalars(select(FeedbackAnswer).order_by(FeedbackAnswer.key)))


def row(session_id: int, **more: Any) -> dict[str, Any]:
    known = {"key": "a" * 32, "session_id": session_id, "liking": "good", "following": "yes", "words": ""}
    return {**known, "is_counted": False, **more}


def test_a_second_answer_by_one_ticket_is_refused() -> None:
    ticket = tickets_of(make_asked())[0]
    say(ticket)
    with pytest.raises(AnsweredBefore):
        say(ticket, liking=Liking.NOT_GOOD)
    assert [each.liking for each in answers()] == [Liking.GOOD]


def test_of_two_answers_sent_at_once_by_one_ticket_one_is_kept(app: Flask) -> None:
    ticket_id = tickets_of(make_asked())[0].id

    def act() -> None:
        ticket = db.session.get_one(FeedbackTicket, ticket_id)
        answering.answer(ticket, SAID, now=after(ticket.round.session))

    assert sorted(at_once(app, [act] * 4)) == [False, False, False, True]
    assert len(answers()) == 1


def test_the_database_takes_no_answer_without_a_ticket_that_was_spent() -> None:
    lesson = make_asked()
    say(tickets_of(lesson)[0])
    with pytest.raises(DBAPIError, match="feedback_answers_spent"), transaction() as session:
        session.execute(insert(FeedbackAnswer).values(**row(lesson.session.id)))
    spent = update(FeedbackTicket).where(FeedbackTicket.id == tickets_of(lesson)[1].id).values(is_spent=True)
    with transaction() as session:  # and with one it takes it: the guard is what refused
        session.execute(spent)
        session.execute(insert(FeedbackAnswer).values(**row(lesson.session.id)))
    assert len(answers()) == 2


def test_the_database_lets_nobody_unspend_a_ticket_or_alter_an_answer() -> None:
    lesson = make_asked()
    ticket = tickets_of(lesson)[0]
    say(ticket)
    unspent = update(FeedbackTicket).where(FeedbackTicket.id == ticket.id)
    for value in (False, None):
        with pytest.raises(DBAPIError, match="feedback_tickets_spent"), transaction() as session:
            session.execute(unspent.values(is_spent=value))
    with pytest.raises(DBAPIError, match="feedback_answers_stay"), transaction() as session:
        session.execute(update(FeedbackAnswer).values(liking=Liking.NOT_GOOD))


def test_nothing_that_is_stored_leads_from_an_answer_to_a_person() -> None:
    """Neither a key, nor a time, nor an order: these columns are all there is, and no table points there."""
    columns = {each.name for each in inspect(FeedbackAnswer).columns}
    assert columns == {"key", "session_id", "liking", "following", "words", "person_id", "is_counted"}
    assert {each.name for each in inspect(FeedbackTicket).columns} == {
        *("id", "session_id", "person_id", "number", "is_spent")
    }
    pointing = [
        key for table in Base.metadata.tables.values() for key in table.foreign_keys
        if key.column.table.name == FeedbackAnswer.__tablename__
    ]  # fmt: skip
    assert pointing == []
    lesson = make_asked(6)
    for ticket in tickets_of(lesson):
        say(ticket)
    kept = answers()
    assert {each.person_id for each in kept} == {None}
    if db.session.get_bind().dialect.name == "sqlite":
        with pytest.raises(DBAPIError, match="no such column"):
            db.session.execute(text("SELECT rowid FROM feedback_answers"))


def test_a_closed_round_takes_nothing_and_forgets_who_answered() -> None:
    lesson = make_asked()
    first, second = tickets_of(lesson)
    say(first)
    over = round_of(lesson).closes_at
    with pytest.raises(RoundOver):
        say(second, now=over)
    for _twice in range(2):
        with transaction():
            answering.close(round_of(lesson), now=over)
    assert [each.is_spent for each in tickets_of(lesson)] == [None, None]
    with pytest.raises(RoundOver):
        say(tickets_of(lesson)[1], now=over - timedelta(days=1))
    with pytest.raises(DBAPIError, match="feedback_answers_spent"), transaction() as session:
        session.execute(insert(FeedbackAnswer).values(**row(lesson.session.id)))
    with pytest.raises(DBAPIError, match="feedback_tickets_spent"), transaction() as session:
        session.execute(update(FeedbackTicket).values(is_spent=True))


def test_a_round_does_not_close_before_its_time() -> None:
    lesson = make_asked()
    with transaction():
        answering.close(round_of(lesson), now=after(lesson.session))
    assert round_of(lesson).closed_at is None


@ONE_ENGINE
def test_totals_come_with_the_fifth_answer_and_then_five_at_a_time() -> None:
    lesson = make_asked(8)
    seen = []
    for ticket in tickets_of(lesson):
        say(ticket, words="挺好")
        found = totals.totals_of_each([lesson.session.id]).get(lesson.session.id)
        seen.append(found.answers if found else None)
    assert seen == [None, None, None, None, 5, 5, 5, 5]
    with transaction():
        answering.close(round_of(lesson), now=round_of(lesson).closes_at)
    assert totals.totals_of_each([lesson.session.id])[lesson.session.id].answers == 8


@ONE_ENGINE
def test_a_name_stands_with_an_answer_only_where_it_was_wished() -> None:
    lesson = make_asked()
    first, second = tickets_of(lesson)
    say(first)
    say(second, words="请回电", is_named=True)
    assert {(each.person_id, each.words) for each in answers()} == {(None, ""), (second.person_id, "请回电")}
    assert [each.person_id for each in totals.named_answers()] == [second.person_id]


@ONE_ENGINE
def test_sheets_are_printed_for_as_many_as_are_on_the_list_and_each_is_filled_in_once() -> None:
    lesson = make_visited(2)
    with pytest.raises(RuleBroken), transaction():
        tickets.print_sheets(lesson.session, 1, by=lesson.lead, now=at(9))
    with pytest.raises(RuleBroken), transaction():
        tickets.print_sheets(lesson.session, 3, by=lesson.lead, now=at(10))
    for _again in range(2):  # printed again they are the same
        with transaction():
            sheets = tickets.print_sheets(lesson.session, 2, by=lesson.lead, now=at(10))
    assert len(tickets_of(lesson)) == 2
    say(sheets[0], is_named=True)
    assert [each.person_id for each in answers()] == [None]
    assert [each.number for each in tickets.blank_sheets(lesson.session)] == [sheets[1].number]
    typed = sheets[1].number.lower().replace("-", " ")
    assert tickets.get_ticket(typed).number == sheets[1].number


@ONE_ENGINE
@pytest.mark.parametrize("typed", ["", "K7QM-2F9D", "！！", "x" * 500])
def test_a_number_that_is_none_leads_nowhere(typed: str) -> None:
    with pytest.raises(NotFound):
        tickets.get_ticket(typed)


@ONE_ENGINE
def test_a_sheet_printed_first_does_not_keep_those_who_came_from_being_asked() -> None:
    lesson = make_visited(2)
    with transaction():
        tickets.print_sheets(lesson.session, 1, by=lesson.lead, now=at(10))
    assert ask(lesson) == 2
    people = {each.person_id for each in tickets_of(lesson)}
    assert people == {None, *(each.id for each in lesson.people)}


def sheets_of(lesson: Class, number: int = 2) -> list[int]:
    with transaction():
        made = tickets.print_sheets(lesson.session, number, by=lesson.lead, now=after(lesson.session))
        return [each.id for each in made]


def test_whoever_has_a_link_and_fills_in_a_sheet_besides_is_found_out_by_the_number_of_those_who_came() -> None:
    """Which of them it was nobody knows; that one of them answered twice is known by the count."""
    lesson = make_asked(people=2)
    one, _other = tickets_of(lesson)
    with transaction():
        sheets = [
            each.id for each in tickets.print_sheets(lesson.session, 2, by=lesson.lead, now=after(lesson.session))
        ]
    first, second = (db.session.get_one(FeedbackTicket, each) for each in sheets)
    say(one)
    say(first)
    with pytest.raises(TooManyAnswers):
        say(second)
    assert len(answers()) == 2
    assert tickets_of(lesson)[3].is_spent is False  # the sheet is not lost: it can be looked into


@ONE_ENGINE
def test_a_link_counts_whatever_sheets_were_typed_in_before() -> None:
    lesson = make_asked(people=2)
    with transaction():
        sheets = [
            each.id for each in tickets.print_sheets(lesson.session, 2, by=lesson.lead, now=after(lesson.session))
        ]
    for key in sheets:
        say(db.session.get_one(FeedbackTicket, key))
    say(tickets_of(lesson)[0])
    assert len(answers()) == 3
