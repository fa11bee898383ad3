"""Answering the three questions, and closing a round. Never commits.

The ticket is spent and the answer written in one transaction; neither says which the other was.
"""

import secrets
from datetime import datetime

from sqlalchemy import func, select, update

from center.activities.models import Session
from center.attendance.models import CAME, Attendance
from center.attendance.queries import roll_of
from center.feedback import rules
from center.feedback.models import FeedbackAnswer, FeedbackRound, FeedbackTicket
from center.feedback.rules import AnsweredBefore, Said
from center.kernel.db import change_rows, db, lock


def answer(ticket: FeedbackTicket, said: Said, *, now: datetime) -> None:
    """Keep what was said by this ticket. Raises AnsweredBefore the second time, and RoundOver once the time is over.

    A sheet has no name, so who has a link could fill one in besides: of sheets no more are taken than people came.
    """
    found = ticket.round
    lock(found)
    lock(ticket)
    rules.check_open(closes_at=found.closes_at, closed_at=found.closed_at, now=now)
    if ticket.person_id is None:
        rules.check_came(answers=count_answers(found.session_id), came=count_came(found.session))
    spent = update(FeedbackTicket).where(FeedbackTicket.id == ticket.id, FeedbackTicket.is_spent.is_(False))
    if not change_rows(spent.values(is_spent=True)):
        raise AnsweredBefore(rules.SPENT)
    given = FeedbackAnswer(key=secrets.token_hex(16), session_id=found.session_id, is_counted=False)
    given.liking, given.following, given.words = said.liking, said.following, said.words[: rules.MOST_WORDS]
    given.person_id = ticket.person_id if said.is_named else None
    db.session.add(given)
    db.session.flush()
    _count(found, is_closing=False)


def count_answers(session_id: int) -> int:
    """How many answers of a session there are, by links and by sheets."""
    query = select(func.count()).select_from(FeedbackAnswer).where(FeedbackAnswer.session_id == session_id)
    return db.session.scalar(query) or 0


def count_came(session: Session) -> int:
    """How many came to a session by its register; where nobody took it, how many were expected."""
    came = (Attendance.session_id == session.id, Attendance.status.in_(CAME))
    return db.session.scalar(select(func.count()).select_from(Attendance).where(*came)) or len(roll_of(session))


def close(found: FeedbackRound, *, now: datetime) -> None:
    """Take no more answers, count those that may be counted, and forget who answered. Twice is once."""
    lock(found)
    if found.closed_at is not None or now < found.closes_at:
        return
    _count(found, is_closing=True)
    found.closed_at = now
    db.session.flush()
    change_rows(update(FeedbackTicket).where(FeedbackTicket.session_id == found.session_id).values(is_spent=None))


def _count(found: FeedbackRound, *, is_closing: bool) -> None:
    of = FeedbackAnswer
    query = select(of.is_counted, func.count()).where(of.session_id == found.session_id).group_by(of.is_counted)
    numbers = {row[0]: row[1] for row in db.session.execute(query)}
    if rules.joins_totals(counted=numbers.get(True, 0), waiting=numbers.get(False, 0), is_closing=is_closing):
        waiting = update(of).where(of.session_id == found.session_id, of.is_counted.is_(False))
        change_rows(waiting.values(is_counted=True))
