"""Pages on which a booking is changed: by its person, or by the desk for them."""

from functools import partial

from flask import redirect, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.bookings import actions, policy
from center.bookings.changing import moving
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.i18n import gettext as _
from center.web.blueprints import bookings as blueprint
from center.web.bookings.change_flow import page_of_booking
from center.web.bookings.forms import ReasonForm
from center.web.resident.bookings.change_steps import ChangeSteps
from center.web.resident.bookings.views import seen_booking
from center.web.sending import did, go_on, is_done


@blueprint.get("/bookings/<reference>/change")
@signed_in
def change(reference: str) -> ResponseReturnValue:
    """Lead to the form as it is filled in now."""
    steps = _steps(reference)
    return _refused(steps) or steps.start()


@blueprint.route("/bookings/<reference>/change/<step>", methods=["GET", "POST"])
@signed_in
def change_booking_step(reference: str, step: str) -> ResponseReturnValue:
    """Change a booking: what is asked for, then what will be different."""
    steps = _steps(reference)
    return _refused(steps) or steps.answer(step)


@blueprint.post("/bookings/<reference>/fine")
@signed_in
def agree(reference: str) -> ResponseReturnValue:
    """The person says that a move by staff is fine."""
    now = clock.now()
    booking, led_ids = seen_booking(reference, now)
    authorise(policy.is_own(booking, current_user, led_ids))
    did(lambda: moving.agree(booking, by=current_user.person, now=now), _("Thank you. The booking stays as it is now."))
    return redirect(page_of_booking(booking), 303)


@blueprint.route("/bookings/<reference>/answer", methods=["GET", "POST"])
@signed_in
def answer(reference: str) -> ResponseReturnValue:
    """Answer what staff asked of a request, in words."""
    now = clock.now()
    booking, led_ids = seen_booking(reference, now)
    authorise(policy.is_own(booking, current_user, led_ids))
    form = ReasonForm()
    form.reason.label.text, form.reason.description = _("Your answer"), _("The staff will read this.")
    if is_done(form, lambda: actions.answer(booking, form.reason.data, by=current_user.person, now=now)):
        return go_on(_("Your answer is sent. The time is still held for you."), page_of_booking(booking))
    return render_template("resident/bookings/answer.html", booking=booking, form=form), form.status


def _steps(reference: str) -> ChangeSteps:
    booking, led_ids = seen_booking(reference, now := clock.now())
    authorise(policy.may_cancel(booking, current_user, led_ids))
    return ChangeSteps(booking, as_staff=not policy.is_own(booking, current_user, led_ids), now=now)


def _refused(steps: ChangeSteps) -> ResponseReturnValue | None:
    """Back to a booking that cannot be changed, with why."""
    look = partial(moving.refuse_unchangeable, steps.booking, as_staff=steps.as_staff, now=steps.now)
    return None if did(look, transacts=False) else redirect(page_of_booking(steps.booking))
