"""Pages of the desk on who has come and who has not: check-in, missed visits, calls, limits."""

from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.queries import sessions_by_ids
from center.bookings import queries
from center.bookings.models import Booking
from center.bookings.rulebook.missed_visits import Visit, settings, visit_of
from center.bookings.visits import actions as presence
from center.bookings.visits import limits, welfare
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.access_log import Kind
from center.kernel.i18n import centre_zone, local_date
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.people.records import get_person
from center.web.blueprints import bookings as blueprint
from center.web.forms import BaseForm, long_text_field, text_field
from center.web.people import looks
from center.web.sending import did, form_page, go_on, is_done, next_below


class ToldReasonForm(BaseForm):
    """A reason that the person reads."""

    reason = text_field(_l("Reason"), most=200, hint=_l("The person reads this, in My account."))


class StaffReasonForm(BaseForm):
    """A reason for those who look later."""

    reason = text_field(_l("Reason"), most=200)


class FoundForm(BaseForm):
    """What somebody found out about a person who lives alone."""

    found = long_text_field(
        _l("What did you find out?"),
        most=300,
        required=True,
        hint=_l("A few words, such as: is well, was at her daughter's. Nothing about illness."),
    )


@blueprint.post("/desk/bookings/<reference>/check-in")
@requires(Permission.BOOK_FOR_ANYONE)
def check_in(reference: str) -> ResponseReturnValue:
    """They are here."""
    booking = queries.get_booking(reference)
    done = _("%(name)s is here.", name=booking.person.name)
    return _press(booking, lambda: presence.check_in(booking, by=current_user.person, now=clock.now()), done)


@blueprint.post("/desk/bookings/<reference>/check-in/undo")
@requires(Permission.BOOK_FOR_ANYONE)
def undo_check_in(reference: str) -> ResponseReturnValue:
    """They are not here after all."""
    booking = queries.get_booking(reference)
    done = _("The check-in of %(name)s is undone.", name=booking.person.name)
    return _press(booking, lambda: presence.undo_check_in(booking, by=current_user.person, now=clock.now()), done)


@blueprint.post("/desk/bookings/<reference>/missed")
@requires(Permission.BOOK_FOR_ANYONE)
def mark_missed(reference: str) -> ResponseReturnValue:
    """Nobody came."""
    booking = queries.get_booking(reference)
    done = _("Noted that nobody came. What is left of the time is free for others.")
    return _press(booking, lambda: presence.mark_missed(booking, by=current_user.person, now=clock.now()), done)


