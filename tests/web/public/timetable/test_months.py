"""The month of a room, and days and weeks on paper, as a reader meets them."""

import html
import re
from collections.abc import Iterator
from datetime import date, datetime, time

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from center.kernel.db import transaction
from center.people.models import Role
from center.premises.models import CalendarDay, DayKind
from center.rooms import ledger
from center.rooms.models import Closure, HoursException, UseKind
from tests.builders import (
    ZONE,
    at,
    make_account,
    make_booking,
    make_centre,
    make_organisation,
    make_person,
    make_room,
    sign_in,
)
from tests.engines import ONE_ENGINE
from tests.statements import selects

pytestmark = ONE_ENGINE

MONDAY_TEN = datetime(2026, 11, 23, 10, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def _monday_morning(app: Flask) -> Iterator[None]:
    with time_machine.travel(MONDAY_TEN, tick=False):
        make_centre()
        yield


def words(client: FlaskClient, address: str) -> str:
    answer = client.get(address + ("&" if "?" in address else "?") + "lang=en")
    assert answer.status_code == 200
    main = answer.text[answer.text.index("<main") : answer.text.index("</main")]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)))


def test_a_month_says_of_each_day_how_many_stretches_are_free(client: FlaskClient) -> None:
    room = make_room(hours=[(n, time(8), time(10)) for n in range(8)], min_minutes=60, step_minutes=60)
    make_booking(room=room, starts_at=at(8), minutes=60)
    make_booking(room=room, starts_at=at(8, days=2), minutes=120)
    text = words(client, f"/rooms/{room.code}/month")
    assert "November 2026" in text
    assert re.search(r"22 Sun 22 Nov Past", text)
    assert re.search(r"23 Mon 23 Nov Today Past", text)
    assert re.search(r"24 Tue 24 Nov 1 free time ", text)
    assert re.search(r"25 Wed 25 Nov Full", text)
    assert re.search(r"26 Thu 26 Nov 1 free time ", text)


def test_a_month_names_holidays_closures_and_other_hours(client: FlaskClient) -> None:
    room = make_room()
    start, end = at(0, day=date(2026, 11, 26)), at(0, day=date(2026, 11, 27))
    with transaction() as session:
        session.add(
            CalendarDay(on_date=date(2026, 11, 25), kind=DayKind.HOLIDAY, name="邻里节", name_en="Neighbours' Day")
        )
        session.add(CalendarDay(on_date=date(2026, 11, 28), kind=DayKind.WORKING, name=""))
        session.add(HoursException(room_id=room.id, on_date=date(2026, 11, 27), reason="盘点", reason_en="Stocktaking"))
        use = ledger.take(UseKind.CLOSURE, room, starts_at=start, clear_at=end, zone=ZONE)
        session.add(
            Closure(use_id=use.id, room_id=room.id, starts_at=start, ends_at=end, reason="修灯", reason_en="New lamps")
        )
    text = words(client, f"/rooms/{room.code}/month")
    assert re.search(r"25 Nov 1 free time Neighbours' Day", text)
    assert re.search(r"26 Nov Closed New lamps", text)
    assert re.search(r"27 Nov Closed Stocktaking", text)
    assert re.search(r"28 Nov 1 free time Make-up working day", text)


def test_a_month_says_what_opens_later_and_what_the_desk_must_be_asked_for(client: FlaskClient) -> None:
    room = make_room(notice_minutes=3 * 1440, horizon_days=5, org_horizon_days=5)
    text = words(client, f"/rooms/{room.code}/month")
    assert re.search(r"24 Tue 24 Nov Ask the desk", text)
    assert re.search(r"28 Sat 28 Nov 1 free time ", text)
    assert re.search(r"29 Sun 29 Nov Opens later", text)
    desk_only = make_room(residents_may_book=False, organisations_may_book=False)
    assert re.search(r"24 Tue 24 Nov Ask the desk", words(client, f"/rooms/{desk_only.code}/month"))


def test_the_reason_for_closing_a_confidential_room_is_not_said(client: FlaskClient) -> None:
    room = make_room(is_confidential=True)
    start, end = at(0, day=date(2026, 11, 26)), at(0, day=date(2026, 11, 27))
    with transaction() as session:
        use = ledger.take(UseKind.CLOSURE, room, starts_at=start, clear_at=end, zone=ZONE)
        session.add(Closure(use_id=use.id, room_id=room.id, starts_at=start, ends_at=end, reason="秘密", reason_en=""))
    text = words(client, f"/rooms/{room.code}/month")
    assert "秘密" not in text
    assert "26 Thu 26 Nov Closed" in text


def test_months_and_weeks_lead_to_each_other_and_to_days(client: FlaskClient) -> None:
    room = make_room(code="R7")
    page = client.get("/rooms/R7/month?date=2026-12-09").text
    assert 'href="/rooms/R7/month?date=2026-11-30"' in page
    assert 'href="/rooms/R7/month?date=2027-01-01"' in page
    assert 'href="/rooms/R7/week?date=2026-12-09#row-R7-2026-12-09"' in page
    assert 'id="row-R7-2026-12-09"' in client.get("/rooms/R7/week?date=2026-12-09").text
    assert f'href="/rooms/{room.code}/month?date=2026-11-23"' in client.get("/rooms/R7/week").text


def test_the_first_weekday_is_monday(client: FlaskClient) -> None:
    make_room(code="R7")
    text = words(client, "/rooms/R7/month")
    assert "Monday Tuesday Wednesday Thursday Friday Saturday Sunday" in text


