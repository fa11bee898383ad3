"""What a device sends of children, and what is not believed because a device says so."""

import uuid
from datetime import timedelta
from typing import Any, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from center.activities.models import SessionState
from center.afterschool.models.care import AlarmKind
from center.afterschool.models.custody import CustodyEvent, Flag, Holder, Outcome
from center.afterschool.models.terms import TermDay
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.models import Guardianship, Person
from center.people.queries import account_of
from center.web.classroom.day import items
from tests.afterschool.builders import make_child, make_duty
from tests.afterschool.custody_cases import bar, today
from tests.afterschool.handing_over.scene import Scene, alarms, holder
from tests.afterschool.plan_builders import enrol, term_from_today
from tests.builders import LONG_AGO, make_person, sign_in
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE


@pytest.fixture(name="scene")
def _scene(app: Flask, client: FlaskClient) -> Scene:
    scene = Scene()
    scene.arrive()
    account = account_of(scene.tutor.id)
    assert account is not None
    sign_in(client, account)
    return scene


def item(child: Person, act: str = "hand", **said: Any) -> dict[str, Any]:
    """Something that a device says now."""
    return {"act": act, "child": child.id, "nonce": str(uuid.uuid4()), "device_at": clock.now().isoformat(), **said}


def granny(scene: Scene, **said: Any) -> dict[str, Any]:
    """That the grandmother has the child."""
    return item(scene.child, adult=scene.adult().key, agreed=True, **said)


def send(client: FlaskClient, *sent: dict[str, Any]) -> list[str]:
    """What comes of what a device sends."""
    answer = client.post("/classroom/day/items", json={"items": sent})
    assert answer.status_code == 200
    return [each["outcome"] for each in answer.get_json()["answers"]]


def test_a_second_who_is_nobody_of_the_days_staff_makes_sure_of_nothing(client: FlaskClient, scene: Scene) -> None:
    assert send(client, granny(scene, stored=False, second=make_person().id)) == ["refused"]
    assert holder(scene.child) is Holder.ROOM
    assert send(client, granny(scene, stored=False, second=scene.helper.id)) == ["accepted"]


def test_such_a_second_of_whoever_had_no_connection_is_looked_at(client: FlaskClient, scene: Scene) -> None:
    assert send(client, granny(scene, stored=True, second=make_person().id)) == ["accepted"]
    assert db.session.scalars(select(CustodyEvent.flag).order_by(CustodyEvent.id.desc())).first() is (
        Flag.CHANGED_MEANWHILE
    )


def test_nobody_is_their_own_second_for_an_adult_on_no_list(client: FlaskClient, scene: Scene) -> None:
    rung: dict[str, Any] = {
        "other_name": "邻居",
        "agreed": True,
        "approved_by": scene.mother.id,
        "approved_on": "19900000001",
    }
    assert send(client, item(scene.child, stored=True, second=scene.tutor.id, **rung)) == ["needs_review"]
    assert holder(scene.child) is Holder.ROOM


def test_with_a_connection_nothing_is_said_of_yesterday(client: FlaskClient, scene: Scene) -> None:
    before = (clock.now() - timedelta(days=1)).isoformat()
    assert send(client, granny(scene, stored=False, second=scene.helper.id, device_at=before)) == ["refused"]
    assert holder(scene.child) is Holder.ROOM


def test_with_a_connection_no_time_of_a_device_is_before_a_bar(client: FlaskClient, scene: Scene) -> None:
    bar(scene.child, scene.granny.name, set_at=clock.now())
    before = (clock.now() - timedelta(seconds=1)).isoformat()
    assert send(client, granny(scene, stored=False, second=scene.helper.id, device_at=before)) == ["refused"]
    assert holder(scene.child) is Holder.ROOM
    assert alarms() == [AlarmKind.BARRED]


