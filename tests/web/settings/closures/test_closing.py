"""What becomes of bookings when their room is shut: listed, chosen for, and done at once or not at all."""

import re
import uuid
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from center.bookings.affected_uses.rules import Choice, Choices, Fate, InTheWay, read_choice, write_move
from center.bookings.models import Booking, BookingChange, BookingEvent, BookingStatus
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.spans import Span, merge
from center.people.models import Account, Role
from center.premises.models import CalendarDay
from center.rooms import ledger
from center.rooms.models import Closure, HoursException, Occupancy, Room, UseKind
from center.web.settings.rooms.opening_forms import DAY_NAMES
from tests.builders import ZONE, at, make_account, make_booking, make_organisation, make_person, make_room, sign_in
from tests.engines import ONE_ENGINE
from tests.there import there
from tests.walking import go_on, opened
from tests.well_made import faults

ENGLISH = {"lang": "en"}
TEN = datetime(2026, 11, 24, 10, tzinfo=ZONE)


@ONE_ENGINE
@pytest.mark.parametrize(
    ("text", "choice"),
    [
        pytest.param("cancel", Choice(Fate.CANCEL), id="cancel"),
        pytest.param("keep", Choice(Fate.KEEP), id="keep"),
        pytest.param("move", Choice(Fate.MOVE), id="move to the nearest"),
        pytest.param(write_move("R03", TEN), Choice(Fate.MOVE, "R03", TEN), id="move to a place"),
        pytest.param("", None, id="nothing"),
        pytest.param("burn", None, id="forged"),
        pytest.param("move:R03", None, id="a place without a time"),
        pytest.param("move:R03@soon", None, id="no such time"),
        pytest.param("move:R03@2026-11-24T10:00", None, id="a time without a zone"),
    ],
)
def test_a_choice_is_read(text: str, choice: Choice | None) -> None:
    assert read_choice(text) == choice


@ONE_ENGINE
@pytest.mark.parametrize(
    ("choices", "use", "is_settled"),
    [
        pytest.param(Choices({"1:0"}, "cancel"), InTheWay(1, "1:0"), True, id="the choice for all"),
        pytest.param(Choices({"1:0"}, "", {1: "keep"}), InTheWay(1, "1:0"), True, id="its own choice"),
        pytest.param(Choices({"1:0"}, "", {1: ""}), InTheWay(1, "1:0"), False, id="no choice"),
        pytest.param(Choices({"1:0"}, "cancel"), InTheWay(1, "1:1"), False, id="changed since it was shown"),
        pytest.param(Choices({"1:0"}, "cancel"), InTheWay(2, "2:0"), False, id="never shown"),
        pytest.param(Choices(), InTheWay(3, "3:0", has_choice=False), False, id="a hold never shown"),
        pytest.param(Choices({"3:0"}), InTheWay(3, "3:0", has_choice=False), True, id="a hold that was shown"),
        pytest.param(Choices(), InTheWay(4, "4:0", is_over=True), True, id="only being cleared up"),
    ],
)
def test_a_use_is_settled_once_it_was_shown_and_chosen_for(choices: Choices, use: InTheWay, is_settled: bool) -> None:
    assert choices.is_settled(use) is is_settled


@pytest.fixture(autouse=True)
def _between_holidays(app: Flask) -> None:
    """A holiday tomorrow would have shut the rooms already."""
    clock.start_at(TEN)


def closure(room: str = "", **changes: Any) -> dict[str, Any]:
    day = at(0).date().isoformat()
    known = {"from_date": day, "from_time": "08:00", "to_date": day, "to_time": "18:00"}
    known["request_key"] = str(uuid.uuid4())
    return {"room": room, "reason": "维修", "reason_en": "Repairs", **known, **changes}


class Page(str):
    """The text of a page, and the address at which it is."""

    __slots__ = ("address",)
    address: str


