"""Builders of what tests are about. Each commits in its own transaction and returns the object."""

import itertools
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from center.bookings.changing.moving import change
from center.bookings.models import LIVE, Booking, BookingStatus, Channel
from center.bookings.writing import shape_of
from center.kernel import clock
from center.kernel.db import transaction
from center.organisations.models import MemberRole, Membership, Organisation, OrganisationKind
from center.people import sessions
from center.people.models import Account, Building, Consent, Delegation, DelegationScope, Grid, Person, Role, RoleGrant
from center.premises.models import CentreFacts
from center.rooms import ledger
from center.rooms.models import Approval, BookingWindow, OpeningHours, Room, RoomUse, UseKind
from center.rooms.rule_models import (
    PeopleGroup,
    PeopleGroupMember,
    Period,
    PriorityWindow,
    Purpose,
    Quota,
    RoomGroup,
    Whose,
)

ZONE = ZoneInfo("Asia/Shanghai")
PASSWORD = "green tea by the lotus pond"
CSRF_RAW = "0" * 40
LONG_AGO = date(2020, 1, 1)
LONG_FROM_NOW = date(2099, 12, 31)

_began: tuple[datetime, float] | None = None  # when the present test began, by the clock and by a stopwatch
_numbers = itertools.count(10_000)  # as long as they grow in a long run: what does not fit fails in a short one, too


def _place_in_line(number: int) -> int:
    """A place in lists that every form takes, however many things the tests of this process have made."""
    return number % 10_000


def make_centre(**facts: Any) -> CentreFacts:
    """The centre's own facts."""
    known = {"name": "测试中心", "name_en": "Test centre", "desk_phone": "027-0000-0000", **facts}
    with transaction() as session:
        return session.merge(CentreFacts(id=1, **known))


def make_grid(**facts: Any) -> Grid:
    """A grid."""
    return _add(Grid(**{"name": f"第{next(_numbers)}网格", **facts}))


def make_building(**facts: Any) -> Building:
    """A building of the estate."""
    n = next(_numbers)
    return _add(Building(**{"code": f"{n}栋", "position": _place_in_line(n), **facts}))


def somebody() -> Person:
    """Whoever does something in a test where it does not matter who."""
    return Person(id=1)


def make_person(**facts: Any) -> Person:
    """Someone the centre knows, with a phone of their own; `building` may be given as an object."""
    n = next(_numbers)
    building: Building | None = facts.pop("building", None)
    if building is not None:
        facts["building_id"] = building.id
    phone = facts.setdefault("phone", f"199{n:08d}")
    known = {
        "name": f"测试{n}",
        "sort_key": f"ce shi {n:04d}",
        "initials": "cs",
        "phone_tail": phone[-4:] if phone else None,
        "created_at": clock.now(),
        "door_verified_at": clock.now() if facts.get("door") else None,
    }
    return _add(Person(**{**known, **facts}))


def trust(*people: Person) -> tuple[Person, ...]:
    """Let each of these people act for the others, as they have agreed at the desk."""
    with transaction() as session:
        for person in people:
            for helper in people:
                if helper.id != person.id:
                    dates = {"starts_on": LONG_AGO, "ends_on": LONG_FROM_NOW, "recorded_at": clock.now()}
                    who = {"person_id": person.id, "delegate_id": helper.id, "recorded_by_id": person.id}
                    scope, consent = DelegationScope.SIGN_UPS, Consent.AT_THE_DESK
                    session.add(Delegation(scope=scope, consent=consent, **who, **dates))
    return people


def make_account(
    person: Person | None = None,
    *,
    roles: Iterable[Role] = (),
    password: str = PASSWORD,
    is_confirmed: bool = True,
    **facts: Any,
) -> Account:
    """A sign-in that the desk has confirmed, for the person given or a new one, who also gets the roles."""
    person = person or make_person()
    now = clock.now()
    known = {
        "login": person.phone or f"login{next(_numbers)}",
        "password_hash": _hash(password),
        "password_changed_at": now,
        "created_at": now,
        "confirmed_at": now if is_confirmed else None,
    }
    with transaction() as session:
        for role in roles:
            session.add(RoleGrant(person_id=person.id, role=role, starts_on=LONG_AGO))
        account = Account(person_id=person.id, **{**known, **facts})
        session.add(account)
    account.person = person
    return account


