"""A person is erased: what is ahead is cancelled, nothing of them is left in any table, on any page or in any feed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Enum, String, Table, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from center.bookings import actions as booking_actions
from center.bookings import history
from center.bookings.models import Booking, BookingChange, BookingEvent, BookingStatus
from center.bookings.models.waiting import SlotWish, WishState
from center.bookings.rulebook.facts import Party
from center.bookings.writing import BookingRequest
from center.commands.ledger_checks import ledger_findings
from center.kernel import clock
from center.kernel.access_log import AccessEvent, Kind
from center.kernel.acts import Act
from center.kernel.db import Base, db, transaction
from center.kernel.errors import NotFound, RuleBroken
from center.kernel.spans import Span
from center.kernel.trail import StaffEvent
from center.notices import data_asks
from center.notices.models import AskedFor, Notice
from center.people import acting, actions
from center.people.actions import merge_account
from center.people.erasing import actions as erasing
from center.people.erasing.actions import InTheWay, erase
from center.people.erasing.models import Erasure
from center.people.models import Account, Consent, DelegationScope, Guardianship, Person, Role
from center.people.parts import Part, Parts
from center.people.records import get_person
from center.people.search import find_people
from center.people.session_models import SignInAttempt, UserSession
from center.rooms.models import Room
from center.signups import actions as sign_up_actions
from center.signups.cancelling import cancel
from center.signups.models import Roster, SignUp, SignUpState
from center.signups.models.history import SignUpEvent
from tests.activity_builders import make_activity, make_roster, request_for, sign_up
from tests.bookings.affected_uses.test_races import at_once
from tests.builders import (
    LONG_AGO,
    at,
    make_account,
    make_booking,
    make_building,
    make_organisation,
    make_person,
    make_room,
    sign_in,
)
from tests.engines import ONE_ENGINE
from tests.there import there
from tests.told import tell
from tests.world import World, address_of, closed_to, rules

NAME, PHONE, EMAIL, LOGIN, DOOR = "端木忘川", "19988887777", "wangchuan@example.org", "wangchuan77", "9C07"
WORDS = ("私密用途甲", "私密备注乙", "私密摆放丙", "私密理由丁", "私密附言戊", "私密答复己", "私密同意庚", "私密更正辛")
SECRETS = (NAME, PHONE, EMAIL, LOGIN, DOOR, *WORDS)


@pytest.fixture
def somebody(world: World) -> Person:
    """Somebody with something in nearly every table."""
    return fill(world)


def fill(world: World) -> Person:
    person = make_person(name=NAME, phone=PHONE, email=EMAIL, building=make_building(), unit="1", door=DOOR)
    account, now = make_account(person, login=LOGIN), clock.now()
    clerk, room = world.clerk.person, make_room(name="忘川室")
    words: dict[str, Any] = {"purpose": WORDS[0], "note": WORDS[1], "set_up": WORDS[2]}
    past = make_booking(room=room, person=person, starts_at=at(9, days=-3), **words)
    ahead = make_booking(room=room, person=person, starts_at=at(9), **words)
    make_booking(room=world.hall, person=person, starts_at=at(18), status=BookingStatus.REQUESTED, people=30, **words)
    with transaction():
        history.note(past, BookingChange.OVERRIDDEN, by=clerk, reason=WORDS[3], now=now)
        past.decision_reason = past.cancel_reason = WORDS[3]
    with transaction() as session:
        when = {"created_at": now, "seen_at": now, "proved_at": now}
        session.add(UserSession(token_hash="忘" * 8, account_id=account.id, browser=WORDS[0], **when))
        session.add(SignInAttempt(login=LOGIN, source="1.2.3.4", at=now, succeeded=False))
        looked = {"kind": Kind.DOOR, "by_id": clerk.id, "person_id": person.id, "subject": f"1-1-{DOOR}"}
        session.add(AccessEvent(at=now, **looked))
        session.add(Guardianship(child_id=person.id, guardian_id=world.lead.person_id, starts_on=LONG_AGO))
    _sign_up(world, person)
    _say(person, world)
    tell(person, "booking.approved", key="own", now=now)
    about = f"booking:{ahead.reference}"
    other = tell(world.neighbour, "booking.approved", key="of-others", now=now, about=about)
    with transaction() as session:
        session.execute(update(Notice).where(Notice.id == other.id).values(body=f"{NAME}：{WORDS[0]}"))
    passing = tell(world.lead.person, "booking.approved", key="names", now=now, about="sign_up:XXXX-XXXX")
    with transaction() as session:
        session.execute(update(Notice).where(Notice.id == passing.id).values(body=f"名额来自{NAME}（{PHONE}）"))
    return person


def _sign_up(world: World, person: Person) -> None:
    now = clock.now()
    activity = make_activity(organisation=world.organisation, starts=[at(10, days=12), at(10, days=13)])
    signed = [sign_up(make_roster(activity, session=each), person)[0] for each in activity.sessions]
    with transaction() as session:
        session.execute(update(SignUp).where(SignUp.person_id == person.id).values(note=WORDS[4], uses_wheelchair=True))
    with transaction():
        cancel(signed[1], by=person, now=now, reason=WORDS[3])


def _say(person: Person, world: World) -> None:
    now, clerk = clock.now(), world.clerk.person
    today = at(0, days=0).date()
    with transaction():
        acting.grant(
            person,
            to=world.neighbour,
            scope=DelegationScope.EVERYTHING,
            starts_on=today,
            ends_on=today,
            consent=Consent.AT_THE_DESK,
            by=clerk,
            now=now,
            consent_note=WORDS[6],
        )
    with transaction():
        made = data_asks.ask(person, AskedFor.CORRECTION, words=WORDS[7], by=person, now=now)
    with transaction():
        data_asks.settle(made, is_refused=True, answer=WORDS[5], by=clerk, now=now)
    account = db.session.scalars(select(Account).where(Account.person_id == person.id)).one()
    with transaction():
        actions.close_account(account, reason=WORDS[3], by=world.director.person, now=now)
    with transaction():
        actions.open_account_again(account, by=world.director.person)


@pytest.fixture
def director(app: Flask) -> Account:
    """Whoever erases."""
    return make_account(roles=[Role.DIRECTOR])


def forget(person: Person, director: Account) -> Erasure:
    db.session.rollback()
    with transaction() as session:
        return erase(session.merge(person), by=director.person, now=clock.now())


def texts() -> Iterator[tuple[str, str]]:
    """(table and column, all that is written there)."""
    db.session.rollback()
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, String) and not isinstance(column.type, Enum):
                yield f"{table.name}.{column.name}", "\n".join(filter(None, db.session.scalars(select(column))))


def found_in_tables() -> dict[str, list[str]]:
    found = {where: [each for each in SECRETS if each in written] for where, written in texts()}
    return {where: words for where, words in found.items() if words}


def test_no_table_holds_anything_of_them_afterwards(app: Flask, world: World, somebody: Person) -> None:
    before = {word for words in found_in_tables().values() for word in words}
    assert before == set(SECRETS), "each is somewhere before"
    person_id = somebody.id
    forget(somebody, world.director)
    assert found_in_tables() == {}
    assert ledger_findings() == []
    row = db.session.execute(select(Person.__table__).where(Person.__table__.c.id == person_id)).one()
    assert (row.birth_year, row.building_id, row.name) == (None, None, "")


@pytest.mark.slow("it reads every page, feed and export")
@ONE_ENGINE
def test_no_page_feed_or_export_shows_anything_of_them(app: Flask, world: World, somebody: Person) -> None:
    booking = db.session.scalars(select(Booking).where(Booking.person_id == somebody.id)).first()
    assert booking is not None
    forget(somebody, world.director)
    samples = {**world.samples(), "person_id": somebody.id, "reference": booking.reference}
    said: dict[str, list[str]] = {}
    for who in (world.director, world.lead):
        client = app.test_client()
        sign_in(client, who)
        stopped = closed_to(app, who)
        for rule in rules(app):
            if "GET" not in (rule.methods or ()) or rule.endpoint in stopped:
                continue
            answer = client.get(address_of(rule, samples))
            assert answer.status_code < 500, rule.endpoint
            if words := [each for each in SECRETS if each in answer.get_data().decode(errors="replace")]:
                said[rule.endpoint] = words
    assert said == {}


def test_what_was_ahead_is_cancelled_and_goes_to_who_waits(director: Account) -> None:
    clock.start_at(at(9, days=0))  # at night nobody is offered anything
    person, waits, room = make_person(), make_person(), make_room()
    make_booking(room=room, person=person, starts_at=at(14))
    times = {"starts_at": at(14), "ends_at": at(15), "asked_at": clock.now()}
    with transaction() as session:
        who = {"person_id": waits.id, "asked_by_id": waits.id, "channel": "online"}
        session.add(SlotWish(room_id=room.id, state=WishState.WAITING, purpose="x", people=2, **who, **times))
    roster = make_roster(make_activity(starts=[at(10, days=4)]), capacity=1)
    sign_up(roster, person)
    [second] = sign_up(roster, waits)
    forget(person, director)
    db.session.rollback()
    wish = db.session.scalars(select(SlotWish).where(SlotWish.person_id == waits.id)).one()
    assert wish.state is WishState.OFFERED
    assert db.session.get_one(SignUp, second.id).state in {SignUpState.OFFERED, SignUpState.CONFIRMED}
    states = db.session.scalars(select(Booking.status).where(Booking.person_id == person.id)).all()
    assert set(states) == {BookingStatus.CANCELLED}
    assert ledger_findings() == []


def test_pressed_twice_it_is_done_once_and_signs_out_at_once(app: Flask, director: Account) -> None:
    account = make_account(make_person(name=NAME, phone=PHONE))
    somebody = account.person
    make_booking(person=somebody, starts_at=at(9, days=-3))
    browser, desk = app.test_client(), app.test_client()
    sign_in(browser, account)
    assert browser.get("/me").status_code == 200
    sign_in(desk, director)
    address = f"/desk/people/{somebody.id}/erase"
    assert NAME in desk.get(address).text
    assert desk.post(address, data={"name": "别人"}).status_code == 422
    assert desk.post(address, data={"name": NAME}).status_code == 303
    assert desk.post(address, data={"name": NAME}).status_code == 404
    assert browser.get("/me").status_code == 302
    first = forget(somebody, director)
    assert first.by_id == director.person_id
    assert db.session.scalar(select(func.count()).select_from(Erasure)) == 1
    acts = db.session.scalars(select(StaffEvent.act).where(StaffEvent.act == Act.PERSON_ERASED)).all()
    assert len(acts) == 1


def test_nothing_is_booked_for_somebody_who_is_erased_at_that_moment(app: Flask, director: Account) -> None:
    person, room = make_account().person, make_room()
    roster = make_roster(make_activity(starts=[at(10, days=5)]))
    ids, places, now = (person.id, director.person_id), (roster.id, room.id), clock.now()

    def press() -> None:
        gone, by = (db.session.get_one(Person, each) for each in ids)
        erase(gone, by=by, now=now)

    def join() -> None:
        who, where = db.session.get_one(Person, ids[0]), db.session.get_one(Roster, places[0])
        sign_up_actions.sign_up(where, request_for(who), by=who, as_staff=False, now=now)

    def book() -> None:
        who, where = db.session.get_one(Person, ids[0]), db.session.get_one(Room, places[1])
        span = Span(at(15), at(16))
        asked = BookingRequest(span=span, people=2, purpose="象棋", request_key=str(uuid4()))
        booking_actions.request_booking(where, asked, person=who, by=who, party=Party.PERSON, now=now)

    at_once(app, press, join, book, press)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Erasure)) == 1
    assert set(db.session.scalars(select(Booking.status))) <= {BookingStatus.CANCELLED}
    assert set(db.session.scalars(select(SignUp.state))) <= {SignUpState.CANCELLED}


@ONE_ENGINE
def test_the_page_afterwards_says_when_and_what_was_kept_and_why(app: Flask, director: Account) -> None:
    account = make_account(make_person(name=NAME, phone=PHONE))
    somebody = account.person
    make_booking(person=somebody, starts_at=at(9, days=-3))
    forget(somebody, director)
    client = app.test_client()
    sign_in(client, director)
    page = client.get(f"/desk/people/{somebody.id}?lang=en").text
    assert "Erased person" in page
    assert "Whether and how long rooms were used is counted" in page
    data = client.get(f"/desk/people/{somebody.id}/data.json").json
    assert there(data)["tables"]["erasures"]
    for path in ("edit", "erase", "guardians", "asks", "roles"):
        assert client.get(f"/desk/people/{somebody.id}/{path}").status_code == 404


@ONE_ENGINE
def test_the_record_that_their_account_came_from_is_erased_with_them(director: Account) -> None:
    account, known = make_account(make_person(name=NAME), is_confirmed=False), make_person(name=NAME)
    double_id = account.person_id
    with transaction():
        merge_account(account, onto=known, by=director.person, now=clock.now())
    with pytest.raises(RuleBroken):
        forget(db.session.get_one(Person, double_id), director)
    forget(known, director)
    assert set(db.session.scalars(select(Erasure.person_id))) == {known.id, double_id}
    assert [where for where, written in texts() if NAME in written] == []


@ONE_ENGINE
def test_nobody_finds_them_or_books_for_them(director: Account) -> None:
    account = make_account(make_person(name=NAME, phone=PHONE))
    somebody = account.person
    make_booking(person=somebody, starts_at=at(9, days=-3))
    assert [each.id for each in find_people(NAME)] == [somebody.id]
    forget(somebody, director)
    for wanted in (NAME, PHONE, PHONE[-4:], "已", "erased"):
        assert somebody.id not in [each.id for each in find_people(wanted)]
    with pytest.raises(NotFound):
        get_person(somebody.id)


@ONE_ENGINE
@pytest.mark.parametrize("what", ["role", "lead", "guardian"])
def test_what_only_they_do_must_be_handed_on_first(director: Account, what: str) -> None:
    person = make_person() if what != "role" else make_account(roles=[Role.CLERK]).person
    if what == "lead":
        make_organisation(leads=[person])
    if what == "guardian":
        child = make_person(birth_year=clock.now().year - 7)
        _answers_for(child, person, director)
    assert len(erasing.what_stands_in_the_way(person, now=clock.now())) == 1
    with pytest.raises(InTheWay):
        forget(person, director)
    if what == "guardian":
        _answers_for(child, make_person(), director)
        forget(person, director)


def _answers_for(child: Person, guardian: Person, director: Account) -> None:
    with transaction():
        acting.name_guardian(child, guardian=guardian, by=director.person, today=at(0, days=0).date())


@ONE_ENGINE
def test_what_they_were_to_hear_for_an_organisation_is_told_to_who_leads_it_now(director: Account) -> None:
    person, other = make_person(), make_account().person
    team = make_organisation(leads=[person, other])
    booking = make_booking(person=person, organisation=team, purpose="排练")
    with transaction():
        booking_actions.cancel(booking, by=director.person, now=clock.now(), reason="停水", as_staff=True)
    forget(person, director)
    db.session.rollback()
    assert set(db.session.scalars(select(Notice.person_id).where(Notice.kind == "booking.handed_on"))) == {other.id}
    assert db.session.get_one(Booking, booking.id).purpose == "排练", "what was written for it is the organisation's"


@ONE_ENGINE
def test_nobody_erases_themselves(director: Account) -> None:
    with pytest.raises(RuleBroken):
        forget(director.person, director)


@ONE_ENGINE
def test_only_a_director_erases_and_types_the_password_first(app: Flask, director: Account) -> None:
    person = make_person(name="周奶奶")
    client, address = app.test_client(), f"/desk/people/{person.id}/erase"
    sign_in(client, make_account(roles=[Role.CLERK]))
    assert client.post(address, data={"name": "周奶奶"}).status_code == 403
    sign_in(client, director)
    clock.start_at(clock.now() + timedelta(minutes=30))
    assert client.post(address, data={"name": "周奶奶"}).status_code != 303
    db.session.rollback()
    assert db.session.get_one(Person, person.id).erased_at is None


@ONE_ENGINE
def test_somebody_asks_to_be_erased_by_their_name(client: FlaskClient, director: Account) -> None:
    account = make_account(make_person(name="周奶奶"))
    person = account.person
    sign_in(client, account)
    assert client.get("/me/account/erase").status_code == 200
    assert client.post("/me/account/erase", data={"name": "别人"}).status_code == 422
    for _ in range(2):
        assert client.post("/me/account/erase", data={"name": "周奶奶"}).status_code == 303
    [asked] = data_asks.open_asks_of(person)
    assert asked.what is AskedFor.ERASURE
    forget(person, director)
    assert data_asks.open_asks_of(person) == []


def test_a_history_lets_words_be_emptied_of_the_erased_alone_and_nothing_else(world: World, somebody: Person) -> None:
    event = db.session.scalars(select(BookingEvent).where(BookingEvent.reason == WORDS[3])).one()
    emptied = update(BookingEvent).where(BookingEvent.id == event.id)
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(emptied.values(reason=""))
    forget(somebody, world.director)
    for change in ({"reason": "x"}, {"reason": "", "by_id": None, "channel": "phone"}):
        with pytest.raises(IntegrityError), transaction() as session:
            session.execute(emptied.values(**change))
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(delete(BookingEvent).where(BookingEvent.id == event.id))
    for table, column in ((SignUpEvent, "what"), (StaffEvent, "act"), (AccessEvent, "endpoint")):
        theirs = select(table.id).order_by(table.id.desc()).limit(1)
        with pytest.raises(IntegrityError), transaction() as session:
            session.execute(update(table).where(table.id.in_(theirs)).values({column: "drawn"}))


def test_nothing_can_be_written_on_the_record_of_the_erased(director: Account) -> None:
    account = make_account(make_person(name=NAME, phone=PHONE))
    somebody = account.person
    make_booking(person=somebody, starts_at=at(9, days=-3))
    forget(somebody, director)
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(update(Person).where(Person.id == somebody.id).values(phone="19900000000"))


@ONE_ENGINE
def test_every_part_says_what_becomes_of_its_rows_and_of_every_text_in_them(app: Flask) -> None:
    parts: Parts = app.extensions["own_data"]
    silent = [part.table.name for part in parts.all if (part.mine or part.through) and part.erasing is None]
    assert silent == []
    unsaid = {part.table.name: said for part in parts.all if (said := _unsaid(part))}
    assert unsaid == {}


def _unsaid(part: Part) -> set[str]:
    """Columns with text of which nobody said whether they are emptied or kept, or which are not there."""
    erasing = part.erasing
    if erasing is None or erasing.is_deleted:
        return set()
    assert erasing.why, part.table.name
    written = _texts_of(part.table)
    kept = written if erasing.keeps is None else set(erasing.keeps)
    return written.symmetric_difference((set(erasing.empties) & written) | kept) | (
        set(erasing.empties) - set(part.table.columns.keys())
    )


def _texts_of(table: Table) -> set[str]:
    return {c.name for c in table.columns if isinstance(c.type, String) and not isinstance(c.type, Enum)}
