"""The queue of requests, changing a booking, moving it for the centre, and rooms to set up: the pages."""

import re
from datetime import UTC, time
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from center.bookings import actions
from center.bookings.models import Booking, BookingEvent, BookingStatus, RoomReady
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict
from center.kernel.spans import Span
from center.notices.models import Notice
from center.people.models import Account, Role
from center.rooms.models import AccessFeature, Approval, Room, RoomFeature
from tests.builders import (
    at,
    make_account,
    make_booking,
    make_organisation,
    make_person,
    make_room,
    move_booking,
    sign_in,
)
from tests.engines import ONE_ENGINE
from tests.walking import book, go_on, opened, sent

ENGLISH = {"lang": "en"}


@pytest.fixture
def resident(app: Flask, client: FlaskClient) -> Account:
    account = make_account()
    sign_in(client, account)
    return account


def make_request(**facts: Any) -> Booking:
    facts.setdefault("room", make_room(approval=Approval.ALWAYS))
    return make_booking(status=BookingStatus.REQUESTED, **facts)


def pick(booking: Booking, seen: int | None = None) -> str:
    return f"{booking.reference}/{booking.sequence if seen is None else seen}"


def decide(client: FlaskClient, *picks: str, **form: Any) -> TestResponse:
    return client.post("/desk/requests", data={"pick": list(picks), **form}, query_string=ENGLISH)


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def fresh(booking: Booking) -> Booking:
    db.session.rollback()
    return db.session.get_one(Booking, booking.id, populate_existing=True)


def ask(booking: Booking, words: str = "请减少到40人") -> None:
    clerk = make_person()
    with transaction():
        actions.ask_for_change(booking, words, by=clerk, now=clock.now())


def test_several_are_decided_at_once_and_the_impossible_one_is_named_and_stays_ticked(
    client: FlaskClient, clerk: Account
) -> None:
    first, second, changed = make_request(), make_request(), make_request()
    ask(changed)
    answer = decide(client, pick(first), pick(changed, seen=0), pick(second), action="approve")
    page = text_of(answer)
    assert answer.status_code == 409
    assert "One request could not be done" in page
    assert "changed meanwhile" in page
    assert f'value="{pick(changed)}" checked' in page
    assert [fresh(each).status for each in (first, second)] == [BookingStatus.CONFIRMED] * 2
    assert fresh(changed).status is BookingStatus.REQUESTED


@ONE_ENGINE
def test_one_reason_declines_many(client: FlaskClient, clerk: Account) -> None:
    requests = [make_request(), make_request()]
    answer = decide(client, *(pick(each) for each in requests), action="decline", reason="当天检修")
    assert answer.status_code == 303
    assert {fresh(each).decision_reason for each in requests} == {"当天检修"}
    again = decide(client, *(pick(each, seen=0) for each in requests), action="decline", reason="当天检修")
    assert again.status_code == 303


@ONE_ENGINE
@pytest.mark.parametrize(
    ("form", "message"),
    [
        pytest.param({"action": "decline"}, "Please write why", id="no reason"),
        pytest.param({"action": "ask"}, "Please write why", id="nothing asked"),
        pytest.param({"action": "none"}, "press one of the buttons", id="Enter pressed"),
        pytest.param({"action": "decline", "reason": "x" * 201}, "At most 200", id="too long"),
    ],
)
def test_a_decision_that_lacks_something_decides_nothing_and_loses_no_tick(
    client: FlaskClient, clerk: Account, form: dict[str, Any], message: str
) -> None:
    booking = make_request()
    answer = decide(client, pick(booking), **form)
    assert answer.status_code == 422
    assert message in text_of(answer)
    assert f'value="{pick(booking)}" checked' in text_of(answer)
    assert fresh(booking).status is BookingStatus.REQUESTED


@ONE_ENGINE
def test_nothing_ticked_and_nonsense_ticked_are_told(client: FlaskClient, clerk: Account) -> None:
    make_request()
    for picks in ((), ("",), ("ABCD",), ("x" * 500 + "/1",), ("ABCD/99999999999999",)):
        answer = decide(client, *picks, action="approve")
        assert answer.status_code == 422
        assert "tick at least one" in text_of(answer)
    assert decide(client, "NONE-SUCH/0", action="approve").status_code == 409


