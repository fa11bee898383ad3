"""Hands that do whatever can be done with a few rooms, each in a process of its own and all at the same moment.

Time goes by between the rounds, for all of them together, so that requests and offers run out while others act.
"""

import random
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from center.bookings import actions
from center.bookings.affected_uses import actions as closing
from center.bookings.affected_uses.actions import LeftToChoose
from center.bookings.affected_uses.rules import Choices
from center.bookings.changing import moving
from center.bookings.models import LIVE, Booking, BookingStatus, Channel
from center.bookings.models.series import BookingSeries
from center.bookings.models.waiting import SlotWish
from center.bookings.rulebook.facts import Party
from center.bookings.series.actions import book_series, cancel_dates, decide_series, footing_in
from center.bookings.series.date_checks import OnBehalf
from center.bookings.series.moves import change_series
from center.bookings.series.planning import SeriesChange, SeriesRequest, plan_change, plan_series
from center.bookings.waiting import wishes
from center.bookings.writing import BookingRequest
from center.kernel import clock
from center.kernel.db import db, is_busy, transaction
from center.kernel.errors import DomainError, NotFound
from center.kernel.recurrence import Frequency, Repeat
from center.kernel.spans import Span
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms import closures
from center.rooms.models import Closure, Room
from tests.builders import ZONE, move_booking
from tests.race import PATIENCE
from tests.truth.centre import SWEEPS

MOST_TRIES = 5
AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Storm:
    """Where it happens: the database, from when on, how often, and who takes part by their ids."""

    url: str
    begins: datetime
    first_hour: datetime
    rounds: int
    deeds: int
    people: tuple[int, ...]
    troupe: int
    staff: int


def act(gate: Any, storm: Storm, number: int, is_blind: bool) -> Counter[str]:
    """What came of what one hand did. A blind one never sees that time is taken, so that only the database says so."""
    from center import create_app
    from tests.engines import settings_for

    app, outcome = create_app(settings_for(storm.url)), Counter[str]()
    unseen: AbstractContextManager[object] = patch(
        "center.bookings.rulebook.availability.uses_in", lambda *_a, **_k: {}
    )
    looking = unseen if is_blind else nullcontext()
    with app.app_context(), looking:
        for turn in range(storm.rounds):
            db.session.rollback()
            gate.wait(PATIENCE)
            clock.start_at(storm.begins + turn * timedelta(minutes=20))
            hand = Hand(storm, random.Random(1000 * turn + number), f"{number}-{turn}")
            for deed in hand.deeds():
                outcome[_patiently(deed, outcome)] += 1
        db.session.remove()
        db.engine.dispose()
    return outcome


def _patiently(deed: Callable[[], object], outcome: Counter[str]) -> str:
    """Do it, again where the database only could not be had in time; whether it was done or refused."""
    for attempt in range(MOST_TRIES):
        try:
            deed()
        except DomainError as error:
            return "refused" if str(error) else "refused without a word"
        except OperationalError as error:
            if not is_busy(error):
                raise
            outcome["deadlock" if getattr(error.orig, "sqlstate", "") == "40P01" else "busy"] += 1
            time.sleep(0.02 * (attempt + 1))
        else:
            return "done"
    return "gave up"


