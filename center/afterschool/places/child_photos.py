"""The photo of a child by which staff recognise it: only while a guardian agrees, encrypted. Never commits.

A guardian sends it with their account, or hands it in at the desk, where staff (`by`) write that down. The others hear
of it, so that none is put in place of another unseen.
"""

from datetime import datetime

from center.activities.photos.images import Picture
from center.afterschool.models.consents import ChildPhoto, Purpose
from center.afterschool.places import consents, enrol_messages, photos
from center.afterschool.rights.guardian_rights import Deed, authorise_guardian
from center.kernel.db import lock
from center.kernel.errors import RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person


def put(child: Person, picture: Picture, *, guardian: Person, now: datetime, by: Person | None = None) -> bool:
    """Keep a photo instead of what was kept before; the very same once more is once. Returns whether it is another.

    Raises RuleBroken while no guardian has agreed to one.
    """
    authorise_guardian(child, guardian, now, to=Deed.PHOTO)
    lock(child)
    consent = consents.live_of(child).get(Purpose.PHOTOS)
    if consent is None or not consent.is_given:
        raise RuleBroken(_l("Please agree first that the centre keeps a photo of the child."), field="photo")
    if photos.is_kept(ChildPhoto, picture, child_id=child.id):
        return False
    hand = by or guardian
    photos.put(ChildPhoto(child_id=child.id, consent_id=consent.id, by_id=hand.id, at=now), picture, child_id=child.id)
    what = lambda: _("a photo of the child was added")  # noqa: E731
    enrol_messages.tell_changed(child, what, by=hand, guardian=guardian, now=now)
    return True


def remove(child: Person, *, guardian: Person, now: datetime, by: Person | None = None) -> bool:
    """Delete the photo; returns whether there was one."""
    authorise_guardian(child, guardian, now, to=Deed.PHOTO)
    lock(child)
    if find(child) is None:
        return False
    photos.remove(ChildPhoto, child_id=child.id)
    what = lambda: _("the photo of the child was deleted")  # noqa: E731
    enrol_messages.tell_changed(child, what, by=by or guardian, guardian=guardian, now=now)
    return True


def find(child: Person) -> ChildPhoto | None:
    """The photo of a child, without its bytes."""
    return photos.find(ChildPhoto, child_id=child.id)


def find_jpeg(child: Person) -> bytes | None:
    """The picture itself; raises CannotBeRead where the key is missing."""
    return photos.find_jpeg(ChildPhoto, child_id=child.id)
