"""Leads hear once, two months ahead, that their agreement runs out."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from center.incubator.agreements import messages, queries
from center.incubator.models.agreements import Agreement
from center.incubator.models.incubations import ENDED
from center.kernel.db import db, lock, transaction
from center.kernel.i18n import local_date
from center.kernel.sweeps import Sweep

TOLD_BEFORE = timedelta(days=60)
SOME = 50


def _due(now: datetime) -> Sequence[int]:
    today = local_date(now)
    query = select(Agreement.id).where(
        Agreement.warned_at.is_(None), Agreement.ends_on >= today, Agreement.ends_on <= today + TOLD_BEFORE
    )
    return db.session.scalars(query.order_by(Agreement.ends_on, Agreement.id).limit(SOME)).all()


def _settle(agreement_id: int, now: datetime) -> None:
    with transaction() as session:
        agreement = session.get_one(Agreement, agreement_id)
        lock(agreement)
        if agreement.warned_at is not None:
            return
        agreement.warned_at = now
        latest = queries.latest_agreement(agreement.incubation_id)
        is_last = latest is not None and latest.id == agreement.id
        if is_last and agreement.incubation.stage not in ENDED:
            messages.tell_runs_out(agreement, now=now)


SWEEPS = (Sweep("agreements_run_out", _due, _settle, every=3600.0),)
