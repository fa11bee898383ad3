"""Everybody who asks for a place and waits for a decision, over all activities."""

from flask.typing import ResponseReturnValue

from center.kernel.access import Permission, requires
from center.web.activities.request_list import DESK, requests_page
from center.web.blueprints import desk as blueprint


@blueprint.get("/desk/sign-ups/requests")
@requires(Permission.EDIT_ACTIVITIES)
def sign_up_requests() -> ResponseReturnValue:
    """The requests for places, those that lapse first first."""
    return requests_page(DESK)
