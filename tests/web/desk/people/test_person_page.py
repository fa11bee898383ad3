"""From a person's page at the desk: what waits for them, what was just done and can be undone, who is near them."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from center.bookings.models import Booking, Channel
from center.kernel import clock
from center.kernel.access_log import AccessEvent, Kind
from center.kernel.db import db, transaction
from center.notices.models import Delivery, DeliveryState
from center.people import acting
from center.people.models import Account, Person, Role
from center.signups import cancelling
from center.signups.models import SignUp, SignUpState
from tests.activity_builders import make_activity, make_roster, sign_up, state_of
from tests.builders import at, make_account, make_booking, make_building, make_person, make_room, sign_in, trust
from tests.engines import ONE_ENGINE
from tests.statements import selects
from tests.told import tell
from tests.web.test_editing import fields_of

pytestmark = [pytest.mark.usefixtures("app"), ONE_ENGINE]


@pytest.fixture(autouse=True)
def _morning() -> Any:
    with time_machine.travel(at(10, days=0), tick=False):
        yield


@pytest.fixture
def clerk(client: FlaskClient) -> Account:
    account = make_account(roles=[Role.CLERK])
    sign_in(client, account)
    return account


def page(client: FlaskClient, person: Person, query: str = "?lang=en") -> str:
    return " ".join(client.get(f"/desk/people/{person.id}{query}").text.split())


def focused(shown: str) -> str:
    """The only element that asks for the focus."""
    [found] = re.findall(r"<[^>]* autofocus[^>]*>", shown)
    return found


def offered() -> SignUp:
    """A place that is offered to somebody who has no account."""
    roster = make_roster(capacity=1)
    [seated], [waiting] = sign_up(roster, make_person()), sign_up(roster, make_person())
    with transaction():
        cancelling.cancel(seated, by=seated.person, now=clock.now())
    assert state_of(waiting) == "offered"
    return waiting


def seal_on(shown: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', shown)
    assert found
    return found[1]


def left_to_tell(person: Person) -> list[Delivery]:
    db.session.rollback()
    return [each for each in db.session.query(Delivery).join(Delivery.notice).all()
            if each.notice.person_id == person.id and each.state is DeliveryState.DUE]  # fmt: skip


def test_an_auditor_sees_nothing_to_press(client: FlaskClient) -> None:
    waiting = offered()
    sign_in(client, make_account(roles=[Role.AUDITOR]))
    shown = page(client, waiting.person)
    assert "to say to them" not in shown
    assert f"/desk/sign-ups/{waiting.reference}" not in shown


@pytest.mark.parametrize("takes", [True, False], ids=["takes it", "does without"])
def test_an_offer_is_answered_at_the_top_and_no_call_is_left(client: FlaskClient, clerk: Account, takes: bool) -> None:
    waiting = offered()
    shown = page(client, waiting.person)
    assert "One thing to say to them now" in shown
    assert shown.index("They take the place") < shown.index("Sign up for an activity")
    assert left_to_tell(waiting.person)
    way, state = ("take", "confirmed") if takes else ("leave", "turned_down")
    answer = client.post(f"/desk/sign-ups/{waiting.reference}/{way}", data={"seen": seal_on(shown)})
    assert answer.location.endswith(f"/desk/people/{waiting.person_id}?done=1")
    assert state_of(waiting) == state
    assert not [each for each in left_to_tell(waiting.person) if each.notice.kind == "sign_up.offered"]
    client.post(f"/desk/sign-ups/{waiting.reference}/{way}", data={"seen": seal_on(shown)})
    assert state_of(waiting) == state


def test_an_offer_that_ran_out_is_said_to_be_over(client: FlaskClient, clerk: Account) -> None:
    waiting = offered()
    seal = seal_on(page(client, waiting.person))
    with time_machine.travel(at(10, days=4), tick=False):
        sign_in(client, clerk)
        client.post(f"/desk/sign-ups/{waiting.reference}/take", data={"seen": seal})
        assert state_of(waiting) != "confirmed"
        assert "notice--stop" in page(client, waiting.person)


def test_what_is_to_be_told_stands_there_with_its_words_and_goes_with_one_press(
    client: FlaskClient, clerk: Account
) -> None:
    person = make_person()
    tell(person, "booking.cancelled_by_staff", key="k", now=clock.now())
    shown = page(client, person)
    assert "One thing to say to them now" in shown
    [delivery] = left_to_tell(person)
    answer = client.post(f"/desk/to-tell/{delivery.id}/done", data={"back": "person"})
    assert answer.location.endswith(f"/desk/people/{person.id}")
    assert "to say to them now" not in page(client, person)


def test_who_was_not_reached_and_comes_by_is_told_at_once(client: FlaskClient, clerk: Account) -> None:
    person = make_person()
    tell(person, "booking.cancelled_by_staff", key="k", now=clock.now())
    [delivery] = left_to_tell(person)
    client.post(f"/desk/to-tell/{delivery.id}/not-reached", data={"tries": "0"})
    assert "One thing to say to them now" in page(client, person)


def test_the_first_action_has_the_focus_and_check_in_comes_first(client: FlaskClient, clerk: Account) -> None:
    person = make_person()
    assert f"/desk/people/{person.id}/sign-up" in focused(page(client, person))
    booking = make_booking(person=person, starts_at=clock.now() + timedelta(minutes=5))
    assert f'id="check-in-{booking.reference}"' in focused(page(client, person))
    answer = client.post(f"/desk/bookings/{booking.reference}/check-in", data={"back": "person"})
    shown = page(client, person, answer.location.partition(str(person.id))[2] + "&lang=en")
    assert 'href="/desk/people"' in focused(shown), "the next person"
    assert "Undo until 10:10" in shown


def test_a_sign_up_of_the_desk_leads_on_and_can_be_undone_for_ten_minutes(client: FlaskClient, clerk: Account) -> None:
    roster, person = make_roster(), make_person()
    shown = client.get(f"/desk/people/{person.id}/sign-up?lang=en").text
    assert 'data-key="1"' in focused(shown)
    form = {name: value for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', shown) if name != "csrf_token"}
    answer = client.post(f"/desk/people/{person.id}/sign-up", data=form)
    done = client.get(answer.location + "&lang=en").text
    assert "/slip" in focused(done)
    assert "Undo until 10:10" in done
    reference = answer.location.split("/")[2].partition("?")[0]
    assert f"/desk/sign-ups/{reference}/undo" in page(client, person)
    for _ in range(2):
        answer = client.post(f"/desk/sign-ups/{reference}/undo", data={"back": "person"})
        assert answer.location.endswith(f"/desk/people/{person.id}")
    assert "Undone" in page(client, person)
    assert roster.sessions
    assert f"/desk/sign-ups/{reference}/undo" not in page(client, person)


def asked(shown: str) -> dict[str, str]:
    """What the first button that signs somebody up sends."""
    form = shown[shown.index('name="request_key"') - 400 :].partition("</form>")[0]
    return {name: value for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form) if name != "csrf_token"}


def test_where_the_last_place_went_meanwhile_the_waiting_list_is_asked_about(
    client: FlaskClient, clerk: Account
) -> None:
    roster, person = make_roster(capacity=1), make_person(name="李秀英")
    address = f"/desk/people/{person.id}/sign-up?lang=en"
    form = asked(client.get(address).text)
    sign_up(roster, make_person())
    answer = client.post(address, data=form)
    assert answer.status_code == 422
    assert live_of(person) == [], "nobody is put on a list that the button did not name"
    assert "Should 李秀英 wait?" in answer.text
    assert "Onto the waiting list" in answer.text
    assert client.post(address, data=asked(answer.text)).status_code == 303
    assert live_of(person) == [SignUpState.WAITING]


def test_the_page_with_wishes_asks_the_same(client: FlaskClient, clerk: Account) -> None:
    roster, person = make_roster(capacity=1), make_person(name="李秀英")
    address = f"/desk/people/{person.id}/sign-up/{roster.id}?lang=en"
    form = fields_of(client.get(address).text)
    assert form["may_wait"] == ""
    sign_up(roster, make_person())
    answer = client.post(address, data=form)
    assert (answer.status_code, live_of(person)) == (422, [])
    assert "Should 李秀英 wait?" in answer.text
    assert client.post(address, data=fields_of(answer.text)).status_code == 303
    assert live_of(person) == [SignUpState.WAITING]


def test_where_nobody_may_wait_nothing_is_asked(client: FlaskClient, clerk: Account) -> None:
    roster, person = make_roster(capacity=1, has_waiting_list=False), make_person()
    address = f"/desk/people/{person.id}/sign-up?lang=en"
    form = asked(client.get(address).text)
    sign_up(roster, make_person())
    answer = client.post(address, data=form)
    assert "not enough places left" in answer.text
    assert "Onto the waiting list" not in answer.text


def live_of(person: Person) -> list[SignUpState]:
    db.session.rollback()
    return list(db.session.scalars(select(SignUp.state).where(SignUp.person_id == person.id)))


def test_after_ten_minutes_nothing_is_offered_to_be_undone(client: FlaskClient, clerk: Account) -> None:
    person = make_person()
    [made] = sign_up(make_roster(), person, by=clerk.person, as_staff=True)
    with time_machine.travel(at(10, 10, days=0), tick=False):
        assert "/undo" not in page(client, person)
        client.post(f"/desk/sign-ups/{made.reference}/undo", data={"back": "person"})
        assert state_of(made) == "confirmed"
        assert "ten minutes" in page(client, person)


def test_the_household_family_and_helpers_are_named_and_who_looked_is_written_down(
    client: FlaskClient, clerk: Account
) -> None:
    home = {"building": make_building(), "unit": "2", "door": "301"}
    child, mother = make_person(name="小雨", birth_year=2018, **home), make_person(name="雨妈妈", **home)
    elsewhere, gone = make_person(name="远亲", birth_year=1960), make_person(name="外人", **{**home, "door": "302"})
    with transaction():
        acting.name_guardian(child, guardian=elsewhere, by=mother, today=clock.now().date())
    trust(mother, gone)
    of_child, of_mother = page(client, child), page(client, mother)
    assert "雨妈妈" in of_child
    assert "远亲" in of_child
    assert "answers for them" in of_child
    assert "小雨" in of_mother
    assert "外人" in of_mother, "she acts for her, and lets her"
    assert "外人" not in of_child
    db.session.rollback()
    doors = db.session.query(AccessEvent).filter_by(kind=Kind.DOOR).all()
    assert {each.person_id for each in doors} >= {mother.id, child.id}


def test_the_page_asks_no_more_of_the_database_for_more_bookings(client: FlaskClient, clerk: Account) -> None:
    person, room = make_person(), make_room()
    make_booking(person=person, room=room, starts_at=at(9, days=2))
    page(client, person)
    with selects() as few:
        page(client, person)
    for hour in range(10, 16):
        make_booking(person=person, room=room, starts_at=at(hour, days=2))
    with selects() as many:
        page(client, person)
    assert len(many) == len(few)


def lesson(starts_at: Any) -> SignUp:
    """Somebody with a place at a session."""
    [signed] = sign_up(make_roster(make_activity(title_en="Paper birds", starts=[starts_at])), make_person())
    return signed


def test_who_has_a_place_now_is_checked_in_to_the_session_and_that_is_undone(
    client: FlaskClient, clerk: Account
) -> None:
    signed = lesson(at(10, 30, days=0))
    person, [session] = signed.person, signed.roster.sessions
    address = f"/desk/people/{person.id}/sessions/{session.id}"
    shown = page(client, person)
    assert f'{address}/here"' in shown
    assert 'data-key="c"' in focused(shown)
    for _ in range(2):
        answer = client.post(f"{address}/here")
        assert answer.location.endswith(f"/desk/people/{person.id}?done=1")
    shown = page(client, person, "?done=1&lang=en")
    assert "Here since 10:00" in shown
    assert f"{address}/here" not in shown
    event = re.search(rf'action="{address}/undo".*?name="event" value="(\d+)"', shown)
    assert event
    for number in ("", "0", "x", "999999"):
        assert client.post(f"{address}/undo", data={"event": number}).status_code == 404
    somebody_else = address.replace(f"people/{person.id}", f"people/{clerk.person_id}")
    assert client.post(f"{somebody_else}/undo", data={"event": event[1]}).status_code == 404
    client.post(f"{address}/undo", data={"event": event[1]})
    assert f"{address}/here" in page(client, person)


def test_the_household_that_came_along_is_checked_in_by_one_press(client: FlaskClient, clerk: Account) -> None:
    home = {"building": make_building(), "unit": "1", "door": "101", "door_verified_at": clock.now()}
    mother, son, neighbour = make_person(**home), make_person(name="小儿", **home), make_person(name="邻居")
    roster = make_roster(make_activity(starts=[at(10, 30, days=0)]))
    for each in (mother, son, neighbour):
        sign_up(roster, each)
    [session] = roster.sessions
    address = f"/desk/people/{mother.id}/sessions/{session.id}"
    client.post(f"{address}/here")
    shown = page(client, mother, "?done=1&lang=en")
    assert "Here with them: 小儿" in shown
    for pressed in (f"{son.id},{neighbour.id},x", str(son.id)):
        client.post(f"{address}/household", data={"together": pressed})
    assert "Here with them" not in page(client, mother)
    assert "Here since" in page(client, son)
    assert "Here since" not in page(client, neighbour), "only who belongs to the household"


def test_leave_is_written_down_for_a_day_to_come_and_nobody_is_checked_in_before_their_time(
    client: FlaskClient, clerk: Account
) -> None:
    signed = lesson(at(10, 30, days=3))
    person, [session] = signed.person, signed.roster.sessions
    address = f"/desk/people/{person.id}/sessions/{session.id}"
    assert client.post(f"{address}/here").status_code == 404
    shown = page(client, person)
    assert f'{address}/here"' not in shown
    assert f'{address}/leave"' in shown
    client.post(f"{address}/leave")
    shown = page(client, person)
    assert "On leave" in shown
    assert "Undo until 10:10" in shown
    assert state_of(signed) == "confirmed", "their place stays theirs"


def test_whoever_has_no_place_is_not_checked_in(client: FlaskClient, clerk: Account) -> None:
    [session] = lesson(at(10, 30, days=0)).roster.sessions
    stranger = make_person()
    for word in ("here", "leave"):
        client.post(f"/desk/people/{stranger.id}/sessions/{session.id}/{word}?lang=en")
        assert "no place here" in page(client, stranger)


def test_after_a_booking_made_at_the_desk_the_slip_comes_first_and_no_calendar(
    client: FlaskClient, clerk: Account
) -> None:
    booking = make_booking(person=make_person(), starts_at=clock.now() + timedelta(minutes=5))
    shown = client.get(f"/bookings/{booking.reference}?new=1&lang=en").text
    assert f"/bookings/{booking.reference}/slip" in focused(shown)
    main = shown.partition("<main")[2]
    assert main.index("/slip") < main.index("Next person") < main.index("Change booking")
    assert "Add to my calendar" not in shown
    client.post(f"/desk/bookings/{booking.reference}/check-in", data={"back": "booking"})
    assert 'href="/desk/people"' in focused(client.get(f"/bookings/{booking.reference}?lang=en").text)
    assert 'href="/desk/people" autofocus' in client.get(f"/bookings/{booking.reference}/slip").text


def test_a_booking_of_the_desk_can_be_undone_for_ten_minutes_from_both_pages(
    client: FlaskClient, clerk: Account
) -> None:
    person = make_person()
    for back in ("person", "booking"):
        facts: dict[str, Any] = {"booked_by": clerk.person, "channel": Channel.DESK, "requested_at": clock.now()}
        booking = make_booking(person=person, **facts)
        undo = f'action="/desk/bookings/{booking.reference}/undo"'
        shown = client.get(f"/bookings/{booking.reference}?new=1&lang=en").text
        assert "Undo until 10:10" in shown
        assert undo in shown
        assert undo in page(client, person)
        for _ in range(2):
            answer = client.post(f"/desk/bookings/{booking.reference}/undo?lang=en", data={"back": back})
        assert answer.location.endswith(f"/desk/people/{person.id}" if back == "person" else booking.reference)
        assert undo not in page(client, person)
        after = client.get(f"/bookings/{booking.reference}?lang=en").text
        assert "The desk had made this booking by mistake." in after
        assert "Undo until" not in after


def test_a_booking_of_a_colleague_is_not_offered_to_be_undone(client: FlaskClient, clerk: Account) -> None:
    person = make_person()
    facts: dict[str, Any] = {"booked_by": make_person(), "channel": Channel.DESK, "requested_at": clock.now()}
    booking = make_booking(person=person, **facts)
    assert f"/desk/bookings/{booking.reference}/undo" not in page(client, person)
    assert "Undo until" not in client.get(f"/bookings/{booking.reference}?lang=en").text
    client.post(f"/desk/bookings/{booking.reference}/undo")
    db.session.rollback()
    assert db.session.get_one(Booking, booking.id).is_live
