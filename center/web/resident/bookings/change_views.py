"""Pages on which a booking is changed: by its person, or by the desk for them."""

from datetime import datetime

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.bookings import asking, messages, news, policy
from center.bookings.changes import Shape
from center.bookings.changing import moving
from center.bookings.changing.differences import differences
from center.bookings.changing.effects import look_ahead
from center.bookings.models import Booking
from center.bookings.offered import free_starts
from center.bookings.rulebook.judging import NeedsReason, party_of
from center.bookings.rulebook.needs import feature_names
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.db import transaction
from center.kernel.errors import Conflict, DomainError, RuleBroken, broken_rules
from center.kernel.i18n import gettext as _
from center.web.blueprints import bookings as blueprint
from center.web.bookings import flow
from center.web.bookings.change_flow import (
    form_for,
    offer_times,
    page_of_booking,
    plan_of,
    room_in,
    shape_in,
    slots_near,
)
from center.web.bookings.change_forms import ChangeForm
from center.web.bookings.forms import ReasonForm
from center.web.resident.bookings.views import seen_booking
from center.web.sending import did, is_done

blueprint.add_app_template_global(feature_names)


@blueprint.route("/bookings/<reference>/change", methods=["GET", "POST"])
@signed_in
def change(reference: str) -> ResponseReturnValue:
    """Change a booking: the form as it is filled in now, then what will be different, then it is done."""
    now = clock.now()
    booking, led_ids = seen_booking(reference, now)
    authorise(policy.may_cancel(booking, current_user, led_ids))
    as_staff = not policy.is_own(booking, current_user, led_ids)
    try:
        moving.refuse_unchangeable(booking, as_staff=as_staff, now=now)
    except DomainError as error:
        flash(str(error), "error")
        return redirect(page_of_booking(booking))
    form = form_for(booking, as_staff=as_staff, now=now)
    if request.method == "GET" or request.form.get("stage") == "edit" or "choose" in request.form:
        return _ask(booking, form, as_staff=as_staff, now=now)
    if not form.validate() or form.proposed_span is None:
        return _ask(booking, form, as_staff=as_staff, now=now, status=422)
    try:
        return _change(booking, form, as_staff=as_staff, now=now)
    except (RuleBroken, Conflict) as error:
        form.refuse(error)
        return _ask(booking, form, as_staff=as_staff, now=now, status=error.status)


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
    if is_done(form, lambda: asking.answer(booking, form.reason.data, by=current_user.person, now=now)):
        flash(_("Your answer is sent. The time is still held for you."), "ok")
        return redirect(page_of_booking(booking), 303)
    return render_template(
        "resident/bookings/answer.html", booking=booking, form=form
    ), 422 if form.error_list() else 200


def _change(booking: Booking, form: ChangeForm, *, as_staff: bool, now: datetime) -> ResponseReturnValue:
    """Show what would be different, or do it."""
    to = shape_in(booking, form)
    if request.form.get("stage") != "save":
        return _confirm(booking, form, to, as_staff=as_staff, now=now)
    try:
        with transaction():
            if not as_staff:
                authorise(flow.is_account_open())
            moving.change(
                booking,
                to,
                by=current_user.person,
                now=now,
                as_staff=as_staff,
                seen=form.seen_sequence,
                override_reason=form.override_reason.data or "",
            )
    except NeedsReason as error:
        if "asked" in request.form:
            form.refuse(error)
        return _confirm(booking, form, to, as_staff=as_staff, now=now)
    flash(_("The booking is changed."), "ok")
    return redirect(page_of_booking(booking), 303)


def _confirm(booking: Booking, form: ChangeForm, to: Shape, *, as_staff: bool, now: datetime) -> ResponseReturnValue:
    """What would be different; with the rules it is against, where staff may do it all the same."""
    effects = look_ahead(booking, to, as_staff=as_staff, now=now)
    broken_rules(list(effects.verdict.refusals))
    kind = news.MOVED_BY_DESK if effects.change.is_moved else news.EDITED_BY_STAFF
    return render_template(
        "resident/bookings/change_confirm.html",
        booking=booking,
        form=form,
        waits=effects.waits_anew,
        is_moved=effects.change.is_moved,
        notices=effects.verdict.notices,
        differences=differences(effects.change),
        telling=messages.how_told([booking], kind, now=now) if as_staff else None,
    ), 422 if form.error_list() else 200


def _ask(
    booking: Booking, form: ChangeForm, *, as_staff: bool, now: datetime, status: int = 200
) -> ResponseReturnValue:
    """The form, with what is free on its day, and the nearest free times where it was refused."""
    room, party = room_in(booking, form), party_of(booking.organisation_id, as_staff=as_staff)
    plan = plan_of(booking, room, form, now=now)
    starts = free_starts(party, plan, form.length or 0) or free_starts(party, plan) if plan else []
    offer_times(booking, form, plan, as_staff=as_staff)
    slots = slots_near(booking, room, form, party, now=now) if form.error_list() else []
    is_hopeless = bool(form.error_list()) and form.proposed_span is not None and not slots
    return render_template(
        "resident/bookings/change.html",
        booking=booking,
        form=form,
        room=room,
        day=None if is_hopeless else plan,
        starts=starts,
        slots=slots,
    ), status
