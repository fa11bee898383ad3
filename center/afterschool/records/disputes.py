"""Guardians who disagree about a child: a note for the director alone. They have equal rights all the while."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.afterschool.models.retention import Dispute
from center.kernel.acts import Act
from center.kernel.db import db, lock, must_find
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note
from center.people.models import Person


def write(child: Person, words: str, *, by: Person, now: datetime) -> Dispute:
    """Note that the guardians of a child disagree, and about what."""
    if not words.strip():
        raise RuleBroken(_l("Say what they disagree about."), field="words")
    row = Dispute(child_id=child.id, words=words.strip(), by_id=by.id, at=now)
    db.session.add(row)
    db.session.flush()
    note(Act.DISPUTE_NOTED, by=by, person_id=child.id)
    return row


def settle(dispute: Dispute, *, by: Person, now: datetime) -> None:
    """They agree again, or a court has decided; twice is once."""
    lock(dispute)
    if dispute.settled_at is None:
        dispute.settled_at, dispute.settled_by_id = now, by.id
        db.session.flush()
        note(Act.DISPUTE_SETTLED, by=by, person_id=dispute.child_id)


def get(dispute_id: int) -> Dispute:
    """A note; raises NotFound."""
    return must_find(db.session.get(Dispute, dispute_id), _l("There is no such note."))


def all_open() -> Sequence[Dispute]:
    """Those that are not settled, the latest first."""
    query = select(Dispute).where(Dispute.settled_at.is_(None)).options(joinedload(Dispute.child))
    return db.session.scalars(query.order_by(Dispute.id.desc())).all()