def test_two_staff_deciding_at_once_the_second_is_told(client: FlaskClient, clerk: Account) -> None:
    booking = make_request()
    assert decide(client, one=pick(booking)).status_code == 303
    answer = decide(client, pick(booking, seen=0), action="decline", reason="太晚")
    assert answer.status_code == 409
    assert fresh(booking).status is BookingStatus.CONFIRMED


@ONE_ENGINE
def test_only_staff_decide(client: FlaskClient, resident: Account) -> None:
    booking = make_request()
    assert decide(client, pick(booking), action="approve").status_code == 403
    assert client.post(f"/desk/bookings/{booking.reference}/ask", data={"reason": "x"}).status_code == 403
    assert client.get(f"/desk/bookings/{booking.reference}/move").status_code == 403
    assert client.post(f"/desk/set-up/{booking.reference}/ready").status_code == 403


def test_what_staff_ask_is_answered_and_the_request_is_back_among_those_to_decide(
    client: FlaskClient, resident: Account
) -> None:
    booking = make_request(person=resident.person)
    ask(booking, "能改到下午吗？")
    page = text_of(client.get(f"/bookings/{booking.reference}", query_string=ENGLISH))
    assert "能改到下午吗？" in page
    assert "Answer in words" in page
    empty = client.post(f"/bookings/{booking.reference}/answer", data={"reason": ""}, query_string=ENGLISH)
    assert empty.status_code == 422
    for _again in range(2):
        sent = client.post(f"/bookings/{booking.reference}/answer", data={"reason": "下午可以"})
        assert sent.status_code == 303
    assert fresh(booking).change_answer == "下午可以"
    assert not fresh(booking).awaits_answer
    assert len(db.session.scalars(select(BookingEvent).where(BookingEvent.booking_id == booking.id)).all()) == 2


@ONE_ENGINE
def test_answering_what_nobody_asked_or_what_is_anothers_is_refused(client: FlaskClient, resident: Account) -> None:
    own, other = make_request(person=resident.person), make_request()
    assert client.post(f"/bookings/{own.reference}/answer", data={"reason": "x"}).status_code == 422
    assert client.post(f"/bookings/{other.reference}/answer", data={"reason": "x"}).status_code == 404


def test_changing_the_request_settles_what_was_asked(client: FlaskClient, resident: Account) -> None:
    booking = make_request(person=resident.person, people=12)
    ask(booking)
    assert change(client, booking, people="8").status_code == 303
    assert (fresh(booking).people, fresh(booking).change_wanted) == (8, "")


