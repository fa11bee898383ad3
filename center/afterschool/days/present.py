"""How many children are in the room, by the ledger of custody: a count for whoever calls the roll of the house."""

from collections.abc import Collection

from sqlalchemy import func, select

from center.afterschool.models.custody import Custody, CustodyEvent, Holder, Holding
from center.afterschool.models.terms import TermDay
from center.kernel.db import db


def children_in_room(session_ids: Collection[int]) -> dict[int, int]:
    """How many children the room holds of each of these sessions, by its id; no names."""
    query = (
        select(TermDay.session_id, func.count())
        .join(CustodyEvent, CustodyEvent.day_id == TermDay.id)
        .join(Custody, Custody.event_id == CustodyEvent.id)
        .join(Holding, Holding.custody_id == Custody.id)
        .where(TermDay.session_id.in_(sorted(session_ids)), Custody.holder == Holder.ROOM)
        .group_by(TermDay.session_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)} if session_ids else {}
