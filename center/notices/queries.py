"""Ordered reads of notices and deliveries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, literal_column, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from center.kernel import clock
from center.kernel.db import db, must_find
from center.kernel.i18n import languages_on_offer, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.notices import kinds
from center.notices.models import (
    BY_HAND,
    BY_MACHINE,
    Ask,
    ContactPreference,
    Delivery,
    DeliveryState,
    Notice,
    NoticeTopic,
    OutgoingAddress,
    Purpose,
    Way,
)
from center.people.grids import is_looked_after
from center.people.models import Account, Person

PAGE = 30
MOST_UNREAD = 99  # more are not counted
MOST_CALLS = 200


@dataclass(frozen=True)
class InboxPage:
    """Some notices, the latest first, and where the earlier ones go on."""

    notices: Sequence[Notice]
    before: int | None


def inbox(person_id: int, *, before: int | None = None, limit: int = PAGE) -> InboxPage:
    """What a person was told, the latest first."""
    query = select(Notice).where(Notice.person_id == person_id)
    if before is not None:
        query = query.where(Notice.id < before)
    found = db.session.scalars(query.order_by(Notice.id.desc()).limit(limit + 1)).all()
    return InboxPage(found[:limit], found[limit - 1].id if len(found) > limit else None)


def is_of(column: Any, names: Sequence[str]) -> ColumnElement[bool]:
    """Whether what a notice is about is one of these things, or a date or part of one: a colon and more behind it."""
    return or_(column.in_(names), *(column.startswith(f"{name}:", autoescape=True) for name in names))


def count_to_look_at(person_id: Any, asked: Any) -> Select[int, int]:
    """A query: how many notices a person has not opened, and of how many things that wait for their answer they have
    opened all. The person may be filled in later (`bindparam`).

    `asked` selects what waits for an answer, as the outbox names it. Both up to MOST_UNREAD.
    """
    about = asked.subquery().c[0]
    of_several = exists().where(NoticeTopic.notice_id == Notice.id, NoticeTopic.about == about)
    is_unread = (Notice.person_id == person_id, Notice.read_at.is_(None))
    told_of = exists().where(*is_unread, or_(Notice.about == about, of_several.correlate_except(NoticeTopic)))
    # Written out: SQLite plans a statement anew for each limit it is handed.
    most: ColumnElement[int] = literal_column(str(MOST_UNREAD))
    waits = select(about).where(~told_of.correlate_except(Notice)).limit(most)
    unread = select(Notice.id).where(*is_unread).limit(most)
    of_unread, of_waiting = (
        select(func.count()).select_from(each.subquery()).scalar_subquery() for each in (unread, waits)
    )
    return select(of_unread, of_waiting)


def fresh(person_id: int, *, limit: int = 5) -> Sequence[Notice]:
    """What a person was told and has not opened, the latest first; reminders say nothing new and are left out."""
    reminders = [kind.code for kind in kinds.all_kinds() if kind.is_reminder]
    query = select(Notice).where(Notice.person_id == person_id, Notice.read_at.is_(None), Notice.kind.not_in(reminders))
    return db.session.scalars(query.order_by(Notice.id.desc()).limit(limit)).all()


def get_notice(notice_id: int) -> Notice:
    """One notice with its person and deliveries; raises NotFound."""
    query = select(Notice).where(Notice.id == notice_id)
    query = query.options(joinedload(Notice.person), joinedload(Notice.deliveries).joinedload(Delivery.settled_by))
    return must_find(db.session.scalars(query).unique().one_or_none(), _l("There is no such message."))


def preference_of(person_id: int) -> ContactPreference | None:
    """How a person asked to be told, if they ever said."""
    return db.session.get(ContactPreference, person_id)


def reads_in(person: Person) -> tuple[str | None, bool | None]:
    """In which language somebody wants to read, and whether in elder mode; None where they never said."""
    wished = func.coalesce(ContactPreference.locale, Account.locale)
    language, is_elder = db.session.execute(
        select(wished, Account.elder_mode)
        .select_from(Person)
        .outerjoin(Account, Account.person_id == Person.id)
        .outerjoin(ContactPreference, ContactPreference.person_id == Person.id)
        .where(Person.id == person.id)
    ).one()
    return language if language in languages_on_offer() else None, is_elder


def withdrawn_among(people: Iterable[Person]) -> frozenset[int]:
    """The ids of those who want to be neither written to nor rung up."""
    query = select(ContactPreference.person_id).where(
        ContactPreference.person_id.in_(sorted(person.id for person in people)),
        ContactPreference.withdrawn_at.is_not(None),
    )
    return frozenset(db.session.scalars(query))


def has_withdrawn(person_id: int) -> bool:
    """Whether a person wants to be neither written to nor rung up."""
    known = preference_of(person_id)
    return known is not None and known.withdrawn_at is not None


def has_gateway() -> bool:
    """Whether the centre can send e-mail."""
    query = select(OutgoingAddress.id).where(OutgoingAddress.purpose == Purpose.EMAIL, OutgoingAddress.is_on).limit(1)
    return db.session.scalar(query) is not None


def to_do_by_hand(way: Way, *, now: datetime) -> Sequence[Delivery]:
    """Calls to make, slips to hand over, or whom to tell in person: changes before reminders, what cannot wait first.

    Whom no grid worker tells at the door is rung, or told in person.
    """
    query = with_person(select(Delivery)).where(*_by_hand(way, now))
    is_reminder = Delivery.way == Way.VISIT
    found = db.session.scalars(query.order_by(is_reminder, Delivery.due_at, Delivery.id).limit(MOST_CALLS)).all()
    never = now + timedelta(days=3650)
    return sorted(found, key=lambda each: (each.way is Way.VISIT, each.drop_at or never, each.due_at, each.id))


def to_tell_at_the_desk(person_id: int, *, now: datetime) -> Sequence[Delivery]:
    """What somebody who stands at the desk has not been told yet: what a call, a slip or the grid worker has still to
    say, and what was tried and comes up again later; the oldest first."""
    is_due = or_(Delivery.due_at <= now, Delivery.attempts > 0)
    may_be_told = or_(Delivery.way == Way.IN_PERSON, ~_is_withdrawn())
    query = with_person(select(Delivery)).where(
        Notice.person_id == person_id,
        Delivery.way.in_(BY_HAND),
        Delivery.state == DeliveryState.DUE,
        is_due,
        may_be_told,
    )
    return db.session.scalars(query.order_by(Delivery.due_at, Delivery.id)).all()


def count_beyond(way: Way, *, now: datetime) -> int:
    """How many more wait to be told this way than the list shows."""
    query = select(func.count(Delivery.id)).join(Delivery.notice).join(Notice.person).where(*_by_hand(way, now))
    return max(0, (db.session.scalar(query) or 0) - MOST_CALLS)


def left_to_tell(press: str) -> Sequence[Delivery]:
    """What one press told of and nobody has passed on by hand yet, be its time now or later; what cannot wait first."""
    left = and_(Notice.press == press, Delivery.way.in_(BY_HAND), Delivery.state == DeliveryState.DUE)
    query = with_person(select(Delivery)).where(left).order_by(Delivery.due_at, Delivery.id)
    return db.session.scalars(query.limit(MOST_CALLS)).all()


def to_do_later(*, now: datetime) -> Sequence[Delivery]:
    """Calls and slips whose time comes later, the soonest first."""
    query = with_person(select(Delivery)).where(_is_for_the_desk(now), Delivery.due_at > now)
    return db.session.scalars(query.order_by(Delivery.due_at, Delivery.id).limit(PAGE)).all()


def done_by_hand(*, since: datetime) -> Sequence[Delivery]:
    """What was ticked off since a moment, the latest first."""
    query = with_person(select(Delivery)).where(
        Delivery.state == DeliveryState.DONE_BY_HAND, Delivery.settled_at >= since
    )
    ordered = query.order_by(Delivery.settled_at.desc(), Delivery.id.desc())
    return db.session.scalars(ordered.options(joinedload(Delivery.settled_by)).limit(PAGE)).all()


def count_to_do_by_hand() -> int:
    """How many wait to be told by the desk, and how many asked for something at their door."""
    now = clock.now()
    due = select(Delivery.id).join(Delivery.notice).join(Notice.person)
    due = due.where(_is_for_the_desk(now), Delivery.due_at <= now)
    asked = select(Ask.id).where(Ask.settled_at.is_(None))
    counts = (select(func.count()).select_from(each.subquery()).scalar_subquery() for each in (due, asked))
    return sum(db.session.execute(select(*counts)).one())


def get_delivery(delivery_id: int) -> Delivery:
    """One delivery with its notice and person; raises NotFound."""
    query = with_person(select(Delivery)).where(Delivery.id == delivery_id)
    return must_find(db.session.scalar(query), _l("There is no such message."))


def dead_letters() -> Sequence[Delivery]:
    """What could not be delivered, the latest first."""
    query = with_person(select(Delivery)).where(Delivery.state == DeliveryState.FAILED)
    return db.session.scalars(query.order_by(Delivery.settled_at.desc(), Delivery.id.desc()).limit(100)).all()


def on_their_way(state: DeliveryState, *, limit: int = PAGE) -> Sequence[Delivery]:
    """Messages for machines in one state: what waits by when it is due, what is done the latest first."""
    query = with_person(select(Delivery)).where(Delivery.way.in_(BY_MACHINE), Delivery.state == state)
    if state in {DeliveryState.DUE, DeliveryState.HANDING_OVER}:
        ordered = query.order_by(Delivery.due_at, Delivery.id)
    else:
        ordered = query.order_by(Delivery.settled_at.desc(), Delivery.id.desc())
    return db.session.scalars(ordered.limit(limit)).all()


def outgoing_addresses() -> Sequence[OutgoingAddress]:
    """All addresses by which messages leave the house: e-mail first, then by name."""
    return db.session.scalars(
        select(OutgoingAddress).order_by(OutgoingAddress.purpose, OutgoingAddress.name, OutgoingAddress.id)
    ).all()


def get_outgoing(outgoing_id: int) -> OutgoingAddress:
    """One outgoing address; raises NotFound."""
    return must_find(db.session.get(OutgoingAddress, outgoing_id), _l("There is no such address."))


def count_due() -> int:
    """How many messages a machine could send now."""
    return db.session.scalar(select(func.count()).select_from(Delivery).where(*_overdue())) or 0


def count_dead_letters() -> int:
    """How many messages could not be delivered, and wait for somebody to decide."""
    query = select(func.count()).select_from(Delivery).where(Delivery.state == DeliveryState.FAILED)
    return db.session.scalar(query) or 0


def oldest_due_seconds() -> float:
    """For how long the message that has waited longest has been due; 0 when none waits."""
    oldest = db.session.scalar(select(Delivery.due_at).where(*_overdue()).order_by(Delivery.due_at).limit(1))
    return (clock.now() - oldest).total_seconds() if oldest else 0.0


def _by_hand(way: Way, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What is to be told this way now: whom no grid worker tells at the door is rung, or told in person."""
    has_phone = {Way.CALL: Person.phone.is_not(None), Way.IN_PERSON: Person.phone.is_(None)}.get(way, false())
    left = and_(Delivery.way == Way.VISIT, has_phone)
    return or_(Delivery.way == way, left), _is_for_the_desk(now), Delivery.due_at <= now


