"""What happens to members of a troupe: joining, trial, rest, leaving, and two who decide at the same moment."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, DomainError, RuleBroken
from center.notices.models import Notice
from center.people.models import Person
from center.troupes.members import actions
from center.troupes.members.actions import MemberFacts
from center.troupes.models.troupes import MemberEvent, MemberState, Office, Troupe, TroupeMember, TroupeOffice
from tests.builders import at, make_organisation, make_person
from tests.engines import ONE_ENGINE
from tests.troupes.builders import make_leader, make_member, make_troupe, part_of

S = MemberState


def ask(troupe: Troupe, person: Person, **wish: Any) -> TroupeMember:
    """Ask to join."""
    with transaction():
        return actions.apply(troupe, MemberFacts(**wish), by=person, now=clock.now())


def go(member: TroupeMember, became: MemberState, by: Person | None = None, **said: Any) -> None:
    """Take a step, by default by one's own word."""
    with transaction():
        actions.step(member, became, by=by or member.person, now=clock.now(), **said)


def told(person: Person) -> list[str]:
    """The kinds of news that somebody has."""
    return list(db.session.scalars(select(Notice.kind).where(Notice.person_id == person.id).order_by(Notice.id)))


@ONE_ENGINE
def test_a_troupe_that_takes_nobody_is_asked_in_vain(app: Flask) -> None:
    for facts in ({"is_open_to_join": False}, {"ended_on": at(0, days=-1).date()}):
        with pytest.raises(RuleBroken):
            ask(make_troupe(**facts), make_person())


@ONE_ENGINE
def test_who_is_in_it_or_has_asked_cannot_ask_again_but_who_has_left_can(app: Flask) -> None:
    troupe = make_troupe()
    for state in (S.APPLIED, S.TRIAL, S.ACTIVE, S.RESTING):
        with pytest.raises(Conflict):
            ask(troupe, make_member(troupe, state=state).person)
    gone = make_member(troupe, state=S.LEFT).person
    again = ask(troupe, gone, parts=[part_of(troupe).id], words="回来了")
    assert (again.state, again.joined_on, again.words) == (S.APPLIED, None, "回来了")
    assert [each.is_main for each in again.parts] == [True]


@ONE_ENGINE
def test_a_part_of_another_troupe_is_no_part(app: Flask) -> None:
    with pytest.raises(RuleBroken):
        ask(make_troupe(), make_person(), parts=[part_of(make_troupe()).id])
    assert db.session.scalar(select(func.count()).select_from(TroupeMember)) == 0


@ONE_ENGINE
def test_the_leader_hears_who_asks_and_who_asked_hears_what_is_decided(app: Flask) -> None:
    lead = make_person()
    troupe = make_troupe(organisation=make_organisation(leads=[lead]))
    first = ask(troupe, make_person())
    assert told(lead) == ["troupes.applied"]
    leader = make_leader(troupe)
    member = ask(troupe, make_person())
    assert told(lead) == ["troupes.applied"]
    assert told(leader.person) == ["troupes.applied"]
    go(member, S.TRIAL, leader.person, until=at(0, days=30).date())
    go(member, S.ACTIVE, leader.person)
    go(first, S.LEFT, leader.person, reason="人满了")
    assert (member.state, member.trial_until, member.joined_on) == (S.ACTIVE, None, at(0, days=0).date())
    assert told(member.person) == ["troupes.stands", "troupes.stands"]
    go(member, S.RESTING, reason="膝盖", until=at(0, days=20).date())
    assert member.back_on == at(0, days=20).date()
    assert told(leader.person) == ["troupes.applied", "troupes.goes"]


@ONE_ENGINE
def test_a_trial_does_not_end_in_the_past(app: Flask) -> None:
    member = make_member(state=S.APPLIED)
    with pytest.raises(RuleBroken):
        go(member, S.TRIAL, make_person(), until=at(0, days=0).date())


@ONE_ENGINE
def test_a_leader_hands_over_before_leaving_and_a_deputy_just_leaves(app: Flask) -> None:
    troupe = make_troupe()
    leader, deputy = make_leader(troupe), make_member(troupe, office=Office.DEPUTY)
    heard: list[TroupeMember] = []
    listener: Callable[..., None] = lambda member, by, now: heard.append(member)  # noqa: E731
    actions.when_left.append(listener)
    try:
        with pytest.raises(RuleBroken):
            go(leader, S.LEFT)
        go(deputy, S.LEFT)
    finally:
        actions.when_left.remove(listener)
    assert (leader.state, deputy.state) == (S.ACTIVE, S.LEFT)
    assert [each.id for each in heard] == [deputy.id]
    live = select(TroupeOffice.member_id).where(TroupeOffice.ends_on.is_(None))
    assert db.session.scalars(live).all() == [leader.id]
    office = db.session.scalars(select(TroupeOffice).where(TroupeOffice.member_id == deputy.id)).one()
    assert office.ends_on == at(0, days=-1).date()


