"""Builders of agreements, seats and what goes with them. Each acts in its own transaction."""

import itertools
from datetime import date, timedelta
from typing import Any

from center.incubator.agreements import terms
from center.incubator.agreements.terms import TermFacts
from center.incubator.models.agreements import Agreement, KeyGiven, Seat, SeatKind, SeatLetting
from center.incubator.models.incubations import Incubation
from center.kernel import clock
from center.kernel.db import transaction
from center.kernel.i18n import local_date
from tests.builders import make_person
from tests.incubator.builders import make_incubation

_numbers = itertools.count(1)


def today() -> date:
    """The day on which the test runs, by the centre's calendar."""
    return local_date(clock.now())


def make_seat(kind: SeatKind = SeatKind.SEAT) -> Seat:
    """A seat, or a locker."""
    by = make_person()
    with transaction():
        return terms.add_seat(kind, f"G{next(_numbers)}", by=by)


def make_agreement(incubation: Incubation | None = None, *, days: int = 365, **facts: Any) -> Agreement:
    """A term from today on."""
    incubation, by = incubation or make_incubation(), make_person()
    known = {"starts_on": today(), "ends_on": today() + timedelta(days=days - 1), "room_hours": 20, **facts}
    with transaction():
        return terms.agree(incubation, TermFacts(**known), by=by, now=clock.now())


def make_letting(agreement: Agreement, seat: Seat | None = None, **dates: date) -> SeatLetting:
    """A seat let for the whole term."""
    seat, by = seat or make_seat(), make_person()
    known = {"starts_on": agreement.starts_on, "ends_on": agreement.ends_on, **dates}
    with transaction():
        return terms.let(seat, agreement, **known, by=by, now=clock.now())


def make_key(incubation: Incubation) -> KeyGiven:
    """A key that somebody of the organisation has."""
    person, by = make_person(), make_person()
    with transaction():
        return terms.give_key(incubation, person, what=f"钥匙{next(_numbers)}", by=by, now=clock.now())
