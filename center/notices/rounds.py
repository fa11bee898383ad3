"""The round of a grid worker: whom of their grid to tell what at the door, and what people asked for there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from center.kernel.db import db, lock, must_find
from center.kernel.errors import Conflict, NotFound, RuleBroken
from center.kernel.i18n import centre_zone, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.logs import log
from center.notices import actions
from center.notices.calling import Call
from center.notices.models import Ask, AskedFor, Delivery, DeliveryState, Notice, Way
from center.notices.queries import with_person
from center.people.grids import grids_of, lives_in
from center.people.models import Person

ASKS_SHOWN = timedelta(days=7)
MOST = 300


class Stop(Call):
    """One person to tell at their door, and all there is to say to them, the soonest first."""

    @property
    def person(self) -> Person:
        """Whom to tell."""
        person = self.first.notice.person
        assert person is not None
        return person

    @property
    def attempts(self) -> int:
        """How often they were not met."""
        return max(each.attempts for each in self.deliveries)


@dataclass(frozen=True)
class Round:
    """Whom a grid worker has to tell, each once, by the day of the soonest thing and by door; what was done today,
    what came of asks.
    """

    days: Sequence[tuple[date, Sequence[Stop]]]
    done: Sequence[Delivery]
    asks: Sequence[Ask]

    @property
    def count(self) -> int:
        """How many are still to be told."""
        return sum(len(each) for _day, each in self.days)


def round_of(worker: Person, *, now: datetime) -> Round:
    """The round of somebody who looks after grids; empty for anybody else."""
    midnight = datetime.combine(local_date(now), time(0), centre_zone())
    visits = _visits(worker, now=now)
    due = db.session.scalars(visits.where(Delivery.state == DeliveryState.DUE).limit(MOST)).all()
    done = visits.where(Delivery.state == DeliveryState.DONE_BY_HAND, Delivery.settled_at >= midnight)
    done = done.options(joinedload(Delivery.settled_by)).order_by(None)
    return Round(
        _by_day([each for each in due if each.drop_at is None or each.drop_at > now], now=now),
        db.session.scalars(done.order_by(Delivery.settled_at.desc(), Delivery.id.desc()).limit(MOST)).all(),
        _asks(worker, now=now),
    )


def get_visits(delivery_id: int, also: Sequence[tuple[int, int]], *, worker: Person, now: datetime) -> list[Delivery]:
    """Lines of somebody's round that are told in one go; raises NotFound where they are not of one person."""
    visits = [get_visit(number, worker=worker, now=now) for number in (delivery_id, *(each for each, _tries in also))]
    if len({each.notice.person_id for each in visits}) > 1:
        raise NotFound(_l("There is nothing here, or it is not yours to see."))
    return visits


def get_visit(delivery_id: int, *, worker: Person, now: datetime) -> Delivery:
    """One line of somebody's round; raises NotFound for any other."""
    query = _visits(worker, now=now).where(Delivery.id == delivery_id)
    return must_find(db.session.scalar(query), _l("There is nothing here, or it is not yours to see."))


def ask(delivery: Delivery, what: AskedFor, *, note: str, by: Person, now: datetime) -> Ask:
    """They were told, and asked for something, which the desk will settle; twice is once.

    Raises RuleBroken where nobody could tell what it is, Conflict where they need not be told any more.
    """
    note = " ".join(note.split())
    if what is AskedFor.OTHER and not note:
        raise RuleBroken(_l("Please write what they ask for, in a few words."), field="note")
    actions.tick_off(delivery, by=by, now=now)
    if known := find_ask(delivery):
        return known
    made = Ask(delivery_id=delivery.id, what=what, note=note, asked_at=now, asked_by_id=by.id)
    db.session.add(made)
    db.session.flush()
    log.info("asked_for", ask=made.id, what=what.value, by=by.id)
    return made


def put_back(delivery: Delivery, *, now: datetime) -> None:
    """That was a slip of the hand: they are to be told again, and ask for nothing. Raises Conflict once the desk has
    settled what they asked for.
    """
    lock(delivery)
    if made := find_ask(delivery):
        lock(made)
        if made.settled_at is not None:
            raise Conflict(_l("The desk has already dealt with what they asked for."))
        db.session.delete(made)
        db.session.flush()
    actions.put_back(delivery, now=now)


def settle_ask(made: Ask, *, answer: str, by: Person, now: datetime) -> None:
    """The desk has dealt with it, and says what came of it; twice is once."""
    lock(made)
    if made.settled_at is not None:
        return
    made.answer, made.settled_at, made.settled_by_id = " ".join(answer.split()), now, by.id
    db.session.flush()
    log.info("ask_settled", ask=made.id, by=by.id)


def open_asks() -> Sequence[Ask]:
    """What people asked for at their door and nobody has dealt with, the oldest first."""
    waiting = _with_all(select(Ask)).where(Ask.settled_at.is_(None), Ask.delivery_id.is_not(None))
    return db.session.scalars(waiting.order_by(Ask.asked_at, Ask.id)).all()


def get_ask(ask_id: int) -> Ask:
    """What somebody asked for at their door; raises NotFound."""
    query = _with_all(select(Ask)).where(Ask.id == ask_id, Ask.delivery_id.is_not(None))
    return must_find(db.session.scalar(query), _l("There is no such message."))


def find_ask(delivery: Delivery) -> Ask | None:
    """What somebody asked for when they were told this."""
    return db.session.scalar(select(Ask).where(Ask.delivery_id == delivery.id))


def _visits(worker: Person, *, now: datetime) -> Select[Delivery]:
    mine = lives_in(grids_of(worker.id, on=local_date(now)), Person.building_id)
    query = with_person(select(Delivery)).where(Delivery.way == Way.VISIT, mine)
    return query.order_by(Delivery.due_at, Delivery.id)


def _asks(worker: Person, *, now: datetime) -> Sequence[Ask]:
    mine = lives_in(grids_of(worker.id, on=local_date(now)), Person.building_id)
    query = _with_all(select(Ask)).join(Ask.delivery).join(Delivery.notice).join(Notice.person)
    query = query.where(mine, Ask.asked_at > now - ASKS_SHOWN)
    return db.session.scalars(query.order_by(Ask.asked_at.desc(), Ask.id.desc()).limit(MOST)).all()


def _with_all(query: Select[Ask]) -> Select[Ask]:
    person = joinedload(Ask.delivery).joinedload(Delivery.notice).joinedload(Notice.person)
    return query.options(person.joinedload(Person.building), joinedload(Ask.asked_by), joinedload(Ask.settled_by))


def _by_day(visits: Sequence[Delivery], *, now: datetime) -> list[tuple[date, list[Stop]]]:
    of_each: dict[int | None, list[Delivery]] = {}
    for each in sorted(visits, key=lambda visit: (visit.drop_at or now, visit.id)):
        of_each.setdefault(each.notice.person_id, []).append(each)
    days: dict[date, list[Stop]] = {}
    for stop in sorted(map(Stop, of_each.values()), key=lambda stop: _door(stop.first)):
        days.setdefault(local_date(stop.first.drop_at or now), []).append(stop)
    return sorted(days.items())


def _door(visit: Delivery) -> tuple[object, ...]:
    """In the order in which one walks: building, unit, door, each by its number."""
    person = visit.notice.person
    assert person is not None
    building = person.building
    return (
        building.position if building else 0,
        building.id if building else 0,
        _number(person.unit),
        _number(person.door),
        person.sort_key,
        visit.id,
    )


def _number(text: str) -> tuple[int, str]:
    found = re.match(r"\d+", text)
    return (int(found[0]) if found else 0, text)
