"""The page of the audit trail."""

import re
from html import unescape
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import Enum

from center.audit import field_words as trail_fields
from center.audit import reading as trail_reading
from center.audit import words as trail_words
from center.audit.reading import Entry, TrailFilter, TrailPage
from center.bookings import actions, history
from center.bookings.models import Booking, BookingChange
from center.bookings.rulebook.facts import Party
from center.bookings.writing import BookingRequest
from center.kernel import clock
from center.kernel.db import Base, transaction
from center.kernel.i18n import speaking
from center.kernel.marks import Mark
from center.kernel.spans import Span
from center.kernel.trail import UNTOLD, Trailed
from center.notices import kinds, message_texts
from center.notices.kinds import Words
from center.people.models import Person, Role
from center.rooms.models import Room
from tests.builders import ZONE, at, make_account, make_person, make_room, sign_in
from tests.engines import ONE_ENGINE


def book(room: Room, person: Person | None = None) -> Booking:
    person = person or make_person()
    asked = BookingRequest(span=Span(at(10), at(11)), people=2, purpose="象棋", request_key="key")
    with transaction():
        return actions.request_booking(room, asked, person=person, by=person, party=Party.PERSON, now=clock.now())


@ONE_ENGINE
@pytest.mark.parametrize(
    ("role", "status"), [(Role.DIRECTOR, 200), (Role.AUDITOR, 200), (Role.CLERK, 403), (Role.GRID_WORKER, 403)]
)
def test_directors_and_auditors_read_the_trail(app: Flask, client: FlaskClient, role: Role, status: int) -> None:
    sign_in(client, make_account(roles=[role]))
    assert client.get("/desk/trail").status_code == status
    desk = client.get("/desk").get_data(as_text=True)
    assert ("/desk/trail" in desk) is (status == 200)


def test_the_trail_can_be_narrowed_and_says_when_there_is_nothing(app: Flask, client: FlaskClient) -> None:
    here, there = book(make_room(code="R1"), make_person(name="李桂兰")), book(make_room(code="R2"))
    sign_in(client, make_account(roles=[Role.AUDITOR]))

    def page(query: str) -> str:
        return client.get(f"/desk/trail?lang=en&{query}").get_data(as_text=True)

    assert here.reference in page("")
    assert there.reference in page("")
    assert there.reference not in page("room=R1")
    assert here.reference in page(f"who={here.person.name}")
    assert there.reference not in page(f"who={here.person.phone}")
    assert "Nobody was found" in page("who=zzzzzz")
    assert "No changes found" in page("first=2099-01-01")
    today = clock.today(ZONE)
    assert here.reference in page(f"first={today}&last={today}")


@ONE_ENGINE
@pytest.mark.parametrize(
    "query", ["first=0001-01-01", "last=9999-12-31", "first=x", "room=nowhere", "room=%00", "who=%00&before=-1"]
)
def test_nonsense_is_refused_in_words_and_shows_no_other_list(app: Flask, client: FlaskClient, query: str) -> None:
    booking = book(make_room())
    sign_in(client, make_account(roles=[Role.DIRECTOR]))
    answer = client.get(f"/desk/trail?lang=en&{query}")
    assert answer.status_code in {200, 422}
    assert booking.reference not in answer.get_data(as_text=True)


@ONE_ENGINE
def test_a_long_trail_goes_on_on_the_next_page(app: Flask, client: FlaskClient) -> None:
    first, second = book(make_room()), book(make_room())
    with transaction():
        for _change in range(trail_reading.PAGE):
            history.note(second, BookingChange.APPROVED, by=None, now=clock.now())
    sign_in(client, make_account(roles=[Role.DIRECTOR]))
    page = client.get("/desk/trail?lang=en").get_data(as_text=True)
    assert first.reference not in page
    older = re.search(r'href="([^"]*before=[^"]*)"', page)
    assert older
    assert first.reference in client.get(unescape(older[1])).get_data(as_text=True)


def test_a_page_goes_on_within_one_moment_and_lists_nothing_twice(app: Flask, client: FlaskClient) -> None:
    room = make_room(code="R1")
    booking = book(room)
    sign_in(client, make_account(roles=[Role.DIRECTOR]))
    press_closure(client, room, booking)
    whole = [entry.mark for entry in entries_of(trail_reading.latest(TrailFilter(), zone=ZONE))]
    one_by_one: list[Mark] = []
    before: Mark | None = None
    while len(one_by_one) <= len(whole):
        page = trail_reading.latest(TrailFilter(), zone=ZONE, before=before, most=1)
        one_by_one += [entry.mark for entry in entries_of(page)]
        before = page.before
        if before is None:
            break
    assert one_by_one == whole
    assert len({mark.rank for mark in whole}) > 1


def entries_of(page: TrailPage) -> list[Entry]:
    return sorted((entry for press in page.presses for entry in press.entries), key=lambda e: e.mark, reverse=True)


def press_closure(client: FlaskClient, room: Room, booking: Booking) -> str:
    """Close a room over a booking that is cancelled for it; the address one is led to."""
    day = at(0).date().isoformat()
    form = {"room": room.code, "reason": "水管坏了", "from_date": day, "from_time": "08:00", "to_date": day}
    chosen = {"decide-same": "cancel", "decide-why": "水管坏了", "decide-seen": f"{booking.use_id}:{booking.sequence}"}
    answer = client.post("/settings/closures/new", data={**form, "to_time": "18:00", "request_key": "k1", **chosen})
    assert answer.status_code == 303
    return str(answer.location)


