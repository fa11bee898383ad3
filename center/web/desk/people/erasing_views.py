"""Pages of the director: a person is erased, after a look at what that does; and what is left of one who was."""

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.i18n import gettext as _
from center.people import records
from center.people.erasing import actions, plan
from center.people.models import Person
from center.web.blueprints import people as blueprint
from center.web.people.erasing_forms import EraseForm
from center.web.people.erasing_page import what_it_does
from center.web.people.proof import require_recent_proof
from center.web.sending import form_page, go_on, is_done


@blueprint.route("/desk/people/<id:person_id>/erase", methods=["GET", "POST"])
@requires(Permission.GRANT_ROLES)
def erase(person_id: int) -> ResponseReturnValue:
    """What goes, what stays and why, what stands in the way; and then it is done."""
    person = records.get_person(person_id)
    form = EraseForm(person)
    if form.is_submitted():
        require_recent_proof()
    if is_done(form, lambda: actions.erase(person, by=current_user.person, now=clock.now())):
        return go_on(_("Done. The centre has forgotten this person."), url_for("desk.person", person_id=person_id))
    return form_page("desk/people/erase.html", form, person=person, erasing=what_it_does(person))


def show_erased(person: Person) -> ResponseReturnValue:
    """What is left of somebody who was erased: that they were, when, and what was kept and why."""
    erasure = actions.find_erasure(person.id)
    rows = erasure.kept_rows if erasure else {}
    kept = [(part, rows[part.table.name]) for part in plan.parts().all if part.table.name in rows]
    return Response(render_template("desk/people/erased.html", person=person, kept=kept))
