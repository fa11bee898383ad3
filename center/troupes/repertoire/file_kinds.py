"""Which files of pieces are kept, and how large they may be. Pure."""

from center.kernel import file_sorts
from center.kernel.errors import RuleBroken
from center.kernel.file_sorts import Sort
from center.kernel.i18n import lazy_gettext as _l
from center.troupes.models.pieces import FileKind

MB = 1024 * 1024
MOST_BYTES = {FileKind.SCORE: 10 * MB, FileKind.RECORDING: 25 * MB}
MOST_SENT = 30 * MB  # so that a file that is somewhat too large is told so on its page
MOST_FILES, MOST_OF_TROUPE = 12, 500 * MB


KINDS = {
    **dict.fromkeys((file_sorts.PDF, file_sorts.PNG, file_sorts.JPEG), FileKind.SCORE),
    **dict.fromkeys((file_sorts.MP3, file_sorts.M4A, file_sorts.OGG, file_sorts.WAV), FileKind.RECORDING),
}
ENDINGS = {each.media_type: each.ending for each in KINDS}


def format_of(sent: bytes) -> tuple[FileKind, Sort]:
    """What a file is; raises RuleBroken on `file` with what to do about one that is not kept."""
    if not sent:
        raise RuleBroken(_l("Please choose a file."), field="file")
    sort = file_sorts.sort_of(sent)
    if sort not in KINDS:
        raise RuleBroken(
            _l("Scores are kept as PDF, PNG or JPEG, recordings as MP3, M4A, OGG or WAV. This file is none of these."),
            field="file",
        )
    kind = KINDS[sort]
    if len(sent) > MOST_BYTES[kind]:
        most = MOST_BYTES[kind] // MB
        raise RuleBroken(_l("This file is larger than %(most)s MB. Please make it smaller.", most=most), field="file")
    return kind, sort
