"""What somebody has borrowed of the troupes, and by when it is to be back."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import signed_in
from center.troupes.lending.queries import loans_with
from center.troupes.lending.words import LINE_STATES
from center.web.blueprints import troupes as blueprint


@blueprint.get("/me/loans")
@signed_in
def my_loans() -> ResponseReturnValue:
    """Costumes and props that one has, or that are kept for one."""
    found = loans_with(current_user.person_id)
    return render_template("resident/lending/loans.html", loans=found, states=LINE_STATES, at=clock.now())
