"""Who may collect a child: its guardians, and the adults they named, from a date until another."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.afterschool.models.enrolments import CallOrder, Enrolment
from center.afterschool.models.plans import Collector
from center.kernel.db import db
from center.kernel.i18n import local_date
from center.people.acting import guardians_of_each
from center.people.models import Guardianship, Person


class ListState(enum.StrEnum):
    """How an adult stands on the list of a child on a date."""

    VALID = "valid"
    UNVERIFIED = "unverified"  # named by a guardian; staff have seen no paper yet
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    REVOKED = "revoked"


ON_THE_LIST = frozenset({ListState.VALID, ListState.UNVERIFIED})
_ORDER = list(ListState)
LONGEST_KEY = 10  # letters of a number that every database has place for


@dataclass(frozen=True, kw_only=True)
class Adult:
    """Somebody on the list of those who may collect a child, and how they stand there."""

    name: str
    relation: str
    phone: str
    standing: ListState
    is_guardian: bool = False
    collector: Collector | None = None  # None: a guardian who was named by nobody, and needs not be
    person_id: int | None = None

    @property
    def may_collect(self) -> bool:
        """Whether they are on the list that day; an unverified one shows a paper at the door first."""
        return self.standing in ON_THE_LIST

    @property
    def key(self) -> str:
        """What names them in a form, and on a device."""
        return f"g{self.person_id}" if self.is_guardian else f"c{self.collector.id if self.collector else 0}"


def may_collect(child: Person, on: date, at: datetime | None = None) -> list[Adult]:
    """Everybody on the list of a child, as they stand on a date: guardians first, then who is valid, then the rest.

    With a moment, as it stood then: who was revoked later was still on it.
    """
    return may_collect_each([child.id], on, at)[child.id]


def may_collect_each(child_ids: Sequence[int], on: date, at: datetime | None = None) -> dict[int, list[Adult]]:
    """The same for several children at once, by the child's id, in three queries."""
    guardians, relations, named = guardians_of_each(child_ids, on=on), _relations(child_ids), _named(child_ids)
    lists: dict[int, list[Adult]] = {}
    for child_id in child_ids:
        rows = [each for each in named if each.child_id == child_id]
        own = [
            _as_guardian(each.guardian, relations.get((child_id, each.guardian_id), ""), rows)
            for each in guardians[child_id]
        ]
        known = {each.person_id for each in own}
        others = [_as_named(each, on, at) for each in rows if each.person_id is None or each.person_id not in known]
        lists[child_id] = own + sorted(others, key=lambda each: _ORDER.index(each.standing))
    return lists


def find_listed(child: Person, key: str, on: date) -> Adult | None:
    """Whom a key names on the list of a child, read anew: who was taken off it a moment ago counts no more."""
    return _with_key(may_collect(child, on), key)


def find_ever(child: Person, key: str, on: date) -> Adult | None:
    """Who was named by a key once, though another names them now, or they count no more; None where nobody was."""
    listed = may_collect(child, on)
    if found := _with_key(listed, key):
        return found
    kind, number = key[:1], key[1:]
    if not (number.isascii() and number.isdecimal() and len(number) < LONGEST_KEY):
        return None
    person_id = int(number) if kind == "g" else None
    if kind == "c":
        row = db.session.scalar(select(Collector).where(Collector.id == int(number), Collector.child_id == child.id))
        person_id = row.person_id if row else None
    if person_id is None:
        return None
    if found := next((each for each in listed if each.person_id == person_id), None):
        return found
    query = select(Guardianship).where(Guardianship.child_id == child.id, Guardianship.guardian_id == person_id)
    was = db.session.scalars(query.order_by(Guardianship.id)).first()
    return _as_former_guardian(was.guardian) if was else None


def standing_of(collector: Collector, on: date, at: datetime | None = None) -> ListState:
    """How a collector stands on a date; their last day is a whole day. What a guardian is to their own child is not
    asked here: `may_collect` knows guardians."""
    if collector.revoked_at is not None and (at is None or collector.revoked_at <= at):
        return ListState.REVOKED
    if on < collector.starts_on:
        return ListState.NOT_YET
    if collector.ends_on is not None and collector.ends_on < on:
        return ListState.EXPIRED
    return ListState.VALID if collector.verified_at is not None else ListState.UNVERIFIED


def counts_on(collector: Collector | None, on: date) -> bool:
    """Whether a collector is on the list on a date."""
    return collector is not None and standing_of(collector, on) in ON_THE_LIST


def row_of_guardian(child: Person, guardian: Person, *, relation: str, by: Person, now: datetime) -> Collector:
    """A guardian's own row on the list, which the ledger names when they collect; made when it is needed first.

    It counts while they are the child's guardian, and no longer.
    """
    query = select(Collector).where(
        Collector.child_id == child.id, Collector.person_id == guardian.id, Collector.revoked_at.is_(None)
    )
    today = local_date(now)
    rows = [each for each in db.session.scalars(query.order_by(Collector.id)) if counts_on(each, today)]
    if rows:
        return rows[0]
    row = Collector(
        child_id=child.id,
        name=guardian.name,
        relation=relation,
        phone=guardian.phone or "",
        person_id=guardian.id,
        starts_on=today,
        named_by_id=guardian.id,
        named_at=now,
        verified_at=now,
        verified_by_id=by.id,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _with_key(listed: Sequence[Adult], key: str) -> Adult | None:
    return next((each for each in listed if each.key == key), None)


def _as_guardian(guardian: Person, relation: str, rows: Sequence[Collector]) -> Adult:
    row = next((each for each in rows if each.person_id == guardian.id and each.revoked_at is None), None)
    return Adult(
        name=guardian.name,
        relation=relation or (row.relation if row else ""),
        phone=guardian.phone or "",
        standing=ListState.VALID,
        is_guardian=True,
        collector=row,
        person_id=guardian.id,
    )


def _as_former_guardian(guardian: Person) -> Adult:
    return Adult(
        name=guardian.name,
        relation="",
        phone=guardian.phone or "",
        standing=ListState.REVOKED,
        is_guardian=True,
        person_id=guardian.id,
    )


def _as_named(row: Collector, on: date, at: datetime | None) -> Adult:
    was_guardian = row.person_id is not None and row.person_id == row.named_by_id  # and is none now
    return Adult(
        name=row.name,
        relation=row.relation,
        phone=row.phone,
        standing=ListState.REVOKED if was_guardian else standing_of(row, on, at),
        collector=row,
        person_id=row.person_id,
    )


def _relations(child_ids: Sequence[int]) -> dict[tuple[int, int], str]:
    query = (
        select(Enrolment.child_id, CallOrder.guardian_id, CallOrder.relation)
        .join(CallOrder, CallOrder.enrolment_id == Enrolment.id)
        .where(Enrolment.child_id.in_(child_ids))
        .order_by(Enrolment.id)
    )
    return {(child, guardian): relation for child, guardian, relation in db.session.execute(query)}


def _named(child_ids: Sequence[int]) -> Sequence[Collector]:
    query = select(Collector).where(Collector.child_id.in_(child_ids)).options(joinedload(Collector.person))
    # Read anew: a row that was read before the child was held may have been taken off the list since.
    return db.session.scalars(query.order_by(Collector.id).execution_options(populate_existing=True)).all()
