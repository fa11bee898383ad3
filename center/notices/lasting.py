"""Until when what was told and is still to be handed over is worth telling, where that has changed since."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from center.kernel.db import db
from center.notices.models import Delivery, DeliveryState, Notice


def last_until(abouts: Collection[str], until: datetime, *, kinds: Collection[str] = (), but: str = "") -> None:
    """Let calls, slips and e-mails about these things that are still due be so until then; of these kinds, or all."""
    told = select(Notice.id).where(Notice.about.in_(sorted(abouts)), Notice.kind != but)
    if kinds:
        told = told.where(Notice.kind.in_(sorted(kinds)))
    due = Delivery.state == DeliveryState.DUE, Delivery.drop_at.is_not(None), Delivery.drop_at != until
    lasting = update(Delivery).where(Delivery.notice_id.in_(told), *due).values(drop_at=until)
    db.session.execute(lasting.execution_options(synchronize_session=False))
