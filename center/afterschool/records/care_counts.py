"""How many there were of what was deleted for its time, in a year or a term: figures stay without names."""

import enum
from typing import Any

from sqlalchemy import func, select

from center.afterschool.models.consents import Purpose
from center.afterschool.models.retention import CareCount
from center.kernel.db import db


class Counted(enum.StrEnum):
    """What is counted before it goes."""

    ALARMS = "alarms"
    INCIDENTS = "incidents"
    LATE = "late_collections"


def consents_as(purpose: Purpose, what: str) -> str:
    """How a count of consents is called: given, refused or taken_back."""
    return f"consent:{purpose.value}:{what}"


def of_year(what: str, year: int) -> int:
    """How many there were in a year that are deleted by now."""
    return _sum(CareCount.what == what, CareCount.year == year)


def of_term(what: str, term_id: int) -> int:
    """How many there were in a term that are deleted by now."""
    return _sum(CareCount.what == what, CareCount.term_id == term_id)


def _sum(*which: Any) -> int:
    return int(db.session.scalar(select(func.coalesce(func.sum(CareCount.how_many), 0)).where(*which)) or 0)
