"""What people do with the centre's time, one booking, wish or closure at a time."""

from datetime import timedelta
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from center.bookings import actions
from center.bookings.affected_uses import actions as closing
from center.bookings.affected_uses.actions import LeftToChoose
from center.bookings.affected_uses.rules import Choices
from center.bookings.changing import moving
from center.bookings.models import LIVE, Booking, Channel
from center.bookings.models.waiting import SlotWish, WishState
from center.bookings.rulebook.facts import Party
from center.bookings.visits import actions as presence
from center.bookings.waiting import wishes
from center.bookings.writing import BookingRequest
from center.kernel.affected_uses import DecideUses
from center.kernel.db import db, transaction
from center.kernel.errors import RuleBroken
from center.kernel.spans import Span
from center.rooms import closures
from center.rooms.closures import ClosureFacts
from center.rooms.models import Closure
from tests.builders import move_booking
from tests.truth.centre import Centre, Slot, needs_booking, needs_live, pick, rooms, slots, which

people = st.integers(0, 2)
how_many = st.sampled_from([2, 2, 12])
fates = st.lists(st.sampled_from(["move", "cancel", "keep"]), min_size=1, max_size=3)
needs_wish = precondition(lambda self: self.books.wishes)
needs_closure = precondition(lambda self: self.books.closures)


class Bookings(Centre):
    """Booking, deciding, moving, coming or not."""

    @initialize(taken=st.lists(st.tuples(rooms, slots, people, how_many), min_size=2, max_size=5))
    def open_with_some_bookings(self, taken: list[tuple[int, Slot, int, int]]) -> None:
        """Nobody waits for anything in an empty house."""
        for room, slot, who, number in taken:
            self.book(room, slot, who, number, "")
        self.is_refused = False  # some of them were refused, others not

    @rule(room=rooms, slot=slots, who=people, number=how_many, set_up=st.sampled_from(["", "", "围圈"]))
    def book(self, room: int, slot: Slot, who: int, number: int, set_up: str) -> None:
        """Somebody books; twelve people need approval."""
        asked = BookingRequest(
            span=self.span(slot), people=number, purpose="排练", request_key=self.key(), set_up=set_up
        )
        person, place = self.people[who], self.rooms[room]
        self.attempt(
            lambda: actions.request_booking(place, asked, person=person, by=person, party=Party.PERSON, now=self.now)
        )

    @needs_booking
    @rule(number=which)
    def approve(self, number: int) -> None:
        """Staff agree, perhaps twice, perhaps to what is over."""
        self.on(number, lambda booking: actions.approve(booking, by=self.staff, now=self.now))

    @needs_booking
    @rule(number=which)
    def decline(self, number: int) -> None:
        """Staff decline."""
        self.on(number, lambda booking: actions.decline(booking, reason="x", by=self.staff, now=self.now))

    @needs_booking
    @rule(number=which, as_staff=st.booleans())
    def cancel(self, number: int, as_staff: bool) -> None:
        """The person or the desk cancels."""
        by = self.staff if as_staff else self.people[0]
        self.on(number, lambda booking: actions.cancel(booking, by=by, now=self.now, as_staff=as_staff))

    @needs_booking
    @rule(number=which, room=rooms, slot=slots, people=how_many, as_staff=st.booleans())
    def move(self, number: int, room: int, slot: Slot, people: int, as_staff: bool) -> None:
        """The person, or the desk for them, takes another time, room or number of people."""
        to: dict[str, Any] = {"room": self.rooms[room], "span": self.span(slot), "people": people}
        self.on(
            number,
            lambda each: move_booking(each, **to, by=each.person, now=self.now, as_staff=as_staff, override_reason="x"),
        )

    @needs_live
    @rule(number=which, later=st.sampled_from([0, 30]), earlier=st.sampled_from([-30, 0, 30]))
    def reshape(self, number: int, later: int, earlier: int) -> None:
        """A little shorter or longer, in the same room."""

        def change(booking: Booking) -> None:
            start = booking.starts_at + timedelta(minutes=later)
            end = booking.ends_at - timedelta(minutes=earlier)
            if start < end:
                facts: dict[str, Any] = {"room": booking.room, "span": Span(start, end), "people": booking.people}
                move_booking(booking, **facts, by=booking.person, now=self.now, as_staff=False)

        self.on(number, change)

    @needs_live
    @rule(number=which, room=rooms, slot=slots)
    def move_away(self, number: int, room: int, slot: Slot) -> None:
        """The centre needs the room."""
        to: dict[str, Any] = {"room": self.rooms[room], "span": self.span(slot), "reason": "x", "agreed": True}
        self.on(number, lambda booking: moving.move_by_staff(booking, **to, by=self.staff, now=self.now))

    @needs_live
    @rule(number=which, what=st.sampled_from([presence.check_in, presence.undo_check_in, presence.mark_missed]))
    def come_or_not(self, number: int, what: Any) -> None:
        """They come; or it was a mistake; or nobody came."""
        self.on(number, lambda booking: what(booking, by=self.staff, now=self.now))


