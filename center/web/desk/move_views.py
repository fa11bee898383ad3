"""The page on which staff move a booking because the centre needs its room."""

from dataclasses import replace
from datetime import datetime

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.bookings import messages, news, queries
from center.bookings.changing import moving
from center.bookings.changing.effects import look_ahead
from center.bookings.changing.substitutes import substitutes
from center.bookings.models import Booking
from center.bookings.places import place_now
from center.bookings.writing import NeedsReason, check_override, shape_of
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.db import transaction
from center.kernel.i18n import centre_zone, local_date
from center.kernel.i18n import gettext as _
from center.rooms.queries import all_rooms, get_room
from center.web.blueprints import bookings as blueprint
from center.web.bookings.change_flow import offer_starts, page_of_booking
from center.web.bookings.change_forms import OTHER, MoveForm
from center.web.sending import did, go_on, is_done


@blueprint.route("/desk/bookings/<reference>/move", methods=["GET", "POST"])
@requires(Permission.BOOK_FOR_ANYONE)
def move(reference: str) -> ResponseReturnValue:
    """Move somebody's booking because the centre needs the room: to a substitute, with a reason."""
    now = clock.now()
    booking = queries.get_booking(reference)
    if not did(lambda: moving.refuse_unchangeable(booking, as_staff=True, now=now), transacts=False):
        return redirect(page_of_booking(booking))
    form = MoveForm(room=booking.room.code, date=local_date(booking.starts_at))
    found = substitutes(booking, now=now)
    form.offer(found, all_rooms(), here=place_now(booking))
    if request.form.get("stage") == "edit":
        form.to.data = OTHER
    elif is_done(form, lambda: _move(booking, form, now=now), transacts=False):
        return go_on(
            _("The booking is moved. Its person is told from where to where, and why."), page_of_booking(booking)
        )
    notices = form.refusal.notices if isinstance(form.refusal, NeedsReason) else ()
    offer_starts(booking, form, now=now)
    return render_template(
        "desk/bookings/move.html",
        booking=booking,
        form=form,
        has_substitutes=bool(found),
        notices=notices,
        reached=messages.how_told([booking], news.MOVED_BY_STAFF, now=now),
        is_soon=booking.starts_at - now < moving.STAFF_NOTICE,
    ), 422 if form.error_list() or notices else 200


def _move(booking: Booking, form: MoveForm, *, now: datetime) -> None:
    code, span = form.target(booking.ends_at - booking.starts_at, centre_zone())
    room = get_room(code)
    effects = look_ahead(booking, replace(shape_of(booking), room=room, span=span), as_staff=True, now=now)
    if "asked" not in request.form:
        check_override(effects.verdict, "")  # shown once, then done with the reason that the person reads
    with transaction():
        moving.move_by_staff(
            booking,
            room=room,
            span=span,
            reason=form.reason.data,
            agreed=form.agreed.data,
            by=current_user.person,
            now=now,
        )
