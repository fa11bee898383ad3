"""Small files that cost whoever reads them much: pictures, calendars and spreadsheets. All are made here."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PIL import Image

from tests.pictures import bomb, picture, png_chunk, text_bomb, written

Bombs = Mapping[str, Callable[[], bytes]]


def many_scans(count: int, width: int = 4000, height: int = 4000) -> bytes:
    """A progressive JPEG that sends its last scan many times over."""
    sent = written(Image.new("L", (width, height)), "JPEG", progressive=True)
    last = sent.rindex(b"\xff\xda")
    return sent[:-2] + sent[last:-2] * count + b"\xff\xd9"


def says_it_is(width: int, height: int, **more: Any) -> bytes:
    """A small JPEG whose head says another size."""
    sent = picture(400, 300, **more)
    at = next(at for at in (sent.find(b"\xff\xc0\x00"), sent.find(b"\xff\xc2\x00")) if at > 0)
    return sent[: at + 5] + struct.pack(">HH", height, width) + sent[at + 9 :]


def packed_profile() -> bytes:
    """A PNG whose colour profile unpacks to a hundred megabytes."""
    sound = picture(kind="PNG")
    return sound[:33] + png_chunk(b"iCCP", b"p\x00\x00" + zlib.compress(b"\0" * 100_000_000)) + sound[33:]


def moving_pictures(kind: str, count: int) -> bytes:
    """A great many pictures that follow one another."""
    frames = [Image.new("RGB", (800, 800), (n % 256, 0, 0)) for n in range(count)]
    return written(frames[0], kind, save_all=True, append_images=frames[1:], duration=1)


PICTURES: Bombs = {
    "the same scan four thousand times": partial(many_scans, 4000),
    "the same scan forty times": partial(many_scans, 40, 6000, 6000),
    "long and low": lambda: written(Image.new("RGB", (65_500, 760)), "JPEG"),
    "large and progressive": partial(says_it_is, 8192, 6144, progressive=True),
    "large, with all of its colours": partial(says_it_is, 8000, 7000, subsampling=0),
    "large, for a printer": partial(says_it_is, 8000, 7000, mode="CMYK"),
    "a million empty segments": lambda: b"\xff\xd8" + b"\xff\xe1\x00\x02" * 1_000_000 + picture()[2:],
    "as large as a house": bomb,
    "24 million clear points": lambda: written(Image.new("RGBA", (6000, 4000)), "PNG"),
    "16 bits a point": lambda: written(Image.new("I;16", (6000, 4000)), "PNG"),
    "a packed comment": text_bomb,
    "a packed profile": packed_profile,
    "many pictures in one": partial(moving_pictures, "PNG", 20),
    "many WebP pictures in one": partial(moving_pictures, "WEBP", 20),
    "a large WebP": lambda: written(Image.new("RGBA", (4000, 4000)), "WEBP", lossless=True, method=0),
}


def calendar(inner: str) -> bytes:
    """A calendar file with this in it."""
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{inner}END:VCALENDAR\r\n".encode()


def zone(*rules: str, dtstart: str = "19700101T000000") -> bytes:
    """A calendar with a zone of its own, and an event in it."""
    parts = "".join(
        f"BEGIN:STANDARD\r\nDTSTART:{dtstart}\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n{rule}\r\nEND:STANDARD\r\n"
        for rule in rules
    )
    event = "BEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID=Z:20261202T090000\r\nDURATION:PT1H\r\nSUMMARY:x\r\nEND:VEVENT\r\n"
    return calendar(f"BEGIN:VTIMEZONE\r\nTZID:Z\r\n{parts}END:VTIMEZONE\r\n{event}")


def event(*lines: str) -> bytes:
    """A calendar with one event."""
    return calendar("\r\n".join(["BEGIN:VEVENT", "UID:a", "SUMMARY:x", *lines, "END:VEVENT", ""]))


START = "DTSTART:20261202T090000"
EVERY_SECOND = f"BYHOUR={','.join(map(str, range(24)))};BYMINUTE={','.join(map(str, range(60)))}"
DATES = ",".join(f"2027{n % 12 + 1:02}01T{n % 24:02}0000" for n in range(50_000))
CALENDARS: Bombs = {
    "a zone with an hourly rule": partial(zone, "RRULE:FREQ=HOURLY"),
    "a zone with a rule for each second": partial(zone, "RRULE:FREQ=SECONDLY"),
    "a zone with a yearly rule for each minute": partial(zone, f"RRULE:FREQ=YEARLY;{EVERY_SECOND}"),
    "a zone of a thousand rules": partial(zone, *["RRULE:FREQ=YEARLY"] * 1000),
    "a zone of many dates": partial(zone, "RDATE:" + ",".join(["19700101T000000"] * 40_000)),
    "a zone that leaves out by a rule": partial(zone, "RRULE:FREQ=YEARLY\r\nEXRULE:FREQ=SECONDLY"),
    "a zone whose rule is folded": partial(zone, "RRULE:FREQ=SECO\r\n NDLY"),
    "a date that never comes": partial(event, START, "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"),
    "every minute in daily disguise": partial(event, START, f"RRULE:FREQ=DAILY;{EVERY_SECOND}"),
    "many dates": partial(event, START, f"RDATE:{DATES}"),
    "many dates left out": partial(event, START, "RRULE:FREQ=DAILY", f"EXDATE:{DATES}"),
    "a year of seconds before": partial(event, "DTSTART:00010101T000000", "RRULE:FREQ=SECONDLY;COUNT=99"),
    "deep": lambda: b"BEGIN:VCALENDAR\r\n" * 50_000,
    "a long line": lambda: calendar("X-A:" + "x" * 900_000 + "\r\n"),
    "many parameters": lambda: calendar("X-A" + ";P=q" * 200_000 + ":x\r\n"),
}  # fmt: skip


def table(sheet: str, *, shared: str = "", more: Mapping[str, bytes] | None = None) -> bytes:
    """A spreadsheet with this sheet."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    members = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}.sharedStrings+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{shared}</sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}">{sheet}</worksheet>',
    }
    return packed({**{name: text.encode() for name, text in members.items()}, **(more or {})})


