"""The roll as it is taken: a press a person, the next one under the finger, undo, filters, and who may."""

import re

import pytest
from flask import Flask

from center.attendance.models import Status
from center.kernel.db import transaction
from center.organisations.models import MemberRole, Membership
from center.people.models import Person, Role
from tests.activity_builders import sign_up
from tests.builders import LONG_AGO, at, make_account, make_building, make_organisation, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.statements import selects
from tests.web.workspace.register.conftest import Lesson, make_lesson

pytestmark = [pytest.mark.usefixtures("morning"), ONE_ENGINE]


def line_of(page: str, person: Person) -> str:
    found = re.search(rf'<li id="person-{person.id}".*?</li>', page, re.DOTALL)
    assert found is not None, f"{person.name} is not on the page"
    return found[0]


def test_a_press_writes_down_and_goes_on_to_the_next(lesson: Lesson) -> None:
    first, second, _third = lesson.people
    answer = lesson.post("/register/say", say=f"here-{first.id}")
    assert answer.status_code == 303
    assert answer.location.endswith(f"#say-{second.id}")
    assert lesson.status(first) is Status.PRESENT
    page = lesson.get().text
    assert f"{first.name} is here." in page
    assert "Undo until 10:10" in line_of(page, first)
    assert f'id="say-{second.id}"' in line_of(page, second)


def test_who_is_late_on_leave_or_gone_is_written_down_so(lesson: Lesson) -> None:
    first, second, third = lesson.people
    lesson.post("/register/say", say=f"late-{first.id}")
    lesson.post("/register/say", say=f"leave-{second.id}")
    lesson.post("/register/say", say=f"here-{third.id}")
    lesson.post("/register/say", say=f"left-{third.id}")
    assert [lesson.status(each) for each in lesson.people] == [Status.LATE, Status.ON_LEAVE, Status.LEFT]


def test_what_was_said_is_undone(lesson: Lesson) -> None:
    first = lesson.people[0]
    lesson.post("/register/say", say=f"here-{first.id}")
    found = re.search(r'name="event" value="(\d+)"', lesson.get().text)
    assert found is not None
    page = lesson.says("/register/undo", event=found[1])
    assert f"Undone: what was just said of {first.name}." in page
    assert lesson.status(first) is None


def test_all_here_leaves_whom_something_was_said_of(lesson: Lesson) -> None:
    first = lesson.people[0]
    lesson.post("/register/say", say=f"leave-{first.id}")
    assert "2 people are here." in lesson.says("/register/all")
    assert [lesson.status(each) for each in lesson.people] == [Status.ON_LEAVE, Status.PRESENT, Status.PRESENT]


def test_the_roll_is_narrowed_by_state_and_by_name(lesson: Lesson) -> None:
    first, second, third = lesson.people
    lesson.post("/register/say", say=f"here-{first.id}")
    waiting = lesson.get(show="waiting").text
    assert f'id="person-{first.id}"' not in waiting
    assert f'id="person-{second.id}"' in waiting
    by_name = lesson.get(find="白").text
    assert f'id="person-{second.id}"' in by_name
    assert f'id="person-{third.id}"' not in by_name
    assert "Nobody on this roll fits." in lesson.get(find="zzz").text


def test_a_press_keeps_the_roll_as_it_was_narrowed(lesson: Lesson) -> None:
    answer = lesson.post("/register/say", say=f"here-{lesson.people[0].id}", show="waiting", find="")
    assert "show=waiting" in answer.location


@pytest.mark.parametrize("said", ["here-", "here-0", "gone-1", "here-999999", "here-1;2", "here"])
def test_what_no_button_says_is_no_page(lesson: Lesson, said: str) -> None:
    assert lesson.post("/register/say", say=said).status_code == 404


def test_somebody_who_is_not_on_the_roll_is_not_found_by_their_number(lesson: Lesson) -> None:
    assert lesson.post("/register/say", say=f"here-{make_person().id}").status_code == 404


def test_before_the_hour_before_nobody_comes_but_leave_is_taken(app: Flask) -> None:
    lesson = make_lesson(app, starts=at(15, days=1))
    first, second, _third = lesson.people
    page = lesson.get().text
    assert "It has not begun yet" in page
    assert 'data-verb="arrived"' not in page
    assert "People are checked in from" in lesson.says("/register/say", say=f"here-{first.id}")
    assert lesson.status(first) is None
    lesson.post("/register/say", say=f"leave-{second.id}")
    assert lesson.status(second) is Status.ON_LEAVE


def test_who_is_written_down_once_it_is_over_came_at_its_start(app: Flask) -> None:
    lesson = make_lesson(app, starts=at(14, days=-1))
    assert "this register is still open" in lesson.get().text
    lesson.post("/register/say", say=f"here-{lesson.people[0].id}")
    assert re.search(r"Here</span>|Present", line_of(lesson.get().text, lesson.people[0]))
    assert "14:00" in line_of(lesson.get().text, lesson.people[0])


def test_the_household_is_asked_about_and_comes_in_one_press(app: Flask) -> None:
    lesson = make_lesson(app)
    home = {"building_id": make_building().id, "unit": "1", "door": "301", "door_verified_at": at(8, days=-9)}
    with transaction() as session:
        for each in lesson.people[:2]:
            for name, value in home.items():
                setattr(session.get_one(Person, each.id), name, value)
    first, second, third = lesson.people
    answer = lesson.post("/register/say", say=f"here-{first.id}")
    assert answer.location.endswith(f"#household-{first.id}")
    page = lesson.get(together=first.id).text
    assert "The household too?" in page
    assert f'id="together-{second.id}"' in page
    assert f'id="together-{third.id}"' not in page
    said = lesson.says("/register/household", household_of=first.id, together=[str(second.id), str(third.id)])
    assert "1 more is here." in said
    assert (lesson.status(second), lesson.status(third)) == (Status.PRESENT, None)


def test_leads_check_in_helpers_and_the_desk_take_it_and_nobody_else(app: Flask, lesson: Lesson) -> None:
    helper, stranger, clerk = make_account(), make_account(), make_account(roles=[Role.CLERK])
    elsewhere = make_account()
    make_organisation(leads=[elsewhere.person], slug="elsewhere")
    with transaction() as session:
        facts = {"role": MemberRole.CHECK_IN, "starts_on": LONG_AGO}
        session.add(Membership(organisation_id=lesson.team.id, person_id=helper.person_id, **facts))
    for account, status in ((helper, 200), (clerk, 200), (stranger, 404), (elsewhere, 404)):
        client = app.test_client()
        sign_in(client, account)
        assert client.get(f"{lesson.address}/register").status_code == status
        pressed = client.post(f"{lesson.address}/register/say", data={"say": f"here-{lesson.people[0].id}"})
        assert pressed.status_code == (303 if status == 200 else 404)


def test_a_roll_says_no_door_and_no_phone(lesson: Lesson) -> None:
    page = lesson.get().text
    assert "1990000000" not in page
    assert "301" not in page


def test_an_empty_roll_says_what_to_do(app: Flask) -> None:
    assert "Nobody has a place yet" in make_lesson(app, people=0).get().text


def test_a_roll_of_many_asks_the_database_no_oftener(app: Flask) -> None:
    few = make_lesson(app, people=1, places=9)
    few.get()
    with selects() as one:
        few.get()
    for n in range(6):
        sign_up(few.roster, make_person(name=f"又{n}"), now=at(9, days=-1))
    few.post("/register/say", say=f"here-{few.people[0].id}")
    few.get()
    with selects() as many:
        few.get()
    assert len(many) <= len(one) + 2
