"""What else people have at the time of an activity: a warning that one may pass, never a refusal."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased, joinedload

from center.activities.models import Session, SessionState
from center.bookings.models import LIVE as LIVE_BOOKINGS
from center.bookings.models import Booking
from center.kernel.db import db
from center.kernel.i18n import format_span, in_language
from center.kernel.i18n import gettext as _
from center.people.models import Person
from center.rooms.models import Room
from center.signups.models import LIVE, Roster, SignUp
from center.signups.queries import is_date_of_roster, is_open_to_staff


@dataclass(frozen=True)
class Meanwhile:
    """What somebody has at the time of a session, in words."""

    person_id: int
    words: str
    starts_at: datetime


def meanwhile(
    people: Sequence[Person], sessions: Sequence[Session], *, but: Roster, family: Collection[int]
) -> list[Meanwhile]:
    """Other sign-ups of these people, and bookings of those who are family; what a neighbour books is theirs alone."""
    names = {person.id: person.name for person in people}
    found = [_sign_up(names[whose], whose, other) for whose, other in _overlaps(list(names), sessions, but=but)]
    ids = sorted(set(names) & set(family))
    times = [and_(Booking.starts_at < each.ends_at, Booking.ends_at > each.starts_at) for each in sessions]
    if ids and times:
        query = select(Booking).where(Booking.person_id.in_(ids), Booking.status.in_(LIVE_BOOKINGS), or_(*times))
        query = query.options(joinedload(Booking.room).selectinload(Room.parent))
        rows = db.session.scalars(query.order_by(Booking.starts_at, Booking.id)).all()
        found += [_booking(each, names) for each in rows]
    return sorted(found, key=lambda each: each.starts_at)


def _sign_up(name: str, person_id: int, other: Session) -> Meanwhile:
    words = _(
        "%(name)s is signed up for something else then: %(title)s, %(when)s.",
        name=name,
        title=in_language(other.activity.title, other.activity.title_en),
        when=format_span(other.starts_at, other.ends_at),
    )
    return Meanwhile(person_id, words, other.starts_at)


def _booking(booking: Booking, names: dict[int, str]) -> Meanwhile:
    words = _(
        "%(name)s has booked a room then: %(room)s, %(when)s.",
        name=names[booking.person_id],
        room=in_language(booking.room.name, booking.room.name_en),
        when=format_span(booking.starts_at, booking.ends_at),
    )
    return Meanwhile(booking.person_id, words, booking.starts_at)


def _overlaps(
    person_ids: Collection[int], sessions: Collection[Session], *, but: Roster
) -> Sequence[tuple[int, Session]]:
    """Which other sessions these people are signed up for at the time of these."""
    mine, other = aliased(Session), aliased(Session)
    query = (
        select(SignUp.person_id, other)
        .join(Roster, Roster.id == SignUp.roster_id)
        .join(other, and_(is_date_of_roster(other), other.state == SessionState.SCHEDULED))
        .join(mine, and_(mine.starts_at < other.ends_at, other.starts_at < mine.ends_at, mine.id != other.id))
        .where(
            SignUp.person_id.in_(sorted(person_ids)),
            SignUp.state.in_(LIVE),
            SignUp.roster_id != but.id,
            is_open_to_staff(),
            mine.id.in_(sorted(session.id for session in sessions)),
        )
        .options(joinedload(other.activity))
        .order_by(mine.starts_at, other.starts_at, SignUp.person_id)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]
