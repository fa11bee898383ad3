"""Photos of sheets that people signed, kept with their register as evidence. Never commits.

A photo that is taken away leaves a record: when it was added and removed, by whom and why, and the digest of what it
was; the picture itself is gone.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, undefer

from center.activities.models import Session
from center.activities.photos.images import Picture
from center.attendance import recording
from center.attendance.models.paper import SheetPhoto
from center.attendance.queries import find_register
from center.kernel.db import db, lock, must_find
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person

MOST = 12  # sheets of one session
NONE = _l("There is no such photo (any more).")


def add(session: Session, picture: Picture, *, by: Person, now: datetime) -> SheetPhoto:
    """Keep a photo of a signed sheet; the same picture twice is once. A closed register takes one, too."""
    lock(session)
    register = find_register(session.id)
    if register is None or not register.is_taken:
        recording.hold(session, by=by, now=now)
    digest = hashlib.sha256(picture.large).hexdigest()
    kept = [each for each in photos_of(session) if each.removed_at is None]
    if known := next((each for each in kept if each.digest == digest), None):
        return known
    if len(kept) >= MOST:
        raise RuleBroken(_l("There are %(most)s photos already. Please remove one first.", most=MOST), field="photo")
    photo = SheetPhoto(
        session_id=session.id,
        name=secrets.token_hex(16),
        width=picture.width,
        height=picture.height,
        digest=digest,
        picture=picture.large,
        added_by_id=by.id,
        added_at=now,
    )
    db.session.add(photo)
    db.session.flush()
    return photo


def remove(photo: SheetPhoto, *, reason: str, by: Person, now: datetime) -> None:
    """Take a photo away, with a reason; the record of it stays. Twice is once."""
    lock(photo)
    if photo.removed_at is not None:
        return
    if not reason.strip():
        raise RuleBroken(_l("Please write down why."), field="reason")
    photo.removed_at, photo.removed_by_id, photo.removed_reason = now, by.id, reason.strip()[:200]
    photo.picture = b""
    db.session.flush()


def photos_of(session: Session) -> Sequence[SheetPhoto]:
    """The photos of a session, without their bytes, the first first; those that were removed as well."""
    query = select(SheetPhoto).where(SheetPhoto.session_id == session.id).options(joinedload(SheetPhoto.added_by))
    return db.session.scalars(query.order_by(SheetPhoto.id)).all()


def get_photo(session: Session, name: str) -> SheetPhoto:
    """A photo of this session that was not removed, with its bytes; raises NotFound."""
    query = select(SheetPhoto).where(
        SheetPhoto.session_id == session.id, SheetPhoto.name == name, SheetPhoto.removed_at.is_(None)
    )
    return must_find(db.session.scalar(query.options(undefer(SheetPhoto.picture))), NONE)
