"""The demonstration's facts, read from `centre.json`."""

import json
from functools import cache
from pathlib import Path
from typing import Any


@cache
def centre() -> dict[str, Any]:
    """Everything that is known of the demonstrated centre: facts, buildings, organisations, rooms, timetable."""
    known: dict[str, Any] = json.loads(Path(__file__).with_name("centre.json").read_text(encoding="utf-8"))
    return known


def clock_minutes(text: str) -> int:
    """Minutes since midnight: "09:30" is 570."""
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
