"""The demonstration fits the product's own rules and constraints, and is the same for the same day."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import String, func, select

from center.bookings.models import LIVE, Booking, BookingChange, BookingEvent, BookingStatus
from center.bookings.rulebook.availability import rules_of
from center.bookings.rulebook.facts import Facts, Party, ProposedUse, Rule
from center.bookings.rulebook.rules import breaches
from center.commands.ledger_checks import ledger_findings, missing_holds
from center.demo import load, state
from center.demo.bookings import KEY
from center.demo.command import LOGINS
from center.kernel.db import Base, db, transaction
from center.kernel.spans import Span
from center.organisations.models import Organisation, OrganisationKind
from center.people import passwords
from center.people.models import Account, Building, Grid, Guardianship, Person, Role, RoleGrant
from center.rooms.models import HoursException, Room
from center.rooms.queries import all_rooms, load_schedule
from tests.builders import ZONE, make_person
from tests.engines import ONE_ENGINE
from tests.statements import statements

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # a Monday, 10:00 at the centre
PASSWORDS = {login: f"of the {login} and nobody else" for login in LOGINS}
SMALL = 0.05
# What an allocation gave out has references by chance, and ties are settled by the numbers of wishes, drawn by chance.
OWN = Booking.request_key.startswith(KEY, autoescape=True)


def load_small(*, now: datetime = NOW) -> load.Loaded:
    return load.load(PASSWORDS, now=now, scale=SMALL)


def count(model: type[Base], *conditions: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def test_what_was_loaded_is_true_of_the_ledger_is_not_loaded_twice_and_others_go_on_from_it(app: Flask) -> None:
    loaded = load_small()
    assert ledger_findings() == []
    with pytest.raises(state.NotEmptyError):
        load_small()
    assert state.is_demo()
    assert count(Booking) == loaded.bookings
    highest = db.session.scalar(select(func.max(Person.id))) or 0
    assert make_person().id == highest + 1


@ONE_ENGINE
@pytest.mark.slow("it loads the whole demonstration")
def test_a_full_load_has_the_reported_numbers_and_asks_the_database_little(app: Flask) -> None:
    before = statements.total()
    loaded = load.load(PASSWORDS, now=NOW)
    asked = statements.total() - before
    assert (loaded.people, loaded.rooms, loaded.organisations) == (8234, 12, 17)
    assert 25_000 <= loaded.bookings <= 27_000
    assert (count(Person), count(Building), count(Grid), count(Room)) == (8234, 19, 15, 14)
    assert count(Organisation, Organisation.kind != OrganisationKind.CENTRE, Organisation.is_listed) == 17
    assert count(Booking) == loaded.bookings
    assert count(Guardianship) > 1_000
    assert count(RoleGrant, RoleGrant.role == Role.GRID_WORKER) == 15
    assert ledger_findings() == []
    assert asked < loaded.bookings  # 20,560 when it was written: a load is no walk from row to row
    assert list(too_long()) == []


def too_long() -> Iterator[str]:
    """Columns with words that PostgreSQL would refuse, and SQLite takes."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, String) and (most := column.type.length):
                longest = db.session.scalar(select(func.max(func.length(column)))) or 0
                if longest > most:
                    yield f"{column}: {longest} of {most}"


@ONE_ENGINE
def test_every_live_booking_keeps_the_rules_of_its_room(demo: None) -> None:
    rooms = {room.id: room for room in all_rooms()}
    bookings = db.session.scalars(select(Booking).where(Booking.status.in_(LIVE)).order_by(Booking.id)).all()
    days = [booking.starts_at.astimezone(ZONE).date() for booking in bookings]
    schedule = load_schedule(list(rooms.values()), min(days), max(days), zone=ZONE)
    for booking, day in zip(bookings, days, strict=True):
        room = rooms[booking.room_id]
        facts = Facts(now=booking.requested_at, zone=ZONE, open_spans=tuple(schedule.open_spans(room, day)), taken=())
        wish = ProposedUse(Span(booking.starts_at, booking.ends_at), booking.people, party_of(booking, room))
        broken = {breach.rule for breach in breaches(wish, rules_of(room), facts)}
        assert broken <= ({Rule.HORIZON} if is_of_the_term(booking) else set()), (booking.purpose, room.code, day)


def party_of(booking: Booking, room: Room) -> Party:
    if not (room.residents_may_book or room.organisations_may_book):
        return Party.STAFF
    return Party.ORGANISATION if booking.organisation_id else Party.PERSON


def is_of_the_term(booking: Booking) -> bool:
    """Organisations may ask for a recurring time a term ahead."""
    return booking.organisation_id is not None and booking.starts_at - booking.requested_at < timedelta(days=61)


@ONE_ENGINE
def test_nobody_has_more_coming_bookings_than_a_person_may_have(demo: None) -> None:
    coming = select(Booking.person_id).where(
        Booking.status.in_(LIVE), Booking.ends_at > NOW, Booking.organisation_id.is_(None)
    )
    assert max(Counter(db.session.scalars(coming)).values()) <= 2


@ONE_ENGINE
def test_what_happened_to_a_booking_happened_between_its_request_and_now(demo: None) -> None:
    bookings = db.session.scalars(select(Booking).order_by(Booking.id)).all()
    for booking in bookings:
        assert booking.requested_at <= NOW
        assert booking.starts_at - booking.requested_at >= timedelta(days=1)
        for moment in (booking.decided_at, booking.cancelled_at, booking.changed_at):
            assert moment is None or booking.requested_at <= moment <= NOW
    statuses = {booking.status for booking in bookings}
    assert statuses >= {
        BookingStatus.CANCELLED, BookingStatus.CONFIRMED, BookingStatus.DECLINED, BookingStatus.REQUESTED,
    }  # fmt: skip
    assert all(b.starts_at > NOW for b in bookings if b.status is BookingStatus.REQUESTED)


