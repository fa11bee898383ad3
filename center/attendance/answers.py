"""What a check-in is answered: one of these, whether a card was scanned, a number typed, or a name tapped."""

from enum import StrEnum


class Answer(StrEnum):
    """The answers to one try to check somebody in or out. `words.py` says each of them."""

    CHECKED_IN = "checked_in"
    ALREADY = "already"
    NOT_SIGNED_UP = "not_signed_up"
    WRONG_SESSION = "wrong_session"
    CANCELLED = "cancelled"
    TOO_EARLY = "too_early"
    OVER = "over"
    OLD_CARD = "old_card"
    UNKNOWN = "unknown"
    FULL = "full"
    NOT_ALLOWED = "not_allowed"
    STORED = "stored"
    LEFT = "left"
