"""The pages of series: nothing typed or chosen is lost, and nobody sees what is not theirs."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from center.bookings.models import Booking, BookingStatus
from center.bookings.models.series import BookingSeries
from center.kernel.db import db, transaction
from center.organisations.models import MemberRole, Membership, Organisation
from center.people.models import Account, Role
from center.rooms.models import Approval, Room
from tests.bookings.series.scene import MORNING, TUESDAYS
from tests.builders import ZONE, at, make_account, make_booking, make_organisation, make_person, make_room, sign_in
from tests.engines import ONE_ENGINE
from tests.statements import selects
from tests.there import there
from tests.walking import go_on, number_of, opened, sent

pytestmark = ONE_ENGINE

KEY = "7e0b7f60-5b1d-4f0e-9d0c-0a4b0a3f6f11"
STEP = {"check": "answers", "book": "dates", "change": "dates"}


@pytest.fixture(autouse=True)
def _morning(app: Flask) -> Iterator[None]:
    with time_machine.travel(MORNING):
        yield


@pytest.fixture
def lead(client: FlaskClient) -> Account:
    """Somebody who leads a troupe, signed in."""
    account = make_account()
    make_organisation(leads=[account.person])
    sign_in(client, account)
    return account


@pytest.fixture
def troupe(lead: Account) -> Organisation:
    return db.session.scalars(select(Organisation)).one()


def the_series() -> BookingSeries:
    db.session.rollback()
    return db.session.scalars(select(BookingSeries)).one()


def party_of(account: Account) -> str:
    led = db.session.scalar(select(Membership.organisation_id).where(Membership.person_id == account.person_id))
    return f"organisation-{led}" if led else "self"


def answers(account: Account, **changes: Any) -> dict[str, Any]:
    """The whole form; in the name of the organisation that they lead, or in their own."""
    known = {
        "frequency": "weekly",
        "weekdays": ["1"],
        "nth": "1",
        "date": "2026-11-24",
        "until": "2026-12-15",
        "start": "14:30",
        "minutes": "120",
        "people": "12",
        "purpose": "鼓队排练 🥁",
        "note": "带两面大鼓",
        "party": party_of(account),
        "request_key": KEY,
    }
    return {**known, **changes}


def send(
    client: FlaskClient, room: Room, account: Account, stage: str, query: str = "", choices: Any = None, **changes: Any
) -> TestResponse:
    """Send all that is answered at once: to be looked at or, with the stage "book", as the last step does."""
    data = {**answers(account, **changes), **chosen(choices), "stage": stage}
    return sent(client, f"/series/new/{room.code}/{STEP[stage]}?lang=en{query}", data)


def chosen(choices: Any) -> dict[str, str]:
    return {f"choice-{day.isoformat()}": choice for day, choice in (choices or {}).items()}


def booked(client: FlaskClient, room: Room, account: Account, **changes: Any) -> Any:
    answer = send(client, room, account, "book", choices=dict.fromkeys(TUESDAYS, "book"), **changes)
    assert answer.status_code == 303, text_of(answer)
    db.session.rollback()
    return db.session.scalar(select(BookingSeries).order_by(BookingSeries.id.desc()))


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def count(model: Any = Booking) -> Any:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def checked(page: str) -> Any:
    return set(re.findall(r'name="(choice-[\d-]+)"[^>]*value="([^"]+)" checked', page))


def test_the_form_offers_the_day_it_was_opened_on(client: FlaskClient, lead: Account) -> None:
    page = opened(client, f"/series/new/{make_room().code}?lang=en&date=2026-11-26&start=10:00").text
    assert re.findall(r'<input checked [^>]*name="weekdays"[^>]*value="(.)"', page) == ["3"]
    assert '<option selected value="10:00">' in page


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder mode"])
def test_whoever_may_have_no_more_is_told_before_the_first_question(
    client: FlaskClient, lead: Account, elder: bool
) -> None:
    room, page = make_room(), "/series/new/{}?lang=en&elder=" + str(int(elder))
    series = booked(client, room, lead)
    shown = text_of(client.get(page.format(room.code)))
    assert "which is the limit" in shown
    assert f'href="/series/{series.reference}"' in shown
    assert 'name="frequency"' not in shown
    assert 'name="frequency"' in opened(client, page.format(make_room().code)).text
    make_organisation(leads=[lead.person])
    assert 'name="frequency"' in opened(client, page.format(room.code)).text  # for the other one


def test_the_preview_lists_every_date_and_books_nothing(client: FlaskClient, lead: Account) -> None:
    room = make_room()
    make_booking(room=room, starts_at=at(15, day=TUESDAYS[1]))
    answer = send(client, room, lead, "check")
    page = text_of(answer)
    assert answer.status_code == 200
    assert page.count('<li class="series-date') == 4
    assert "3 dates are booked" in page
    assert ("choice-2026-12-01", "skip") in checked(page)
    assert count() == 1


def test_confirming_books_all_and_shows_the_series(client: FlaskClient, lead: Account) -> None:
    series = booked(client, make_room(), lead)
    page = text_of(client.get(f"/series/{series.reference}?new=1&lang=en"))
    assert "4 dates are yours" in page
    assert "鼓队排练 🥁" in page
    assert count() == 4


def test_somebody_who_was_faster_on_one_date_brings_the_preview_back_with_all_choices(
    client: FlaskClient, lead: Account
) -> None:
    room = make_room()
    choices = {**dict.fromkeys(TUESDAYS, "book"), TUESDAYS[3]: "skip"}
    make_booking(room=room, starts_at=at(15, day=TUESDAYS[1]))
    answer = send(client, room, lead, "book", choices=choices)
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Nothing is booked or changed yet" in page
    assert checked(page) == {
        ("choice-2026-11-24", "book"),
        ("choice-2026-12-08", "book"),
        ("choice-2026-12-15", "skip"),
    }
    assert "带两面大鼓" in page
    assert count() == 1
    other = re.findall(r'id="choice-2026-12-01-1" value="([^"]+)"', page)[0]
    answer = send(client, room, lead, "book", choices={**choices, TUESDAYS[1]: other})
    assert answer.status_code == 303
    assert count() == 4


def test_going_back_to_the_form_keeps_what_was_typed_and_chosen(client: FlaskClient, lead: Account) -> None:
    dates = send(client, make_room(), lead, "check")
    form = go_on(client, dates, stage="back", **chosen({TUESDAYS[1]: "skip"}))
    assert "鼓队排练 🥁" in form.text
    again = go_on(client, form, **answers(lead, start="09:00"))
    assert ("choice-2026-12-01", "skip") in checked(again.text)
    assert "09:00" in again.text


def test_a_double_press_makes_one_series(client: FlaskClient, lead: Account) -> None:
    room = make_room()
    first = send(client, room, lead, "book", choices=dict.fromkeys(TUESDAYS, "book"))
    again = send(client, room, lead, "book", choices=dict.fromkeys(TUESDAYS, "book"))
    assert first.location == again.location
    assert (count(), count(BookingSeries)) == (4, 1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"weekdays": []}, "Please choose at least one weekday"),
        ({"until": "", "count": ""}, "Please say until which day"),
        ({"until": "2026-11-23"}, "must not lie before the first"),
        ({"date": "2026-11-25", "until": "2026-11-26"}, "No such weekday lies between"),
        ({"until": "2030-01-01", "weekdays": ["0", "1", "2"]}, "at most 60 dates"),
        ({"start": ""}, "Please choose when to start"),
        ({"people": "x"}, "Please write"),
        ({"frequency": "never"}, "Please choose one of these"),
        ({"party": "self"}, "Please choose one of these"),
        ({"party": "organisation-999"}, "Please choose one of these"),
        ({"count": "61"}, "A number from 1 to 60"),
    ],
)
def test_a_form_that_makes_no_sense_comes_back_with_what_is_wrong(
    client: FlaskClient, lead: Account, changes: dict[str, Any], words: str
) -> None:
    answer = send(client, make_room(), lead, "check", **changes)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert "带两面大鼓" in text_of(answer)


def test_a_second_series_in_the_room_is_refused_before_the_dates_are_shown(client: FlaskClient, lead: Account) -> None:
    room = make_room()
    booked(client, room, lead)
    answer = send(client, room, lead, "check", start="09:00", request_key="")
    assert answer.status_code == 422
    assert "1 series in this room already" in text_of(answer)


def test_residents_are_led_to_single_bookings(client: FlaskClient) -> None:
    account = make_account()
    sign_in(client, account)
    answer = client.get(f"/series/new/{make_room().code}?lang=en")
    assert answer.status_code == 403
    assert "Series are for organisations" in text_of(answer)
    assert client.get(f"/series/new/{make_room().code}/answers").status_code == 403
    assert client.get(f"/series/new/{make_room().code}/nonsense").status_code == 404


def test_the_desk_books_a_series_for_somebody(client: FlaskClient) -> None:
    clerk, person, room = make_account(roles=[Role.CLERK]), make_person(), make_room()
    sign_in(client, clerk)
    choices = dict.fromkeys(TUESDAYS, "book")
    refused = send(client, room, clerk, "book", f"&person={person.id}", choices=choices)
    assert refused.status_code == 422
    assert "against a rule" in text_of(refused)
    answer = send(client, room, clerk, "book", f"&person={person.id}", choices=choices, override_reason="支书请求")
    assert answer.status_code == 303
    series = the_series()
    assert (series.person_id, series.booked_by_id) == (person.id, clerk.person_id)


def test_a_lead_whose_role_ended_meanwhile_books_nothing(
    client: FlaskClient, lead: Account, troupe: Organisation
) -> None:
    room = make_room()
    with transaction():
        troupe.memberships[0].ends_on = date(2026, 11, 1)
        troupe.memberships[0].starts_on = date(2026, 10, 1)
    answer = send(client, room, lead, "book", choices=dict.fromkeys(TUESDAYS, "book"))
    assert answer.status_code in {403, 404}
    assert count() == 0


def test_somebody_elses_series_is_nowhere_to_be_found(client: FlaskClient, lead: Account) -> None:
    series = booked(client, make_room(), lead)
    stranger = make_account()
    make_organisation(leads=[stranger.person])
    sign_in(client, stranger)
    for path in ("", "/list", "/calendar.ics", "/change", "/cancel", f"/dates/{TUESDAYS[0]}"):
        assert client.get(f"/series/{series.reference}{path}").status_code == 404, path
    for path in ("/change/answers", "/change/dates", "/cancel"):
        assert client.post(f"/series/{series.reference}{path}", data={"stage": "change"}).status_code == 404


def test_another_lead_of_the_organisation_may_act(client: FlaskClient, lead: Account, troupe: Organisation) -> None:
    room = make_room()
    series = booked(client, room, lead)
    second = make_account()
    with transaction() as session:
        session.add(
            Membership(
                organisation_id=troupe.id,
                person_id=second.person_id,
                role=MemberRole.LEAD,
                starts_on=date(2020, 1, 1),
            )
        )
    sign_in(client, second)
    assert client.get(f"/series/{series.reference}").status_code == 200
    answer = client.post(f"/series/{series.reference}/cancel", data={})
    assert answer.status_code == 303


def change(
    client: FlaskClient, series: Any, stage: str, query: str = "", choices: Any = None, **changes: Any
) -> TestResponse:
    known = {
        "room": series.room.code,
        "start": "14:30",
        "minutes": "120",
        "people": "12",
        "purpose": "鼓队排练",
        "note": "",
        "until": "2026-12-15",
        "on": "2026-12-01",
    }
    path = f"/series/{series.reference}/change/{STEP[stage]}?lang=en&draft={uuid4()}{query}"
    return sent(client, path, {**known, **changes, **chosen(choices), "stage": stage})


def test_a_change_is_shown_before_it_is_made_and_a_clash_is_kept_and_told(client: FlaskClient, lead: Account) -> None:
    room = make_room()
    series = booked(client, room, lead)
    make_booking(room=room, starts_at=at(17, day=TUESDAYS[1]))
    page = text_of(change(client, series, "check", start="16:00"))
    assert "3 dates move." in page
    assert "1 date is kept as it is." in page
    assert ("choice-2026-12-01", "keep") in checked(page)
    choices = dict.fromkeys(TUESDAYS, "change")
    refused = change(client, series, "change", choices=choices, start="16:00")
    assert refused.status_code == 409
    assert ("choice-2026-12-08", "change") in checked(text_of(refused))
    done = change(client, series, "change", choices={**choices, TUESDAYS[1]: "keep"}, start="16:00")
    assert done.status_code == 303
    clocks = [there(each.booking).starts_at for each in the_series().dates]
    assert clocks == [
        at(14 if day == TUESDAYS[1] else 16, 30 if day == TUESDAYS[1] else 0, day=day) for day in TUESDAYS
    ]


def test_one_date_is_changed_by_itself(client: FlaskClient, lead: Account) -> None:
    series = booked(client, make_room(), lead)
    page = text_of(client.get(f"/series/{series.reference}/dates/2026-12-01?lang=en"))
    assert "Change this date only" in page
    assert "Change this and later (3 dates)" in page
    query = "&from=2026-12-01&only=1"
    answer = change(client, series, "change", query, {TUESDAYS[1]: "change"}, start="09:00", on="2026-12-02")
    assert answer.status_code == 303
    page = text_of(client.get(f"/series/{series.reference}?lang=en"))
    assert "changed by itself" in page
    assert "instead of" in page


def test_cancelling_lists_what_goes_and_what_stays(client: FlaskClient, lead: Account) -> None:
    series = booked(client, make_room(), lead)
    page = text_of(client.get(f"/series/{series.reference}/cancel?from=2026-12-08&lang=en"))
    assert "2 dates go" in page
    assert "2 dates stay" in page
    answer = client.post(f"/series/{series.reference}/cancel?from=2026-12-08&lang=en", data={"reason": "巡演"})
    assert answer.status_code == 303
    states = [there(each.booking).status for each in the_series().dates]
    assert states == [BookingStatus.CONFIRMED] * 2 + [BookingStatus.CANCELLED] * 2


def test_dates_past_their_deadline_are_named_and_the_others_go(client: FlaskClient, lead: Account) -> None:
    series = booked(client, make_room(cancel_minutes=60 * 48), lead)
    page = text_of(client.get(f"/series/{series.reference}/cancel?lang=en"))
    assert "1 date is too soon to cancel here" in page
    assert client.post(f"/series/{series.reference}/cancel", data={}).status_code == 303
    assert [there(each.booking).is_live for each in the_series().dates] == [True, False, False, False]


def test_the_desk_decides_about_a_series_on_its_page(client: FlaskClient, lead: Account) -> None:
    series = booked(client, make_room(approval=Approval.ALWAYS), lead)
    assert "Decide" not in text_of(client.get(f"/series/{series.reference}?lang=en"))
    assert client.post(f"/desk/series/{series.reference}/decide", data={"decision": "approve"}).status_code == 403
    clerk = make_account(roles=[Role.CLERK])
    sign_in(client, clerk)
    requests = text_of(client.get("/desk/requests?lang=en"))
    assert requests.count(f'href="/series/{series.reference}"') >= 1
    assert requests.count('class="request"') == 1
    path = f"/desk/series/{series.reference}/decide?lang=en"
    refused = client.post(path, data={"decision": "approve", "declined": "2026-12-01"})
    assert refused.status_code == 422
    assert "Please say why" in text_of(refused)
    assert 'value="2026-12-01" checked' in text_of(refused)
    assert BookingStatus.CONFIRMED not in _states()
    client.post(path, data={"decision": "approve", "declined": ["2026-12-01", "nonsense"], "reason": "讲座"})
    assert _states() == [BookingStatus.CONFIRMED, BookingStatus.DECLINED, *[BookingStatus.CONFIRMED] * 2]


def _states() -> Any:
    db.session.rollback()
    return db.session.scalars(select(Booking.status).order_by(Booking.starts_at)).all()


def test_the_calendar_file_has_an_event_for_every_date(client: FlaskClient, lead: Account) -> None:
    series = booked(client, make_room(), lead)
    answer = client.get(f"/series/{series.reference}/calendar.ics")
    assert answer.mimetype == "text/calendar"
    assert len(Calendar.from_ical(answer.data).walk("VEVENT")) == 4


def test_the_paper_lists_the_dates(client: FlaskClient, lead: Account) -> None:
    series = booked(client, make_room(), lead)
    page = text_of(client.get(f"/series/{series.reference}/list?lang=en"))
    assert page.count("<tr>") == 5


def test_a_booking_says_that_it_is_one_of_a_series_and_my_bookings_list_it(
    client: FlaskClient, lead: Account, troupe: Organisation
) -> None:
    series = booked(client, make_room(), lead)
    reference = series.dates[0].booking.reference
    assert f"/series/{series.reference}" in text_of(client.get(f"/bookings/{reference}"))
    assert f"/series/{series.reference}" in text_of(client.get("/me"))
    assert f"/series/{series.reference}" in text_of(client.get(f"/organisations/{troupe.slug}"))


def in_elder_mode(client: FlaskClient, account: Account, room: Room) -> list[TestResponse]:
    """Every page of a series in elder mode, the last with all dates."""
    named = {"purpose": "鼓队排练", "party": party_of(account)}
    pages = [opened(client, f"/series/new/{room.code}?lang=en&elder=1")]
    for typed in (*WALK, named):
        pages.append(go_on(client, pages[-1], **typed))
    return pages


WALK: list[dict[str, Any]] = [
    {"frequency": "monthly"},
    {"weekdays": ["1", "3"]},
    {"nth": "-1"},
    {"date": "2026-11-24"},
    {"until": "2026-12-21"},
    {"minutes": "120"},
    {"start": "14:30"},
    {"people": "12"},
]


def test_elder_mode_asks_one_question_a_page(client: FlaskClient, lead: Account) -> None:
    pages = in_elder_mode(client, lead, make_room())
    assert "2 of 2 free" in pages[6].text  # beside each start
    assert [number_of(page.text) for page in pages[2:-1]] == [f"{n} of 9" for n in range(3, 10)]
    assert "2 dates are booked" in pages[-1].text
    assert count() == 0


def test_back_and_reload_show_every_step_again_with_its_answer(client: FlaskClient, lead: Account) -> None:
    pages = in_elder_mode(client, lead, make_room())
    for page, typed in zip(pages[:-1], WALK, strict=False):
        again = client.get(page.request.full_path)
        assert again.status_code == 200
        for answer in next(iter(typed.values())) if "weekdays" in typed else typed.values():
            assert re.search(rf'checked[^>]*value="{answer}"|value="{answer}"[^>]*checked|value="{answer}"', again.text)
    assert client.get(pages[-1].request.full_path).status_code == 200


def test_one_answer_is_changed_from_the_dates_and_leads_back_to_them(client: FlaskClient, lead: Account) -> None:
    dates = in_elder_mode(client, lead, make_room())[-1]
    change = re.search(r'href="([^"]*/people[^"]*change=1)"', dates.text)
    assert change
    again = go_on(client, client.get(unescape(change[1])), people="7")
    assert again.request.path.endswith("/dates")
    assert "7" in again.text


def test_elder_mode_asks_again_what_was_not_answered(client: FlaskClient, lead: Account) -> None:
    first = opened(client, f"/series/new/{make_room().code}?lang=en&elder=1")
    page = go_on(client, go_on(client, first, frequency="weekly"))
    assert page.status_code == 422
    assert "<title>Error: On which weekdays" in page.text
    assert "Please choose at least one weekday" in page.text


def test_what_was_booked_or_changed_is_where_back_leads(client: FlaskClient, lead: Account) -> None:
    room = make_room()
    form = opened(client, f"/series/new/{room.code}?lang=en")
    dates = go_on(client, form, **answers(lead, request_key=""))
    assert dates.request.path.endswith("/dates")
    made = go_on(client, dates, stage="book", **dict(checked(dates.text)))
    assert made.status_code == 303
    for before in (form, dates):
        assert client.get(before.request.full_path).location == made.location
    form = opened(client, f"{made.location.partition('?')[0]}/change")
    facts = {
        "room": room.code,
        "start": "16:00",
        "minutes": "120",
        "people": "12",
        "purpose": "鼓",
        "until": "2026-12-15",
    }
    dates = go_on(client, form, **facts)
    done = go_on(client, dates, stage="change", **dict(checked(dates.text)))
    again = go_on(client, dates, stage="change", **dict(checked(dates.text)))
    assert (done.status_code, again.location) == (303, done.location)
    assert client.get(form.request.full_path).location == done.location


def test_a_choice_that_is_not_sent_again_holds_no_more(client: FlaskClient, lead: Account) -> None:
    """On the page of a refused date nothing is chosen for it, whatever was chosen before."""
    room = make_room()
    taken = make_booking(room=room, starts_at=at(15, day=TUESDAYS[1]))
    page = send(client, room, lead, "book", choices=dict.fromkeys(TUESDAYS, "book"))
    with transaction():
        db.session.merge(taken).status = BookingStatus.CANCELLED
    others = {day: "book" for day in TUESDAYS if day != TUESDAYS[1]}
    again = go_on(client, page, stage="book", **chosen(others))
    assert again.status_code == 409
    assert "Please choose what to do with this date" in again.text
    assert count(BookingSeries) == 0


def test_the_page_of_a_series_asks_the_database_the_same_however_many_dates_it_has(
    client: FlaskClient, lead: Account
) -> None:
    short = booked(client, make_room(), lead)
    room = make_room()
    many = [date(2026, 11, 24) + timedelta(weeks=n) for n in range(16)]
    send(
        client, room, lead, "book", choices=dict.fromkeys(many, "book"), until="2027-03-09",
        request_key="7e0b7f60-5b1d-4f0e-9d0c-0a4b0a3f6f12",
    )  # fmt: skip
    db.session.rollback()
    long = db.session.scalars(select(BookingSeries).order_by(BookingSeries.id.desc())).first()
    assert long
    assert len(long.dates) == 16
    asked = []
    for reference in [short.reference, short.reference, long.reference]:
        with selects() as statements:
            client.get(f"/series/{reference}")
        asked.append([sql for sql, _values in statements])
    assert asked[1] == asked[2], "the first time it also reads what is then kept"


def test_staff_set_how_far_series_reach(client: FlaskClient) -> None:
    director, room = make_account(roles=[Role.DIRECTOR]), make_room()
    sign_in(client, director)
    page = text_of(client.get(f"/settings/rooms/{room.code}/rules?lang=en"))
    assert "How many weeks ahead a series of bookings can reach" in page


CHANGED = dict.fromkeys(TUESDAYS, "change")


def seen_in(page: str) -> Any:
    """What the page sealed into its form, as a browser sends it."""
    found = re.search(r'name="seen"[^>]*value="([^"]*)"', page) or re.search(r'value="([^"]*)"[^>]*name="seen"', page)
    return there(found)[1]


def now_asks_for_approval(room: Room, approval: Approval = Approval.ALWAYS) -> None:
    db.session.rollback()
    with transaction():
        db.session.merge(room).approval = approval


def test_dates_that_were_to_be_booked_are_shown_again_where_somebody_must_agree_now(
    client: FlaskClient, lead: Account
) -> None:
    room = make_room()
    seen = seen_in(text_of(send(client, room, lead, "check")))
    now_asks_for_approval(room)
    choices = dict.fromkeys(TUESDAYS, "book")
    again = send(client, room, lead, "book", choices=choices, seen=seen)
    assert again.status_code == 409
    assert 'id="changed"' in text_of(again)
    assert count(BookingSeries) == 0
    assert send(client, room, lead, "book", choices=choices, seen=seen_in(text_of(again))).status_code == 303
    assert count(BookingSeries) == 1


def test_a_change_is_shown_again_where_the_series_has_changed_meanwhile(client: FlaskClient, lead: Account) -> None:
    series = booked(client, make_room(), lead)
    seen = seen_in(opened(client, f"/series/{series.reference}/change?lang=en").text)
    assert change(client, series, "change", choices=CHANGED, start="16:00", seen=seen).status_code == 303
    again = change(client, series, "change", purpose="合唱", seen=seen)
    assert again.status_code == 409
    page = text_of(again)
    assert "16:00" in page.partition('id="changed"')[2].partition("</ul>")[0]
    assert 'value="16:00" selected' in page or 'selected value="16:00"' in page, "what was not touched follows"
    assert 'value="合唱"' in page


def test_a_change_that_was_to_hold_at_once_is_shown_again_where_somebody_must_agree_now(
    client: FlaskClient, lead: Account
) -> None:
    series = booked(client, make_room(), lead)
    now_asks_for_approval(series.room)
    again = change(client, series, "change", choices=CHANGED, start="16:00", waits="False")
    assert again.status_code == 409
    assert 'id="changed"' in text_of(again)
    assert change(client, series, "change", choices=CHANGED, start="16:00", waits="True").status_code == 303


def test_a_room_that_is_not_for_organisations_says_so_before_the_first_question(
    client: FlaskClient, lead: Account
) -> None:
    room = make_room(organisations_may_book=False, residents_may_book=False)
    page = client.get(f"/series/new/{room.code}?lang=en").text
    assert "The desk can help you find another." in page
    assert 'name="weekdays"' not in page
    assert "Find me a room" in page


def test_elder_mode_asks_one_question_a_page_where_dates_are_changed_too(client: FlaskClient, lead: Account) -> None:
    series = booked(client, make_room(), lead)
    page = opened(client, f"/series/{series.reference}/change?lang=en&elder=1")
    assert (number_of(page.text), page.request.path.rpartition("/")[2]) == ("1 of 7", "room")
    assert 'id="purpose"' not in page.text
    when = [{"room": series.room.code}, {"start": "16:00"}, {"minutes": "120"}]
    for typed in (*when, {"people": ""}):
        page = go_on(client, page, **typed)
    assert page.status_code == 422
    assert "<title>Error: How many people come" in page.text
    page = go_on(client, page, people="9")
    assert "鼓队排练" in page.text, "what is not asked yet is as it is now"
    assert go_on(client, page, stage="back", purpose="舞龙").request.path.endswith("/people")
    page = client.get(page.request.full_path)
    assert "舞龙" in page.text, "one step back keeps what was typed"
    for typed in ({"purpose": "舞龙"}, {"note": ""}, {"until": "2026-12-15"}):
        page = go_on(client, page, **typed)
    assert page.request.path.endswith("/dates")
    assert "舞龙" in page.text
    assert go_on(client, page, stage="change", **dict(checked(page.text))).status_code == 303
    changed = [there(each.booking) for each in the_series().dates]
    assert {(each.purpose, each.people, each.starts_at.astimezone(ZONE).hour) for each in changed} == {("舞龙", 9, 16)}


def test_what_a_colleague_changed_meanwhile_is_asked_again_in_elder_mode(client: FlaskClient, lead: Account) -> None:
    series = booked(client, make_room(), lead)
    page = opened(client, f"/series/{series.reference}/change?lang=en&elder=1")
    page = go_on(client, page, room=series.room.code)
    colleague = client.application.test_client()
    sign_in(colleague, lead)
    choices = dict.fromkeys(TUESDAYS, "change")
    assert change(colleague, series, "change", choices=choices, people="20").status_code == 303
    again = go_on(client, page, start="16:00")
    assert again.status_code == 409
    assert "20" in again.text.partition('id="changed"')[2].partition("</ul>")[0]
    page = go_on(client, again, room=series.room.code)
    for typed in ({"start": "16:00"}, {"minutes": "120"}):
        page = go_on(client, page, **typed)
    assert re.search(r'name="people"[^>]*value="20"|value="20"[^>]*name="people"', page.text)


def test_a_weekly_time_that_is_taken_from_the_ranking_fills_the_form_in_and_loses_nothing(
    client: FlaskClient, lead: Account
) -> None:
    room = make_room()
    assert "The best weekly times" in opened(client, f"/series/new/{room.code}?lang=en").text
    typed = {**answers(lead, weekdays=[], purpose=""), "weekly": f"{room.code}/1,3T09:30"}
    page = sent(client, f"/series/new/{room.code}/answers?lang=en", typed)
    assert page.status_code == 200, "nothing is wrong yet: the rest was not asked for"
    assert re.findall(r'<input checked [^>]*name="weekdays"[^>]*value="(.)"', page.text) == ["1", "3"]
    assert '<option selected value="09:30">' in page.text
    assert "带两面大鼓" in page.text


@pytest.mark.parametrize("weekly", ["T", "/T", "R1/9T09:30", "R1/1T", "R1/1Tnoon", "x,yT09:30"])
def test_a_weekly_time_that_is_none_breaks_nothing(client: FlaskClient, lead: Account, weekly: str) -> None:
    page = sent(client, f"/series/new/{make_room().code}/answers?lang=en", {**answers(lead), "weekly": weekly})
    assert page.status_code in {200, 422}


def test_where_dates_are_taken_the_better_times_of_the_same_weekdays_are_offered(
    client: FlaskClient, lead: Account
) -> None:
    room = make_room()
    make_booking(room=room, starts_at=at(15, day=TUESDAYS[1]))
    page = send(client, room, lead, "check").text
    assert "Of these weekly times more dates are free" in page
    [token] = re.findall(r'name="weekly" value="([^"]+)"', page)[:1]
    form = f"/series/new/{room.code}/dates?lang=en&draft={KEY}"
    moved = sent(client, form, {"weekly": token, "request_key": KEY}).text
    assert "Of these weekly times more dates are free" not in moved
    assert "1 date is skipped" not in moved
