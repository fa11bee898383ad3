"""What is to be known of a child's health: only while a guardian agrees, encrypted. Never commits."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select

from center.afterschool.models.consents import AlertLevel, HealthNote, Purpose
from center.afterschool.places import consents, enrol_messages
from center.afterschool.rights.guardian_rights import Deed, authorise_guardian
from center.kernel.db import db, lock, must_find
from center.kernel.errors import RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person

MOST = 20


@dataclass(frozen=True, kw_only=True)
class HealthFacts:
    """One thing to be known: what brings it on, what happens, what to do, how urgent it is."""

    trigger: str
    reaction: str
    what_to_do: str
    level: AlertLevel


def notes_of(child: Person) -> Sequence[HealthNote]:
    """Everything that is to be known of a child's health, in the order in which it was written."""
    return db.session.scalars(
        select(HealthNote).where(HealthNote.child_id == child.id).order_by(HealthNote.id)
    ).all()  # fmt: skip


def get_note(child: Person, note_id: int) -> HealthNote:
    """One of them; raises NotFound."""
    query = select(HealthNote).where(HealthNote.id == note_id, HealthNote.child_id == child.id)
    return must_find(db.session.scalar(query), _l("This is not kept (any more)."))


def add(child: Person, facts: HealthFacts, *, guardian: Person, by: Person, now: datetime) -> HealthNote:
    """Keep something of a child's health; raises RuleBroken while no guardian has agreed to that."""
    authorise_guardian(child, guardian, now, to=Deed.HEALTH)
    lock(child)
    consent = consents.live_of(child).get(Purpose.HEALTH)
    if consent is None or not consent.is_given:
        raise RuleBroken(_l("Please agree first that the centre keeps what is to be known of the child's health."))
    if len(notes_of(child)) >= MOST:
        raise RuleBroken(_l("There are %(most)s entries already. Please remove one first.", most=MOST))
    made = HealthNote(child_id=child.id, consent_id=consent.id, by_id=guardian.id, at=now, **_plain(facts))
    db.session.add(made)
    db.session.flush()
    _tell(child, by=by, now=now)
    return made


def edit(note: HealthNote, child: Person, facts: HealthFacts, *, guardian: Person, by: Person, now: datetime) -> None:
    """Say it otherwise."""
    authorise_guardian(child, guardian, now, to=Deed.HEALTH)
    lock(note)
    for name, value in _plain(facts).items():
        setattr(note, name, value)
    note.by_id, note.at = guardian.id, now
    db.session.flush()
    _tell(child, by=by, now=now)


def remove(note: HealthNote, child: Person, *, guardian: Person, by: Person, now: datetime) -> None:
    """It is not so any more, and is deleted."""
    authorise_guardian(child, guardian, now, to=Deed.HEALTH)
    db.session.delete(note)
    db.session.flush()
    _tell(child, by=by, now=now)


def _plain(facts: HealthFacts) -> dict[str, str]:
    return {**asdict(facts), "level": facts.level.value}


def _tell(child: Person, *, by: Person, now: datetime) -> None:
    """The other guardian hears that it changed; what it says stays on the child's page."""
    enrol_messages.tell_changed(child, lambda: _("what is to be known of the child's health"), by=by, now=now)
