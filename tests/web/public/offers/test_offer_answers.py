"""Offers of places answered by the link in the message, by a helper, and by the desk on the phone."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from center.kernel import clock
from center.kernel.db import db, transaction
from center.notices.models import Delivery, DeliveryState, Notice
from center.people.acting import grant
from center.people.models import Consent, DelegationScope, Person, Role
from center.signups.cancelling import cancel
from center.signups.groups import units_in
from center.signups.models import SignUp, SignUpState
from center.signups.offer_links import link_for
from tests.activity_builders import make_activity, make_roster, sign_up, state_of, the_pool
from tests.builders import at, make_account, make_person, sign_in
from tests.engines import ONE_ENGINE

pytestmark = pytest.mark.usefixtures("morning")


@pytest.fixture
def waiting(time_machine: None) -> Any:
    """Somebody by phone only, to whom a place has just been offered."""
    clock.start_at(at(12))
    roster = make_roster(make_activity(title_en="Narrated film", starts=[at(10, days=6)]), capacity=1)
    [first] = sign_up(roster, make_person())
    [second] = sign_up(roster, make_person(name="张桂芳", phone="19900000081"))
    with transaction():
        cancel(first, by=first.person, now=clock.now())
    assert state_of(second) == "offered"
    return second


@pytest.fixture
def time_machine() -> Iterator[None]:
    yield
    clock.start_at(None)


def let_it_run_out(sign_up: SignUp) -> None:
    with transaction() as session:
        session.execute(
            update(SignUp).where(SignUp.id == sign_up.id).values(offer_expires_at=clock.now() - timedelta(seconds=1))
        )
    db.session.rollback()


def address(sign_up: SignUp) -> str:
    db.session.rollback()
    return f"/offers/{link_for(sign_up, sign_up.person)}"


def assert_says_nothing(page: TestResponse, sign_up: SignUp) -> None:
    """The page of a link that has done its work names nobody and nothing, is not kept, and leads to one's own page."""
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "on your own page" in page.text
    activity = sign_up.roster.activity
    for word in (sign_up.person.name, activity.title, activity.title_en, activity.slug, sign_up.reference, "Take the"):
        assert word not in page.text


def the_call(sign_up: SignUp) -> Any:
    db.session.rollback()
    about = f"sign_up:{sign_up.reference}"
    return db.session.scalars(
        select(Delivery).join(Delivery.notice).where(Notice.about == about, Notice.kind == "sign_up.offered")
    ).one()


@ONE_ENGINE
def test_the_message_has_the_link_looking_takes_nothing_and_two_taps_take_it_once(
    client: FlaskClient, waiting: Any
) -> None:
    notice = db.session.scalars(select(Notice).where(Notice.kind == "sign_up.offered")).one()
    assert notice.path == address(waiting)
    assert "It is held for you until" in client.get(notice.path + "?lang=en").text
    assert state_of(waiting) == "offered"
    for _ in range(2):
        assert client.post(notice.path + "/take").status_code == 303
    assert state_of(waiting) == "confirmed"
    assert the_pool(waiting.roster).taken == 1
    assert "The place is yours" in client.get(notice.path + "?lang=en").text
    assert_says_nothing(client.get(notice.path + "?lang=en"), waiting)
    assert client.post(notice.path + "/leave").status_code == 303
    assert state_of(waiting) == "confirmed", "a used link changes nothing any more"


@ONE_ENGINE
def test_whoever_does_without_gives_it_to_the_next_and_reads_what_they_can_do_now(
    client: FlaskClient, waiting: Any
) -> None:
    [third] = sign_up(waiting.roster, make_person())
    for _ in range(2):
        assert client.post(address(waiting) + "/leave?lang=en").status_code == 303
    assert (state_of(waiting), state_of(third)) == ("turned_down", "offered")
    shown = client.get(address(waiting) + "?lang=en")
    assert "The place goes to the next" in shown.text
    assert_says_nothing(shown, waiting)


@ONE_ENGINE
def test_an_offer_that_ran_out_says_so_kindly_and_gives_no_place(client: FlaskClient, waiting: Any) -> None:
    let_it_run_out(waiting)
    assert_says_nothing(client.get(address(waiting) + "?lang=en"), waiting)
    assert client.post(address(waiting) + "/take").status_code == 303
    assert state_of(waiting) != "confirmed"
    assert_says_nothing(client.get(address(waiting) + "?lang=en"), waiting)