def test_what_no_database_has_place_for_spoils_no_other(client: FlaskClient, scene: Scene) -> None:
    odd = [
        {**item(scene.child, "arrive"), "child": 10**30},
        {**item(scene.child, "arrive"), "child": True},
        item(scene.child, "arrive", device_at="9999-12-31T23:59:59-12:00"),
    ]
    written = item(scene.child, other_name="邻\x00居\ud800", agreed=True, second=10**30)
    same = item(scene.child, "undo", undoes=str(uuid.uuid4()))
    outcomes = send(client, *odd, written, same, granny(scene, second=scene.helper.id))
    assert outcomes == ["malformed", "malformed", "malformed", "needs_review", "accepted", "accepted"]
    assert holder(scene.child) is Holder.COLLECTOR


def test_what_the_database_refuses_waits_for_a_person_and_stops_no_other(
    client: FlaskClient, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object) -> None:
        raise IntegrityError("", {}, ValueError())

    monkeypatch.setitem(cast("dict[str, Any]", items.ACTS), "leave", refuse)
    sent = item(scene.child, "leave", way="bus"), granny(scene, second=scene.helper.id)
    assert send(client, *sent) == ["needs_review", "accepted"]


def flag_of_last() -> Flag | None:
    db.session.rollback()
    return db.session.scalars(select(CustodyEvent.flag).order_by(CustodyEvent.id.desc())).first()


@pytest.mark.parametrize("is_offline", [True, False])
def test_a_guardian_until_yesterday_who_has_taken_the_child_already_is_written_down_and_looked_at(
    client: FlaskClient, scene: Scene, is_offline: bool
) -> None:
    with transaction():
        db.session.scalars(select(Guardianship)).one().ends_on = today() - timedelta(days=1)
    taken = item(scene.child, adult=f"g{scene.mother.id}", agreed=True, stored=is_offline, second=scene.helper.id)
    assert send(client, taken) == ["accepted" if is_offline else "refused"]
    assert holder(scene.child) is (Holder.COLLECTOR if is_offline else Holder.ROOM)
    if is_offline:
        assert flag_of_last() is Flag.EXPIRED


def test_a_collector_who_became_a_guardian_is_known_by_the_key_that_a_device_kept(
    client: FlaskClient, scene: Scene
) -> None:
    key, aunt = scene.adult().key, make_person(name="李桂兰")
    with transaction() as session:
        session.merge(scene.granny).person_id = aunt.id
        session.add(Guardianship(child_id=scene.child.id, guardian_id=aunt.id, starts_on=LONG_AGO))
    taken = item(scene.child, adult=key, agreed=True, stored=True, second=scene.helper.id)
    assert send(client, taken) == ["accepted"]
    assert holder(scene.child) is Holder.COLLECTOR


@pytest.mark.parametrize("key", ["g0", "c999999999999", "x1", "g²", "c-1"])
def test_whoever_was_never_on_the_list_takes_no_child(client: FlaskClient, scene: Scene, key: str) -> None:
    taken = item(scene.child, adult=key, agreed=True, second=scene.helper.id)
    assert send(client, taken) == ["needs_review"]
    assert send(client, taken) == ["needs_review"]  # it goes from the device by either answer
    assert holder(scene.child) is Holder.ROOM
    assert alarms() == [AlarmKind.CONFLICT]
    assert db.session.scalars(select(CustodyEvent.why).where(CustodyEvent.outcome == Outcome.REFUSED)).all() == [
        "unknown_adult"
    ]


def test_of_a_child_who_is_on_no_list_of_mine_nothing_is_written_down(client: FlaskClient, scene: Scene) -> None:
    other = make_child(make_person())
    assert send(client, item(other, adult="g0", agreed=True, second=scene.helper.id)) == ["conflict"]
    assert alarms() == []


def test_what_comes_after_the_day_was_closed_does_not_pass_silently(client: FlaskClient, scene: Scene) -> None:
    scene.hand_over()
    with transaction():
        day = db.session.get_one(TermDay, scene.day.id)
        day.closed_at, day.closed_by_id = clock.now(), scene.tutor.id
    assert send(client, item(scene.child, "arrive", stored=True)) == ["accepted"]
    assert alarms() == [AlarmKind.CONFLICT]


