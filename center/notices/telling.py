"""How news would be told before it is, and how far it has come afterwards: whom it reaches, by what, through whom."""

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, select, union
from sqlalchemy.orm import joinedload, selectinload

from center.kernel.db import db
from center.kernel.i18n import local_date
from center.notices import kinds, reaching
from center.notices.kinds import Calls, Kind
from center.notices.models import Delivery, DeliveryState, Notice, NoticeTopic
from center.notices.reaching import reaches_of
from center.people.models import Person

MOST = 3000


class Reaches(enum.StrEnum):
    """What reaches somebody, in the order in which it is said."""

    EMAIL = "email"
    CALL = "call"
    SLIP = "slip"
    VISIT = "visit"
    ACCOUNT = "account"  # only if they look
    IN_PERSON = "in_person"  # nothing does: they want no messages and no calls
    NOTHING = "nothing"  # it is not worth telling to who has no account


class Stands(enum.StrEnum):
    """How far the telling of one notice has come."""

    TOLD = "told"
    TO_TELL = "to_tell"
    RETURNED = "returned"  # the e-mail came back, and nothing else reaches them
    TOO_LATE = "too_late"  # nobody told them in time
    UNREAD = "unread"  # it stands in their account only
    REPLACED = "replaced"  # by newer words


# What says most of a notice stands first; None is that it was read in the account.
STANDS: dict[DeliveryState | None, Stands] = {
    DeliveryState.SENT: Stands.TOLD,
    DeliveryState.DONE_BY_HAND: Stands.TOLD,
    None: Stands.TOLD,
    DeliveryState.DUE: Stands.TO_TELL,
    DeliveryState.HANDING_OVER: Stands.TO_TELL,
    DeliveryState.FAILED: Stands.RETURNED,
    DeliveryState.DROPPED: Stands.REPLACED,
}


@dataclass(frozen=True)
class HowTold:
    """How something would be told: to whom, by what reaches them."""

    by: Mapping[Reaches, Sequence[Person]] = field(default_factory=dict)

    @property
    def people(self) -> int:
        """How many people would be told, or should be."""
        return sum(len(each) for each in self.by.values())

    @cached_property
    def ways(self) -> Mapping[int, Reaches]:
        """What reaches each of them, by their ids."""
        return {person.id: reach for reach, people in self.by.items() for person in people}


@dataclass(frozen=True)
class ToldLine:
    """One notice, and how far it has come: by which way, by whom it was told."""

    notice: Notice
    stands: Stands
    delivery: Delivery | None


@dataclass(frozen=True)
class Told:
    """One change, and how far the telling of it has come, those still to be told first."""

    kind: str
    recorded_at: datetime
    lines: Sequence[ToldLine]

    def those(self, *stands: Stands) -> list[ToldLine]:
        """The lines that stand like this."""
        return [each for each in self.lines if each.stands in stands]

    def count(self, *stands: Stands) -> int:
        """How many stand like this."""
        return len(self.those(*stands))


def how_told(news: Iterable[tuple[Person, Kind]]) -> HowTold:
    """How these people would be told news of these kinds; everybody counts once, by the surest way."""
    wanted: dict[int, list[Calls]] = {}
    people: dict[int, Person] = {}
    for person, kind in news:
        people[person.id] = person
        wanted.setdefault(person.id, []).append(kind.calls)
    found: dict[Reaches, list[Person]] = {}
    for person_id, reach in reaches_of(people.values()).items() if people else ():
        surest = min((_reaches(reach, each) for each in wanted[person_id]), key=list(Reaches).index)
        found.setdefault(surest, []).append(people[person_id])
    order = [each for each in Reaches if each in found]
    return HowTold({each: sorted(found[each], key=lambda person: (person.sort_key, person.id)) for each in order})


def _reaches(reach: reaching.Reach, calls: Calls) -> Reaches:
    way = reaching.way_out(reach, calls)
    if way is not None:
        return Reaches(way.value)
    return Reaches.ACCOUNT if reach.has_account else Reaches.NOTHING


def told_about(topics: Any) -> list[Told]:
    """How far the telling of changes of these things has come, the latest change first.

    `topics` are named as the outbox names them: a collection, or a query that reads them.
    """
    also = select(NoticeTopic.notice_id).where(NoticeTopic.about.in_(topics))
    about = select(Notice.id).where(Notice.about.in_(topics))
    return _told(Notice.id.in_(union(about, also)))


def told_by(press: str) -> list[Told]:
    """How far the telling of all that one press did has come."""
    return _told(Notice.press == press)


def _told(which: ColumnElement[bool]) -> list[Told]:
    worth = [kind.code for kind in kinds.all_kinds() if kind.calls is not Calls.NEVER]
    query = (
        select(Notice)
        .where(which, Notice.kind.in_(worth), Notice.person_id.is_not(None))
        .options(joinedload(Notice.person), selectinload(Notice.deliveries).joinedload(Delivery.settled_by))
        .order_by(Notice.recorded_at.desc(), Notice.id)
        .limit(MOST)
    )
    return _by_change(db.session.scalars(query).all())


def _by_change(notices: Sequence[Notice]) -> list[Told]:
    """One change is what was told in one go; reminders of one day belong together."""
    changes: dict[tuple[str, object], list[Notice]] = {}
    for notice in notices:
        kind = kinds.get_kind(notice.kind)
        when = local_date(notice.recorded_at) if kind.is_reminder else notice.recorded_at
        changes.setdefault((notice.kind, when), []).append(notice)
    found = [
        Told(code, told[-1].recorded_at, sorted(map(_line, told), key=_those_to_tell_first))
        for (code, _when), told in changes.items()
    ]
    return [each for each in found if each.count(Stands.REPLACED) < len(each.lines)]


def _line(notice: Notice) -> ToldLine:
    by_state = {each.state: each for each in notice.deliveries}
    for state, stands in STANDS.items():
        if state is None and notice.read_at is not None:
            return ToldLine(notice, stands, None)
        if state in by_state:
            delivery = by_state[state]
            is_late = stands is Stands.REPLACED and _was_too_late(delivery)
            return ToldLine(notice, Stands.TOO_LATE if is_late else stands, delivery)
    return ToldLine(notice, Stands.UNREAD, None)


def _was_too_late(delivery: Delivery) -> bool:
    return bool(delivery.drop_at and delivery.settled_at and delivery.drop_at <= delivery.settled_at)


def _those_to_tell_first(line: ToldLine) -> tuple[bool, bool, str, int]:
    person = line.notice.person
    return (
        line.stands is not Stands.TO_TELL,
        line.stands is Stands.TOLD,
        person.sort_key if person else "",
        line.notice.id,
    )
