"""The desk's pages: who may see them, what they show and hide, and odd input."""

import re
from datetime import datetime
from typing import Any

import pytest
import structlog
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select
from structlog.testing import LogCapture

from center.bookings.models import BookingStatus
from center.kernel import trail
from center.kernel.db import db
from center.people import names
from center.people.models import Person, Role
from tests.builders import (
    ZONE,
    at,
    make_account,
    make_booking,
    make_building,
    make_centre,
    make_organisation,
    make_person,
    make_room,
    sign_in,
)
from tests.engines import ONE_ENGINE
from tests.statements import selects

pytestmark = ONE_ENGINE

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)
LOOKS = ["/desk", "/desk/people", "/desk/people/{id}"]
WRITES = ["/desk/people/new", "/desk/people/{id}/edit", "/desk/people/{id}/book"]


@pytest.fixture(autouse=True)
def _monday_morning() -> Any:
    with time_machine.travel(MONDAY, tick=False):
        yield


def person(name: str, **facts: Any) -> Person:
    key = names.sort_key(name)
    return make_person(name=name, sort_key=key, initials=names.initials_of_key(key), **facts)


def sign_in_as(client: FlaskClient, *roles: Role) -> Person:
    account = make_account(person("甄职员"), roles=roles)
    sign_in(client, account)
    return account.person


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def count_people() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Person)) or 0


@pytest.mark.parametrize("address", LOOKS + WRITES)
def test_a_visitor_is_asked_to_sign_in(client: FlaskClient, address: str) -> None:
    someone = make_person()
    answer = client.get(address.format(id=someone.id))
    assert answer.status_code in {302, 303, 401}
    assert someone.name not in text(answer)


@pytest.mark.parametrize("address", LOOKS + WRITES)
@pytest.mark.parametrize("role", [None, Role.GRID_WORKER, Role.TUTOR])
def test_the_desk_is_closed_to_all_but_staff(client: FlaskClient, address: str, role: Role | None) -> None:
    someone = make_person()
    sign_in_as(client, *([role] if role else []))
    answer = client.get(address.format(id=someone.id))
    assert answer.status_code == 403
    assert someone.name not in text(answer)


def test_an_auditor_may_look_but_not_write(client: FlaskClient) -> None:
    someone = person("李秀英", phone="19900005678")
    sign_in_as(client, Role.AUDITOR)
    for address in LOOKS:
        assert client.get(address.format(id=someone.id)).status_code == 200, address
    for address in WRITES:
        assert client.get(address.format(id=someone.id)).status_code == 403, address
    shown = text(client.get(f"/desk/people/{someone.id}"))
    for word in ("/edit", "/phone", "/book", "claim-code"):
        assert f"/desk/people/{someone.id}{word}" not in shown
    assert client.post("/desk/people/new", data={"name": "王芳"}).status_code == 403
    assert client.post(f"/desk/people/{someone.id}/edit", data={"name": "王芳"}).status_code == 403
    assert client.post(f"/desk/people/{someone.id}/phone").status_code == 403
    assert count_people() == 2


@pytest.mark.parametrize("address", ["/desk/people/999", "/desk/people/999/book", "/desk/people/999/edit"])
@pytest.mark.parametrize("number", ["999", "0", "-1", "99999999999999999999", "x"])
def test_nobody_is_a_404(client: FlaskClient, address: str, number: str) -> None:
    sign_in_as(client, Role.CLERK)
    assert client.get(address.replace("999", number)).status_code == 404


@pytest.mark.parametrize(
    "typed", ["", " ", "%", "_", "🎉", "李" * 500, "9" * 500, "\x00", "'--", "<script>", "3-", "-301", "1" * 18]
)
def test_odd_searches_are_answered_with_help(client: FlaskClient, typed: str) -> None:
    person("王芳", phone="19900001234")
    sign_in_as(client, Role.CLERK)
    answer = client.get("/desk/people", query_string={"q": typed})
    assert answer.status_code == 200
    assert "王芳" not in text(answer)
    assert "/desk/people/new" in text(answer)