def filled_in(booking: Booking) -> dict[str, Any]:
    """The form of a change as it is opened."""
    start = booking.starts_at.astimezone(at(8).tzinfo)
    return {
        "room": db.session.get_one(Room, booking.room_id).code,
        "date": start.date().isoformat(),
        "start": start.strftime("%H:%M"),
        "minutes": str(int((booking.ends_at - booking.starts_at).total_seconds() // 60)),
        "people": str(booking.people),
        "purpose": booking.purpose,
        "note": booking.note,
        "set_up": booking.set_up,
        "seen": str(booking.sequence),
    }


def change(client: FlaskClient, booking: Booking, *, stage: str = "save", **changes: Any) -> TestResponse:
    known = filled_in(booking)
    db.session.rollback()
    address = f"/bookings/{booking.reference}/change/{'check' if stage == 'save' else 'answers'}"
    return sent(client, address, {**known, "stage": stage, **changes}, query_string=ENGLISH)


@ONE_ENGINE
def test_the_difference_is_shown_before_anything_changes(client: FlaskClient, resident: Account) -> None:
    booking = make_booking(person=resident.person)
    page = text_of(opened(client, f"/bookings/{booking.reference}/change", query_string=ENGLISH))
    assert '<option selected value="10:00">' in page
    answer = change(client, booking, stage="check", start="14:00", people="7")
    page = text_of(answer)
    assert answer.status_code == 200
    assert "Nothing is changed yet" in page
    assert page.count("<s>") == 2
    assert fresh(booking).starts_at == at(10)
    assert change(client, booking, start="14:00", people="7").status_code == 303
    assert fresh(booking).starts_at == at(14)


@ONE_ENGINE
def test_a_check_without_a_difference_says_so(client: FlaskClient, resident: Account) -> None:
    booking = make_booking(person=resident.person)
    same = change(client, booking, stage="check")
    assert "<title>Nothing is different" in text_of(same)
    assert "Yes, change it" not in text_of(same)


@ONE_ENGINE
def test_a_refused_change_keeps_what_was_typed_and_offers_free_times(client: FlaskClient, resident: Account) -> None:
    room = make_room()
    booking = make_booking(room=room, person=resident.person)
    make_booking(room=room, starts_at=at(14))
    answer = change(client, booking, start="14:00", note="我们带音箱")
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Free times nearby" in page
    assert "我们带音箱" in page
    picked = change(client, booking, stage="check", start="14:00", pick=f"{at(16):%Y-%m-%dT%H:%M}/60")
    assert "Nothing is changed yet" in text_of(picked)


def test_sending_a_change_twice_makes_one_change(client: FlaskClient, resident: Account) -> None:
    booking = make_booking(person=resident.person)
    for _again in range(2):
        assert change(client, booking, start="14:00", seen="0").status_code == 303
    assert fresh(booking).sequence == 1


@ONE_ENGINE
def test_a_change_on_an_old_page_is_refused(client: FlaskClient, resident: Account) -> None:
    booking = make_booking(person=resident.person)
    change(client, booking, start="14:00", seen="0")
    answer = change(client, booking, start="16:00", seen="0")
    assert answer.status_code == 409
    assert "changed meanwhile" in text_of(answer)
    again = {**filled_in(fresh(booking)), "start": "16:00"}
    assert go_on(client, go_on(client, answer, **again)).status_code == 303, "it can be sent again, as it is now"


def test_back_and_a_reload_show_what_was_typed_and_nothing_is_changed_twice(
    client: FlaskClient, resident: Account
) -> None:
    booking = make_booking(person=resident.person)
    form = opened(client, f"/bookings/{booking.reference}/change", query_string=ENGLISH)
    typed = {**filled_in(booking), "start": "14:00", "purpose": "茶"}
    wrong = go_on(client, form, **{**typed, "people": ""})
    assert (wrong.status_code, wrong.request.method) == (422, "GET")
    assert "<title>Error: " in text_of(wrong)
    check = go_on(client, wrong, **{**typed, "people": "7"})
    assert 'value="7"' in text_of(client.get(form.request.full_path))
    assert client.get(check.request.full_path).status_code == 200
    done = go_on(client, check)
    assert done.status_code == 303
    assert client.get(form.request.full_path).location == done.location
    assert (fresh(booking).people, fresh(booking).purpose, fresh(booking).sequence) == (7, "茶", 1)


@ONE_ENGINE
@pytest.mark.parametrize("path", ["change/answers", "answer"])
def test_another_persons_booking_is_not_there(client: FlaskClient, resident: Account, path: str) -> None:
    booking = make_booking()
    assert client.get(f"/bookings/{booking.reference}/{path}").status_code == 404
    assert client.post(f"/bookings/{booking.reference}/{path}", data={}).status_code == 404
    assert client.post(f"/bookings/{booking.reference}/fine").status_code == 404


@ONE_ENGINE
def test_a_lead_changes_what_another_lead_booked(client: FlaskClient, resident: Account) -> None:
    organisation = make_organisation(leads=[resident.person])
    booking = make_booking(organisation=organisation)
    assert change(client, booking, start="14:00").status_code == 303


@ONE_ENGINE
def test_after_the_deadline_the_page_says_to_call_the_desk(client: FlaskClient, resident: Account) -> None:
    booking = make_booking(room=make_room(cancel_minutes=60 * 24 * 7), person=resident.person)
    answer = client.get(f"/bookings/{booking.reference}/change", query_string=ENGLISH, follow_redirects=True)
    assert "Please call the desk" in text_of(answer)
    assert "Change booking" not in text_of(answer)


@ONE_ENGINE
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"room": "NOWHERE"}, "choose one of these", id="no such room"),
        pytest.param({"room": "'; DROP"}, "choose one of these", id="a room in code"),
        pytest.param({"date": "9999-12-31"}, "Please choose a day from", id="end of time"),
        pytest.param({"start": "25:99"}, "when to start", id="no such time"),
        pytest.param({"people": "-3"}, "from 1 to 9999", id="fewer than nobody"),
        pytest.param({"needs": ["wings"]}, "choose one of these", id="no such need"),
        pytest.param({"set_up": "x" * 301}, "At most 300", id="overlong set-up"),
        pytest.param({"purpose": "a\x00b"}, "cannot be stored", id="control character"),
    ],
)
def test_bad_input_changes_nothing(
    client: FlaskClient, resident: Account, changes: dict[str, Any], message: str
) -> None:
    booking = make_booking(person=resident.person)
    answer = change(client, booking, **changes)
    assert answer.status_code == 422
    assert message in text_of(answer)
    assert fresh(booking).sequence == 0


