"""What troupes, parts, members and pieces are called."""

from collections.abc import Mapping
from typing import Any

from center.kernel.i18n import lazy_gettext as _l
from center.troupes.models.pieces import FileKind, Level, PieceKind
from center.troupes.models.troupes import MemberState, Office, PartKind, TroupeKind

TROUPE_KIND_NAMES: Mapping[TroupeKind, Any] = {
    TroupeKind.RED_CULTURE: _l("Red-culture troupe"),
    TroupeKind.DRUM: _l("Drum group"),
    TroupeKind.CHOIR: _l("Choir"),
    TroupeKind.DANCE: _l("Dance team"),
    TroupeKind.PAPER_CUT: _l("Paper-cut studio"),
    TroupeKind.OTHER: _l("Another kind of troupe"),
}
PART_KIND_NAMES: Mapping[PartKind, Any] = {
    PartKind.VOICE: _l("Voice"),
    PartKind.INSTRUMENT: _l("Instrument"),
    PartKind.ROLE: _l("Role or trade"),
}
STATE_NAMES: Mapping[MemberState, Any] = {
    MemberState.APPLIED: _l("Asks to join"),
    MemberState.TRIAL: _l("On trial"),
    MemberState.ACTIVE: _l("In the troupe"),
    MemberState.RESTING: _l("Resting"),
    MemberState.LEFT: _l("Has left"),
}
OFFICE_NAMES: Mapping[Office, Any] = {Office.LEADER: _l("Troupe leader"), Office.DEPUTY: _l("Deputy leader")}
PIECE_KIND_NAMES: Mapping[PieceKind, Any] = {
    PieceKind.SONG: _l("Song"),
    PieceKind.DRUM: _l("Drumming"),
    PieceKind.DANCE: _l("Dance"),
    PieceKind.INSTRUMENTAL: _l("Instrumental"),
    PieceKind.OPERA: _l("Opera"),
    PieceKind.RECITATION: _l("Recitation"),
    PieceKind.PAPER_CUT: _l("Paper-cutting"),
    PieceKind.OTHER: _l("Another kind of piece"),
}
LEVEL_NAMES: Mapping[Level, Any] = {
    Level.KNOWS: _l("Knows it"),
    Level.LEARNING: _l("Is learning it"),
    Level.NOT_YET: _l("Has not learnt it"),
}
FILE_KIND_NAMES: Mapping[FileKind, Any] = {FileKind.SCORE: _l("Score"), FileKind.RECORDING: _l("Recording")}
