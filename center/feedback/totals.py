"""What a session's answers come to: nothing of them is read before there are five."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from center.activities.models import Activity, Session
from center.feedback import rules
from center.feedback.models import FeedbackAnswer, FeedbackRound, FeedbackTicket, Following, Liking
from center.feedback.rules import Totals
from center.kernel.db import db

SOME = 50


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A session that people are or were asked about: how many, on how many sheets, and what it came to."""

    round: FeedbackRound
    asked: int
    sheets: int
    totals: Totals | None

    @property
    def session(self) -> Session:
        """The session."""
        return self.round.session


def heard_of(activity: Activity) -> list[Heard]:
    """The sessions of an activity that people were asked about, the latest first."""
    query = select(FeedbackRound).join(FeedbackRound.session).where(Session.activity_id == activity.id)
    query = query.options(joinedload(FeedbackRound.session))
    rounds = db.session.scalars(query.order_by(Session.starts_at.desc(), Session.id.desc()).limit(SOME)).all()
    ids = [each.session_id for each in rounds]
    known, tickets = totals_of_each(ids), _tickets(ids)
    return [
        Heard(
            round=each,
            asked=tickets.get((each.session_id, False), 0),
            sheets=tickets.get((each.session_id, True), 0),
            totals=known.get(each.session_id),
        )
        for each in rounds
    ]


def totals_of_each(session_ids: Collection[int]) -> dict[int, Totals]:
    """What each of these sessions came to, by its id, where it has five answers; in one query."""
    of = FeedbackAnswer
    query = select(of.session_id, of.liking, of.following, of.words)
    query = query.where(of.session_id.in_(sorted(session_ids)), of.is_counted).order_by(of.session_id, of.key)
    found: dict[int, list[tuple[Liking, Following, str]]] = {}
    for session_id, liking, following, words in db.session.execute(query) if session_ids else ():
        found.setdefault(session_id, []).append((liking, following, words))
    every = {key: rules.totals(answers) for key, answers in found.items()}
    return {key: each for key, each in every.items() if each is not None}


def named_answers(*, most: int = SOME) -> Sequence[FeedbackAnswer]:
    """Answers of those who wished to be named, of the latest sessions first: for staff, who may come back to them."""
    query = (
        select(FeedbackAnswer)
        .join(Session, Session.id == FeedbackAnswer.session_id)
        .where(FeedbackAnswer.person_id.is_not(None))
        .options(joinedload(FeedbackAnswer.person))
    )
    return db.session.scalars(query.order_by(Session.starts_at.desc(), FeedbackAnswer.key).limit(most)).all()


def sessions_of(answers: Sequence[FeedbackAnswer]) -> Mapping[int, Session]:
    """The sessions that these answers are about, by id."""
    query = select(Session).where(Session.id.in_({each.session_id for each in answers}))
    found = db.session.scalars(query.options(joinedload(Session.activity)).order_by(Session.id))
    return {each.id: each for each in found}


def _tickets(session_ids: Sequence[int]) -> dict[tuple[int, bool], int]:
    is_paper = FeedbackTicket.person_id.is_(None)
    query = select(FeedbackTicket.session_id, is_paper, func.count())
    query = query.where(FeedbackTicket.session_id.in_(session_ids)).group_by(FeedbackTicket.session_id, is_paper)
    return {(row[0], bool(row[1])): row[2] for row in db.session.execute(query)}