def send(client: FlaskClient, path: str, status: int = 303, **data: Any) -> Page:
    """What comes of a form; with the status 422 the page that asks something before anything is done."""
    path, _mark, query = path.partition("?")
    answer = client.post(path, data=data, query_string=f"lang=en&{query}")
    if answer.status_code == 303 and "draft=" in answer.location and status == 422:
        answer = client.get(answer.location)
        assert answer.status_code in {200, 422}
    else:
        text = answer.get_data(as_text=True)
        found = re.findall(r"field__errors.*?</div>|error-summary.*?</div>", text, re.S)
        assert (answer.status_code, "draft=" in (answer.location or "")) == (status, False), found
    page = Page(answer.get_data(as_text=True))
    page.address = answer.request.full_path
    return page


def choose(client: FlaskClient, page: Page, status: int = 303, /, **data: Any) -> Page:
    """What comes of what was chosen on the page that asks."""
    return send(client, page.address, status, **data)


def marks(page: str) -> list[str]:
    return re.findall(r'name="decide-seen" value="([^"]+)"', page)


def decided(booking: Booking, choice: str) -> dict[str, Any]:
    return {f"decide-use_{booking.use_id}": choice}


def fresh(booking: Booking) -> Booking:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Booking, booking.id)


def count(model: Any) -> Any:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def history(booking: Booking) -> Any:
    query = select(BookingEvent.what).where(BookingEvent.booking_id == booking.id).order_by(BookingEvent.id)
    return list(db.session.scalars(query))


@ONE_ENGINE
def test_the_uses_in_the_way_are_listed_with_whose_they_are(client: FlaskClient, director: Account) -> None:
    room = make_room()
    make_booking(room=room, person=make_person(name="王秀英", phone="13812345678"), purpose="象棋")
    lead = make_person(name="李建国", phone="13812345679", phone_is_relatives=True)
    team = make_organisation(leads=[lead], name_en="Drum troupe")
    make_booking(room=room, starts_at=at(15), person=lead, organisation=team)
    page = send(client, "/settings/closures/new", 422, **closure(room.code))
    assert "2 uses are in the way" in page
    for said in ("王秀英", "象棋", "138****5678", "Drum troupe", "138****5679 (a relative", "Cancel it", "Keep it"):
        assert said in page
    assert "13812345678" not in page
    assert "维修" not in page, "what was typed is kept, not carried along"
    assert 'value="维修"' in client.get(page.address.replace("uses=choose", "")).text
    assert count(Closure) == 0


@ONE_ENGINE
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("elder", ["0", "1"], ids=["standard", "elder mode"])
def test_the_page_that_asks_is_well_made_for_everybody(
    client: FlaskClient, director: Account, language: str, elder: str
) -> None:
    room = make_room()
    make_booking(room=room)
    with transaction():
        ledger.take(UseKind.HOLD, room, starts_at=at(15), clear_at=at(16), zone=ZONE)
    form = closure(room.code)
    seen = {"decide-same": "", "decide-seen": ["0:0"]}
    for more in ({}, seen):
        answer = client.post(
            "/settings/closures/new", data={**form, **more}, query_string={"lang": language, "elder": elder}
        )
        answer = client.get(answer.location)
        assert answer.status_code == (422 if more else 200)
        assert sorted(set(faults(answer.get_data(as_text=True), language))) == []


@ONE_ENGINE
def test_each_booking_becomes_what_was_chosen_for_it(client: FlaskClient, director: Account) -> None:
    room = make_room()
    first, second, third = (make_booking(room=room, starts_at=at(hour)) for hour in (9, 11, 15))
    page = send(client, "/settings/closures/new", 422, **closure(room.code))
    choices: dict[str, Any] = {**decided(first, "keep"), **decided(second, ""), **decided(third, "cancel")}
    both: dict[str, Any] = {"decide-same": "cancel", "decide-why": "水管坏了", "decide-seen": marks(page)}
    choose(client, page, **both, **choices)
    assert [fresh(each).status.value for each in (first, second, third)] == ["confirmed", "cancelled", "cancelled"]
    assert history(first) == [BookingChange.KEPT]
    assert history(second) == [BookingChange.CANCELLED]
    assert fresh(second).cancel_reason == "水管坏了"
    taken = db.session.scalars(select(Occupancy).order_by(Occupancy.starts_at)).all()
    assert [row.use_id for row in taken if row.use_id == first.use_id] == [first.use_id]
    assert all(before.clear_at == after.starts_at for before, after in pairwise(taken))
    assert (taken[0].starts_at, taken[-1].clear_at) == (at(8), at(18))


