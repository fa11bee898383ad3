"""What happens to cover photos. Each function is called inside one `transaction()` and never commits."""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import undefer

from center.activities.history import Change, note
from center.activities.models import Activity, ActivityChange
from center.activities.photos.images import Picture
from center.activities.photos.models import ActivityPhoto
from center.kernel.db import db, lock, must_find
from center.kernel.errors import NotFound, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person

SIZES = ("large", "small")


@dataclass(frozen=True, kw_only=True)
class PhotoFacts:
    """What is known of a photo beside its picture: what it shows, and who added it."""

    alt: str
    alt_en: str
    added_by_id: int
    added_at: datetime


NONE_LIKE_IT = _l("There is no such photo (any more).")


def put(activity: Activity, picture: Picture, *, alt: str, alt_en: str = "", by: Person, now: datetime) -> None:
    """Let an activity have this cover photo in place of the one before; the same once more changes nothing."""
    lock(activity)
    known = find_photo(activity.id)
    if known is not None and (known.large, known.alt, known.alt_en) == (picture.large, alt, alt_en):
        return
    _remove(activity)
    db.session.add(new_photo(activity, picture, alt=alt, alt_en=alt_en, added_by_id=by.id, added_at=now))
    _note(activity, by=by, now=now)


def put_back(
    activity: Activity, picture: Picture | None, facts: PhotoFacts | None, *, by: Person, now: datetime
) -> None:
    """Let an activity have the photo again that it had before another was accepted, or none; that one is gone."""
    lock(activity)
    _remove(activity)
    if picture is not None and facts is not None:
        db.session.add(new_photo(activity, picture, **asdict(facts)))
    _note(activity, by=by, now=now)


def copy_to(activity: Activity, model: Activity, *, by: Person, now: datetime) -> None:
    """Let an activity have the cover photo of another one, in the same words; nothing where that has none."""
    known = find_whole_photo(model.id)
    if known is not None:
        put(activity, picture_of(known), alt=known.alt, alt_en=known.alt_en, by=by, now=now)


def describe(activity: Activity, *, alt: str, alt_en: str, by: Person, now: datetime) -> None:
    """Say anew what the photo shows; raises RuleBroken where there is none."""
    lock(activity)
    photo = find_photo(activity.id)
    if photo is None:
        raise RuleBroken(_l("Please choose a photo."), field="photo")
    if (photo.alt, photo.alt_en) != (alt, alt_en):
        photo.alt, photo.alt_en = alt, alt_en
        _note(activity, by=by, now=now)


def remove(activity: Activity, *, by: Person, now: datetime) -> None:
    """Take the photo away; nobody can fetch it any more. Twice is once."""
    lock(activity)
    if find_photo(activity.id) is not None:
        _remove(activity)
        _note(activity, by=by, now=now)


def find_photo(activity_id: int) -> ActivityPhoto | None:
    """The cover photo of an activity, without its bytes."""
    return db.session.scalar(select(ActivityPhoto).where(ActivityPhoto.activity_id == activity_id))


def find_whole_photo(activity_id: int) -> ActivityPhoto | None:
    """The same with its bytes."""
    query = select(ActivityPhoto).where(ActivityPhoto.activity_id == activity_id)
    return db.session.scalar(query.options(undefer(ActivityPhoto.large), undefer(ActivityPhoto.small)))


def picture_of(photo: ActivityPhoto) -> Picture:
    """Its picture alone."""
    return Picture(photo.large, photo.small, photo.width, photo.height)


def get_photo(name: str, size: str) -> ActivityPhoto:
    """The photo of this name, with the bytes of one size; raises NotFound."""
    if size not in SIZES:
        raise NotFound(NONE_LIKE_IT)
    query = select(ActivityPhoto).where(ActivityPhoto.name == name)
    return must_find(db.session.scalar(query.options(undefer(getattr(ActivityPhoto, size)))), NONE_LIKE_IT)


def new_photo(activity: Activity, picture: Picture, **facts: Any) -> ActivityPhoto:
    """A cover photo, under a name that none had before: its address is gone for good with it, even if it comes back."""
    name = f"{activity.id}-{secrets.token_hex(16)}"[:32]
    return ActivityPhoto(activity_id=activity.id, name=name, **asdict(picture), **facts)


def _remove(activity: Activity) -> None:
    gone = delete(ActivityPhoto).where(ActivityPhoto.activity_id == activity.id)
    db.session.execute(gone.execution_options(synchronize_session="fetch"))


def _note(activity: Activity, *, by: Person, now: datetime) -> None:
    activity.changed_at = now
    db.session.flush()
    note(Change(activity=activity, what=ActivityChange.EDITED, by=by, now=now))
