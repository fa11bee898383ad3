"""Pages of the staff: doors of accounts that nobody has verified yet."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug import Response

from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.db import transaction
from center.kernel.i18n import gettext as _
from center.people import households, records
from center.web.blueprints import people as blueprint
from center.web.people import looks
from center.web.sending import did


@blueprint.get("/desk/doors")
@requires(Permission.CONFIRM_ACCOUNTS)
def doors() -> ResponseReturnValue:
    """Whose door is still to be verified, with who is known to live behind it."""
    people = households.to_verify()
    behind = households.behind(people)
    looks.see_doors([*people, *(each for others in behind.values() for each in others)])
    return render_template("desk/people/doors.html", people=people, behind=behind)


@blueprint.post("/desk/people/<id:person_id>/door/verify")
@requires(Permission.CONFIRM_ACCOUNTS)
def verify_door(person_id: int) -> ResponseReturnValue:
    """The desk has seen that they live there."""
    person = records.get_person(person_id)
    if not did(
        lambda: households.verify(person, by=current_user.person, now=clock.now()),
        _("Verified: %(name)s lives there.", name=person.name),
    ):
        return _back()
    return _back()


@blueprint.post("/desk/people/<id:person_id>/door/untrue")
@requires(Permission.CONFIRM_ACCOUNTS)
def door_is_untrue(person_id: int) -> ResponseReturnValue:
    """They do not live there."""
    person = records.get_person(person_id)
    with transaction():
        households.say_untrue(person, by=current_user.person)
    flash(_("The door is off the record of %(name)s.", name=person.name), "ok")
    return _back()


def _back() -> Response:
    return redirect(url_for("people.doors"), 303)
