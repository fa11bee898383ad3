"""What waits for an answer of whoever is signed in, and what they were told lately: the top of Home and of My page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, Integer, Select, String, bindparam, cast, exists, literal, select, union_all

from center.activities.words import say_when
from center.bookings.messages import about, about_wish, place_and_time
from center.bookings.models import Booking, BookingEvent
from center.bookings.models.waiting import SlotWish, WishState
from center.bookings.queries import awaiting_answer, moves_of
from center.bookings.states import awaits_answer_at
from center.bookings.states import is_offered_at as is_time_offered_at
from center.bookings.waiting.wishes import wishes_of
from center.kernel.caching.read_cache import while_unchanged
from center.kernel.db import UtcDateTime, db
from center.kernel.i18n import format_span, in_language, local_date
from center.kernel.i18n import gettext as _
from center.kernel.site import path_to
from center.notices import queries as notices
from center.notices.models import Notice
from center.organisations.queries import ids_led_by, organisations_led_by
from center.people.acting import ids_acted_for
from center.people.models import Person
from center.signups import messages
from center.signups.models import SignUp
from center.signups.queries import is_offered_at, offers_to


@dataclass(frozen=True, kw_only=True)
class ToAnswer:
    """Something that somebody must say yes or no to."""

    about: str  # as the outbox names it
    title: str
    words: str
    path: str
    until: datetime | None = None
    was: str = ""  # of what was moved: where and when it was
    now_is: str = ""


def to_answer_by(person: Person, acted_for: set[int], *, now: datetime) -> list[ToAnswer]:
    """What waits for an answer of a person, for themselves or those they act for, the most urgent first."""
    led_ids = [each.id for each in organisations_led_by(person.id, local_date(now))]
    bookings = awaiting_answer(person.id, led_ids=led_ids, now=now)
    moves = moves_of(bookings) if bookings else {}
    found = [_offer(each, person, now) for each in offers_to(acted_for, now=now)]
    found += [_wish(each) for each in wishes_of(person.id, led_ids=led_ids, now=now) if each.state is WishState.OFFERED]
    found += [_booking(each, moves.get(each.id)) for each in bookings]
    return sorted(found, key=lambda each: (each.until is None, each.until or now))


def news_of(person_id: int, asked: Sequence[ToAnswer]) -> list[Notice]:
    """What a person was told and have not opened, without what waits for their answer."""
    abouts = {each.about for each in asked}
    return [each for each in notices.fresh(person_id) if each.about not in abouts]


def _offer(sign_up: SignUp, reader: Person, now: datetime) -> ToAnswer:
    activity = sign_up.roster.activity
    title = in_language(activity.title, activity.title_en)
    name = "" if sign_up.person_id == reader.id else sign_up.person.name
    when = say_when([each for each in sign_up.roster.sessions if each.is_scheduled], now=now)
    words = _("A place is offered to %(name)s: %(when)s", name=name, when=when) if name else ""
    return ToAnswer(
        about=messages.about(sign_up),
        title=title,
        words=words or _("A place is offered to you: %(when)s", when=when),
        path=path_to("signups.show_sign_up", reference=sign_up.reference),
        until=sign_up.offer_expires_at,
    )


def _wish(wish: SlotWish) -> ToAnswer:
    when = format_span(wish.starts_at, wish.ends_at)
    return ToAnswer(
        about=about_wish(wish),
        title=wish.room.full_name,
        words=_("The time you wanted is free and held for you: %(when)s", when=when),
        path=path_to("bookings.wish", wish_id=wish.id),
        until=wish.offer_ends_at,
    )


def _booking(booking: Booking, move: BookingEvent | None) -> ToAnswer:
    whole = {"about": about(booking), "path": path_to("bookings.show", reference=booking.reference)}
    now_is = place_and_time(booking.room, booking.starts_at, booking.ends_at)
    if booking.awaits_answer:
        words = _("The centre asks you to change something first: %(what)s", what=booking.change_wanted)
        return ToAnswer(title=now_is, words=words, until=booking.expires_at, **whole)
    was = ""
    if move is not None and move.was_room and move.was_starts_at and move.was_ends_at:
        was = place_and_time(move.was_room, move.was_starts_at, move.was_ends_at)
    words = _("The centre has moved it. Is that fine with you?")
    return ToAnswer(title=booking.purpose, words=words, until=booking.starts_at, was=was, now_is=now_is, **whole)


@dataclass(frozen=True)
class ToLookAt:
    """How many notices a person has not opened, and how many things wait for their answer of which they opened all;
    and whether anything at all waits for it."""

    unread: int
    unanswered: int
    asks: bool


def to_look_at(person_id: int, *, now: datetime) -> ToLookAt:
    """As of the beginning of the minute, so that it need not be counted again while nothing is written.

    What waits then for an answer may run out within the minute, and nothing can begin to wait before it is written.
    """
    asked = {"person_id": person_id, "now": now.replace(second=0, microsecond=0)}
    query = _to_look_at(local_date(now))
    read = lambda: ToLookAt(*db.session.connection().execute(query, asked).one())  # noqa: E731
    return while_unchanged(("to look at", *asked.values()), read)


@lru_cache(maxsize=2)
def _to_look_at(on: date) -> Select[int, int, bool]:
    """Made once a day, since every page of whoever is signed in asks it."""
    person_id, now = bindparam("person_id", type_=Integer), bindparam("now", type_=UtcDateTime())
    # Asked for twice, read once: SQLite would look for each answer by ways of its own, a hundred times as long.
    topics = select(topics_of(person_id, now=now, on=on).cte("topics").prefix_with("MATERIALIZED"))
    return notices.count_to_look_at(person_id, topics).add_columns(exists(topics))


def topics_of(person_id: Any, *, now: Any, on: date) -> CompoundSelect[str]:
    """What waits for an answer of a person, as the outbox names it: the things of `to_answer_by`. The person and the
    moment, which is on that day, may be filled in later (`bindparam`).

    What is theirs and what their organisations have are read apart, each by its own index.
    """
    led = ids_led_by(person_id, on=on)
    bookings = select(literal("booking:").concat(Booking.reference)).where(awaits_answer_at(now))
    wishes = select(literal("wish:").concat(cast(SlotWish.id, String))).where(is_time_offered_at(now))
    acted_for = ids_acted_for(person_id, on=on)
    offers = select(literal("sign_up:").concat(SignUp.reference)).where(is_offered_at(now))
    return union_all(
        *_of(bookings, Booking, person_id, led),
        *_of(wishes, SlotWish, person_id, led),
        offers.where(SignUp.person_id.in_(acted_for)),
    )


def _of(query: Select[str], table: Any, person_id: Any, led: Select[int]) -> tuple[Select[str], Select[str]]:
    own = query.where(table.person_id == person_id, table.organisation_id.is_(None))
    return own, query.where(table.organisation_id.in_(led))