def make_grid_worker(grid: Grid, **facts: Any) -> Account:
    """Somebody with an account who looks after the grid."""
    account = make_account(make_person(**facts))
    _add(RoleGrant(person_id=account.person_id, role=Role.GRID_WORKER, grid_id=grid.id, starts_on=LONG_AGO))
    return account


def make_room(
    *,
    hours: Sequence[tuple[int, time, time]] | None = None,
    windows: Sequence[tuple[time, time]] = (),
    parent: Room | None = None,
    **facts: Any,
) -> Room:
    """A room without approval, notice or clearing up; open 08:00-21:00 every day, public holidays too.

    `hours` are (weekday, opens, closes), `windows` are (opens, closes).
    """
    n = next(_numbers)
    known = {
        "code": f"R{1000 + n}",  # beyond the codes that tests give by hand
        "name": f"第{n}活动室",
        "name_en": f"Room {n}",
        "position": _place_in_line(n),
        "capacity": 20,
        "approval": Approval.NEVER,
        "notice_minutes": 0,
        "buffer_minutes": 0,
        "parent_id": parent.id if parent else None,
    }
    if hours is None:
        hours = [(weekday, time(8), time(21)) for weekday in range(8)]
    with transaction() as session:
        room = Room(**{**known, **facts})
        room.hours = [OpeningHours(weekday=weekday, opens=opens, closes=closes) for weekday, opens, closes in hours]
        room.windows = [BookingWindow(opens=opens, closes=closes) for opens, closes in windows]
        session.add(room)
    return room


def make_hall(**facts: Any) -> tuple[Room, Room, Room]:
    """A room that divides, and its two parts."""
    hall = make_room(**{"capacity": 100, **facts})
    of_parts = {key: value for key, value in facts.items() if key not in {"code", "name", "name_en"}}
    return hall, make_room(parent=hall, **of_parts), make_room(parent=hall, **of_parts)


def make_organisation(*, leads: Iterable[Person] = (), members: Iterable[Person] = (), **facts: Any) -> Organisation:
    """A social organisation with its leads and members."""
    n = next(_numbers)
    known = {"slug": f"org-{n}", "name": f"第{n}服务队", "name_en": f"Team {n}", "kind": OrganisationKind.CHARITY}
    with transaction() as session:
        organisation = Organisation(**{**known, **facts})
        session.add(organisation)
        session.flush()
        for role, people in ((MemberRole.LEAD, leads), (MemberRole.MEMBER, members)):
            for person in people:
                session.add(
                    Membership(organisation_id=organisation.id, person_id=person.id, role=role, starts_on=LONG_AGO)
                )
    return organisation


def make_booking(
    *,
    room: Room | None = None,
    person: Person | None = None,
    starts_at: datetime | None = None,
    minutes: int = 60,
    status: BookingStatus = BookingStatus.CONFIRMED,
    organisation: Organisation | None = None,
    **facts: Any,
) -> Booking:
    """A booking, by default confirmed and tomorrow at 10:00 for an hour; entered in the ledger when it is live."""
    room = room or make_room()
    person = person or make_person()
    starts_at = starts_at or at(10)
    ends_at = starts_at + timedelta(minutes=minutes)
    clear_at = facts.pop("clear_at", None) or ends_at + timedelta(minutes=room.buffer_minutes)
    known = {
        "reference": secrets.token_hex(4).upper(),
        "request_key": secrets.token_hex(16),
        "organisation_id": organisation.id if organisation else None,
        "booked_by_id": person.id,
        "channel": Channel.ONLINE,
        "purpose": "排练",
        "people": 5,
        "requested_at": clock.now(),
        "changed_at": clock.now(),
    }
    with transaction() as session:
        if status in LIVE:
            use = ledger.take(UseKind.BOOKING, room, starts_at=starts_at, clear_at=clear_at, zone=ZONE)
        else:
            use = RoomUse(kind=UseKind.BOOKING)
            session.add(use)
            session.flush()
        times = {"starts_at": starts_at, "ends_at": ends_at, "clear_at": clear_at}
        owners = {"use_id": use.id, "room_id": room.id, "person_id": person.id, "status": status}
        booking = Booking(**{**known, **times, **owners, **facts})
        session.add(booking)
    return booking


