"""What people are told of their bookings. `center.bookings.news` has the words."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from center.bookings import news
from center.bookings.models import Booking, BookingStatus
from center.bookings.models.waiting import SlotWish
from center.bookings.policy import Owned
from center.kernel.db import db
from center.kernel.i18n import format_moment, format_span, local_date
from center.kernel.i18n import gettext as _
from center.kernel.site import path_to
from center.notices import outbox, telling
from center.notices.kinds import Kind, reason_facts, say_desk
from center.notices.models import Notice
from center.notices.telling import HowTold, Told
from center.organisations.queries import leads_of, leads_of_each
from center.people.models import Person
from center.rooms.models import Room


def answering(owned: Owned, *, now: datetime) -> Sequence[Person]:
    """Who answers for it: its person; or all who lead its organisation now, the one it was made for first."""
    if owned.organisation_id is None:
        return [owned.person]
    return _first(leads_of(owned.organisation_id, on=local_date(now)), owned.person_id)


def hearers(owned: Owned, *, is_own_deed: bool, now: datetime) -> Sequence[Person]:
    """Who hears of it: all who answer for it; of what they did themselves, and to remind, the one it was made for."""
    return _who_hear(owned, answering(owned, now=now), is_own_deed=is_own_deed)


def hearers_of(several: Iterable[Owned], *, is_own_deed: bool = False, now: datetime) -> list[Sequence[Person]]:
    """`hearers` of each of several, with one read for all of their organisations."""
    several = list(several)
    leads = leads_of_each({each.organisation_id for each in several} - {None}, on=local_date(now))
    found: list[Sequence[Person]] = []
    for each in several:
        answer = [each.person] if each.organisation_id is None else leads.get(each.organisation_id, [])
        found.append(_who_hear(each, _first(answer, each.person_id), is_own_deed=is_own_deed))
    return found


def _first(people: Sequence[Person], person_id: int) -> Sequence[Person]:
    return sorted(people, key=lambda each: each.id != person_id)


def _who_hear(owned: Owned, found: Sequence[Person], *, is_own_deed: bool) -> Sequence[Person]:
    return found[:1] if is_own_deed and found and found[0].id == owned.person_id else found


DETAILS = ":details"  # what says nothing of time and room leaves standing what was said of these
MOST_EDITS = 5
STILL_WORTH_KNOWING = timedelta(days=2)


def tell(
    booking: Booking,
    kind: Kind,
    *,
    now: datetime,
    by: Person | None = None,
    reason: str = "",
    once: str = "",
    not_before: datetime | None = None,
    only: Collection[int] | None = None,
    is_first: bool = False,
    **facts: Any,
) -> Notice | None:
    """Tell whoever answers for the booking, in the transaction of the change; returns the first notice.

    Each change is told once: `once` tells apart changes that leave the booking's `sequence` as it is. Further facts are
    values, or callables that say them in the reader's language. To who did it (`by`) it is no news. `is_first`: it was
    made just now.
    """
    is_asked_anew = kind in {news.REQUESTED, news.MOVED, news.MOVED_BY_DESK}
    if is_asked_anew and booking.status is BookingStatus.REQUESTED:
        tell_staff(booking, about=about(booking), once=booking.sequence, now=now)
    return tell_answering(
        booking,
        kind,
        key=f"{about(booking)}:{kind.name}:{once or booking.sequence}",
        facts={**facts_of(booking), **reason_facts(reason), **facts},
        path=path_to("bookings.show", reference=booking.reference),
        about=about(booking) + (DETAILS if kind is news.EDITED_BY_STAFF else ""),
        ends=[about(booking) + DETAILS] if kind.is_end else (),
        until=_until(booking, now=now),
        not_before=not_before,
        only=only,
        by=by,
        is_first=is_first,
        now=now,
    )


def tell_answering(
    owned: Owned, kind: Kind, *, key: str, now: datetime, only: Collection[int] | None = None, **what: Any
) -> Notice | None:
    """Tell all who answer for a booking, a series or a wait, or `only` some by id; returns the first notice."""
    told = [
        outbox.tell(each, kind, key=key if each.id == owned.person_id else f"{key}:{each.id}", now=now, **what)
        for each in hearers(owned, is_own_deed=kind.is_asked_for or kind.is_reminder, now=now)
        if only is None or each.id in only
    ]
    return told[0] if told else None


def how_told(bookings: Iterable[Booking], kind: Kind, *, now: datetime) -> HowTold:
    """How news of these bookings would be told to those who answer for them."""
    found = hearers_of(bookings, is_own_deed=kind.is_asked_for, now=now)
    return telling.how_told((each, kind) for hearers in found for each in hearers)


def hearers_by_booking(bookings: Sequence[Booking], *, now: datetime) -> Mapping[int, Sequence[Person]]:
    """Who hears of what others do to each of these bookings, by its id."""
    found = zip(bookings, hearers_of(bookings, now=now), strict=True)
    return {booking.id: hearers for booking, hearers in found}


def told_of(booking: Booking) -> list[Told]:
    """How far the telling of what others did to a booking has come."""
    return telling.told_about([about(booking), about(booking) + DETAILS])


def edits_of(booking: Booking, *, reader_id: int | None = None) -> Sequence[Notice]:
    """What was said of the desk's latest changes of a booking, to this reader or to whoever answers for it."""
    query = select(Notice).where(Notice.about == about(booking) + DETAILS, Notice.kind == news.EDITED_BY_STAFF.code)
    if reader_id is not None:
        query = query.where(Notice.person_id == reader_id)
    found = db.session.scalars(query.order_by(Notice.recorded_at.desc(), Notice.id).limit(MOST_EDITS)).all()
    return list({each.recorded_at: each for each in reversed(found)}.values())[::-1]