@pytest.mark.parametrize("day", ["2030-01-01", "1999-01-01", "2026-02-30", "soon", "9999-12-31", "2100-12-31"])
def test_a_month_that_is_none_or_far_is_this_one_with_a_word(client: FlaskClient, day: str) -> None:
    make_room(code="R7")
    text = words(client, f"/rooms/R7/month?date={day}")
    assert "There is no timetable for that date" in text
    assert "November 2026" in text


def test_the_last_month_that_is_shown_leads_no_further(client: FlaskClient) -> None:
    make_room(code="R7")
    assert "Next month" not in words(client, "/rooms/R7/month?date=2027-11-24")
    assert "Month before" not in words(client, "/rooms/R7/month?date=2025-11-22")


@pytest.mark.parametrize("page", ["month", "week/print"])
def test_a_room_that_is_not_there_is_not_found(client: FlaskClient, page: str) -> None:
    assert client.get(f"/rooms/NONE/{page}").status_code == 404


@pytest.mark.parametrize("page", ["month", "week/print"])
def test_a_retired_room_is_shown_to_those_who_edit_rooms_only(client: FlaskClient, page: str) -> None:
    make_room(code="R7", is_retired=True)
    assert client.get(f"/rooms/R7/{page}").status_code == 404
    sign_in(client, make_account(roles=[Role.DIRECTOR]))
    assert client.get(f"/rooms/R7/{page}").status_code == 200


def test_the_sheet_of_a_day_has_every_room_and_says_only_what_the_public_may_read(client: FlaskClient) -> None:
    room, quiet = make_room(name_en="Dance room"), make_room(name_en="Mediation room", is_confidential=True)
    make_room(name_en="Shut room", hours=())
    team = make_organisation(name_en="Drum troupe")
    make_booking(room=room, person=make_person(name="李测试"), starts_at=at(9), purpose="家庭聚会")
    make_booking(room=room, organisation=team, starts_at=at(14), purpose="排练")
    make_booking(room=quiet, organisation=team, starts_at=at(19), purpose="邻里纠纷")
    text = words(client, "/board/print?date=2026-11-24&names=1")
    assert "Tue 24 Nov 2026" in text
    assert "09:00–10:00 In use" in text
    assert "14:00–15:00 Drum troupe · 排练" in text
    assert re.search(r"Mediation room .*19:00–20:00 In use", text)
    assert re.search(r"Shut room Closed:", text)
    for secret in ("李测试", "家庭聚会", "邻里纠纷"):
        assert secret not in text


@pytest.mark.parametrize(("role", "sees"), [(Role.CLERK, True), (None, False)])
def test_staff_may_print_names_but_none_of_a_confidential_room(
    client: FlaskClient, role: Role | None, sees: bool
) -> None:
    room, quiet = make_room(code="R7"), make_room(code="R8", is_confidential=True)
    make_booking(room=room, person=make_person(name="李测试"), starts_at=at(9))
    make_booking(room=quiet, person=make_person(name="王秘密"), starts_at=at(9))
    sign_in(client, make_account(roles=[role] if role else []))
    for address in ("/board/print?date=2026-11-24", "/rooms/R7/week/print?date=2026-11-24"):
        assert "李测试" not in client.get(address).text
        assert ("李测试" in client.get(f"{address}&names=1").text) is sees
        assert ("With names: for staff only." in words(client, f"{address}&names=1")) is sees
    for address in ("/board/print?date=2026-11-24&names=1", "/rooms/R8/week/print?date=2026-11-24&names=1"):
        assert "王秘密" not in client.get(address).text


def test_the_sheet_of_a_week_has_seven_days_from_monday(client: FlaskClient) -> None:
    room = make_room(code="R7", name_en="Dance room")
    make_booking(room=room, organisation=make_organisation(name_en="Drum troupe"), starts_at=at(9), purpose="排练")
    text = words(client, "/rooms/R7/week/print?date=2026-11-26")
    assert "Dance room Week from Mon 23 Nov 2026 to Sun 29 Nov 2026" in text
    assert re.search(r"Tue 24 Nov 09:00–10:00 Drum troupe · 排练", text)
    assert client.get("/rooms/R7/week/print").text.count('<th scope="row">') == 7


def test_boards_and_weeks_lead_to_their_paper(client: FlaskClient) -> None:
    make_room(code="R7")
    assert 'href="/board/print?date=2026-11-24"' in client.get("/board?date=2026-11-24").text
    assert 'href="/rooms/R7/week/print?date=2026-11-23"' in client.get("/rooms/R7/week").text


@pytest.mark.parametrize(
    "address", ["/board/print?date=2026-11-24&names=1", "/rooms/R7/month", "/rooms/R7/week/print?names=1"]
)
def test_the_number_of_queries_does_not_grow(client: FlaskClient, address: str) -> None:
    first = make_room(code="R7")
    sign_in(client, make_account(roles=[Role.CLERK]))

    def fill(rooms: list[int]) -> int:
        for n in rooms:
            make_booking(room=first, organisation=make_organisation(), starts_at=at(8 + n, days=0))
            make_booking(room=make_room(), starts_at=at(8 + n))
            make_booking(room=first, starts_at=at(8 + n))
        client.get(address)
        with selects() as sent:
            assert client.get(address).status_code == 200
        return len(sent)

    few = fill([0])
    assert fill([1, 2, 3, 4, 5, 6]) == few
