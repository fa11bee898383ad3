"""What is known of a session while it is held, so that what is said of many is not read and written one by one."""

from collections.abc import Collection

from center.activities.models import Session
from center.attendance.models import Attendance, Register
from center.attendance.models.devices import Card
from center.attendance.queries import sign_up_at
from center.attendance.rules import Presence
from center.attendance.scan_reads import card_with, standings_of
from center.kernel.db import db
from center.signups.models import SignUp


class Known:
    """What was read of a session since it is held; `writes_at_once`: nothing waits for what is said after it.

    Where it waits (`writes_at_once` is False), whoever asks the database for rows of a register calls `write` before.
    """

    def __init__(self, *, writes_at_once: bool = True) -> None:
        self.rows: dict[int, Attendance | None] = {}  # by the person's id
        self.sign_ups: dict[int, SignUp | None] = {}
        self.numbered: dict[str, SignUp | None] = {}  # by what stands on their slips
        self.cards: dict[str, Card | None] = {}  # by the digest of their codes
        self.register: Register | None = None
        self.writes_at_once = writes_at_once

    @classmethod
    def of(cls, session: Session, person_ids: Collection[int]) -> "Known":
        """The rows and places of these people, read at once; what is said of them is written at once as well."""
        known = cls(writes_at_once=False)
        known.rows, known.sign_ups = standings_of(session, person_ids)
        return known

    def presence_of(self, session: Session, person_id: int) -> tuple[Attendance | None, Presence]:
        """Somebody's row in the register, if there is one, and how they stand."""
        if person_id not in self.rows:
            self.rows[person_id] = presence_of(session, person_id)[0]
        return self.rows[person_id], _standing(self.rows[person_id])

    def sign_up_at(self, session: Session, person_id: int) -> SignUp | None:
        """The sign-up by which somebody has a place."""
        if person_id not in self.sign_ups:
            self.sign_ups[person_id] = sign_up_at(session, person_id)
        return self.sign_ups[person_id]

    def card_with(self, digest: str) -> Card | None:
        """The card of which this is kept."""
        if digest not in self.cards:
            self.cards[digest] = card_with(digest)
        return self.cards[digest]

    def register_of(self, session: Session) -> Register | None:
        """The session's register, if it was opened; of what is kept in hand the database is not asked again."""
        self.register = db.session.get(Register, session.id)
        return self.register

    def forget(self, person_id: int | None) -> None:
        """Read of this person anew."""
        if person_id is not None:
            self.rows.pop(person_id, None)
            self.sign_ups.pop(person_id, None)

    def write(self) -> None:
        """Write what was said so far, so that the database can be asked for it."""
        db.session.flush()


def presence_of(session: Session, person_id: int) -> tuple[Attendance | None, Presence]:
    """Somebody's row in a register, if there is one, and how they stand."""
    row = db.session.get(Attendance, (session.id, person_id), populate_existing=True)
    return row, _standing(row)


def _standing(row: Attendance | None) -> Presence:
    return Presence(row.status, row.arrived_at, row.left_at) if row else Presence()
