"""Cards that people show at check-in: given out by staff, ended at once by the next one, found by what was read.

Only the digest of a code is kept. It needs no key, since nobody guesses 130 random bits. A card stays with the record
it was printed for: where that turns out to be somebody known already, the card leads on to them.
"""

import enum
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from center.attendance.codes import CARD_LENGTH, CARD_LETTERS
from center.attendance.models.devices import Card
from center.attendance.scan_reads import card_with
from center.kernel.acts import Act
from center.kernel.db import change_rows, db, lock
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note
from center.people import queries
from center.people.models import Person


class CardState(enum.StrEnum):
    """What a card is worth."""

    GONE = "gone"  # its owner was erased
    LIVE = "live"
    MERGED = "merged"  # live, and printed for a record that was somebody's second one
    OLD = "old"  # a newer one was printed, or it was lost


@dataclass(frozen=True)
class Found:
    """Whose card it is, and what it is worth; nobody's where its owner was erased."""

    state: CardState
    person: Person | None

    @property
    def counts(self) -> bool:
        """Whether it says today who stands there."""
        return self.state in {CardState.LIVE, CardState.MERGED}


def issue(person: Person, *, by: Person, now: datetime) -> str:
    """Give somebody a card, and end the one before; returns its code, to be printed, since nobody can read it again.

    Raises RuleBroken for a record that belongs to somebody else's account.
    """
    lock(person)
    if person.is_double:
        raise RuleBroken(_l("This record belongs to somebody else's account. Print the card for that person."))
    _end(person, by=by, now=now)
    code = "".join(secrets.choice(CARD_LETTERS) for _ in range(CARD_LENGTH))
    db.session.add(Card(person_id=person.id, code_hash=hash_of(code), issued_at=now, issued_by_id=by.id))
    db.session.flush()
    note(Act.CARD_ISSUED, person_id=person.id, by=by)
    return code


def revoke(person: Person, *, by: Person, now: datetime) -> bool:
    """End somebody's card, as when it is lost; returns whether there was one."""
    lock(person)
    if not _end(person, by=by, now=now):
        return False
    note(Act.CARD_ENDED, person_id=person.id, by=by)
    return True


def find_by_code(code: str) -> Found | None:
    """Whose card has this code (`codes.CardCode`); None where no card ever had it."""
    return find_by_digest(hash_of(code))


def find_by_digest(digest: str) -> Found | None:
    """The same by what is kept of its code (`codes.CardDigest`)."""
    card = card_with(digest)
    return found(card) if card is not None else None


def found(card: Card) -> Found:
    """Whose a card is today, and what it is worth."""
    owner = queries.behind_double(card.person)
    if owner.erased_at is not None:
        return Found(CardState.GONE, None)
    if card.revoked_at is not None:
        return Found(CardState.OLD, owner)
    if owner.id == card.person_id:
        return Found(CardState.LIVE, owner)
    return Found(CardState.OLD if find_live([owner.id]) else CardState.MERGED, owner)


def card_of(person: Person) -> Card | None:
    """The card that somebody has now."""
    return find_live(queries.records_of(person.id))


def find_live(person_ids: Sequence[int]) -> Card | None:
    """The latest card of these records that counts."""
    query = select(Card).where(Card.person_id.in_(person_ids), Card.revoked_at.is_(None))
    return db.session.scalars(query.order_by(Card.issued_at.desc(), Card.id.desc()).limit(1)).first()


def hash_of(code: str) -> str:
    """What is kept of a card's code."""
    return hashlib.sha256(code.encode()).hexdigest()


def _end(person: Person, *, by: Person, now: datetime) -> int:
    theirs = (Card.person_id.in_(queries.records_of(person.id)), Card.revoked_at.is_(None))
    return change_rows(update(Card).where(*theirs).values(revoked_at=now, revoked_by_id=by.id))
