"""Photographs of sessions, kept as evidence. Never commits."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, undefer

from center.activities.models import Activity, Session
from center.activities.photos.images import Picture, draw
from center.incubator.evidence.rules import MOST_PICTURES
from center.incubator.models.evidence import EvidencePicture
from center.kernel.db import db, lock, must_find
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person

NONE = _l("There is no such photo (any more).")


def draw_all(sent: Sequence[bytes]) -> list[Picture]:
    """The pictures in these files; raises RuleBroken on "photos" over the first that is none, which it names."""
    drawn = []
    for number, each in enumerate(sent, start=1):
        try:
            drawn.append(draw(each))
        except RuleBroken as refused:
            words = _l("Photo %(number)s: %(why)s", number=number, why=refused.message)
            raise RuleBroken(words, field="photos") from refused
    return drawn


def add(session: Session, picture: Picture, *, caption: str = "", by: Person, now: datetime) -> EvidencePicture:
    """Keep a photograph of a session; the same twice is once. Raises RuleBroken before it begins, or beyond 60."""
    lock(session)
    if now < session.starts_at:
        raise RuleBroken(_l("It has not begun yet."), field="photos")
    digest = hashlib.sha256(picture.large).hexdigest()
    of = EvidencePicture
    known = db.session.scalar(select(of).where(of.session_id == session.id, of.digest == digest))
    if known is not None:
        return known
    if count_of([session.id]).get(session.id, 0) >= MOST_PICTURES:
        raise RuleBroken(_l("At most %(most)s photos of a session.", most=MOST_PICTURES), field="photos")
    made = of(
        session_id=session.id,
        name=secrets.token_hex(16),
        caption=caption[:200],
        width=picture.width,
        height=picture.height,
        size=len(picture.large),
        digest=digest,
        picture=picture.large,
        added_by_id=by.id,
        added_at=now,
    )
    db.session.add(made)
    db.session.flush()
    return made


def remove(picture: EvidencePicture) -> None:
    """Take a photograph away for good: nobody in it need say why."""
    db.session.delete(picture)
    db.session.flush()


def of_session(session: Session) -> Sequence[EvidencePicture]:
    """The photographs of a session without their bytes, the first first."""
    return _pictures(EvidencePicture.session_id == session.id)


def of_sessions(session_ids: Sequence[int]) -> Sequence[EvidencePicture]:
    """The same of several sessions, by session."""
    return _pictures(EvidencePicture.session_id.in_(session_ids))


def count_of(session_ids: Sequence[int]) -> dict[int, int]:
    """How many there are of each of these sessions."""
    of = EvidencePicture
    query = select(of.session_id, func.count()).where(of.session_id.in_(session_ids)).group_by(of.session_id)
    return {row[0]: row[1] for row in db.session.execute(query)}


def get(organisation_id: int, name: str, *, whole: bool = False) -> EvidencePicture:
    """A photograph of a session of this organisation; raises NotFound."""
    query = (
        select(EvidencePicture)
        .join(EvidencePicture.session)
        .join(Session.activity)
        .where(EvidencePicture.name == name, Activity.organisation_id == organisation_id)
        .options(joinedload(EvidencePicture.session).joinedload(Session.activity))
    )
    if whole:
        query = query.options(undefer(EvidencePicture.picture))
    return must_find(db.session.scalar(query), NONE)


def _pictures(which: ColumnElement[bool]) -> Sequence[EvidencePicture]:
    query = select(EvidencePicture).where(which).order_by(EvidencePicture.session_id, EvidencePicture.id)
    return db.session.scalars(query).all()
