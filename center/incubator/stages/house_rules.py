"""The centre's numbers for the incubator, as the director set them or as the software proposes them. Never commits."""

from collections.abc import Mapping

from center.incubator.models.house_rules import COLUMNS, IncubatorRules, OverHours
from center.incubator.models.incubations import IncubationStage
from center.kernel.acts import Act
from center.kernel.db import db, once
from center.kernel.trail import note
from center.people.models import Person

_PROPOSED = {
    column.name: column.default.arg for column in IncubatorRules.__table__.columns if column.default is not None
}


def house_rules() -> IncubatorRules:
    """The numbers that count now."""
    return db.session.get(IncubatorRules, 1) or IncubatorRules(**_PROPOSED)


def days_by_stage() -> Mapping[IncubationStage, int]:
    """How many working days each stage may take, from the day on which it is reached."""
    rules = once(("incubator rules",), house_rules)
    return {stage: getattr(rules, column) for stage, column in COLUMNS.items()}


def change(days: Mapping[str, int], over_hours: OverHours, *, by: Person) -> None:
    """Enter other numbers, by the names of the columns. Deadlines that are set already stay as they are."""
    known = db.session.merge(house_rules())
    for name, number in days.items():
        setattr(known, name, number)
    known.over_hours = over_hours
    db.session.flush()
    note(Act.INCUBATOR_RULES_CHANGED, by=by)
