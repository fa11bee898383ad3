"""What tests of series do again and again. The clock stands at Monday 23 November 2026, 09:00 in the morning."""

import uuid
from datetime import date, datetime, time
from typing import Any

from center.bookings.models import Channel
from center.bookings.models.series import BookingSeries
from center.bookings.rulebook.facts import Party
from center.bookings.series.actions import book_series
from center.bookings.series.date_checks import OnBehalf
from center.bookings.series.date_plans import BOOK
from center.bookings.series.planning import SeriesPlan, SeriesRequest, plan_series
from center.kernel import clock
from center.kernel.db import transaction
from center.kernel.recurrence import Frequency, Repeat, dates_of
from center.people.models import Person
from center.rooms.models import Room
from tests.builders import ZONE, make_organisation, make_person

MORNING = datetime(2026, 11, 23, 9, tzinfo=ZONE)
TUE, THU = 1, 3
TUESDAYS = [date(2026, 11, 24), date(2026, 12, 1), date(2026, 12, 8), date(2026, 12, 15)]


def troupe() -> OnBehalf:
    """A lead and the organisation they lead, as a series has them."""
    lead = make_person(name="万德山")
    return OnBehalf(lead, make_organisation(leads=[lead]), Party.ORGANISATION)


def asked(
    room: Room,
    *,
    weekdays: Any = (TUE,),
    count: int = 4,
    starts: time = time(14, 30),
    minutes: int = 120,
    people: int = 12,
    key: str = "",
    **rule: Any,
) -> SeriesRequest:
    repeat = Repeat(
        **{"frequency": Frequency.WEEKLY, "weekdays": weekdays, "first_on": date(2026, 11, 24), "count": count, **rule}
    )
    return SeriesRequest(
        room=room,
        repeat=repeat,
        starts=starts,
        minutes=minutes,
        people=people,
        purpose="鼓队排练",
        request_key=key or str(uuid.uuid4()),
        channel=Channel.ONLINE,
    )


def all_of(request: Any, **other: Any) -> Any:
    """Book every date, except for those named like d2026_12_01="skip"."""
    choices = dict.fromkeys(dates_of(request.repeat), BOOK)
    return choices | {date(*map(int, name[1:].split("_"))): value for name, value in other.items()}


def book(request: Any, whose: Any, choices: Any = None, by: Person | None = None, why: str = "") -> BookingSeries:
    with transaction():
        chosen = all_of(request) if choices is None else choices
        by = by or whose.person
        return book_series(request, chosen, whose=whose, by=by, now=clock.now(), override_reason=why)


def look(request: Any, whose: Any, choices: Any = None) -> SeriesPlan:
    return plan_series(request, choices or {}, whose=whose, now=clock.now(), is_final=False)
