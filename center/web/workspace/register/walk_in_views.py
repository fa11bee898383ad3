"""Somebody without a place comes to a session, as its lead lets them in: members, or by what they show."""

from collections.abc import Sequence

from flask import request
from flask.typing import ResponseReturnValue

from center.activities.models import Session
from center.attendance import walk_ins
from center.kernel.access import signed_in
from center.kernel.access_log import Kind
from center.people.models import Person
from center.web.attendance.access import taken
from center.web.attendance.walking_in import walk_in_page
from center.web.blueprints import posting as blueprint
from center.web.own_hosts import read_here
from center.web.people import looks


@blueprint.route("/workspace/activities/<slug>/sessions/<id:date_id>/walk-in", methods=["GET", "POST"])
@signed_in
def walk_in(slug: str, date_id: int) -> ResponseReturnValue:
    """Let somebody in: found by card or number, or among the organisation's members."""
    session = taken(slug, date_id)
    text = request.values.get("q", "").strip()[:100]
    found = _found(session, text)
    looks.see(Kind.ROLL, found, subject=session.activity.title)
    return walk_in_page(session, text, found, is_desk=False)


def _found(session: Session, text: str) -> Sequence[Person]:
    known = walk_ins.known_by_code(read_here(text))
    if known is not None:
        return [known]
    return walk_ins.members_called(session, text)
