"""Signing up the household, a child, a neighbour, several at once; at the desk anybody; slips and calendars."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from center.activities import sessions
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.acting import grant
from center.people.models import Consent, DelegationScope, Person, Role
from center.signups.models import Roster, SignUp
from tests.activity_builders import make_activity, make_roster, sign_up, state_of, the_pool
from tests.builders import at, make_account, make_building, make_person, sign_in, trust
from tests.engines import ONE_ENGINE
from tests.signups.test_messages import make_child
from tests.web.resident.sign_ups.test_views import ENGLISH, key_of, page, send

pytestmark = [pytest.mark.usefixtures("morning"), ONE_ENGINE]


@pytest.fixture
def mother(client: FlaskClient) -> Person:
    account = make_account(make_person(name="陈晓燕", birth_year=1985, building=make_building(), unit="1", door="101"))
    sign_in(client, account)
    return account.person


def address_of(roster: Roster) -> str:
    return f"/sign-ups/new/{roster.activity.slug}/{roster.id}"


def count() -> Any:
    db.session.rollback()
    return db.session.scalar(select(func.count(SignUp.id)))


def make_husband(mother: Person) -> Any:
    db.session.rollback()
    husband = make_person(name="陈强", building_id=mother.building_id, unit="1", door="101", birth_year=1985)
    return trust(husband, mother)[0]


def test_a_family_signs_up_at_once_and_sees_it_among_its_own(client: FlaskClient, mother: Person) -> None:
    child, husband = make_child(mother, name="小明"), make_husband(mother)
    roster = make_roster(make_activity(title_en="Family film"))
    form = page(client, address_of(roster) + ENGLISH)
    for name in ("小明", "陈强", "陈晓燕", "Who comes?"):
        assert name in form
    sent = {"request_key": key_of(form), "people": [mother.id, child.id, husband.id]}
    for _ in range(2):
        assert send(client, address_of(roster), sent).status_code == 303
    assert count() == 3
    own = page(client, f"/me{ENGLISH}")
    assert own.count("Family film") >= 3
    assert own.count("/cancel") >= 3


def test_nobody_chosen_is_asked_again_and_a_strangers_id_signs_nobody_up(client: FlaskClient, mother: Person) -> None:
    make_husband(mother)
    roster, stranger = make_roster(), make_person()
    key = key_of(page(client, address_of(roster)))
    for people in ([], [stranger.id], [mother.id, stranger.id], ["x"]):
        assert send(client, address_of(roster), {"request_key": key, "people": people}).status_code == 422
    assert count() == 0


def test_who_has_nobody_else_cannot_slip_a_stranger_in(client: FlaskClient, mother: Person) -> None:
    roster, stranger = make_roster(), make_person()
    key = key_of(page(client, address_of(roster)))
    send(client, address_of(roster), {"request_key": key, "people": [stranger.id]})
    db.session.rollback()
    assert stranger.id not in db.session.scalars(select(SignUp.person_id)).all()


def test_a_refusal_of_one_of_several_says_of_whom_and_signs_nobody_up(client: FlaskClient, mother: Person) -> None:
    child = make_child(mother, name="小明")
    roster = make_roster(min_age=18, guardian_below=None)
    db.session.rollback()
    key = key_of(page(client, address_of(roster)))
    answer = send(client, address_of(roster) + ENGLISH, {"request_key": key, "people": [mother.id, child.id]})
    assert answer.status_code == 422
    assert "小明: It is for people of 18 years" in answer.text
    assert count() == 0


def test_all_or_nobody_waits_together(client: FlaskClient, mother: Person) -> None:
    husband = make_husband(mother)
    roster = make_roster(capacity=2)
    sign_up(roster, make_person())
    key = key_of(page(client, address_of(roster)))
    sent = {"request_key": key, "people": [mother.id, husband.id], "stays_together": "y"}
    assert send(client, address_of(roster), sent).status_code == 303
    assert the_pool(roster).taken == 1


def test_a_neighbour_acts_while_the_permission_lasts_and_not_after(client: FlaskClient, mother: Person) -> None:
    elder, roster = make_person(name="张桂芳"), make_roster()
    today, clerk = at(0, days=0).date(), make_person()
    with transaction():
        given = grant(
            elder, to=mother, scope=DelegationScope.SIGN_UPS, starts_on=today, ends_on=today,
            consent=Consent.AT_THE_DESK, by=clerk, now=clock.now(),
        )  # fmt: skip
    key = key_of(page(client, address_of(roster)))
    assert send(client, address_of(roster), {"request_key": key, "people": [elder.id]}).status_code == 303
    db.session.rollback()
    one = db.session.scalars(select(SignUp)).one()
    assert "张桂芳" in page(client, "/me")
    page(client, f"/sign-ups/{one.reference}/slip")
    with transaction() as session:
        session.merge(given).revoked_at = clock.now()
    assert "张桂芳" not in page(client, "/me")
    for tail in ("", "/slip", "/cancel"):
        page(client, f"/sign-ups/{one.reference}{tail}", 404)


def test_the_desk_signs_anybody_up_in_two_clicks_and_prints_the_slip(client: FlaskClient) -> None:
    sign_in(client, make_account(roles=[Role.CLERK]))
    elder, roster = make_person(name="周桂珍"), make_roster(make_activity(title_en="Told film"), capacity=1)
    at_desk = f"/desk/people/{elder.id}/sign-up"
    assert at_desk in page(client, f"/desk/people/{elder.id}")
    shown = page(client, at_desk + ENGLISH)
    assert "Told film" in shown
    sent = {"roster_id": roster.id, "request_key": key_of(shown), "channel": "desk"}
    first, again = (client.post(at_desk, data=sent) for _ in range(2))
    assert first.status_code == again.status_code == 303
    assert count() == 1
    made = page(client, f"{first.location}&{ENGLISH[1:]}")
    assert f'href="/desk/people/{elder.id}"' in made  # back to whoever stands there
    assert "<title>周桂珍 has a place · Told film" in made  # what a screen reader says first
    slip = page(client, first.location.partition("?")[0] + "/slip" + ENGLISH)
    assert "周桂珍" in slip
    assert "<svg" in slip
    other = make_person()
    at_desk = f"/desk/people/{other.id}/sign-up"
    shown = page(client, at_desk + ENGLISH)
    assert "Onto the waiting list" in shown
    client.post(at_desk, data={**sent, "request_key": key_of(shown), "may_wait": "1"})
    [waits] = db.session.scalars(select(SignUp).where(SignUp.person_id == other.id))
    assert state_of(waits) == "waiting"
    shown = page(client, at_desk + ENGLISH)
    assert "1 waits" in shown
    assert "On the waiting list<span" in shown
    assert "whoever signs up now" not in shown  # they wait already


@pytest.mark.parametrize(
    "wrong", [{"roster_id": "9999999"}, {"roster_id": "x"}, {"request_key": "k" * 99}, {"channel": "online"}, {}]
)
def test_what_the_desk_sends_wrongly_signs_nobody_up(client: FlaskClient, wrong: dict[str, Any]) -> None:
    sign_in(client, make_account(roles=[Role.CLERK]))
    elder, roster = make_person(), make_roster()
    sent = {"roster_id": roster.id, "request_key": "k1", "channel": "desk", **wrong} if wrong else {}
    assert client.post(f"/desk/people/{elder.id}/sign-up", data=sent).status_code == 422
    assert count() == 0


def test_the_desk_sees_on_a_persons_page_what_they_are_signed_up_for_and_cancels_it(client: FlaskClient) -> None:
    elder, roster = make_person(), make_roster(make_activity(title_en="Narrated film"), capacity=1)
    [first], [waits] = sign_up(roster, make_person()), sign_up(roster, elder)
    sign_in(client, make_account(make_person(), roles=[Role.CLERK]))
    shown = page(client, f"/desk/people/{elder.id}{ENGLISH}")
    assert "Narrated film" in shown
    assert "Number 1 in the queue" in shown
    assert f"/sign-ups/{waits.reference}/cancel" in shown
    assert first.reference not in shown
    assert client.post(f"/sign-ups/{waits.reference}/cancel", data={"reason": ""}).status_code == 303
    assert "Narrated film" not in page(client, f"/desk/people/{elder.id}")


def test_a_resident_is_not_the_desk(client: FlaskClient, mother: Person) -> None:
    page(client, f"/desk/people/{make_person().id}/sign-up", 403)


def test_the_calendar_file_has_every_date_and_marks_what_is_off(client: FlaskClient) -> None:
    activity = make_activity(starts=[at(10, days=5), at(10, days=12)], title_en="Told film")
    with transaction():
        sessions.cancel_session(activity.sessions[0], reason="停电", by=activity.created_by, now=clock.now())
    file = page(client, f"/activities/{activity.slug}/calendar.ics{ENGLISH}")
    assert len(re.findall("BEGIN:VEVENT", file)) == 2
    assert len(re.findall("STATUS:CANCELLED", file)) == 1
    assert "SUMMARY:Told film" in file
    draft = make_activity(is_published=False)
    page(client, f"/activities/{draft.slug}/calendar.ics", 404)


def test_cancelling_one_s_own_takes_two_taps(client: FlaskClient, mother: Person) -> None:
    [one] = sign_up(make_roster(), mother)
    assert f"/sign-ups/{one.reference}/cancel" in page(client, "/me")
    assert client.post(f"/sign-ups/{one.reference}/cancel", data={"reason": ""}).status_code == 303
    assert state_of(one) == "cancelled"
    assert one.reference not in page(client, "/me")


def test_who_is_signed_up_can_still_sign_up_the_family_and_is_not_asked_about_again(
    client: FlaskClient, mother: Person
) -> None:
    child, husband = make_child(mother, name="小明"), make_husband(mother)
    roster = make_roster(make_activity(title_en="Family film"))
    sign_up(roster, db.session.merge(mother))
    shown = page(client, f"/activities/{roster.activity.slug}{ENGLISH}")
    assert "See my sign-up" in shown
    assert "Sign up family or neighbours" in shown
    form = page(client, address_of(roster) + ENGLISH)
    assert "小明" in form
    assert f'value="{mother.id}"' not in form
    sign_up(roster, db.session.merge(husband))
    shown = page(client, f"/activities/{roster.activity.slug}{ENGLISH}")
    assert re.search(r"Signed up already:.*陈强", shown)
    form = page(client, address_of(roster) + ENGLISH)
    assert "Who comes?" not in form, "only one is left"
    sent = {"request_key": key_of(form), "people": [child.id]}
    answers = [send(client, address_of(roster), sent) for _twice in range(2)]
    assert [each.status_code for each in answers] == [303, 303]
    assert answers[0].location == answers[1].location, "twice is once"
    assert count() == 3


def test_where_everybody_is_signed_up_there_is_nobody_to_choose(client: FlaskClient, mother: Person) -> None:
    roster = make_roster(make_activity())
    [made] = sign_up(roster, db.session.merge(mother))
    assert "Sign up family" not in page(client, f"/activities/{roster.activity.slug}{ENGLISH}")
    answer = client.get(address_of(roster))
    assert (answer.status_code, answer.location) == (303, f"/sign-ups/{made.reference}")
