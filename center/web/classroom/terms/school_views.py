"""The schools and classes of a term."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.afterschool.models.terms import CareClass, School, SchoolException, SchoolHours, Term
from center.afterschool.queries import get_term
from center.afterschool.school_days import exceptions, weekly
from center.afterschool.terms import schools
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.i18n import gettext as _
from center.kernel.i18n import in_language, local_date
from center.web.blueprints import classroom as blueprint
from center.web.classroom.terms.forms import (
    EditClassForm,
    EditSchoolForm,
    NewClassForm,
    NewSchoolForm,
    SchoolDayForm,
    SchoolHoursForm,
    shown_class,
    shown_school,
)
from center.web.editing import watch
from center.web.rendering import render
from center.web.sending import did, form_page, go_on, is_done

FORM = "classroom/terms/form.html"


@dataclass(frozen=True, kw_only=True)
class SchoolsPage:
    """Every school, when it ends in a term, and on which days it ends otherwise."""

    term: Term
    schools: Sequence[School]
    hours: dict[int, list[SchoolHours]]
    exceptions: Sequence[SchoolException]
    today: date


@dataclass(frozen=True, kw_only=True)
class ClassesPage:
    """The classes of a term."""

    term: Term
    classes: Sequence[CareClass]


@blueprint.get("/classroom/terms/<id:term_id>/schools")
@requires(Permission.RUN_AFTER_SCHOOL)
def term_schools(term_id: int) -> ResponseReturnValue:
    """From which schools children come, and when these end."""
    found, known = get_term(term_id), schools.all_schools()
    hours: dict[int, list[SchoolHours]] = {}
    for each in schools.hours_of(found):
        hours.setdefault(each.school_id, []).append(each)
    exceptions = schools.exceptions_of([each.id for each in known], found.first_on, found.last_on)
    page = SchoolsPage(term=found, schools=known, hours=hours, exceptions=exceptions, today=local_date(clock.now()))
    return render("classroom/terms/schools.html", page)


@blueprint.route("/classroom/terms/<id:term_id>/schools/new", methods=["GET", "POST"])
@requires(Permission.RUN_AFTER_SCHOOL)
def new_school(term_id: int) -> ResponseReturnValue:
    """A school that is not there yet."""
    form, back = NewSchoolForm(), url_for(".term_schools", term_id=get_term(term_id).id)
    if is_done(form, lambda: schools.save_school(form.facts(), by=current_user.person), then=back):
        return go_on(_("The school is entered. Say now when it ends."), back)
    return form_page(FORM, form, title=_("New school"), lead="", back=back)


@blueprint.route("/classroom/terms/<id:term_id>/schools/<id:school_id>/name", methods=["GET", "POST"])
@requires(Permission.RUN_AFTER_SCHOOL)
def edit_school(term_id: int, school_id: int) -> ResponseReturnValue:
    """What a school is called, and its phone."""
    back = url_for(".term_schools", term_id=get_term(term_id).id)
    form = watch(lambda **given: EditSchoolForm(data=shown_school(schools.get_school(school_id)), **given))
    school = schools.get_school(school_id)
    if is_done(form, lambda: schools.save_school(form.facts(), by=current_user.person, school=school)):
        return go_on(_("Saved."), back)
    return form_page(FORM, form, title=_("Change the school"), lead="", back=back)


@blueprint.route("/classroom/terms/<id:term_id>/schools/<id:school_id>", methods=["GET", "POST"])
@requires(Permission.RUN_AFTER_SCHOOL)
def school_hours(term_id: int, school_id: int) -> ResponseReturnValue:
    """When a school ends on each weekday of a term."""
    found, school = get_term(term_id), schools.get_school(school_id)
    back = url_for(".term_schools", term_id=found.id)

    def filled(**given: Any) -> SchoolHoursForm:
        mine = [each for each in schools.hours_of(found) if each.school_id == school.id]
        shown: dict[str, Any] = {f"day_{each.weekday}": each.finishes for each in mine}
        return SchoolHoursForm(data={**shown, "way_minutes": mine[0].way_minutes if mine else 15}, **given)

    form = watch(filled)
    act = lambda: weekly.set_hours(  # noqa: E731
        found, school, form.finishes(), way_minutes=form.way_minutes.data, by=current_user.person, now=clock.now()
    )
    if is_done(form, act):
        return go_on(_("Saved. The families whose children it touches are told."), back)
    title = _("When %(school)s ends", school=in_language(school.name, school.name_en))
    lead = _("Leave a day empty on which its children do not come.")
    return form_page(FORM, form, title=title, lead=lead, back=back)


@blueprint.route("/classroom/terms/<id:term_id>/schools/<id:school_id>/days", methods=["GET", "POST"])
@requires(Permission.RUN_AFTER_SCHOOL)
def new_school_day(term_id: int, school_id: int) -> ResponseReturnValue:
    """A date on which a school ends otherwise, or has no school."""
    found, school = get_term(term_id), schools.get_school(school_id)
    form, back = SchoolDayForm(), url_for(".term_schools", term_id=found.id)
    facts = {"finishes": form.finishes.data, "reason": form.reason.data or ""}
    act = lambda: exceptions.set_exception(  # noqa: E731
        school, form.on_date.data, **facts, by=current_user.person, now=clock.now()
    )
    if is_done(form, act, then=back):
        return go_on(_("Saved. The families whose children it touches are told."), back)
    title = _("%(school)s ends otherwise on a day", school=in_language(school.name, school.name_en))
    return form_page(FORM, form, title=title, lead="", back=back)


@blueprint.post("/classroom/terms/<id:term_id>/school-days/<id:school_day_id>/remove")
@requires(Permission.RUN_AFTER_SCHOOL)
def remove_school_day(term_id: int, school_day_id: int) -> ResponseReturnValue:
    """The school ends as ever that day."""
    found, row = get_term(term_id), schools.get_exception(school_day_id)
    act = lambda: exceptions.remove_exception(row, by=current_user.person, now=clock.now())  # noqa: E731
    did(act, _("The school ends as ever that day. The families whose children it touches are told."))
    return redirect(url_for(".term_schools", term_id=found.id), 303)


@blueprint.get("/classroom/terms/<id:term_id>/classes")
@requires(Permission.RUN_AFTER_SCHOOL)
def term_classes(term_id: int) -> ResponseReturnValue:
    """The classes, and how many adults each needs."""
    found = get_term(term_id)
    return render("classroom/terms/classes.html", ClassesPage(term=found, classes=found.classes))


@blueprint.route("/classroom/terms/<id:term_id>/classes/new", methods=["GET", "POST"])
@requires(Permission.RUN_AFTER_SCHOOL)
def new_class(term_id: int) -> ResponseReturnValue:
    """One more class."""
    found = get_term(term_id)
    form, back = NewClassForm(data=shown_class(None)), url_for(".term_classes", term_id=found.id)
    act = lambda: schools.save_class(found, form.facts(), by=current_user.person, now=clock.now())  # noqa: E731
    if is_done(form, act, then=back):
        return go_on(_("Saved."), back)
    return form_page(FORM, form, title=_("New class"), lead="", back=back)


@blueprint.route("/classroom/classes/<id:class_id>", methods=["GET", "POST"])
@requires(Permission.RUN_AFTER_SCHOOL)
def edit_class(class_id: int) -> ResponseReturnValue:
    """Say something else of a class."""
    care_class = schools.get_class(class_id)
    back = url_for(".term_classes", term_id=care_class.term_id)
    form = watch(lambda **given: EditClassForm(data=shown_class(schools.get_class(class_id)), **given))
    act = lambda: schools.save_class(  # noqa: E731
        care_class.term, form.facts(), by=current_user.person, now=clock.now(), care_class=care_class
    )
    if is_done(form, act):
        return go_on(_("Saved."), back)
    return form_page(FORM, form, title=_("Change the class"), lead="", back=back)


@blueprint.post("/classroom/classes/<id:class_id>/remove")
@requires(Permission.RUN_AFTER_SCHOOL)
def remove_class(class_id: int) -> ResponseReturnValue:
    """Take a class away."""
    care_class = schools.get_class(class_id)
    back = url_for(".term_classes", term_id=care_class.term_id)
    act = lambda: schools.remove_class(care_class, by=current_user.person, now=clock.now())  # noqa: E731
    did(act, _("The class is taken away."))
    return redirect(back, 303)
