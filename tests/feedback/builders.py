"""A session that people came to, who are asked about it, and what they answer."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from center.activities.models import Session
from center.attendance import registers, roll_actions
from center.attendance.models import How
from center.feedback import answering, asking
from center.feedback.models import FeedbackRound, FeedbackTicket, Following, Liking
from center.feedback.rules import Said
from center.kernel.db import db, transaction
from center.organisations.models import Organisation
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.attendance.conftest import Class, make_class
from tests.builders import at, make_organisation, make_person


def make_visited(people: int = 2) -> Class:
    """A session of tomorrow at ten to which everybody came who has a place."""
    lesson = make_class(people=people, places=people + 1)
    with transaction():
        for person in lesson.people:
            roll_actions.arrive(lesson.session, person, how=How.ROLL, by=lesson.lead, now=at(10))
    return lesson


def make_held(people: int = 2, *, days: int = -1, organisation: Organisation | None = None, **facts: Any) -> Class:
    """A session of some days ago, to which everybody came who had a place; its register is closed."""
    lead, start = make_person(), at(10, days=days)
    ahead = start - timedelta(days=1)
    organisation = organisation or make_organisation(leads=[lead])
    activity = make_activity(organisation=organisation, starts=[start], now=ahead, **facts)
    roster, session = make_roster(activity), activity.sessions[0]
    signed = [sign_up(roster, make_person(), now=ahead)[0] for _n in range(people)]
    with transaction():
        for each in signed:
            roll_actions.arrive(session, each.person, how=How.ROLL, by=lead, now=start)
        registers.close(session, by=lead, now=session.ends_at)
    return Class(session, roster, lead, tuple(each.person for each in signed), tuple(signed))


def make_asked(people: int = 2) -> Class:
    """The same, and everybody was asked how it was."""
    lesson = make_visited(people)
    ask(lesson)
    return lesson


def ask(lesson: Class, *, now: datetime | None = None) -> int:
    """Ask those who came; returns how many were asked now."""
    with transaction():
        return asking.ask(lesson.session.id, now=now or after(lesson.session))


def after(session: Session, *, hours: int = 2) -> datetime:
    """Some hours after its end."""
    return session.ends_at + timedelta(hours=hours)


def tickets_of(lesson: Class) -> list[FeedbackTicket]:
    """Its tickets, in the order in which they were made."""
    db.session.rollback()
    query = select(FeedbackTicket).where(FeedbackTicket.session_id == lesson.session.id)
    return list(db.session.scalars(query.order_by(FeedbackTicket.id).execution_options(populate_existing=True)))


def round_of(lesson: Class) -> FeedbackRound:
    """Its round, read anew."""
    db.session.rollback()
    return db.session.get_one(FeedbackRound, lesson.session.id, populate_existing=True)


def say(
    ticket: FeedbackTicket,
    *,
    liking: Liking = Liking.GOOD,
    following: Following = Following.YES,
    words: str = "",
    is_named: bool = False,
    now: datetime | None = None,
) -> None:
    """Answer by a ticket, two hours after the session unless told otherwise."""
    said = Said(liking=liking, following=following, words=words, is_named=is_named)
    with transaction():
        session = ticket.round.session
        answering.answer(ticket, said, now=now or after(session))
