"""What else people have at the time of an activity: a warning that one may pass, never a refusal."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from center.activities.models import Session
from center.bookings.models import LIVE, Booking
from center.kernel.db import db
from center.kernel.i18n import format_span, in_language
from center.kernel.i18n import gettext as _
from center.people.models import Person
from center.rooms.models import Room
from center.signups import queries
from center.signups.models import Roster


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
    found = [_sign_up(each, names) for each in queries.overlaps(list(names), sessions, but=but)]
    ids = sorted(set(names) & set(family))
    times = [and_(Booking.starts_at < each.ends_at, Booking.ends_at > each.starts_at) for each in sessions]
    if ids and times:
        query = select(Booking).where(Booking.person_id.in_(ids), Booking.status.in_(LIVE), or_(*times))
        query = query.options(joinedload(Booking.room).selectinload(Room.parent))
        rows = db.session.scalars(query.order_by(Booking.starts_at, Booking.id)).all()
        found += [_booking(each, names) for each in rows]
    return sorted(found, key=lambda each: each.starts_at)


def _sign_up(each: queries.Overlap, names: dict[int, str]) -> Meanwhile:
    activity, when = each.other.activity, format_span(each.other.starts_at, each.other.ends_at)
    words = _(
        "%(name)s is signed up for something else then: %(title)s, %(when)s.",
        name=names[each.person_id],
        title=in_language(activity.title, activity.title_en),
        when=when,
    )
    return Meanwhile(each.person_id, words, each.other.starts_at)


def _booking(booking: Booking, names: dict[int, str]) -> Meanwhile:
    words = _(
        "%(name)s has booked a room then: %(room)s, %(when)s.",
        name=names[booking.person_id],
        room=in_language(booking.room.name, booking.room.name_en),
        when=format_span(booking.starts_at, booking.ends_at),
    )
    return Meanwhile(booking.person_id, words, booking.starts_at)
