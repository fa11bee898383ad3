"""What kind of file somebody sent, told by how it begins: neither its name nor its type is believed. Pure."""

from dataclasses import dataclass

from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.troupes.models.pieces import FileKind

MB = 1024 * 1024
MOST_BYTES = {FileKind.SCORE: 10 * MB, FileKind.RECORDING: 25 * MB}
MOST_SENT = 30 * MB  # so that a file that is somewhat too large is told so on its page
MOST_FILES, MOST_OF_TROUPE = 12, 500 * MB


@dataclass(frozen=True)
class Format:
    """A kind of file that is kept."""

    kind: FileKind
    media_type: str
    ending: str


PDF = Format(FileKind.SCORE, "application/pdf", "pdf")
PNG = Format(FileKind.SCORE, "image/png", "png")
JPEG = Format(FileKind.SCORE, "image/jpeg", "jpg")
MP3 = Format(FileKind.RECORDING, "audio/mpeg", "mp3")
M4A = Format(FileKind.RECORDING, "audio/mp4", "m4a")
OGG = Format(FileKind.RECORDING, "audio/ogg", "ogg")
WAV = Format(FileKind.RECORDING, "audio/wav", "wav")
ENDINGS = {each.media_type: each.ending for each in (PDF, PNG, JPEG, MP3, M4A, OGG, WAV)}
STARTS = {
    b"%PDF-": PDF,
    b"\x89PNG\r\n\x1a\n": PNG,
    b"\xff\xd8\xff": JPEG,
    b"ID3": MP3,
    b"\xff\xfb": MP3,
    b"\xff\xf3": MP3,
    b"\xff\xf2": MP3,
    b"OggS": OGG,
}
BRANDS = (b"M4A ", b"M4B ", b"mp41", b"mp42", b"isom", b"iso2", b"3gp4", b"3gp5", b"3gp6")  # what phones record


def format_of(sent: bytes) -> Format:
    """What a file is; raises RuleBroken on `file` with what to do about one that is not kept."""
    if not sent:
        raise RuleBroken(_l("Please choose a file."), field="file")
    found = _begins_like(sent)
    if found is None:
        raise RuleBroken(
            _l("Scores are kept as PDF, PNG or JPEG, recordings as MP3, M4A, OGG or WAV. This file is none of these."),
            field="file",
        )
    most = MOST_BYTES[found.kind]
    if len(sent) > most:
        raise RuleBroken(
            _l("This file is larger than %(most)s MB. Please make it smaller.", most=most // MB), field="file"
        )
    return found


def _begins_like(sent: bytes) -> Format | None:
    if sent[4:8] == b"ftyp" and sent[8:12] in BRANDS:
        return M4A
    if sent[:4] == b"RIFF" and sent[8:12] == b"WAVE":
        return WAV
    return next((found for start, found in STARTS.items() if sent.startswith(start)), None)
