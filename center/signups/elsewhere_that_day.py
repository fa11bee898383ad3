"""What else people who ask for a room have that day: their activities, and those that their organisation holds."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.activities.models import Activity, ActivityState, Session, SessionState
from center.bookings.approvals.records import Beside, Party, also_of_askers
from center.kernel.db import db
from center.kernel.i18n import in_language
from center.kernel.spans import Span
from center.rooms.models import Room
from center.signups.models import Roster, SignUp, SignUpState
from center.signups.queries import is_date_of_roster, is_open_to_staff


def activities_of_askers(
    person_ids: Collection[int], organisation_ids: Collection[int], within: Span
) -> Iterator[tuple[Party, Beside]]:
    """The sessions of these days at which these people have a place, and those that these organisations hold."""
    signed_up = (
        select(SignUp.person_id, Session)
        .join(Roster, Roster.id == SignUp.roster_id)
        .join(Session, is_date_of_roster())
        .where(SignUp.person_id.in_(sorted(person_ids)), SignUp.state == SignUpState.CONFIRMED)
        .where(is_open_to_staff())
    )
    for person_id, session in db.session.execute(_on(signed_up, within)).unique():
        yield (False, person_id), _beside(session)
    held = select(Session).join(Session.activity).where(Activity.organisation_id.in_(sorted(organisation_ids)))
    for session in db.session.scalars(_on(held.where(Activity.state == ActivityState.PUBLISHED), within)).unique():
        yield (True, session.activity.organisation_id), _beside(session)


def _on(query: Any, within: Span) -> Any:
    of_these_days = (Session.starts_at < within.end, Session.ends_at > within.start)
    whole = (joinedload(Session.activity), joinedload(Session.room).selectinload(Room.parent))
    dates = query.where(Session.state == SessionState.SCHEDULED, *of_these_days).options(*whole)
    return dates.order_by(Session.starts_at, Session.id)


def _beside(session: Session) -> Beside:
    words = in_language(session.activity.title, session.activity.title_en)
    return Beside(session.starts_at, session.ends_at, words, room=session.room)


also_of_askers.append(activities_of_askers)
