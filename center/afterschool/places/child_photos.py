"""The photo of a child by which staff recognise it: only while a guardian agrees, encrypted. Never commits."""

from datetime import datetime

from center.activities.photos.images import Picture
from center.afterschool.models.consents import ChildPhoto, Purpose
from center.afterschool.places import consents, photos
from center.afterschool.rights.guardian_rights import Deed, authorise_guardian
from center.kernel.db import lock
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person


def put(child: Person, picture: Picture, *, guardian: Person, now: datetime) -> ChildPhoto:
    """Keep a photo instead of what was kept before; raises RuleBroken while no guardian has agreed to one."""
    authorise_guardian(child, guardian, now, to=Deed.PHOTO)
    lock(child)
    consent = consents.live_of(child).get(Purpose.PHOTOS)
    if consent is None or not consent.is_given:
        raise RuleBroken(_l("Please agree first that the centre keeps a photo of the child."), field="photo")
    made = ChildPhoto(child_id=child.id, consent_id=consent.id, by_id=guardian.id, at=now)
    return photos.put(made, picture, child_id=child.id)


def remove(child: Person, *, guardian: Person, now: datetime) -> None:
    """Delete the photo; where there is none, nothing happens."""
    authorise_guardian(child, guardian, now, to=Deed.PHOTO)
    photos.remove(ChildPhoto, child_id=child.id)


def find(child: Person) -> ChildPhoto | None:
    """The photo of a child, without its bytes."""
    return photos.find(ChildPhoto, child_id=child.id)


def find_jpeg(child: Person) -> bytes | None:
    """The picture itself; raises CannotBeRead where the key is missing."""
    return photos.find_jpeg(ChildPhoto, child_id=child.id)
