"""What a bar takes from a guardian beyond collecting: each right by a paper, until it is given back. Never commits."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from center.afterschool.models.plans import Bar, BarLevel, BarredRight, Right
from center.kernel.acts import Act
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.trail import note
from center.people.acting import is_guardian
from center.people.models import Person


def may_take(bar: Bar, *, now: datetime) -> bool:
    """Whether there is anything to take: it denies, stands, and is against one of the child's guardians."""
    is_set = bar.level is BarLevel.DENY and bar.lifted_at is None
    return is_set and bar.person is not None and is_guardian(bar.person, bar.child, local_date(now))


def taken_by(bars: Sequence[Bar]) -> dict[int, dict[Right, BarredRight]]:
    """What each of these takes now, by its id."""
    query = select(BarredRight).where(
        BarredRight.bar_id.in_([each.id for each in bars]), BarredRight.given_back_at.is_(None)
    )
    found: dict[int, dict[Right, BarredRight]] = {each.id: {} for each in bars}
    for row in db.session.scalars(query.order_by(BarredRight.what)):
        found[row.bar_id][row.what] = row
    return found


def decide(bar: Bar, taken: Mapping[Right, str], *, by: Person, now: datetime) -> None:
    """Take these rights by these papers, and give back the others; what is so already stays as it is.

    Raises RuleBroken on the field of a right without a paper, Conflict where the bar is no such bar any more.
    """
    lock(bar.child)
    db.session.refresh(bar)
    if not may_take(bar, now=now):
        raise Conflict(_l("This takes nothing else: it was lifted, or is not against a guardian of the child."))
    for right, document in taken.items():
        if not document.strip():
            words = _l("Write down the paper on which it rests: the court or office, and its number.")
            raise RuleBroken(words, field=f"{right.value}_document")
    known, is_changed = taken_by([bar])[bar.id], False
    for right in Right:
        document = taken.get(right, "").strip()
        row = known.get(right)
        if row is not None and row.document == document:
            continue
        if row is not None:
            row.given_back_at, row.given_back_by_id, is_changed = now, by.id, True
            db.session.flush()
        if document:
            db.session.add(BarredRight(bar_id=bar.id, what=right, document=document, by_id=by.id, at=now))
            is_changed = True
    db.session.flush()
    if is_changed:
        note(Act.COLLECTION_BAR_RIGHTS, person_id=bar.child_id, by=by)
