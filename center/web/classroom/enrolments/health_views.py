"""What a guardian without an account says of a child's health, written down by the director while they agree to it."""

from datetime import date

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import SelectField

from center.afterschool.models.consents import HealthNote, Purpose
from center.afterschool.places import consents, enrolments, health
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.access_log import Kind
from center.kernel.i18n import centre_zone, in_language
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.people import acting
from center.web.after_school.health_form import HealthForm
from center.web.blueprints import classroom as blueprint
from center.web.people import looks
from center.web.sending import form_page, go_on, is_done


class SaidHealthForm(HealthForm):
    """The same, and which guardian says it."""

    guardian = SelectField(_l("Which guardian says it?"), coerce=int)


@blueprint.route("/classroom/enrolments/<id:enrolment_id>/health", methods=["GET", "POST"])
@requires(Permission.RUN_AFTER_SCHOOL)
def write_down_health(enrolment_id: int) -> ResponseReturnValue:
    """Keep what a guardian says, under their name; what is kept already is not shown here."""
    found = enrolments.get(enrolment_id)
    looks.see(Kind.CHILD, [found.child], subject=in_language(found.term.name, found.term.name_en))
    guardians = {each.guardian_id: each.guardian for each in acting.guardians_of(found.child, on=_today())}
    form, back = SaidHealthForm(), url_for("classroom.enrolment", enrolment_id=found.id)
    form.guardian.choices = [(each.id, each.name) for each in guardians.values()]

    def add() -> HealthNote:
        guardian = guardians[form.guardian.data]
        return health.add(found.child, form.facts(), guardian=guardian, by=current_user.person, now=clock.now())

    if is_done(form, add, then=back):
        return go_on(_("Kept, encrypted. Staff on duty see it."), back)
    may_keep = consents.is_given(found.child, Purpose.HEALTH)
    return form_page("classroom/enrolments/health.html", form, enrolment=found, may_keep=may_keep, back=back)


def _today() -> date:
    return clock.today(centre_zone())
