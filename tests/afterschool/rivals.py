"""What the processes of a race for children do."""

from datetime import timedelta
from typing import Any

from tests.race import PATIENCE
from tests.signups.rivals import _app as app_of


def take_home(
    gate: Any, url: str, rival: int, children: list[int], collectors: dict[int, int], by_id: int
) -> list[str]:
    """Hand each child to a collector of one's own, all at once with the other rivals; returns what came of each."""
    from center.afterschool.custody import ledger
    from center.afterschool.models.plans import Collector
    from center.kernel import clock
    from center.kernel.db import db, transaction
    from center.people.models import Person
    from tests.afterschool.custody_cases import collected

    outcomes = []
    with app_of(url):
        for child_id in children:
            db.session.rollback()
            gate.wait(PATIENCE)
            with transaction():
                child, by = db.session.get_one(Person, child_id), db.session.get_one(Person, by_id)
                collector, at = db.session.get_one(Collector, collectors[child_id]), clock.now()
                said = collected(by, at + timedelta(milliseconds=rival), collector, second=child)
                outcomes.append(ledger.record(child, said).outcome.value)
    return outcomes


def hold_blindly(gate: Any, url: str, rows: list[tuple[int, int, int]]) -> int:
    """Write that children, by (child, entry before, event), are held anew, without looking first; how many went in."""
    import contextlib

    from sqlalchemy.exc import DBAPIError

    from center.afterschool.models.custody import Custody, Holder
    from center.kernel import clock
    from center.kernel.db import db, transaction

    entered = 0
    with app_of(url):
        for child_id, prev_id, event_id in rows:
            now = clock.now()
            row = Custody(
                child_id=child_id, prev_id=prev_id, event_id=event_id, holder=Holder.ROOM, since_at=now, recorded_at=now
            )
            db.session.rollback()
            gate.wait(PATIENCE)
            with contextlib.suppress(DBAPIError):
                with transaction() as session:
                    session.add(row)
                    session.flush()
                entered += 1
    return entered


def enrol(gate: Any, url: str, term_id: int, child_id: int, guardian_id: int) -> int:
    """Apply for a child as one of its guardians, at once with the other; the id of what there is then."""
    from center.afterschool.models.terms import Term
    from center.kernel.db import db
    from center.people.models import Person
    from tests.afterschool.enrol_builders import apply_for

    with app_of(url):
        term, child = db.session.get_one(Term, term_id), db.session.get_one(Person, child_id)
        guardian = db.session.get_one(Person, guardian_id)
        gate.wait(PATIENCE)
        return apply_for(term, child, guardian).id


def use_code(gate: Any, url: str, child_id: int, code: str, on: str) -> list[str]:
    """Show the code of a child at the same moment as others do; what it was worth."""
    from datetime import date

    from center.afterschool.plans import codes
    from center.kernel import clock
    from center.kernel.db import db, transaction
    from center.people.models import Person

    with app_of(url):
        db.session.rollback()
        gate.wait(PATIENCE)
        with transaction():
            child = db.session.get_one(Person, child_id)
            return [codes.use(child, date.fromisoformat(on), code, now=clock.now()).value]


def say_of_day(gate: Any, url: str, enrolment_id: int, guardian_id: int, what: str, on: str) -> int:
    """Say something of a day at the same moment as the other guardian does; the number of the change."""
    from datetime import date

    from center.afterschool.models.enrolments import Enrolment
    from center.afterschool.models.plans import Different
    from center.afterschool.plans import changes
    from center.afterschool.plans.changes import AskedChange
    from center.kernel import clock
    from center.kernel.db import db, transaction
    from center.people.models import Person

    with app_of(url):
        db.session.rollback()
        gate.wait(PATIENCE)
        with transaction():
            enrolment, me = db.session.get_one(Enrolment, enrolment_id), db.session.get_one(Person, guardian_id)
            wish, day = AskedChange(what=Different(what)), date.fromisoformat(on)
            return changes.say(enrolment, day, wish, guardian=me, by=me, now=clock.now()).id
