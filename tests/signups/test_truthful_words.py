"""What a message says is true for its reader: how they stand, whom it is about, who did it."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from center.activities import sessions
from center.activities.clashes import SessionPlan
from center.activities.models import Session
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.spans import Span
from center.notices.models import Way
from center.people.models import Person, Role
from center.rooms.models import Room
from center.signups import offers, places
from center.signups.cancelling import cancel
from center.signups.models import Audience, Mode, SignUpState
from center.signups.models.attendee_lists import Driver
from center.signups.posting import volunteers
from center.signups.posting.capacity import reduce_places
from center.signups.roster_state import hold
from tests.activity_builders import make_activity, make_roster, sign_up, the_pool
from tests.builders import at, make_account, make_building, make_centre, make_person, make_room, sign_in, trust
from tests.engines import ONE_ENGINE
from tests.notices.test_outbox import prefer
from tests.reminders import of_sessions as reminders
from tests.signups.test_messages import deliveries, kinds_told, make_child, run, told

pytestmark = [pytest.mark.usefixtures("app"), ONE_ENGINE]


def move(session: Session, *, days: int = 6, room: Room | None = None, place: str = "", reason: str = "漏水") -> None:
    plan = SessionPlan(span=Span(at(14, days=days), at(15, days=days)), room=room, place=place)
    with transaction():
        sessions.move_session(session, plan, by=session.activity.created_by, now=clock.now(), reason=reason)


def english(**facts: Any) -> Person:
    person = make_person(**facts)
    make_account(person, locale="en")
    return person


def test_after_a_move_everybody_reads_how_they_stand() -> None:
    roster = make_roster(make_activity(), capacity=2)
    seated, leaving, offered, waiting = (english() for _ in range(4))
    for person in (seated, leaving, offered, waiting):
        [made] = sign_up(roster, person)
        if person is leaving:
            gone = made
    with transaction():
        cancel(gone, by=leaving, now=clock.now())
    move(roster.activity.sessions[0])
    said = {person.id: told(person)[-1] for person in (seated, offered, waiting)}
    assert {notice.kind for notice in said.values()} == {"sign_up.session_moved"}
    assert "There still is a place for you." in said[seated.id].body
    assert "A place is still held for you until" in said[offered.id].body
    assert said[offered.id].path.startswith("/offers/"), "the offer is repeated, with its link"
    assert "no place yet for you: on the waiting list it is number 1" in said[waiting.id].body
    assert "still is a place" not in said[offered.id].body + said[waiting.id].body
    assert kinds_told(leaving)[-1] == "cancelled"


def test_who_asked_or_takes_part_in_a_draw_keeps_no_place_in_words() -> None:
    asking, entering = english(), english()
    asked, drawn = make_roster(mode=Mode.APPROVAL), make_roster(mode=Mode.LOTTERY, closes_at=at(9, days=4))
    sign_up(asked, asking)
    sign_up(drawn, entering)
    for roster in (asked, drawn):
        move(roster.activity.sessions[0])
    assert "is not decided yet; it is by" in told(asking)[-1].body
    assert "is still to be drawn, on" in told(entering)[-1].body


def test_a_session_called_off_says_to_those_who_wait_that_they_wait() -> None:
    roster = make_roster(make_activity(starts=[at(10, days=5), at(10, days=6)]), capacity=1)
    sign_up(roster, make_person())
    waiting = english()
    sign_up(roster, waiting)
    with transaction():
        first = roster.activity.sessions[0]
        sessions.cancel_session(first, reason="讲师病了", by=roster.activity.created_by, now=clock.now())
    assert "number 1" in told(waiting)[-1].body
    assert "still is a place" not in told(waiting)[-1].body


def test_of_a_child_subject_and_sentence_name_the_child() -> None:
    mother = english()
    child = make_child(mother, name="李小红")
    sign_up(make_roster(make_activity(title_en="Painting")), child, by=mother)
    [notice] = told(mother)
    assert notice.subject.startswith("A place for your child 李小红: Painting")
    assert "there is a place for your child 李小红 at “Painting”" in notice.body


def test_in_chinese_the_child_is_named_as_people_say_it() -> None:
    mother = make_person()
    child = make_child(mother, name="李小红")
    sign_up(make_roster(make_activity(title="剪纸")), child, by=mother)
    [notice] = told(mother)
    assert notice.subject.startswith("您的孩子李小红有名额了：剪纸")


def test_several_of_a_household_are_told_of_in_one_notice_that_names_them_all() -> None:
    mother = english()
    one, two = make_child(mother, name="李小红"), make_child(mother, name="李小明")
    roster = make_roster()
    sign_up(roster, mother, one, two, by=mother)
    [receipt] = told(mother)
    assert "for you, 李小红 and 李小明" in receipt.subject
    move(roster.activity.sessions[0])
    assert kinds_told(mother) == ["confirmed", "session_moved"]
    assert "a place for you, 李小红 and 李小明." in told(mother)[-1].body


def test_who_of_a_household_has_a_place_and_who_waits_is_told_apart() -> None:
    mother = english()
    one, two = make_child(mother, name="李小红"), make_child(mother, name="李小明")
    roster = make_roster(capacity=1)
    sign_up(roster, one, two, by=mother)
    assert kinds_told(mother) == ["confirmed", "queued"]
    move(roster.activity.sessions[0])
    body = told(mother)[-1].body
    assert "There still is a place for your child 李小红." in body
    assert "no place yet for your child 李小明: on the waiting list it is number 1" in body


def test_a_household_is_reminded_once_and_of_everybody() -> None:
    mother = make_person()
    one, two = make_child(mother), make_child(mother)
    sign_up(make_roster(make_activity(starts=[at(10, days=2)])), one, two, by=mother)
    evening = at(18, 30, days=1)
    for _ in range(2):
        run(reminders.due_for_tomorrow, evening)
    assert kinds_told(mother) == ["confirmed", "reminder_day"]
    assert reminders.due_for_tomorrow(evening) == []


def test_a_call_about_two_children_stays_while_one_of_them_comes() -> None:
    mother = make_person()
    one, two = make_child(mother), make_child(mother)
    roster = make_roster()
    first, _second = sign_up(roster, one, two, by=mother)
    move(roster.activity.sessions[0])
    with transaction():
        cancel(first, by=mother, now=clock.now())
    assert [call.notice.kind for call in deliveries()] == ["sign_up.session_moved"]


def test_what_the_desk_cancels_is_told_as_the_desks_with_its_reason_and_by_a_call(client: FlaskClient) -> None:
    make_centre()
    person = make_person()
    [made] = sign_up(make_roster(), person)
    clerk = make_account(roles=[Role.CLERK], locale="en")
    sign_in(client, clerk)
    page = client.get(f"/sign-ups/{made.reference}/cancel").text
    assert "they are told that the desk did it" in page
    assert client.post(f"/sign-ups/{made.reference}/cancel", data={"reason": "重复报名"}).status_code == 303
    notice = told(person)[-1]
    assert notice.kind == "sign_up.cancelled_by_staff"
    assert "服务台取消了您的" in notice.body
    assert "重复报名" in notice.body
    [call] = deliveries()
    assert (call.way, call.notice_id) == (Way.CALL, notice.id)


def test_who_waited_is_not_thanked_for_a_place() -> None:
    roster = make_roster(capacity=1)
    sign_up(roster, make_person())
    waiting = english()
    [made] = sign_up(roster, waiting)
    with transaction():
        cancel(made, by=waiting, now=clock.now())
    assert "Thank you" not in told(waiting)[-1].body


def test_what_a_neighbour_did_for_one_says_who_did_it_and_is_news() -> None:
    home = make_building()
    elder = english(building=home, unit="1", door="101")
    wife = make_person(building=home, unit="1", door="101", name="王秀英")
    trust(elder, wife)
    sign_up(make_roster(), elder, by=wife)
    [notice] = told(elder)
    assert "Done by: 王秀英" in notice.body
    assert notice.read_at is None
    assert told(wife)[0].read_at is not None


def test_the_same_news_is_told_again_when_it_happens_again() -> None:
    roster = make_roster(capacity=1)
    [first] = sign_up(roster, make_person())
    [waiting] = sign_up(roster, make_person())
    with transaction():
        cancel(first, by=first.person, now=clock.now())
    later = clock.now() + timedelta(minutes=5)
    with transaction():
        back: dict[str, Any] = {"back": [waiting.id], "to": SignUpState.WAITING, "reason": "少一把椅子"}
        reduce_places(the_pool(roster), 0, by=first.person, now=later, **back)
    with transaction():
        places.set_capacity(the_pool(roster), 1)
        offers.offer_held(hold(roster), now=later + timedelta(minutes=5))
    assert kinds_told(waiting.person) == ["queued", "offered", "moved_back", "offered"]


def drive(session: Session, person: Person) -> None:
    with transaction() as writing:
        now = clock.now()
        writing.add(Driver(session_id=session.id, person_id=person.id, named_by_id=person.id, named_at=now))


def test_a_driver_and_each_helper_hear_of_a_changed_time_and_place() -> None:
    activity = make_activity()
    make_roster(activity)
    helpers = make_roster(activity, audience=Audience.VOLUNTEERS)
    helper, driver = make_person(), make_person()
    sign_up(helpers, helper)
    drive(activity.sessions[0], driver)
    move(activity.sessions[0], room=make_room(), days=7)
    assert kinds_told(helper) == ["confirmed", "session_moved"]
    [notice] = told(driver)
    assert notice.kind == "pick_ups.moved"
    assert "江边" in notice.body, "where it was"
    assert {call.notice.person_id for call in deliveries()} == {helper.id, driver.id}


def test_a_driver_hears_that_it_is_called_off() -> None:
    activity, driver = make_activity(), make_person()
    make_roster(activity)
    drive(activity.sessions[0], driver)
    with transaction():
        by = activity.created_by
        sessions.cancel_session(activity.sessions[0], reason="讲师病了", by=by, now=clock.now())
    assert [notice.kind for notice in told(driver)] == ["pick_ups.called_off"]


def test_volunteers_no_longer_wanted_hear_it_from_the_organisation() -> None:
    activity = make_activity()
    make_roster(activity)
    helper = english()
    sign_up(make_roster(activity, audience=Audience.VOLUNTEERS), helper)
    prefer(helper)
    db.session.rollback()
    with transaction():
        volunteers.stop(activity, reason="够了", by=activity.created_by, now=clock.now())
    notice = told(helper)[-1]
    assert f"was cancelled by {activity.organisation.name_en or activity.organisation.name}" in notice.body
