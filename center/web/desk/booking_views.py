"""What the desk does with a booking that it has just made."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.bookings import queries, undoing
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.i18n import gettext as _
from center.web.blueprints import desk as blueprint
from center.web.sending import did


@blueprint.post("/desk/bookings/<reference>/undo")
@requires(Permission.BOOK_FOR_ANYONE)
def undo_booking(reference: str) -> ResponseReturnValue:
    """That was a slip of the hand: the room is free, and they hear of it only where they had heard."""
    booking = queries.get_booking(reference)
    undo = lambda: undoing.undo(booking, by=current_user.person, now=clock.now())  # noqa: E731
    did(undo, _("Undone: the booking of %(name)s does not stand.", name=booking.person.name))
    if request.form.get("back") == "person":
        return redirect(url_for("desk.person", person_id=booking.person_id), 303)
    return redirect(url_for("bookings.show", reference=booking.reference), 303)
