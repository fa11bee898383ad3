"""Asking how somebody is who lives alone and did not come. Each act is called in one `transaction()`; none commits."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from center.bookings.models import Booking
from center.bookings.models.visits import WelfareCall
from center.kernel.db import db, lock, must_find
from center.kernel.errors import Conflict
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.rooms.models import Room


def ask_after_booking(booking: Booking, *, now: datetime) -> None:
    """They booked a room and did not come."""
    db.session.add(WelfareCall(booking_id=booking.id, person_id=booking.person_id, opened_at=now))


def ask_after(session_id: int, people: Iterable[Person], *, now: datetime) -> None:
    """They were expected at a session of an activity and did not come: those of them who live alone, each once."""
    known = select(WelfareCall.person_id).where(WelfareCall.session_id == session_id)
    asked = set(db.session.scalars(known))
    alone = {each.id for each in people if each.lives_alone} - asked
    db.session.add_all(WelfareCall(session_id=session_id, person_id=each, opened_at=now) for each in sorted(alone))
    db.session.flush()


def came_after_all(session_id: int, person: Person, *, by: Person, now: datetime) -> None:
    """They were there, so nobody need ask any more; what somebody has found out already stays as it is."""
    query = select(WelfareCall).where(WelfareCall.session_id == session_id, WelfareCall.person_id == person.id)
    call = db.session.scalar(query)
    if call is None:
        return
    lock(call)
    if call.done_at is None:
        call.done_at, call.done_by_id, call.found = now, by.id, _("Came after all: the register was put right.")
        db.session.flush()


def tick_off(call: WelfareCall, *, found: str, by: Person, now: datetime) -> None:
    """Somebody has found out how the person is. Raises Conflict where somebody else did."""
    lock(call)
    if call.done_at is not None:
        if (call.done_by_id, call.found) == (by.id, found):
            return
        raise Conflict(_l("Somebody else has ticked this off just now."))
    call.done_at, call.done_by_id, call.found = now, by.id, found
    db.session.flush()


def open_calls() -> Sequence[WelfareCall]:
    """Who lives alone, missed a visit and was not reached yet, the one who waits longest first."""
    query = select(WelfareCall).where(WelfareCall.done_at.is_(None))
    return db.session.scalars(query.options(*_of_call()).order_by(WelfareCall.opened_at, WelfareCall.id)).all()


def done_calls(*, most: int = 20) -> Sequence[WelfareCall]:
    """The latest that were ticked off."""
    query = select(WelfareCall).where(WelfareCall.done_at.is_not(None)).options(*_of_call())
    return db.session.scalars(query.order_by(WelfareCall.done_at.desc(), WelfareCall.id.desc()).limit(most)).all()


def count_open_calls() -> int:
    """How many people are still to be asked how they are."""
    return db.session.scalar(select(func.count()).where(WelfareCall.done_at.is_(None))) or 0


def get_call(call_id: int) -> WelfareCall:
    """The call with this id; raises NotFound."""
    query = select(WelfareCall).where(WelfareCall.id == call_id).options(*_of_call())
    return must_find(db.session.scalar(query), _l("There is no such call."))


def _of_call() -> tuple[Any, ...]:
    return (
        joinedload(WelfareCall.person).joinedload(Person.building),
        joinedload(WelfareCall.booking).joinedload(Booking.room).joinedload(Room.parent),
        joinedload(WelfareCall.done_by),
    )