def test_what_is_no_list_or_too_long_or_in_another_name_is_refused_whole(client: FlaskClient, scene: Scene) -> None:
    one = granny(scene)
    for sent, status, said in (
        ({"items": "all"}, 400, "malformed"),
        ([one], 400, "malformed"),
        ({"items": [one] * 201}, 413, "too many"),
        ({"items": [one], "who": "somebody else"}, 400, "token"),
    ):
        answer = client.post("/classroom/day/items", json=sent)
        assert (answer.status_code, answer.get_json()["error"]) == (status, said)
    assert holder(scene.child) is Holder.ROOM


# --- two terms of one date


def second_term(scene: Scene, *children: Person) -> TermDay:
    """Another term of today with the same staff on duty, and these children in it."""
    term = term_from_today()
    for each in children:
        enrol(term, each)
    for each in (scene.tutor, scene.helper):
        make_duty(term.days[0], each)
    return term.days[0]


def day_of_last(child: Person) -> int | None:
    db.session.rollback()
    query = select(CustodyEvent.day_id).where(CustodyEvent.child_id == child.id).order_by(CustodyEvent.id.desc())
    return db.session.scalars(query).first()


@pytest.mark.parametrize("is_offline", [True, False])
def test_an_item_is_of_the_term_on_whose_list_it_was_said(client: FlaskClient, scene: Scene, is_offline: bool) -> None:
    other = make_child(name="小红")
    second = second_term(scene, other, scene.child)
    assert send(client, item(other, "arrive", term=second.term_id, stored=is_offline)) == ["accepted"]
    assert day_of_last(other) == second.id
    assert send(client, item(scene.child, "arrive", term=second.term_id, stored=is_offline)) == ["accepted"]
    assert (day_of_last(scene.child), holder(scene.child)) == (second.id, Holder.ROOM)
    assert send(client, granny(scene, term=second.term_id, stored=is_offline, second=scene.helper.id)) == ["accepted"]
    assert (day_of_last(scene.child), holder(scene.child)) == (second.id, Holder.COLLECTOR)


def test_an_item_of_an_older_page_names_no_term_and_is_taken_where_the_child_is_listed(
    client: FlaskClient, scene: Scene
) -> None:
    other = make_child(name="小红")
    second = second_term(scene, other)
    assert send(client, item(other, "arrive"), granny(scene, second=scene.helper.id)) == ["accepted", "accepted"]
    assert (day_of_last(other), day_of_last(scene.child)) == (second.id, scene.day.id)


@pytest.mark.parametrize("term", [10**9, "x", None, True, -1])
def test_a_term_that_is_not_theirs_or_none_loses_nothing(client: FlaskClient, scene: Scene, term: object) -> None:
    second_term(scene, make_child(name="小红"))
    assert send(client, granny(scene, term=term, second=scene.helper.id)) == ["accepted"]
    assert day_of_last(scene.child) == scene.day.id


def test_a_child_of_a_term_in_which_they_are_not_on_duty_is_nobody_to_them(client: FlaskClient, scene: Scene) -> None:
    other = make_child(name="小红")
    term = enrol(term_from_today(), other).term
    second_term(scene)
    assert send(client, item(other, "arrive", term=term.id)) == ["conflict"]
    assert day_of_last(other) is None


def test_a_term_called_off_meanwhile_takes_in_who_came(client: FlaskClient, scene: Scene) -> None:
    other = make_child(name="小红")
    second = second_term(scene, other, scene.child)
    with transaction() as session:
        session.merge(second.session).state = SessionState.CANCELLED
    assert send(client, item(scene.child, "arrive", term=second.term_id)) == ["duplicate"]
    assert day_of_last(scene.child) == scene.day.id
