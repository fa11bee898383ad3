"""Pages on which staff decide about waiting requests."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center import clock
from center.access import Permission, requires
from center.bookings import actions, queries
from center.bookings.forms import ReasonForm
from center.bookings.views import blueprint
from center.db import transaction
from center.errors import DomainError
from center.i18n import gettext as _


@blueprint.get("/desk/requests")
@requires(Permission.SEE_BOOKINGS)
def requests() -> ResponseReturnValue:
    """The requests that wait, the soonest first."""
    return render_template("bookings/requests.html", waiting=queries.waiting_requests(now=clock.now()))


@blueprint.post("/bookings/<reference>/approve")
@requires(Permission.APPROVE_BOOKINGS)
def approve(reference: str) -> ResponseReturnValue:
    """Agree to a request."""
    booking = queries.get_booking(reference)
    try:
        with transaction():
            actions.approve(booking, by=current_user.person, now=clock.now())
    except DomainError as error:
        flash(str(error), "error")
    else:
        flash(_("Approved: %(reference)s.", reference=booking.reference), "ok")
    return redirect(_back(), 303)


@blueprint.route("/bookings/<reference>/decline", methods=["GET", "POST"])
@requires(Permission.APPROVE_BOOKINGS)
def decline(reference: str) -> ResponseReturnValue:
    """Decline a request, with a reason."""
    booking = queries.get_booking(reference)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            with transaction():
                actions.decline(booking, reason=form.reason.data, by=current_user.person, now=clock.now())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("Declined: %(reference)s. Its time is free again.", reference=booking.reference), "ok")
            return redirect(_back(), 303)
    return render_template("bookings/decline.html", booking=booking, form=form), 422 if form.error_list() else 200


def _back() -> str:
    """The list of requests, or the desk's board when the decision was made there."""
    return url_for("desk.board" if request.args.get("from") == "desk" else "bookings.requests")