@ONE_ENGINE
def test_the_history_of_every_booking_leads_to_where_it_stands(demo: None) -> None:
    standing = {BookingChange(status.value) for status in BookingStatus} | {BookingChange.APPROVED}
    events = db.session.scalars(select(BookingEvent).order_by(BookingEvent.at, BookingEvent.id)).all()
    last = {event.booking_id: event.what for event in events if event.what in standing}
    became = {BookingChange.APPROVED: BookingStatus.CONFIRMED}
    for booking in db.session.scalars(select(Booking).order_by(Booking.id)):
        what = last[booking.id]
        assert became.get(what) is booking.status or what.value == booking.status.value


@ONE_ENGINE
def test_on_a_public_holiday_only_the_reading_room_is_used(app: Flask) -> None:
    load_small(now=datetime(2026, 9, 29, 2, 0, tzinfo=UTC))
    national_day = datetime(2026, 10, 1, tzinfo=ZONE)
    on_the_day = Booking.starts_at.between(national_day, national_day + timedelta(days=1))
    codes = set(db.session.scalars(select(Room.code).join(Booking, Booking.room_id == Room.id).where(on_the_day)))
    assert codes <= {"R01"}  # the reading room alone is open
    assert count(Booking) > 500


@ONE_ENGINE
def test_every_role_has_a_sign_in_and_nobody_else_has(demo: None) -> None:
    accounts = {account.login: account for account in db.session.scalars(select(Account).order_by(Account.id))}
    assert set(accounts) == set(LOGINS)
    assert all(account.is_confirmed for account in accounts.values())
    assert passwords.is_right(accounts["clerk"].password_hash, PASSWORDS["clerk"])


@ONE_ENGINE
def test_the_resident_who_signs_in_has_one_coming_booking(demo: None) -> None:
    person_id = db.session.scalar(select(Account.person_id).where(Account.login == "resident"))
    assert count(Booking, Booking.person_id == person_id, Booking.starts_at > NOW) == 1
    assert count(Booking, Booking.person_id == person_id, Booking.ends_at < NOW) == 3


def test_nothing_is_loaded_beside_somebody_elses_data(app: Flask) -> None:
    make_person()
    with pytest.raises(state.NotEmptyError):
        load_small()
    assert count(Person) == 1
    assert not state.is_demo()


def test_only_the_demonstration_is_ever_wiped(app: Flask) -> None:
    make_person()
    with pytest.raises(state.NotEmptyError):
        state.wipe()
    assert count(Person) == 1


@pytest.mark.slow("it loads the whole demonstration")
def test_a_wiped_demonstration_can_be_loaded_again_and_is_the_same(demo: None) -> None:
    before = fingerprint()
    state.wipe()
    assert state.is_empty()
    load_small()
    assert fingerprint() == before
    assert missing_holds() == []  # what was laid aside is back


@ONE_ENGINE
def test_at_another_hour_of_the_day_the_same_rooms_are_used_by_the_same_people(demo: None) -> None:
    booked = select(Booking.reference, Booking.starts_at, Booking.ends_at, Booking.person_id, Booking.purpose)
    organisations = booked.where(OWN, Booking.organisation_id.is_not(None)).order_by(Booking.request_key)
    before = db.session.execute(organisations).all()
    state.wipe()
    load_small(now=NOW + timedelta(hours=7))
    assert db.session.execute(organisations).all() == before


@ONE_ENGINE
def test_another_day_has_its_own_year(app: Flask) -> None:
    load_small(now=NOW + timedelta(days=40))
    last = db.session.scalar(select(func.max(Booking.starts_at)))
    assert last is not None
    assert last.astimezone(ZONE).date() > date(2027, 1, 20)
    assert ledger_findings() == []


@ONE_ENGINE
def test_new_passwords_replace_the_old_ones(demo: None) -> None:
    state.renew_passwords({**PASSWORDS, "clerk": "another one altogether"}, now=NOW)
    account = db.session.scalars(select(Account).where(Account.login == "clerk")).one()
    assert passwords.is_right(account.password_hash, "another one altogether")


@ONE_ENGINE
def test_rooms_are_as_the_centre_describes_them(demo: None) -> None:
    rooms: Mapping[str, Room] = {room.code: room for room in all_rooms()}
    assert [part.code for part in rooms["R06"].parts] == ["R06A", "R06B"]
    assert rooms["R12"].is_confidential
    assert {window.opens.strftime("%H:%M") for window in rooms["R08"].windows} == {"09:00", "14:30", "18:30"}
    assert len([h for h in rooms["R03"].hours if h.weekday == 0]) == 2
    assert count(HoursException) == 2


def fingerprint() -> list[tuple[Any, ...]]:
    with transaction():
        bookings = db.session.execute(
            select(Booking.reference, Booking.starts_at, Booking.person_id, Booking.status, Booking.purpose)
            .where(OWN)
            .order_by(Booking.request_key)
        )
        people = db.session.execute(select(Person.id, Person.name, Person.phone, Person.door).order_by(Person.id))
        return [*map(tuple, bookings), *map(tuple, people)]
