"""What the processes of a race for places do: they write straight to the database, without looking first."""

import contextlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from tests.race import PATIENCE


def take_blindly(gate: Any, url: str, pool_id: int, rounds: int) -> int:
    """Count one more place as taken, round after round; returns how many went in."""
    from sqlalchemy import update
    from sqlalchemy.exc import IntegrityError

    from center.kernel.db import db, transaction
    from center.signups.models import Pool

    taken = 0
    with _app(url):
        for _round in range(rounds):
            db.session.rollback()
            gate.wait(PATIENCE)
            with contextlib.suppress(IntegrityError), transaction() as session:
                statement = update(Pool).where(Pool.id == pool_id).values(taken=Pool.taken + 1)
                session.execute(statement.execution_options(synchronize_session=False))
                session.flush()
                taken += 1
    return taken


def sign_up_blindly(gate: Any, url: str, roster_id: int, group_id: int, person_ids: list[int]) -> int:
    """Put each person on the roster in turn, at the same moment as the rivals; returns how many went in."""
    from sqlalchemy.exc import IntegrityError

    from center.kernel import clock
    from center.kernel.db import db, transaction
    from center.people.acting import Ground
    from center.signups.models import Channel, SignUp, SignUpState

    entered = 0
    with _app(url):
        for person_id in person_ids:
            row: dict[str, Any] = {
                "roster_id": roster_id,
                "group_id": group_id,
                "person_id": person_id,
                "signed_by_id": person_id,
            }
            row |= {"reference": secrets.token_hex(6), "state": SignUpState.WAITING, "queue_order": 1}
            row |= {"ground": Ground.SELF, "channel": Channel.ONLINE, "made_at": clock.now(), "changed_at": clock.now()}
            db.session.rollback()
            gate.wait(PATIENCE)
            with contextlib.suppress(IntegrityError):
                with transaction() as session:
                    session.add(SignUp(**row))
                    session.flush()
                entered += 1
    return entered


@contextlib.contextmanager
def _app(url: str) -> Any:
    from center import create_app
    from center.kernel.db import db
    from tests.engines import settings_for

    with create_app(settings_for(url)).app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def sign_up_until_closed(gate: Any, url: str, roster_id: int, person_ids: list[int]) -> list[datetime]:
    """Sign one after the other up as fast as it goes, until it is refused; returns when each was signed up."""
    from center.kernel import clock
    from center.kernel.db import db, transaction
    from center.kernel.errors import RuleBroken
    from center.people.models import Person
    from center.signups import actions
    from center.signups.models import Roster
    from tests.activity_builders import request_for

    made = []
    with _app(url):
        roster = db.session.get_one(Roster, roster_id)
        gate.wait(PATIENCE)
        for person_id in person_ids:
            person = db.session.get_one(Person, person_id)
            with contextlib.suppress(RuleBroken):
                with transaction():
                    now = clock.now()
                    actions.sign_up(roster, request_for(person), by=person, as_staff=False, now=now)
                made.append(now)
    return made


def close_soon(gate: Any, url: str, roster_id: int, seconds: float) -> list[datetime]:
    """Let the sign-up close in a moment, while others sign up; returns nobody's sign-ups."""
    from center.kernel import clock
    from center.kernel.db import db, transaction
    from center.signups.models import Roster
    from center.signups.roster_state import hold

    with _app(url):
        roster = db.session.get_one(Roster, roster_id)
        gate.wait(PATIENCE)
        with transaction() as session:
            hold(roster)
            roster.closes_at = clock.now() + timedelta(seconds=seconds)
            session.flush()
    return []