def about(booking: Booking) -> str:
    """How the outbox names this booking."""
    return f"booking:{booking.reference}"


def about_wish(wish: SlotWish) -> str:
    """How the outbox names somebody's wish for a time."""
    return f"wish:{wish.id}"


def facts_of(booking: Booking) -> Mapping[str, Any]:
    """What the words of every kind may say of a booking, each said in the reader's language."""
    return {
        "room": lambda: booking.room.full_name,
        "when": lambda: format_span(booking.starts_at, booking.ends_at),
        "purpose": booking.purpose,
        "reference": booking.reference,
        "desk": say_desk,
    }


def place_and_time(room: Room, starts_at: datetime, ends_at: datetime) -> str:
    """Where and when a booking was, for telling of a move."""
    return _("%(room)s, %(when)s", room=room.full_name, when=format_span(starts_at, ends_at))


def _until(booking: Booking, *, now: datetime) -> datetime:
    """From when on nobody needs to be rung up about it."""
    if booking.starts_at > now:
        return booking.starts_at
    return max(booking.ends_at, now + STILL_WORTH_KNOWING) if not booking.is_live else booking.ends_at


def tell_staff(first: Booking, *, about: str, once: object, now: datetime) -> None:
    """Tell staff that a request waits: a booking, or a series by its first date."""
    outbox.tell_staff(
        news.REQUEST_WAITS,
        key=f"{about}:request_waits:{once}",
        facts=facts_of(first),
        path=path_to("bookings.requests"),
        about=about,
        until=first.starts_at,
        now=now,
    )


def tell_of_wish(wish: SlotWish, kind: Kind, *, now: datetime) -> None:
    """Tell whoever waits for a time, in the transaction of the change itself. There is no booking yet."""
    ends_at = wish.offer_ends_at
    assert ends_at is not None
    tell_answering(
        wish,
        kind,
        key=f"wish:{wish.id}:{kind.name}",
        facts={
            "room": lambda: wish.room.full_name,
            "when": lambda: format_span(wish.starts_at, wish.ends_at),
            "until": lambda: format_moment(ends_at),
            "desk": say_desk,
        },
        path=path_to("bookings.wish", wish_id=wish.id),
        about=about_wish(wish),
        until=ends_at,
        now=now,
    )
