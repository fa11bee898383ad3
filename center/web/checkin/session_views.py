"""The page at the door of one session."""

from flask import render_template
from flask.typing import ResponseReturnValue

from center.activities.queries import get_session
from center.kernel import clock
from center.kernel.access import or_device, signed_in
from center.web.blueprints import checkin as blueprint
from center.web.browser_rights import check_in_page
from center.web.checkin.hands import authorise_for


@blueprint.get("/checkin/sessions/<id:date_id>")
@or_device
@check_in_page
@signed_in
def session_page(date_id: int) -> ResponseReturnValue:
    """Where people are checked in to one session."""
    session, now = get_session(date_id), clock.now()
    hand = authorise_for(session, now)
    return render_template("checkin/session.html", session=session, device=hand.device)
