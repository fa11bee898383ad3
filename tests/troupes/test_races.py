"""A troupe ends while people sign up for its rehearsals: nobody is left signed up for what does not take place."""

from typing import Any

from sqlalchemy import select, update

from center.kernel import clock
from center.kernel.db import db, transaction
from center.notices.models import Notice
from center.rooms.models import Occupancy
from center.signups.models import LIVE, Pool, PoolKind, Roster, SignUp
from center.troupes.models.troupes import TroupeEnding
from center.troupes.rehearsals import queries
from tests import race
from tests.activity_builders import sign_up
from tests.builders import make_centre, make_person
from tests.conftest import make_app
from tests.engines import Engines, dispose
from tests.there import there
from tests.troupes.rehearsals.scene import MORNING, drums, plan

RIVALS = 3
MOST_PRESSES = 5


def test_who_signs_up_while_the_troupe_ends_is_refused_or_hears_of_it(
    engine: str, engines: Engines, worker: str
) -> None:
    """Two leads end it in as many processes, while others ask for a place in its rehearsals."""
    url = engines.new_url(engine, f"ending_{worker}")
    app = make_app(url)
    clock.start_at(MORNING)
    try:
        with app.app_context():
            make_centre()
            scene = drums()
            plan(scene)
            troupe_id, activity = scene.season.troupe_id, there(scene.season.activity)
            roster = db.session.scalars(select(Roster).where(Roster.activity_id == activity.id)).one()
            with transaction():
                is_general = (Pool.roster_id == roster.id, Pool.kind == PoolKind.GENERAL)
                db.session.execute(update(Pool).where(*is_general).values(capacity=RIVALS + 1))
            early = sign_up(roster, make_person())[0].person_id  # there are places to be had
            people, roster_id = [make_person().id for _rival in range(RIVALS)], roster.id
            tasks: list[Any] = [(end_once, (url, troupe_id, scene.leader.id))] * 2
            tasks += [(sign_up_once, (url, roster_id, each)) for each in people]
            signed_up = [each for each in race.run(tasks)[2:] if each]
            db.session.rollback()
            assert len(db.session.scalars(select(TroupeEnding)).all()) == 1
            assert db.session.scalars(select(Occupancy)).all() == []
            assert db.session.scalars(select(SignUp).where(SignUp.state.in_(LIVE))).all() == []
            assert set(db.session.scalars(select(Pool.taken).where(Pool.roster_id == roster_id))) == {0}
            told = set(db.session.scalars(select(Notice.person_id)))
            assert told >= {early, *signed_up}  # whoever had a place for a moment knows that it is gone
            assert not any(each.takes_place for each in queries.rehearsals_of(scene.season))
    finally:
        clock.start_at(None)
        dispose(app)


def end_once(gate: Any, url: str, troupe_id: int, person_id: int) -> bool:
    """End the troupe."""
    from center.troupes import ending
    from center.troupes.models.troupes import Troupe

    def press(by: Any) -> None:
        ending.end(db.session.get_one(Troupe, troupe_id), reason="人太少了", by=by, now=clock.now())

    return _at_once(gate, url, person_id, press)


def sign_up_once(gate: Any, url: str, roster_id: int, person_id: int) -> int:
    """Sign up for the rehearsals; who did, or 0 where it was refused."""
    from center.signups import actions
    from tests.activity_builders import request_for

    def press(by: Any) -> None:
        roster = db.session.get_one(Roster, roster_id)
        actions.sign_up(roster, request_for(by), by=by, as_staff=False, now=clock.now())

    return person_id if _at_once(gate, url, person_id, press) else 0


def _at_once(gate: Any, url: str, person_id: int, press: Any) -> bool:
    """Let somebody press when all others do; whether it was not refused."""
    from sqlalchemy.exc import OperationalError

    from center import create_app
    from center.kernel.errors import DomainError
    from center.people.models import Person
    from tests.engines import settings_for

    app, did = create_app(settings_for(url)), False
    clock.start_at(MORNING)
    with app.app_context():
        by = db.session.get_one(Person, person_id)
        db.session.rollback()
        gate.wait(race.PATIENCE)
        for _press in range(MOST_PRESSES):
            try:
                with transaction():
                    press(by)
                did = True
            except DomainError:
                pass
            except OperationalError:  # a slow machine: whoever waited in line in vain presses again
                db.session.rollback()
                continue
            break
        db.session.remove()
        db.engine.dispose()
    return did
