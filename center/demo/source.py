"""The demonstration's facts, read from `centre.json`."""

import json
from collections.abc import Mapping
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Enum, Time, inspect

from center.kernel.db import Base

Row = TypeVar("Row", bound=Base)


@cache
def centre() -> dict[str, Any]:
    """Everything that is known of the demonstrated centre: facts, buildings, organisations, rooms, timetable."""
    known: dict[str, Any] = json.loads(Path(__file__).with_name("centre.json").read_text(encoding="utf-8"))
    return known


def clock_minutes(text: str) -> int:
    """Minutes since midnight: "09:30" is 570."""
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def row_of(model: type[Row], known: Mapping[str, Any], **more: Any) -> Row:
    """A row with the values that stand in `centre.json`, where a choice and an hour are text."""
    columns = inspect(model).columns
    return model(**{name: _read(columns[name].type, value) for name, value in known.items()}, **more)


def _read(kind: Any, value: Any) -> Any:
    if isinstance(kind, Enum) and value is not None and kind.enum_class is not None:
        return kind.enum_class(value)
    return time.fromisoformat(value) if isinstance(kind, Time) else value
