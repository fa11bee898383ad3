"""When somebody is erased: their places ahead go to who waits."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from center.kernel.db import db
from center.kernel.i18n import lazy_gettext as _l
from center.people.erasing import actions as erasing
from center.people.models import Person
from center.signups import messages, roster_state
from center.signups.cancelling import cancel
from center.signups.models import LIVE, Channel, SignUp


def ahead(person: Person, now: datetime) -> Iterable[tuple[Any, int]]:
    """What is cancelled."""
    yield _l("Sign-ups still to come"), len([each for each in _live(person) if _is_ahead(each, now)])


def end_what_is_ahead(person: Person, by: Person, now: datetime) -> None:
    """They come to nothing any more, and wait for nothing."""
    for sign_up in _live(person):
        if _is_ahead(sign_up, now):
            cancel(sign_up, by=by, now=now, as_staff=True, channel=Channel.DESK)


def names(ids: Collection[int]) -> Iterable[str]:
    """How the outbox names their sign-ups."""
    yield from map(messages.about, db.session.scalars(select(SignUp).where(SignUp.person_id.in_(ids))))


def _live(person: Person) -> Sequence[SignUp]:
    query = select(SignUp).where(SignUp.person_id == person.id, SignUp.state.in_(LIVE))
    return db.session.scalars(query.order_by(SignUp.roster_id, SignUp.id)).all()


def _is_ahead(sign_up: SignUp, now: datetime) -> bool:
    ends_at = roster_state.read(sign_up.roster).ends_at
    return ends_at is None or ends_at > now


erasing.ahead.append(ahead)
erasing.ends.append(end_what_is_ahead)
erasing.names.append(names)