def test_sending_it_twice_does_it_once(client: FlaskClient, director: Account) -> None:
    room = make_room()
    booking = make_booking(room=room)
    page = send(client, "/settings/closures/new", 422, **closure(room.code))
    both: dict[str, Any] = {"decide-same": "keep", "decide-seen": marks(page)}
    for _ in range(2):
        choose(client, page, **both)
    assert count(Closure) == 1
    assert history(booking) == [BookingChange.KEPT]


def test_back_reload_and_bookmarks_lose_nothing_and_a_draft_is_nobody_elses(
    client: FlaskClient, director: Account
) -> None:
    room, other = make_room(), make_room()
    booking = make_booking(room=room, starts_at=at(10, days=3))
    page = send(client, "/settings/closures/new", 422, **far(room))
    for _ in range(2):
        assert "1 use is in the way" in client.get(page.address).text, "it can be asked for again"
    to = write_move(other.code, at(19, days=3))
    check = go_on(client, opened(client, page.address), **{"decide-why": "水管坏了", **decided(booking, to)})
    assert "Is this right?" in check.text
    back = go_on(client, check, stage="back")
    assert re.search(rf'id="decide-use_{booking.use_id}".*?<option selected value="move:', back.text, re.S)
    assert "水管坏了" in back.text
    form = go_on(client, back, stage="back")
    assert 'value="维修"' in form.text
    again = go_on(client, form, **far(room, days=4))
    assert again.status_code == 303, "at another time nothing is in the way"
    assert count(Closure) == 1
    assert fresh(booking).room_id == room.id
    colleague = client.application.test_client()
    sign_in(colleague, make_account(roles=[Role.DIRECTOR]))
    theirs = colleague.get(page.address)
    assert theirs.location.endswith("/settings/closures/new?lang=en")
    assert colleague.post(page.address, data={"decide-same": "cancel"}).location.endswith(
        "/settings/closures/new?lang=en"
    )
    assert go_on(client, check).status_code == 303, "where it led, it leads again"
    assert count(Closure) == 1


@ONE_ENGINE
def test_what_is_not_chosen_for_is_asked_again_and_nothing_is_done(client: FlaskClient, director: Account) -> None:
    room = make_room()
    first, second = (make_booking(room=room, starts_at=at(hour)) for hour in (9, 11))
    page = send(client, "/settings/closures/new", 422, **closure(room.code))
    typed = {"decide-same": "", "decide-why": "水管坏了", "decide-seen": marks(page), **decided(first, "cancel")}
    page = choose(client, page, 422, **typed, **decided(second, ""))
    assert "Please choose what becomes of it" in page
    assert "水管坏了" in page
    assert re.search(rf'id="decide-use_{first.use_id}".*?<option selected value="cancel"', page, re.S)
    assert fresh(first).status is BookingStatus.CONFIRMED
    assert count(Closure) == 0


@ONE_ENGINE
def test_a_booking_made_while_staff_look_comes_back_as_new_and_no_choice_is_lost(
    client: FlaskClient, director: Account
) -> None:
    room = make_room()
    first = make_booking(room=room, starts_at=at(9))
    page = send(client, "/settings/closures/new", 422, **closure(room.code))
    second = make_booking(room=room, starts_at=at(11))
    typed = {"decide-same": "cancel", "decide-why": "水管坏了", "decide-seen": marks(page), **decided(first, "keep")}
    page = choose(client, page, 422, **typed)
    assert "1 use is new or has changed since you looked" in page
    assert re.search(rf'id="decide-use_{first.use_id}".*?<option selected value="keep"', page, re.S)
    assert fresh(second).status is BookingStatus.CONFIRMED
    assert count(Closure) == 0
    choose(client, page, **{**typed, "decide-seen": marks(page)})
    assert fresh(first).status is BookingStatus.CONFIRMED
    assert fresh(second).status is BookingStatus.CANCELLED


