"""Time that was freed, offered to whoever waits for it: the first in order whose whole time is free now.

An offer holds its time in the ledger. It is over when its moment has come, whoever reads it; the sweep only tidies.
Locks are taken in one order everywhere: the line of those who change room time, people, the room, the booking or the
wish that is given up, and then those who wait.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from center.bookings import news
from center.bookings.messages import answering, tell_of_wish
from center.bookings.models import Channel
from center.bookings.models.waiting import SlotWish, WishState
from center.bookings.rulebook import missed_visits
from center.bookings.rulebook.deciding import offer_ends
from center.bookings.rulebook.facts import Party, ProposedUse
from center.bookings.rulebook.judging import Verdict, judge, party_of
from center.bookings.rulebook.rule_words import WAITS
from center.bookings.writing import shape_of
from center.kernel.db import db, lock
from center.kernel.i18n import centre_zone, format_span, in_language
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.sealed import Fact, Facts
from center.kernel.spans import Span
from center.people.models import Person
from center.rooms import ledger
from center.rooms.closures import after_lifting
from center.rooms.known_rooms import lock_rooms_shared
from center.rooms.ledger import family
from center.rooms.models import Closure, Occupancy, Room, RoomUse
from center.rooms.queries import all_rooms

MOST_SWEPT = 200
CLEARING = timedelta(days=1)  # longer than any room takes to be cleared


@dataclass(frozen=True)
class Possible:
    """What an offer to somebody who waits would be."""

    ends_at: datetime
    clear_at: datetime


def offer_freed_time(room: Room, span: Span, *, now: datetime) -> None:
    """Hold freed time for the first who waits for some of it, in the room, its parts or its whole, and tell them."""
    whole = room.parent or room
    if span.end <= now or not (ids := _waiting_ids(whole, span, now)):
        return
    ledger.line_up()
    for wish_id in ids:
        wish = db.session.get_one(SlotWish, wish_id)
        lock(wish)
        if wish.state is WishState.WAITING and (possible := find_offer(wish, now=now)):
            _offer(wish, possible, now=now)


def find_offer(wish: SlotWish, *, now: datetime) -> Possible | None:
    """The offer that could be made now to somebody who waits; None where a rule or somebody else stands against it."""
    ends_at = offer_ends(
        now, wish.starts_at, zone=centre_zone(), lasts=timedelta(minutes=missed_visits.settings().offer_minutes)
    )
    takers = answering(wish, now=now)
    if ends_at is None or wish.room.is_retired or not takers:
        return None
    verdict = judge(wish.room, as_asked(wish), person=takers[0], organisation=wish.organisation, now=now)
    if verdict.refusals or verdict.notices:
        return None
    taken = as_asked(wish).until_cleared(verdict.rules)
    # A request that nobody decided in time may still have its rows: its time is offered when they are put away.
    return None if ledger.is_taken(wish.room, taken, now=now) else Possible(ends_at, taken.end)


def as_asked(wish: SlotWish) -> ProposedUse:
    """What is waited for, as the rule book takes it."""
    return shape_of(wish).proposed(footing(wish))


def footing(wish: SlotWish) -> Party:
    """On whose footing somebody waits: staff put others on the list without the limits on their own use."""
    return party_of(wish.organisation_id, as_staff=wish.channel is not Channel.ONLINE)


def end(wish: SlotWish, to: WishState, *, now: datetime) -> None:
    """Nobody waits for it any more."""
    wish.state, wish.ended_at = to, now
    db.session.flush()


def end_offer(wish: SlotWish, to: WishState, *, now: datetime) -> None:
    """Give back the time that an offer holds, and offer it to the next. The room and the wish are held already."""
    assert wish.use_id is not None
    assert wish.clear_at is not None
    end(wish, to, now=now)
    ledger.release(wish.use_id)
    offer_freed_time(wish.room, Span(wish.starts_at, wish.clear_at), now=now)


def expire(wish: SlotWish, *, now: datetime) -> None:
    """Tidy an offer away that nobody answered, and go on to the next in line; does nothing where it still runs."""
    lock_rooms_shared([wish.room])
    lock(wish)
    if wish.state is WishState.OFFERED and wish.offer_ends_at is not None and wish.offer_ends_at <= now:
        end_offer(wish, WishState.EXPIRED, now=now)


def lapse(wish: SlotWish, *, now: datetime) -> None:
    """The time came and was never free."""
    lock(wish)
    if wish.state is WishState.WAITING and wish.starts_at <= now:
        end(wish, WishState.LAPSED, now=now)


def offer_after_lifting(closure: Closure, now: datetime) -> None:
    """A room, or the whole centre, opens again before its closure ends."""
    rooms = [closure.room] if closure.room else [room for room in all_rooms() if room.parent_id is None]
    for room in sorted(rooms, key=lambda each: (each.parent or each).id):
        offer_freed_time(room, Span(closure.starts_at, closure.ends_at), now=now)


after_lifting.append(offer_after_lifting)


def _offer(wish: SlotWish, possible: Possible, *, now: datetime) -> None:
    times = {"starts_at": wish.starts_at, "clear_at": possible.clear_at, "held_until": possible.ends_at}
    use = ledger.hold(wish.room, **times, zone=centre_zone())
    wish.state, wish.use_id, wish.clear_at = WishState.OFFERED, use.id, possible.clear_at
    wish.offered_at, wish.offer_ends_at = now, possible.ends_at
    db.session.flush()
    tell_of_wish(wish, news.SLOT_OFFERED, now=now)


def _waiting_ids(whole: Room, span: Span, now: datetime) -> Sequence[int]:
    """Who waits for a time in this room or a part of it that the freed time may make whole, in order."""
    query = (
        select(SlotWish.id)
        .where(
            SlotWish.room_id.in_([room.id for room in family(whole)]),
            SlotWish.state == WishState.WAITING,
            SlotWish.starts_at > now,
            SlotWish.starts_at < span.end,
            SlotWish.ends_at > span.start - CLEARING,
        )
        .order_by(SlotWish.asked_at, SlotWish.id)
    )
    return db.session.scalars(query).all()


def free_again_ids(now: datetime, *, most: int = MOST_SWEPT) -> Sequence[int]:
    """Who waits for a time that is free, whatever freed it, in order: what no hand has offered yet."""
    part = select(Room.id).where(or_(Room.id == SlotWish.room_id, Room.parent_id == SlotWish.room_id))
    taken = (
        select(Occupancy.id)
        .join(RoomUse, RoomUse.id == Occupancy.use_id)
        .where(
            Occupancy.room_id.in_(part.correlate(SlotWish)),
            Occupancy.clear_at > SlotWish.starts_at,
            Occupancy.starts_at < SlotWish.ends_at,
            or_(RoomUse.held_until.is_(None), RoomUse.held_until > now),
        )
        .correlate(SlotWish)
    )
    query = (
        select(SlotWish)
        .where(SlotWish.state == WishState.WAITING, SlotWish.starts_at > now, ~taken.exists())
        .order_by(SlotWish.asked_at, SlotWish.id)
        .limit(most)
    )
    return [wish.id for wish in db.session.scalars(query).all() if find_offer(wish, now=now)]


def judge_offer(wish: SlotWish, *, person: Person, channel: Channel, now: datetime) -> Verdict:
    """What the rules say to taking what is offered, by oneself or by the desk."""
    asked = as_asked(wish) if channel is Channel.ONLINE else replace(as_asked(wish), party=Party.STAFF)
    return judge(wish.room, asked, person=person, organisation=wish.organisation, now=now)


def facts_of_offer(wish: SlotWish, *, channel: Channel, now: datetime) -> Facts:
    """The facts as the page reads them."""
    person = next(iter(answering(wish, now=now)), wish.person)
    return facts_of(wish, waits=judge_offer(wish, person=person, channel=channel, now=now).waits)


def facts_of(wish: SlotWish, *, waits: bool) -> Facts:
    """The same, once it is known whether somebody must agree."""
    room, span = wish.room, (wish.starts_at, wish.ends_at)
    return {
        "room": Fact(f"{room.id} {room.name}", _l("Room"), lambda: in_language(room.name, room.name_en)),
        "when": Fact(repr([int(each.timestamp()) for each in span]), _l("When"), lambda: format_span(*span)),
        "waits": Fact(str(waits), _l("Approval"), lambda: str(WAITS[waits])),
    }