def test_one_match_opens_at_once(client: FlaskClient) -> None:
    someone = person("李秀英", phone="19900005678")
    person("王芳")
    sign_in_as(client, Role.CLERK)
    answer = client.get("/desk/people", query_string={"q": "5678"})
    assert answer.status_code == 302
    assert answer.location.endswith(f"/desk/people/{someone.id}")


def test_several_matches_are_told_apart_without_whole_phones(client: FlaskClient) -> None:
    three = make_building(code="3栋")
    first = person(
        "李秀英", phone="19900005678", building=three, unit="2", door="301", birth_year=1948, lives_alone=True
    )
    person("李雪云", phone="19900004321", phone_is_relatives=True)
    sign_in_as(client, Role.CLERK)
    shown = text(client.get("/desk/people?q=lxy&lang=en"))
    assert "3栋-2-301" in shown
    assert "199****5678" in shown
    assert "19900005678" not in shown
    assert "1948 · 70 to 79" in shown
    assert "Lives alone" in shown
    assert "(a relative" in shown
    assert f"/desk/people/{first.id}/book" in shown


def test_a_long_list_says_that_there_are_more(client: FlaskClient) -> None:
    for _ in range(25):
        person("李秀英")
    sign_in_as(client, Role.CLERK)
    shown = text(client.get("/desk/people?q=lxy&lang=en"))
    assert shown.count("Book a room for") == 20
    assert "narrow your search" in shown


