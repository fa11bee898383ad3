"""How each answer to a check-in looks and sounds: a shape and a picture of its own, so that no colour says it alone."""

from dataclasses import dataclass

from center.attendance.answers import Answer


@dataclass(frozen=True)
class Sign:
    """What stands beside the words: the outline, the picture in it, and which tones are played."""

    shape: str  # circle, square, diamond, octagon, dashed
    icon: str
    sound: str  # ok, already, ask, refused, stored


ANSWER_SIGNS = {
    Answer.CHECKED_IN: Sign("circle", "check-mark", "ok"),
    Answer.ALREADY: Sign("square", "check-all", "already"),
    Answer.NOT_SIGNED_UP: Sign("diamond", "person-plus", "ask"),
    Answer.WRONG_SESSION: Sign("diamond", "signpost", "ask"),
    Answer.CANCELLED: Sign("octagon", "calendar-x", "refused"),
    Answer.TOO_EARLY: Sign("diamond", "hourglass", "ask"),
    Answer.OVER: Sign("octagon", "door-closed", "refused"),
    Answer.OLD_CARD: Sign("octagon", "card", "refused"),
    Answer.UNKNOWN: Sign("octagon", "question-mark", "refused"),
    Answer.FULL: Sign("diamond", "people", "ask"),
    Answer.NOT_ALLOWED: Sign("octagon", "lock", "refused"),
    Answer.STORED: Sign("dashed", "download", "stored"),
    Answer.LEFT: Sign("circle", "sign-out", "ok"),
}
