"""Being of a household must be proved: to register with somebody's door gives nothing of theirs away."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from center.bookings.calendars import links
from center.bookings.rulebook.quotas import _household
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.trail import StaffEvent
from center.people import acting, actions, households, records, throttle
from center.people.actions import Door
from center.people.models import Account, Guardianship, Person, Role
from center.people.records import PersonRecord
from center.signups.details.transfers import kin_of, takers
from center.signups.models import SignUp
from tests.activity_builders import make_activity, make_roster, may_sign_up_for, sign_up, state_of
from tests.builders import (
    LONG_AGO,
    ZONE,
    at,
    make_account,
    make_building,
    make_centre,
    make_organisation,
    make_person,
    sign_in,
    trust,
)
from tests.engines import ONE_ENGINE
from tests.walking import opened, sent

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def home() -> dict[str, object]:
    """A door."""
    return {"building": make_building(code="3栋"), "unit": "2", "door": "301"}


@pytest.fixture
def child(home: dict[str, object]) -> Person:
    """A child of seven with a place at an activity, and a mother."""
    child, mother = make_person(name="李小红", birth_year=2019, **home), make_person(name="李妈妈", **home)
    with transaction() as session:
        session.add(Guardianship(child_id=child.id, guardian_id=mother.id, starts_on=LONG_AGO))
    return child


def register(client: FlaskClient, home: dict[str, object], phone: str = "19900000066", **more: str) -> int:
    door = {"building_id": str(home["building"].id), "unit": "2", "door": "301"}  # type: ignore[attr-defined]
    form = {"name": "陌生人", "phone": phone, "password": "lotus pond tea 7", **door, **more}
    return client.post("/register", data=form).status_code


def stranger() -> Account:
    db.session.rollback()
    return db.session.scalars(select(Account).order_by(Account.id.desc()).limit(1)).one()


def confirm(account: Account, door: Door) -> None:
    clerk = make_person()
    with transaction():
        actions.confirm_account(db.session.merge(account), by=clerk, now=clock.now(), door=door)


def acts() -> list[str]:
    db.session.rollback()
    return [each.act for each in db.session.scalars(select(StaffEvent).order_by(StaffEvent.id))]


@ONE_ENGINE
@pytest.mark.parametrize("door", [None, *Door], ids=lambda each: each.value if each else "not confirmed")
def test_a_stranger_with_the_childs_door_sees_cancels_and_feeds_nothing(
    app: Flask, client: FlaskClient, home: dict[str, object], child: Person, door: Door | None
) -> None:
    make_centre()
    roster = make_roster(make_activity(title="剪纸课", title_en="Paper cutting"))
    [hers] = sign_up(roster, child, by=db.session.scalars(select(Person).where(Person.name == "李妈妈")).one())
    assert register(client, home) == 303
    account = stranger()
    if door is not None:
        confirm(account, door)
    for page in ("/", "/me", "/me/helpers", "/me/notices", "/me/account", f"/activities/{roster.activity.slug}"):
        text = client.get(page).text
        assert "李小红" not in text, page
        assert "李妈妈" not in text, page
    form = opened(client, f"/sign-ups/new/{roster.activity.slug}/{roster.id}").text
    assert "李小红" not in form
    for path in ("", "/slip", "/cancel", "/wishes", "/pass-on"):
        assert client.get(f"/sign-ups/{hers.reference}{path}").status_code == 404, path
    for path in ("/cancel", "/accept", "/turn-down", "/wishes", "/pass-on", "/one-by-one"):
        assert client.post(f"/sign-ups/{hers.reference}{path}").status_code == 404, path
    with transaction():
        token = links.make(db.session.merge(account).person, now=clock.now())
    assert "剪纸课" not in client.get(f"/calendars/{token}.ics").text
    sent = {"request_key": "k" * 36, "people": [child.id]}
    client.post(f"/sign-ups/new/{roster.activity.slug}/{roster.id}/answers", data=sent)
    assert state_of(hers) == "confirmed"
    assert db.session.scalar(select(func.count(SignUp.id)).where(SignUp.person_id == child.id)) == 1
    assert "李小红" not in client.get(f"/calendars/{token}.ics").text


@ONE_ENGINE
def test_even_with_a_verified_door_a_grown_up_acts_for_no_other_without_their_word(home: dict[str, object]) -> None:
    husband, wife = make_account(make_person(**home)).person, make_account(make_person(**home)).person
    today = clock.today(ZONE)
    assert [each.person.id for each in acting.people_acted_for(husband, on=today)] == [husband.id]
    trust(husband, wife)
    assert {each.person.id for each in acting.people_acted_for(husband, on=today)} == {husband.id, wife.id}


@ONE_ENGINE
@pytest.mark.parametrize("verified", [True, False])
def test_a_quota_and_a_rank_in_the_queue_know_a_household_by_verified_doors_alone(
    home: dict[str, object], verified: bool
) -> None:
    mother, other = make_person(**home), make_person(**home, **({} if verified else {"door_verified_at": None}))
    trust(mother, other)
    assert (_household(mother) == {mother.id, other.id}) is verified
    assert (_household(other) == {mother.id, other.id}) is verified
    assert ([each.id for each in kin_of(mother, on=clock.today(ZONE))] == [other.id]) is verified
    roster = make_roster(capacity=1)
    sign_up(roster, make_person())
    [waits] = sign_up(roster, mother)
    assert bool(takers(waits, by=mother, as_staff=False, now=clock.now())) is verified


class TestTheDoor:
    def test_confirming_asks_about_it_by_itself_and_the_trail_keeps_the_answer(
        self, client: FlaskClient, home: dict[str, object]
    ) -> None:
        waiting = make_account(make_person(**home, door_verified_at=None), is_confirmed=False)
        sign_in(client, make_account(roles=[Role.CLERK]))
        address = f"/desk/accounts/{waiting.id}/confirm"
        assert "3栋" in client.get(address).text
        assert client.post(address).status_code == 422
        db.session.rollback()
        assert not waiting.is_confirmed
        assert client.post(address, data={"door": "verified"}).status_code == 303
        assert acts()[-2:] == ["account_confirmed", "door_verified"]
        assert households.is_verified(waiting.person)

    @ONE_ENGINE
    @pytest.mark.parametrize(
        ("door", "act", "stays"), [(Door.LATER, "door_left_open", True), (Door.UNTRUE, "door_untrue", False)]
    )
    def test_it_may_be_left_open_or_be_untrue(self, home: dict[str, object], door: Door, act: str, stays: bool) -> None:
        waiting = make_account(make_person(**home, door_verified_at=None), is_confirmed=False)
        confirm(waiting, door)
        assert acts()[-1] == act
        assert (households.has_door(waiting.person), households.is_verified(waiting.person)) == (stays, False)

    @ONE_ENGINE
    def test_one_that_the_desk_writes_down_is_verified_and_another_one_anew(self, home: dict[str, object]) -> None:
        clerk, building = make_person(), home["building"]
        said = PersonRecord(name="李桂兰", building_id=building.id, unit="2", door="301")  # type: ignore[attr-defined]
        with transaction():
            person = records.add_person(said, by=clerk, now=clock.now())
        assert households.is_verified(person)
        with transaction():
            account = actions.register(said, login="guilan", password=actions.Password("x"), now=clock.now())
        assert not households.is_verified(account.person)
        with transaction():
            records.edit_person(account.person, said, by=clerk, now=clock.now())
        assert not households.is_verified(account.person), "nothing was said of the door"

    @ONE_ENGINE
    def test_the_desk_has_the_list_of_those_not_verified_and_settles_each(
        self, client: FlaskClient, home: dict[str, object]
    ) -> None:
        true, untrue = (
            make_account(make_person(name=name, **home, door_verified_at=None)).person for name in ("真住户", "假住户")
        )
        make_account(make_person(name="等确认", **home, door_verified_at=None), is_confirmed=False)
        make_person(name="老邻居", **home)
        sign_in(client, make_account(roles=[Role.CLERK]))
        assert "/desk/doors" in client.get("/desk/accounts").text
        page = client.get("/desk/doors").text
        assert [name in page for name in ("真住户", "假住户", "老邻居", "等确认")] == [True, True, True, False]
        for _ in range(2):
            assert client.post(f"/desk/people/{true.id}/door/verify").status_code == 303
            assert client.post(f"/desk/people/{untrue.id}/door/untrue").status_code == 303
        db.session.expire_all()
        assert (households.is_verified(true), households.has_door(untrue)) == (True, False)
        assert acts() == ["door_verified", "door_untrue"]
        list_alone = re.sub(r'(?s)<title>.*?</title>|<div class="flash.*?</div>', "", client.get("/desk/doors").text)
        assert "真住户" not in list_alone
        of_themselves, _heading, _neighbours = client.get(f"/desk/people/{true.id}?lang=en").text.partition(
            ">Household"
        )
        assert "(not verified)" not in of_themselves
        open_one = make_account(make_person(name="新住户", **home, door_verified_at=None))
        assert "(not verified)" in client.get(f"/desk/people/{open_one.person_id}?lang=en").text
        sign_in(client, open_one)
        assert "(not verified by the desk yet)" in client.get("/me/account?lang=en").text
        assert client.get("/desk/doors").status_code == 403
        assert client.post(f"/desk/people/{true.id}/door/untrue").status_code == 403


class TestGuardians:
    @ONE_ENGINE
    def test_the_desk_writes_down_who_answers_for_a_child_and_ends_it(self, client: FlaskClient) -> None:
        child, mother = make_person(name="李小红", birth_year=2019), make_person(name="李妈妈", birth_year=1990)
        sign_in(client, make_account(roles=[Role.CLERK]))
        address, today = f"/desk/people/{child.id}/guardians", clock.today(ZONE)
        assert "李妈妈" in client.get(f"{address}?q=李妈妈").text
        for _ in range(2):
            assert client.post(f"{address}/{mother.id}").status_code == 303
        assert may_sign_up_for(mother, child, today)
        [row] = acting.guardians_of(child, on=today)
        assert client.post(f"/desk/people/{mother.id}/guardians/{row.id}/end").status_code == 404
        assert client.post(f"{address}/{row.id}/end").status_code == 303
        db.session.expire_all()
        assert not may_sign_up_for(mother, child, today)
        assert client.post(f"{address}/{mother.id}").status_code == 303
        assert may_sign_up_for(mother, child, today)
        assert acts() == ["guardian_named", "guardian_ended", "guardian_named"]

    @ONE_ENGINE
    def test_nobody_answers_for_a_grown_up_and_no_child_for_another(self, client: FlaskClient) -> None:
        grown, child = make_person(birth_year=1960), make_person(birth_year=2019)
        sign_in(client, make_account(roles=[Role.CLERK]))
        for one, other in ((grown, child), (child, child), (child, make_person(birth_year=2018))):
            assert client.post(f"/desk/people/{one.id}/guardians/{other.id}").status_code == 303
        assert db.session.scalar(select(func.count(Guardianship.id))) == 0

    @ONE_ENGINE
    def test_a_guardian_names_a_helper_in_her_account_and_takes_it_back(self, app: Flask, client: FlaskClient) -> None:
        child, mother = make_person(name="李小红", birth_year=2019), make_account(make_person(birth_year=1990))
        helper, today = make_account(), clock.today(ZONE)
        with transaction() as session:
            session.add(Guardianship(child_id=child.id, guardian_id=mother.person_id, starts_on=LONG_AGO))
        aunt = app.test_client()
        sign_in(aunt, helper)
        code = re.search(r"reference--large\">([^<]+)<", aunt.post("/me/helpers/code").text)
        assert code is not None
        sign_in(client, mother)
        form = {"code": code[1], "person": str(child.id), "ends_on": (today + timedelta(days=9)).isoformat()}
        assert client.post("/me/helpers/new/agree", data=form).location.endswith("/me/helpers")
        assert may_sign_up_for(helper.person, child, today)
        assert not may_sign_up_for(helper.person, mother.person, today)
        [given] = acting.delegations_of(child, on=today)
        assert aunt.post(f"/me/helpers/{given.id}/revoke").status_code == 404
        assert client.post(f"/me/helpers/{given.id}/revoke").status_code == 303
        db.session.expire_all()
        assert not may_sign_up_for(helper.person, child, today)
        stranger_id = make_person().id
        assert sent(client, "/me/helpers/new/agree", {**form, "person": str(stranger_id)}).status_code == 422


NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


@ONE_ENGINE
@pytest.mark.parametrize(
    ("here", "everywhere", "seconds"),
    [
        pytest.param(11, 11, 0, id="a class at the centre's Wi-Fi"),
        pytest.param(12, 12, 120, id="the thirteenth of an hour waits"),
        pytest.param(0, 39, 0, id="many, from everywhere"),
        pytest.param(0, 40, 15, id="more: one at a time"),
    ],
)
def test_accounts_opened_are_paced_and_those_that_succeeded_count(here: int, everywhere: int, seconds: int) -> None:
    pause = throttle.registering_wait([NOW] * here, [NOW] * everywhere, now=NOW)
    assert pause == timedelta(seconds=seconds)
    later = NOW + timedelta(seconds=seconds)
    assert throttle.registering_wait([NOW] * here, [NOW] * everywhere, now=later) == timedelta(0)


def test_sixty_registrations_in_a_row_are_stopped_and_a_code_from_the_desk_still_works(
    app: Flask, home: dict[str, object]
) -> None:
    answers = [register(app.test_client(), home, phone=f"199000002{number:02d}") for number in range(60)]
    assert answers == [303] * throttle.OPENED_FREE + [429] * (60 - throttle.OPENED_FREE)
    clerk, desk = make_account(roles=[Role.CLERK]), app.test_client()
    sign_in(desk, clerk)
    slip = desk.post(f"/desk/people/{make_person().id}/claim-code").text
    code = re.search(r'class="reference">([^<]+)<', slip)
    assert code is not None
    claimed = app.test_client().post("/register", data={"claim_code": code[1], "password": "lotus pond tea 7"})
    assert claimed.status_code == 303


@ONE_ENGINE
def test_slips_of_the_hand_count_for_nothing(client: FlaskClient, home: dict[str, object]) -> None:
    for _ in range(throttle.OPENED_FREE + 3):
        assert register(client, home, phone="12") == 422
    assert register(client, home) == 303


@ONE_ENGINE
def test_an_organisations_lead_sees_no_door(client: FlaskClient, home: dict[str, object]) -> None:
    lead = make_account()
    roster = make_roster(make_activity(organisation=make_organisation(leads=[lead.person]), starts=[at(10, days=3)]))
    sign_up(roster, make_person(**home))
    sign_in(client, lead)
    assert "2-301" not in client.get(f"/workspace/activities/{roster.activity.slug}").text
