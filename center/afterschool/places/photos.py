"""Photos by which staff recognise a child, or whoever collects it: kept encrypted, one of each. Never commits."""

from base64 import b64decode, b64encode
from typing import TypeVar

from sqlalchemy import delete, select
from sqlalchemy.orm import undefer

from center.activities.photos.images import Picture
from center.afterschool.models.collector_photos import CollectorPhoto
from center.afterschool.models.consents import ChildPhoto
from center.kernel.db import change_rows, db
from center.kernel.unreadable import CannotBeRead, text_of

Kept = TypeVar("Kept", ChildPhoto, CollectorPhoto)


def put(made: Kept, picture: Picture, **whose: int) -> Kept:
    """Keep a photo instead of what was kept before."""
    remove(type(made), **whose)
    made.picture = b64encode(picture.small).decode()
    db.session.add(made)
    db.session.flush()
    return made


def remove(kept: type[Kept], **whose: int) -> None:
    """Delete the photo; where there is none, nothing happens."""
    change_rows(delete(kept).filter_by(**whose))


def is_kept(kept: type[Kept], picture: Picture, **whose: int) -> bool:
    """Whether this very picture is what is kept; one that cannot be read is another."""
    try:
        return find_jpeg(kept, **whose) == picture.small
    except CannotBeRead:
        return False


def find(kept: type[Kept], **whose: int) -> Kept | None:
    """The photo, without its bytes."""
    return db.session.scalar(select(kept).filter_by(**whose))


def find_jpeg(kept: type[Kept], **whose: int) -> bytes | None:
    """The picture itself; raises CannotBeRead where the key is missing."""
    photo = db.session.scalar(select(kept).filter_by(**whose).options(undefer(kept.picture)))
    return b64decode(text_of(photo.picture)) if photo is not None else None