@ONE_ENGINE
def test_a_need_that_the_room_lacks_names_a_room_that_has_it(client: FlaskClient, resident: Account) -> None:
    better = make_room(name="无障碍室", name_en="Barrier-free room")
    with transaction() as session:
        session.add(RoomFeature(room_id=better.id, feature=AccessFeature.LIFT))
    wish = {"date": at(10).date().isoformat(), "start": "10:00", "minutes": "60", "people": "5", "purpose": "茶"}
    form = {**wish, "party": "self", "stage": "book", "needs": ["lift"], "set_up": "圆桌"}
    refused = book(client, f"/bookings/new/{make_room().code}", form, query_string=ENGLISH)
    assert refused.status_code == 422
    assert "Barrier-free room" in text_of(refused)
    assert "圆桌" in text_of(refused)
    checked = book(client, f"/bookings/new/{better.code}", {**form, "stage": "check"}, query_string=ENGLISH)
    assert "Lift" in text_of(checked)
    assert "圆桌" in text_of(checked)
    assert book(client, f"/bookings/new/{better.code}", form).status_code == 303
    booking = db.session.scalars(select(Booking)).one()
    assert (booking.needed, booking.set_up) == (frozenset({AccessFeature.LIFT}), "圆桌")


@ONE_ENGINE
def test_staff_move_to_a_substitute_and_the_person_says_it_is_fine(client: FlaskClient, clerk: Account) -> None:
    account, other = make_account(), make_room(name_en="Other room")
    booking = make_booking(person=account.person, starts_at=at(10, days=3))
    page = text_of(client.get(f"/desk/bookings/{booking.reference}/move", query_string=ENGLISH))
    assert "Other room" in page
    start, end = at(10, days=3), at(11, days=3)
    to = f"{other.code}/{start.astimezone(UTC).isoformat()}/{end.astimezone(UTC).isoformat()}"
    empty = client.post(f"/desk/bookings/{booking.reference}/move", data={"to": to, "room": other.code, "reason": ""})
    assert empty.status_code == 422
    form = {"to": to, "room": other.code, "reason": "消防检查"}
    for _again in range(2):
        assert client.post(f"/desk/bookings/{booking.reference}/move", data=form).status_code == 303
    assert (fresh(booking).room_id, fresh(booking).sequence) == (other.id, 1)
    assert (fresh(booking).starts_at, fresh(booking).ends_at) == (start, end)
    sign_in(client, account)
    page = text_of(client.get(f"/bookings/{booking.reference}", query_string=ENGLISH))
    assert "We had to move your booking" in page
    assert "消防检查" in page
    assert client.post(f"/bookings/{booking.reference}/fine").status_code == 303
    page = text_of(client.get(f"/bookings/{booking.reference}", query_string=ENGLISH))
    assert "We had to move your booking" not in page


