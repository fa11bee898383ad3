"""Who has borrowed is reminded: the evening before, once it is late, and before the troupe's next show."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, or_, select

from center.activities.models import Session
from center.kernel.db import db, transaction
from center.kernel.sweeps import Sweep
from center.notices.kinds import Kind
from center.troupes.lending import messages, news
from center.troupes.models.lending import LineState, Loan, LoanLine
from center.troupes.performances.models import AHEAD, Performance

MOST = 50
BEFORE = timedelta(hours=30)  # it is due by midnight: this is the evening before
BEFORE_SHOW = timedelta(days=3)


def _late(now: datetime) -> Sequence[int]:
    where = (LoanLine.state == LineState.OUT, LoanLine.ends_at <= now, LoanLine.told_late_at.is_(None))
    return _loans(select(LoanLine.loan_id).where(*where))


def _due(now: datetime) -> Sequence[int]:
    is_near = LoanLine.ends_at.between(now, now + BEFORE)
    return _loans(
        select(LoanLine.loan_id).where(LoanLine.state == LineState.OUT, is_near, LoanLine.reminded_at.is_(None))
    )


def _needed(now: datetime) -> Sequence[int]:
    return [line.loan_id for line, _show in db.session.execute(_before_shows(now).limit(MOST)).all()]


def _loans(query: Select[int]) -> Sequence[int]:
    return list(dict.fromkeys(db.session.scalars(query.order_by(LoanLine.ends_at, LoanLine.id).limit(MOST))))


def _before_shows(now: datetime) -> Select[LoanLine, datetime]:
    """What is out that a troupe needs for a show of the next days, with the beginning of the show."""
    query = (
        select(LoanLine, Session.starts_at)
        .join(Loan, Loan.id == LoanLine.loan_id)
        .join(Performance, and_(Performance.troupe_id == Loan.troupe_id, Performance.state.in_(AHEAD)))
        .join(Session, Session.id == Performance.session_id)
        .where(LoanLine.state == LineState.OUT)
        .where(Session.starts_at > now, Session.starts_at <= now + BEFORE_SHOW)
        .where(LoanLine.ends_at <= Session.ends_at)
        .where(or_(LoanLine.told_of_show_at.is_(None), LoanLine.told_of_show_at < Session.starts_at))
    )
    return query.order_by(Session.starts_at, LoanLine.id)


def _remind_late(loan_id: int, now: datetime) -> None:
    _remind(loan_id, news.LATE, "told_late_at", lambda ends_at: ends_at <= now, now=now)


def _remind_due(loan_id: int, now: datetime) -> None:
    _remind(loan_id, news.DUE, "reminded_at", lambda ends_at: now <= ends_at <= now + BEFORE, now=now)


def _remind(loan_id: int, kind: Kind, told_at: str, is_time: Callable[[datetime], bool], *, now: datetime) -> None:
    """Say once of each piece that is out, by the column that says when it was said."""
    with transaction() as session:
        loan = session.get_one(Loan, loan_id)
        out = [line for line in loan.lines if line.state is LineState.OUT]
        lines = [line for line in out if is_time(line.ends_at) and getattr(line, told_at) is None]
        for line in lines:
            setattr(line, told_at, now)
        if lines:
            messages.tell(loan, kind, lines=lines, now=now)


def _remind_of_show(loan_id: int, now: datetime) -> None:
    with transaction() as session:
        loan = session.get_one(Loan, loan_id)
        found = session.execute(_before_shows(now).where(LoanLine.loan_id == loan_id)).all()
        if not found:
            return
        show_at = found[0][1]
        lines = [line for line, at in found if at == show_at]
        for line in lines:
            line.told_of_show_at = show_at
        messages.tell(loan, news.NEEDED, lines=lines, show_at=show_at, now=now)


SWEEPS = (
    Sweep("loans_due", _due, _remind_due),
    Sweep("loans_late", _late, _remind_late),
    Sweep("loans_needed_for_a_show", _needed, _remind_of_show, every=60.0),
)
