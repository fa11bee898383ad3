"""What becomes of a picture that somebody sends: drawn anew without its secrets, or refused with what to do."""

import io
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from center.activities.photos import images, picture_file
from center.activities.photos.images import LARGE, MOST_BYTES, SMALL
from center.activities.photos.picture_file import Jpegs
from center.kernel.errors import RuleBroken
from tests.engines import ONE_ENGINE
from tests.pictures import BLUE, RED, bomb, moving, picture, red_for_green, text_bomb, with_a_secret, written

pytestmark = ONE_ENGINE
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
SCRIPT = b"<script>alert(1)</script>"


def draw(sent: bytes) -> Jpegs:
    """What the reader makes of a file, without a process of its own for each."""
    kind = images.kind_of(sent)
    try:
        return picture_file.read(sent, kind)
    except picture_file.Unreadable as refused:
        raise images.refusal(refused.args[0]) from refused


def opened(file: bytes) -> Any:
    image = Image.open(io.BytesIO(file))
    image.load()
    return image


def is_like(seen: Any, colour: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 30 for a, b in zip(seen, colour, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_as_jpeg_in_two_sizes(kind: str) -> None:
    kept = draw(picture(3000, 2000, kind=kind))
    large, small = opened(kept.large), opened(kept.small)
    assert (large.format, small.format) == ("JPEG", "JPEG")
    assert large.size == (kept.width, kept.height) == (LARGE[0], 1067)
    assert small.size == (SMALL[0], 427)
    assert is_like(large.getpixel((10, 10)), RED)
    assert is_like(large.getpixel((1500, 10)), BLUE)


@pytest.mark.parametrize("mode", ["L", "CMYK", "RGBA", "P", "LA"])
def test_a_picture_in_any_kind_of_colour_is_kept(mode: str) -> None:
    kind = "JPEG" if mode in {"L", "CMYK"} else "PNG"
    assert opened(draw(picture(mode=mode, kind=kind)).large).mode == "RGB"


def test_a_grey_of_sixteen_bits_stays_grey() -> None:
    grey = Image.new("I;16", (300, 300), 20_000)
    seen = opened(draw(written(grey, "PNG")).large).getpixel((150, 150))
    assert is_like(seen, (78, 78, 78))


@pytest.mark.parametrize(("mode", "kind"), [("RGB", "JPEG"), ("RGBA", "PNG")])
def test_colours_are_those_that_the_profile_means(mode: str, kind: str) -> None:
    image = Image.new("RGB", (300, 300), (200, 90, 60)).convert(mode)
    seen = opened(draw(written(image, kind, icc_profile=red_for_green())).large)
    assert is_like(seen.getpixel((150, 150)), (90, 200, 60))
    assert "icc_profile" not in seen.info


def test_a_broken_profile_is_passed_over() -> None:
    image = Image.new("RGB", (300, 300), (200, 90, 60))
    seen = opened(draw(written(image, "JPEG", icc_profile=b"no profile")).large)
    assert is_like(seen.getpixel((150, 150)), (200, 90, 60))


def test_a_telephones_photo_of_fifty_million_points_is_kept() -> None:
    kept = draw(written(Image.new("RGB", (8192, 6144), RED), "JPEG", quality=30))
    assert (kept.width, kept.height) == (1600, 1200)


def test_what_can_be_seen_through_is_white() -> None:
    clear = written(Image.new("RGBA", (300, 300), (0, 0, 0, 0)), "PNG")
    assert opened(draw(clear).large).getpixel((5, 5)) == (255, 255, 255)


def test_nothing_is_kept_of_where_and_with_what_it_was_taken_but_it_stands_upright() -> None:
    sent = with_a_secret(orientation=6)  # the telephone was held upright
    assert b"SecretPhone" in sent
    kept = draw(sent)
    assert not opened(kept.large).getexif()
    assert not opened(kept.small).getexif()
    assert b"SecretPhone" not in kept.large + kept.small
    assert (kept.width, kept.height) == (600, 900)
    assert is_like(opened(kept.large).getpixel((300, 20)), RED)


def test_what_stands_behind_a_picture_is_not_kept() -> None:
    kept = draw(picture() + SCRIPT + b"PK\x03\x04")
    assert b"script" not in kept.large + kept.small


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        pytest.param(b"", "Please choose a photo", id="nothing"),
        pytest.param(SVG, "no JPEG, PNG or WebP", id="a drawing that can run"),
        pytest.param(moving("GIF"), "no JPEG, PNG or WebP", id="GIF"),
        pytest.param(b"GIF89a/*" + picture()[8:], "no JPEG, PNG or WebP", id="two kinds in one"),
        pytest.param(b"\xff\xd8\xff" + SCRIPT * 50, "no JPEG, PNG or WebP", id="only begins like a JPEG"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + SCRIPT * 50, "no JPEG|damaged", id="only begins like a PNG"),
        pytest.param(b"RIFF\x00\x00\x00\x00AVI " + SCRIPT, "no JPEG, PNG or WebP", id="another RIFF"),
        pytest.param(picture(kind="PNG")[:-400], "damaged", id="a PNG that ends early"),
        pytest.param(picture()[:2000], "damaged", id="a JPEG that ends early"),
        pytest.param(picture(kind="WEBP")[:-100], "damaged|no JPEG", id="a WebP that ends early"),
        pytest.param(moving("WEBP"), "moves", id="moving WebP"),
        pytest.param(moving("PNG"), "moves", id="moving PNG"),
        pytest.param(bomb(), "too many points", id="a bomb"),
        pytest.param(bomb(5000, 5000), "too many points", id="a smaller bomb"),
        pytest.param(bomb(1500, 1500), "damaged", id="it has fewer points than it says"),
        pytest.param(text_bomb(), "damaged", id="a bomb in the comment"),
        pytest.param(picture(150, 900), "smaller than 200", id="too small"),
        pytest.param(b"\xff\xd8\xff" + b"\x00" * MOST_BYTES, "larger than 24 MB", id="too many bytes"),
    ],
)
def test_what_is_no_sound_picture_is_refused_with_what_to_do(app: Flask, sent: Any, says: str) -> None:
    with app.test_request_context("/?lang=en"), pytest.raises(RuleBroken, match=says) as refused:
        draw(sent)
    assert refused.value.field == "photo"
