"""Those who came to a session are asked about it once, while people are awake. Never commits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased, joinedload

from center.activities.models import NOT_CANCELLED, Activity, ActivityState, Session, SessionState
from center.attendance.models import CAME, Attendance
from center.feedback import news, rules
from center.feedback.models import FeedbackRound, FeedbackTicket
from center.feedback.tickets import hold_round, ticket_for
from center.kernel.db import db
from center.kernel.i18n import centre_zone, format_day, format_span, in_language, local_date
from center.kernel.i18n import gettext as _
from center.kernel.site import path_to
from center.kernel.waking import is_waking
from center.notices import outbox
from center.notices.kinds import say_desk
from center.people.acting import hearers_for
from center.people.models import Person

SOME = 20


def due(now: datetime) -> Sequence[int]:
    """Some sessions that are over, and to which somebody came who is to be asked."""
    if not is_waking(now, centre_zone()):
        return []
    since, until = now - rules.ASK_WITHIN, now - rules.ASK_AFTER
    query = (
        select(Session.id)
        .where(
            Session.state.in_(NOT_CANCELLED),
            Session.ends_at > since,
            Session.ends_at <= until,
            Session.activity.has(_asks()),
            exists().where(Attendance.session_id == Session.id, *_to_ask(now=now)).correlate(Session),
        )
        .order_by(Session.ends_at, Session.id)
    )
    return db.session.scalars(query.limit(SOME)).all()


def ask(session_id: int, *, now: datetime) -> int:
    """Ask whoever came to a session and was not asked lately; returns how many. Twice is once."""
    query = select(Session).where(Session.id == session_id).options(joinedload(Session.activity))
    session = db.session.scalar(query)
    if session is None or not is_waking(now, centre_zone()) or not _is_to_be_asked(session, now=now):
        return 0
    found = hold_round(session, now=now)
    if found.closed_at is not None:
        return 0
    came = select(Attendance).join(Session, Session.id == Attendance.session_id)
    came = came.where(Attendance.session_id == session.id, *_to_ask(now=now)).options(joinedload(Attendance.person))
    people = [each.person for each in db.session.scalars(came.order_by(Attendance.person_id)).all()]
    for person in people:
        ticket = ticket_for(found, person)
        db.session.flush()
        for reader in hearers_for(person, on=local_date(now)):
            _tell(ticket, session, person, reader, until=found.closes_at, now=now)
    return len(people)


def _tell(
    ticket: FeedbackTicket, session: Session, person: Person, reader: Person, *, until: datetime, now: datetime
) -> None:
    activity = session.activity
    outbox.tell(
        reader,
        news.ASKED,
        key=f"feedback:{session.id}:{person.id}:{reader.id}",
        facts={
            "title": lambda: in_language(activity.title, activity.title_en),
            "when": lambda: format_span(session.starts_at, session.ends_at),
            "whom": lambda: "" if person.id == reader.id else _(", for %(name)s", name=person.name),
            "until": lambda: format_day(local_date(until)),
            "desk": say_desk,
        },
        path=path_to("feedback.answer", ticket_number=ticket.number),
        about=f"feedback:{session.id}",
        until=until,
        now=now,
    )


def _is_to_be_asked(session: Session, *, now: datetime) -> bool:
    is_over = session.ends_at + rules.ASK_AFTER <= now < session.ends_at + rules.ASK_WITHIN
    is_asked_about = session.activity.state in {ActivityState.PUBLISHED, ActivityState.HELD}
    is_off = session.state is SessionState.CANCELLED
    return is_over and is_asked_about and not is_off and not session.activity.is_confined


def _asks() -> ColumnElement[bool]:
    return Activity.state.in_((ActivityState.PUBLISHED, ActivityState.HELD)) & ~Activity.is_confined


def _to_ask(*, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Of rows of a register beside a session: whoever came and was not asked about this activity lately."""
    other: Any = aliased(Session)
    is_same = (other.activity_id == Session.activity_id, FeedbackTicket.person_id == Attendance.person_id)
    asked = (
        exists()
        .where(FeedbackTicket.session_id == FeedbackRound.session_id, other.id == FeedbackRound.session_id, *is_same)
        .where(FeedbackRound.opened_at > now - rules.ASK_AGAIN_AFTER)
        .correlate(Attendance, Session)
    )
    is_known = exists().where(Person.id == Attendance.person_id, Person.erased_at.is_(None)).correlate(Attendance)
    return Attendance.status.in_(CAME), is_known, ~asked
