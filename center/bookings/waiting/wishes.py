"""Waiting for a time that is taken: ask, accept what is offered, decline, withdraw. Never commits."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from center.bookings import messages, news
from center.bookings.messages import answering
from center.bookings.models import Booking, Channel
from center.bookings.models.waiting import SlotWish, WishState
from center.bookings.policy import belongs_to
from center.bookings.rulebook import missed_visits
from center.bookings.rulebook.deciding import LEAST_BEFORE_START
from center.bookings.rulebook.facts import Party, Rule
from center.bookings.rulebook.judging import Verdict, judge
from center.bookings.rulebook.quotas import Asker
from center.bookings.rulebook.refusals import rule_of
from center.bookings.rulebook.times import nearest_free_times
from center.bookings.states import is_offered_at
from center.bookings.waiting.offers import as_asked, end, end_offer, facts_of, footing, judge_offer
from center.bookings.writing import BookingRequest, columns_of, hold_parties, hold_rooms_in_use, shape_of, write_booking
from center.kernel.db import db, lock, must_find
from center.kernel.errors import Conflict, DomainError, RuleBroken, broken_rules
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.sealed import refuse_unless_seen
from center.kernel.spans import Span
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms.known_rooms import lock_rooms_shared
from center.rooms.models import Occupancy, Room, UseKind

LIVE = (WishState.WAITING, WishState.OFFERED)
# An offer was judged when it was made. What it holds, and how soon it begins, no longer stands against it.
SETTLED = {Rule.FREE, Rule.NOTICE, Rule.OWN}


class OfferOver(Conflict):
    """What was offered cannot be had any more; `slots` are free instead."""

    def __init__(self, message: object, slots: Sequence[Span]) -> None:
        super().__init__(message)
        self.slots = slots


class FreeNow(RuleBroken):
    """What somebody would wait for is free now, so they can simply book it."""


def ask(
    room: Room,
    request: BookingRequest,
    *,
    person: Person,
    by: Person,
    party: Party,
    now: datetime,
    organisation: Organisation | None = None,
) -> SlotWish:
    """Wait for a time that somebody else has; asking twice is asking once.

    Raises FreeNow where it is free, RuleBroken where another rule is against it or the person waits for enough already.
    """
    hold_parties(person, by, organisation)
    if known := _find_same(room, request, person, organisation):
        return known
    hold_rooms_in_use(room)
    verdict = judge(room, request.shape_in(room).proposed(party), person=person, organisation=organisation, now=now)
    broken_rules([error for error in (*verdict.refusals, *verdict.notices) if not _is_taken(error)])
    if not verdict.refusals:
        raise FreeNow(_l("This time is free now: book it."), field="start")
    if party is not Party.STAFF:
        _refuse_one_too_many(person)
    waiting = SlotWish(
        **columns_of(request.shape_in(room)),
        needs=",".join(sorted(request.needs)),
        person=person,
        organisation=organisation,
        asked_by_id=by.id,
        channel=request.channel,
        state=WishState.WAITING,
        asked_at=now,
    )
    db.session.add(waiting)
    db.session.flush()
    return waiting


def accept(wish: SlotWish, *, by: Person, channel: Channel, now: datetime, seen: str | None = None) -> Booking:
    """Take what is offered: the time that was held becomes the booking's, without a gap. Accepting twice is once.

    Raises OfferOver, with what is free instead; Outdated where it is not as it was `seen`.
    """
    hold_parties(wish.person, by, wish.organisation)
    lock_rooms_shared([wish.room])
    lock(wish)
    if wish.state is WishState.ACCEPTED and wish.booking is not None:
        return wish.booking
    person = _taker(wish, by, now=now)
    if person is None or not _is_held(wish, now=now):
        slots = free_instead(wish, now=now)
        raise OfferOver(_l("This offer is over. You can wait again, or take a time that is free."), slots)
    verdict = judge_offer(wish, person=person, channel=channel, now=now)
    refuse_unless_seen(seen, lambda: facts_of(wish, waits=verdict.waits))
    against = (*verdict.refusals, *verdict.notices)
    broken_rules([error for error in against if rule_of(error) not in SETTLED])
    booking = _become_booking(wish, verdict, person=person, by=by, channel=channel, now=now)
    messages.tell(booking, news.REQUESTED if verdict.waits else news.CONFIRMED, by=by, now=now)
    return booking


def give_up(wish: SlotWish, *, now: datetime) -> None:
    """Decline what is offered, or wait no longer. What was held goes to the next in line. Twice is once."""
    lock_rooms_shared([wish.room])
    lock(wish)
    if wish.state is WishState.OFFERED:
        end_offer(wish, WishState.DECLINED, now=now)
    elif wish.state is WishState.WAITING:
        end(wish, WishState.WITHDRAWN, now=now)
    elif wish.state is WishState.ACCEPTED:
        raise Conflict(_l("This is booked already. Cancel the booking if you do not need it."))


def free_instead(wish: SlotWish, *, now: datetime) -> Sequence[Span]:
    """The nearest free times that would do instead of what is waited for."""
    return nearest_free_times(wish.room, as_asked(wish), now=now, asker=Asker(wish.person, wish.organisation))


def last_offer(wish: SlotWish) -> datetime:
    """Until when the time can still be offered: the room's own notice counts for everybody but the desk."""
    notice = timedelta(minutes=0 if footing(wish) is Party.STAFF else wish.room.notice_minutes)
    return wish.starts_at - max(notice, LEAST_BEFORE_START)