def test_a_number_is_masked_until_somebody_asks_and_that_is_logged(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone = person("李秀英", phone="19900005678")
    clerk = sign_in_as(client, Role.CLERK)
    shown = text(client.get(f"/desk/people/{someone.id}"))
    assert "199****5678" in shown
    assert "19900005678" not in shown
    lines = LogCapture()
    monkeypatch.setattr(
        trail, "log", structlog.wrap_logger(None, processors=[lines], wrapper_class=structlog.BoundLogger)
    )
    asked = client.post(f"/desk/people/{someone.id}/phone")
    assert "19900005678" in text(asked)
    assert [(line["event"], line["person"], line["by"]) for line in lines.entries] == [
        ("phone_shown", someone.id, clerk.id)
    ]
    assert "19900005678" not in str(lines.entries)


def test_a_forged_request_for_a_number_shows_nothing(client: FlaskClient) -> None:
    someone = person("李秀英", phone="19900005678")
    sign_in_as(client, Role.CLERK)
    answer = client.post(f"/desk/people/{someone.id}/phone", csrf=False)
    assert answer.status_code == 403
    assert "19900005678" not in text(answer)


def test_a_number_that_nobody_has_is_a_404(client: FlaskClient) -> None:
    someone = person("李秀英", phone=None)
    sign_in_as(client, Role.CLERK)
    assert client.post(f"/desk/people/{someone.id}/phone").status_code == 404


def test_a_booking_leads_staff_back_to_the_person_and_a_person_to_nobodys_page(client: FlaskClient) -> None:
    theirs = make_booking(room=make_room(), person=person("李秀英"))
    clerk = sign_in_as(client, Role.CLERK)
    own = make_booking(room=make_room(), person=clerk)
    link = f'href="/desk/people/{theirs.person_id}"'
    assert link in text(client.get(f"/bookings/{theirs.reference}"))
    assert "/desk/people/" not in text(client.get(f"/bookings/{own.reference}"))
    sign_in(client, make_account(theirs.person))
    assert "/desk/people/" not in text(client.get(f"/bookings/{theirs.reference}"))


def test_a_persons_page_leads_to_a_booking_in_one_press(client: FlaskClient) -> None:
    someone, room = person("李秀英"), make_room(code="R02")
    make_booking(room=room, person=someone, starts_at=at(15, days=0), purpose="写春联")
    sign_in_as(client, Role.CLERK)
    shown = text(client.get(f"/desk/people/{someone.id}"))
    assert f"/bookings/new/R02?date=2026-11-23&amp;start=10:00&amp;person={someone.id}&amp;channel=desk" in shown
    assert "写春联" in shown
    assert "/slip" in shown
    assert "/cancel" in shown


@pytest.mark.parametrize("date", ["", "x", "2026-13-45", "1999-01-01", "2026-11-22", "2099-01-01", "0001-01-01"])
def test_a_day_that_cannot_be_meant_is_today(client: FlaskClient, date: str) -> None:
    someone, _room = person("李秀英"), make_room(code="R02")
    sign_in_as(client, Role.CLERK)
    shown = text(client.get(f"/desk/people/{someone.id}/book", query_string={"date": date, "channel": "pigeon"}))
    assert "date=2026-11-23&amp;start=10:00" in shown
    assert "channel=desk" in shown


def test_rooms_for_a_call_are_booked_by_phone(client: FlaskClient) -> None:
    someone, room = person("李秀英"), make_room(code="R02")
    make_booking(room=room, starts_at=at(8, days=1), minutes=13 * 60)
    sign_in_as(client, Role.CLERK)
    address = f"/desk/people/{someone.id}/book?channel=phone&lang=en"
    assert "Nothing free on this day" in text(client.get(address + "&date=2026-11-24"))
    assert "channel=phone" in text(client.get(address + "&date=2026-11-25"))


TYPED = {
    "name": "单秀英",
    "phone": "199 0000 5678",
    "unit": "2",
    "door": "301",
    "birth_year": "1948",
    "lives_alone": "y",
}


def test_a_new_person_is_written_down_and_opened(client: FlaskClient) -> None:
    three = make_building(code="3栋")
    sign_in_as(client, Role.CLERK)
    answer = client.post("/desk/people/new", data={**TYPED, "building_id": three.id})
    assert answer.status_code == 303
    shown = text(client.get(answer.location))
    assert "shan xiu ying" in shown
    assert "3栋-2-301" in shown


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "李" * 61),
        ("name", "李🎉"),
        ("name", "420107194801010023"),
        ("phone", "42010719480101002X"),
        ("phone", "12345"),
        ("phone", "1" * 41),
        ("door", "420107194801010023"),
        ("door", "301\x07"),
        ("building_id", "999999"),
        ("building_id", "x"),
        ("birth_year", "last year"),
        ("birth_year", "48"),
        ("birth_year", "9" * 5000),
        ("birth_year", "420107194801010023"),
    ],
)
def test_a_wrong_field_keeps_everything_typed_and_writes_nothing(client: FlaskClient, field: str, typed: str) -> None:
    make_building(code="3栋")
    sign_in_as(client, Role.CLERK)
    answer = client.post("/desk/people/new", data={**TYPED, "unit": "", "door": "", field: typed})
    assert answer.status_code == 422
    shown = answer.get_data(as_text=True)
    assert f'href="#{field}"' in shown
    assert re.search(r'aria-invalid="true"', shown)
    if field != "birth_year":
        assert "1948" in shown
    if field != "phone":
        assert "199 0000 5678" in shown
    assert count_people() == 1


def test_an_old_form_is_shown_again_with_what_was_typed(client: FlaskClient) -> None:
    sign_in_as(client, Role.CLERK)
    answer = client.post("/desk/people/new", data={**TYPED, "unit": "", "door": ""}, csrf=False)
    assert answer.status_code == 422
    assert "单秀英" in text(answer)
    assert count_people() == 1


