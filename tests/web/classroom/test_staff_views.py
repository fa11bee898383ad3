"""Pages of who looks after the children: checks, duties, and who is with the children now."""

import uuid
from datetime import time, timedelta

import pytest
from flask.testing import FlaskClient

from center.afterschool.custody import ledger
from center.afterschool.custody.ledger import HolderSaid
from center.afterschool.models.custody import Holder
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.staff import CheckKind, DutyRole
from center.afterschool.models.terms import TermDay, TermMode
from center.afterschool.staff import queries
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.models import Account, Role
from tests.afterschool.builders import make_child, make_duty, make_enrolment
from tests.afterschool.plan_builders import enrol
from tests.afterschool.staff.builders import class_of, make_check, make_days, make_staff, put_on, today
from tests.builders import make_account, make_person, sign_in
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(f"{address}?lang=en")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.usefixtures("director")
def test_who_runs_out_stands_first_and_who_is_valid_below(client: FlaskClient) -> None:
    make_staff(name="王有效")
    make_staff(CheckKind.RECORD, until=today() + timedelta(days=9), name="李快到")
    shown = page(client, "/classroom/checks")
    assert shown.index("To see to") < shown.index("李快到") < shown.index("王有效")
    assert "Runs out soon" in shown


@pytest.mark.usefixtures("director")
def test_who_left_long_ago_waits_for_nobody_and_the_desk_counts_what_waits(client: FlaskClient) -> None:
    make_staff(CheckKind.RECORD, until=today() - timedelta(days=200), name="早走了")
    make_staff(CheckKind.RECORD, until=today() + timedelta(days=9))
    make_days(2, first=1)
    shown = page(client, "/classroom/checks")
    assert shown.index("Not valid any more") < shown.index("早走了")
    board = page(client, "/desk")
    assert "check of somebody on duty to see to" in board
    assert "days ahead that nobody owns the list of" in board


@pytest.mark.usefixtures("director")
def test_a_check_is_recorded_once_and_wrong_dates_stand_on_their_field(client: FlaskClient) -> None:
    person = make_person()
    address = f"/classroom/checks/{person.id}"
    days = {"made_on": today().isoformat(), "valid_until": (today() + timedelta(days=400)).isoformat()}
    sent = {
        "kind": "record",
        "consented_on": today().isoformat(),
        "document": "",
        "request_key": str(uuid.uuid4()),
        **days,
    }
    refused = client.post(f"{address}?lang=en", data=sent)
    assert refused.status_code == 422
    assert "counts for a year at most" in refused.get_data(as_text=True)
    sent["valid_until"] = (today() + timedelta(days=300)).isoformat()
    for _twice in range(2):
        assert client.post(address, data=sent).status_code == 303
    [check] = queries.checks_of(person.id)
    assert check.valid_until == today() + timedelta(days=300)
    client.post(f"/classroom/checks/{check.id}/revoke")
    db.session.rollback()
    assert queries.checks_by_person([person.id]) == {}


def test_the_director_records_no_check_of_their_own(client: FlaskClient, director: Account) -> None:
    day = today().isoformat()
    sent = {"kind": "first_aid", "made_on": day, "valid_until": day, "consented_on": "", "document": ""}
    answer = client.post(f"/classroom/checks/{director.person_id}?lang=en", data=sent)
    assert "Somebody else has to record" in answer.get_data(as_text=True)


@pytest.mark.usefixtures("director")
def test_somebody_is_put_on_duty_and_owns_the_list(client: FlaskClient) -> None:
    [day] = make_days()
    person, unfit = make_staff(name="王老师"), make_staff(CheckKind.FIRST_AID, name="赵没查")
    shown = page(client, f"/classroom/duty/{day.id}")
    assert "Nobody owns the list of this day" in shown
    assert f"{unfit.name}</a>: No record check is recorded." in shown
    sent = {"person": str(person.id), "role": "teacher", "care_class": str(class_of(day).id)}
    assert client.post(f"/classroom/duty/{day.id}", data=sent).status_code == 303
    duty = queries.find_duty(day.id, person.id)
    assert duty is not None
    client.post(f"/classroom/duty/{day.id}/{duty.id}/owner")
    shown = page(client, "/classroom/duty")
    assert "List: 王老师" in shown
    assert "Volunteer: 2 missing" in shown
    client.post(f"/classroom/duty/{day.id}/{duty.id}/take-off")
    db.session.rollback()
    assert queries.duties_on([day.id]) == []


