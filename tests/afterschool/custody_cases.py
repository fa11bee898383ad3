"""What tests of custody say of children."""

from datetime import date, datetime, timedelta
from typing import Any

from center.afterschool.custody.ledger import HolderSaid
from center.afterschool.models.custody import CheckedBy, Holder
from center.afterschool.models.plans import Bar, BarLevel, Collector
from center.kernel import clock
from center.kernel.db import transaction
from center.kernel.i18n import local_date
from center.people.models import Person
from tests.builders import LONG_AGO, make_person


def today() -> date:
    """The centre's date."""
    return local_date(clock.now())


def collector_of(child: Person, name: str = "李奶奶", **facts: Any) -> Collector:
    """An adult who may collect a child, whom staff have seen."""
    now = clock.now()
    known = {
        "child_id": child.id, "name": name, "relation": "奶奶", "phone": "19900009999", "starts_on": LONG_AGO,
        "named_by_id": child.id, "named_at": now, "verified_at": now, "verified_by_id": child.id,
    }  # fmt: skip
    with transaction() as session:
        collector = Collector(**{**known, **facts})
        session.add(collector)
    return collector


def bar(child: Person, name: str, **facts: Any) -> Bar:
    """That somebody must not collect a child, by a court's paper."""
    known = {"child_id": child.id, "level": BarLevel.DENY, "name": name, "document": "（2026）鄂01民初1号"}
    with transaction() as session:
        row = Bar(**{**known, "set_by_id": child.id, "set_at": clock.now() - timedelta(days=1), **facts})
        session.add(row)
    return row


def in_room(by: Person, at: datetime, **facts: Any) -> HolderSaid:
    """That a child came."""
    known = {"holder": Holder.ROOM, "by": by, "at": at, "now": at, "on_date": local_date(at)}
    return HolderSaid(**{**known, **facts})


def collected(by: Person, at: datetime, collector: Collector | None, **facts: Any) -> HolderSaid:
    """That a known adult took a child, before two of the staff."""
    known: dict[str, Any] = {
        "holder": Holder.COLLECTOR, "by": by, "at": at, "now": at, "on_date": local_date(at), "collector": collector,
        "checked_by": CheckedBy.KNOWN, "child_agreed": True,
    }  # fmt: skip
    if "second" not in facts and facts.get("checked_by") is not CheckedBy.CODE:
        known["second"] = make_person()
    return HolderSaid(**{**known, **facts})
