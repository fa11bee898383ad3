"""What waits for an answer of somebody, as one query: for the badge that stands on every page of theirs."""

from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, Select, String, cast, literal, select, union_all

from center.bookings.models import Booking
from center.bookings.models.waiting import SlotWish
from center.bookings.queries import awaits_answer_at
from center.bookings.waiting.wishes import is_offered_at as is_time_offered_at
from center.kernel.i18n import local_date
from center.organisations.queries import ids_led_by
from center.people.acting import ids_acted_for
from center.signups.models import SignUp
from center.signups.queries import is_offered_at


def topics_of(person_id: int, *, now: datetime) -> CompoundSelect[str]:
    """What waits for an answer of a person, as the outbox names it: the things of `mine.asked_of`.

    What is theirs and what their organisations have are read apart, each by its own index.
    """
    led = ids_led_by(person_id, on=local_date(now))
    bookings = select(literal("booking:").concat(Booking.reference)).where(awaits_answer_at(now))
    wishes = select(literal("wish:").concat(cast(SlotWish.id, String))).where(is_time_offered_at(now))
    acted_for = ids_acted_for(person_id, on=local_date(now))
    offers = select(literal("sign_up:").concat(SignUp.reference)).where(is_offered_at(now))
    return union_all(
        *_of(bookings, Booking, person_id, led),
        *_of(wishes, SlotWish, person_id, led),
        offers.where(SignUp.person_id.in_(acted_for)),
    )


def _of(query: Select[str], table: Any, person_id: int, led: Select[int]) -> tuple[Select[str], Select[str]]:
    own = query.where(table.person_id == person_id, table.organisation_id.is_(None))
    return own, query.where(table.organisation_id.in_(led))
