"""Who leads a troupe, and what one leader hands to the next."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, NotFound, RuleBroken
from center.people.models import Person
from center.troupes import queries
from center.troupes.members import handover, offices
from center.troupes.members.handover import OpenThing
from center.troupes.models.troupes import Handover, MemberState, Office, Troupe, TroupeMember, TroupeOffice
from tests.activity_builders import make_activity
from tests.builders import at, make_person
from tests.engines import ONE_ENGINE
from tests.troupes.builders import make_leader, make_member, make_piece, make_season, make_troupe
from tests.troupes.members.test_actions import both

S = MemberState


def name(troupe: Troupe, member: TroupeMember, **said: str) -> Handover:
    """Let a member lead the troupe."""
    with transaction():
        return offices.name_leader(troupe, member, **said, by=make_nobody(), now=clock.now())


def make_nobody() -> Person:
    """Whoever does it."""
    return db.session.scalars(select(Person).limit(1)).one()


@ONE_ENGINE
def test_only_who_is_in_the_troupe_can_lead_it(app: Flask) -> None:
    troupe = make_troupe()
    for member in (*(make_member(troupe, state=S(each)) for each in ("applied", "trial", "left")), make_member()):
        with pytest.raises(RuleBroken):
            name(troupe, member)
    leader = make_leader(troupe)
    with pytest.raises(Conflict):
        name(troupe, leader)


def test_another_leader_follows_with_a_sheet_that_stays_as_it_was(app: Flask) -> None:
    troupe = make_troupe()
    leader, deputy = make_leader(troupe), make_member(troupe, office=Office.DEPUTY)
    make_member(troupe, state=S.APPLIED)
    make_member(troupe, state=S.RESTING)
    make_piece(troupe)
    make_season(troupe, name="春季", activity_id=make_activity().id)
    sheet = name(troupe, deputy, keys="鼓房钥匙", notes="扇子少两把")
    things = {each.what: each for each in handover.read_sheet(sheet.sheet)}
    counts = {each.what: each.count for each in things.values()}
    assert counts | {"dates": 1} == counts
    assert {key: counts[key] for key in ("active", "applied", "resting", "trial", "pieces", "seasons")} == {
        "active": 2,
        "applied": 1,
        "resting": 1,
        "trial": 0,
        "pieces": 1,
        "seasons": 1,
    }
    assert things["seasons"].lines[0].startswith("春季 ")
    assert (sheet.from_id, sheet.to_id, sheet.taken_at) == (leader.id, deputy.id, None)
    today = at(0, days=0).date()
    assert [(each.member_id, each.office) for each in queries.offices_on(troupe.id, today)] == [
        (deputy.id, Office.LEADER)
    ]
    names = db.session.scalars(select(Person.name)).all()
    assert not any(each in sheet.sheet for each in names)
    make_member(troupe, state=S.APPLIED)
    kept = {each.what: each.count for each in handover.read_sheet(db.session.get_one(Handover, sheet.id).sheet)}
    assert kept["applied"] == 1


@ONE_ENGINE
def test_the_new_leader_alone_says_that_it_was_taken_over(app: Flask) -> None:
    troupe = make_troupe()
    make_leader(troupe)
    follower = make_member(troupe)
    sheet, stranger = name(troupe, follower), make_person()
    with pytest.raises(RuleBroken), transaction():
        offices.take(sheet, by=stranger, now=clock.now())
    with transaction():
        offices.take(sheet, by=follower.person, now=clock.now())
    assert sheet.taken_at is not None
    with pytest.raises(NotFound):
        queries.get_handover(make_troupe(), sheet.id)


@ONE_ENGINE
def test_a_deputy_is_named_once_and_a_leader_does_not_just_end(app: Flask) -> None:
    troupe = make_troupe()
    make_leader(troupe)
    member = make_member(troupe)
    with transaction():
        office = offices.name_deputy(troupe, member, by=member.person, now=clock.now())
    with pytest.raises(Conflict), transaction():
        offices.name_deputy(troupe, member, by=member.person, now=clock.now())
    with transaction():
        offices.end_deputy(office, now=clock.now())
    leading = db.session.scalars(select(TroupeOffice)).one()
    with pytest.raises(RuleBroken), transaction():
        offices.end_deputy(leading, now=clock.now())


def test_of_two_leaders_named_at_once_one_leads(app: Flask) -> None:
    troupe = make_troupe()
    make_leader(troupe)
    ids = [make_member(troupe).id for _ in range(2)]
    troupe_id = troupe.id

    def act(member_id: int) -> None:
        member = db.session.get_one(TroupeMember, member_id)
        offices.name_leader(db.session.get_one(Troupe, troupe_id), member, by=member.person, now=clock.now())

    assert set(both(app, lambda: act(ids[0]), lambda: act(ids[1]))) == {"done"}
    live = (TroupeOffice.ends_on.is_(None), TroupeOffice.office == Office.LEADER)
    assert db.session.scalar(select(func.count()).select_from(TroupeOffice).where(*live)) == 1


def test_a_part_of_the_house_that_is_gone_is_called_by_its_key() -> None:
    [thing] = handover.read_sheet(handover.as_sheet([OpenThing("looms", 2, ["一台"])]))
    assert (thing.title, thing.count, list(thing.lines)) == ("looms", 2, ["一台"])