def move_booking(
    booking: Booking,
    *,
    by: Person,
    now: datetime,
    as_staff: bool,
    seen: int | None = None,
    override_reason: str = "",
    **to: Any,
) -> None:
    """Change a booking, inside a transaction: what is not named of it stays."""
    wanted = replace(shape_of(booking), **{**to, "needs": frozenset(to.get("needs", booking.needed))})
    change(booking, wanted, by=by, now=now, as_staff=as_staff, seen=seen, override_reason=override_reason)


def begin_test() -> None:
    """A test begins: its tomorrow is worked out from this day, although midnight may pass while it runs."""
    global _began
    _began = clock.now(), perf_counter()


def at(hour: int, minute: int = 0, *, days: int = 1, day: date | None = None) -> datetime:
    """A moment on the centre's clock, by default tomorrow."""
    day = day or _today() + timedelta(days=days)
    return datetime.combine(day, time(hour, minute), ZONE)


def _today() -> date:
    """The day on which the test began, as long as nothing but time has moved the clock since."""
    now = clock.now()
    if _began is not None:
        at_first, tick = _began
        if abs(now - at_first - timedelta(seconds=perf_counter() - tick)) < timedelta(seconds=1):
            now = at_first
    return now.astimezone(ZONE).date()


def sign_in(client: FlaskClient, account: Account) -> None:
    """Sign the account in, in this client's browser, without the sign-in page (whose own tests use it)."""
    client.set_cookie("center", session_cookie(client.application, account))


def session_cookie(app: Flask, account: Account) -> str:
    """The cookie of a browser in which the account has just signed in."""
    with app.test_request_context("/"), transaction():
        token = sessions.start(account, now=clock.now())
    return cookie_with(app, token)


def cookie_with(app: Flask, token: str) -> str:
    """The cookie of a browser that carries this token of a sign-in."""
    kept_in: Any = app.session_interface
    signer = kept_in.get_signing_serializer(app)
    return str(signer.dumps({"sid": token, "_permanent": True, "csrf_token": CSRF_RAW}))


def make_quota(*, rooms: Sequence[Room] = (), **facts: Any) -> Quota:
    """A quota, by default one booking of each person a week in all rooms; with `rooms` on a group of these."""
    known = {"whose": Whose.PERSON, "per": Period.WEEK}
    if "most_minutes" not in facts:
        facts.setdefault("most_bookings", 1)
    if rooms:
        facts["room_group_id"] = make_room_group(*rooms).id
    return _add(Quota(**{**known, **facts}))


def make_room_group(*rooms: Room, **facts: Any) -> RoomGroup:
    """A group of rooms."""
    with transaction() as session:
        group = RoomGroup(**{"name": f"第{next(_numbers)}组", "name_en": "Loud rooms", **facts})
        group.rooms = [session.get_one(Room, room.id) for room in rooms]
        session.add(group)
    return group


def make_people_group(*members: Person | Organisation, **facts: Any) -> PeopleGroup:
    """A group of people and organisations."""
    with transaction() as session:
        group = PeopleGroup(**{"name": f"第{next(_numbers)}群", "name_en": "Weavers", **facts})
        group.members = [
            PeopleGroupMember(organisation_id=each.id)
            if isinstance(each, Organisation)
            else PeopleGroupMember(person_id=each.id)
            for each in members
        ]
        session.add(group)
    return group


def make_priority(room: Room, **facts: Any) -> PriorityWindow:
    """Hours kept every day from 15:30 to 18:30, by default for nobody who books for themselves."""
    known = {"name": "四点半学校", "name_en": "After-school programme", "opens": time(15, 30), "closes": time(18, 30)}
    return _add(PriorityWindow(room_id=room.id, **{**known, **facts}))


def make_purpose(**facts: Any) -> Purpose:
    """A kind of use."""
    n = next(_numbers)
    return _add(Purpose(**{"name": f"用途{n}", "name_en": f"Use {n}", "position": _place_in_line(n), **facts}))


def _add(row: Any) -> Any:
    with transaction() as session:
        session.add(row)
    return row


@lru_cache
def _hash(password: str) -> str:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)
