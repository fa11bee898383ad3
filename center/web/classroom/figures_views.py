"""Papers and figures of the after-school programme: of a term, of a child's term, and the yearly audit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from center.afterschool.models.terms import Term, TermMode
from center.afterschool.plans.half_days import ChildFigures
from center.afterschool.queries import get_term
from center.afterschool.records import figures, minors_audit
from center.afterschool.records.figures import TermFigures
from center.afterschool.records.minors_audit import Section
from center.kernel import clock, tables
from center.kernel.access import Permission, requires
from center.kernel.access_log import Kind, note
from center.kernel.i18n import centre_zone, format_clock, format_day
from center.kernel.i18n import gettext as _
from center.web.blueprints import classroom as blueprint
from center.web.forms import id_of
from center.web.people import looks
from center.web.rendering import render


@dataclass(frozen=True, kw_only=True)
class FiguresPage:
    """The figures of a term, and which terms there are."""

    terms: Sequence[Term]
    found: TermFigures | None
    audit_year: int


@dataclass(frozen=True, kw_only=True)
class CertificatePage:
    """That a child was in a term, and how often."""

    term: Term
    child: ChildFigures
    today: date


@dataclass(frozen=True, kw_only=True)
class AuditPage:
    """The audit of a year."""

    year: int
    this_year: int
    due_on: date
    sections: Sequence[Section]


@blueprint.get("/classroom/figures", endpoint="figures")
@requires(Permission.RUN_AFTER_SCHOOL)
def term_figures() -> ResponseReturnValue:
    """The figures of the term that was chosen, or of the latest."""
    terms = figures.terms()
    chosen = id_of(request.args.get("term", ""))
    term = next((each for each in terms if each.id == chosen), terms[0] if terms else None)
    found = figures.of_term(term) if term else None
    if found:
        looks.see(Kind.ROLL, [each.enrolment.child for each in found.children], subject=_("Figures"), why="keeping")
    today = clock.today(centre_zone())
    return render("classroom/figures.html", FiguresPage(terms=terms, found=found, audit_year=today.year - 1))


@blueprint.get("/classroom/figures/<id:term_id>/table")
@requires(Permission.RUN_AFTER_SCHOOL)
def figures_table(term_id: int) -> ResponseReturnValue:
    """The same as a table to take along."""
    found = figures.of_term(get_term(term_id))
    for each in found.children:
        note(Kind.EXPORT, person_id=each.enrolment.child_id, subject=_("Figures"), purpose="keeping")
    return tables.download(tables.workbook_of(_sheets(found)), name=f"term-{term_id}.xlsx")


@blueprint.get("/classroom/figures/<id:term_id>/certificates/<id:enrolment_id>")
@requires(Permission.RUN_AFTER_SCHOOL)
def certificate(term_id: int, enrolment_id: int) -> ResponseReturnValue:
    """A certificate of the term for a child, in both languages."""
    term = get_term(term_id)
    enrolment = figures.get_enrolment(term, enrolment_id)
    looks.see(Kind.CHILD, [enrolment.child], why="keeping")
    page = CertificatePage(term=term, child=figures.figures_of(enrolment), today=clock.today(centre_zone()))
    return render("classroom/certificate.html", page)


@blueprint.get("/classroom/minors-audit", endpoint="minors_audit")
@requires(Permission.RUN_AFTER_SCHOOL)
def audit_page() -> ResponseReturnValue:
    """The yearly audit of minors' data: numbers alone."""
    year, this_year = _year()
    page = AuditPage(year=year, this_year=this_year, due_on=minors_audit.due_on(year), sections=minors_audit.pack(year))
    return render("classroom/minors_audit.html", page)


@blueprint.get("/classroom/minors-audit/table")
@requires(Permission.RUN_AFTER_SCHOOL)
def audit_table() -> ResponseReturnValue:
    """The same as a table to hand in."""
    year, _this = _year()
    rows: list[Sequence[Any]] = [(_("Part"), _("What is counted"), _("How many"))]
    for section in minors_audit.pack(year):
        rows += [(str(section.title), str(words), number) for words, number in section.rows]
    note(Kind.EXPORT, subject=_("Audit of minors' data"))
    return tables.download(tables.workbook_of([(str(year), rows)]), name=f"minors-audit-{year}.xlsx")


def _year() -> tuple[int, int]:
    this_year = clock.today(centre_zone()).year
    asked = request.args.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else this_year - 1
    return min(max(year, this_year - 10), this_year), this_year


def _sheets(found: TermFigures) -> list[tuple[str, Sequence[Sequence[object]]]]:
    head = (_("Child"), _("School and class"), _("Came"), _("Late"), _("On leave"), _("Absent"))
    children = [
        (
            each.enrolment.child.name,
            f"{each.enrolment.school.name} {each.enrolment.school_class}",
            each.came,
            each.late,
            each.on_leave,
            each.absent,
        )
        for each in found.children
    ]
    late = [
        (format_day(each.on), each.child.name, format_clock(each.left_at), each.minutes, each.by.name)
        for each in found.late
    ]
    ratio = [
        (format_day(each.on), each.changes, each.minutes_short, each.minutes_short_afternoon) for each in found.ratio
    ]
    counts = [(_("In half-days: a whole day counts two."),)] if found.term.mode is TermMode.FULL_DAY else []
    return [
        (_("Attendance"), [*counts, head, *children]),
        (_("Collected late"), [(_("Day"), _("Child"), _("Left at"), _("Minutes"), _("Handed over by")), *late]),
        (
            _("Adults"),
            [(_("Day"), _("Changes"), _("Minutes with too few"), _("Of these after lunch")), *ratio],
        ),
    ]
