"""What everybody may read of the after-school programme. No page of it names a child."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time

from flask.typing import ResponseReturnValue

from center.activities.models import SessionState
from center.afterschool.models.terms import (
    CareClass,
    School,
    SchoolException,
    Term,
    TermDay,
    TermRules,
    TermState,
    Topic,
)
from center.afterschool.queries import get_term, public_terms
from center.afterschool.retention import periods
from center.afterschool.terms import making, rulebook, schools, term_days
from center.afterschool.terms.calendar_rules import Off, PlannedDay
from center.afterschool.terms.precedence import order_of
from center.afterschool.terms.rulebook import Differs
from center.afterschool.words import PRIORITIES, TOPICS
from center.kernel import clock
from center.kernel.access import authorise, public
from center.kernel.i18n import centre_zone
from center.signups.lottery.queries import draws_of
from center.signups.models import Roster
from center.web.blueprints import after_school as blueprint
from center.web.rendering import render


@dataclass(frozen=True, kw_only=True)
class Index:
    """The terms that there are, the latest first, and how each gives its places."""

    ahead: Sequence[Term]
    over: Sequence[Term]
    rosters: Mapping[int, Roster]
    today: date
    kept: Sequence[tuple[object, str]]  # what is kept of children how long


@dataclass(frozen=True, kw_only=True)
class MonthOfDays:
    """One month of a term: its days, those called off, and those left out by the calendar."""

    first: date
    days: Sequence[TermDay]
    left_out: Sequence[PlannedDay]


@dataclass(frozen=True, kw_only=True)
class SchoolLine:
    """When one school ends on each weekday."""

    school: School
    finishes: Mapping[int, time]


@dataclass(frozen=True, kw_only=True)
class TermPage:
    """One term: when, where, for whom, by which rules, and how to enrol."""

    term: Term
    roster: Roster | None
    rules: TermRules | None
    reasons: Sequence[object]  # for priority, in the order that the rules publish
    months: Sequence[MonthOfDays]
    schools: Sequence[SchoolLine]
    exceptions: Sequence[SchoolException]
    classes: Sequence[CareClass]
    is_drawn: bool
    today: date
    is_called_off: object = SessionState.CANCELLED


@dataclass(frozen=True, kw_only=True)
class RulesPage:
    """One version of a term's rules, and what is different from the version before."""

    term: Term
    rules: TermRules
    versions: Sequence[TermRules]
    differences: Sequence[Differs]
    is_latest: bool
    reasons: Sequence[object]
    reasons_before: Sequence[object] | None  # of the version before, where they were others or in another order
    topics: Mapping[Topic, object] = field(default_factory=lambda: TOPICS)


@blueprint.get("/after-school")
@public
def index() -> ResponseReturnValue:
    """What the programme is, its terms, and how a child is enrolled."""
    found = public_terms()
    rosters = {each.id: roster for each in found if (roster := making.roster_of(each)) is not None}
    page = Index(
        ahead=[each for each in found if each.state is not TermState.ENDED],
        over=[each for each in found if each.state is TermState.ENDED],
        rosters=rosters,
        today=clock.today(centre_zone()),
        kept=periods.in_words(),
    )
    return render("public/after_school/index.html", page)


@blueprint.get("/after-school/<id:term_id>")
@public
def term(term_id: int) -> ResponseReturnValue:
    """A term with all its days."""
    found = _public(term_id)
    roster = making.roster_of(found)
    known = schools_of(found)
    page = TermPage(
        term=found,
        roster=roster,
        rules=(published := rulebook.latest(found.id)),
        reasons=_reasons(published),
        months=_months(found),
        schools=known,
        exceptions=schools.exceptions_of([each.school.id for each in known], found.first_on, found.last_on),
        classes=found.classes,
        is_drawn=_is_drawn(roster),
        today=clock.today(centre_zone()),
    )
    return render("public/after_school/term.html", page)


@blueprint.get("/after-school/<id:term_id>/rules")
@public
def rules(term_id: int) -> ResponseReturnValue:
    """The rules that hold now."""
    return _rules(_public(term_id), None)


@blueprint.get("/after-school/<id:term_id>/rules/<int:version>")
@public
def rules_version(term_id: int, version: int) -> ResponseReturnValue:
    """An earlier version of the rules, which stays readable."""
    return _rules(_public(term_id), version)


def _rules(found: Term, version: int | None) -> ResponseReturnValue:
    versions = rulebook.versions(found.id)
    shown = next((each for each in versions if version in {None, each.version}), None)
    authorise(shown is not None)
    assert shown is not None
    before = next((each for each in versions if each.version == shown.version - 1), None)
    page = RulesPage(
        term=found,
        rules=shown,
        versions=versions,
        differences=rulebook.differences(before.paragraphs, shown.paragraphs) if before else (),
        is_latest=shown is versions[0],
        reasons=_reasons(shown),
        reasons_before=_reasons(before) if before and order_of(before) != order_of(shown) else None,
    )
    return render("public/after_school/rules.html", page)


def _reasons(rules: TermRules | None) -> list[object]:
    """Reasons for priority by name, the first before all others."""
    return [PRIORITIES[each] for each in order_of(rules)]


def schools_of(found: Term) -> list[SchoolLine]:
    """When each school of a term ends."""
    lines: dict[int, dict[int, time]] = {}
    known: dict[int, School] = {}
    for each in schools.hours_of(found):
        known[each.school_id] = each.school
        lines.setdefault(each.school_id, {})[each.weekday] = each.finishes
    return [SchoolLine(school=known[school_id], finishes=hours) for school_id, hours in lines.items()]


def _is_drawn(roster: Roster | None) -> bool:
    draw = draws_of([roster.id]).get(roster.id) if roster else None
    return draw is not None and draw.drawn_at is not None


def _public(term_id: int) -> Term:
    """A term that everybody may see: its activity was published."""
    found = get_term(term_id)
    authorise(found.activity.is_public)
    return found


def _months(found: Term) -> list[MonthOfDays]:
    left_out = [each for each in term_days.plan_of(found) if each.off in {Off.HOLIDAY, Off.NO_SCHOOL}]
    held = {day.on_date for day in found.days}
    months = sorted({each.replace(day=1) for each in (*held, *(one.on for one in left_out))})
    return [
        MonthOfDays(
            first=first,
            days=[day for day in found.days if day.on_date.replace(day=1) == first],
            left_out=[each for each in left_out if each.on.replace(day=1) == first and each.on not in held],
        )
        for first in months
    ]
