"""The demonstration's activities: a month of the timetable; full, waiting, offered, called off, in preparation."""

from sqlalchemy import func, select

from center.activities.models import Activity, ActivityState, Session, SessionState
from center.commands.ledger_checks import ledger_findings
from center.kernel.db import db
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms.models import Occupancy, RoomUse, UseKind
from center.signups.lottery.queries import is_repeatable
from center.signups.models import Pool, PoolKind, Roster, SignUp, SignUpState
from center.signups.models.lottery import Draw
from center.signups.queries import place_in_queue
from tests.demo.test_load import NOW
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE


def states(slug: str) -> list[str]:
    query = select(SignUp.state).join(SignUp.roster).join(Roster.activity).where(Activity.slug == slug)
    return sorted(each.value for each in db.session.scalars(query))


def test_a_month_of_the_timetable_is_activities_with_their_rooms(demo: None) -> None:
    assert ledger_findings() == []
    sessions = db.session.scalars(select(Session).order_by(Session.starts_at)).all()
    assert len(sessions) > 30
    assert {each.state for each in sessions} >= {SessionState.HELD, SessionState.SCHEDULED, SessionState.CANCELLED}
    assert all((each.state is SessionState.HELD) == (each.ends_at <= NOW) for each in sessions if not each.cancelled_at)
    uses = db.session.scalar(select(func.count(RoomUse.id)).where(RoomUse.kind == UseKind.SESSION))
    taken = select(func.count(func.distinct(Occupancy.use_id))).join(RoomUse, RoomUse.id == Occupancy.use_id)
    assert db.session.scalar(taken.where(RoomUse.kind == UseKind.SESSION)) == uses


def test_one_is_full_with_a_queue_and_an_open_offer(demo: None) -> None:
    assert set(states("paper-cutting-class")) == {"cancelled", "confirmed", "offered", "waiting"}
    full = select(Pool).join(Pool.roster).join(Roster.activity).where(Activity.slug == "paper-cutting-class")
    assert all(pool.left == 0 for pool in db.session.scalars(full))
    offered = db.session.scalars(select(SignUp).where(SignUp.state == SignUpState.OFFERED)).one()
    assert offered.person.name == "周桂珍"
    assert offered.offer_expires_at is not None
    assert offered.offer_expires_at > NOW
    resident = select(SignUp).join(SignUp.roster).join(Roster.activity).join(Person, Person.id == SignUp.person_id)
    resident = resident.where(Person.name == "陈晓燕", Activity.slug == "paper-cutting-class")
    assert place_in_queue(db.session.scalars(resident).one()) == 1


def test_others_are_by_approval_called_off_and_outside(demo: None) -> None:
    assert "requested" in states("smartphone-class")
    off = db.session.scalars(select(Activity).where(Activity.slug == "well-in-winter")).one()
    assert off.state is ActivityState.CANCELLED
    assert set(states("well-in-winter")) == {"cancelled"}
    outing = db.session.scalars(select(Activity).where(Activity.slug == "east-lake-walk")).one()
    assert outing.sessions[0].room is None
    kinds = select(Pool.kind).join(Pool.roster).where(Roster.activity_id == outing.id)
    assert PoolKind.COMPANION in db.session.scalars(kinds).all()


def test_the_troupe_has_a_draft_one_returned_and_one_submitted(demo: None) -> None:
    query = select(Activity.state).join(Activity.organisation).where(Organisation.slug == "red-culture-troupe")
    assert {each.value for each in db.session.scalars(query)} == {"draft", "held", "published", "returned", "submitted"}
    returned = db.session.scalars(select(Activity).where(Activity.state == ActivityState.RETURNED)).one()
    assert returned.reason


def test_every_child_was_signed_up_by_a_guardian_of_its_own(demo: None) -> None:
    query = select(SignUp).join(SignUp.roster).where(Roster.guardian_below.is_not(None))
    signed = db.session.scalars(query).all()
    assert signed
    assert all(each.person_id != each.signed_by_id for each in signed)


def test_one_lottery_is_open_and_one_was_drawn_with_its_result(demo: None) -> None:
    draws = {each.roster.activity.slug: each for each in db.session.scalars(select(Draw))}
    assert set(states("mount-mulan")) == {"requested"}
    assert len(states("mount-mulan")) >= 10
    assert set(states("eight-dishes")) == {"confirmed", "waiting"}
    assert not draws["mount-mulan"].is_drawn
    assert draws["eight-dishes"].is_drawn
    assert is_repeatable(draws["eight-dishes"])
    assert ledger_findings() == []
