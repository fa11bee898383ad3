"""Groups that stay together and are more than there are places: refused with the number, or told when it is cut."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from center.commands.ledger_checks import ledger_findings
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import RuleBroken
from center.notices.models import Notice
from center.people.models import Guardianship, Person
from center.signups.cancelling import cancel
from center.signups.details.editing import part
from center.signups.models import Mode, Pool, PoolKind, Roster, SignUpState
from center.signups.posting.capacity import change_capacity, reduce_places
from center.signups.queries import place_in_queue
from center.signups.rosters import PoolFacts
from center.signups.rules import never_fits
from center.signups.sign_up_request import Divided
from tests.activity_builders import make_roster, sign_up, state_of, the_pool
from tests.builders import at, make_account, make_building, make_person, sign_in, trust
from tests.engines import ONE_ENGINE

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def _ledger_stays_true(app: Flask) -> Iterator[None]:
    yield
    db.session.rollback()
    assert ledger_findings() == []


def household(number: int) -> tuple[Person, ...]:
    home = {"building": make_building(), "unit": "1", "door": "1", "birth_year": 1990}
    return trust(*(make_person(**home) for _ in range(number)))


def set_places(roster: Roster, capacity: int) -> None:
    with transaction():
        change_capacity(the_pool(roster), capacity, by=roster.activity.created_by, now=clock.now())


def told(*sign_ups: Any) -> Any:
    """Whose inbox says it, as often as it does."""
    query = select(Notice.person_id).where(Notice.kind == "sign_up.too_many")
    return sorted(each for each in db.session.scalars(query) if each in {one.person_id for one in sign_ups})


@ONE_ENGINE
@pytest.mark.parametrize(
    ("people", "companions", "fits"),
    [(5, 0, True), (6, 0, False), (2, 1, True), (2, 2, False)],
    ids=["as many as there are", "one more", "with a companion", "too few companion seats"],
)
def test_a_group_fits_where_there_are_so_many_places_in_all_kept_ones_too(
    people: int, companions: int, fits: bool
) -> None:
    numbers = {PoolKind.GENERAL: 3, PoolKind.ELDERS: 2, PoolKind.COMPANION: 1}
    pools = [Pool(kind=kind, capacity=number, taken=number) for kind, number in numbers.items()]
    assert never_fits(pools, people=people, companions=companions) is not fits


@ONE_ENGINE
@pytest.mark.parametrize("mode", [Mode.FIRST_COME, Mode.LOTTERY])
def test_a_group_larger_than_all_places_is_refused_with_the_number(mode: Mode) -> None:
    window: dict[str, Any] = {"closes_at": clock.now() + timedelta(days=1)} if mode is Mode.LOTTERY else {}
    roster = make_roster(capacity=2, mode=mode, **window)
    with pytest.raises(RuleBroken, match=r"2 .* 3") as refused:
        sign_up(roster, *household(3), stays_together=True)
    assert refused.value.field == "stays_together"
    assert {state_of(each) for each in sign_up(roster, *household(2), stays_together=True)} <= {
        "confirmed",
        "requested",
    }


@ONE_ENGINE
def test_who_is_asked_what_to_do_is_not_offered_to_wait_for_ever() -> None:
    for size, fits in ((3, False), (2, True)):
        roster = make_roster(capacity=2)
        sign_up(roster, make_person())
        with pytest.raises(Divided) as asked:
            sign_up(roster, *household(size), asks_first=True)
        assert asked.value.fit_together is fits


def test_a_group_for_whom_a_cut_leaves_too_few_places_is_told_once_and_stands_in_nobodys_way() -> None:
    roster = make_roster(capacity=3)
    holders = [sign_up(roster, make_person())[0] for _ in range(3)]
    three = sign_up(roster, *household(3), stays_together=True)
    [behind] = sign_up(roster, make_person())
    with transaction():
        pool = db.session.merge(the_pool(roster))
        back = [holders[-1].id]
        reduce_places(
            pool, 2, back=back, to=SignUpState.CANCELLED, reason="x", by=roster.activity.created_by, now=clock.now()
        )
    heard = told(*three)
    assert set(heard) == {each.person_id for each in three}
    with transaction():
        cancel(holders[0], by=holders[0].person, now=clock.now())
    assert [state_of(each) for each in (*three, behind)] == ["waiting"] * 3 + ["offered"]
    set_places(roster, 2)
    assert told(*three) == heard, "once"
    set_places(roster, 5)
    assert state_of(three[0]) == "offered", "and where there are places again they are theirs"


@ONE_ENGINE
def test_a_group_that_is_too_large_is_named_to_who_is_not_of_it() -> None:
    roster = make_roster(capacity=3)
    sign_up(roster, make_person())
    mother, *children = household(3)
    with transaction() as session:
        for child in children:
            session.get_one(Person, child.id).birth_year = 2018
            session.add(Guardianship(child_id=child.id, guardian_id=mother.id, starts_on=at(0, days=-9).date()))
    sign_up(roster, *children, make_person(), by=mother, as_staff=True, stays_together=True)
    set_places(roster, 2)
    query = select(Notice).where(Notice.kind == "sign_up.too_many", Notice.person_id == mother.id)
    notice = db.session.scalars(query).one()
    for child in children:
        assert child.name in notice.subject
        assert child.name in notice.body
    assert "您这一组" not in notice.body


@ONE_ENGINE
def test_nobody_who_comes_waits_behind_a_group_that_can_never_fit() -> None:
    roster = make_roster(capacity=3)
    [one] = sign_up(roster, make_person())
    three = sign_up(roster, *household(3), stays_together=True)
    set_places(roster, 2)
    assert [state_of(each) for each in three] == ["waiting"] * 3
    assert state_of(sign_up(roster, make_person())[0]) == "confirmed"
    assert state_of(one) == "confirmed"


def test_they_part_and_each_has_a_place_at_the_number_they_had() -> None:
    roster = make_roster(capacity=3)
    sign_up(roster, make_person())
    three = sign_up(roster, *household(3), stays_together=True)
    set_places(roster, 2)
    for _twice in range(2):
        with transaction():
            part(db.session.merge(three[0]), by=three[0].person, now=clock.now())
    assert [state_of(each) for each in three] == ["offered", "waiting", "waiting"]
    assert place_in_queue(three[1]) == 1


@ONE_ENGINE
def test_their_page_says_it_and_has_the_button(client: FlaskClient) -> None:
    roster = make_roster(capacity=3)
    sign_up(roster, make_person())
    people = household(3)
    sign_in(client, make_account(people[0]))
    three = sign_up(roster, *people, stays_together=True)
    address = f"/sign-ups/{three[0].reference}"
    assert "one-by-one" not in client.get(address).text
    set_places(roster, 2)
    shown = client.get(address + "?lang=en").text
    assert "There are 2 places here in all now, and you are 3" in shown
    assert client.post(f"{address}/one-by-one").status_code == 303
    assert state_of(three[0]) == "offered"


@ONE_ENGINE
def test_who_waits_for_a_companion_seat_that_is_no_more_keeps_nobody_waiting() -> None:
    seats = [PoolFacts(kind=PoolKind.COMPANION, capacity=1)]
    roster = make_roster(capacity=2, pools=seats)
    [first] = sign_up(roster, make_person(), wish={"wants_companion": True})
    with transaction():
        pool = db.session.merge(the_pool(roster, PoolKind.COMPANION))
        reduce_places(
            pool, 0, back=[first.id], to=SignUpState.WAITING, reason="x",
            by=roster.activity.created_by, now=clock.now(),
        )  # fmt: skip
    assert state_of(sign_up(roster, make_person())[0]) == "confirmed"
