"""Entries of a session that were not clear, for whoever signs its register."""

from flask.typing import ResponseReturnValue

from center.kernel.access import signed_in
from center.web.attendance.access import signed
from center.web.attendance.reviewing import inbox, review_page
from center.web.blueprints import posting as blueprint


@blueprint.get("/workspace/activities/<slug>/sessions/<id:date_id>/to-review")
@signed_in
def to_review(slug: str, date_id: int) -> ResponseReturnValue:
    """What came in from devices and could not be taken as it was."""
    return inbox(signed(slug, date_id))


@blueprint.route("/workspace/activities/<slug>/sessions/<id:date_id>/to-review/<id:event_id>", methods=["GET", "POST"])
@signed_in
def review_event(slug: str, date_id: int, event_id: int) -> ResponseReturnValue:
    """Decide about one entry."""
    return review_page(event_id, signed(slug, date_id))