def is_open(wish: SlotWish, *, now: datetime) -> bool:
    """Whether it is offered and can be accepted now, by the clock."""
    return wish.state is WishState.OFFERED and wish.offer_ends_at is not None and now < wish.offer_ends_at


def get_wish(wish_id: int) -> SlotWish:
    """The wish with this id; raises NotFound."""
    query = _with_all(select(SlotWish).where(SlotWish.id == wish_id))
    return must_find(db.session.scalar(query), _l("Nobody waits under this number."))


def wishes_of(person_id: int, *, led_ids: Collection[int] = (), now: datetime) -> Sequence[SlotWish]:
    """What a person, and organisations they lead (`led_ids`), wait for now: what is offered first, then by time."""
    query = select(SlotWish).where(belongs_to(SlotWish, person_id, led_ids), _alive(now))
    order = (SlotWish.state != WishState.OFFERED, SlotWish.starts_at, SlotWish.id)
    return db.session.scalars(_with_all(query).order_by(*order)).all()


def all_waiting(*, now: datetime, most: int = 200) -> Sequence[SlotWish]:
    """Everybody who waits, by time and room, and for one time in the order in which they asked."""
    query = select(SlotWish).where(_alive(now))
    order = (SlotWish.starts_at, SlotWish.room_id, SlotWish.asked_at, SlotWish.id)
    return db.session.scalars(_with_all(query).order_by(*order).limit(most)).all()


def count_waiting(*, now: datetime) -> int:
    """How many wait, or have an offer to answer."""
    return db.session.scalar(select(func.count()).select_from(SlotWish).where(_alive(now))) or 0


def count_before(wish: SlotWish) -> int:
    """How many wait for some of the same time of the room and asked earlier."""
    earlier = (SlotWish.asked_at < wish.asked_at) | ((SlotWish.asked_at == wish.asked_at) & (SlotWish.id < wish.id))
    query = select(func.count()).where(
        SlotWish.room_id == wish.room_id,
        SlotWish.state.in_(LIVE),
        SlotWish.starts_at < wish.ends_at,
        SlotWish.ends_at > wish.starts_at,
        earlier,
    )
    return db.session.scalar(query) or 0


def is_only_taken(error: DomainError) -> bool:
    """Whether nothing but somebody else's use stands against a wish, so that waiting for it makes sense."""
    return all(_is_taken(each) for each in error.every)


def _refuse_one_too_many(person: Person) -> None:
    query = select(func.count()).where(SlotWish.person_id == person.id, SlotWish.state.in_(LIVE))
    if (db.session.scalar(query) or 0) >= (most := missed_visits.settings().wish_limit):
        raise RuleBroken(
            _l("You wait for %(num)d times already, which is the most. Withdraw one first, or ask the desk.", num=most)
        )


def _is_taken(error: DomainError) -> bool:
    return isinstance(error, Conflict) and rule_of(error) in {None, Rule.FREE}


def _is_held(wish: SlotWish, *, now: datetime) -> bool:
    """Whether the offer runs and still holds its time. Whoever takes the time of one that ran out locks the use too."""
    if not is_open(wish, now=now) or wish.use is None or wish.starts_at <= now or not answering(wish, now=now):
        return False
    lock(wish.use)
    return bool(db.session.scalar(select(func.count()).where(Occupancy.use_id == wish.use_id)))


def _taker(wish: SlotWish, by: Person, *, now: datetime) -> Person | None:
    """Who answers for the booking: whoever waits; where they lead the organisation no more, who does, `by` first."""
    found = answering(wish, now=now)
    if any(each.id == wish.person_id for each in found):
        return wish.person
    return next((each for each in found if each.id == by.id), next(iter(found), None))


def _become_booking(
    wish: SlotWish, verdict: Verdict, *, person: Person, by: Person, channel: Channel, now: datetime
) -> Booking:
    """The booking that owns the held time from now on; its rows in the ledger stay as they are."""
    assert wish.use is not None
    assert wish.clear_at is not None
    wish.use.kind, wish.use.held_until = UseKind.BOOKING, None
    booking = write_booking(
        wish.use.id,
        shape_of(wish),
        clear_at=wish.clear_at,
        waits=verdict.waits,
        person=person,
        organisation=wish.organisation,
        by=by,
        channel=channel,
        request_key=f"wish-{wish.id}",
        now=now,
    )
    wish.booking_id = booking.id
    end(wish, WishState.ACCEPTED, now=now)
    return booking


def _find_same(
    room: Room, request: BookingRequest, person: Person, organisation: Organisation | None
) -> SlotWish | None:
    query = select(SlotWish).where(
        SlotWish.room_id == room.id,
        belongs_to(SlotWish, None, [organisation.id]) if organisation else belongs_to(SlotWish, person.id, []),
        SlotWish.starts_at == request.span.start,
        SlotWish.ends_at == request.span.end,
        SlotWish.state.in_(LIVE),
    )
    return db.session.scalar(query.order_by(SlotWish.id).limit(1))


def _alive(now: datetime) -> ColumnElement[bool]:
    return ((SlotWish.state == WishState.WAITING) & (SlotWish.starts_at > now)) | is_offered_at(now)


def _with_all(query: Select[SlotWish]) -> Select[SlotWish]:
    return query.options(
        joinedload(SlotWish.room).selectinload(Room.parent),
        joinedload(SlotWish.person),
        joinedload(SlotWish.organisation),
        selectinload(SlotWish.booking),
    )
