"""A picture that somebody sent: what is plainly none is refused at once, the rest is read and drawn anew apart."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from center.activities.photos.picture_file import LARGE, LEAST_SIDE, MOST_RATIO, SMALL
from center.kernel import file_sorts
from center.kernel.apart import ReaderEndedError, read_apart
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l

__all__ = ["LARGE", "SMALL"]

READER = Path(__file__).with_name("picture_file.py")
MOST_BYTES = 24 * 1024 * 1024
KINDS = {file_sorts.JPEG: "JPEG", file_sorts.PNG: "PNG", file_sorts.WEBP: "WEBP"}

NO_PICTURE = _l("This is no JPEG, PNG or WebP picture. Please choose a photo, or save it as JPEG first.")
TOO_MUCH = _l("This picture takes too long to be read here. Please save it smaller, as JPEG.")
TOO_MANY_BYTES = _l("This file is larger than %(most)s MB. Please save the photo smaller.", most=MOST_BYTES // 1024**2)
REFUSED: Mapping[str, object] = {
    "no_picture": NO_PICTURE,
    "broken": _l("This picture is damaged or not whole. Please choose another one, or save it anew."),
    "moving": _l("This picture moves. Please choose one that stands still."),
    "pixels": _l("This picture has too many points to be read here. Please save it smaller."),
    "scans": TOO_MUCH,
    "small": _l(
        "This picture is smaller than %(least)s points on a side. Please choose a larger one.", least=LEAST_SIDE
    ),
    "long": _l(
        "The longer side of this picture is more than %(ratio)s times the shorter one. Please cut it.", ratio=MOST_RATIO
    ),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as the site keeps it: two JPEG files, and the size of the larger one."""

    large: bytes
    small: bytes
    width: int
    height: int


def draw(sent: bytes) -> Picture:
    """The picture in a file that was sent; raises RuleBroken on `photo` with what to do about it."""
    kind = kind_of(sent)
    try:
        head, _line, files = read_apart(READER, kind, content=sent).partition(b"\n")
        facts: dict[str, Any] = json.loads(head)
    except (ReaderEndedError, ValueError) as error:
        raise RuleBroken(TOO_MUCH, field="photo") from error
    if "refused" in facts:
        raise refusal(facts["refused"])
    large = int(facts["large"])
    return Picture(files[:large], files[large:], facts["width"], facts["height"])


def kind_of(sent: bytes) -> str:
    """What kind of picture the file begins like; its name and type are not believed. Raises RuleBroken."""
    if not sent:
        raise RuleBroken(_l("Please choose a photo."), field="photo")
    if len(sent) > MOST_BYTES:
        raise RuleBroken(TOO_MANY_BYTES, field="photo")
    sort = file_sorts.sort_of(sent)
    if sort not in KINDS:
        raise refusal("no_picture")
    return KINDS[sort]


def refusal(code: str) -> RuleBroken:
    """What is said of a picture that the reader refused."""
    return RuleBroken(REFUSED[code], field="photo")
