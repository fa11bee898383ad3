"""The demonstration's cover photos: drawn here, of nobody: hills, paper flowers, a screen."""

import io
import math
import random
from collections.abc import Callable, Sequence
from datetime import datetime

from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from center.activities.models import Activity
from center.activities.photos.actions import new_photo
from center.activities.photos.images import draw

DRAWN, SIZE = (2560, 1600), (1120, 700)
Colour = tuple[int, int, int]
PAPER, QING, DEEP, WARM, RED = (250, 243, 228), (19, 119, 111), (7, 58, 55), (242, 180, 92), (190, 52, 42)
Brush = Callable[[ImageDraw.ImageDraw, random.Random], None]


def add_covers(session: Session, *, now: datetime) -> None:
    """Give some of the activities a cover."""
    for slug, alt, alt_en, brush in COVERS:
        activity = session.scalar(select(Activity).where(Activity.slug == slug))
        if activity is None:
            continue
        known = {"added_by_id": activity.created_by_id, "added_at": min(activity.changed_at, now)}
        session.add(new_photo(activity, draw(painted(brush)), alt=alt, alt_en=alt_en, **known))
    session.flush()


def painted(brush: Brush) -> bytes:
    """A picture as a file; the same each time."""
    image = Image.new("RGB", DRAWN, PAPER)
    brush(ImageDraw.Draw(image), random.Random("cover"))  # noqa: S311
    out = io.BytesIO()
    image.resize(SIZE, Image.Resampling.BICUBIC, reducing_gap=2.0).save(out, "PNG", compress_level=1)
    return out.getvalue()


def lake(on: ImageDraw.ImageDraw, chance: random.Random) -> None:
    """Hills behind a lake in the morning, and a path along it."""
    wide, high = DRAWN
    _sky(on, wide, high, (253, 235, 204), (222, 236, 228))
    on.ellipse((1750, 190, 2050, 490), fill=WARM)
    for n, colour in enumerate(((188, 220, 211), (120, 178, 166), (62, 138, 128), QING)):
        base, phase = 720 + 90 * n, chance.uniform(0, 6)
        points = [(x, base - 130 * math.sin(x / (420 + 60 * n) + phase) - 40 * math.sin(x / 130 + phase))
                  for x in range(0, wide + 20, 20)]  # fmt: skip
        on.polygon([(0, high), *points, (wide, high)], fill=colour)
    on.rectangle((0, 1150, wide, high), fill=(205, 229, 224))
    for n in range(26):
        y, x = 1170 + n * 16, chance.randrange(wide)
        on.line((x, y, x + chance.randrange(120, 520), y), fill=(236, 246, 242), width=5)
    on.polygon([(0, high), (0, 1480), (900, 1330), (1500, 1300), (1500, 1318), (1050, 1370), (520, high)], fill=PAPER)


def paper_flowers(on: ImageDraw.ImageDraw, chance: random.Random) -> None:
    """Window flowers cut from red paper."""
    on.rectangle((0, 0, *DRAWN), fill=(252, 240, 220))
    for x, y, size, petals in ((720, 800, 520, 8), (1750, 560, 340, 6), (1900, 1230, 260, 10), (180, 300, 200, 7)):
        _flower(on, (x, y), size, petals)
    for _n in range(60):
        x, y, size = chance.randrange(2560), chance.randrange(1600), chance.randrange(6, 16)
        on.polygon([(x, y - size), (x + size, y), (x, y + size), (x - size, y)], fill=(228, 150, 120))


def screen(on: ImageDraw.ImageDraw, chance: random.Random) -> None:
    """A hall before a film: the light of the screen over rows of seats."""
    wide, high = DRAWN
    on.rectangle((0, 0, wide, high), fill=DEEP)
    on.polygon([(700, 190), (1860, 190), (2500, high), (60, high)], fill=(14, 78, 73))
    on.rounded_rectangle((640, 160, 1920, 860), 40, fill=(253, 244, 228))
    for n in range(4):
        reach = 90 + 70 * n
        on.arc((1280 - reach, 510 - reach, 1280 + reach, 510 + reach), 215, 325, fill=(217, 133, 42), width=22)
        on.arc((1280 - reach, 510 - reach, 1280 + reach, 510 + reach), 35, 145, fill=QING, width=22)
    on.ellipse((1230, 460, 1330, 560), fill=QING)
    for row in range(3):
        top, step = 1040 + row * 190, 250 + row * 40
        for x in range(-80 + 60 * row, wide, step):
            shade = (6 + 4 * row, 44 - 6 * row, 42 - 6 * row)
            on.ellipse((x + step * 0.28, top - 90, x + step * 0.72, top + 90), fill=shade)
            on.rounded_rectangle((x, top + 40, x + step - 30, high + 80), 60, fill=shade)


def _sky(on: ImageDraw.ImageDraw, wide: int, high: int, above: Colour, below: Colour) -> None:
    for y in range(high):
        share = y / high
        colour = tuple(round(a + (b - a) * share) for a, b in zip(above, below, strict=True))
        on.line((0, y, wide, y), fill=colour)


def _flower(on: ImageDraw.ImageDraw, centre: tuple[int, int], size: int, petals: int) -> None:
    for ring, colour in ((1.0, RED), (0.72, (252, 240, 220)), (0.6, RED), (0.3, (252, 240, 220)), (0.2, RED)):
        points = []
        for n in range(360):
            angle = math.radians(n)
            reach = size * ring * (0.78 + 0.22 * math.cos(petals * angle))
            points.append((centre[0] + reach * math.cos(angle), centre[1] + reach * math.sin(angle)))
        on.polygon(points, fill=colour)
    for n in range(petals):
        angle = 2 * math.pi * n / petals
        x, y, hole = centre[0] + size * 0.84 * math.cos(angle), centre[1] + size * 0.84 * math.sin(angle), size * 0.07
        on.ellipse((x - hole, y - hole, x + hole, y + hole), fill=(252, 240, 220))


COVERS: Sequence[tuple[str, str, str, Brush]] = (
    ("east-lake-walk", "清晨的湖，后面是层层青山，湖边有一条小路",
     "A lake in the morning, hills behind it, a path beside it", lake),
    ("paper-cutting-class", "红纸剪成的窗花", "Window flowers cut from red paper", paper_flowers),
    ("told-films", "放映厅里亮着的银幕，前面坐着一排排观众",
     "A lit screen in a hall, people in rows before it", screen),
)  # fmt: skip
