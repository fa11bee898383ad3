"""Everybody who waits for a time that is taken."""

from flask import render_template
from flask.typing import ResponseReturnValue

from center.bookings.waiting import wishes
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.web.blueprints import bookings as blueprint


@blueprint.get("/desk/waiting")
@requires(Permission.SEE_BOOKINGS)
def waiting_list() -> ResponseReturnValue:
    """Everybody who waits for a time of a room, in order."""
    return render_template("desk/waiting.html", waiting=wishes.all_waiting(now=clock.now()))
