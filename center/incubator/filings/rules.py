"""When each date of an activity is to be filed and summed up, what it needs, and where it stands. Pure.

The days before are plain days; the three days after end on a working day of the centre's calendar, as the caller knows.
"""

import enum
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from center.incubator.models.filings import FilingState, FilingStep
from center.kernel.errors import DomainError, RuleBroken
from center.kernel.i18n import lazy_gettext as _l

FILED_BEFORE = timedelta(days=7)
SUMMARY_WITHIN = timedelta(days=3)
PLAN_FROM = 50  # people, from whom on a safety plan is needed
REMINDED_BEFORE = timedelta(days=3)


class Stands(enum.StrEnum):
    """Where the filing of an activity stands, or its summary."""

    CHANGED = "changed"  # filed, and since then more people are expected than it is planned for
    DONE = "done"
    LATE = "late"
    MISSED = "missed"  # it took place without having been filed
    NOT_YET = "not_yet"
    RETURNED = "returned"
    SOON = "soon"


URGENT = (Stands.RETURNED, Stands.LATE, Stands.CHANGED, Stands.SOON, Stands.NOT_YET, Stands.MISSED, Stands.DONE)
TO_DO = (Stands.CHANGED, Stands.LATE, Stands.RETURNED, Stands.SOON)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of a date: when its summary is due, how many it expects, whether a filing is of it."""

    on: date
    summary_due: date
    expected: int
    filing: FilingState | None = None  # of a filing that is of this date
    planned_for: int = 0  # people, in the filing
    has_plan: bool = False
    is_summed_up: bool = False

    @property
    def filing_due(self) -> date:
        """The last day on which it is filed in time."""
        return self.on - FILED_BEFORE


def stands_filing(facts: Facts, today: date) -> Stands:
    """Where the filing stands on a day."""
    if facts.filing is FilingState.RETURNED:
        return Stands.RETURNED
    if facts.filing is not None:
        return Stands.CHANGED if _outgrew(facts) and today <= facts.on else Stands.DONE
    if today > facts.on:
        return Stands.MISSED
    if today > facts.filing_due:
        return Stands.LATE
    return Stands.SOON if today >= facts.filing_due - REMINDED_BEFORE else Stands.NOT_YET


def stands_summary(facts: Facts, today: date) -> Stands:
    """Where the summary stands on a day: asked for from the date itself on."""
    if facts.is_summed_up:
        return Stands.DONE
    if today < facts.on:
        return Stands.NOT_YET
    return Stands.LATE if today > facts.summary_due else Stands.SOON


def reminders_due(facts: Facts, said: Collection[FilingStep], today: date) -> list[FilingStep]:
    """Of what the leads are to be reminded now: each once, and of the filing only until the date is over."""
    filing, summary = stands_filing(facts, today), stands_summary(facts, today)
    due = []
    if today <= facts.on:
        due += [FilingStep.FILING] if filing is Stands.SOON else []
        due += [FilingStep.FILING_LATE] if filing is Stands.LATE else []
    due += [FilingStep.SUMMARY] if summary is Stands.SOON and today > facts.on else []
    due += [FilingStep.SUMMARY_LATE] if summary is Stands.LATE else []
    return [each for each in due if each not in said]


def most_urgent(stands: Iterable[Stands]) -> Stands:
    """What comes first of several dates."""
    return min(stands, key=URGENT.index, default=Stands.NOT_YET)


def filing_faults(
    *, people: int, expected: int, safety_plan: str, late_because: str, due: date, today: date
) -> list[DomainError]:
    """Everything that stands against a filing as it was filled in."""
    faults: list[DomainError] = []
    if people < 1:
        faults.append(RuleBroken(_l("At least one person comes."), field="people"))
    if max(people, expected) >= PLAN_FROM and not safety_plan.strip():
        words = _l("From %(n)d people on, say how their safety is seen to.", n=PLAN_FROM)
        faults.append(RuleBroken(words, field="safety_plan"))
    if today > due and not late_because.strip():
        words = _l("It was to be filed by %(day)s. Please say why it is late.", day=due.isoformat())
        faults.append(RuleBroken(words, field="late_because"))
    return faults


def _outgrew(facts: Facts) -> bool:
    return facts.expected >= PLAN_FROM and not facts.has_plan and facts.planned_for < facts.expected