@ONE_ENGINE
def test_a_booking_that_has_gone_meanwhile_is_no_hindrance(client: FlaskClient, director: Account) -> None:
    room = make_room()
    booking = make_booking(room=room)
    page = send(client, "/settings/closures/new", 422, **closure(room.code))
    with transaction() as session:
        row = session.get_one(Booking, booking.id)
        row.status = BookingStatus.CANCELLED
        ledger.release(row.use_id)
    choose(client, page, **{"decide-seen": marks(page), **decided(booking, "keep")})
    assert count(Closure) == 1
    assert history(booking) == []


@ONE_ENGINE
def test_cancelling_needs_a_reason_for_people_to_read(client: FlaskClient, director: Account) -> None:
    room = make_room()
    booking = make_booking(room=room)
    page = send(client, "/settings/closures/new", 422, **closure(room.code))
    typed = {"decide-same": "cancel", "decide-why": "  ", "decide-seen": marks(page)}
    page = choose(client, page, 422, **typed)
    assert 'href="#decide-why"' in page
    assert fresh(booking).status is BookingStatus.CONFIRMED


@ONE_ENGINE
def test_forged_choices_choose_nothing(client: FlaskClient, director: Account) -> None:
    room = make_room()
    booking = make_booking(room=room)
    page = send(client, "/settings/closures/new", 422, **closure(room.code))
    for forged in ("burn", "move:R99@x", "keep "):
        typed = {"decide-same": forged, "decide-why": "x", "decide-seen": marks(page), **decided(booking, forged)}
        choose(client, page, 422, **typed)
    odd = {"decide-use_" + "9" * 40: "keep", "decide-use_x": "keep", "decide-seen": ["", "a", "1:"]}
    choose(client, page, 422, **odd)
    assert count(Closure) == 0


def agree_to_moves(client: FlaskClient, page: Page, typed: dict[str, Any]) -> str:
    """Look at who is moved where, and say yes to exactly that."""
    shown = choose(client, page, 422, **typed)
    seen = re.search(r'name="decide-confirmed" value="(\w+)"', shown)
    assert seen is not None
    choose(client, shown, **{"decide-confirmed": seen[1]})
    return " ".join(re.sub(r"<[^>]+>", " ", shown).split())


def far(room: Room, days: int = 3) -> dict[str, Any]:
    """A closure far enough ahead for people to be moved without ringing them."""
    day = at(0, days=days).date().isoformat()
    return closure(room.code, from_date=day, to_date=day)


@ONE_ENGINE
def test_all_bookings_are_moved_to_where_they_fit(client: FlaskClient, director: Account) -> None:
    room, other = make_room(position=1), make_room(position=2, capacity=30)
    booking = make_booking(room=room, starts_at=at(10, days=3))
    page = send(client, "/settings/closures/new", 422, **far(room))
    assert f"Move it to {other.code} {other.name_en}, at the same time" in page
    typed = {"decide-same": "move", "decide-why": "水管坏了", "decide-seen": marks(page), **decided(booking, "")}
    shown = agree_to_moves(client, page, typed)
    assert "Is this right? It concerns 1 booking" in shown
    assert f"From now on {other.name_en} ·" in shown
    moved = fresh(booking)
    assert (moved.room_id, moved.starts_at, moved.status) == (other.id, at(10, days=3), BookingStatus.CONFIRMED)
    assert history(booking) == [BookingChange.MOVED]
    assert count(Closure) == 1
    rows = db.session.scalars(select(Occupancy).where(Occupancy.room_id == room.id)).all()
    assert merge(Span(row.starts_at, row.clear_at) for row in rows) == [Span(at(8, days=3), at(18, days=3))]


@ONE_ENGINE
def test_a_booking_is_moved_to_the_place_chosen(client: FlaskClient, director: Account) -> None:
    room, other = make_room(), make_room()
    booking = make_booking(room=room, starts_at=at(10, days=3))
    page = send(client, "/settings/closures/new", 422, **far(room))
    to = write_move(other.code, at(19, days=3))
    typed = {"decide-same": "cancel", "decide-why": "水管坏了", "decide-seen": marks(page), **decided(booking, to)}
    agree_to_moves(client, page, typed)
    assert (fresh(booking).room_id, fresh(booking).starts_at) == (other.id, at(19, days=3))


