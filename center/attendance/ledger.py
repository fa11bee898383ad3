"""The month of an organisation as a ledger (台账): what took place, who came and for how long, counted from registers.

Nobody types a number in it: every one is a count of rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from center.activities.models import Activity, Session
from center.activities.words import where
from center.attendance.models import CAME, Attendance, Register, Status
from center.attendance.queries import takes_place
from center.attendance.status_words import REGISTER_NAMES
from center.kernel import tables
from center.kernel.db import db
from center.kernel.i18n import centre_zone, format_clocks, format_month, in_language
from center.kernel.i18n import gettext as _
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms.models import Room
from center.signups.attendee_lists.queries import count_held

MINUTES_OF_HOUR = 60


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many of a session, or of a month: who was expected, came, walked in, was on leave, did not come."""

    expected: int = 0
    came: int = 0
    walk_ins: int = 0  # of those who came
    on_leave: int = 0
    absent: int = 0
    minutes: int = 0  # the length of the session, once for everybody who came

    @property
    def hours(self) -> float:
        """The same as hours, with two digits."""
        return round(self.minutes / MINUTES_OF_HOUR, 2)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One session in the ledger."""

    session: Session
    register: Register | None
    counts: Counts


def month_of(organisation_id: int, first: date, last: date, *, now: datetime) -> list[Entry]:
    """What an organisation held in these days until now, in order; in four queries, however many there are."""
    sessions = _held(organisation_id, first, last, now=now)
    ids = [each.id for each in sessions]
    registers = {
        each.session_id: each
        for each in db.session.scalars(
            select(Register).where(Register.session_id.in_(ids)).order_by(Register.session_id)
        )
    }
    places, counted = count_held(sessions), _counted(ids)
    return [_entry(each, registers.get(each.id), places.get(each.id, 0), counted) for each in sessions]


def sum_of(entries: Iterable[Entry]) -> Counts:
    """All of it together."""
    every = [each.counts for each in entries]
    return Counts(**{each.name: sum(getattr(one, each.name) for one in every) for each in fields(Counts)})


def who_came(entries: Iterable[Entry]) -> dict[int, list[Person]]:
    """Who came to each of these sessions, by its id and then by name; in one query. Nobody of a confined activity."""
    ids = [each.session.id for each in entries if not each.session.activity.is_confined]
    query = (
        select(Attendance)
        .join(Attendance.person)
        .where(Attendance.session_id.in_(ids), Attendance.status.in_(CAME))
        .options(joinedload(Attendance.person))
    )
    found: dict[int, list[Person]] = {}
    for row in db.session.scalars(query.order_by(Attendance.session_id, Person.sort_key, Person.id)):
        found.setdefault(row.session_id, []).append(row.person)
    return found


def table(
    organisation: Organisation, first: date, entries: Sequence[Entry], came: Mapping[int, Sequence[Person]]
) -> bytes:
    """The ledger as an .xlsx file, with the names of those who came."""
    heads = [
        _("Day"), _("Time"), _("Activity"), _("Place"), _("Expected"), _("There"), _("Walked in"), _("On leave"),
        _("Absent"), _("Hours (number)"), _("The register"), _("Who came"),
    ]  # fmt: skip
    rows: list[Sequence[object]] = [
        [_("Attendance of the month"), format_month(first)],
        [in_language(organisation.name, organisation.name_en)],
        [formula()],
        heads,
        *(_cells(each, came.get(each.session.id, ())) for each in entries),
        [_("Together"), "", "", "", *_numbers(sum_of(entries)), "", ""],
    ]
    widths = (12, 14, 28, 22, 8, 8, 8, 8, 8, 10, 18, 60)
    return tables.workbook(
        _("Attendance of the month"), rows, bold={1, 4, len(rows)}, widths=widths, freeze="D5"
    )  # fmt: skip


def formula() -> str:
    """How the hours are made, for whoever reads them."""
    return _("Hours = the length of each date × how many came. Every number is counted from the registers.")


def register_words(register: Register | None) -> str:
    """How the register of a session that is over stands."""
    return str(REGISTER_NAMES[register.state]) if register is not None and register.is_taken else _("Not taken")


def _held(organisation_id: int, first: date, last: date, *, now: datetime) -> Sequence[Session]:
    zone = centre_zone()
    since, until = datetime.combine(first, time(), zone), datetime.combine(last, time.max, zone)
    query = (
        select(Session)
        .join(Session.activity)
        .where(
            Activity.organisation_id == organisation_id,
            Session.starts_at >= since, Session.starts_at <= min(until, now),
            *takes_place(),
        )
        .options(joinedload(Session.activity), joinedload(Session.room).joinedload(Room.parent))
    )  # fmt: skip
    return db.session.scalars(query.order_by(Session.starts_at, Session.id)).all()


def _counted(session_ids: Sequence[int]) -> dict[tuple[int, Status, bool], int]:
    columns = Attendance.session_id, Attendance.status, Attendance.is_walk_in
    query = select(*columns, func.count()).where(Attendance.session_id.in_(session_ids)).group_by(*columns)
    return {(row[0], row[1], row[2]): row[3] for row in db.session.execute(query)}


def _entry(
    session: Session, register: Register | None, places: int, counted: Mapping[tuple[int, Status, bool], int]
) -> Entry:
    """Once its register is closed, whoever stands in it was expected or walked in; until then who has a place."""

    def of(*statuses: Status, only: bool | None = None) -> int:
        ways = (False, True) if only is None else (only,)
        return sum(counted.get((session.id, status, way), 0) for status in statuses for way in ways)

    is_closed = register is not None and not register.is_open
    came, walk_ins = of(*CAME), of(*CAME, only=True)
    length = round((session.ends_at - session.starts_at).total_seconds() / 60)
    return Entry(
        session=session,
        register=register,
        counts=Counts(
            expected=of(*Status, only=False) if is_closed else places,
            came=came,
            walk_ins=walk_ins,
            on_leave=of(Status.ON_LEAVE),
            absent=of(Status.ABSENT),
            minutes=length * came,
        ),
    )


def _cells(entry: Entry, came: Sequence[Person]) -> list[object]:
    session = entry.session
    return [
        session.local_day.isoformat(),
        format_clocks(session.starts_at, session.ends_at),
        in_language(session.activity.title, session.activity.title_en),
        where(session),
        *_numbers(entry.counts),
        register_words(entry.register),
        "、".join(each.name for each in came),
    ]


def _numbers(counts: Counts) -> list[object]:
    return [counts.expected, counts.came, counts.walk_ins, counts.on_leave, counts.absent, counts.hours]
