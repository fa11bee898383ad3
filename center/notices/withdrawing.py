"""Taking back what was said a moment ago: whoever has not heard it need not hear it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select, update

from center.kernel.db import change_rows, db
from center.notices.kinds import Kind
from center.notices.models import Delivery, DeliveryState, Notice
from center.notices.queries import is_of

UNHEARD = frozenset({DeliveryState.DUE, DeliveryState.DROPPED, DeliveryState.FAILED})


def withdraw(abouts: Collection[str], kinds: Collection[Kind], *, said_at: datetime) -> frozenset[int]:
    """Take back news of these kinds about these things, told at this very moment.

    What nobody has heard goes, and what it had replaced is to be said again. Returns the ids of those whom it has
    reached: they need to be told otherwise.
    """
    said = select(Notice).where(
        Notice.about.in_(sorted(abouts)),
        Notice.kind.in_(sorted(each.code for each in kinds)),
        Notice.recorded_at == said_at,
        Notice.person_id.is_not(None),
    )
    held = said.order_by(Notice.id).with_for_update().execution_options(populate_existing=True)
    notices = db.session.scalars(held).all()
    states = _states([each.id for each in notices])
    heard = [each for each in notices if each.read_at is not None or not states.get(each.id, set()) <= UNHEARD]
    for notice in notices:
        if notice not in heard:
            _say_again_what_it_replaced(notice)
            _forget(notice)
    return frozenset(each.person_id for each in heard if each.person_id is not None)


def _states(notice_ids: Collection[int]) -> dict[int, set[DeliveryState]]:
    """Where the deliveries of these notices stand, held until the transaction ends: none is handed over meanwhile."""
    query = select(Delivery).where(Delivery.notice_id.in_(sorted(notice_ids))).order_by(Delivery.id).with_for_update()
    found: dict[int, set[DeliveryState]] = {}
    for delivery in db.session.scalars(query.execution_options(populate_existing=True)):
        found.setdefault(delivery.notice_id, set()).add(delivery.state)
    return found


def _say_again_what_it_replaced(notice: Notice) -> None:
    """Whatever was dropped with it of the same thing, or of a part of it that ended with it."""
    is_of_it = is_of(Notice.about, [notice.about])
    older = select(Notice.id).where(Notice.person_id == notice.person_id, is_of_it, Notice.id < notice.id)
    change_rows(
        update(Delivery)
        .where(
            Delivery.notice_id.in_(older),
            Delivery.state == DeliveryState.DROPPED,
            Delivery.settled_at == notice.recorded_at,
            Delivery.settled_by_id.is_(None),
        )
        .values(state=DeliveryState.DUE, settled_at=None)
    )


def _forget(notice: Notice) -> None:
    """Its deliveries and topics go with it."""
    db.session.expunge(notice)
    change_rows(delete(Notice).where(Notice.id == notice.id))
