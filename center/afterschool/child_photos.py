"""The photo of a child by which staff recognise it: only while a guardian agrees, encrypted. Never commits."""

from base64 import b64decode, b64encode
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import undefer

from center.activities.photos.images import Picture
from center.afterschool import consents
from center.afterschool.guardian_rights import Deed, authorise_guardian
from center.afterschool.models.consents import ChildPhoto, Purpose
from center.kernel.db import db, lock
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.unreadable import text_of
from center.people.models import Person


def put(child: Person, picture: Picture, *, guardian: Person, now: datetime) -> ChildPhoto:
    """Keep a photo instead of what was kept before; raises RuleBroken while no guardian has agreed to one."""
    authorise_guardian(child, guardian, now, to=Deed.PHOTO)
    lock(child)
    consent = consents.live_of(child).get(Purpose.PHOTOS)
    if consent is None or not consent.is_given:
        raise RuleBroken(_l("Please agree first that the centre keeps a photo of the child."), field="photo")
    remove(child, guardian=guardian, now=now)
    plain = b64encode(picture.small).decode()
    made = ChildPhoto(child_id=child.id, consent_id=consent.id, picture=plain, by_id=guardian.id, at=now)
    db.session.add(made)
    db.session.flush()
    return made


def remove(child: Person, *, guardian: Person, now: datetime) -> None:
    """Delete the photo; where there is none, nothing happens."""
    authorise_guardian(child, guardian, now, to=Deed.PHOTO)
    if (photo := find(child)) is not None:
        db.session.delete(photo)
        db.session.flush()


def find(child: Person) -> ChildPhoto | None:
    """The photo of a child, without its bytes."""
    return db.session.scalar(select(ChildPhoto).where(ChildPhoto.child_id == child.id))


def find_jpeg(child: Person) -> bytes | None:
    """The picture itself; raises CannotBeRead where the key is missing."""
    query = select(ChildPhoto).where(ChildPhoto.child_id == child.id).options(undefer(ChildPhoto.picture))
    photo = db.session.scalar(query)
    return b64decode(text_of(photo.picture)) if photo is not None else None
