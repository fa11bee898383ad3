"""Until when what was told and is still to be handed over is worth telling, where that has changed since."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from center.kernel.db import change_rows
from center.notices.kinds import Kind
from center.notices.models import Delivery, DeliveryState, Notice


def last_until(abouts: Collection[str], until: datetime, *, only: Kind | None = None, but: Kind | None = None) -> None:
    """Let calls, slips and e-mails about these things that are still due be so until then."""
    told = select(Notice.id).where(Notice.about.in_(sorted(abouts)))
    told = told.where(Notice.kind == only.code) if only else told
    told = told.where(Notice.kind != but.code) if but else told
    due = Delivery.state == DeliveryState.DUE, Delivery.drop_at.is_not(None), Delivery.drop_at != until
    change_rows(update(Delivery).where(Delivery.notice_id.in_(told), *due).values(drop_at=until))
