"""Deciding about uses whose room is shut: each is moved, cancelled or kept, in the transaction that shuts the room."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from center.bookings import actions, history, messages, news
from center.bookings.affected_uses.rules import Choice, Choices, Fate, InTheWay, Outcome, digest
from center.bookings.changing.moving import move_by_staff
from center.bookings.changing.substitutes import substitutes
from center.bookings.models import LIVE, Booking, BookingChange, Channel
from center.bookings.places import Place
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, DomainError, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import ngettext
from center.kernel.spans import Span
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms import ledger
from center.rooms.models import Closure, Room
from center.rooms.owners import Owner, owners
from center.rooms.queries import get_room
from center.rooms.uses import InUse, LiveUse

MOST = 400  # uses that one page can ask about
MOST_OFFERS = 40  # bookings for which other times are looked up before anybody asked to move them
ORDER = {Fate.CANCEL: 0, Fate.MOVE: 1, Fate.KEEP: 2}


@dataclass(frozen=True)
class Met:
    """A use in the way with its booking, if it is one."""

    use: LiveUse
    booking: Booking | None
    way: InTheWay
    owner: Owner | None = None


class LeftToChoose(InUse):
    """It is not chosen yet what becomes of some uses: what was offered, what is wrong by use, what would come of it."""

    def __init__(
        self,
        met: Sequence[Met],
        message: object,
        field: str | None,
        *,
        offers: Mapping[int, Sequence[Place]],
        faults: Mapping[int | None, object] | None = None,
        outcomes: Sequence[Outcome] = (),
    ) -> None:
        super().__init__(message, [each.use for each in met], field=field)
        self.met, self.offers, self.faults, self.outcomes = list(met), offers, faults or {}, outcomes


@dataclass
class Decisions:
    """What staff chose, made true when the change that shuts the room calls it as `decide`: that holds the rooms."""

    choices: Choices
    why: str
    by: Person
    now: datetime
    agreed: bool = False
    confirmed: Collection[str] = ()  # what was shown and agreed to, as `digest` names it
    decided: int = field(default=0, init=False)

    def hold(self) -> None:
        """Hold the people whose bookings are decided about: everywhere they come before rooms and bookings."""
        ledger.line_up()
        decided = select(Booking.person_id, Booking.organisation_id).where(Booking.use_id.in_(sorted(self.choices.own)))
        rows = db.session.execute(decided).all() if self.choices.own else []
        for model, ids in ((Person, {row[0] for row in rows} | {self.by.id}), (Organisation, {row[1] for row in rows})):
            held = select(model.id).where(model.id.in_(sorted(ids - {None}))).order_by(model.id)
            db.session.execute(held.with_for_update(key_share=True)).all()

    def __call__(self, uses: Sequence[LiveUse], message: object, field: str | None = None) -> None:
        """Move, cancel or keep each use as chosen; raises InUse, with the list, where something is left to choose."""
        met = [each for each in with_bookings(uses, now=self.now) if not each.way.is_over]
        if len(met) > MOST:
            raise RuleBroken(_too_many(len(met)), field=field)
        if any(not self.choices.is_settled(each.way) for each in met):
            raise LeftToChoose(met, message, field, offers=self._offers(met[:MOST_OFFERS]))
        chosen = [(each, choice) for each in met if each.booking and (choice := self.choices.for_use(each.use.use_id))]
        offers = self._offers([each for each, choice in chosen if choice.fate is Fate.MOVE and choice.starts_at])
        if not self.why and any(choice.fate is not Fate.KEEP for _each, choice in chosen):
            no_reason = _l("Please write a reason; people will read it.")
            raise LeftToChoose(met, message, field, offers=offers, faults={None: no_reason})
        owners().stay([each.use.use_id for each in met if each.owner], reason=self.why, now=self.now)
        outcomes = []
        for each, choice in sorted(chosen, key=lambda pair: ORDER[pair[1].fate]):
            if choice.fate is Fate.MOVE and choice.starts_at is None:
                offers |= self._offers([each])  # as things stand once those before it have moved
            try:
                outcomes.append(self._make_true(each, choice, offers.get(each.use.use_id, ())))
                self.decided += 1
            except DomainError as error:
                faults: dict[int | None, object] = {each.use.use_id: error.message}
                raise LeftToChoose(met, message, field, offers=offers, faults=faults) from error
        is_moving = any(each.fate is Fate.MOVE for each in outcomes)
        if is_moving and digest(outcomes) not in self.confirmed:
            raise LeftToChoose(met, message, field, offers=offers, outcomes=outcomes)

    def _offers(self, met: Sequence[Met]) -> dict[int, Sequence[Place]]:
        """Where else these bookings could go, as things stand with the room shut."""
        return {each.use.use_id: substitutes(each.booking, now=self.now) for each in met if each.booking}

    def _make_true(self, each: Met, choice: Choice, offers: Sequence[Place]) -> Outcome:
        assert each.booking is not None
        if choice.fate is Fate.CANCEL:
            actions.cancel(each.booking, by=self.by, now=self.now, reason=self.why, as_staff=True)
        elif choice.fate is Fate.KEEP:
            keep(each.booking, reason=self.why, by=self.by, now=self.now)
        else:
            room, span = _target(each.booking, choice, offers)
            move_by_staff(
                each.booking, room=room, span=span, reason=self.why, agreed=self.agreed, by=self.by, now=self.now
            )
        now_is = each.booking.span
        return Outcome(each.use.use_id, choice.fate, each.booking.room_id, now_is)


def _target(booking: Booking, choice: Choice, offers: Sequence[Place]) -> tuple[Room, Span]:
    """Where a booking is to go: to the place chosen, else to the best of those that suit."""
    if choice.starts_at is not None:
        length = booking.ends_at - booking.starts_at
        return get_room(choice.room_code), Span(choice.starts_at, choice.starts_at + length)
    if not offers:
        raise RuleBroken(_l("No other room or time suits this one. Please choose something else for it."))
    return offers[0].room, offers[0].span


def keep(booking: Booking, *, reason: str, by: Person, now: datetime) -> None:
    """Let a booking stay although its room is shut then, and say so in its history and to its people."""
    lock(booking)
    if not booking.is_live:
        raise Conflict(_l("This booking has changed meanwhile. Please look at it again."))
    history.note(booking, BookingChange.KEPT, by=by, channel=Channel.DESK, now=now, reason=reason)
    messages.tell(booking, news.KEPT, now=now, reason=reason, once=f"{booking.sequence}-{now.isoformat()}")


def with_bookings(uses: Iterable[LiveUse], *, now: datetime) -> list[Met]:
    """These uses with their bookings, in the order given."""
    uses = list(uses)
    query = (
        select(Booking)
        .where(Booking.use_id.in_(sorted({use.use_id for use in uses})))
        .options(
            joinedload(Booking.room).selectinload(Room.parent),
            joinedload(Booking.person).joinedload(Person.building),
            joinedload(Booking.organisation),
            selectinload(Booking.room, Room.parts),
        )
        .order_by(Booking.id)
    )
    found = {booking.use_id: booking for booking in db.session.scalars(query)}
    owned = owners().of([use.use_id for use in uses if use.use_id not in found])
    met = []
    for use in uses:
        booking, owner = found.get(use.use_id), owned.get(use.use_id)
        met.append(Met(use, booking, _in_the_way(use, booking, owner, now), owner))
    return met


def kept_in(closure: Closure, *, now: datetime) -> Sequence[Booking]:
    """The live bookings that go on inside a closure and have not ended, soonest first."""
    rooms = _rooms_of(closure)
    query = select(Booking).where(
        Booking.room_id.in_(rooms),
        Booking.status.in_(LIVE),
        Booking.starts_at < closure.ends_at,
        Booking.clear_at > max(closure.starts_at, now),
    )
    whole = (joinedload(Booking.room), joinedload(Booking.person), joinedload(Booking.organisation))
    return db.session.scalars(query.options(*whole).order_by(Booking.starts_at, Booking.id)).all()


def sessions_in(closure: Closure, *, now: datetime) -> Sequence[Owner]:
    """The sessions of activities that go on inside a closure and have not ended, soonest first."""
    room_ids = db.session.scalars(_rooms_of(closure)).all()
    starts_at = max(closure.starts_at, now)
    return owners().within(Span(starts_at, closure.ends_at), room_ids) if starts_at < closure.ends_at else []


def _rooms_of(closure: Closure) -> Select[int]:
    """The ids of the rooms that a closure touches: its own with its parts and its whole, or all."""
    rooms = select(Room.id)
    return rooms.where(Room.id.in_(closure.room.kin_ids)) if closure.room else rooms


def _in_the_way(use: LiveUse, booking: Booking | None, owner: Owner | None, now: datetime) -> InTheWay:
    version = f"{booking.sequence}" if booking else f"{use.starts_at.timestamp():.0f}"
    ends_at = booking.ends_at if booking else owner.ends_at if owner else None
    is_over = ends_at is not None and ends_at <= now
    return InTheWay(use.use_id, f"{use.use_id}:{version}", booking is not None, is_over)


def _too_many(number: int) -> object:
    return ngettext(
        "%(num)d use is in the way, too many for one page. Choose a shorter time, or one room after another.",
        "%(num)d uses are in the way, too many for one page. Choose a shorter time, or one room after another.",
        number,
    )
