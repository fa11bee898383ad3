"""Reads a picture that somebody sent, and draws it anew. Runs in a process of its own, with limits (see `apart`).

Nothing of the file itself is kept: neither where it was taken, nor what stands behind the picture's end. What the head
of the file says is looked at before anything is decoded.
"""

import io
import json
import struct
import sys
import warnings
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

# A JPEG is read at a part of its size; a WebP takes four times its points while it is read.
MOST_PIXELS = {"JPEG": 56_000_000, "PNG": 24_000_000, "WEBP": 9_000_000}
MOST_SIDE, MOST_RATIO, LEAST_SIDE = 16_384, 10, 200
MOST_SCANS = 60  # of all pictures in a JPEG file; a progressive one has about ten
MOST_SEGMENTS = 1000  # before the first scan
MOST_COEFFICIENTS = 130 * 2**20  # bytes that a JPEG needs which is not read row by row
MOST_POINTS_OF_SIXTEEN_BITS = 12_000_000
LARGE, SMALL = (1600, 1600), (640, 640)
QUALITY = 82
WHITE = (255, 255, 255)
SRGB = ImageCms.createProfile("sRGB")
WITHOUT_LENGTH = {0x01, *range(0xD0, 0xDA)}
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
ROW_BY_ROW = {0xC0, 0xC1}
SCAN = 0xDA


class Unreadable(Exception):
    """The file is refused; says why in one word, such as "pixels"."""


@dataclass(frozen=True, slots=True)
class Jpegs:
    """Two JPEG files, and the size of the larger one."""

    large: bytes
    small: bytes
    width: int
    height: int


def read(sent: bytes, kind: str) -> Jpegs:
    """The picture in a file that begins like one of this kind. Raises Unreadable."""
    if kind == "JPEG":
        _check_scans(sent)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # our own limits are lower than those it warns of
            return _drawn(sent, kind)
    except UnidentifiedImageError:
        raise Unreadable("no_picture") from None
    except (Image.DecompressionBombError, MemoryError):
        raise Unreadable("pixels") from None
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, struct.error):
        raise Unreadable("broken") from None  # whatever else a decoder stumbles over


def _drawn(sent: bytes, kind: str) -> Jpegs:
    with Image.open(io.BytesIO(sent), formats=[kind]) as opened:
        _check_size(opened, kind)
        if kind != "JPEG" and getattr(opened, "n_frames", 1) > 1:  # a JPEG's further pictures are its depth, or smaller
            raise Unreadable("moving")
        if kind == "JPEG":
            opened.draft("RGB", _fitted(opened.size))  # a large photo is decoded at a half or a quarter of its size
        opened.load()
        upright = _eight_bits(opened)
    upright.thumbnail(LARGE, Image.Resampling.LANCZOS)
    ImageOps.exif_transpose(upright, in_place=True)
    upright = _on_white(_in_srgb(upright))
    little = upright.copy()
    little.thumbnail(SMALL, Image.Resampling.LANCZOS)
    return Jpegs(_jpeg(upright), _jpeg(little), *upright.size)


def _check_scans(sent: bytes) -> None:
    """A progressive JPEG may send the same points thousands of times over."""
    if sent.count(bytes((0xFF, SCAN))) > MOST_SCANS:
        raise Unreadable("scans")
    width, height, factors, is_by_row = _head_of_jpeg(sent)
    most = max((across * down for across, down in factors), default=1)
    needed = 2 * width * height * sum(across * down for across, down in factors) // most
    if not is_by_row and needed > MOST_COEFFICIENTS:
        raise Unreadable("pixels")


def _head_of_jpeg(sent: bytes) -> tuple[int, int, list[tuple[int, int]], bool]:
    """Width, height, how often each colour is sampled, and whether it can be read row by row (ITU T.81, annex B)."""
    width = height = at = 0
    factors: list[tuple[int, int]] = []
    is_by_row, at = True, 2
    for _segment in range(MOST_SEGMENTS):
        if at + 4 > len(sent) or sent[at] != 0xFF:  # the decoder says what is wrong
            return width, height, factors, is_by_row
        marker = sent[at + 1]
        if marker == 0xFF or marker in WITHOUT_LENGTH:
            at += 1 if marker == 0xFF else 2
            continue
        body = sent[at + 4 : at + 2 + int.from_bytes(sent[at + 2 : at + 4])]
        if marker in FRAMES and len(body) >= 6:
            height, width = struct.unpack(">HH", body[1:5])
            factors = [(each >> 4 or 1, each & 15 or 1) for each in body[7::3][: body[5]]]
            is_by_row = marker in ROW_BY_ROW
        if marker == SCAN:
            return width, height, factors, is_by_row and body[:1] == bytes((len(factors),))
        at += 4 + len(body)
    raise Unreadable("scans")


def _check_size(opened: Image.Image, kind: str) -> None:
    """What the file's head says of its size, before anything of the picture is decoded."""
    width, height = opened.size
    if width * height > MOST_PIXELS[kind] or max(width, height) > MOST_SIDE:
        raise Unreadable("pixels")
    if opened.mode.startswith("I") and width * height > MOST_POINTS_OF_SIXTEEN_BITS:
        raise Unreadable("pixels")
    if min(width, height) < LEAST_SIDE:
        raise Unreadable("small")
    if max(width, height) > MOST_RATIO * min(width, height):
        raise Unreadable("long")


def _fitted(size: tuple[int, int]) -> tuple[int, int]:
    """The size in which it will be kept: a long and low picture would else be decoded whole for its short side."""
    share = min(1.0, LARGE[0] / max(size))
    return max(1, int(size[0] * share)), max(1, int(size[1] * share))


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


if __name__ == "__main__":
    try:
        found = read(sys.stdin.buffer.read(), sys.argv[1])
    except Unreadable as refused:
        sys.stdout.write(json.dumps({"refused": refused.args[0]}))
    else:
        head = {"width": found.width, "height": found.height, "large": len(found.large)}
        sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + found.large + found.small)
