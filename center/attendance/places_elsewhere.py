"""Where somebody has a place who has none here: another date that they may have meant, or one that they gave up."""

from datetime import timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from center.activities.models import Activity, Session, SessionState
from center.kernel.db import db
from center.kernel.i18n import centre_zone, local_date
from center.kernel.spans import day_span
from center.signups.models import Audience, Roster, SignUp, SignUpState
from center.signups.models.attendee_lists import PlaceHeld
from center.signups.queries import is_date_of_roster

NEAR = timedelta(days=31)


def was_given_up(session: Session, person_id: int) -> bool:
    """Whether somebody had a place at this session and has it no more."""
    was_theirs = PlaceHeld.sign_up_id == SignUp.id, PlaceHeld.until_at > PlaceHeld.from_at  # and no slip of somebody's
    held = select(PlaceHeld.id).where(*was_theirs).exists()
    query = (
        select(SignUp.id)
        .join(SignUp.roster)
        .where(
            SignUp.person_id == person_id,
            SignUp.state.not_in((SignUpState.CONFIRMED, SignUpState.OFFERED)),
            Roster.audience == Audience.PARTICIPANTS,
            is_date_of_roster(session),
            held,
        )
    )
    return db.session.scalar(query.limit(1)) is not None


def place_elsewhere(session: Session, person_id: int, *, sign_up: SignUp | None = None) -> Session | None:
    """The session nearest in time at which somebody has a place, or that of the number which was read.

    Whoever is at a door learns of other dates of the same organisation, and of what they may have meant that day;
    where else somebody goes is nobody's business.
    """
    query = (
        select(Session)
        .join(Session.activity)
        .join(Roster, is_date_of_roster())
        .join(SignUp, SignUp.roster_id == Roster.id)
        .where(
            SignUp.person_id == person_id,
            SignUp.state == SignUpState.CONFIRMED,
            Session.state != SessionState.CANCELLED,
            ~Activity.is_confined,
            Session.id != session.id,
            Session.ends_at > session.starts_at - NEAR,
            Session.starts_at < session.ends_at + NEAR,
        )
        .options(joinedload(Session.activity), joinedload(Session.room))
    )
    if sign_up is not None:
        query = query.where(Roster.id == sign_up.roster_id)
    else:
        day = day_span(local_date(session.starts_at), centre_zone())
        is_that_day = and_(Session.starts_at >= day.start, Session.starts_at < day.end)
        query = query.where(or_(Activity.organisation_id == session.activity.organisation_id, is_that_day))
    found = db.session.scalars(query.order_by(Session.starts_at, Session.id).limit(200)).unique().all()
    return min(found, key=lambda each: (abs(each.starts_at - session.starts_at), each.id), default=None)
