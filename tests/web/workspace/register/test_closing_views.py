"""Closing and signing a register, putting it right with a reason, and what was written down, also on paper."""

import pytest
from flask import Flask

from center.attendance.models import Status
from center.kernel import clock
from center.kernel.db import transaction
from center.organisations.models import MemberRole, Membership
from tests.builders import LONG_AGO, at, make_account, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.web.test_editing import fields_of
from tests.web.workspace.register.conftest import Lesson, make_lesson

pytestmark = [pytest.mark.usefixtures("morning"), ONE_ENGINE]


def closed(lesson: Lesson) -> Lesson:
    lesson.post("/register/say", say=f"here-{lesson.people[0].id}")
    lesson.post("/register/close", is_signed="y", remark="灯坏了")
    return lesson


def test_who_is_missing_is_listed_and_becomes_absent(lesson: Lesson) -> None:
    first, second, _third = lesson.people
    lesson.post("/register/say", say=f"here-{first.id}")
    page = lesson.get("/register/close").text
    missing = page[page.index("Who is missing") : page.index('<form method="post" class="form"')]
    assert second.name in missing
    assert first.name not in missing
    assert lesson.post("/register/close", is_signed="y").status_code == 303
    assert [lesson.status(each) for each in lesson.people] == [Status.PRESENT, Status.ABSENT, Status.ABSENT]
    assert "Signed by 李建国" in lesson.get().text


def test_without_the_signature_nothing_is_closed(lesson: Lesson) -> None:
    answer = lesson.post("/register/close", remark="什么也没有")
    assert answer.status_code == 422
    assert "什么也没有" in answer.text
    assert "Signed by" not in lesson.get().text


def test_before_it_has_begun_nothing_is_closed(app: Flask) -> None:
    lesson = make_lesson(app, starts=at(10, 30, days=0))
    answer = lesson.post("/register/close", is_signed="y")
    assert answer.status_code == 422
    assert "It has not begun yet" in answer.text


def test_a_closed_register_is_pressed_no_more(lesson: Lesson) -> None:
    closed(lesson)
    assert 'data-verb="' not in lesson.get().text
    assert "This register is closed and signed" in lesson.says("/register/say", say=f"here-{lesson.people[1].id}")
    assert lesson.status(lesson.people[1]) is Status.ABSENT


def test_it_is_put_right_with_a_reason_and_the_centres_clock(lesson: Lesson) -> None:
    second = closed(lesson).people[1]
    clock.start_at(at(12, days=0))
    address = f"/register/people/{second.id}"
    typed = {"becomes": "left", "arrived_at": "10:05", "left_at": "11:30"}
    assert lesson.post(address, **typed, reason="").status_code == 422
    assert lesson.post(address, **typed, reason="她在后排").status_code == 303
    assert lesson.status(second) is Status.LEFT
    page = lesson.get("/register/written").text
    assert "她在后排" in page
    assert "Absent → Left" in page
    paper = lesson.get("/register/print").text
    assert "10:05" in paper
    assert "灯坏了" in paper
    assert "Signed by 李建国" in paper


def test_times_that_do_not_fit_are_refused_where_they_were_typed(lesson: Lesson) -> None:
    second = closed(lesson).people[1]
    clock.start_at(at(12, days=0))
    typed = {"becomes": "left", "arrived_at": "11:00", "left_at": "10:00", "reason": "记错"}
    answer = lesson.post(f"/register/people/{second.id}", **typed)
    assert answer.status_code == 422
    assert "Nobody leaves before they come" in answer.text


@pytest.mark.parametrize(("field", "status"), [("arrived_at", "present"), ("arrived_at", "left"), ("left_at", "left")])
def test_a_time_that_is_still_to_come_is_refused_where_it_was_typed(lesson: Lesson, field: str, status: str) -> None:
    second = closed(lesson).people[1]
    answer = lesson.post(f"/register/people/{second.id}", becomes=status, reason="记错", **{field: "18:30"})
    assert answer.status_code == 422
    assert f'id="{field}-errors"' in answer.text
    assert "That time is still to come" in answer.text
    assert lesson.status(second) is Status.ABSENT


def test_of_two_who_put_the_same_right_the_second_is_shown_what_the_first_wrote(lesson: Lesson) -> None:
    second = closed(lesson).people[1]
    clock.start_at(at(12, days=0))
    page = f"/register/people/{second.id}"
    opened = fields_of(lesson.get(page).text)
    late = {**opened, "becomes": "late", "arrived_at": "10:20", "reason": "她迟到了"}
    assert lesson.post(page, **late).status_code == 303
    answer = lesson.post(page, **{**opened, "becomes": "on_leave", "reason": "她请了假"})
    assert (answer.status_code, lesson.status(second)) == (409, Status.LATE)
    assert 'id="changed"' in answer.text
    assert "她请了假" in answer.text
    assert lesson.post(page, **fields_of(answer.text)).status_code == 303
    assert lesson.status(second) is Status.ON_LEAVE


def test_a_stranger_is_put_right_by_the_desk_alone(lesson: Lesson) -> None:
    assert closed(lesson).get(f"/register/people/{make_person().id}").status_code == 404


def test_who_helps_at_the_door_takes_the_roll_but_signs_nothing(app: Flask, lesson: Lesson) -> None:
    helper = make_account()
    with transaction() as session:
        facts = {"role": MemberRole.CHECK_IN, "starts_on": LONG_AGO}
        session.add(Membership(organisation_id=lesson.team.id, person_id=helper.person_id, **facts))
    client = app.test_client()
    sign_in(client, helper)
    for page in ("/register/close", f"/register/people/{lesson.people[0].id}", "/to-review"):
        assert client.get(lesson.address + page).status_code == 404
    for page in ("/register/written", "/register/print", "/register/enter", "/register/sheets", "/walk-in"):
        assert client.get(lesson.address + page).status_code == 200


def test_what_was_written_down_says_who_how_and_when(lesson: Lesson) -> None:
    lesson.post("/register/say", say=f"late-{lesson.people[0].id}")
    page = lesson.get("/register/written").text
    assert "On the roll" in page
    assert "李建国" in page
