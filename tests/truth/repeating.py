"""What people do with series."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from center.bookings.models.series import BookingSeries
from center.bookings.places import Place
from center.bookings.rulebook.facts import Party
from center.bookings.series.actions import book_series, cancel_dates, decide_series, footing_in
from center.bookings.series.date_checks import OnBehalf
from center.bookings.series.date_plans import BOOK, SKIP
from center.bookings.series.moves import change_series
from center.bookings.series.planning import SeriesChange, SeriesRequest, plan_change, plan_series
from center.kernel.db import db
from center.kernel.recurrence import Frequency, Repeat
from center.kernel.spans import Span
from tests.builders import ZONE
from tests.truth.centre import Centre, Slot, pick, rooms, slots, which

BEND = ("as it is", "as it is", SKIP, "later", "elsewhere", BOOK)
needs_series = precondition(lambda self: self.books.dates)


class Repeating(Centre):
    """Series of three or four days, one after the other and a week later."""

    @rule(room=rooms, slot=slots, number=st.sampled_from([2, 12]), by_staff=st.booleans(), bend=st.sampled_from(BEND))
    def book_series(self, room: int, slot: Slot, number: int, by_staff: bool, bend: str) -> None:
        """The troupe books what is free of its days; of the first it skips, shifts or insists."""
        span = self.span(slot)
        days = {(self.first_day + timedelta(days=n)).weekday() for n in range(3)}
        request = SeriesRequest(
            room=self.rooms[room],
            repeat=Repeat(frequency=Frequency.WEEKLY, weekdays=tuple(days), first_on=self.first_day, count=4),
            starts=span.start.astimezone(ZONE).time(),
            minutes=slot[3],
            people=number,
            purpose="鼓",
            request_key=self.key(),
        )
        whose = OnBehalf(self.people[0], self.troupe, Party.STAFF if by_staff else Party.ORGANISATION)
        by = self.staff if by_staff else self.people[0]

        def book() -> BookingSeries:
            plan = plan_series(request, {}, whose=whose, now=self.now, is_final=False, looks_around=False)
            choices = {each.on: each.choice for each in plan.dates}
            choices[self.first_day] = self._bent(bend, choices[self.first_day], Place(request.room, span))
            return book_series(request, choices, whose=whose, by=by, now=self.now, override_reason="x")

        self.attempt(book)

    @needs_series
    @rule(
        number=which,
        room=rooms,
        slot=slots,
        people=st.sampled_from([2, 12]),
        only=st.booleans(),
        as_staff=st.booleans(),
        weeks=st.sampled_from([None, None, 0, 2]),
        bend=st.sampled_from(BEND),
    )
    def change_series(
        self,
        number: int,
        room: int,
        slot: Slot,
        people: int,
        only: bool,
        as_staff: bool,
        weeks: int | None,
        bend: str,
    ) -> None:
        """From one of its dates on, or only that one, the series is elsewhere, at another time, shorter or longer."""
        series, on = self._series(number)
        span = self.span(slot)
        change = SeriesChange(
            room=self.rooms[room],
            starts=span.start.astimezone(ZONE).time(),
            minutes=slot[3],
            people=people,
            purpose="鼓",
            note="",
            until=None if only or weeks is None else self.first_day + timedelta(weeks=weeks),
        )
        by = self.staff if as_staff else self.people[0]
        facts: dict[str, Any] = {"from_date": on, "only": only, "as_staff": as_staff, "now": self.now}

        def carry_out() -> BookingSeries:
            whose = footing_in(series, as_staff=as_staff)
            plan = plan_change(series, change, {}, **facts, whose=whose, is_final=False)
            choices = {each.on: each.choice for each in plan.dates}
            if on in choices:
                choices[on] = self._bent(bend, choices[on], change.place_on(on))
            return change_series(series, change, choices, **facts, by=by, override_reason="x")

        self.attempt(carry_out)

    @needs_series
    @rule(number=which, reach=st.sampled_from(["one", "later", "all"]), as_staff=st.booleans())
    def cancel_dates(self, number: int, reach: str, as_staff: bool) -> None:
        """One date, this and later, or all."""
        series, on = self._series(number)
        dates = {
            each.on
            for each in self.books.dates
            if each.series_id == series.id and (reach == "all" or each.on == on or (reach == "later" and each.on > on))
        }
        self.attempt(lambda: cancel_dates(series, dates, by=series.person, now=self.now, reason="x", as_staff=as_staff))

    @needs_series
    @rule(number=which, declines=st.sampled_from(["none", "one", "all"]))
    def decide_series(self, number: int, declines: str) -> None:
        """Staff agree to all dates that wait, to all but one, or to none."""
        series, on = self._series(number)
        dates = {each.on for each in self.books.dates if declines == "all" or (declines == "one" and each.on == on)}
        self.attempt(lambda: decide_series(series, dates, reason="x", by=self.staff, now=self.now))

    def _series(self, number: int) -> tuple[BookingSeries, date]:
        """A series, and one of its dates."""
        chosen = pick(self.books.dates, number)
        return db.session.get_one(BookingSeries, chosen.series_id), chosen.on

    def _bent(self, bend: str, choice: str, place: Place) -> str:
        """Another choice for a date than the usual one."""
        if bend == "later":
            later = Span(place.span.start + timedelta(minutes=60), place.span.end + timedelta(minutes=60))
            return Place(place.room, later).token
        if bend == "elsewhere":
            return Place(self.rooms[3], place.span).token
        return choice if bend == "as it is" else bend
