"""What the processes of a race for costumes and works do."""

import contextlib
from datetime import datetime
from typing import Any

from tests.race import PATIENCE
from tests.signups.rivals import _app as app_of


def lend(
    gate: Any, url: str, thing_ids: list[int], count: int, person_id: int, times: tuple[datetime, datetime]
) -> int:
    """A desk promises some of each thing at the same moment as the other desks; for how many it could."""
    from center.kernel.db import db, transaction
    from center.people.models import Person
    from center.troupes.lending import loans
    from center.troupes.lending.loans import LoanItem, Taken, Terms
    from center.troupes.models.lending import Thing

    done = 0
    with app_of(url):
        for thing_id in thing_ids:
            db.session.rollback()
            thing, person = db.session.get_one(Thing, thing_id), db.session.get_one(Person, person_id)
            unit_id = thing.units[0].id if thing.is_numbered else None
            wanted = [LoanItem(thing_id=thing_id, unit_id=unit_id, count=1 if unit_id else count)]
            terms = Terms(person=person, starts_at=times[0], due_at=times[1])
            gate.wait(PATIENCE)
            with contextlib.suppress(Taken):
                with transaction():
                    loans.promise(thing.troupe, wanted, terms, by=person, now=times[0])
                done += 1
    return done


def lend_blindly(gate: Any, url: str, loan_id: int, rows: list[tuple[int, int | None]], count: int) -> int:
    """Write lines of a loan, by (thing, piece), straight into the ledger; how many went in."""
    from sqlalchemy.exc import DBAPIError

    from center.kernel.db import db, transaction
    from center.troupes.models.lending import LineState, Loan, LoanLine

    entered = 0
    with app_of(url):
        loan = db.session.get_one(Loan, loan_id)
        times = {"starts_at": loan.starts_at, "ends_at": loan.due_at, "state": LineState.RESERVED}
        for thing_id, unit_id in rows:
            line = LoanLine(
                loan_id=loan_id, thing_id=thing_id, unit_id=unit_id, quantity=1 if unit_id else count, **times
            )
            db.session.rollback()
            gate.wait(PATIENCE)
            with contextlib.suppress(DBAPIError):
                with transaction() as session:
                    session.add(line)
                    session.flush()
                entered += 1
    return entered


def sell(gate: Any, url: str, work_ids: list[int], person_id: int, now: datetime) -> int:
    """Sell each work at the same moment as the other seller; how many were sold."""
    from center.kernel.db import db, transaction
    from center.people.models import Person
    from center.troupes.models.works import Work
    from center.troupes.works import selling

    sold = 0
    with app_of(url):
        for work_id in work_ids:
            db.session.rollback()
            work, person = db.session.get_one(Work, work_id), db.session.get_one(Person, person_id)
            assert work.sale_day is not None
            gate.wait(PATIENCE)
            with contextlib.suppress(selling.SoldAlready):
                with transaction():
                    selling.sell(work, by=person, now=now)
                sold += 1
    return sold


def sell_blindly(gate: Any, url: str, work_ids: list[int], person_id: int, now: datetime) -> int:
    """Write that works were sold without looking first; how many sales went in."""
    from sqlalchemy.exc import DBAPIError

    from center.kernel.db import db, transaction
    from center.troupes.models.works import Sale, Work

    entered = 0
    with app_of(url):
        for work_id in work_ids:
            work = db.session.get_one(Work, work_id)
            money = {"price_fen": work.price_fen, "maker_fen": work.maker_fen, "charity_fen": work.charity_fen}
            sale = Sale(work_id=work_id, sale_day_id=work.sale_day_id, at=now, by_id=person_id, **money)
            db.session.rollback()
            gate.wait(PATIENCE)
            with contextlib.suppress(DBAPIError):
                with transaction() as session:
                    session.add(sale)
                    session.flush()
                entered += 1
    return entered