class Waiting(Centre):
    """Waiting for what others have, and the offers that come of it."""

    @needs_live
    @rule(number=which, who=people, room=st.none() | rooms, longer=st.sampled_from([0, 0, 30]))
    def ask(self, number: int, who: int, room: int | None, longer: int) -> None:
        """Somebody waits for the time of a booking, or for more than that."""
        booking = db.session.get_one(Booking, pick(self.books.live, number))
        place = booking.room if room is None else self.rooms[room]
        span = Span(booking.starts_at, booking.ends_at + timedelta(minutes=longer))
        asked = BookingRequest(span=span, people=2 if who else 12, purpose="棋", request_key=self.key())
        person = self.people[who]
        self.attempt(lambda: wishes.ask(place, asked, person=person, by=person, party=Party.PERSON, now=self.now))

    @needs_wish
    @rule(number=which)
    def make_room(self, number: int) -> None:
        """What somebody waits for is given up by whoever has it."""
        waits = pick(self.books.wishes, number)
        parts = set(self.books.leaves[waits.room_id])
        for each in self.books.bookings:
            is_there = not parts.isdisjoint(self.books.leaves[each.room_id])
            if each.status in LIVE and is_there and each.starts_at < waits.ends_at and waits.starts_at < each.clear_at:
                booking = db.session.get_one(Booking, each.id)
                self.attempt(partial(actions.cancel, booking, by=self.staff, now=self.now, as_staff=True))
                return

    @needs_wish
    @rule(number=which, gives_up=st.sampled_from([False, False, True]))
    def answer(self, number: int, gives_up: bool) -> None:
        """They take what is offered, or wait no longer."""
        offered = [each.id for each in self.books.wishes if each.state is WishState.OFFERED]
        wish = db.session.get_one(SlotWish, pick(offered or [each.id for each in self.books.wishes], number))
        if gives_up:
            self.attempt(lambda: wishes.give_up(wish, now=self.now))
        else:
            self.attempt(lambda: wishes.accept(wish, by=wish.person, channel=Channel.ONLINE, now=self.now))


class Closing(Centre):
    """Closures, and what becomes of the uses that they meet."""

    @rule(room=st.none() | rooms, slot=slots, fates=fates)
    def close(self, room: int | None, slot: Slot, fates: list[str]) -> None:
        """Staff close a room or the whole centre, and choose for each use in the way."""
        span, place = self.span(slot), None if room is None else self.rooms[room]

        def close(decide: DecideUses) -> None:
            times: dict[str, Any] = {"starts_at": span.start, "ends_at": span.end + timedelta(minutes=60)}
            closures.close(place, **times, reason="x", reason_en="", by=self.staff, now=self.now, decide=decide)

        self._settle(close, fates)

    @needs_closure
    @rule(number=which, slot=slots, fates=fates)
    def change_closure(self, number: int, slot: Slot, fates: list[str]) -> None:
        """It lasts longer or shorter, or comes at another time."""
        closure = db.session.get_one(Closure, pick(self.books.closures, number).id)
        span = self.span(slot)

        def change(decide: DecideUses) -> None:
            start = closure.starts_at if closure.starts_at <= self.now else span.start
            facts = ClosureFacts(starts_at=start, ends_at=span.end, reason="x")
            closures.change(closure, facts, by=self.staff, now=self.now, decide=decide)

        self._settle(change, fates)

    @needs_closure
    @rule(number=which)
    def lift(self, number: int) -> None:
        """Staff open again."""
        closure = db.session.get_one(Closure, pick(self.books.closures, number).id)
        self.attempt(lambda: closures.lift(closure, by=self.staff, now=self.now))

    def _settle(self, shut: Any, fates: list[str]) -> None:
        """As at the desk: first the list of what is in the way, then the choices for it."""
        try:
            with transaction():
                shut(self._decisions(Choices()))
            return
        except LeftToChoose as error:
            ways = [each.way for each in error.met]
        except RuleBroken:
            self.is_refused = True
            return
        own = {way.use_id: fates[n % len(fates)] for n, way in enumerate(ways)}
        choices = Choices({way.mark for way in ways}, "", own)

        def carry_out() -> None:
            decisions = self._decisions(choices)
            decisions.hold()
            shut(decisions)

        self.attempt(carry_out)

    def _decisions(self, choices: Choices) -> closing.Decisions:
        return closing.Decisions(choices, "x", self.staff, self.now, agreed=True)
