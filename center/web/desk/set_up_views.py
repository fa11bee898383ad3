"""The caretaker's list of rooms to make ready."""

from datetime import timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.bookings import queries
from center.bookings import set_up as rooms_to_set_up
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.i18n import centre_zone, local_date
from center.kernel.i18n import gettext as _
from center.web.blueprints import bookings as blueprint
from center.web.forms import asked_date
from center.web.sending import did


@blueprint.get("/desk/set-up")
@requires(Permission.SEE_BOOKINGS)
def set_up() -> ResponseReturnValue:
    """What is to be made ready on a day, by time and room."""
    return _list("desk/bookings/set_up.html")


@blueprint.get("/desk/set-up/print")
@requires(Permission.SEE_BOOKINGS)
def print_set_up() -> ResponseReturnValue:
    """The same on paper."""
    return _list("desk/bookings/print_set_up.html")


@blueprint.post("/desk/set-up/<reference>/ready")
@requires(Permission.SET_UP_ROOMS)
def ready(reference: str) -> ResponseReturnValue:
    """A room is ready; or, with `undo`, it is not after all."""
    booking = queries.get_booking(reference)
    seen = request.form.get("seen", "")
    if request.form.get("undo"):
        did(lambda: rooms_to_set_up.mark_not_ready(booking), _("Not ready after all."))
    else:
        number = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None
        given = {"by": current_user.person, "now": clock.now(), "seen": number}
        did(lambda: rooms_to_set_up.mark_ready(booking, **given), _("Ready."))
    return redirect(url_for("bookings.set_up", date=local_date(booking.starts_at).isoformat()), 303)


def _list(template: str) -> ResponseReturnValue:
    now = clock.now()
    day = asked_date() or local_date(now)
    tasks = rooms_to_set_up.tasks_on(day, zone=centre_zone(), now=now)
    return render_template(
        template,
        day=day,
        today=local_date(now),
        earlier=day - timedelta(days=1),
        later=day + timedelta(days=1),
        tasks=tasks,
        done=sum(1 for task in tasks if task.ready),
    )
