"""Terms: all of them, a new one, one with what it still needs, its facts, its enrolment and its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.models import SessionState
from center.afterschool.models.terms import Term, TermRules
from center.afterschool.queries import all_terms, get_term
from center.afterschool.terms import making, rulebook, schools, term_days
from center.afterschool.words import TERM_MODES, TERM_STATES
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.errors import DomainError
from center.kernel.i18n import centre_zone
from center.kernel.i18n import gettext as _
from center.rooms.queries import all_rooms
from center.signups.models import Mode, Roster
from center.web.blueprints import classroom as blueprint
from center.web.classroom.terms.forms import EditTermForm, EnrolmentForm, NewTermForm, shown_term, usual_term
from center.web.editing import watch
from center.web.rendering import render
from center.web.sending import did, form_page, go_on, is_done, result_of

FORM = "classroom/terms/form.html"


@dataclass(frozen=True, kw_only=True)
class TermsPage:
    """Every term, drafts too."""

    terms: Sequence[Term]
    states: Any
    modes: Any


@dataclass(frozen=True, kw_only=True)
class TermPage:
    """One term: how far it is, what it still needs, and what the calendar says otherwise."""

    term: Term
    rules: TermRules | None
    roster: Roster | None
    lacking: Sequence[DomainError]
    n_days: int
    n_schools: int
    n_places: int
    unknown_years: Sequence[int]
    n_differences: int
    today: date
    states: Any
    modes: Any


@blueprint.get("/classroom/terms", endpoint="terms")
@requires(Permission.RUN_AFTER_SCHOOL)
def term_list() -> ResponseReturnValue:
    """Every term, the latest first."""
    return render("classroom/terms/list.html", TermsPage(terms=all_terms(), states=TERM_STATES, modes=TERM_MODES))


@blueprint.route("/classroom/terms/new", methods=["GET", "POST"])
@requires(Permission.RUN_AFTER_SCHOOL)
def new_term() -> ResponseReturnValue:
    """A draft of a term: nobody sees it before enrolment opens."""
    form = NewTermForm(data=usual_term())
    form.offer(all_rooms())
    act = lambda: making.make_term(form.facts(), by=current_user.person, now=clock.now())  # noqa: E731
    made = result_of(form, act, then=_page)
    if made is not None:
        return go_on(_("The term is made. Nobody sees it yet."), _page(made))
    return form_page(FORM, form, title=_("New term"), lead="", back=url_for(".terms"))


@blueprint.get("/classroom/terms/<id:term_id>")
@requires(Permission.RUN_AFTER_SCHOOL)
def term(term_id: int) -> ResponseReturnValue:
    """A term, step by step."""
    found, now = get_term(term_id), clock.now()
    page = TermPage(
        term=found,
        rules=rulebook.latest(found.id),
        roster=making.roster_of(found),
        lacking=making.lacking(found),
        n_days=sum(day.session.state is not SessionState.CANCELLED for day in found.days),
        n_schools=len({each.school_id for each in schools.hours_of(found)}),
        n_places=sum(each.capacity for each in found.classes),
        unknown_years=term_days.unknown_years(found),
        n_differences=len(term_days.differences(found, now=now)),
        today=clock.today(centre_zone()),
        states=TERM_STATES,
        modes=TERM_MODES,
    )
    return render("classroom/terms/term.html", page)


@blueprint.route("/classroom/terms/<id:term_id>/edit", methods=["GET", "POST"])
@requires(Permission.RUN_AFTER_SCHOOL)
def edit_term(term_id: int) -> ResponseReturnValue:
    """Say something else of a term."""
    found, rooms = get_term(term_id), all_rooms(with_retired=True)

    def filled(**given: Any) -> EditTermForm:
        form = EditTermForm(data=shown_term(get_term(term_id)), **given)
        form.offer(rooms)
        return form

    form = watch(filled)
    if is_done(form, lambda: making.edit_term(found, form.facts(), by=current_user.person, now=clock.now())):
        return go_on(_("Saved."), _page(found))
    return form_page(FORM, form, title=_("Change the term"), lead="", back=_page(found))


@blueprint.route("/classroom/terms/<id:term_id>/enrolment", methods=["GET", "POST"])
@requires(Permission.RUN_AFTER_SCHOOL)
def open_enrolment(term_id: int) -> ResponseReturnValue:
    """Let children be enrolled from now on, or from a moment on."""
    found = get_term(term_id)
    places = sum(each.capacity for each in found.classes) or 40
    form = EnrolmentForm(data={"mode": Mode.LOTTERY.value, "capacity": places, "offer_hours": 12})
    act = lambda: making.open_enrolment(found, form.how(), by=current_user.person, now=clock.now())  # noqa: E731
    if is_done(form, act, then=_page(found)):
        return go_on(_("Enrolment is open. Everybody sees the term and its rules."), _page(found))
    lead = _("Everybody sees the term then, and its rules stand.")
    return form_page(FORM, form, title=_("Open enrolment"), lead=lead, back=_page(found), press=_("Open enrolment"))


@blueprint.post("/classroom/terms/<id:term_id>/end")
@requires(Permission.RUN_AFTER_SCHOOL)
def end_term(term_id: int) -> ResponseReturnValue:
    """The term is over."""
    found = get_term(term_id)
    did(lambda: making.end_term(found, by=current_user.person, now=clock.now()), _("The term is over."))
    return redirect(_page(found), 303)


def _page(found: Term) -> str:
    return url_for("classroom.term", term_id=found.id)