@ONE_ENGINE
def test_staff_move_to_another_place_of_their_own_choice(client: FlaskClient, clerk: Account) -> None:
    booking, other = make_booking(starts_at=at(10, days=3)), make_room()
    form = {"to": "other", "room": other.code, "reason": "消防检查"}
    missing = client.post(f"/desk/bookings/{booking.reference}/move", data=form, query_string=ENGLISH)
    assert "choose the day and when to start" in text_of(missing)
    page = text_of(client.get(f"/desk/bookings/{booking.reference}/move", query_string=ENGLISH))
    assert "(optional)" not in page.partition("<details")[2].partition("</details>")[0], "needed for another place"
    typed = {**form, "start": "15:00", "reason": "水管漏了"}
    for more, words in (({}, "Please choose a day"), ({"date": "2026-13-45"}, "Please write a day")):
        refused = client.post(f"/desk/bookings/{booking.reference}/move", data={**typed, **more}, query_string=ENGLISH)
        assert refused.status_code == 422
        assert words in text_of(refused)
        assert text_of(refused).count("水管漏了") == 1, "what was typed stays"
        assert '<option selected value="15:00">' in text_of(refused)
    assert "No free time" not in text_of(refused), "as long as there is no day"
    day = {"date": at(15, days=3).date().isoformat()}
    refused = client.post(f"/desk/bookings/{booking.reference}/move", data={**form, **day}, query_string=ENGLISH)
    assert "Please choose when to start" in text_of(refused)
    form |= {"date": at(15, days=3).date().isoformat(), "start": "15:00"}
    assert client.post(f"/desk/bookings/{booking.reference}/move", data=form).status_code == 303
    assert (fresh(booking).room_id, fresh(booking).starts_at) == (other.id, at(15, days=3))


@ONE_ENGINE
def test_the_move_form_marks_the_starts_that_cannot_be_had(client: FlaskClient, clerk: Account) -> None:
    room = make_room(windows=[(time(9), time(18))])
    booking, other = (
        make_booking(room=room, starts_at=at(10, days=3)),
        make_booking(room=room, starts_at=at(14, days=3)),
    )
    address = f"/desk/bookings/{booking.reference}/move"

    def offered(text: str) -> list[tuple[str, str]]:
        return re.findall(
            r"<option[^>]* value=\"([\d:]*)\">([^<]*)</option>",
            text.partition('id="start"')[2].partition("</select>")[0],
        )

    shown = dict(offered(text_of(client.get(address, query_string=ENGLISH))))
    assert shown["10:00"] == "10:00", "its own time counts as free"
    assert shown["13:30"] == "13:30 (taken)"
    assert shown["14:00"] == "14:00 (taken)"
    assert shown["08:30"] == "08:30 (against a rule)"
    looked = {"stage": "edit", "room": room.code, "date": at(10, days=4).date().isoformat(), "start": "14:00"}
    page = client.post(address, data=looked, query_string=ENGLISH)
    assert page.status_code == 200
    assert fresh(booking).sequence == 0, "looking moves nothing"
    assert '<option selected value="14:00">14:00</option>' in text_of(page)
    assert "<details open>" in text_of(page)
    sent = {
        "to": "other",
        "room": room.code,
        "date": at(14, days=3).date().isoformat(),
        "start": "14:00",
        "reason": "x",
    }
    refused = client.post(address, data=sent, query_string=ENGLISH)
    assert refused.status_code in {409, 422}
    assert (fresh(booking).starts_at, fresh(other).starts_at) == (at(10, days=3), at(14, days=3))


@ONE_ENGINE
@pytest.mark.parametrize("to", ["", "x", "other/x", "R1/2026-11-24T10:00/2026", "a/b/c"])
def test_a_place_that_was_not_offered_is_refused(client: FlaskClient, clerk: Account, to: str) -> None:
    booking = make_booking()
    form = {"to": to, "room": booking.room.code, "reason": "x", "agreed": "y"}
    answer = client.post(f"/desk/bookings/{booking.reference}/move", data=form)
    assert answer.status_code == 422
    assert fresh(booking).sequence == 0


