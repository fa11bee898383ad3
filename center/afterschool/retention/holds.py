"""What is kept of a child beyond its time, because it is needed: the director says why, and lets it go again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.afterschool.models.retention import LegalHold
from center.kernel.acts import Act
from center.kernel.db import db, lock, must_find
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note
from center.people.models import Person


def set_hold(child: Person, why: str, *, by: Person, now: datetime) -> LegalHold:
    """Keep what there is of a child, for a reason; where it is kept already, that stands."""
    lock(child)
    if not why.strip():
        raise RuleBroken(_l("Say why it is needed, such as a claim or a case."), field="why")
    if (known := find_open(child)) is not None:
        return known
    made = LegalHold(child_id=child.id, why=why.strip(), by_id=by.id, at=now)
    db.session.add(made)
    db.session.flush()
    note(Act.LEGAL_HOLD_SET, by=by, person_id=child.id)
    return made


def lift(hold: LegalHold, *, by: Person, now: datetime) -> None:
    """It is not needed any more: what is over goes with the next sweep. Twice is once."""
    lock(hold)
    if hold.lifted_at is None:
        hold.lifted_at, hold.lifted_by_id = now, by.id
        db.session.flush()
        note(Act.LEGAL_HOLD_LIFTED, by=by, person_id=hold.child_id)


def find_open(child: Person) -> LegalHold | None:
    """What keeps a child's records now, if anything does."""
    return db.session.scalar(select(LegalHold).where(LegalHold.child_id == child.id, LegalHold.lifted_at.is_(None)))


def get(hold_id: int) -> LegalHold:
    """A hold; raises NotFound."""
    return must_find(db.session.get(LegalHold, hold_id), _l("There is no such entry."))


def all_open() -> Sequence[LegalHold]:
    """Those that stand, the latest first."""
    query = select(LegalHold).where(LegalHold.lifted_at.is_(None))
    query = query.options(joinedload(LegalHold.child), joinedload(LegalHold.by))
    return db.session.scalars(query.order_by(LegalHold.id.desc())).all()