def _is_for_the_desk(now: datetime) -> ColumnElement[bool]:
    """Whether it is for the desk to tell: not what a grid worker still tells at the door."""
    is_visited = and_(
        Delivery.way == Way.VISIT, Delivery.attempts == 0, is_looked_after(Person.building_id, on=local_date(now))
    )
    may_be_told = or_(Delivery.way == Way.IN_PERSON, ~_is_withdrawn())
    return and_(Delivery.way.in_(BY_HAND), Delivery.state == DeliveryState.DUE, ~is_visited, may_be_told)


def _is_withdrawn() -> ColumnElement[bool]:
    """Whether the person of a notice withdrew their consent to be told."""
    return exists().where(ContactPreference.person_id == Notice.person_id, ContactPreference.withdrawn_at.is_not(None))


def _overdue() -> tuple[ColumnElement[bool], ...]:
    return (Delivery.state == DeliveryState.DUE, Delivery.way.in_(BY_MACHINE), Delivery.due_at <= clock.now())


def with_person(query: Select[Delivery]) -> Select[Delivery]:
    """Deliveries with their notices, and whom these are for, where they live."""
    return (
        query.join(Delivery.notice)
        .outerjoin(Notice.person)
        .options(contains_eager(Delivery.notice).contains_eager(Notice.person).joinedload(Person.building))
    )
