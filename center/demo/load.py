"""Loads the demonstration into an empty database, in one transaction: all of it is there, or nothing."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Table, func, select, text
from sqlalchemy.orm import Session

from center.bookings.models import Booking
from center.demo import shows
from center.demo.activities import make_activities
from center.demo.bookings import Rows, rows
from center.demo.cast import PARTS, cast_parts
from center.demo.children import taken_hours
from center.demo.closures import repair_screen
from center.demo.copying import copy_in, number_on
from center.demo.population import GROWN, Resident, residents
from center.demo.presence import cast_bookings, note_visits
from center.demo.programme import is_session
from center.demo.progress import Steps, batches
from center.demo.rooms import exceptions, open_minutes, organisations, plans, rooms
from center.demo.rules import set_rules
from center.demo.scene import Scene
from center.demo.source import centre
from center.demo.state import NotEmptyError, is_empty
from center.demo.wishes import add_film_wishes
from center.demo.year import Day, PlannedUse, days_around, is_term, plan_day
from center.kernel.db import Base, transaction
from center.organisations.models import MemberRole, Membership
from center.people.models import Account, Building, Grid, Guardianship, Person, Role, RoleGrant
from center.people.names import initials, plain_name, sort_key
from center.people.passwords import hash_password
from center.people.phones import tail
from center.premises.models import CentreFacts
from center.rooms.models import Occupancy, RoomUse
from center.rooms.queries import load_schedule

SEED = "qinghe"
HISTORY = Path(__file__).with_name("history.sql")
BATCH = 2_000
OPENED = date(2018, 9, 1)  # when the demonstrated centre opened


@dataclass(frozen=True)
class Loaded:
    """How much was loaded."""

    people: int
    rooms: int
    organisations: int
    bookings: int


def load(passwords: Mapping[str, str], *, now: datetime, steps: Steps | None = None, scale: float = 1.0) -> Loaded:
    """Load the centre around today; the same for the same day. Raises NotEmptyError where anything is there already."""
    hashes = {login: hash_password(password) for login, password in passwords.items()}
    with transaction() as session:
        if not is_empty():
            raise NotEmptyError
        return _Loading(session, now, steps or Steps(), scale).run(hashes)


class _Loading:
    """One loading: what has been written so far, for what comes after it to refer to."""

    def __init__(self, session: Session, now: datetime, steps: Steps, scale: float) -> None:
        self.session, self.now, self.steps, self.scale = session, now, steps, scale
        self.zone = ZoneInfo(centre()["facts"]["zone_name"])
        self.today = now.astimezone(self.zone).date()
        self.chance = self._chance("")

    def run(self, hashes: Mapping[str, str]) -> Loaded:
        """Fill an empty database in the order in which its rows point at each other."""
        self.session.add(CentreFacts(id=1, **centre()["facts"]))
        buildings = self._buildings()
        self.everybody = residents(centre(), chance=self.chance, scale=self.scale)
        self.cast = {key: resident.id for key, resident in cast_parts(self.everybody).items()}
        self._people(buildings)
        self._organisations()
        self._roles_and_accounts(hashes)
        self._rooms()
        self._bookings()
        self.session.flush()
        number_on(self.session)
        for show in (*shows.BEFORE_ACTIVITIES, self._activities, *shows.AFTER_ACTIVITIES):
            show(self.scene)
        wholes = [room for room in self.scene.rooms.values() if room.parent is None]
        incubated = len(self.organisations) - 1  # without the centre itself
        bookings = self.session.scalar(select(func.count()).select_from(Booking)) or 0
        return Loaded(len(self.everybody), len(wholes), incubated, bookings)

    def _chance(self, of: str) -> random.Random:
        return random.Random(f"{SEED} {of}{self.today}")  # noqa: S311

    def _buildings(self) -> dict[str, int]:
        grids = {g["grid"]: Grid(name=g["name"]) for g in centre()["grids"]}
        self.session.add_all(grids.values())
        self.session.flush()
        made = [
            Building(code=b["code"], position=place, grid_id=grids[b["grid"]].id)
            for place, b in enumerate(centre()["buildings"], start=1)
        ]
        self.session.add_all(made)
        self.session.flush()
        self.grids = {number: grid.id for number, grid in grids.items()}
        return {building.code: building.id for building in made}

    def _people(self, buildings: Mapping[str, int]) -> None:
        made = [self._person(resident, buildings) for resident in self.everybody]
        self._insert("People", Person, made)
        guardianships = [
            {"child_id": child.id, "guardian_id": guardian.id, "starts_on": OPENED}
            for child in self.everybody
            for guardian in child.guardians
        ]
        self._insert("Guardians", Guardianship, guardianships)

    def _person(self, resident: Resident, buildings: Mapping[str, int]) -> dict[str, Any]:
        known_since = datetime.combine(OPENED + timedelta(days=resident.id % 700), time(10), self.zone)
        return {
            "id": resident.id,
            "name": resident.name,
            "plain_name": plain_name(resident.name),
            "sort_key": sort_key(resident.name),
            "initials": initials(resident.name),
            "phone": resident.phone,
            "phone_tail": tail(resident.phone),
            "phone_is_relatives": resident.phone_is_relatives,
            "building_id": buildings[resident.building],
            "unit": resident.unit,
            "door": resident.door,
            "birth_year": self.today.year - resident.age,
            "lives_alone": resident.lives_alone,
            "door_verified_at": known_since,
            "created_at": known_since,
        }

    def _organisations(self) -> None:
        """The organisations, each with a lead and a few members."""
        made = organisations()
        self.session.add_all(made)
        self.session.flush()
        self.organisations = {each.slug: each.id for each in made}
        self.leads = {part.leads: self.cast[part.key] for part in PARTS if part.leads}
        self.leads["centre"] = self.cast["director"]
        busy = set(self.cast.values())
        grown = [r.id for r in self.everybody if 35 <= r.age < 75 and r.id not in busy]
        for slug, organisation_id in self.organisations.items():
            self.leads.setdefault(slug, grown.pop(self.chance.randrange(len(grown))))
            members = [] if slug == "centre" else self.chance.sample(grown, min(12, len(grown)))
            members += [self.cast[part.key] for part in PARTS if part.member_of == slug]
            roles = [(self.leads[slug], MemberRole.LEAD), *((person, MemberRole.MEMBER) for person in members)]
            self.session.add_all(
                Membership(organisation_id=organisation_id, person_id=person, role=role, starts_on=OPENED)
                for person, role in roles
            )

    def _roles_and_accounts(self, hashes: Mapping[str, str]) -> None:
        director = self.cast["director"]
        for part in PARTS:
            person = self.cast[part.key]
            if part.role:
                grid = self.grids[part.grid] if part.grid else None
                self.session.add(RoleGrant(person_id=person, role=part.role, grid_id=grid, starts_on=OPENED))
            if part.signs_in:
                self.session.add(
                    Account(
                        person_id=person,
                        login=part.key,
                        password_hash=hashes[part.key],
                        password_changed_at=self.now,
                        created_at=self.now,
                        confirmed_at=self.now,
                        confirmed_by_id=director,
                    )
                )
        self._grid_workers({part.grid for part in PARTS})

    def _grid_workers(self, cast_grids: set[int | None]) -> None:
        """A grid worker for each grid that has none in the cast."""
        busy = set(self.cast.values()) | set(self.leads.values())
        for number, grid_id in self.grids.items():
            if number not in cast_grids:
                grown = [r.id for r in self.everybody if 25 <= r.age < 55 and r.id not in busy]
                busy.add(person := self.chance.choice(grown))
                self.session.add(RoleGrant(person_id=person, role=Role.GRID_WORKER, grid_id=grid_id, starts_on=OPENED))

    def _rooms(self) -> None:
        made = rooms()
        self.steps.start("Rooms", len(made))
        self.session.add_all(made)
        self.session.flush()
        self.scene = Scene(
            session=self.session,
            now=self.now,
            zone=self.zone,
            rooms={room.code: room for room in made},
            organisations=self.organisations,
            leads=self.leads,
            everybody=self.everybody,
            cast=self.cast,
        )
        self.session.add_all(exceptions(self.scene))
        set_rules(self.scene)
        self.closure = repair_screen(self.scene)
        self.session.flush()
        self.steps.advance(len(made))

    def _bookings(self) -> Rows:
        planned = list(self._planned())
        self.sessions = [use for use in planned if is_session(use, (use.day - self.today).days)]
        bookings = [use for use in planned if not is_session(use, (use.day - self.today).days)]
        adults = [r.id for r in self.everybody if r.age >= GROWN and r.id not in self.cast.values()]
        made = rows(bookings, self.scene, adults, first_use_id=self.closure.use_id + 1, chance=self.chance)
        self._give_resident_some(made.bookings)
        cast_bookings(made.bookings, self.scene)
        self._insert("Room uses", RoomUse, made.uses)
        self._insert("Bookings", Booking, made.bookings)
        self._insert("Ledger", Occupancy, made.occupancies)
        note_visits(self.scene)
        self.session.execute(text(HISTORY.read_text(encoding="utf-8")))
        return made

    def _planned(self) -> Iterator[PlannedUse]:
        days = days_around(self.today, scale=self.scale)
        schedule = load_schedule(list(self.scene.rooms.values()), days[0], days[-1], zone=self.zone)
        room_plans = plans(self.scene.rooms)
        for on in days:
            day = Day(on, (on - self.today).days, open_minutes(self.scene.rooms, schedule, on))
            if on == self.closure.starts_at.astimezone(self.zone).date():
                day.close("R11", 14 * 60, 17 * 60)
            if hours := taken_hours(on, self.today):
                day.close("R04", *hours)
            is_school_day = schedule.weekday(on) < 5 and is_term(on)
            yield from plan_day(day, room_plans, centre()["timetable"], is_school_day=is_school_day, chance=self.chance)

    def _give_resident_some(self, bookings: Sequence[dict[str, Any]]) -> None:
        """The resident who signs in has one coming booking and three past ones."""
        room = self.scene.rooms["R02"].id
        own = [b for b in bookings if b["room_id"] == room and not b["organisation_id"] and not b["cancelled_at"]]
        own = [b for b in own if b["decided_at"] is None and b["booked_by_id"] == b["person_id"]]
        soon = self.now + timedelta(days=2)
        coming = [b for b in own if b["starts_at"] > soon][:1]
        past = [b for b in own if b["ends_at"] < self.now][-3:]
        for booking in past + coming:
            booking["person_id"] = booking["booked_by_id"] = self.cast["resident"]

    def _activities(self, scene: Scene) -> None:
        """What the organisations invite to, with who comes; their rooms' time was left free of bookings."""
        self.steps.start("Activities", len(self.sessions))
        make_activities(self.sessions, scene, chance=self._chance("activities "))
        add_film_wishes(scene, chance=self._chance("wishes "))
        self.steps.advance(len(self.sessions))

    def _insert(self, label: str, model: type[Base], made: Sequence[dict[str, Any]]) -> None:
        self.steps.start(label, len(made))
        self.session.flush()
        connection = self.session.connection()
        table = cast(Table, model.__table__)
        for batch in batches(made, BATCH):
            copy_in(connection, table, batch)
            self.steps.advance(len(batch))
