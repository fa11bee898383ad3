"""Ordered reads of who comes to a session, who is picked up, and who drives."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from center.activities.models import Activity, Session, SessionState
from center.kernel.db import db, must_find
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.organisations.models import MemberRole, Membership
from center.people.models import Person
from center.rooms.models import Room
from center.signups.models import Answer, Audience, Question, Roster, SignUp, SignUpState
from center.signups.models.attendee_lists import Driver, PlaceHeld
from center.signups.queries import is_date_of_roster

HOME_AGAIN = timedelta(hours=12)  # whoever fetches people brings them home, too; then the addresses are nobody's
PREPARES = (MemberRole.LEAD, MemberRole.EDITOR)


def coming_to(session: Session, *, audience: Audience = Audience.PARTICIPANTS) -> Sequence[SignUp]:
    """Who has a place at a session, or helps at it, by name, with what they wish and answered.

    Of one that is over, whoever had a place while it took place, whatever became of it later.
    """
    query = (
        select(SignUp)
        .join(SignUp.roster)
        .join(SignUp.person)
        .where(_of_session(session, audience), _had_place(session.starts_at, session.ends_at))
        .options(
            joinedload(SignUp.person).joinedload(Person.building),
            joinedload(SignUp.pool),
            selectinload(SignUp.answers).joinedload(Answer.question),
        )
        .order_by(Person.sort_key, Person.name, SignUp.id)
    )
    return db.session.scalars(query).all()


def questions_of(session: Session) -> Sequence[Question]:
    """What was asked of those who come, what is no longer asked last."""
    query = select(Question).join(Roster, Roster.id == Question.roster_id).where(_of_session(session))
    return db.session.scalars(query.order_by(Question.retired_at.is_not(None), Question.position, Question.id)).all()


def count_pick_ups(sessions: Collection[Session]) -> dict[int, int]:
    """How many are to be picked up for each session, by its id; those with a place only."""
    return _count_held(sessions, SignUp.wants_pick_up)


def count_held(sessions: Collection[Session]) -> dict[int, int]:
    """How many people had a place at each of these sessions, by its id: what is over is counted as it was."""
    return _count_held(sessions)


def _count_held(sessions: Collection[Session], *who: Any) -> dict[int, int]:
    query = (
        select(Session.id, func.count())
        .join(Roster, is_date_of_roster())
        .join(SignUp, SignUp.roster_id == Roster.id)
        .where(
            Session.id.in_(sorted(each.id for each in sessions)),
            Roster.audience == Audience.PARTICIPANTS,
            _had_place(Session.starts_at, Session.ends_at),
            *who,
        )
        .group_by(Session.id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def pick_ups(session: Session) -> list[SignUp]:
    """Whom to fetch, by building, unit and door."""
    found = [each for each in coming_to(session) if each.wants_pick_up]
    return sorted(found, key=_door)


def drivers_of(session: Session) -> Sequence[Driver]:
    """Who picks people up for a session, by name."""
    query = select(Driver).join(Driver.person).where(Driver.session_id == session.id)
    return db.session.scalars(query.options(joinedload(Driver.person)).order_by(Person.sort_key, Driver.id)).all()


def get_driver(session: Session, driver_id: int) -> Driver:
    """A driver of this session; raises NotFound."""
    query = select(Driver).where(Driver.id == driver_id, Driver.session_id == session.id)
    return must_find(db.session.scalar(query.options(joinedload(Driver.person))), _l("There is no such driver."))


def may_drive(session: Session, *, now: datetime) -> Sequence[Person]:
    """Whom the lead can name: members of the organisation and volunteers of this session, but nobody who prepares it.

    Those who lead or write for an organisation never see doors, so they cannot be its drivers.
    """
    organisation_id, on = session.activity.organisation_id, local_date(now)
    member = Membership.organisation_id == organisation_id
    current = and_(member, Membership.starts_on <= on, or_(Membership.ends_on.is_(None), Membership.ends_on >= on))
    members = select(Membership.person_id).where(current)
    prepare = select(Membership.person_id).where(current, Membership.role.in_(PREPARES))
    volunteers = (
        select(SignUp.person_id)
        .join(SignUp.roster)
        .where(_of_session(session, Audience.VOLUNTEERS), SignUp.state == SignUpState.CONFIRMED)
    )
    query = select(Person).where(or_(Person.id.in_(members), Person.id.in_(volunteers)), Person.id.not_in(prepare))
    return db.session.scalars(query.order_by(Person.sort_key, Person.id)).all()


def drives(person_id: int, session: Session, *, now: datetime) -> bool:
    """Whether somebody picks people up for this session today or ahead, and does not prepare it as well."""
    if now > session.ends_at + HOME_AGAIN:
        return False
    query = select(Driver.id).where(Driver.session_id == session.id, Driver.person_id == person_id)
    if db.session.scalar(query) is None:
        return False
    return person_id in {each.id for each in may_drive(session, now=now)}


def driving_ahead(person_id: int, *, now: datetime) -> Sequence[Session]:
    """The sessions for which somebody still picks people up, soonest first."""
    query = (
        select(Session)
        .join(Driver, Driver.session_id == Session.id)
        .where(
            Driver.person_id == person_id,
            Session.state == SessionState.SCHEDULED,
            Session.ends_at > now - HOME_AGAIN,
        )
        .options(
            joinedload(Session.activity).joinedload(Activity.organisation),
            joinedload(Session.room).selectinload(Room.parent),
        )
    )
    named = db.session.scalars(query.order_by(Session.starts_at, Session.id)).all()
    return [session for session in named if drives(person_id, session, now=now)]


def _of_session(session: Session, audience: Audience = Audience.PARTICIPANTS) -> ColumnElement[bool]:
    return and_(Roster.audience == audience, is_date_of_roster(session))


def _had_place(starts_at: Any, ends_at: Any) -> ColumnElement[bool]:
    """Whether somebody had a place at some moment of this time. Nobody has lost one that is still to come, or had one
    that was given them by mistake: it ended as it began."""
    left_later = or_(
        PlaceHeld.until_at.is_(None), and_(PlaceHeld.until_at > starts_at, PlaceHeld.until_at > PlaceHeld.from_at)
    )
    return exists().where(PlaceHeld.sign_up_id == SignUp.id, PlaceHeld.from_at < ends_at, left_later)


def _door(sign_up: SignUp) -> tuple[int, str, str]:
    person = sign_up.person
    return (person.building.position if person.building else 0, person.unit, person.door)
