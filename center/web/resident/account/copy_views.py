"""Pages that hand out a copy of everything that is known of a person, to themselves."""

from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel.access import signed_in
from center.web.blueprints import people as blueprint
from center.web.people.copy_page import copy_file, copy_page
from center.web.people.proof import require_recent_proof


@blueprint.get("/me/account/data")
@signed_in
def my_data() -> ResponseReturnValue:
    """Everything the centre knows of me, to read and to print."""
    require_recent_proof()
    return copy_page(current_user.person)


@blueprint.get("/me/account/data.json")
@signed_in
def my_data_file() -> ResponseReturnValue:
    """The same as a file."""
    require_recent_proof()
    return copy_file(current_user.person)