def test_a_likely_second_record_asks_first(client: FlaskClient) -> None:
    first = person("单秀英", phone="19900005678")
    sign_in_as(client, Role.CLERK)
    typed = {**TYPED, "unit": "", "door": ""}
    answer = client.post("/desk/people/new", data=typed)
    assert answer.status_code == 422
    assert f"/desk/people/{first.id}" in text(answer)
    assert 'name="is_somebody_else"' in text(answer)
    assert count_people() == 2
    assert client.post("/desk/people/new", data={**typed, "is_somebody_else": "y"}).status_code == 303
    assert count_people() == 3


def test_what_was_searched_for_is_in_the_form(client: FlaskClient) -> None:
    make_building(code="3栋")
    sign_in_as(client, Role.CLERK)
    shown = text(client.get("/desk/people/new", query_string={"q": "李秀英 3-2-301"}))
    assert 'value="李秀英"' in shown
    assert 'value="301"' in shown


def test_a_record_is_corrected(client: FlaskClient) -> None:
    someone = person("乐嘉", phone="19900005678")
    sign_in_as(client, Role.CLERK)
    address = f"/desk/people/{someone.id}/edit"
    assert 'value="yue jia"' in text(client.get(address))
    assert client.post(address, data={"name": "乐嘉", "sort_key": "le jia", "phone": ""}).status_code == 303
    assert client.post(address, data={"name": ""}).status_code == 422
    shown = text(client.get(f"/desk/people/{someone.id}"))
    assert "le jia" in shown
    assert "199****5678" not in shown


def test_the_board_says_what_each_room_does_and_who_comes(client: FlaskClient) -> None:
    make_centre()
    music, hall = make_room(name="音乐室", name_en="Music Room"), make_room(name="多功能厅", name_en="Hall")
    drums = make_organisation(name="大鼓队", name_en="Drum team")
    make_booking(room=music, starts_at=at(9, 30, days=0), organisation=drums, purpose="排练")
    coming = person("李秀英")
    make_booking(room=hall, person=coming, starts_at=at(14, days=0), status=BookingStatus.REQUESTED, people=80)
    make_account(person("等等"), is_confirmed=False)
    sign_in_as(client, Role.CLERK)
    shown = text(client.get("/desk?lang=en"))
    for words in ("In use", "09:30–10:30", "Drum team", "14:00–15:00", "李秀英", "80 people", "Approve or decline"):
        assert words in shown, words
    assert "<strong>1</strong> request waiting" in shown
    assert "<strong>1</strong> account to confirm" in shown
    assert "<strong>1</strong> room free now" in shown
    assert 'accesskey="s"' in shown
    assert "autofocus" in shown


def test_an_empty_centre_has_a_desk(client: FlaskClient) -> None:
    sign_in_as(client, Role.DIRECTOR)
    shown = text(client.get("/desk?lang=en"))
    assert "No rooms yet" in shown
    assert "No bookings today" in shown


def test_staff_are_told_that_a_years_holidays_are_not_known(client: FlaskClient) -> None:
    with time_machine.travel(datetime(2034, 12, 20, 10, tzinfo=ZONE)):
        sign_in_as(client, Role.DIRECTOR)
        shown = text(client.get("/desk?lang=en"))
    assert "The calendar of 203" in shown


@pytest.mark.parametrize("address", ["/desk", "/desk/people?q=lxy", "/desk/people/1", "/desk/people/1/book"])
def test_cost_does_not_grow_with_what_is_shown(client: FlaskClient, address: str) -> None:
    someone, building = person("李秀英"), make_building()
    person("李雪云")
    sign_in_as(client, Role.CLERK)

    def add(count: int) -> None:
        for n in range(count):
            room = make_room()
            guest = person("李秀英", building=building, unit="1", door=f"{n}01")
            make_account(guest)
            make_booking(room=room, person=someone, starts_at=at(9 + n, days=0))
            make_booking(room=room, person=guest, organisation=make_organisation(), starts_at=at(15, days=0))

    def cost() -> int:
        db.session.rollback()
        with selects() as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    add(2)
    few = cost()
    add(6)
    assert cost() == few
