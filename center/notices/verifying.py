"""An e-mail address is used once its owner has shown that they read it: by a code that is sent there and nowhere else.

`people.email` is proved; what somebody gave and nobody proved yet waits in `emails_to_verify`, and the one before stays
in use. The code is kept nowhere: it is worked out of the site's key and of what waits, when the letter is written and
when somebody types it. See docs/decisions/0035-proved-addresses.md.
"""

from datetime import datetime, timedelta

from center.kernel.access_log import Kind, note
from center.kernel.acts import Act
from center.kernel.db import db, lock, transaction
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note as note_act
from center.notices import outbox
from center.notices.models import EmailToVerify
from center.people import sign_ins
from center.people.claims import LETTERS, keyed_hash
from center.people.models import Person

LASTS = timedelta(days=7)
LENGTH = 8


def find_waiting(person_id: int) -> EmailToVerify | None:
    """The address of somebody that is not proved yet, and so not used."""
    return db.session.get(EmailToVerify, person_id)


def admit_letter(person: Person, address: str, *, now: datetime) -> None:
    """Before a code is sent: few letters go to addresses that nobody has proved. Raises TooManyTries.

    Opens its own transaction.
    """
    waiting = find_waiting(person.id)
    if address and address != person.email and (waiting is None or waiting.address != address):
        _admit(person, now=now)


def set_address(person: Person, address: str | None, *, may_send: bool, now: datetime) -> None:
    """Another address, or none: a new one waits until it is proved. Called inside one `transaction()`."""
    waiting = db.session.get(EmailToVerify, person.id, populate_existing=True)
    if address is None or address == person.email:
        person.email = address
        if waiting is not None:
            db.session.delete(waiting)
        db.session.flush()
        return
    if waiting is not None and waiting.address == address:
        return
    row = waiting or EmailToVerify(person_id=person.id)
    row.address, row.asked_at = address, now
    db.session.add(row)
    db.session.flush()
    if may_send:
        _send(person, row, now=now)


def ask_for_another(person: Person, *, now: datetime) -> None:
    """`send_again`, a few times. Opens its own transactions; raises TooManyTries, too."""
    _admit(person, now=now)
    with transaction():
        send_again(person, now=now)


def send_again(person: Person, *, now: datetime) -> None:
    """Another letter with another code; those before no longer count. Raises RuleBroken where nothing waits."""
    row = _lock_waiting(person)
    row.asked_at = now
    db.session.flush()
    _send(person, row, now=now)


def try_code(person: Person, typed: str, *, by: Person, now: datetime) -> None:
    """`verify`, each wrong code counted. Opens its own transactions; raises TooManyTries, too."""
    with sign_ins.counted("e-mail code", source=_source(person), now=now), transaction():
        verify(person, typed, by=by, now=now)


def verify(person: Person, typed: str, *, by: Person, now: datetime) -> None:
    """Use the address from now on. Raises RuleBroken on "code"; tries are counted by whoever calls."""
    row = _lock_waiting(person)
    if row.asked_at + LASTS <= now or keyed_hash(typed) != keyed_hash(code_of(row)):
        note(Kind.CODE_FAILED, person_id=person.id, subject="e-mail code")
        raise RuleBroken(_l("This code is not right, or too old. Take the one from the latest e-mail."), field="code")
    person.email = row.address
    db.session.delete(row)
    db.session.flush()
    if by.id != person.id:
        note_act(Act.CONTACT_CHANGED, person_id=person.id, by=by)


def code_of(row: EmailToVerify) -> str:
    """The code for this address, asked for at that moment."""
    made = bytes.fromhex(keyed_hash(f"email{row.person_id}x{row.address.encode().hex()}x{row.asked_at.timestamp()}"))
    return "".join(LETTERS[each % len(LETTERS)] for each in made[:LENGTH])


def _admit(person: Person, *, now: datetime) -> None:
    sign_ins.admit("e-mail letter", source=_source(person), now=now)


def _source(person: Person) -> str:
    return f"person:{person.id}"


def _send(person: Person, row: EmailToVerify, *, now: datetime) -> None:
    key = f"verify:{person.id}:{now.isoformat()}"
    outbox.ask_to_verify(person, to=row.address, key=key, until=now + LASTS, now=now)


def _lock_waiting(person: Person) -> EmailToVerify:
    lock(person)
    row = db.session.get(EmailToVerify, person.id, populate_existing=True)
    if row is None:
        raise RuleBroken(_l("No address waits for a code. If you changed it meanwhile, look at the page again."))
    return row