@ONE_ENGINE
def test_within_a_day_staff_must_tick_that_the_person_agrees(app: Flask, client: FlaskClient) -> None:
    clerk, booking, other = make_account(roles=[Role.CLERK]), make_booking(starts_at=at(20)), make_room()
    form = {"to": "other", "room": other.code, "date": at(20).date().isoformat(), "start": "20:00", "reason": "x"}
    with time_machine.travel(at(12), tick=False):
        sign_in(client, clerk)
        answer = client.post(f"/desk/bookings/{booking.reference}/move", data=form, query_string=ENGLISH)
        assert answer.status_code == 422
        assert "tick that they agree" in text_of(answer)
        agreed = client.post(f"/desk/bookings/{booking.reference}/move", data={**form, "agreed": "y"})
        assert agreed.status_code == 303
    assert fresh(booking).move_agreed_at is not None


def test_rooms_to_set_up_are_ticked_undone_and_printed(client: FlaskClient, clerk: Account) -> None:
    booking = make_booking(set_up="椅子围成一圈", starts_at=at(10))
    make_booking(starts_at=at(12))
    address = f"/desk/set-up?date={at(10).date()}&lang=en"
    page = text_of(client.get(address))
    assert "椅子围成一圈" in page
    assert "0 of 1 ready" in page
    for _again in range(2):
        client.post(f"/desk/set-up/{booking.reference}/ready", data={"seen": "0"})
    page = text_of(client.get(address))
    assert "1 of 1 ready" in page
    assert clerk.person.name in page
    client.post(f"/desk/set-up/{booking.reference}/ready", data={"undo": "1"})
    assert "0 of 1 ready" in text_of(client.get(address))
    assert "椅子围成一圈" in text_of(client.get(f"/desk/set-up/print?date={at(10).date()}"))
    for odd in ("", "nonsense", "0001-01-01", "9999-12-31"):
        assert client.get(f"/desk/set-up?date={odd}").status_code == 200


def test_what_changed_since_the_caretaker_looked_is_not_ready(client: FlaskClient, clerk: Account) -> None:
    booking = make_booking(set_up="椅子围成一圈")
    with transaction():
        span = Span(booking.starts_at, booking.ends_at)
        move_booking(
            booking,
            room=booking.room,
            span=span,
            people=5,
            set_up="椅子排成行",
            by=booking.person,
            now=clock.now(),
            as_staff=False,
        )
    answer = client.post(
        f"/desk/set-up/{booking.reference}/ready", data={"seen": "0"}, query_string=ENGLISH, follow_redirects=True
    )
    assert "changed meanwhile" in text_of(answer)
    db.session.rollback()
    assert db.session.get(RoomReady, booking.id) is None


@ONE_ENGINE
def test_asking_about_what_was_decided_is_refused(app: Flask) -> None:
    booking, clerk = make_booking(), make_person()
    with pytest.raises(Conflict), transaction():
        actions.ask_for_change(booking, "x", by=clerk, now=clock.now())


def test_what_the_desk_changes_is_told_and_shown_as_it_was_and_is(client: FlaskClient, clerk: Account) -> None:
    owner = make_account(locale="en")
    booking = make_booking(person=owner.person, starts_at=at(10, days=3), people=7, purpose="象棋")
    change(client, booking, people="9", purpose="桥牌")
    notice = db.session.scalars(select(Notice).where(Notice.person_id == owner.person_id)).one()
    assert notice.kind == "booking.edited_by_staff"
    for said in ("People: 9 (before: 7)", "What for: 桥牌 (before: 象棋)"):
        assert said in notice.body
        assert said in notice.gist
    assert "Room:" not in notice.gist
    for account in (clerk, owner):
        sign_in(client, account)
        page = text_of(client.get(f"/bookings/{booking.reference}", query_string=ENGLISH))
        assert "People: 9 (before: 7)" in page


def test_a_move_by_the_desk_says_what_else_is_different(client: FlaskClient, clerk: Account) -> None:
    owner = make_account(locale="en")
    booking = make_booking(person=owner.person, starts_at=at(10, days=3), people=7)
    change(client, booking, people="9", start="15:00")
    notice = db.session.scalars(select(Notice).where(Notice.person_id == owner.person_id)).one()
    assert notice.kind == "booking.moved_by_desk"
    assert "People: 9 (before: 7)" in notice.body
    assert "When:" not in notice.body
