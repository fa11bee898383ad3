"""Checks that run out within 30 days: whoever they are of hears of it once, and so do the directors."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from center.afterschool.models.staff import StaffCheck
from center.afterschool.staff import messages, queries, rules
from center.kernel.db import db, lock, transaction
from center.kernel.i18n import local_date
from center.kernel.sweeps import Sweep

SOME = 50


def _due(now: datetime) -> Sequence[int]:
    query = select(StaffCheck.id).where(
        StaffCheck.warned_on.is_(None),
        StaffCheck.revoked_at.is_(None),
        StaffCheck.valid_until <= local_date(now) + rules.WARNED_BEFORE,
    )
    return db.session.scalars(query.order_by(StaffCheck.valid_until, StaffCheck.id).limit(SOME)).all()


def _settle(check_id: int, now: datetime) -> None:
    """One that a later one follows runs out without a word; so does what is over already."""
    today = local_date(now)
    with transaction() as session:
        check = session.get_one(StaffCheck, check_id)
        lock(check)
        if check.warned_on is not None or check.revoked_at is not None:
            return
        check.warned_on = today
        theirs = queries.checks_by_person([check.person_id])[check.person_id]
        is_last = rules.last_valid(theirs, check.kind) == check.valid_until
        if is_last and check.valid_until >= today and check.person.erased_at is None:
            messages.tell_running_out(check, now=now, today=today)


SWEEPS = (Sweep("checks_run_out", _due, _settle),)