def test_what_one_press_did_stands_together_and_can_be_narrowed(app: Flask, client: FlaskClient) -> None:
    room = make_room(code="R1")
    booking = book(room)
    sign_in(client, make_account(make_person(name="陈主任"), roles=[Role.DIRECTOR]))
    press_closure(client, room, booking)

    def page(query: str) -> str:
        return client.get(f"/desk/trail?lang=en&{query}").get_data(as_text=True)

    everything = page("")
    assert "Made a closure" in everything
    assert "and 1 more change by the same press" in everything
    assert everything.count('class="trail-press"') == 2  # the request, and the press
    assert "Made a closure" in page("about=closures&room=R1&who=陈主任")
    assert booking.reference not in page("about=closures")
    assert "Made a closure" not in page("about=bookings")
    assert "No changes found" in page("about=roles")
    assert client.get("/desk/trail?lang=en&about=nonsense").status_code == 422


@ONE_ENGINE
def test_the_trail_goes_out_as_a_table_as_it_is_narrowed(app: Flask, client: FlaskClient) -> None:
    room = make_room(code="R1")
    booking = book(room)
    sign_in(client, make_account(make_person(name="陈主任"), roles=[Role.DIRECTOR]))
    press_closure(client, room, booking)

    def lines(query: str) -> list[tuple[object, ...]]:
        answer = client.get(f"/desk/trail.xlsx?lang=en&{query}")
        assert re.search(r'filename="trail-\d{4}-\d\d-\d\d\.xlsx"', answer.headers["Content-Disposition"])
        return list(load_workbook(BytesIO(answer.data)).active.values)

    head, *rows = lines("")
    assert head[:4] == ("No.", "When", "Who", "What")
    assert [(row[0], row[3]) for row in rows] == [(1, "Made a closure"), (1, "Cancelled"), (2, "Booked")]
    assert "陈主任" in str(rows[0][2])
    assert [row[3] for row in lines("about=bookings")[1:]] == ["Cancelled", "Booked"]


@ONE_ENGINE
def test_whoever_pressed_reads_what_it_did_and_other_staff_do_not(app: Flask, client: FlaskClient) -> None:
    room = make_room()
    booking = book(room)
    director, clerk = make_account(roles=[Role.DIRECTOR]), make_account(roles=[Role.CLERK])
    sign_in(client, director)
    done = press_closure(client, room, booking)
    assert booking.reference in client.get(done).get_data(as_text=True)
    sign_in(client, clerk)
    assert client.get(done).status_code == 404
    assert client.get("/desk/done/nothing").status_code == 404
    sign_in(client, make_account(roles=[Role.AUDITOR]))
    assert client.get(done).status_code == 200


def test_the_page_of_a_press_says_who_is_told_and_prints_whom_to_ring(app: Flask, client: FlaskClient) -> None:
    room = make_room()
    person = make_person(name="王秀英", phone="19900000042")
    booking = book(room, person)
    director = make_account(roles=[Role.DIRECTOR])
    sign_in(client, director)
    done = press_closure(client, room, booking)
    page = client.get(f"{done}?lang=en").get_data(as_text=True)
    assert "1 still to tell" in page
    assert "王秀英 · the desk rings" in page
    assert f"{done}/print" in page
    sheet = client.get(f"{done}/print?lang=en").get_data(as_text=True)
    for said in ("One call", "王秀英", "19900000042", "水管坏了"):
        assert said in sheet
    sign_in(client, make_account(roles=[Role.CLERK]))
    assert client.get(f"{done}/print").status_code == 404
    sign_in(client, make_account(roles=[Role.AUDITOR]))
    assert client.get(f"{done}/print").status_code == 403


@ONE_ENGINE
def test_the_words_of_a_message_are_called_by_what_they_are_for_not_by_their_code(
    app: Flask, client: FlaskClient
) -> None:
    director = make_account(roles=[Role.DIRECTOR])
    with transaction(), speaking("en"):
        kind = kinds.get_kind("sign_up.reminder_day")
        message_texts.save(
            kind, "en", Words("Tomorrow: {title}", "See you, {name}."), by=director.person, now=clock.now()
        )
    sign_in(client, director)
    shown = unescape(client.get("/desk/trail?lang=en").get_data(as_text=True))
    assert "Changed the words of a message" in shown
    with speaking("en"):
        assert f"{kind.title} · English" in shown
    assert "Subject: Tomorrow: [The title of the activity]" in shown
    for raw in ("sign_up.reminder_day", "{title}", "{name}"):
        assert raw not in shown


def test_everything_that_staff_change_has_a_name_and_its_choices_too() -> None:
    for mapper in Base.registry.mappers:
        model = mapper.class_
        if issubclass(model, Trailed):
            for column in mapper.columns:
                if column.key in UNTOLD or (model.trail_only and column.key not in model.trail_only):
                    continue
                assert column.key in trail_fields.FIELDS
                if isinstance(column.type, Enum):
                    known = trail_words.CHOICES.get((str(mapper.local_table), column.key), {})
                    assert set(column.type.enums) <= {str(each) for each in known}, column
