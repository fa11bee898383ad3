"""Who asked for a place and waits for a decision, over all activities: those that lapse first come first.

What waits is found by its index and is little; until when somebody may decide is reckoned, not kept.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import joinedload, selectinload

from center.activities.models import Activity, Session, SessionState
from center.kernel.db import db
from center.organisations.models import Organisation
from center.signups.deciding import decided_until
from center.signups.models import Answer, Mode, Roster, SignUp, SignUpState

MOST_SHOWN = 60
A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class PlaceRequestFilter:
    """Which requests to list, by the addresses of an organisation and an activity; all, where nothing is said."""

    organisation: str = ""
    activity: str = ""

    def args(self) -> dict[str, str]:
        """The same as it stands in an address."""
        said = {"organisation": self.organisation, "activity": self.activity}
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, order=True)
class Waiting:
    """One request: until when it waits, and what it is for."""

    until: datetime
    id: int
    reference: str
    roster_id: int
    activity_id: int
    organisation_id: int


@dataclass(frozen=True)
class Page:
    """All that waits, and those of it that are wanted."""

    all: Sequence[Waiting]
    wanted: Sequence[Waiting]


def waiting(organisation_ids: Collection[int] | None = None, *, now: datetime) -> list[Waiting]:
    """Every request that somebody may decide now, of some organisations or of all."""
    requested = text("sign_ups.state = 'requested'")  # spelt out: an index holds these alone
    query = (
        select(SignUp.id, SignUp.reference, SignUp.made_at, SignUp.roster_id)
        .add_columns(Roster.activity_id, Roster.session_id, Activity.organisation_id)
        .join(Roster, Roster.id == SignUp.roster_id)
        .join(Activity, Activity.id == Roster.activity_id)
        .where(requested, Roster.mode == Mode.APPROVAL, ~Activity.is_confined)
    )
    if organisation_ids is not None:
        query = query.where(Activity.organisation_id.in_(sorted(organisation_ids)))
    rows = db.session.execute(query.order_by(SignUp.id)).all()
    dates = _dates({row.activity_id for row in rows})
    found = []
    for row in rows:
        theirs = [each[1:] for each in dates.get(row.activity_id, ()) if row.session_id in {None, each[0]}]
        until = decided_until(row.made_at, theirs)
        if until > now:
            whose = (row.roster_id, row.activity_id, row.organisation_id)
            found.append(Waiting(until, row.id, row.reference, *whose))
    return sorted(found)


def count(organisation_ids: Collection[int] | None = None, *, now: datetime) -> int:
    """How many such requests there are: as many as the list has."""
    return len(waiting(organisation_ids, now=now))


def page(wanted: PlaceRequestFilter, organisation_ids: Collection[int] | None = None, *, now: datetime) -> Page:
    """What waits, and what of it is wanted. What there is not any more finds nothing."""
    found = waiting(organisation_ids, now=now)
    listed = found
    if wanted.organisation:
        its = db.session.scalar(select(Organisation.id).where(Organisation.slug == wanted.organisation))
        listed = [each for each in listed if each.organisation_id == its]
    if wanted.activity:
        its = db.session.scalar(select(Activity.id).where(Activity.slug == wanted.activity))
        listed = [each for each in listed if each.activity_id == its]
    return Page(found, listed)


def load(requests: Sequence[Waiting]) -> list[SignUp]:
    """These requests with everything that is shown of them, in their order."""
    roster = joinedload(SignUp.roster)
    activity = roster.joinedload(Roster.activity)
    query = (
        select(SignUp)
        .where(SignUp.id.in_([each.id for each in requests]))
        .options(
            joinedload(SignUp.person),
            joinedload(SignUp.signed_by),
            selectinload(SignUp.answers).joinedload(Answer.question),
            roster.joinedload(Roster.session),
            activity.joinedload(Activity.organisation),
            activity.selectinload(Activity.sessions).options(joinedload(Session.room), joinedload(Session.activity)),
        )
    )
    found = {each.id: each for each in db.session.scalars(query)} if requests else {}
    return [found[each.id] for each in requests if each.id in found]


def places_before(sign_ups: Sequence[SignUp], *, now: datetime) -> dict[int, int]:
    """How many places each of those who ask has had with that organisation within a year, by the id of the request."""
    query = (
        select(SignUp.person_id, Activity.organisation_id, func.count())
        .join(Roster, Roster.id == SignUp.roster_id)
        .join(Activity, Activity.id == Roster.activity_id)
        .where(
            SignUp.person_id.in_(sorted({each.person_id for each in sign_ups})),
            SignUp.state == SignUpState.CONFIRMED,
            SignUp.made_at > now - A_YEAR,
        )
        .group_by(SignUp.person_id, Activity.organisation_id)
    )
    found = {(row[0], row[1]): row[2] for row in db.session.execute(query)} if sign_ups else {}
    return {each.id: found.get((each.person_id, each.roster.activity.organisation_id), 0) for each in sign_ups}


def activities_of(requests: Sequence[Waiting]) -> Sequence[Activity]:
    """What these requests are for, by title, each with its organisation."""
    ids = sorted({each.activity_id for each in requests})
    query = select(Activity).where(Activity.id.in_(ids)).options(joinedload(Activity.organisation))
    return db.session.scalars(query.order_by(Activity.sort_key, Activity.id)).all() if ids else []


def _dates(activity_ids: Collection[int]) -> dict[int, list[tuple[int, datetime, datetime | None]]]:
    """The dates of these activities that stand, in order: which, when it starts, when it was moved."""
    query = (
        select(Session.activity_id, Session.id, Session.starts_at, Session.moved_at)
        .where(Session.activity_id.in_(sorted(activity_ids)), Session.state == SessionState.SCHEDULED)
        .order_by(Session.starts_at, Session.id)
    )
    found: dict[int, list[tuple[int, datetime, datetime | None]]] = {}
    for row in db.session.execute(query) if activity_ids else ():
        found.setdefault(row.activity_id, []).append((row.id, row.starts_at, row.moved_at))
    return found