class Hand:
    """One hand with dice."""

    def __init__(self, storm: Storm, dice: random.Random, name: str) -> None:
        self.storm, self.dice, self.name, self.sent = storm, dice, name, 0

    def deeds(self) -> Iterator[Callable[[], object]]:
        """What it does, one after the other."""
        often = [self.book, self.book, self.cancel, self.move, self.decide, self.wait_or_answer, self.tidy]
        rarely = [self.book_series, self.change_series, self.cancel_series, self.close, self.lift]
        for _n in range(self.storm.deeds):
            yield self.dice.choice(often + rarely)

    def book(self) -> None:
        asked = self._asked()
        with transaction():
            person, room = self._person(), self._room()
            actions.request_booking(room, asked, person=person, by=person, party=Party.PERSON, now=clock.now())

    def cancel(self) -> None:
        with self._booking() as booking:
            actions.cancel(booking, by=booking.person, now=clock.now(), as_staff=self._maybe())

    def move(self) -> None:
        with self._booking() as booking:
            facts: dict[str, Any] = {"room": self._room(), "span": self._span(), "now": clock.now()}
            if self._maybe():
                move_booking(booking, **facts, people=self._number(), by=booking.person, as_staff=False)
            else:
                moving.move_by_staff(booking, **facts, reason="x", agreed=True, by=self._staff())

    def decide(self) -> None:
        series = self._series()
        if series is not None and self._maybe():
            with transaction():
                decide_series(series, set(), reason="x", by=self._staff(), now=clock.now())
            return
        with self._booking(BookingStatus.REQUESTED) as booking:
            if self._maybe():
                actions.approve(booking, by=self._staff(), now=clock.now())
            else:
                actions.decline(booking, reason="x", by=self._staff(), now=clock.now())

    def wait_or_answer(self) -> None:
        wish = self._any(select(SlotWish))
        if wish is None or self._maybe():
            asked = self._asked()
            with transaction():
                person, room = self._person(), self._room()
                wishes.ask(room, asked, person=person, by=person, party=Party.PERSON, now=clock.now())
            return
        with transaction():
            if self._maybe():
                wishes.accept(wish, by=wish.person, channel=Channel.ONLINE, now=clock.now())
            else:
                wishes.give_up(wish, now=clock.now())

    def tidy(self) -> None:
        """The worker comes by."""
        for sweep in SWEEPS:
            for row_id in sweep.due(clock.now())[:2]:
                sweep.settle(row_id, clock.now())

    def book_series(self) -> None:
        span, key = self._span(), self._key()
        day = span.start.astimezone(ZONE).date()
        with transaction():
            room, person = self._room(), db.session.get_one(Person, self.storm.people[0])
            request = SeriesRequest(
                room=room,
                repeat=Repeat(frequency=Frequency.WEEKLY, weekdays=(day.weekday(),), first_on=day, count=2),
                starts=span.start.astimezone(ZONE).time(),
                minutes=60,
                people=self._number(),
                purpose="鼓",
                request_key=key,
            )
            whose = OnBehalf(person, db.session.get_one(Organisation, self.storm.troupe), Party.ORGANISATION)
            plan = plan_series(request, {}, whose=whose, now=clock.now(), is_final=False, looks_around=False)
        choices = {each.on: each.choice for each in plan.dates}  # as somebody saw it a moment ago
        with transaction():
            book_series(request, choices, whose=whose, by=person, now=clock.now())

    def change_series(self) -> None:
        series = self._series()
        if series is None or not series.dates:
            return
        on, span = self.dice.choice(series.dates).on_date, self._span()
        facts: dict[str, Any] = {"from_date": on, "only": self._maybe(), "as_staff": True, "now": clock.now()}
        whose = footing_in(series, as_staff=True)
        change = SeriesChange(
            room=self._room(),
            starts=span.start.astimezone(ZONE).time(),
            minutes=60,
            people=self._number(),
            purpose="鼓",
            note="",
        )
        plan = plan_change(series, change, {}, **facts, whose=whose, is_final=False)
        choices = {each.on: each.choice for each in plan.dates}
        with transaction():
            change_series(series, change, choices, **facts, by=self._staff(), override_reason="x")

    def cancel_series(self) -> None:
        if series := self._series():
            dates = {each.on_date for each in series.dates if self._maybe()}
            with transaction():
                cancel_dates(series, dates, by=series.person, now=clock.now(), as_staff=True)

    def close(self) -> None:
        """As at the desk: first the list of what is in the way, then the choices for it."""
        room_id, span = self.dice.choice([None, *self._room_ids()]), self._span()
        choices = Choices()
        for _attempt in range(2):
            try:
                with transaction():
                    decide = closing.Decisions(choices, "x", self._staff(), clock.now(), agreed=True)
                    decide.hold()
                    times: dict[str, Any] = {
                        "starts_at": span.start,
                        "ends_at": span.end,
                        "reason": "x",
                        "reason_en": "",
                    }
                    room = None if room_id is None else db.session.get_one(Room, room_id)
                    closures.close(room, **times, by=self._staff(), now=clock.now(), decide=decide)
                return
            except LeftToChoose as error:
                met = [each.way for each in error.met]
                own = {way.use_id: self.dice.choice(["move", "cancel", "keep"]) for way in met}
                choices = Choices({way.mark for way in met}, "", own)

    def lift(self) -> None:
        closure = self._any(select(Closure).where(Closure.lifted_at.is_(None)))
        if closure is not None:
            with transaction():
                closures.lift(closure, by=self._staff(), now=clock.now())

    @contextmanager
    def _booking(self, *standing: BookingStatus) -> Iterator[Booking]:
        """A booking as somebody saw it, in a transaction that has not looked at it yet."""
        booking = self._any(select(Booking).where(Booking.status.in_(standing or LIVE)))
        with transaction():
            if booking is None:
                raise NotFound("There is nothing to do.")
            yield booking

    def _any(self, query: Any) -> Any:
        found = db.session.scalars(query).all()
        return self.dice.choice(found) if found else None

    def _series(self) -> BookingSeries | None:
        return self._any(select(BookingSeries).order_by(BookingSeries.id.desc()).limit(3))

    def _asked(self) -> BookingRequest:
        return BookingRequest(span=self._span(), people=self._number(), purpose="棋", request_key=self._key())

    def _span(self) -> Span:
        start = self.storm.first_hour + self.dice.randrange(6) * timedelta(minutes=30)
        return Span(start, start + AN_HOUR)

    def _key(self) -> str:
        self.sent += 1
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.name}-{self.sent}"))

    def _number(self) -> int:
        return self.dice.choice([2, 2, 12])

    def _maybe(self) -> bool:
        return self.dice.random() < 0.5

    def _person(self) -> Person:
        return db.session.get_one(Person, self.dice.choice(self.storm.people))

    def _staff(self) -> Person:
        return db.session.get_one(Person, self.storm.staff)

    def _room(self) -> Room:
        return db.session.get_one(Room, self.dice.choice(self._room_ids()))

    def _room_ids(self) -> list[int]:
        return list(db.session.scalars(select(Room.id).order_by(Room.id)))
