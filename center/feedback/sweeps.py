"""Feedback that falls due: those who came are asked, and rounds end."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from center.feedback import answering, asking
from center.feedback.models import FeedbackRound
from center.kernel.db import db, transaction
from center.kernel.sweeps import SOME, Sweep

EVERY = 60.0  # seconds: nobody waits to be asked


def _ask(session_id: int, now: datetime) -> None:
    with transaction():
        asking.ask(session_id, now=now)


def _over(now: datetime) -> Sequence[int]:
    query = select(FeedbackRound.session_id).where(FeedbackRound.closed_at.is_(None), FeedbackRound.closes_at <= now)
    return db.session.scalars(query.order_by(FeedbackRound.closes_at, FeedbackRound.session_id).limit(SOME)).all()


def _close(session_id: int, now: datetime) -> None:
    with transaction() as session:
        answering.close(session.get_one(FeedbackRound, session_id), now=now)


SWEEPS = (
    Sweep("people asked how it was", asking.due, _ask, every=EVERY),
    Sweep("feedback that is over", _over, _close, every=EVERY),
)