@pytest.mark.usefixtures("director")
def test_a_teacher_without_first_aid_is_refused_in_words_on_the_form(client: FlaskClient) -> None:
    [day] = make_days()
    person = make_staff(CheckKind.RECORD)
    sent = {"person": str(person.id), "role": "teacher", "care_class": str(class_of(day).id)}
    answer = client.post(f"/classroom/duty/{day.id}?lang=en", data=sent)
    assert answer.status_code == 422
    assert "No first-aid course is recorded." in answer.get_data(as_text=True)


@pytest.mark.usefixtures("director")
def test_the_same_people_on_other_days_and_who_cannot_be(client: FlaskClient) -> None:
    first, second = make_days(2)
    stays, runs_out = make_staff(name="王久"), make_staff(until=today(), name="孙到期")
    for person in (stays, runs_out):
        put_on(first, DutyRole.VOLUNTEER, person)
    until = second.on_date.isoformat()
    answer = client.post(f"/classroom/duty/{first.id}/repeat?lang=en", data={"until": until}, follow_redirects=True)
    said = answer.get_data(as_text=True)
    assert "Put on duty on 1 day." in said
    assert "孙到期" in said
    assert [each.person_id for each in queries.duties_on([second.id])] == [stays.id]


def test_who_is_on_duty_sees_and_says_who_is_with_the_children(client: FlaskClient) -> None:
    [day] = make_days()
    teacher = make_account(roles=[Role.TUTOR])
    duty = make_duty(day, teacher.person)
    enrolment = make_enrolment(day.term, make_child(make_person()))
    sign_in(client, teacher)
    address = f"/classroom/staffing/{day.id}"
    assert "No child is here" in page(client, address)
    client.post(f"{address}/{duty.id}/come")
    arrive(day, enrolment, by=teacher)
    shown = page(client, address)
    assert "Too few" in shown
    assert "Responsible: 1 missing" in shown
    assert "0 → 1" in shown
    client.post(f"{address}/{duty.id}/go", data={"why": "gate"})
    shown = page(client, address)
    assert "To the gate" in shown
    assert "1 adult more for so many children" in shown
    assert "1 → 0" in page(client, f"{address}/print")
    assert "Too few adults" in page(client, "/classroom/day")


def arrive(day: TermDay, enrolment: Enrolment, *, by: Account) -> None:
    """A child comes to the room, as the ledger of custody hears of it."""
    now = clock.now()
    with transaction():
        said = HolderSaid(
            holder=Holder.ROOM, by=by.person, at=now, now=now, on_date=day.on_date, day=day, care_class=class_of(day)
        )
        ledger.record(enrolment.child, said)


@pytest.mark.parametrize("role", [Role.TUTOR, Role.CLERK])
def test_nobody_else_sees_it(client: FlaskClient, role: Role) -> None:
    [day] = make_days()
    make_check(make_person())
    sign_in(client, make_account(roles=[role]))
    assert client.get(f"/classroom/staffing/{day.id}").status_code == (404 if role is Role.TUTOR else 403)
    assert client.get("/classroom/checks").status_code == 403
    assert client.get(f"/classroom/duty/{day.id}").status_code == 403


@pytest.mark.usefixtures("director")
def test_of_a_whole_day_somebody_is_put_on_duty_for_a_half_and_the_page_says_who_lacks(client: FlaskClient) -> None:
    [day], [short] = make_days(mode=TermMode.FULL_DAY, lunch_from=time(11, 30), lunch_until=time(13)), make_days()
    enrol(day.term)
    person = make_staff(name="王老师")
    here = f"/classroom/duty/{day.id}"
    assert "2 adults more are needed" not in page(client, here)
    assert page(client, here).count("1 adult more is needed") == 2
    sent = {"person": str(person.id), "role": "volunteer", "care_class": str(class_of(day).id), "half": "morning"}
    assert client.post(here, data={**sent, "half": "night"}).status_code == 422
    assert client.post(here, data=sent).status_code == 303
    shown = page(client, here)
    assert "Volunteer · Morning" in shown
    assert shown.count("1 adult more is needed") == 1
    assert 'name="half"' not in page(client, f"/classroom/duty/{short.id}")
