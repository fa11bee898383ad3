"""The page of a director who resets a second factor."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.i18n import gettext as _
from center.people.records import get_person
from center.people.second_factor import attempts
from center.web.blueprints import people as blueprint
from center.web.people.proof import require_recent_proof
from center.web.sending import did


@blueprint.post("/desk/people/<id:person_id>/second-factor/reset")
@requires(Permission.GRANT_ROLES)
def reset_second_factor(person_id: int) -> ResponseReturnValue:
    """Somebody who stands before the director has lost their phone and their printed codes."""
    require_recent_proof()
    person = get_person(person_id)
    did(
        lambda: attempts.reset(person, by=current_user.person, now=clock.now()),
        _("Reset. %(name)s is signed out and sets up another one at the next sign-in.", name=person.name),
    )
    return redirect(url_for("people.roles", person_id=person_id), 303)