def packed(members: Mapping[str, bytes]) -> bytes:
    """An archive of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def rows(count: int, cells: str) -> str:
    """So many rows of the same cells."""
    return "<sheetData>" + "".join(f'<row r="{n}">{cells}</row>' for n in range(1, count + 1)) + "</sheetData>"


CELL = '<c t="inlineStr"><is><t>x</t></is></c>'
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "haha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
SHEET = "xl/worksheets/sheet1.xml"
TABLES: Bombs = {
    "unpacks to 64 megabytes": lambda: table("", more={SHEET: b"0" * 64 * 2**20}),
    "a hundred thousand cells": lambda: table(rows(8000, CELL * 12)),
    "a hundred thousand rows": lambda: table(rows(100_000, "<c><v>1</v></c>")),
    "very wide rows": lambda: table(rows(10, "<c><v>1</v></c>" * 16_000)),
    "one cell merged over everything": lambda: table(
        rows(5, CELL) + '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    ),
    "cells merged over each other": lambda: table(
        rows(5, CELL) + "<mergeCells>" + '<mergeCell ref="A1:Z9999"/>' * 2000 + "</mergeCells>"
    ),
    "entities that laugh": lambda: table("", more={SHEET: f"{LAUGHS}<worksheet>&i;</worksheet>".encode()}),
    "entities after a long comment": lambda: table(
        "", more={SHEET: f"<?xml version='1.0'?><!--{'x' * 200_000}-->{LAUGHS[21:]}<worksheet>&i;</worksheet>".encode()}
    ),
    "entities in another alphabet": lambda: table(
        "",
        more={
            SHEET: b"<?xml version='1.0' encoding='cp037'?>"
            + f"{LAUGHS[21:]}<worksheet>&i;</worksheet>".encode("cp037")
        },
    ),
    "entities in two bytes a letter": lambda: table("", more={SHEET: f"{LAUGHS}<w>&i;</w>".encode("utf-16")}),
    "a thousand files": lambda: table("", more={f"xl/media/{n}.xml": b"<a/>" for n in range(1000)}),
    "many shared words": lambda: table(rows(5, '<c t="s"><v>0</v></c>'), shared="<si><t>x</t></si>" * 250_000),
    "deep": lambda: table("<a>" * 500_000 + "</a>" * 500_000),
    "many attributes": lambda: table("<a " + " ".join(f'b{n}="c"' for n in range(300_000)) + "/>"),
    "many styles": lambda: table(
        rows(5, CELL),
        more={"xl/styles.xml": b"<styleSheet><fonts>" + b"<font><b/></font>" * 250_000 + b"</fonts></styleSheet>"},
    ),
}