@ONE_ENGINE
def test_a_lead_enters_whoever_has_no_phone_and_it_is_marked(app: Flask) -> None:
    lead, elder = make_person(), make_person(phone=None)
    troupe = make_troupe(organisation=make_organisation(leads=[lead], members=[elder]))
    with transaction():
        member = actions.enter(troupe, elder, MemberFacts(words="口头"), on_trial=False, by=lead, now=clock.now())
    assert (member.state, member.is_by_lead) == (S.ACTIVE, True)
    events = db.session.scalars(select(MemberEvent).order_by(MemberEvent.id)).all()
    assert [(each.was, each.became, each.by_id) for each in events] == [
        (None, S.APPLIED, lead.id),
        (S.APPLIED, S.ACTIVE, lead.id),
    ]


@ONE_ENGINE
def test_parts_are_changed_with_one_main_part(app: Flask) -> None:
    troupe = make_troupe(parts=("高", "中", "低"))
    member = make_member(troupe, parts=["高", "中"])
    high, middle, low = (part_of(troupe, name).id for name in ("高", "中", "低"))
    for parts, main, now_is in (
        ([low, middle], low, {middle: False, low: True}),
        ([high, low], None, {high: True, low: False}),
        ([], None, {}),
    ):
        with transaction():
            actions.set_parts(member, parts, main=main)
        assert {each.part_id: each.is_main for each in member.parts} == now_is


@contextmanager
def without_guards() -> Iterator[None]:
    """The database as it were if nothing looked at the steps that members take."""
    db.session.rollback()
    aside = "ALTER TABLE troupe_member_events {} TRIGGER USER"
    with db.engine.begin() as connection:
        if db.engine.dialect.name == "sqlite":
            query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'troupe_member_events'"
            kept = [(row.name, row.sql) for row in connection.execute(text(query))]
            for name, _sql in kept:
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text(aside.format("DISABLE")))
    yield
    db.session.rollback()
    with db.engine.begin() as connection:
        if db.engine.dialect.name == "sqlite":
            for _name, sql in kept:
                connection.exec_driver_sql(sql)
        else:
            connection.execute(text(aside.format("ENABLE")))


def both(app: Flask, *acts: Callable[[], object]) -> list[str]:
    """Do several things at the same moment, each as a request of its own: done, or what was refused."""
    db.session.rollback()

    def run(act: Callable[[], object]) -> str:
        with app.app_context():
            try:
                with transaction():
                    act()
            except (DomainError, DBAPIError) as error:
                return type(error).__name__
            return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def test_of_two_who_decide_at_once_one_does(app: Flask) -> None:
    """A state that somebody moved meanwhile is not moved again; without the guard of the database it would be."""
    troupe = make_troupe()
    leader, member = make_leader(troupe), make_member(troupe)
    leader_id, member_id = leader.person_id, member.id

    def rest() -> None:
        person, found = db.session.get_one(Person, leader_id), db.session.get_one(TroupeMember, member_id)
        actions.step(found, S.RESTING, by=person, now=clock.now())

    def rest_blindly(was: MemberState, became: MemberState) -> None:
        facts = {"by_id": leader_id, "at": clock.now(), "on_date": clock.now().date()}
        db.session.add(MemberEvent(member_id=member_id, was=was, became=became, **facts))

    assert both(app, rest, rest) == ["Conflict", "done"]
    back = lambda: rest_blindly(S.RESTING, S.ACTIVE)  # noqa: E731
    assert both(app, back, back) == ["IntegrityError", "done"]
    again = lambda: rest_blindly(S.ACTIVE, S.RESTING)  # noqa: E731
    with without_guards():
        assert both(app, again, again) == ["done", "done"]


def test_of_two_applications_at_once_there_is_one(app: Flask) -> None:
    troupe_id, person_id = make_troupe().id, make_person().id

    def act() -> None:
        actions.apply(
            db.session.get_one(Troupe, troupe_id),
            MemberFacts(),
            by=db.session.get_one(Person, person_id),
            now=clock.now(),
        )

    assert both(app, act, act) == ["Conflict", "done"]
