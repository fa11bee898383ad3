"""What several pages show of an application: its papers, its decisions with letters, how its deadline stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from center.incubator.letters import writing
from center.incubator.models.incubations import (
    DocumentKind,
    Incubation,
    IncubationApplication,
    IncubationDecision,
    IncubationDocument,
)
from center.incubator.models.publications import IncubationLetter
from center.incubator.queries import application_of, decisions_of, replaced_since
from center.incubator.stages import papers
from center.incubator.stages.clock import calendar_around
from center.incubator.stages.deadlines import Due, how_due
from center.kernel.errors import NotFound
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date


@dataclass(frozen=True)
class DecisionLine:
    """One decision, its letter, and the papers that are no longer what they were then."""

    decision: IncubationDecision
    letter: IncubationLetter | None
    replaced: Sequence[IncubationDocument]


@dataclass(frozen=True, kw_only=True)
class Whole:
    """An application as whoever may read all of it reads it."""

    incubation: Incubation
    application: IncubationApplication
    papers: Sequence[IncubationDocument]  # the last version of each
    earlier: Mapping[DocumentKind, Sequence[IncubationDocument]]
    missing: Sequence[DocumentKind]
    lines: Sequence[DecisionLine]
    due: Due


def whole(incubation: Incubation, *, now: datetime) -> Whole:
    """All of an application, in a number of reads that does not grow with it."""
    every, letters = papers.all_of(incubation), writing.letters_of(incubation)
    latest: dict[DocumentKind, IncubationDocument] = {}
    earlier: dict[DocumentKind, list[IncubationDocument]] = {}
    for document in every:
        if latest.setdefault(document.kind, document) is not document:
            earlier.setdefault(document.kind, []).append(document)
    return Whole(
        incubation=incubation,
        application=application_of(incubation),
        papers=list(latest.values()),
        earlier=earlier,
        missing=[kind for kind in papers.NEEDED if kind not in latest],
        lines=[
            DecisionLine(each, letters.get(each.id), replaced_since(each, list(latest.values())))
            for each in decisions_of(incubation)
        ],
        due=due_of(incubation, now=now),
    )


def due_of(incubation: Incubation, *, now: datetime) -> Due:
    """How its deadline stands."""
    today = local_date(now)
    return how_due(incubation.due_on, today=today, calendar=calendar_around(today))


def letter_among(incubation: Incubation, step: int) -> IncubationLetter:
    """The letter of a decision; raises NotFound."""
    letters = writing.letters_of(incubation)
    found = next((letters.get(each.id) for each in decisions_of(incubation) if each.step == step), None)
    if found is None:
        raise NotFound(_l("There is no such letter."))
    return found