@blueprint.route("/desk/missed/<id:no_show_id>/excuse", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def excuse(no_show_id: int) -> ResponseReturnValue:
    """A missed visit had a reason, or was our mistake."""
    missed = presence.get_no_show(no_show_id)
    form = StaffReasonForm()
    then = url_for("desk.person", person_id=missed.person_id)
    act = lambda: presence.excuse(missed, reason=form.reason.data, by=current_user.person, now=clock.now())  # noqa: E731
    if is_done(form, act):
        return go_on(_("The missed visit is excused and counts no more."), then)
    return form_page("desk/excuse.html", form, missed=missed, back=then)


@blueprint.get("/desk/calls")
@requires(Permission.EDIT_PEOPLE)
def calls() -> ResponseReturnValue:
    """Who lives alone, missed a visit or a session, and is to be asked how they are."""
    waiting, done = welfare.open_calls(), welfare.done_calls()
    looks.see(Kind.CARE, [each.person for each in [*waiting, *done]])
    missed = sessions_by_ids(each.session_id for each in [*waiting, *done] if each.session_id)
    return render_template("desk/calls.html", waiting=waiting, done=done, missed=missed)


@blueprint.route("/desk/calls/<id:call_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def call(call_id: int) -> ResponseReturnValue:
    """One such call, ticked off with what was found."""
    wanted = welfare.get_call(call_id)
    looks.see(Kind.CARE, [wanted.person])
    missed = sessions_by_ids([wanted.session_id] if wanted.session_id else [])
    form = FoundForm()
    act = lambda: welfare.tick_off(wanted, found=form.found.data, by=current_user.person, now=clock.now())  # noqa: E731
    if is_done(form, act):
        return go_on(
            _("Thank you. The call to %(name)s is ticked off.", name=wanted.person.name), url_for("bookings.calls")
        )
    return form_page("desk/call.html", form, call=wanted, missed=missed)


@blueprint.get("/desk/limits")
@requires(Permission.EDIT_PEOPLE)
def booking_limits() -> ResponseReturnValue:
    """What missed visits propose, for a person to decide, and the limits that hold."""
    now = clock.now()
    proposals, held = limits.proposals(now=now), limits.limits_in_force(now=now)
    return render_template("desk/limits.html", policy=settings(), proposals=proposals, held=held)


@blueprint.route("/desk/people/<id:person_id>/limit", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def decide_limit(person_id: int) -> ResponseReturnValue:
    """Confirm a limit on booking online, or decide against it, with a reason that the person reads."""
    person = get_person(person_id)
    form = ToldReasonForm()
    decide = limits.dismiss if request.form.get("decision") == "dismiss" else limits.limit
    act = lambda: decide(person, reason=form.reason.data, by=current_user.person, now=clock.now())  # noqa: E731
    if is_done(form, act):
        dismissed = _("Decided: no limit for %(name)s.", name=person.name)
        confirmed = _("Decided: %(name)s books through the desk for now.", name=person.name)
        return go_on(dismissed if decide is limits.dismiss else confirmed, url_for("bookings.booking_limits"))
    visits = limits.visit_record_of(person_id, now=clock.now())
    return form_page("desk/decide_limit.html", form, person=person, visits=visits)


@blueprint.route("/desk/limits/<id:limit_id>/lift", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def lift_limit(limit_id: int) -> ResponseReturnValue:
    """End a limit before its time."""
    held = limits.get_limit(limit_id)
    form = ToldReasonForm()
    act = lambda: limits.lift(held, reason=form.reason.data, by=current_user.person, now=clock.now())  # noqa: E731
    if is_done(form, act):
        return go_on(_("%(name)s can book online again.", name=held.person.name), url_for("bookings.booking_limits"))
    return form_page("desk/lift_limit.html", form, held=held)


def _press(booking: Booking, act: Callable[[], object], done: str) -> ResponseReturnValue:
    """One press of a button of the desk: do it, say so, and go back to where it was pressed."""
    did(act, done)
    here, person_id = request.form.get("back", ""), booking.person_id
    if here == "board":
        return redirect(url_for("desk.board", _anchor=_next_button(booking) or "todays-bookings"), 303)
    if here == "day":
        day = local_date(booking.starts_at).isoformat()
        return redirect(url_for("desk.day", date=day, _anchor=_next_button(booking) or "day-list"), 303)
    if here == "person":
        anchor = _next_button(booking, person_id=person_id)
        more = {"_anchor": anchor} if anchor else {"done": 1}  # there the next person comes first
        return redirect(url_for("desk.person", person_id=person_id, **more), 303)
    return redirect(url_for("bookings.show", reference=booking.reference), 303)


def _next_button(booking: Booking, *, person_id: int | None = None) -> str:
    """Where today's list goes on: at the button of this booking if it is awaited, else at the next one's, if any."""
    now, mine = clock.now(), booking.reference
    today = queries.bookings_on(local_date(now), zone=centre_zone(), now=now)
    awaited = [each.reference for each in today if visit_of(each, now=now) is Visit.AWAITED]
    shown = [each.reference for each in today if person_id in (None, each.person_id)]
    following = mine if mine in awaited else next_below([each for each in shown if each in [mine, *awaited]], {mine})
    return f"check-in-{following}" if following else ""
