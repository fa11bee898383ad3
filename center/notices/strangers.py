"""What an account that was matched with the wrong person was told, and how it wished to be told."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from center.kernel.db import change_rows, db
from center.kernel.i18n import gettext as _
from center.kernel.site import path_to
from center.notices.models import ContactPreference, EmailToVerify, Notice, Preferred
from center.people import matching
from center.people.matching import ByHand, Undoing
from center.people.models import AccountMatch, Person

CONTACT = "contact"
CHOSEN = tuple(column.key for column in ContactPreference.__table__.c if column.key != "person_id")


def keep_contact(onto: Person) -> Any:
    """How somebody asked to be told, before an account was matched with them; None where they never said."""
    row = db.session.get(ContactPreference, onto.id)
    return row and {name: _plain(getattr(row, name)) for name in CHOSEN}


def bring_back_contact(undoing: Undoing) -> None:
    """What the account chose since is its owner's; the person is told as they asked before."""
    onto, double = undoing.onto, undoing.double
    give_notices(undoing, ["account:"])
    given_since = delete(EmailToVerify).where(
        EmailToVerify.person_id == onto.id, EmailToVerify.asked_at >= undoing.since
    )
    change_rows(given_since)
    row = db.session.get(ContactPreference, onto.id)
    if row is None or row.changed_by_id != onto.id or row.changed_at < undoing.since:
        return
    own = db.session.get(ContactPreference, double.id) or ContactPreference(person_id=double.id)
    for name in CHOSEN:
        setattr(own, name, getattr(row, name))
    own.changed_by_id = double.id
    db.session.add(own)
    was = undoing.kept.get(CONTACT)
    if was is None:
        db.session.delete(row)
    else:
        for name in CHOSEN:
            setattr(row, name, _read(name, was[name]) if name in was else getattr(row, name))
    db.session.flush()


def silenced(made: AccountMatch, until: datetime) -> Sequence[ByHand]:
    """That the account wanted no more messages: what was not sent while it stood, nobody can send in time."""
    for person_id in (made.person_id, made.double_id):
        row = db.session.get(ContactPreference, person_id)
        if row and row.changed_by_id == person_id and row.withdrawn_at and made.matched_at <= row.withdrawn_at <= until:
            page = path_to("desk.person", person_id=made.person_id)
            return [
                ByHand(row.withdrawn_at, _("Messages were stopped: tell them what they missed"), made.person.name, page)
            ]
    return []


def give_notices(undoing: Undoing, about: Iterable[str]) -> None:
    """Let what was told of these things since be told to the account's owner, and to nobody else."""
    keys = tuple(about)
    told = select(Notice).where(Notice.person_id == undoing.onto.id, Notice.recorded_at >= undoing.since)
    for notice in db.session.scalars(told.order_by(Notice.id)).all():
        if keys and notice.about.startswith(keys):
            notice.person_id = undoing.double.id
    db.session.flush()


matching.keepers[CONTACT] = keep_contact
matching.after_undoing.append(bring_back_contact)
matching.left_by_hand.append(silenced)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _read(name: str, value: Any) -> Any:
    if name == "preferred":
        return Preferred(value)
    return datetime.fromisoformat(value) if value and name.endswith("_at") else value