@ONE_ENGINE
def test_two_that_would_go_to_the_same_place_go_to_the_two_nearest(client: FlaskClient, director: Account) -> None:
    room, other = make_room(), make_room()
    make_booking(room=other, starts_at=at(8, days=3), minutes=720)
    bookings = [make_booking(room=room, starts_at=at(hour, days=3)) for hour in (16, 17)]
    page = send(client, "/settings/closures/new", 422, **far(room))
    agree_to_moves(client, page, {"decide-same": "move", "decide-why": "水管坏了", "decide-seen": marks(page)})
    first, second = (fresh(each) for each in bookings)
    assert not Span(first.starts_at, first.ends_at).overlaps(Span(second.starts_at, second.ends_at))
    assert count(Closure) == 1


@ONE_ENGINE
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("elder", ["0", "1"], ids=["standard", "elder mode"])
def test_before_anybody_is_moved_each_is_shown_with_where_to_and_how_they_are_told(
    client: FlaskClient, director: Account, language: str, elder: str
) -> None:
    room, other = make_room(), make_room()
    rung = make_booking(room=room, person=make_person(phone="13812345678"), starts_at=at(10, days=3))
    gone = make_booking(room=room, starts_at=at(15, days=3))
    page = send(client, "/settings/closures/new", 422, **far(room))
    choices = {**decided(rung, write_move(other.code, at(19, days=3))), **decided(gone, "cancel")}
    typed = {"decide-same": "", "decide-why": "水管坏了", "decide-seen": marks(page), **choices}
    choose(client, page, 422, **typed)
    address = page.address.replace("=choose", "=check").replace("lang=en", f"lang={language}&elder={elder}")
    shown = opened(client, address).text
    assert list(faults(shown, language)) == []
    asked = shown.partition('id="becomes"')[2].partition("</section>")[0]
    assert ("by phone, from the desk" if language == "en" else "由服务台打电话") in asked
    assert "138****5678" in asked
    assert (fresh(rung).room_id, history(rung), fresh(gone).status) == (room.id, [], BookingStatus.CONFIRMED)
    assert count(Closure) == 0


@ONE_ENGINE
def test_nobody_is_moved_under_a_yes_that_was_meant_for_something_else(client: FlaskClient, director: Account) -> None:
    room, other = make_room(), make_room()
    booking = make_booking(room=room, starts_at=at(10, days=3))
    page = send(client, "/settings/closures/new", 422, **far(room))
    typed: dict[str, Any] = {"decide-same": "", "decide-why": "水管坏了", "decide-seen": marks(page)}
    first, second = (decided(booking, write_move(other.code, at(hour, days=3))) for hour in (19, 20))
    shown = choose(client, page, 422, **typed, **first)
    yes: dict[str, Any] = {"decide-confirmed": re.findall(r'name="decide-confirmed" value="(\w+)"', shown)}
    choose(client, page, 422, **typed, **second)
    choose(client, shown, 422, **yes)
    assert fresh(booking).room_id == room.id
    choose(client, page, 422, **typed, **first)
    choose(client, shown, **yes)
    assert fresh(booking).starts_at == at(19, days=3)


@ONE_ENGINE
@pytest.mark.parametrize("where", ["in the closed time", "taken by another", "no such room"])
def test_a_move_that_cannot_be_leaves_everything_as_it_was(client: FlaskClient, director: Account, where: str) -> None:
    room, other = make_room(), make_room()
    booking, second = (
        make_booking(room=room, starts_at=at(10, days=3)),
        make_booking(room=room, starts_at=at(15, days=3)),
    )
    make_booking(room=other, starts_at=at(10, days=3))
    page = send(client, "/settings/closures/new", 422, **far(room))
    targets = {"in the closed time": (room.code, at(12, days=3)), "no such room": ("R9999", at(12, days=3))}
    to = write_move(*targets.get(where, (other.code, at(10, days=3))))
    typed = {"decide-same": "cancel", "decide-why": "水管坏了", "decide-seen": marks(page), **decided(booking, to)}
    page = choose(client, page, 422, **typed)
    assert f'href="#decide-use_{booking.use_id}"' in page
    if where != "no such room":
        assert re.search(rf'id="decide-use_{booking.use_id}".*?<option selected value="move:', page, re.S)
    assert [fresh(each).status.value for each in (booking, second)] == ["confirmed", "confirmed"]
    assert fresh(booking).room_id == room.id
    assert count(Closure) == 0


