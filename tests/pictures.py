"""Pictures that somebody might send: sound ones, and ones that are not what they say."""

import io
import re
import struct
import zlib

from PIL import Image, ImageCms

ORIENTATION = 0x0112
RED, BLUE = (200, 30, 30), (20, 40, 200)


def picture(width: int = 900, height: int = 600, *, kind: str = "JPEG", mode: str = "RGB", **more: object) -> bytes:
    """The left half red, the right half blue."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return written(image.convert(mode), kind, **more)


def written(image: Image.Image, kind: str, **more: object) -> bytes:
    """An image as a file."""
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def with_a_secret(orientation: int = 1) -> bytes:
    """A JPEG that says how the telephone was held, whose it is and where it was."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825)[2] = (30.5, 0.0, 0.0)
    return picture(exif=exif)


def red_for_green() -> bytes:
    """A colour profile in which red and green have changed places."""
    names = {b"rXYZ": b"gXYZ", b"gXYZ": b"rXYZ"}
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return re.sub(rb"[rg]XYZ", lambda name: names[name[0]], plain)


def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A small PNG that says it is as large as a house."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", head)
        + png_chunk(b"IDAT", zlib.compress(b"\x00" * 3000))
        + png_chunk(b"IEND")
    )


def text_bomb() -> bytes:
    """A PNG whose comment would fill the memory."""
    sound = picture(kind="PNG")
    comment = png_chunk(b"zTXt", b"k\x00\x00" + zlib.compress(b"x" * 3_000_000))
    return sound[:33] + comment + sound[33:]


def moving(kind: str) -> bytes:
    """Pictures that follow one another."""
    frames = [Image.new("RGB", (300, 300), colour) for colour in (RED, BLUE)]
    return written(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


def png_chunk(name: bytes, data: bytes = b"") -> bytes:
    """One part of a PNG file."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
