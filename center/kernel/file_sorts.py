"""What a file is by what is in it: neither its name nor its type is believed. Each part says which it keeps. Pure."""

import zipfile
from dataclasses import dataclass
from io import BytesIO


@dataclass(frozen=True)
class Sort:
    """What a file is, and the ending that goes with that."""

    media_type: str
    ending: str


_OFFICE = "application/vnd.openxmlformats-officedocument."
PDF = Sort("application/pdf", ".pdf")
JPEG = Sort("image/jpeg", ".jpg")
PNG = Sort("image/png", ".png")
WEBP = Sort("image/webp", ".webp")
WORD = Sort(f"{_OFFICE}wordprocessingml.document", ".docx")
EXCEL = Sort(f"{_OFFICE}spreadsheetml.sheet", ".xlsx")
MP3 = Sort("audio/mpeg", ".mp3")
M4A = Sort("audio/mp4", ".m4a")
OGG = Sort("audio/ogg", ".ogg")
WAV = Sort("audio/wav", ".wav")

_STARTS = {
    b"%PDF-": PDF,
    b"\xff\xd8\xff": JPEG,
    b"\x89PNG\r\n\x1a\n": PNG,
    b"ID3": MP3,
    b"\xff\xfb": MP3,
    b"\xff\xf3": MP3,
    b"\xff\xf2": MP3,
    b"OggS": OGG,
}
_IN_RIFF = {b"WEBP": WEBP, b"WAVE": WAV}
_BRANDS = (b"M4A ", b"M4B ", b"mp41", b"mp42", b"isom", b"iso2", b"3gp4", b"3gp5", b"3gp6")  # what phones record
_IN_ZIP = {"word/document.xml": WORD, "xl/workbook.xml": EXCEL}
_PDF_END = b"%%EOF"


def sort_of(content: bytes) -> Sort | None:
    """What a file is; None where it is nothing that is known here."""
    if content.startswith(b"PK\x03\x04"):
        return _in_zip(content)
    if content[:4] == b"RIFF":
        return _IN_RIFF.get(content[8:12])
    if content[4:8] == b"ftyp":
        return M4A if content[8:12] in _BRANDS else None
    return next((sort for start, sort in _STARTS.items() if content.startswith(start)), None)


def is_whole_pdf(content: bytes) -> bool:
    """Whether it begins and ends as a PDF does: what was cut off on its way does not."""
    return sort_of(content) is PDF and _PDF_END in content[-2048:]


def _in_zip(content: bytes) -> Sort | None:
    """A Word or Excel file without macros; only its list of names is read, nothing is unpacked."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return None
    if "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        return None
    return next((sort for part, sort in _IN_ZIP.items() if part in names), None)