@ONE_ENGINE
def test_two_bookings_do_not_move_to_one_place(client: FlaskClient, director: Account) -> None:
    rooms, other = [make_room(), make_room()], make_room(capacity=99)
    bookings = [make_booking(room=room, starts_at=at(10, days=3)) for room in rooms]
    make_booking(room=other, starts_at=at(8, days=3), minutes=60)
    page = send(client, "/settings/closures/new", 422, **{**far(rooms[0]), "room": ""})
    to = write_move(other.code, at(19, days=3))
    typed = {"decide-why": "水管坏了", "decide-same": "keep", "decide-seen": marks(page)}
    both = {**decided(bookings[0], to), **decided(bookings[1], to)}
    choose(client, page, 422, **typed, **both)
    assert [fresh(each).room_id for each in bookings] == [room.id for room in rooms]
    assert count(Closure) == 0


@ONE_ENGINE
def test_nobody_is_moved_within_a_day_without_agreeing(client: FlaskClient, director: Account) -> None:
    room, other = make_room(), make_room()
    booking = make_booking(room=room, starts_at=clock.now() + timedelta(hours=20))
    start = booking.starts_at.astimezone(ZONE)
    day = {"from_date": start.date().isoformat(), "to_date": (start + timedelta(days=1)).date().isoformat()}
    form = closure(room.code, **day, from_time=start.strftime("%H:%M"))
    page = send(client, "/settings/closures/new", 422, **form)
    to = write_move(other.code, booking.starts_at)
    typed = {"decide-why": "水管坏了", "decide-same": "", "decide-seen": marks(page), **decided(booking, to)}
    page = choose(client, page, 422, **typed)
    assert "24 hours" in page
    assert fresh(booking).room_id == room.id


@ONE_ENGINE
def test_a_hold_in_the_way_is_shown_and_stays(client: FlaskClient, director: Account) -> None:
    room = make_room()
    with transaction():
        hold = ledger.take(UseKind.HOLD, room, starts_at=at(10), clear_at=at(11), zone=ZONE)
    page = send(client, "/settings/closures/new", 422, **closure(room.code))
    assert "Hold" in page
    assert "it stays as it is" in page
    choose(client, page, **{"decide-seen": marks(page)})
    closed = db.session.scalar(select(Closure))
    with transaction():
        ledger.release(hold.id)
    db.session.rollback()
    assert set(db.session.scalars(select(Occupancy.use_id))) == {there(closed).use_id}


def test_an_overlapping_closure_is_in_nobodys_way(client: FlaskClient, director: Account) -> None:
    room = make_room()
    send(client, "/settings/closures/new", **closure(room.code))
    send(client, "/settings/closures/new", **closure(""))
    assert count(Closure) == 2


def test_a_closure_is_changed_and_printed_and_asks_about_what_it_meets_then(
    client: FlaskClient, director: Account
) -> None:
    room = make_room()
    booking = make_booking(room=room, starts_at=at(19))
    send(client, "/settings/closures/new", **closure(room.code))
    number = db.session.scalar(select(Closure.id))
    longer = {
        key: value for key, value in closure(to_time="20:30", reason="消毒", reason_en="").items() if key != "room"
    }
    page = send(client, f"/settings/closures/{number}", 422, **longer)
    assert "1 use is in the way" in page
    choose(client, page, **{"decide-same": "keep", "decide-seen": marks(page)})
    text = client.get(f"/settings/closures/{number}", query_string=ENGLISH).get_data(as_text=True)
    assert booking.reference in text
    sheet = client.get(f"/settings/closures/{number}/print", query_string=ENGLISH).get_data(as_text=True)
    assert "消毒" in sheet
    assert "19:00–20:00" in sheet
    assert booking.reference not in sheet
    send(client, f"/settings/closures/{number}", 422, **{**longer, "to_time": "07:00"})
    send(client, "/settings/closures/99999", 404, **longer)


