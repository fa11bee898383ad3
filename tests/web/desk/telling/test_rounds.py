"""The round of a grid worker: whom no message reaches is reminded at the door, and what they ask for flows back."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, NotFound, RuleBroken
from center.notices import actions, queries, rounds
from center.notices.models import AskedFor, Delivery, DeliveryState, Preferred, Way
from center.people.models import Account, Building, Grid, Person, Role, RoleGrant
from tests.builders import at, make_account, make_building, make_grid, make_grid_worker, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.notices.test_outbox import prefer
from tests.there import there
from tests.told import tell

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def grid(app: Flask) -> Grid:
    return make_grid(name="第2网格")


@pytest.fixture
def building(grid: Grid) -> Building:
    return make_building(code="3栋", grid_id=grid.id)


@pytest.fixture
def grid_worker(grid: Grid) -> Account:
    return make_grid_worker(grid, name="仇网格")


def remind(person: Person, *, key: str = "k1", now: datetime | None = None, **more: Any) -> Delivery:
    more = {"until": at(10), **more}
    notice = tell(person, "booking.reminder_day", key=key, now=now or at(9, days=0), **more)
    db.session.rollback()
    return db.session.scalars(select(Delivery).where(Delivery.notice_id == notice.id)).one()


def to_tell(grid_worker: Account, now: datetime | None = None) -> Any:
    db.session.rollback()
    found = rounds.round_of(grid_worker.person, now=now or at(9, days=0))
    return [each.person.name for _day, stops in found.days for each in stops]


def at_the_desk(now: datetime | None = None) -> Any:
    db.session.rollback()
    now = now or at(9, days=0)
    return {
        way.value: [there(each.notice.person).name for each in queries.to_do_by_hand(way, now=now)]
        for way in (Way.CALL, Way.SLIP, Way.IN_PERSON)
        if queries.to_do_by_hand(way, now=now)
    }


def test_who_has_no_account_is_reminded_by_the_worker_of_their_own_grid(
    building: Building, grid_worker: Account
) -> None:
    elder = make_person(name="周桂珍", building=building)
    assert remind(elder).way is Way.VISIT
    other = make_grid_worker(make_grid())
    assert (to_tell(grid_worker), to_tell(other), at_the_desk()) == (["周桂珍"], [], {})


@ONE_ENGINE
def test_where_no_grid_worker_looks_the_desk_reminds() -> None:
    alone = make_building(grid_id=make_grid().id)
    remind(make_person(name="甲", building=alone), key="1")
    remind(make_person(name="乙", building=alone, phone=None), key="2")
    remind(make_person(name="丙"), key="3")
    assert at_the_desk() == {"call": ["甲", "丙"], "in_person": ["乙"]}


def test_a_grid_worker_who_cannot_sign_in_or_whose_role_ended_leaves_the_round_to_the_desk(
    building: Building, grid_worker: Account, grid: Grid
) -> None:
    remind(make_person(name="甲", building=building))
    ended = at(0, days=-1).date()
    with transaction() as session:
        session.execute(update(RoleGrant).where(RoleGrant.grid_id == grid.id).values(ends_on=ended))
    assert (to_tell(grid_worker), at_the_desk()) == ([], {"call": ["甲"]})
    person = make_person()
    with transaction() as session:
        session.add(RoleGrant(person_id=person.id, role=Role.GRID_WORKER, grid_id=grid.id, starts_on=ended))
    assert at_the_desk() == {"call": ["甲"]}, "somebody without an account sees no round"


@ONE_ENGINE
def test_changes_stand_before_reminders_on_the_desks_list() -> None:
    remind(make_person(name="提醒"), until=at(10, days=0))
    tell(make_person(name="改期"), "booking.cancelled_by_staff", key="later", now=at(9, days=0), until=at(10, days=3))
    assert at_the_desk() == {"call": ["改期", "提醒"]}


@ONE_ENGINE
def test_how_somebody_wants_to_be_told_stays_their_choice(building: Building, grid_worker: Account) -> None:
    for way in (Preferred.CALL, Preferred.SLIP):
        person = make_person(name=way.value, building=building)
        prefer(person, preferred=way)
        remind(person, key=way.value)
    assert to_tell(grid_worker) == []
    assert at_the_desk() == {"call": ["call"], "slip": ["slip"]}


@ONE_ENGINE
def test_the_round_goes_from_door_to_door_and_day_to_day(building: Building, grid_worker: Account, grid: Grid) -> None:
    next_door = make_building(code="10栋", position=building.position + 1, grid_id=grid.id)
    for n, (where, unit, door) in enumerate([(next_door, "1", "101"), (building, "1", "1001"), (building, "1", "201")]):
        remind(make_person(name=f"{where.code}{door}", building=where, unit=unit, door=door), key=f"{n}")
    later = make_person(name="后天", building=building)
    remind(later, key="later", until=at(10, days=2))
    assert to_tell(grid_worker) == ["3栋201", "3栋1001", "10栋101", "后天"]
    days = [day for day, _stops in rounds.round_of(grid_worker.person, now=at(9, days=0)).days]
    assert days == [at(10).date(), at(10, days=2).date()]
    assert to_tell(grid_worker, now=at(10, 1)) == ["后天"]


@ONE_ENGINE
def test_who_was_not_met_stays_on_the_round_and_the_desk_rings_too(building: Building, grid_worker: Account) -> None:
    visit = remind(make_person(name="周桂珍", building=building))
    for _ in range(2):
        with transaction():
            actions.could_not_reach(visit, tries=0, now=at(9, days=0))
    assert visit.attempts == 1
    assert to_tell(grid_worker) == ["周桂珍"]
    assert at_the_desk(at(10, days=0)) == {"call": ["周桂珍"]}


@ONE_ENGINE
def test_what_somebody_asks_for_goes_to_the_desk_and_its_answer_comes_back(
    building: Building, grid_worker: Account
) -> None:
    clerk = make_person(name="周敏")
    visit = remind(make_person(name="周桂珍", building=building))
    with pytest.raises(RuleBroken), transaction():
        rounds.ask(visit, AskedFor.OTHER, note="  ", by=grid_worker.person, now=at(9, days=0))
    for note in ("膝盖疼", "第二次"):
        with transaction():
            ask = rounds.ask(visit, AskedFor.CANNOT_COME, note=note, by=grid_worker.person, now=at(9, days=0))
    assert visit.state is DeliveryState.DONE_BY_HAND
    assert [each.note for each in rounds.open_asks()] == ["膝盖疼"]
    for answer in ("已取消", "再一次"):
        with transaction():
            rounds.settle_ask(ask, answer=answer, by=clerk, now=at(9, 30, days=0))
    assert rounds.open_asks() == []
    [seen] = rounds.round_of(grid_worker.person, now=at(10, days=0)).asks
    assert (seen.answer, seen.settled_by_id) == ("已取消", clerk.id)
    with pytest.raises(Conflict), transaction():
        rounds.put_back(visit, now=at(10, days=0))


@ONE_ENGINE
def test_a_slip_of_the_hand_takes_back_what_was_asked_for(building: Building, grid_worker: Account) -> None:
    visit = remind(make_person(name="周桂珍", building=building))
    with transaction():
        rounds.ask(visit, AskedFor.PICK_UP, note="", by=grid_worker.person, now=at(9, days=0))
    with transaction():
        rounds.put_back(visit, now=at(9, 5, days=0))
    assert rounds.open_asks() == []
    assert to_tell(grid_worker) == ["周桂珍"]


@ONE_ENGINE
def test_a_line_of_another_grid_or_another_way_is_not_there(building: Building, grid_worker: Account) -> None:
    elsewhere = remind(make_person(building=make_building(grid_id=make_grid().id)), key="1")
    here = make_person(building=building)
    prefer(here, preferred=Preferred.CALL)
    call = remind(here, key="2")
    for each in (elsewhere, call):
        with pytest.raises(NotFound):
            rounds.get_visit(each.id, worker=grid_worker.person, now=at(9, days=0))


@ONE_ENGINE
def test_one_press_at_the_door_for_each_thing_that_happens(
    client: FlaskClient, building: Building, grid_worker: Account
) -> None:
    now, until = clock.now(), clock.now() + timedelta(days=1)
    people = [make_person(name=name, building=building, unit="1", door="301") for name in ("甲", "乙", "丙")]
    told, missed, asking = (remind(each, key=each.name, now=now, until=until) for each in people)
    elsewhere = remind(make_person(building=make_building(grid_id=make_grid().id)), now=now, until=until)
    sign_in(client, grid_worker)
    text = client.get("/desk/round?lang=en").text
    assert "3栋-1-301" in text
    assert not [each.phone for each in people if there(each.phone) in text], "at the door nobody needs a phone number"
    client.post(f"/desk/round/{told.id}/told")
    client.post(f"/desk/round/{missed.id}/not-met", data={"tries": "0"})
    assert client.post(f"/desk/round/{asking.id}/asks", data={"what": "other"}).status_code == 422
    assert client.post(f"/desk/round/{asking.id}/asks", data={"what": "pick_up", "note": "膝盖疼"}).status_code == 303
    for what in ("told", "not-met", "undo", "asks"):
        assert client.post(f"/desk/round/{elsewhere.id}/{what}", data={"what": "call"}).status_code == 404
    db.session.rollback()
    states = [db.session.get_one(Delivery, each.id, populate_existing=True).state.value for each in (told, missed)]
    assert states == ["done_by_hand", "due"]
    assert "膝盖疼" in client.get("/desk/round").text
    client.post(f"/desk/round/{told.id}/undo")
    assert client.get("/desk/round?lang=en").text.count("Not met once") == 1


@ONE_ENGINE
def test_the_desk_settles_what_was_asked_and_others_see_nothing(
    client: FlaskClient, building: Building, grid_worker: Account
) -> None:
    visit = remind(
        make_person(name="周桂珍", building=building), now=clock.now(), until=clock.now() + timedelta(days=1)
    )
    with transaction():
        ask = rounds.ask(visit, AskedFor.CALL, note="下午打", by=grid_worker.person, now=clock.now())
    assert queries.count_to_do_by_hand() == 1
    sign_in(client, grid_worker)
    assert client.get(f"/desk/asks/{ask.id}").status_code == 403
    sign_in(client, make_account())
    assert client.get("/desk/round").status_code == 403
    sign_in(client, make_account(roles=[Role.CLERK]))
    assert "下午打" in client.get("/desk/to-tell").text
    assert client.post(f"/desk/asks/{ask.id}", data={"answer": "已打"}).status_code == 303
    assert "下午打" not in client.get("/desk/to-tell").text
    assert client.get("/desk/asks/999999").status_code == 404
    assert queries.count_to_do_by_hand() == 0


@ONE_ENGINE
def test_one_person_with_several_dates_is_one_card_and_one_press(
    client: FlaskClient, building: Building, grid_worker: Account
) -> None:
    now, until = clock.now(), clock.now() + timedelta(days=1)
    person, other = (make_person(name=name, building=building, unit="1", door="301") for name in ("周桂珍", "丁"))
    first, second = (remind(person, key=key, now=now, until=until) for key in "12")
    later = remind(person, key="3", now=now, until=until + timedelta(days=1))
    alone = remind(other, key="4", now=now, until=until)
    sign_in(client, grid_worker)
    text = client.get("/desk/round?lang=en").text
    assert text.count('class="call call--door"') == 2
    assert text.count("What to say") == 4
    also = f"{second.id}-0 {later.id}-0"
    assert text.count(f'name="also" value="{also}"') == 2
    assert client.post(f"/desk/round/{first.id}/told", data={"also": f"{alone.id}-0"}).status_code == 404, (
        "another person"
    )
    client.post(f"/desk/round/{first.id}/not-met", data={"tries": "0", "also": also})
    db.session.rollback()
    assert [each.attempts for each in (first, second, later, alone)] == [1, 1, 1, 0]
    with transaction():
        actions.tick_off(db.session.get_one(Delivery, second.id), by=person, now=now)
    client.post(f"/desk/round/{first.id}/told", data={"also": f"{second.id}-1 {later.id}-1"})
    db.session.rollback()
    assert {each.state for each in (first, second, later)} == {DeliveryState.DONE_BY_HAND}
    assert alone.state is DeliveryState.DUE


@ONE_ENGINE
def test_who_heard_several_things_asks_about_one_of_them(
    client: FlaskClient, building: Building, grid_worker: Account
) -> None:
    now, until = clock.now(), clock.now() + timedelta(days=1)
    person = make_person(name="周桂珍", building=building)
    first, second = (remind(person, key=key, now=now, until=until) for key in "12")
    sign_in(client, grid_worker)
    address = f"/desk/round/{first.id}/asks?also={second.id}-0&lang=en"
    assert "What is it about?" in client.get(address).text
    assert "What is it about?" not in client.get(f"/desk/round/{first.id}/asks?lang=en").text
    assert client.post(address, data={"about": "999999", "what": "call"}).status_code == 422
    assert client.post(address, data={"about": str(second.id), "what": "call"}).status_code == 303
    db.session.rollback()
    assert [each.delivery_id for each in rounds.open_asks()] == [second.id]
    assert {each.state for each in (first, second)} == {DeliveryState.DONE_BY_HAND}
