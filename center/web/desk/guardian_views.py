"""Who answers for a child: written down at the desk, and ended."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.db import transaction
from center.kernel.i18n import centre_zone
from center.kernel.i18n import gettext as _
from center.people import acting
from center.web.blueprints import desk as blueprint
from center.web.desk import queries
from center.web.people import looks
from center.web.people.searching import search
from center.web.sending import did, go_on


@blueprint.get("/desk/people/<id:person_id>/guardians")
@requires(Permission.EDIT_PEOPLE)
def guardians_of(person_id: int) -> ResponseReturnValue:
    """Who answers for a child, and whom one can find to do so."""
    child, today = queries.get_whole_person(person_id), clock.today(centre_zone())
    found, named = search(besides=child), acting.guardians_of(child, on=today)
    looks.see_doors([*(each.guardian for each in named), *found.found])
    is_child = acting.is_child(child, today)
    return render_template("desk/guardians.html", person=child, is_child=is_child, named=named, search=found)


@blueprint.post("/desk/people/<id:person_id>/guardians/<id:guardian_id>")
@requires(Permission.EDIT_PEOPLE)
def name_guardian(person_id: int, guardian_id: int) -> ResponseReturnValue:
    """Write down who answers for a child."""
    child, guardian = queries.get_whole_person(person_id), queries.get_whole_person(guardian_id)
    did(
        lambda: acting.name_guardian(
            child, guardian=guardian, by=current_user.person, today=clock.today(centre_zone())
        ),
        _("%(guardian)s answers for %(child)s now.", guardian=guardian.name, child=child.name),
    )
    return redirect(url_for("desk.guardians_of", person_id=person_id), 303)


@blueprint.post("/desk/people/<id:person_id>/guardians/<id:guardianship_id>/end")
@requires(Permission.EDIT_PEOPLE)
def end_guardian(person_id: int, guardianship_id: int) -> ResponseReturnValue:
    """Somebody answers for a child no longer."""
    guardianship = acting.get_guardianship(guardianship_id)
    authorise(guardianship.child_id == person_id)
    with transaction():
        acting.end_guardianship(guardianship, by=current_user.person, today=clock.today(centre_zone()))
    return go_on(_("Ended."), url_for("desk.guardians_of", person_id=person_id))