@ONE_ENGINE
def test_shutting_a_day_asks_about_its_bookings(client: FlaskClient, director: Account) -> None:
    room = make_room()
    kept, off = make_booking(room=room, starts_at=at(9)), make_booking(room=room, starts_at=at(11))
    day = {"room": room.code, "on_date": at(0).date().isoformat(), "hours": "", "reason": "停电"}
    page = send(client, "/settings/exceptions/new", 422, **day)
    assert "2 uses are in the way" in page
    assert count(HoursException) == 0
    typed = {"decide-same": "cancel", "decide-why": "停电", "decide-seen": marks(page), **decided(kept, "keep")}
    choose(client, page, **typed)
    assert count(HoursException) == 1
    assert [fresh(each).status.value for each in (kept, off)] == ["confirmed", "cancelled"]
    assert history(kept) == [BookingChange.KEPT]


@ONE_ENGINE
def test_other_weekly_hours_ask_about_bookings_too(client: FlaskClient, director: Account) -> None:
    room = make_room()
    booking = make_booking(room=room, starts_at=at(19))
    week = dict.fromkeys(DAY_NAMES, "08:00-18:00")
    page = send(client, f"/settings/rooms/{room.code}/hours", 422, **week)
    typed: dict[str, Any] = {"decide-same": "keep", "decide-seen": marks(page)}
    choose(client, page, **typed)
    assert history(booking) == [BookingChange.KEPT]
    assert fresh(booking).room.hours[0].closes == time(18)


def test_taking_other_hours_back_asks_too(client: FlaskClient, director: Account) -> None:
    room = make_room(hours=[])
    day: dict[str, Any] = {
        "room": room.code,
        "on_date": at(0).date().isoformat(),
        "hours": "08:00-20:00",
        "reason": "开放日",
    }
    send(client, "/settings/exceptions/new", **day)
    booking = make_booking(room=room)
    number = db.session.scalar(select(HoursException.id))
    page = send(client, f"/settings/exceptions/{number}/remove", 422)
    typed: dict[str, Any] = {"decide-same": "cancel", "decide-why": "改期", "decide-seen": marks(page)}
    choose(client, page, **typed)
    assert fresh(booking).status is BookingStatus.CANCELLED
    assert count(HoursException) == 0


@ONE_ENGINE
def test_a_holiday_shows_which_bookings_it_hits(client: FlaskClient, director: Account) -> None:
    room = make_room(hours=[(weekday, time(8), time(21)) for weekday in range(7)])
    booking = make_booking(room=room)
    day = at(0).date()
    typed = {"on_date": day.isoformat(), "kind": "holiday", "name": "社区节", "name_en": "Estate day"}
    page = send(client, "/settings/calendar/day", 422, **typed)
    assert booking.person.name in page
    assert count(CalendarDay) == 0
    chosen: dict[str, Any] = {"decide-same": "cancel", "decide-why": "放假", "decide-seen": marks(page)}
    choose(client, page, **chosen)
    assert fresh(booking).status is BookingStatus.CANCELLED
    assert count(CalendarDay) == 1


@ONE_ENGINE
def test_taking_a_working_day_back_asks_about_its_bookings(client: FlaskClient, director: Account) -> None:
    saturday = at(0).date() + timedelta(days=(5 - at(0).weekday()) % 7)
    room = make_room(hours=[(weekday, time(8), time(21)) for weekday in range(5)])
    typed: dict[str, Any] = {"on_date": saturday.isoformat(), "kind": "working"}
    send(client, "/settings/calendar/day", **typed)
    booking = make_booking(room=room, starts_at=at(10, day=saturday))
    page = send(client, f"/settings/calendar/{saturday.isoformat()}/clear", 422)
    chosen: dict[str, Any] = {"decide-same": "keep", "decide-seen": marks(page)}
    choose(client, page, **chosen)
    assert history(booking) == [BookingChange.KEPT]
    assert count(CalendarDay) == 0
