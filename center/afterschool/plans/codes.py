"""The code of a day, by which whoever collects a child is known: if they are on the list, and no bar is against them.

It is worked out from the site's secret and a salt, so that a guardian can look at it again and no backup tells it. What
is kept is a digest with the site's secret, and a slow one for the list of a device without a connection.
"""

import enum
import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime

from flask import current_app
from sqlalchemy import select

from center.afterschool.models.plans import PickUpCode
from center.afterschool.rights.guardian_rights import Deed, refuse_kept_away
from center.kernel.db import db, lock
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.texts import REFERENCE_LETTERS
from center.people.models import Person

LETTERS = REFERENCE_LETTERS  # none that look alike
LENGTH = 6  # of 31 letters: 29 bits
MOST_TRIES = 3
ROUNDS = 600_000  # of the slow digest
PREFIX = "QHC:"  # before the code in the square that is scanned


class CodeAnswer(enum.StrEnum):
    """What a code that was shown is worth."""

    LOCKED = "locked"  # three wrong ones: a second adult instead, for the rest of the day
    NONE = "none"  # no code was made for this child today
    RIGHT = "right"
    USED = "used"  # it was right, and has been used
    WRONG = "wrong"


def code_of(child: Person, on: date, *, by: Person, now: datetime) -> str:
    """The code of a child for a day; made when somebody first asks for it, and the same for everybody after.

    Raises RuleBroken where whoever asks may not collect the child.
    """
    lock(child)
    refuse_kept_away(by, child, now=now, to=Deed.WAY_HOME)
    row = find(child.id, on) or _make(PickUpCode(child_id=child.id, on_date=on, made_by_id=by.id, made_at=now))
    return code_in(row)


def renew(child: Person, on: date, *, by: Person, now: datetime) -> str:
    """Another code for the day, in place of one that somebody else may have seen.

    Raises RuleBroken once it has been used, or was locked: then staff hand over without a code. Also where whoever asks
    may not collect the child.
    """
    lock(child)
    refuse_kept_away(by, child, now=now, to=Deed.WAY_HOME)
    row = find(child.id, on)
    if row is None:
        return code_of(child, on, by=by, now=now)
    if row.used_at is not None:
        raise RuleBroken(_l("Today's code has been used. There is no other one today."))
    if row.tries >= MOST_TRIES:
        raise RuleBroken(_l("Today's code is locked after three wrong tries. Staff hand over without a code today."))
    row.made_by_id, row.made_at = by.id, now
    return code_in(_make(row))


def use(child: Person, on: date, typed: str, *, now: datetime) -> CodeAnswer:
    """What a code is worth that somebody shows for a child: a right one once, and a wrong one counts as a try."""
    lock(child)
    row = find(child.id, on)
    if row is None:
        return CodeAnswer.NONE
    is_right = hmac.compare_digest(row.code_hash, _digest(on, read(typed)))
    if row.used_at is not None:
        return CodeAnswer.USED
    if row.tries >= MOST_TRIES:
        return CodeAnswer.LOCKED
    if is_right:
        row.used_at = now
    else:
        row.tries += 1
    db.session.flush()
    if is_right:
        return CodeAnswer.RIGHT
    return CodeAnswer.LOCKED if row.tries >= MOST_TRIES else CodeAnswer.WRONG


def find(child_id: int, on: date) -> PickUpCode | None:
    """The code of a child for a day, as it is kept."""
    query = select(PickUpCode).where(PickUpCode.child_id == child_id, PickUpCode.on_date == on)
    return db.session.scalar(query.execution_options(populate_existing=True))


def codes_on(child_ids: Sequence[int], on: date) -> dict[int, PickUpCode]:
    """The codes of several children for a day, as they are kept, by child."""
    query = select(PickUpCode).where(PickUpCode.child_id.in_(child_ids), PickUpCode.on_date == on)
    return {each.child_id: each for each in db.session.scalars(query)}


def read(typed: str) -> str:
    """What was typed or scanned as a code: capital letters, without blanks, dashes and the mark of our squares."""
    text = unicodedata.normalize("NFKC", typed).strip().upper().removeprefix(PREFIX)
    return "".join(each for each in text if each in LETTERS)


def spaced(code: str) -> str:
    """A code as it is shown and told: in two groups."""
    half = LENGTH // 2
    return f"{code[:half]} {code[half:]}"


def slow_digest(code: str, salt: str) -> str:
    """What a device compares without a connection: slow on purpose, so that a lost list tells no code that day."""
    return hashlib.pbkdf2_hmac("sha256", code.encode(), bytes.fromhex(salt), ROUNDS).hex()


def _make(row: PickUpCode) -> PickUpCode:
    """Give the row a code that no other child has that day."""
    while True:
        row.salt, row.tries = secrets.token_hex(16), 0
        code = code_in(row)
        row.code_hash = _digest(row.on_date, code)
        others = select(PickUpCode.id).where(
            PickUpCode.on_date == row.on_date,
            PickUpCode.code_hash == row.code_hash,
            PickUpCode.child_id != row.child_id,
        )
        with db.session.no_autoflush:
            if db.session.scalar(others) is None:
                break
    row.slow_hash = slow_digest(code, row.salt)
    db.session.add(row)
    db.session.flush()
    return row


def code_in(row: PickUpCode) -> str:
    """The code of a row, worked out anew."""
    number = int.from_bytes(_keyed(f"pick-up code {row.child_id} {row.on_date} {row.salt}"))
    letters = ""
    for _ in range(LENGTH):
        number, rest = divmod(number, len(LETTERS))
        letters += LETTERS[rest]
    return letters


def _digest(on: date, code: str) -> str:
    return _keyed(f"digest of a pick-up code {on} {code}").hex()


def _keyed(text: str) -> bytes:
    return hmac.new(str(current_app.secret_key).encode(), text.encode(), hashlib.sha256).digest()
