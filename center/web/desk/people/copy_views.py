"""Pages on which the desk hands out a copy of everything that is known of somebody."""

from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import access_log
from center.kernel.access import Permission, authorise, may, requires
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.logs import log
from center.people import queries, records
from center.people.models import Person
from center.web.blueprints import people as blueprint
from center.web.people.copy_page import copy_file, copy_page
from center.web.people.proof import require_recent_proof


@blueprint.get("/desk/people/<id:person_id>/data")
@requires(Permission.EDIT_PEOPLE)
def data_of(person_id: int) -> ResponseReturnValue:
    """Everything the centre knows of somebody, to print and hand over."""
    return copy_page(_handed_out(person_id), is_handed_out=True)


@blueprint.get("/desk/people/<id:person_id>/data.json")
@requires(Permission.EDIT_PEOPLE)
def data_file_of(person_id: int) -> ResponseReturnValue:
    """The same as a file."""
    return copy_file(_handed_out(person_id))


def may_hand_out(person: Person) -> bool:
    """Whether whoever is signed in may print somebody's copy: for one with an account only a director."""
    return may(Permission.EDIT_PEOPLE) and (queries.account_of(person.id) is None or may(Permission.GRANT_ROLES))


def _handed_out(person_id: int) -> Person:
    person = records.get_person(person_id, even_erased=True)
    authorise(may_hand_out(person))
    require_recent_proof()
    access_log.note(access_log.Kind.EXPORT, person_id=person.id, subject=str(_l("A copy of their data")))
    log.info("copy_handed_out", by=current_user.person_id, person=person.id)
    return person
