"""Wishes in the ledger: places for some, seats added later, places passed on, questions that were answered."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from center.commands.ledger_checks import ledger_findings
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, DomainError, Full, NotFound, RuleBroken
from center.notices.models import Notice
from center.people.acting import grant
from center.people.models import Consent, DelegationScope, Guardianship, Person
from center.signups.details import questions
from center.signups.details.editing import change_details
from center.signups.details.questions import QuestionFacts
from center.signups.details.transfers import pass_on, takers
from center.signups.history import history
from center.signups.models import Mode, PoolKind, Question, QuestionKind, Roster, SignUp
from center.signups.models.history import SignUpChange
from center.signups.rosters import PoolFacts
from center.signups.sign_up_request import Divided, PlaceRequest, Refused
from tests.activity_builders import make_activity, make_roster, sign_up, state_of, the_pool
from tests.builders import at, make_building, make_person, trust
from tests.engines import ONE_ENGINE
from tests.signups.test_races import at_once, signing

pytestmark = pytest.mark.usefixtures("app")
SEATS = [PoolFacts(kind=PoolKind.COMPANION, capacity=1), PoolFacts(kind=PoolKind.WHEELCHAIR, capacity=1)]


@pytest.fixture(autouse=True)
def _ledger_stays_true(app: Flask) -> Iterator[None]:
    yield
    db.session.rollback()
    assert ledger_findings() == []


def family(size: int = 2) -> Any:
    home = {"building": make_building(), "unit": "1", "door": "101"}
    return list(trust(*(make_person(**home) for _ in range(size))))


def edit(one: Any, **wish: Any) -> None:
    with transaction():
        person = one.person
        change_details(one, PlaceRequest(person_id=person.id, **wish), by=person, now=clock.now())


def passes(one: Any, to: Person, *, by: Person | None = None, as_staff: bool = False, **wish: Any) -> SignUp:
    with transaction():
        wanted = PlaceRequest(person_id=to.id, **wish)
        return pass_on(one, wanted, by=by or one.person, as_staff=as_staff, now=clock.now())


def taken(roster: Roster, kind: PoolKind = PoolKind.GENERAL) -> int:
    return the_pool(roster, kind).taken


def ask(roster: Roster, **facts: Any) -> Question:
    with transaction():
        asked = QuestionFacts(**{"kind": QuestionKind.SHORT_TEXT, "words": "吃辣吗", **facts})
        return questions.add_question(db.session.merge(roster), asked, by=roster.activity.created_by)


def test_places_for_some_only_is_asked_about_and_makes_nothing() -> None:
    one, two = family()
    roster = make_roster(capacity=1)
    with pytest.raises(Divided) as divided:
        sign_up(roster, one, two, asks_first=True)
    assert (divided.value.seated, divided.value.others) == ([one.id], [two.id])
    assert taken(roster) == 0
    some = sign_up(roster, one, two)
    assert [state_of(each) for each in some] == ["confirmed", "waiting"]


@ONE_ENGINE
def test_a_wish_for_what_is_not_there_is_refused_beside_its_own_person() -> None:
    one, two = family()
    roster = make_roster()
    for wish, field in (({"wants_pick_up": True}, "pick_up"), ({"wants_companion": True}, "companion")):
        with pytest.raises(Refused) as refused:
            sign_up(roster, one, two, wish=wish)
        assert {each.field for each in refused.value.refused[two.id]} == {field}
    homeless = make_person()
    driven = make_roster(make_activity(has_pick_up=True))
    with pytest.raises(Refused):
        sign_up(driven, homeless, wish={"wants_pick_up": True})
    sign_up(driven, one, wish={"wants_pick_up": True})


def test_a_companion_seat_is_added_while_one_is_free_and_nobody_waits_for_it() -> None:
    roster = make_roster(capacity=3, pools=SEATS)
    [one], [two] = sign_up(roster, make_person()), sign_up(roster, make_person())
    edit(one, wants_companion=True)
    edit(one, wants_companion=True, note="坐前面")
    assert taken(roster, PoolKind.COMPANION) == 1
    with pytest.raises(Full):
        edit(two, wants_companion=True, note="x")
    assert (taken(roster, PoolKind.COMPANION), two.note) == (1, "")
    edit(one)
    assert taken(roster, PoolKind.COMPANION) == 0
    assert [each.what for each in history(one)].count(SignUpChange.EDITED) == 3


@ONE_ENGINE
def test_a_seat_somebody_waits_for_is_not_taken_by_editing() -> None:
    roster = make_roster(capacity=2, pools=SEATS)
    [one] = sign_up(roster, make_person(), wish={"wants_companion": True})
    [two] = sign_up(roster, make_person())
    [waits] = sign_up(roster, make_person(), wish={"wants_companion": True})
    assert state_of(waits) == "waiting"
    edit(one)
    with pytest.raises(Full):
        edit(two, wants_companion=True)


def test_whoever_comes_in_a_wheelchair_after_all_moves_to_such_a_place() -> None:
    roster = make_roster(capacity=1, pools=SEATS)
    [one] = sign_up(roster, make_person())
    [waits] = sign_up(roster, make_person())
    edit(one, uses_wheelchair=True)
    assert (taken(roster, PoolKind.WHEELCHAIR), state_of(waits)) == (1, "offered")
    with pytest.raises(Full):
        edit(one)
    assert state_of(one) == "confirmed", "there is no other place, and this one stays theirs"


@ONE_ENGINE
def test_what_is_over_or_offered_cannot_be_edited() -> None:
    [one] = sign_up(make_roster(make_activity(starts=[at(11)])), make_person())
    clock.start_at(at(12))
    with pytest.raises(Conflict):
        edit(one, note="x")


def test_a_place_is_passed_on_in_the_family_with_both_told_and_twice_is_once(app: Flask) -> None:
    mother, son = family()
    roster = make_roster(capacity=1)
    [one] = sign_up(roster, mother)
    [waits] = sign_up(roster, make_person())
    made = passes(one, son)
    again = passes(one, son)
    assert made.id == again.id
    assert (state_of(one), state_of(made), state_of(waits)) == ("cancelled", "confirmed", "waiting")
    assert taken(roster) == 1
    assert made.queue_order == one.queue_order
    for each in (one, made):
        assert history(each)[-1].what is SignUpChange.TRANSFERRED
    told = db.session.execute(select(Notice.kind, Notice.person_id).where(Notice.kind.contains("_away"))).all()
    assert told == [("sign_up.given_away", mother.id)]
    with pytest.raises(DomainError):
        passes(one, family(1)[0])


def test_a_place_goes_to_nobody_else() -> None:
    [son] = family(1)
    roster = make_roster(min_age=18)
    [one] = sign_up(roster, make_person(birth_year=1980))
    for to in (son, make_person(birth_year=1980)):
        with pytest.raises(NotFound):
            passes(one, to)
        with pytest.raises(NotFound):
            passes(one, to, by=make_person(), as_staff=True)
    assert state_of(one) == "confirmed"


@ONE_ENGINE
def test_the_gates_are_asked_again_and_the_place_kept_for_elders_stays_the_elders() -> None:
    home = {"building": make_building(), "unit": "1", "door": "7"}
    elder, child, grown = trust(*(make_person(**home, birth_year=year) for year in (1950, 2018, 1990)))
    with transaction() as session:
        session.add(Guardianship(child_id=child.id, guardian_id=elder.id, starts_on=at(0, days=0).date()))
    kept = [PoolFacts(kind=PoolKind.ELDERS, capacity=1)]
    roster = make_roster(capacity=0, pools=kept, min_age=18)
    [one] = sign_up(roster, elder)
    with pytest.raises(Refused):
        passes(one, child)
    with pytest.raises(Full):
        passes(one, grown)
    assert (state_of(one), taken(roster, PoolKind.ELDERS)) == ("confirmed", 1)


@ONE_ENGINE
def test_a_rank_in_the_queue_stays_in_the_household() -> None:
    mother, son = family()
    neighbour, clerk = make_person(), make_person()
    today = at(0, days=0).date()
    with transaction():
        grant(
            neighbour, to=mother, scope=DelegationScope.SIGN_UPS, starts_on=today, ends_on=today,
            consent=Consent.AT_THE_DESK, by=clerk, now=clock.now(),
        )  # fmt: skip
    roster = make_roster(capacity=1)
    sign_up(roster, make_person())
    [waits] = sign_up(roster, mother)
    [behind] = sign_up(roster, make_person())
    assert [each.id for each in takers(waits, by=mother, as_staff=False, now=clock.now())] == [son.id]
    with pytest.raises(RuleBroken):
        passes(waits, neighbour)
    made = passes(waits, son)
    assert made.queue_order < behind.queue_order


@ONE_ENGINE
def test_what_the_lead_chose_stays_the_chosen_ones_and_somebody_on_the_roster_takes_no_second_place() -> None:
    mother, son = family()
    roster = make_roster(mode=Mode.APPROVAL)
    [one] = sign_up(roster, mother, by=make_person(), as_staff=True)
    with pytest.raises(RuleBroken):
        passes(one, son)
    free = make_roster()
    [first], _second = sign_up(free, mother), sign_up(free, son)
    with pytest.raises(Refused):
        passes(first, son)


def test_a_question_keeps_its_meaning_once_somebody_answered_it() -> None:
    roster = make_roster()
    first, lead = ask(roster), make_person()
    with transaction():
        questions.change_question(first, QuestionFacts(kind=QuestionKind.YES_NO, words="吃肉吗"), by=lead)
    [one] = sign_up(roster, make_person(), wish={"answers": {first.id: "yes"}})
    with pytest.raises(Conflict), transaction():
        questions.change_question(first, QuestionFacts(kind=QuestionKind.YES_NO, words="抽烟吗"), by=lead)
    with transaction():
        questions.retire_question(first, by=lead, now=clock.now())
    db.session.rollback()
    assert db.session.get_one(Roster, roster.id).asked == []
    assert [each.says for each in one.answers] == ["yes"]
    with pytest.raises(Refused):
        sign_up(roster, make_person(), wish={"answers": {first.id: "yes"}})


@ONE_ENGINE
def test_five_questions_are_enough_and_each_is_clear() -> None:
    roster = make_roster()
    for n in range(5):
        ask(roster, words=f"问{n}")
    with pytest.raises(RuleBroken):
        ask(roster)
    other = make_roster()
    for wrong in ({"words": " "}, {"kind": QuestionKind.CHOICE}, {"kind": QuestionKind.CHOICE, "choices": "一\n一"}):
        with pytest.raises(RuleBroken):
            ask(other, **wrong)
    assert len(db.session.scalars(select(Question).where(Question.roster_id == other.id)).all()) == 0


def test_two_pass_the_same_place_on_at_once_and_one_seat_stays_one(app: Flask) -> None:
    for _round in range(3):
        mother, son, daughter = family(3)
        roster = make_roster(capacity=1)
        [one] = sign_up(roster, mother)
        ids = (one.id, mother.id)

        def act(to_id: Any, ids: Any = ids) -> Any:
            def run() -> None:

                row, by = db.session.get_one(SignUp, ids[0]), db.session.get_one(Person, ids[1])
                pass_on(row, PlaceRequest(person_id=to_id), by=by, as_staff=False, now=clock.now())

            return run

        assert sorted(at_once(app, [act(son.id), act(daughter.id)])) == [False, True]
        assert taken(roster) == 1


def test_two_add_the_last_companion_seat_at_once(app: Flask) -> None:
    for _round in range(3):
        roster = make_roster(capacity=2, pools=SEATS)
        ids = [sign_up(roster, make_person())[0].id for _ in range(2)]

        def act(one_id: Any) -> Any:
            def run() -> None:
                row = db.session.get_one(SignUp, one_id)
                wish = PlaceRequest(person_id=row.person_id, wants_companion=True)
                change_details(row, wish, by=row.person, now=clock.now())

            return run

        assert sorted(at_once(app, [act(each) for each in ids])) == [False, True]
        assert taken(roster, PoolKind.COMPANION) == 1


def test_two_guardians_sign_the_same_child_up_at_once_with_different_wishes(app: Flask) -> None:
    for _round in range(3):
        mother, father, child = make_person(), make_person(), make_person(birth_year=2018)
        with transaction() as session:
            for guardian in (mother, father):
                who = {"child_id": child.id, "guardian_id": guardian.id}
                session.add(Guardianship(**who, starts_on=at(0, days=0).date()))
        roster = make_roster(capacity=2, pools=SEATS, guardian_below=14)
        acts = [signing(roster.id, child.id, by_id=guardian.id) for guardian in (mother, father)]
        assert sorted(at_once(app, acts)) == [False, True]
        assert taken(roster) == 1
