"""How everybody stands who looks after children: with what they have shown, and when they are on duty next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from center.afterschool.models.staff import CareDuty, CheckKind, StaffCheck
from center.afterschool.staff import queries, rules
from center.afterschool.staff.rules import CheckState
from center.people.models import Person

STILL_ASKED = timedelta(days=60)  # for so long after a check has run out somebody is asked for a new one


@dataclass(frozen=True, kw_only=True)
class Carer:
    """How somebody stands on a day."""

    person: Person
    today: date
    states: Mapping[CheckKind, CheckState]
    until: Mapping[CheckKind, date | None]
    next_duty: CareDuty | None

    @property
    def is_urgent(self) -> bool:
        """Whether somebody has to see to it: a check runs out, or has lately; or there is no record check at all."""
        lately = self.today - STILL_ASKED
        ran_out = any(
            state is CheckState.OVER and (self.until[kind] or lately) > lately for kind, state in self.states.items()
        )
        is_missing = self.states[CheckKind.RECORD] is CheckState.MISSING
        return ran_out or is_missing or CheckState.RUNS_OUT in self.states.values()

    @property
    def is_valid(self) -> bool:
        """Whether they may be on duty at all today."""
        return self.states[CheckKind.RECORD] in {CheckState.VALID, CheckState.RUNS_OUT}


def carer_of(person: Person, shown: Sequence[StaffCheck], ahead: CareDuty | None, today: date) -> Carer:
    """How somebody stands, by the checks of theirs that were not taken back."""
    return Carer(
        person=person,
        today=today,
        states={kind: rules.state_of(shown, kind, today=today) for kind in CheckKind},
        until={kind: rules.last_valid(shown, kind) for kind in CheckKind},
        next_duty=ahead,
    )


def carers_on(today: date) -> list[Carer]:
    """Of everybody who has shown something or was on duty, by name."""
    people = queries.staff_people()
    ids = [each.id for each in people]
    shown, ahead = queries.checks_by_person(ids), queries.next_duties(ids, since=today)
    return [carer_of(each, shown.get(each.id, []), ahead.get(each.id), today) for each in people]


def count_urgent(today: date) -> int:
    """How many people have a check that somebody has to see to."""
    return sum(each.is_urgent for each in carers_on(today))
