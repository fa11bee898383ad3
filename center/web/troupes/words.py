"""What pages of troupes call states and levels, and in which tone they show them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from center.troupes import words
from center.troupes.members.rules import STEP_NAMES
from center.troupes.models.pieces import Level
from center.troupes.models.troupes import MemberState

STATE_TONES: Mapping[MemberState, str] = {
    MemberState.APPLIED: "wait",
    MemberState.TRIAL: "info",
    MemberState.ACTIVE: "ok",
    MemberState.RESTING: "quiet",
    MemberState.LEFT: "stop",
}
LEVEL_TONES: Mapping[Level, str] = {Level.KNOWS: "ok", Level.LEARNING: "wait", Level.NOT_YET: "quiet"}


@dataclass(frozen=True)
class Words:
    """All of them, for templates."""

    kinds: Mapping[Any, Any] = field(default_factory=lambda: words.TROUPE_KIND_NAMES)
    part_kinds: Mapping[Any, Any] = field(default_factory=lambda: words.PART_KIND_NAMES)
    states: Mapping[Any, Any] = field(default_factory=lambda: words.STATE_NAMES)
    tones: Mapping[Any, str] = field(default_factory=lambda: STATE_TONES)
    offices: Mapping[Any, Any] = field(default_factory=lambda: words.OFFICE_NAMES)
    piece_kinds: Mapping[Any, Any] = field(default_factory=lambda: words.PIECE_KIND_NAMES)
    levels: Mapping[Any, Any] = field(default_factory=lambda: words.LEVEL_NAMES)
    level_tones: Mapping[Any, str] = field(default_factory=lambda: LEVEL_TONES)
    file_kinds: Mapping[Any, Any] = field(default_factory=lambda: words.FILE_KIND_NAMES)

    def say_step(self, was: MemberState, became: MemberState) -> Any:
        """What the button is called that takes this step."""
        return STEP_NAMES[(was, became)]

    def length(self, seconds: int) -> str:
        """How long a piece is, such as 4:05."""
        return f"{seconds // 60}:{seconds % 60:02d}"

    def size(self, count: int) -> str:
        """How large a file is."""
        megabytes = count / (1024 * 1024)
        return f"{max(1, count // 1024)} KB" if megabytes < 0.1 else f"{megabytes:.1f} MB"


WORDS = Words()
