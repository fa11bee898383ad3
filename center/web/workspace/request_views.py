"""Everybody who asks for a place in the activities that one leads."""

from flask.typing import ResponseReturnValue

from center.kernel.access import authorise, signed_in
from center.web.activities.pages import led_ids
from center.web.activities.request_list import WORKSPACE, requests_page
from center.web.blueprints import posting as blueprint


@blueprint.get("/workspace/requests")
@signed_in
def requests() -> ResponseReturnValue:
    """The requests for places in one's own activities, those that lapse first first; for leads alone."""
    authorise(bool(led_ids()))
    return requests_page(WORKSPACE)
