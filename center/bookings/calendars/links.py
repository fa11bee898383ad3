"""Secret calendar addresses: a random token that is shown once, and whose hash is all that is kept."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import delete, select

from center.bookings.models import CalendarLink
from center.kernel.db import db, lock, must_find
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.logs import log
from center.people.models import Account, Person


def make(person: Person, *, now: datetime) -> str:
    """A new secret token of this person's calendar; the one they had before no longer works."""
    token = secrets.token_urlsafe(32)
    lock(person)
    _remove(person)
    db.session.add(CalendarLink(person_id=person.id, token_hash=_hash(token), made_at=now))
    db.session.flush()
    log.info("calendar_link_made", person=person.id)
    return token


def revoke(person: Person) -> None:
    """Let this person's calendar address lead nowhere; without one, nothing happens."""
    lock(person)
    _remove(person)
    log.info("calendar_link_revoked", person=person.id)


def find_link(person_id: int) -> CalendarLink | None:
    """The calendar link that a person has, if they have one."""
    return db.session.scalar(select(CalendarLink).where(CalendarLink.person_id == person_id))


def get_person_id(token: str) -> int:
    """Whose calendar the token opens; raises NotFound for a wrong or revoked one, and when their account is closed."""
    query = (
        select(CalendarLink.person_id)
        .join(Account, Account.person_id == CalendarLink.person_id)
        .where(CalendarLink.token_hash == _hash(token), Account.disabled_at.is_(None))
    )
    return must_find(db.session.scalar(query), _l("This calendar address does not lead anywhere (any more)."))


def _remove(person: Person) -> None:
    db.session.execute(delete(CalendarLink).where(CalendarLink.person_id == person.id))


def _hash(token: str) -> str:
    """Plain, since nobody guesses 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()
