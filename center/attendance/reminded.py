"""What became of those whom a grid worker reminded at the door: whether they came. Of their own grid, and no more."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.activities.models import Activity, Session
from center.attendance.models import CAME, Attendance, Status
from center.kernel.db import db
from center.kernel.i18n import centre_zone, local_date
from center.notices.models import Delivery, DeliveryState, Notice, NoticeTopic, Way
from center.people.grids import grids_of, lives_in
from center.people.models import Person
from center.signups.models import SignUp

REMINDED_WITHIN = timedelta(days=4)  # long enough before yesterday's sessions
_ABOUT = re.compile(r"sign_up:([^:]+):(\d+)")  # as `signups.messages.about` names a session of a sign-up


@dataclass(frozen=True)
class Reminded:
    """One person of the grid, the session they were reminded of, and whether they came; None: nobody knows yet."""

    person: Person
    session: Session
    came: bool | None


def reminded_by(worker: Person, *, now: datetime) -> list[Reminded]:
    """Whom a grid worker told at the door of sessions of yesterday and today, the latest first, in five queries."""
    topics = _topics(worker, now)
    sign_ups = _of_their_grid(worker, {reference for reference, _session_id in topics}, now)
    sessions = _of_these_days({session_id for _reference, session_id in topics}, now)
    statuses = _statuses(sessions.keys())
    pairs = {
        (sign_ups[reference], session_id)
        for reference, session_id in topics
        if reference in sign_ups and session_id in sessions
    }
    found = [Reminded(each, sessions[of], _came(statuses.get((of, each.id)))) for each, of in pairs]
    return sorted(found, key=lambda each: (-each.session.starts_at.timestamp(), each.person.sort_key, each.person.id))


def _topics(worker: Person, now: datetime) -> list[tuple[str, int]]:
    told = (
        select(Delivery.notice_id)
        .where(
            Delivery.way == Way.VISIT,
            Delivery.state == DeliveryState.DONE_BY_HAND,
            Delivery.settled_by_id == worker.id,
            Delivery.settled_at > now - REMINDED_WITHIN,
        )
    )  # fmt: skip
    own = select(Notice.about).where(Notice.id.in_(told), Notice.person_id.is_not(None))
    also = select(NoticeTopic.about).where(NoticeTopic.notice_id.in_(told))
    names = [*db.session.scalars(own.order_by(Notice.id)), *db.session.scalars(also.order_by(NoticeTopic.about))]
    return [(match[1], int(match[2])) for each in names if (match := _ABOUT.fullmatch(each))]


def _of_their_grid(worker: Person, references: set[str], now: datetime) -> dict[str, Person]:
    mine = lives_in(grids_of(worker.id, on=local_date(now)), Person.building_id)
    query = select(SignUp).join(SignUp.person).where(SignUp.reference.in_(sorted(references)), mine)
    return {each.reference: each.person for each in db.session.scalars(query.options(joinedload(SignUp.person)))}


def _of_these_days(ids: set[int], now: datetime) -> dict[int, Session]:
    since = datetime.combine(local_date(now) - timedelta(days=1), time(), centre_zone())
    near = Session.starts_at >= since, Session.starts_at <= now
    query = select(Session).join(Session.activity).where(Session.id.in_(sorted(ids)), *near, ~Activity.is_confined)
    return {each.id: each for each in db.session.scalars(query.options(joinedload(Session.activity)))}


def _statuses(session_ids: Collection[int]) -> dict[tuple[int, int], Status]:
    query = select(Attendance.session_id, Attendance.person_id, Attendance.status)
    rows = db.session.execute(query.where(Attendance.session_id.in_(sorted(session_ids))))
    return {(row[0], row[1]): row[2] for row in rows}


def _came(status: Status | None) -> bool | None:
    if status is None or status is Status.EXPECTED:
        return None
    return status in CAME
