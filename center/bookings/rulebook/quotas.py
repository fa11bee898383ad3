"""How much somebody may use rooms in a day, a week or a month. Pure: uses come in, sums come out.

A quota counts by local day, by week from Monday or by month, in the centre's zone. Of a use that reaches over the
quota's hours or days only what lies inside counts, and it counts as one booking in each period in which it has any.
Cancelled, declined and expired bookings do not count; released ones and no-shows do, since their time was had.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, bindparam, or_, select

from center.bookings.models import LIVE, Booking, BookingStatus
from center.kernel.caching.json_rows import AnySelect
from center.kernel.caching.read_cache import while_settings_stand
from center.kernel.db import UtcDateTime, db, once
from center.kernel.i18n import centre_zone
from center.kernel.spans import LocalSpan, Span, day_span, days
from center.organisations.models import Organisation
from center.people import households
from center.people.models import Person
from center.rooms.known_rooms import known_rooms
from center.rooms.ledger import family
from center.rooms.rule_models import Period, Quota, RoomGroup, RoomGroupRoom, Whose, weekday_set

KindOf = Callable[[date], int]  # the weekday whose rules count on a date; 7 on a public holiday
ALL_WEEKDAYS = frozenset(range(8))
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Tally:
    """Bookings and minutes, added up."""

    bookings: int = 0
    minutes: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.bookings + other.bookings, self.minutes + other.minutes)


@dataclass(frozen=True, kw_only=True)
class QuotaTerms:
    """What a quota says: at most so many bookings, or minutes, per period, within given weekdays and hours only."""

    id: int
    whose: Whose
    per: Period
    most_bookings: int | None = None
    most_minutes: int | None = None
    weekdays: frozenset[int] = ALL_WEEKDAYS
    hours: LocalSpan | None = None
    place: str = ""  # the group of rooms, or the room, that it counts; "" for all rooms
    place_en: str = ""

    def allows(self, total: Tally) -> bool:
        """Whether so much is within the quota."""
        enough_bookings = self.most_bookings is None or total.bookings <= self.most_bookings
        return enough_bookings and (self.most_minutes is None or total.minutes <= self.most_minutes)

    def counted(self, use: Span, *, kind_of: KindOf, zone: ZoneInfo) -> Iterator[tuple[date, Span]]:
        """What counts of a use, by local day."""
        for day in local_days(use, zone):
            if kind_of(day) in self.weekdays:
                within = self.hours.on(day, zone) if self.hours else day_span(day, zone)
                if piece := use.clip(within):
                    yield day, piece


@dataclass(frozen=True)
class QuotaUses:
    """A quota, and the uses that may count towards it: those there are, and those planned with the proposed use."""

    terms: QuotaTerms
    uses: tuple[Span, ...] = ()


@dataclass(frozen=True)
class QuotaState:
    """How a quota stands in one period, and what the proposed use would add."""

    terms: QuotaTerms
    first: date
    last: date
    used: Tally
    wanted: Tally

    @property
    def is_kept(self) -> bool:
        """Whether the proposed use stays within it, with what is booked already."""
        return self.terms.allows(self.used + self.wanted)


def local_days(use: Span, zone: ZoneInfo) -> Iterator[date]:
    """The local days that a use touches."""
    return days(use.start.astimezone(zone).date(), (use.end - INSTANT).astimezone(zone).date())


def period_of(day: date, per: Period) -> tuple[date, date]:
    """The first and last day of the period that a day lies in."""
    match per:
        case Period.DAY:
            return day, day
        case Period.WEEK:
            monday = day - timedelta(days=day.weekday())
            return monday, monday + timedelta(days=6)
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def tally(
    uses: Iterable[Span], terms: QuotaTerms, within: tuple[date, date], *, kind_of: KindOf, zone: ZoneInfo
) -> Tally:
    """What these uses add up to in a period."""
    return _total((terms.counted(use, kind_of=kind_of, zone=zone) for use in uses), within)


def _total(counted: Iterable[Iterable[tuple[date, Span]]], within: tuple[date, date]) -> Tally:
    """What counts of some uses, by day each, added up in a period."""
    inside = [[piece.length for day, piece in pieces if within[0] <= day <= within[1]] for pieces in counted]
    time = sum((length for lengths in inside for length in lengths), timedelta(0))
    return Tally(sum(map(bool, inside)), -(-time // timedelta(minutes=1)))


def states(proposed: Span, quotas: Sequence[QuotaUses], *, kind_of: KindOf, zone: ZoneInfo) -> Iterator[QuotaState]:
    """How each quota stands in each period in which some of the proposed use counts, in order."""
    for each in quotas:
        pieces = list(each.terms.counted(proposed, kind_of=kind_of, zone=zone))
        for period in sorted({period_of(day, each.terms.per) for day, _piece in pieces}):
            used = tally(each.uses, each.terms, period, kind_of=kind_of, zone=zone)
            yield QuotaState(each.terms, *period, used, _total([pieces], period))


def reach(first: date, last: date, periods: Iterable[Period]) -> tuple[date, date]:
    """All the days whose uses count together with one from first to last."""
    known = list(periods)
    begin = min((period_of(first, per)[0] for per in known), default=first)
    return begin, max((period_of(last, per)[1] for per in known), default=last)


COUNTED = (*LIVE, BookingStatus.RELEASED)


@cache
def _counted_of(*whose: str) -> AnySelect:
    """The bookings that count of a time, made once for each mix of those whose they are."""
    conditions: dict[str, ColumnElement[bool]] = {
        "everybody": Booking.id.is_not(None),
        "rooms": Booking.room_id.in_(bindparam("rooms", expanding=True)),
        "organisation": Booking.organisation_id == bindparam("organisation"),
        "people": Booking.person_id.in_(bindparam("people", expanding=True)) & Booking.organisation_id.is_(None),
    }
    begin, end = (bindparam(name, type_=UtcDateTime) for name in ("begin", "end"))
    row = Booking.__table__.c
    found = select(row.id, row.room_id, row.person_id, row.organisation_id, row.starts_at, row.ends_at)
    found = found.where(row.status.in_(COUNTED), row.ends_at > begin, row.starts_at < end)
    return found.where(or_(*(conditions[each] for each in whose))).order_by(row.starts_at, row.id)


Counted = tuple[QuotaUses, frozenset[int] | None]  # what counts towards a quota, and the rooms it is for; None: all
QuotaRooms = Mapping[int, frozenset[int]]  # by quota: the rooms it counts; one that is not in it counts all


@dataclass(frozen=True)
class Asker:
    """Who asks: a person, or for an organisation; `may_lead` are those they may turn out to book for."""

    person: Person | None = None
    organisation: Organisation | None = None
    may_lead: Sequence[Organisation] = ()


NOBODY = Asker()


def all_quotas() -> tuple[Sequence[QuotaTerms], QuotaRooms]:
    """All quotas, and the rooms that each counts with their parts and wholes; kept while the settings stand."""
    return while_settings_stand("quotas", _read_quotas)


def count_quotas(
    asker: Asker, first: date, last: date, *, instead_of: Booking | None = None, planned: Sequence[Span] = ()
) -> list[Counted]:
    """The quotas that a use of the party on these days counts towards, each with what counts towards it."""
    quotas, rooms = all_quotas()
    ours = [quota for quota in quotas if _concerns(quota, asker)]
    uses = _uses_that_count(ours, rooms, asker, *reach(first, last, (each.per for each in ours)), instead_of)
    return [(QuotaUses(each, (*uses[each.id], *planned)), rooms.get(each.id)) for each in ours]


def _read_quotas() -> tuple[Sequence[QuotaTerms], QuotaRooms]:
    group, rooms = RoomGroup.__table__.c, known_rooms()
    query = (
        select(*Quota.__table__.c, group.name, group.name_en, RoomGroupRoom.room_id.label("member_id"))
        .outerjoin(RoomGroup, RoomGroup.id == Quota.room_group_id)
        .outerjoin(RoomGroupRoom, RoomGroupRoom.group_id == RoomGroup.id)
        .order_by(Quota.id, RoomGroupRoom.room_id)
    )
    quotas: dict[int, QuotaTerms] = {}
    reached: dict[int, frozenset[int]] = {}
    for row in db.session.connection().execute(query):
        quotas[row.id] = _terms_of(row, row if row.room_id is None else rooms[row.room_id])
        if row.room_id is not None or row.room_group_id is not None:
            kin = {each.id for key in {row.room_id, row.member_id} - {None} for each in family(rooms[key])}
            reached[row.id] = reached.get(row.id, frozenset()) | kin
    return list(quotas.values()), reached


def _concerns(quota: QuotaTerms, asker: Asker) -> bool:
    if quota.whose is Whose.EVERYBODY:
        return True
    if quota.whose is Whose.ORGANISATION:
        return asker.organisation is not None
    return asker.person is not None and asker.organisation is None and not asker.may_lead


def _uses_that_count(
    quotas: Sequence[QuotaTerms],
    quota_rooms: QuotaRooms,
    asker: Asker,
    first: date,
    last: date,
    instead_of: Booking | None,
) -> dict[int, list[Span]]:
    """The uses that count towards each of the quotas, by its id; one query for all."""
    found: dict[int, list[Span]] = {quota.id: [] for quota in quotas}
    if not quotas:
        return found
    begin, end = day_span(first, centre_zone()).start, day_span(last, centre_zone()).end
    whose, household = _whose(quotas, quota_rooms, asker)
    query, asked = _counted_of(*whose), {**whose, "begin": begin, "end": end}
    parties = (asker.person and asker.person.id, asker.organisation and asker.organisation.id)
    key = ("uses that count", *(quota.id for quota in quotas), *parties, first, last)
    for row in once(key, lambda: db.session.connection().execute(query, asked).all()):
        if instead_of is not None and row.id == instead_of.id:
            continue
        for quota in quotas:
            rooms = quota_rooms.get(quota.id)
            if (rooms is None or row.room_id in rooms) and _is_by(row, quota.whose, asker, household):
                found[quota.id].append(Span(row.starts_at, row.ends_at))
    return found


def _terms_of(row: Any, place: Any) -> QuotaTerms:
    return QuotaTerms(
        id=row.id,
        whose=row.whose,
        per=row.per,
        most_bookings=row.most_bookings,
        most_minutes=row.most_minutes,
        weekdays=weekday_set(row.weekdays),
        hours=LocalSpan(row.opens, row.closes) if row.opens is not None and row.closes is not None else None,
        place=place.name or "",
        place_en=place.name_en or "",
    )


def _whose(
    quotas: Sequence[QuotaTerms], quota_rooms: QuotaRooms, asker: Asker
) -> tuple[dict[str, Any], frozenset[int]]:
    """Which bookings are asked for (see `_counted_of`), and who lives in the person's household."""
    kinds = {quota.whose for quota in quotas}
    asked: dict[str, Any] = {}
    household: frozenset[int] = frozenset()
    if Whose.EVERYBODY in kinds:
        shared = [quota_rooms.get(quota.id) for quota in quotas if quota.whose is Whose.EVERYBODY]
        rooms = [room for room in shared if room is not None]
        every = len(rooms) < len(shared)
        asked |= {"everybody": True} if every else {"rooms": sorted(frozenset().union(*rooms))}
    if Whose.ORGANISATION in kinds and asker.organisation:
        asked["organisation"] = asker.organisation.id
    if asker.person and kinds & {Whose.PERSON, Whose.HOUSEHOLD}:
        if Whose.HOUSEHOLD in kinds:
            household = _household(asker.person)
        asked["people"] = sorted(household | {asker.person.id})
    return asked, household


def _household(person: Person) -> frozenset[int]:
    """The ids of everybody who is known to live behind the same door, the person included; else they alone."""
    if not households.is_verified(person):
        return frozenset({person.id})
    query = select(Person.id).where(households.lives_with(person))
    return once(("household", person.id), lambda: frozenset(db.session.scalars(query)))


def _is_by(row: Any, whose: Whose, asker: Asker, household: frozenset[int]) -> bool:
    match whose:
        case Whose.EVERYBODY:
            return True
        case Whose.ORGANISATION:
            return asker.organisation is not None and row.organisation_id == asker.organisation.id
        case Whose.HOUSEHOLD:
            return row.organisation_id is None and row.person_id in household
    return asker.person is not None and row.organisation_id is None and row.person_id == asker.person.id
