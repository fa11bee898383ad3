"""The list of what waits for review: new activities and changes of public ones, who came first first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CompoundSelect, func, literal, select, tuple_, union_all
from sqlalchemy.orm import joinedload, selectinload

from center.activities.change_requests.models import ChangeRequest, ChangeRequestState
from center.activities.models import Activity, ActivityKind, ActivityState, Session
from center.kernel.db import db
from center.kernel.i18n import centre_zone
from center.kernel.marks import Mark
from center.kernel.spans import day_span
from center.organisations.models import Organisation

PAGE = 100
NEW, CHANGED = "new", "changed"
RANKS = (CHANGED, NEW)  # which of the two a mark is of
CALLED = {CHANGED: "change", NEW: "activity"}


@dataclass(frozen=True)
class ReviewFilter:
    """What of it to list; all, where nothing is said. `day` is one on which it takes place."""

    organisation: str = ""
    kind: int | None = None
    what: str = ""
    day: date | None = None

    def args(self) -> dict[str, Any]:
        """The same as it stands in an address."""
        said = {"organisation": self.organisation, "kind": self.kind, "what": self.what}
        return {name: value for name, value in {**said, "day": self.day and self.day.isoformat()}.items() if value}


@dataclass(frozen=True)
class Item:
    """A new activity that waits, or a change of a public one."""

    activity: Activity
    at: datetime
    change: ChangeRequest | None = None

    @property
    def name(self) -> str:
        """What it is called on the page: where one goes on after the one before."""
        return _name(CHANGED, self.change.id) if self.change else _name(NEW, self.activity.id)


@dataclass(frozen=True)
class Page:
    """Some of what is wanted, how much of it there is in all, how much waits altogether, and where the list goes on."""

    items: Sequence[Item]
    wanted: int
    all: int
    after: Mark | None


def page(wanted: ReviewFilter, *, after: Mark | None = None, limit: int = PAGE) -> Page:
    """What waits, as wanted, behind a mark."""
    rows = _rows(wanted, after, limit + 1)
    found, both = rows[:limit], (_waiting(wanted).subquery(), _waiting(ReviewFilter()).subquery())
    counts = (select(func.count()).select_from(each).scalar_subquery() for each in both)
    number, total = db.session.execute(select(*counts)).one()
    last = Mark(found[-1].at, found[-1].rank, found[-1].id) if len(rows) > limit else None
    return Page(_load([(row.rank, row.id) for row in found]), number, total, last)


def names(wanted: ReviewFilter, *, after: Mark | None = None, limit: int = PAGE) -> list[str]:
    """What the items of that page are called, with nothing more read of them."""
    return [_name(RANKS[row.rank], row.id) for row in _rows(wanted, after, limit)]


def organisations_waiting() -> Sequence[Organisation]:
    """Of which organisations something waits, by name."""
    ids = select(Activity.organisation_id).where(Activity.id.in_(_activity_ids()))
    query = select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.sort_key, Organisation.id)
    return db.session.scalars(query).all()


def kinds_waiting() -> Sequence[ActivityKind]:
    """Of which kinds of activities something waits, in their order."""
    ids = select(Activity.kind_id).where(Activity.id.in_(_activity_ids()))
    query = select(ActivityKind).where(ActivityKind.id.in_(ids)).order_by(ActivityKind.position, ActivityKind.id)
    return db.session.scalars(query).all()


def _name(what: str, number: int) -> str:
    return f"{CALLED[what]}-{number}"


def _rows(wanted: ReviewFilter, after: Mark | None, limit: int) -> Sequence[Any]:
    listed = _waiting(wanted).subquery()
    query = select(listed.c.at, listed.c.rank, listed.c.id)
    if after is not None:
        behind = tuple_(literal(after.at, listed.c.at.type), literal(after.rank), literal(after.id))
        query = query.where(tuple_(listed.c.at, listed.c.rank, listed.c.id) > behind)
    return db.session.execute(query.order_by(listed.c.at, listed.c.rank, listed.c.id).limit(limit)).all()


def _activity_ids() -> CompoundSelect[int]:
    new = select(Activity.id).where(Activity.state == ActivityState.SUBMITTED)
    return union_all(new, select(ChangeRequest.activity_id).where(ChangeRequest.state == ChangeRequestState.WAITING))


def _waiting(wanted: ReviewFilter) -> CompoundSelect[Any]:
    narrow = list(_narrow(wanted))
    new = select(literal(RANKS.index(NEW)).label("rank"), Activity.id, Activity.submitted_at.label("at"))
    changed = select(
        literal(RANKS.index(CHANGED)).label("rank"), ChangeRequest.id, ChangeRequest.proposed_at.label("at")
    )
    parts = {
        NEW: new.where(Activity.state == ActivityState.SUBMITTED, *narrow),
        CHANGED: changed.join(ChangeRequest.activity).where(ChangeRequest.state == ChangeRequestState.WAITING, *narrow),
    }
    return union_all(*(part for what, part in parts.items() if wanted.what in {"", what}))


def _narrow(wanted: ReviewFilter) -> Sequence[Any]:
    found: list[Any] = []
    if wanted.organisation:
        its = select(Organisation.id).where(Organisation.slug == wanted.organisation)
        found.append(Activity.organisation_id.in_(its))
    if wanted.kind is not None:
        found.append(Activity.kind_id == wanted.kind)
    if wanted.day is not None:
        span = day_span(wanted.day, centre_zone())
        on_it = select(Session.activity_id).where(
            Session.starts_at >= span.start, Session.starts_at < span.end, Session.cancelled_at.is_(None)
        )
        found.append(Activity.id.in_(on_it))
    return found


def _load(keys: Sequence[tuple[int, int]]) -> list[Item]:
    ids = {what: [number for rank, number in keys if RANKS[rank] == what] for what in RANKS}
    whole = (joinedload(Activity.organisation), joinedload(Activity.kind), selectinload(Activity.sessions))
    of_activity = joinedload(ChangeRequest.activity).options(*whole)
    changes = (
        select(ChangeRequest)
        .where(ChangeRequest.id.in_(ids[CHANGED]))
        .options(of_activity, joinedload(ChangeRequest.proposed_by))
    )
    new = select(Activity).where(Activity.id.in_(ids[NEW])).options(*whole)
    found: dict[tuple[int, int], Item] = {}
    for change in db.session.scalars(changes) if ids[CHANGED] else ():
        found[RANKS.index(CHANGED), change.id] = Item(change.activity, change.proposed_at, change)
    for activity in db.session.scalars(new) if ids[NEW] else ():
        assert activity.submitted_at is not None
        found[RANKS.index(NEW), activity.id] = Item(activity, activity.submitted_at)
    return [found[key] for key in keys if key in found]
