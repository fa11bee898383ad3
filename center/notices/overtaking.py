"""What newer words make needless: a call, a slip or a message that waits is overtaken only by what reaches somebody.

A reminder overtakes reminders alone. Other words overtake what they say anew: where they go out by some way, or where
the reader did this minute what they tell of. Whoever was still to be rung hears the newer words instead of the older.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from center.kernel.db import change_rows, db
from center.notices import kinds, rules
from center.notices.kinds import Kind
from center.notices.models import BY_HAND, Delivery, DeliveryState, Notice, NoticeTopic, Way
from center.notices.rules import Calls, Reach


@dataclass(frozen=True)
class Waiting:
    """A delivery that waits, as it was read: others may settle it meanwhile."""

    id: int
    way: Way
    drop_at: datetime | None

    def is_too_late(self, now: datetime) -> bool:
        """Whether it would tell nobody anything new any more."""
        return self.drop_at is not None and self.drop_at <= now


def waiting(notice: Notice, kind: Kind, topics: Collection[str], *, ends: Collection[str] = ()) -> list[Waiting]:
    """What waits to be said to the same person of these things and of nothing else, and would be said anew by this
    notice; and whatever waits to be said of what ends with it.
    """
    if not topics:
        return []
    of_reminder = Notice.kind.in_([each.code for each in kinds.all_kinds() if each.is_reminder])
    replaceable = of_reminder if kind.is_reminder else or_(Delivery.way.in_(BY_HAND), of_reminder)
    query = (
        select(Delivery.id, Delivery.way, Delivery.drop_at)
        .join(Delivery.notice)
        .where(
            _is_only_about({*topics, *ends}),
            Notice.person_id == notice.person_id,
            Notice.id < notice.id,
            Delivery.state == DeliveryState.DUE,
            or_(replaceable, Notice.about.in_(ends)),
        )
    )
    return [Waiting(*row) for row in db.session.execute(query.order_by(Delivery.id))]


def way_out(
    reach: Reach, kind: Kind, older: Collection[Waiting], *, is_known: bool = False, now: datetime
) -> Way | None:
    """The way on which a notice leaves the house. Who was still to be told by hand is told the newer words by hand,
    however little these would be worth a call on their own; but not whoever did it this minute, and knows.
    """
    way = rules.way_out(reach, kind.calls)
    is_owed = any(each.way in BY_HAND and not each.is_too_late(now) for each in older)
    if way is None and is_owed and not is_known and not kind.is_reminder:
        return rules.way_out(reach, Calls.UNLESS_READ)
    return way


def overtake(older: Collection[Waiting], *, is_told: bool, now: datetime) -> None:
    """Take off the lists what the newer words replace; where these reach nobody it stays there."""
    settle([each.id for each in older if is_told or each.is_too_late(now)], now=now)


def forget(abouts: Collection[str], *, now: datetime, except_for: Collection[int] = ()) -> None:
    """Nobody but these people needs to hear of these things any more: what waits for others is not said."""
    told = select(Notice.id).where(_is_only_about(abouts), Notice.person_id.not_in(sorted(except_for)))
    drop(Delivery.notice_id.in_(told), now=now)


def settle(delivery_ids: Collection[int], *, now: datetime) -> None:
    """Take deliveries that wait off their lists: they are not needed any more."""
    if delivery_ids:
        drop(Delivery.id.in_(sorted(delivery_ids)), now=now)


def _is_only_about(topics: Collection[str]) -> ColumnElement[bool]:
    """Of a notice in a query: whether all it tells of is among these things."""
    listed = sorted(topics)
    other = exists().where(NoticeTopic.notice_id == Notice.id, NoticeTopic.about.not_in(listed))
    return and_(Notice.about.in_(listed), ~other)


def drop(*which: ColumnElement[bool], now: datetime) -> None:
    """Say nothing more of what waits to be handed over, of these deliveries."""
    change_rows(
        update(Delivery)
        .where(*which, Delivery.state == DeliveryState.DUE)
        .values(state=DeliveryState.DROPPED, settled_at=now)
    )
