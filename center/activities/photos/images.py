"""Reading a picture that somebody sent: refused before it is decoded where it cannot be right, then drawn anew. Pure.

Nothing of the file itself is kept: neither where it was taken, nor what stands behind the picture's end.
"""

import hashlib
import io
import struct
import warnings
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from center.errors import RuleBroken
from center.i18n import lazy_gettext as _l

MOST_BYTES = 24 * 1024 * 1024
MOST_PIXELS = {"JPEG": 56_000_000, "PNG": 24_000_000, "WEBP": 24_000_000}  # a JPEG is read at a part of its size
LEAST_SIDE = 200
LARGE, SMALL = (1600, 1600), (640, 640)
QUALITY = 82
STARTS = {"JPEG": (b"\xff\xd8\xff",), "PNG": (b"\x89PNG\r\n\x1a\n",), "WEBP": (b"RIFF",)}
WHITE = (255, 255, 255)
SRGB = ImageCms.createProfile("sRGB")

NO_PICTURE = _l("This is no JPEG, PNG or WebP picture. Please choose a photo, or save it as JPEG first.")
BROKEN = _l("This picture is damaged or not whole. Please choose another one, or save it anew.")
MOVING = _l("This picture moves. Please choose one that stands still.")
TOO_MANY_BYTES = _l("This file is larger than %(most)s MB. Please save the photo smaller.", most=MOST_BYTES // 1024**2)
TOO_MANY_PIXELS = _l("This picture has too many points to be read here. Please save it smaller.")
TOO_SMALL = _l("This picture is smaller than %(least)s points on a side. Please choose a larger one.", least=LEAST_SIDE)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as the site keeps it: two JPEG files, and the size of the larger one."""

    large: bytes
    small: bytes
    width: int
    height: int

    @property
    def name(self) -> str:
        """A name that only this picture has."""
        return hashlib.sha256(self.large).hexdigest()[:32]


def draw(sent: bytes) -> Picture:
    """The picture in a file that was sent; raises RuleBroken on `photo` with what to do about it."""
    if not sent:
        raise _refusal(_l("Please choose a photo."))
    if len(sent) > MOST_BYTES:
        raise _refusal(TOO_MANY_BYTES)
    kind = next((kind for kind, starts in STARTS.items() if sent.startswith(starts)), None)
    if kind is None or (kind == "WEBP" and sent[8:12] != b"WEBP"):
        raise _refusal(NO_PICTURE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # our own limits are lower than those it warns of
            return _drawn(sent, kind)
    except RuleBroken:
        raise
    except UnidentifiedImageError:
        raise _refusal(NO_PICTURE) from None
    except Image.DecompressionBombError:
        raise _refusal(TOO_MANY_PIXELS) from None
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, struct.error, MemoryError):
        raise _refusal(BROKEN) from None  # whatever else a decoder stumbles over


def _drawn(sent: bytes, kind: str) -> Picture:
    with Image.open(io.BytesIO(sent), formats=[kind]) as opened:
        _check_size(opened.size, kind)
        if kind != "JPEG" and getattr(opened, "n_frames", 1) > 1:  # a JPEG's further pictures are its depth, or smaller
            raise _refusal(MOVING)
        if kind == "JPEG":
            opened.draft("RGB", LARGE)  # a large photo is decoded at a half or a quarter of its size
        opened.load()
        upright = _eight_bits(ImageOps.exif_transpose(opened))
    upright.thumbnail(LARGE, Image.Resampling.LANCZOS)
    upright = _on_white(_in_srgb(upright))
    little = upright.copy()
    little.thumbnail(SMALL, Image.Resampling.LANCZOS)
    return Picture(_jpeg(upright), _jpeg(little), *upright.size)


def _check_size(size: tuple[int, int], kind: str) -> None:
    """What the file's head says of its size, before anything of the picture is decoded."""
    width, height = size
    if width * height > MOST_PIXELS[kind]:
        raise _refusal(TOO_MANY_PIXELS)
    if min(size) < LEAST_SIDE:
        raise _refusal(TOO_SMALL)


def _eight_bits(image: Image.Image) -> Image.Image:
    """The picture in a mode that can be made smaller; what has sixteen bits a point would else turn white."""
    if image.mode.startswith("I"):
        grey = image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
        grey.info = image.info
        return grey
    if image.mode in {"1", "P", "PA"}:
        return image.convert("RGBA" if "transparency" in image.info or image.mode == "PA" else "RGB")
    return image


def _in_srgb(image: Image.Image) -> Image.Image:
    """The colours as they were meant: the profile is applied, since what is kept has none. A broken one is nothing."""
    profile = image.info.get("icc_profile")
    plain = {"RGBA": "RGB", "LA": "L"}.get(image.mode, image.mode)
    if not profile or plain not in {"RGB", "CMYK", "L"}:
        return image
    try:
        meant = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        seen = ImageCms.profileToProfile(image.convert(plain), meant, SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    if seen is not None and image.mode != plain:
        seen.putalpha(image.getchannel("A"))
    return seen or image


def _on_white(image: Image.Image) -> Image.Image:
    """The bare points in three colours; what can be seen through is white."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        seen = image.convert("RGBA")
        ground = Image.new("RGB", seen.size, WHITE)
        ground.paste(seen, mask=seen.getchannel("A"))
        return ground
    plain = Image.new("RGB", image.size, WHITE)
    plain.paste(image.convert("RGB"))
    return plain


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()


def _refusal(words: object) -> RuleBroken:
    return RuleBroken(words, field="photo")
