"""Rounds and their tickets: one for each person who came and one for each sheet of paper. Never commits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from center.activities.models import Activity, Session
from center.attendance.queries import roll_of
from center.feedback import rules
from center.feedback.models import FeedbackRound, FeedbackTicket
from center.kernel.db import db, lock, must_find
from center.kernel.errors import NotFound, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.logs import log
from center.kernel.texts import new_reference, read_reference
from center.people.models import Person

NOWHERE = _l("There is no such link or number. Please check it, or ask at the front desk.")


def hold_round(session: Session, *, now: datetime) -> FeedbackRound:
    """The round of a session, opened where there is none; nobody else writes into it until the transaction ends.

    Raises NotFound for a confined activity: nobody is asked about what its lists do not show.
    """
    lock(session)
    if session.activity.is_confined:
        raise NotFound(NOWHERE)
    found = db.session.get(FeedbackRound, session.id)
    if found is None:
        found = FeedbackRound(session_id=session.id, opened_at=now, closes_at=rules.closes_at(session.ends_at))
        rules.check_open(closes_at=found.closes_at, closed_at=None, now=now)
        db.session.add(found)
        db.session.flush()
    lock(found)
    return found


def ticket_for(found: FeedbackRound, person: Person | None) -> FeedbackTicket:
    """A new ticket, of somebody who came or (None) for a sheet."""
    ticket = FeedbackTicket(session_id=found.session_id, number=new_reference(), is_spent=False)
    ticket.person_id = person.id if person else None
    db.session.add(ticket)
    return ticket


def get_ticket(typed: str) -> FeedbackTicket:
    """The ticket with this number, however it was typed, with its session and activity; raises NotFound."""
    query = select(FeedbackTicket).where(FeedbackTicket.number == read_reference(typed))
    whole = joinedload(FeedbackTicket.round).joinedload(FeedbackRound.session)
    activity = whole.joinedload(Session.activity).joinedload(Activity.organisation)
    return must_find(db.session.scalar(query.options(activity)), NOWHERE)


def open_tickets_of(person_ids: Sequence[int], *, now: datetime) -> Sequence[FeedbackTicket]:
    """What these people may still answer, the latest session first."""
    query = (
        select(FeedbackTicket)
        .join(FeedbackTicket.round)
        .join(FeedbackRound.session)
        .where(
            FeedbackTicket.person_id.in_(person_ids),
            FeedbackTicket.is_spent.is_(False),
            FeedbackRound.closed_at.is_(None),
            FeedbackRound.closes_at > now,
        )
        .options(joinedload(FeedbackTicket.round).joinedload(FeedbackRound.session).joinedload(Session.activity))
    )
    return db.session.scalars(query.order_by(Session.ends_at.desc(), FeedbackTicket.id)).all()


def print_sheets(session: Session, wanted: int, *, by: Person, now: datetime) -> Sequence[FeedbackTicket]:
    """Let so many sheets of this session be there that nobody has filled in; returns them.

    Raises RuleBroken before it has begun or where there would be more than people on its list.
    """
    if now < session.starts_at:
        raise RuleBroken(_l("It has not begun yet. Sheets can be printed once it has."))
    found = hold_round(session, now=now)
    rules.check_open(closes_at=found.closes_at, closed_at=found.closed_at, now=now)
    blank = list(blank_sheets(session))
    rules.check_sheets(wanted=count_sheets(session) - len(blank) + wanted, people=len(roll_of(session)))
    blank += [ticket_for(found, None) for _sheet in range(wanted - len(blank))]
    db.session.flush()
    log.info("feedback_sheets", session=session.id, by=by.id, sheets=len(blank))
    return blank[:wanted]


def blank_sheets(session: Session) -> Sequence[FeedbackTicket]:
    """The sheets of a session that nobody has filled in, in the order in which they were made."""
    is_blank = (FeedbackTicket.person_id.is_(None), FeedbackTicket.is_spent.is_(False))
    query = select(FeedbackTicket).where(FeedbackTicket.session_id == session.id, *is_blank)
    return db.session.scalars(query.order_by(FeedbackTicket.id)).all()


def count_sheets(session: Session) -> int:
    """How many sheets of a session there are, filled in or not."""
    of_paper = (FeedbackTicket.session_id == session.id, FeedbackTicket.person_id.is_(None))
    return db.session.scalar(select(func.count()).select_from(FeedbackTicket).where(*of_paper)) or 0


def closes_at(session: Session) -> datetime:
    """Until when a session may be spoken of."""
    return rules.closes_at(session.ends_at)
