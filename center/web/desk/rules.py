"""What the desk reads off a day, and off what was typed about somebody new. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from center.people.search_terms import Characters, Digits, Door, Letters, pieces

PHONE_LENGTH = 7  # fewer digits are part of a number


def is_over(ends_at: datetime, now: datetime) -> bool:
    """Whether a booking of today is over."""
    return ends_at <= now


def usual_minutes(min_minutes: int, max_minutes: int) -> int:
    """How long a use the desk looks for when nobody has said: an hour, or what the room allows."""
    return max(min_minutes, min(60, max_minutes))


def prefilled(text: str, building_ids: Mapping[str, int]) -> dict[str, Any]:
    """What a search that found nobody says of the new person. `building_ids` are by the number people say."""
    known: dict[str, Any] = {}
    for piece in pieces(text):
        if isinstance(piece, Door) and piece.building in building_ids:
            known |= {"building_id": building_ids[piece.building], "unit": piece.unit, "door": piece.door}
        elif isinstance(piece, Digits) and len(piece.digits) >= PHONE_LENGTH:
            known["phone"] = piece.digits
        elif isinstance(piece, Characters):
            known["name"] = piece.text
        elif isinstance(piece, Letters) and " " in text.strip() and not _has_other(pieces(text)):
            known["name"] = " ".join(text.split())[:60]
    return known


def _has_other(found: Sequence[object]) -> bool:
    return any(not isinstance(piece, Letters) for piece in found)
