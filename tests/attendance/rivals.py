"""What the processes of a race at the door do."""

import uuid
from typing import Any

from tests.race import PATIENCE
from tests.signups.rivals import _app as app_of


def send(gate: Any, url: str, session_id: int, by_id: int, batches_of: list[list[tuple[str, int]]]) -> list[str]:
    """Send what a device has stored, batch by batch: (number, person); returns each item's outcome."""
    from center.activities.models import Session
    from center.attendance import batches
    from center.attendance.batches import Item
    from center.kernel.db import db
    from center.people.models import Person

    outcomes = []
    with app_of(url):
        session, by = db.session.get_one(Session, session_id), db.session.get_one(Person, by_id)
        now = session.starts_at
        for batch in batches_of:
            items = [
                Item(nonce=nonce, device_at=now, sequence=number, person_id=person_id)
                for number, (nonce, person_id) in enumerate(batch)
            ]
            db.session.rollback()
            gate.wait(PATIENCE)
            answered = batches.take(session, items, by=by, now=now)
            outcomes += [str(each.verdict.outcome) if each.verdict else "conflict" for each in answered]
    return outcomes


def enter_blindly(gate: Any, url: str, session_id: int, by_id: int, nonces: list[str]) -> int:
    """Write events under numbers that others use, too, without looking first; returns how many went in."""
    import contextlib

    from sqlalchemy.exc import IntegrityError

    from center.attendance.models import AttendanceEvent, How, Outcome, Verb, Why
    from center.kernel import clock
    from center.kernel.db import db, transaction

    entered = 0
    with app_of(url):
        for nonce in nonces:
            row: dict[str, Any] = {"session_id": session_id, "verb": Verb.ARRIVED, "how": How.ROLL, "nonce": nonce}
            row |= {"outcome": Outcome.REFUSED, "why": Why.UNKNOWN, "by_id": by_id}
            row |= {"at": clock.now(), "recorded_at": clock.now()}
            db.session.rollback()
            gate.wait(PATIENCE)
            with contextlib.suppress(IntegrityError):
                with transaction() as session:
                    session.add(AttendanceEvent(**row))
                    session.flush()
                entered += 1
    return entered


def numbers(count: int) -> list[str]:
    """So many numbers of items."""
    return [str(uuid.uuid4()) for _ in range(count)]
