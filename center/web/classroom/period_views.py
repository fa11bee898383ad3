"""How long one kind is kept, within the law; and what is kept of a child beyond its time. For the director alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import IntegerField, SelectField
from wtforms.validators import DataRequired, InputRequired

from center.afterschool.models.retention import LegalHold
from center.afterschool.namesakes import called
from center.afterschool.queries import enrolled_children
from center.afterschool.retention import holds, periods
from center.afterschool.retention_kinds import SINCE_WORDS
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.access_log import Kind
from center.kernel.errors import RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.web.blueprints import classroom as blueprint
from center.web.editing import EditingForm, watch
from center.web.forms import CreatingForm, long_text_field
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import did, form_page, go_on, is_done


class PeriodForm(EditingForm):
    """For how many days one kind is kept."""

    days = IntegerField(_l("How many days"), validators=[InputRequired()])


class HoldForm(CreatingForm):
    """Of which child something is needed, and why."""

    child = SelectField(_l("Child"), validators=[DataRequired()])
    why = long_text_field(_l("Why it is needed"), most=1000, required=True)


@dataclass(frozen=True, kw_only=True)
class HoldsPage:
    """What is kept beyond its time, and a form for more."""

    holds: Sequence[LegalHold]
    form: HoldForm


@blueprint.route("/classroom/keeping/periods/<kept>", methods=["GET", "POST"])
@requires(Permission.RUN_AFTER_SCHOOL)
def retention_period(kept: str) -> ResponseReturnValue:
    """Set how long one kind is kept."""
    period = periods.get(kept)
    form = watch(lambda **given: PeriodForm(data={"days": periods.get(kept).days}, **given))

    def save() -> None:
        periods.set_days(period.kind, form.days.data or 0, by=current_user.person)

    if is_done(form, save):
        return go_on(_("Saved. It counts from the next sweep on."), url_for("classroom.keeping"))
    lead = _(
        "Counted from %(what)s. The law and what guardians were promised leave from %(least)s to %(most)s.",
        what=SINCE_WORDS[period.kind.since],
        least=periods.say_days(period.kind.least),
        most=periods.say_days(period.kind.most),
    )
    back = url_for("classroom.keeping")
    return form_page("classroom/terms/form.html", form, title=period.kind.title, lead=lead, back=back)


@blueprint.route("/classroom/keeping/holds", methods=["GET", "POST"], endpoint="holds")
@requires(Permission.RUN_AFTER_SCHOOL)
def what_is_held() -> ResponseReturnValue:
    """Of which children something is kept beyond its time; keep more."""
    form, children = HoldForm(), enrolled_children()
    form.child.choices = [("", _("Choose a child")), *((str(each.id), name) for each, name in called(children))]

    def keep() -> LegalHold:
        child = next((each for each in children if str(each.id) == form.child.data), None)
        if child is None:
            raise RuleBroken(_l("Choose a child."), field="child")
        return holds.set_hold(child, form.why.data or "", by=current_user.person, now=clock.now())

    back = url_for("classroom.holds")
    if is_done(form, keep, then=back):
        return redirect(back, 303)
    found = holds.all_open()
    looks.see(Kind.ROLL, children, subject=_("What is kept"), why="keeping")
    return render("classroom/holds.html", HoldsPage(holds=found, form=form)), form.status


@blueprint.post("/classroom/keeping/holds/<id:hold_id>/let-go")
@requires(Permission.RUN_AFTER_SCHOOL)
def let_go_hold(hold_id: int) -> ResponseReturnValue:
    """It is not needed any more."""
    found = holds.get(hold_id)
    did(lambda: holds.lift(found, by=current_user.person, now=clock.now()), _("What is over goes on time again."))
    return redirect(url_for("classroom.holds"), 303)
