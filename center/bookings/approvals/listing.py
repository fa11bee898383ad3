"""The list of requests that wait: what is decided as one thing, how many there are, and which of them are wanted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from center.bookings.models import Booking
from center.bookings.models.series import BookingSeries, SeriesDate
from center.bookings.queries import with_all
from center.bookings.rulebook.availability import rules_of
from center.bookings.rulebook.facts import Agreement, Facts
from center.bookings.rulebook.judging import party_of
from center.bookings.rulebook.quotas import NOBODY
from center.bookings.rulebook.room_hours import agreed_hours, month_of, without
from center.bookings.rulebook.rule_facts import load_terms
from center.bookings.rulebook.rules import agreements
from center.bookings.series.queries import series_by_booking
from center.bookings.states import is_waiting_at
from center.bookings.writing import shape_of
from center.kernel.db import db
from center.kernel.i18n import centre_zone, local_date
from center.people.models import Account
from center.rooms.models import Room

PEOPLE, ORGANISATIONS, KIND = "people", "organisations", "kind-"


@dataclass(frozen=True)
class Request:
    """What is decided as one thing: a booking, or all waiting dates of a series."""

    bookings: Sequence[Booking]
    series: BookingSeries | None = None

    @property
    def first(self) -> Booking:
        """Its booking, or the first date."""
        return self.bookings[0]

    @property
    def reference(self) -> str:
        """What it is called, on its page and in the list."""
        return self.series.reference if self.series else self.first.reference

    @property
    def is_asked(self) -> bool:
        """Whether its person was asked to change something and has not answered."""
        return self.first.awaits_answer


@dataclass(frozen=True)
class RequestFilter:
    """Which requests to list; all, where nothing is said. `who` is a kind of asker or an organisation's slug."""

    room: str = ""
    day: date | None = None
    who: str = ""
    why: Agreement | None = None

    def args(self) -> dict[str, Any]:
        """The same as it stands in an address."""
        said = {"room": self.room, "day": self.day.isoformat() if self.day else "", "who": self.who}
        return {name: value for name, value in {**said, "why": self.why or ""}.items() if value}

    def takes(self, request: Request, why: Sequence[Agreement]) -> bool:
        """Whether a request that waits for these reasons is wanted; a series is by any of its dates."""
        return (
            (not self.room or any(self.room in _codes(each) for each in request.bookings))
            and (self.day is None or any(local_date(each.starts_at) == self.day for each in request.bookings))
            and (not self.who or self.who in askers_of(request.first))
            and (self.why is None or self.why in why)
        )


def askers_of(booking: Booking) -> list[str]:
    """What may be asked for to find it by whose it is, the widest first."""
    organisation = booking.organisation
    if organisation is None:
        return [PEOPLE]
    return [ORGANISATIONS, f"{KIND}{organisation.kind}", organisation.slug]


def _codes(booking: Booking) -> set[str]:
    parent = booking.room.parent
    return {booking.room.code, *([parent.code] if parent else [])}


def count_to_decide(now: datetime) -> int:
    """How many requests the list of those to decide has."""
    return sum(1 for _ids, is_asked in _grouped(now) if not is_asked)


def to_decide(now: datetime, *, limit: int) -> list[Request]:
    """The first so many of the requests to decide."""
    return _load([ids for ids, is_asked in _grouped(now) if not is_asked][:limit])


def waiting(now: datetime) -> list[Request]:
    """All requests that wait, the soonest first: those to decide, and those whose person is to answer first."""
    return _load([ids for ids, _is_asked in _grouped(now)])


def _grouped(now: datetime) -> list[tuple[list[int], bool]]:
    """The ids of the bookings that each request has, and whether its person is to answer first."""
    is_asked = Booking.change_wanted_at.is_not(None) & Booking.change_answered_at.is_(None)
    query = (
        select(Booking.id, SeriesDate.series_id, is_asked.label("is_asked"))
        .outerjoin(SeriesDate, SeriesDate.booking_id == Booking.id)
        .where(is_waiting_at(now))
    )
    groups: dict[Any, list[int]] = {}
    for row in db.session.execute(query.order_by(Booking.starts_at, Booking.id)):
        together = (row.series_id, row.is_asked) if row.series_id else (None, row.id, row.is_asked)
        groups.setdefault(together, []).append(row.id)
    return [(ids, bool(together[-1])) for together, ids in groups.items()]


def _load(groups: Sequence[Sequence[int]]) -> list[Request]:
    ids = sorted(each for group in groups for each in group)
    if not ids:
        return []
    ruled = joinedload(Booking.room).options(selectinload(Room.parts), selectinload(Room.windows))
    query = with_all(select(Booking).where(Booking.id.in_(ids))).options(ruled)
    found = {each.id: each for each in db.session.scalars(query)}
    series = series_by_booking(ids)
    requests = [Request([found[each] for each in group if each in found], series.get(group[0])) for group in groups]
    return [each for each in requests if each.bookings]


def why_waiting(bookings: Sequence[Booking], *, now: datetime) -> dict[int, list[Agreement]]:
    """Why each booking waits for somebody's agreement as the rules are now, by its id, in a fixed number of reads."""
    if not bookings:
        return {}
    rooms = {each.room_id: each.room for each in bookings}
    days = [local_date(each.starts_at) for each in bookings]
    terms = load_terms(list(rooms.values()), min(days), max(days), asker=NOBODY, now=now)
    strangers = _not_confirmed({each.person_id for each in bookings})
    of_organisations = [each for each in bookings if each.organisation_id is not None]
    months = {month_of(each.starts_at) for each in of_organisations}
    agreed = agreed_hours({each.organisation_id or 0 for each in of_organisations}, months, now)
    found = {}
    for each in bookings:
        is_unknown, whose = each.person_id in strangers, (each.organisation_id or 0, month_of(each.starts_at))
        hours = without(agreed[whose], *whose, each) if whose in agreed else None
        facts = Facts(now=now, zone=centre_zone(), terms=terms[each.room_id], account_waits=is_unknown, hours=hours)
        found[each.id] = agreements(shape_of(each).proposed(party_of(each.organisation)), rules_of(each.room), facts)
    return found


def _not_confirmed(person_ids: set[int]) -> frozenset[int]:
    query = select(Account.person_id).where(Account.person_id.in_(sorted(person_ids)), Account.confirmed_at.is_(None))
    return frozenset(db.session.scalars(query))
