"""What the desk reads off a day, and off what was typed about somebody new. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from center.people.search_terms import Characters, Digits, Door, Letters, pieces

PHONE_LENGTH = 7  # fewer digits are part of a number
AGES = (14, 18, 60, 70, 80)


def is_over(ends_at: datetime, now: datetime) -> bool:
    """Whether a booking of today is over."""
    return ends_at <= now


def age_band(birth_year: int | None, today: date) -> tuple[int, int | None] | None:
    """The band of ages somebody born in this year is in, as (from, until or None); ages by year only."""
    if birth_year is None:
        return None
    age = today.year - birth_year
    starts = (0, *AGES)
    low = max(start for start in starts if start <= max(age, 0))
    higher = [start for start in starts if start > low]
    return low, (higher[0] - 1 if higher else None)


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
