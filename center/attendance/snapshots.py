"""What a device is given of a session, for when it has no connection: the least by which it knows who stands there.

Masked names and digests of what people show; no phone, no door. A person is named by a key that means nothing but in
this session, and that still leads to them when their place is gone meanwhile.
"""

import hashlib
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from center.activities.models import Session
from center.attendance.models import Attendance, Status
from center.attendance.models.devices import Card
from center.attendance.queries import RegisterLine, find_register, roll_of
from center.attendance.rules import TAKES_UNTIL
from center.kernel.db import db
from center.people.claims import keyed_hash
from center.people.masking import masked_name
from center.people.models import AccountMatch
from center.signups.models import Audience, Roster, SignUp
from center.signups.queries import is_date_of_roster

KEY_LENGTH = 32


@dataclass(frozen=True)
class Known:
    """One person of a session, as a device knows them."""

    person_id: int  # not told to it
    key: str
    name: str  # masked; told apart from another of the same name by the end of a sign-up's number
    status: Status
    since: datetime | None
    card: str  # digest of their card's code; "" where they have none
    code: str  # digest of their sign-up's number


@dataclass(frozen=True)
class Snapshot:
    """A session with its people, and until when a device may keep it."""

    session: Session
    expires_at: datetime
    is_open: bool  # whether anybody is still written down in its register
    people: tuple[Known, ...]


def snapshot_of(session: Session) -> Snapshot:
    """What a device is given of a session now."""
    lines = roll_of(session)
    names = _names(lines)
    cards = _cards_of([each.person.id for each in lines])
    register = find_register(session.id)
    people = tuple(
        Known(
            person_id=each.person.id,
            key=key_of(session.id, each.person.id),
            name=names[each.person.id],
            status=each.status,
            since=each.row.arrived_at if each.row else None,
            card=cards.get(each.person.id, ""),
            code=_digest(each.sign_up.reference.replace("-", "")) if each.sign_up else "",
        )
        for each in lines
    )
    is_open = register is None or register.is_open
    return Snapshot(session, session.ends_at + TAKES_UNTIL, is_open, people)


def key_of(session_id: int, person_id: int) -> str:
    """What a device calls somebody in this session: nothing that leads to them elsewhere."""
    return keyed_hash(f"roll S{session_id}P{person_id}")[:KEY_LENGTH]


def people_by_key(session: Session, keys: Collection[str]) -> dict[str, int]:
    """Whom a device means by these keys: whoever has, or had, to do with this session."""
    wanted = set(keys)
    if not wanted:
        return {}
    rosters = select(Roster.id).where(is_date_of_roster(session), Roster.audience == Audience.PARTICIPANTS)
    ids = set(db.session.scalars(select(SignUp.person_id).where(SignUp.roster_id.in_(rosters))))
    ids |= set(db.session.scalars(select(Attendance.person_id).where(Attendance.session_id == session.id)))
    return {key: each for each in ids if (key := key_of(session.id, each)) in wanted}


def _names(lines: Collection[RegisterLine]) -> dict[int, str]:
    names = {each.person.id: masked_name(each.person.name) for each in lines}
    often = Counter(names.values())
    for each in lines:
        if often[name := names[each.person.id]] > 1 and each.sign_up:
            names[each.person.id] = f"{name} {each.sign_up.reference[-4:]}"
    return names


def _cards_of(person_ids: Collection[int]) -> dict[int, str]:
    """The digest of each one's latest card, printed for any of their records."""
    of = AccountMatch
    query = select(of.double_id, of.person_id).where(of.person_id.in_(sorted(person_ids)), of.undone_at.is_(None))
    behind: dict[int, int] = {row[0]: row[1] for row in db.session.execute(query)}
    behind |= {each: each for each in person_ids}
    cards = select(Card.person_id, Card.code_hash).where(Card.person_id.in_(sorted(behind)), Card.revoked_at.is_(None))
    return {behind[row[0]]: row[1] for row in db.session.execute(cards.order_by(Card.issued_at, Card.id))}


def _digest(plain: str) -> str:
    return hashlib.sha256(plain.encode()).hexdigest()
