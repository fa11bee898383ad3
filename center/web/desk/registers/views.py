"""At the desk: anybody is let in to a session, and entries that were not clear are decided for all sessions."""

from flask import request
from flask.typing import ResponseReturnValue

from center.activities.queries import get_session
from center.attendance import walk_ins
from center.kernel.access import Permission, requires
from center.people.search import find_people
from center.people.search_terms import names_a_door
from center.web.activities.pages import not_confined
from center.web.attendance.reviewing import inbox, review_page
from center.web.attendance.walking_in import walk_in_page
from center.web.blueprints import desk as blueprint
from center.web.own_hosts import read_here
from center.web.people import looks


@blueprint.route("/desk/sessions/<id:date_id>/walk-in", methods=["GET", "POST"])
@requires(Permission.SIGN_UP_ANYONE)
def walk_in(date_id: int) -> ResponseReturnValue:
    """Let somebody in to a session: found among everybody whom the centre knows."""
    session = get_session(date_id)
    not_confined(session.activity)
    text = request.values.get("q", "").strip()[:100]
    known = walk_ins.known_by_code(read_here(text))
    found = [known] if known is not None else find_people(text)
    if names_a_door(text):
        looks.see_doors(found)
    return walk_in_page(session, text, found, is_desk=True)


@blueprint.get("/desk/to-review")
@requires(Permission.SIGN_UP_ANYONE)
def to_review() -> ResponseReturnValue:
    """What came in from devices and could not be taken as it was, of all sessions."""
    return inbox(None)


@blueprint.route("/desk/to-review/<id:event_id>", methods=["GET", "POST"])
@requires(Permission.SIGN_UP_ANYONE)
def review_event(event_id: int) -> ResponseReturnValue:
    """Decide about one entry: it was so, of this person or another one; or it was not."""
    return review_page(event_id, None)
