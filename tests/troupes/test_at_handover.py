"""What of other parts stands on a hand-over sheet; and whoever is erased leaves their troupes."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.erasing import actions as erasing
from center.people.models import Role
from center.troupes import dates
from center.troupes.lending import loans
from center.troupes.lending.loans import LoanItem, Terms
from center.troupes.members.handover import open_things
from center.troupes.models.troupes import MemberEvent, MemberState, TroupeMember, TroupeOffice
from center.troupes.performances.models import Performance
from tests.activity_builders import make_activity
from tests.builders import make_account, make_person
from tests.engines import ONE_ENGINE
from tests.troupes.builders import let_know, make_leader, make_piece, make_troupe
from tests.troupes.lending_builders import make_thing


@ONE_ENGINE
def test_a_sheet_lists_what_is_lent_and_which_performances_are_ahead_without_a_name(app: Flask) -> None:
    troupe, borrower, now = make_troupe(), make_person(name="邓敏红"), clock.now()
    thing = make_thing(troupe, quantity=12)
    session = make_activity(title="社区汇演").sessions[0]
    terms = Terms(person=borrower, starts_at=now, due_at=now + timedelta(days=5))
    with transaction() as written:
        loan = loans.promise(troupe, [LoanItem(thing_id=thing.id, count=8)], terms, by=borrower, now=now)
        facts = {"call_at": session.starts_at, "slot_seconds": 1200, "made_by_id": borrower.id, "made_at": now}
        written.add(Performance(troupe_id=troupe.id, session_id=session.id, **facts))
    things = {each.what: each for each in open_things(troupe, now)}
    [lent] = things["loans"].lines
    assert lent.startswith(f"{loan.number} · {thing.name}×8 · ")
    [show] = things["performances"].lines
    assert show.endswith("社区汇演")
    assert not any(borrower.name in line for each in things.values() for line in each.lines)
    assert [each.id for each in dates.sessions_ahead(troupe.id, now=now)] == [session.id]


def test_whoever_is_erased_leaves_their_troupes_without_their_words(app: Flask) -> None:
    leader = make_leader(make_troupe(), words="会打鼓")
    let_know(leader, make_piece(leader.troupe))
    director = make_account(roles=[Role.DIRECTOR])
    with transaction() as session:
        said = {"by_id": leader.person_id, "at": clock.now(), "on_date": clock.now().date(), "reason": "膝盖不好"}
        session.add(MemberEvent(member_id=leader.id, was=MemberState.ACTIVE, became=MemberState.RESTING, **said))
    with transaction():
        erasing.erase(leader.person, by=director.person, now=clock.now())
    member = db.session.scalars(select(TroupeMember)).one()
    assert (member.state, member.words) == (MemberState.LEFT, "")
    assert {each.reason for each in db.session.scalars(select(MemberEvent))} == {""}
    assert all(each.ends_on is not None for each in db.session.scalars(select(TroupeOffice)))