@ONE_ENGINE
def test_a_made_up_link_and_one_of_a_helper_who_may_no_longer_help_lead_nowhere(
    client: FlaskClient, waiting: Any
) -> None:
    helper = make_account()
    link = f"/offers/{link_for(waiting, helper.person)}"
    assert client.get(link).status_code == 404
    today = clock.now().date()
    with transaction():
        person = db.session.get_one(Person, waiting.person_id)
        consent, scope = Consent.OWN_ACCOUNT, DelegationScope.SIGN_UPS
        given = grant(person, to=helper.person, scope=scope, starts_on=today, ends_on=today, consent=consent, by=person,
                      now=clock.now())  # fmt: skip
    page = client.get(link)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "private, no-store"
    with transaction():
        given.revoked_at = clock.now()
    assert client.post(f"{link}/take").status_code == 404
    assert client.get(address(waiting)[:-3] + "abc").status_code == 404
    assert state_of(waiting) == "offered"


def test_the_desk_rings_and_presses_what_they_say_once(client: FlaskClient, waiting: Any) -> None:
    sign_in(client, make_account(make_person(), roles=[Role.CLERK]))
    call = the_call(waiting)
    page = client.get("/desk/to-tell?lang=en").text
    assert "would you like the place" in page
    for _ in range(2):
        assert client.post(f"/desk/to-tell/{call.id}/takes-it").status_code == 303
    assert state_of(waiting) == "confirmed"
    assert the_call(waiting).state is DeliveryState.DONE_BY_HAND
    assert the_pool(waiting.roster).taken == 1


@ONE_ENGINE
def test_what_has_changed_since_the_desk_read_it_is_said_and_nobody_takes_it_unheard(
    client: FlaskClient, waiting: Any
) -> None:
    sign_in(client, make_account(make_person(), roles=[Role.CLERK]))
    call = the_call(waiting)
    seen = re.findall(r'name="seen" value="([^"]*)"', client.get("/desk/to-tell").text)[0]
    activity = waiting.roster.activity
    with transaction():
        db.session.merge(activity).fee = "20元"
    client.post(f"/desk/to-tell/{call.id}/takes-it", data={"seen": seen})
    assert state_of(waiting) == "offered"
    assert the_call(waiting).state is DeliveryState.DUE
    page = client.get("/desk/to-tell").text
    assert "20元" in page
    seen = re.findall(r'name="seen" value="([^"]*)"', page)[0]
    client.post(f"/desk/to-tell/{call.id}/takes-it", data={"seen": seen})
    assert state_of(waiting) == "confirmed"


def test_rung_up_too_late_nothing_is_ticked_off_and_nobody_gets_a_place(client: FlaskClient, waiting: Any) -> None:
    sign_in(client, make_account(make_person(), roles=[Role.CLERK]))
    call = the_call(waiting)
    let_it_run_out(waiting)
    assert client.post(f"/desk/to-tell/{call.id}/takes-it").status_code == 303
    assert state_of(waiting) != "confirmed"
    assert the_call(waiting).state is DeliveryState.DUE


@ONE_ENGINE
def test_a_resident_presses_nothing_for_others_and_another_call_is_no_offer(client: FlaskClient, waiting: Any) -> None:
    call = the_call(waiting)
    sign_in(client, make_account())
    assert client.post(f"/desk/to-tell/{call.id}/takes-it").status_code == 403
    desk = client.application.test_client()
    sign_in(desk, make_account(make_person(), roles=[Role.CLERK]))
    with transaction():
        db.session.get_one(Notice, call.notice_id).kind = "sign_up.called_off"
    assert desk.post(f"/desk/to-tell/{call.id}/does-without").status_code == 404


@ONE_ENGINE
def test_a_group_waits_for_all_of_it_and_reads_so(client: FlaskClient, time_machine: None) -> None:
    clock.start_at(at(12))
    account = make_account()
    sign_in(client, account)
    roster = make_roster(capacity=2)
    sign_up(roster, make_person())
    friend = make_person()
    mine, _theirs = sign_up(roster, account.person, friend, as_staff=True, by=account.person, stays_together=True)
    shown = client.get(f"/sign-ups/{mine.reference}?lang=en").text
    assert "You are 2 together" in shown
    assert units_in(roster, SignUpState.WAITING)[0][0].id == mine.id
