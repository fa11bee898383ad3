"""When somebody is erased: they leave their troupes, and what they answered for there ends."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from center.kernel.db import db, lock
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.people.erasing import actions as erasing
from center.people.models import Person
from center.troupes import queries
from center.troupes.members.actions import end_office, when_left
from center.troupes.models.troupes import MemberEvent, MemberState, TroupeOffice


def ahead(person: Person, _now: datetime) -> Iterable[tuple[Any, int]]:
    """What ends."""
    yield _l("Troupes they belong to"), len(queries.memberships_of(person.id))


def leave_all(person: Person, by: Person, now: datetime) -> None:
    """They belong to no troupe any more; a troupe that they led has no leader until another is named."""
    for member in queries.memberships_of(person.id):
        lock(member)
        live = select(TroupeOffice).where(TroupeOffice.member_id == member.id, TroupeOffice.ends_on.is_(None))
        for office in db.session.scalars(live).all():
            end_office(office, today=local_date(now))
        said = {"was": member.state, "became": MemberState.LEFT, "on_date": local_date(now)}
        db.session.add(MemberEvent(member_id=member.id, by_id=by.id, at=now, **said))
        db.session.flush()
        db.session.refresh(member)
        for each in when_left:
            each(member, by, now)


erasing.ahead.append(ahead)
erasing.ends.append(leave_all)
