"""The pages on which staff edit the centre's facts and its calendar."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from center.kernel import clock
from center.kernel.db import db
from center.people.models import Account, Role
from center.premises.models import CalendarDay, CentreFacts, DayKind
from center.premises.queries import calendar_days, centre_facts, find_calendar_gap
from tests.builders import at, make_account, make_booking, make_centre, make_room, sign_in
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE

ENGLISH = {"lang": "en"}
FACTS: dict[str, Any] = {
    "name": "某某社区中心",
    "name_en": "Some Centre",
    "address": "某路 1 号",
    "desk_phone": "010-0000 0000",
    "desk_hours": "周一至周五",
    "welcome": "欢迎光临 🌿",
    "zone_name": "Asia/Urumqi",
    "language_list": "en,zh",
    "holiday_country": "CN",
}


@pytest.fixture
def in_2026() -> None:
    """The days that these tests write down are days of our times, and tomorrow is an ordinary Wednesday."""
    clock.start_at(datetime(2026, 11, 24, 4, tzinfo=UTC))


@pytest.fixture
def director(app: Flask, client: FlaskClient) -> Account:
    make_centre()
    account = make_account(roles=[Role.DIRECTOR])
    sign_in(client, account)
    return account


def read(client: FlaskClient, path: str, status: int = 200, **query: Any) -> str:
    answer = client.get(path, query_string={**ENGLISH, **query})
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def send(client: FlaskClient, path: str, status: int = 303, **data: Any) -> str:
    answer = client.post(path, data=data, query_string=ENGLISH)
    if status == 422 and "draft=" in (answer.location or ""):  # something is asked first, on a page of its own
        return client.get(answer.location).get_data(as_text=True)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def facts() -> CentreFacts:
    db.session.rollback()
    db.session.expire_all()
    return centre_facts()


@pytest.mark.parametrize("page", ["/settings/centre", "/settings/calendar", "/settings/calendar/day"])
@pytest.mark.parametrize("roles", [[], [Role.TUTOR], [Role.GRID_WORKER]], ids=["resident", "tutor", "grid worker"])
def test_only_staff_edit_the_centre(client: FlaskClient, page: str, roles: Any) -> None:
    sign_in(client, make_account(roles=roles))
    read(client, page, status=403)


def test_nothing_is_known_of_a_centre_until_staff_say_it(client: FlaskClient, app: Flask) -> None:
    assert centre_facts().name == ""
    assert read(client, "/rooms")


def test_the_facts_are_saved_and_stand_on_every_page(client: FlaskClient, director: Account) -> None:
    send(client, "/settings/centre", **FACTS)
    assert facts().zone_name == "Asia/Urumqi"
    assert facts().language_list == "en,zh"
    page = read(client, "/rooms")
    assert "Some Centre" in page
    assert "010-0000 0000" in page


def test_facts_entered_for_the_first_time_are_saved(client: FlaskClient, app: Flask) -> None:
    sign_in(client, make_account(roles=[Role.DIRECTOR]))
    send(client, "/settings/centre", **FACTS)
    assert facts().name_en == "Some Centre"
    assert db.session.scalar(select(func.count()).select_from(CentreFacts)) == 1


def test_one_language_alone_may_be_offered(client: FlaskClient, director: Account) -> None:
    send(client, "/settings/centre", **{**FACTS, "language_list": "zh"})
    assert facts().language_list == "zh"
    assert 'lang="zh-Hans"' in read(client, "/rooms")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"zone_name": "Mars/Base"}, "zone_name", id="no such zone"),
        pytest.param({"zone_name": "../../etc/passwd"}, "zone_name", id="a path for a zone"),
        pytest.param({"language_list": "fr"}, "language_list", id="a language nobody wrote"),
        pytest.param({"holiday_country": "XX"}, "holiday_country", id="no such country"),
        pytest.param({"name": ""}, "name", id="no name"),
        pytest.param({"desk_phone": "0" * 41}, "desk_phone", id="long phone"),
        pytest.param({"welcome": "a\x07b"}, "welcome", id="control character"),
    ],
)
def test_bad_facts_are_told_on_their_field_and_what_was_typed_stays(
    client: FlaskClient, director: Account, changes: dict[str, Any], field: str
) -> None:
    page = send(client, "/settings/centre", 422, **{**FACTS, "address": "Typed address", **changes})
    assert f'href="#{field}' in page
    assert "Typed address" in page
    assert facts().address == ""


def test_the_year_shows_the_library_beside_staff(client: FlaskClient, director: Account) -> None:
    page = read(client, "/settings/calendar", year="2026")
    assert "Mid-Autumn Festival" in page
    assert "Make-up working day" in page


def test_the_sunday_of_national_day_week_is_a_holiday_until_staff_say_otherwise(
    in_2026: None, client: FlaskClient, director: Account
) -> None:
    sunday = date(2026, 10, 4)
    assert calendar_days(sunday, sunday)[sunday].name == "国庆节"
    assert "4 Oct 2026" in read(client, "/settings/calendar", year="2026")
    send(client, "/settings/calendar/day", on_date="2026-10-04", kind="ordinary", name="", name_en="")
    assert calendar_days(sunday, sunday) == {}


@pytest.mark.parametrize("year", ["1999", "2101", "99999999999999999999", "-5"])
def test_a_year_out_of_reach_is_not_found(client: FlaskClient, director: Account, year: str) -> None:
    read(client, "/settings/calendar", status=404, year=year)


def test_a_year_that_is_no_number_is_this_year(client: FlaskClient, director: Account) -> None:
    read(client, "/settings/calendar", year="soon")


def test_a_day_is_set_changed_and_taken_back(in_2026: None, client: FlaskClient, director: Account) -> None:
    day: dict[str, Any] = {"on_date": "2026-12-24", "kind": "holiday", "name": "社区节", "name_en": "Centre day"}
    send(client, "/settings/calendar/day", **day)
    assert "Centre day" in read(client, "/settings/calendar", year="2026")
    assert "社区节" in read(client, "/settings/calendar/day", date="2026-12-24")
    send(client, "/settings/calendar/day", **{**day, "kind": "working"})
    when = datetime(2026, 12, 24).date()
    db.session.expire_all()
    assert calendar_days(when, when)[when].kind is DayKind.WORKING
    send(client, "/settings/calendar/2026-12-24/clear")
    assert calendar_days(when, when) == {}
    send(client, "/settings/calendar/2026-12-24/clear", 404)
    send(client, "/settings/calendar/never/clear", 404)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"on_date": ""}, "on_date", id="no date"),
        pytest.param({"on_date": "2026-13-01"}, "on_date", id="no such date"),
        pytest.param({"on_date": "9999-12-31"}, "on_date", id="far ahead"),
        pytest.param({"kind": "party"}, "kind", id="forged kind"),
        pytest.param({"name": "节" * 81}, "name", id="long name"),
    ],
)
def test_a_bad_day_is_told_on_its_field(
    client: FlaskClient, director: Account, changes: dict[str, Any], field: str
) -> None:
    known = {"on_date": "2026-12-24", "kind": "holiday", "name": "Typed name"}
    page = send(client, "/settings/calendar/day", 422, **{**known, **changes})
    assert f'href="#{field}' in page
    assert db.session.scalar(select(func.count()).select_from(CalendarDay)) == 0


def test_a_holiday_over_a_booking_shows_the_list(in_2026: None, client: FlaskClient, director: Account) -> None:
    room = make_room(hours=[(day, at(8).time(), at(21).time()) for day in range(7)])
    make_booking(room=room, starts_at=at(14))
    page = send(client, "/settings/calendar/day", 422, on_date=at(0).date().isoformat(), kind="holiday")
    assert "1 use is in the way" in page
    assert room.code in page


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Shanghai"])
def test_another_zone_is_refused_while_it_would_shut_a_room_during_a_booking(
    client: FlaskClient, director: Account, zone: str
) -> None:
    make_booking(starts_at=at(10))
    status = 303 if zone == "Asia/Shanghai" else 422
    page = send(client, "/settings/centre", status, **{**FACTS, "zone_name": zone})
    assert ("1 use is in the way" in page) is (status == 422)
    assert facts().zone_name == "Asia/Shanghai"
    assert (facts().name == FACTS["name"]) is (status == 303)


def test_staff_are_told_that_next_years_calendar_is_missing(client: FlaskClient, app: Flask) -> None:
    with time_machine.travel(datetime(2026, 11, 23, 4, tzinfo=UTC)):
        sign_in(client, make_account(roles=[Role.DIRECTOR]))
        gap = find_calendar_gap(datetime(2026, 11, 23).date())
        if gap is None:
            pytest.skip("the holidays library has been told of 2027 meanwhile")
        assert "The holiday calendar of 2027 is not published yet" in read(client, "/settings/centre")
        send(client, "/settings/calendar/day", on_date="2027-02-14", kind="working")
        assert "is not published yet" not in read(client, "/settings/centre")


def test_in_summer_nobody_is_bothered(app: Flask) -> None:
    assert find_calendar_gap(datetime(2026, 7, 1).date()) is None


def test_a_make_up_day_counts_as_the_weekday_that_staff_say(client: FlaskClient, director: Account) -> None:
    day: dict[str, Any] = {"on_date": "2026-10-10", "kind": "working", "name": "", "name_en": ""}
    shown = read(client, "/settings/calendar/day", date="2026-10-10", lang="en")
    assert '<option selected value="2">' in shown  # as the public calendar has it
    send(client, "/settings/calendar/day", **day, counts_as="4")
    assert calendar_days(date(2026, 10, 10), date(2026, 10, 10))[date(2026, 10, 10)].counts_as == 4
    assert "counts as Friday" in read(client, "/settings/calendar", year="2026", lang="en")
    send(client, "/settings/calendar/day", **{**day, "kind": "holiday"}, counts_as="4")
    assert calendar_days(date(2026, 10, 10), date(2026, 10, 10))[date(2026, 10, 10)].counts_as is None
    send(client, "/settings/calendar/day", 422, **day, counts_as="9")
