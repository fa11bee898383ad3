"""What of the incubator is looked after by itself: whoever has an organisation is reminded of its deadline."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from center.incubator import messages
from center.incubator.models.house_rules import COLUMNS
from center.incubator.models.incubations import Incubation
from center.incubator.stages.clock import due_after
from center.kernel.db import db, lock, transaction
from center.kernel.i18n import local_date
from center.kernel.sweeps import Sweep
from center.notices.models import Notice

EVERY = 600.0
WAITING = tuple(COLUMNS)  # the stages that have a deadline of their own


def _due_ids(now: datetime) -> Sequence[int]:
    """Those that are due by the end of the next working day, whose owner was not reminded of this very deadline."""
    today = local_date(now)
    query = (
        select(Incubation)
        .where(Incubation.stage.in_(WAITING), Incubation.owner_id.is_not(None))
        .where(Incubation.due_on <= due_after(today, 1))
    )
    found = db.session.scalars(query.order_by(Incubation.due_on, Incubation.id)).all()
    keys = {messages.due_key(each): each.id for each in found}
    told = set(db.session.scalars(select(Notice.key).where(Notice.key.in_(sorted(keys)))))
    return [number for key, number in keys.items() if key not in told]


def _remind(incubation_id: int, now: datetime) -> None:
    with transaction() as session:
        incubation = session.get_one(Incubation, incubation_id)
        lock(incubation)
        if incubation.stage in WAITING and incubation.due_on and incubation.due_on <= due_after(local_date(now), 1):
            messages.tell_due(incubation, now=now)


SWEEPS = (Sweep("deadlines of the incubator", _due_ids, _remind, every=EVERY),)
