"""Pages of sign-ups for the people who have them: see, print, accept, cancel."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.queries import get_session
from center.attendance import leave_ahead
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.sealed import seal
from center.people.households import door_words
from center.signups import cancelling, history, news, policy, queries, rules, undoing
from center.signups.answers import facts_of_date
from center.signups.details.editing import may_edit
from center.signups.groups import can_never_fit
from center.signups.lottery.queries import draws_of, lot_of
from center.signups.messages import how_told
from center.signups.models import HOLDING, SignUp, SignUpState
from center.signups.models.history import SignUpEvent
from center.signups.models.lottery import Draw, Lot
from center.signups.places_left import KeptPlaces, unproved_of
from center.signups.roster_state import RosterState, read
from center.signups.state_words import StateWords, how_it_stands
from center.web import slips
from center.web.blueprints import signups as blueprint
from center.web.forms import BaseForm, long_text_field, said_to_them
from center.web.qr import qr_code
from center.web.rendering import render
from center.web.resident.sign_ups.details_views import may_pass_on
from center.web.sending import did, form_page, go_on, is_done
from center.web.sign_ups.pages import acted_for, changeable, seen, take_place, turn_down_place


class CancelForm(BaseForm):
    """Do without a place."""

    reason = long_text_field(_l("A line to those who prepare it"), most=200)


@dataclass(frozen=True, kw_only=True)
class SignUpPage:
    """A sign-up as its page shows it to whoever may see it."""

    sign_up: SignUp
    roster_state: RosterState
    said: StateWords | None
    is_expired: bool
    history: Sequence[SignUpEvent]
    is_new: bool
    draw: Draw | None
    lot: Lot | None
    never_fits: int
    may_change: bool
    may_edit: bool
    may_pass_on: bool
    may_undo: bool
    home: str
    unproved: Sequence[KeptPlaces]
    seal: str
    absences: Collection[int]  # the dates of which somebody can say that they cannot come
    on_leave: Collection[int]


@blueprint.get("/sign-ups/<reference>")
@signed_in
def show_sign_up(reference: str) -> ResponseReturnValue:
    """One sign-up: whether there is a place, or which place in the queue."""
    sign_up = seen(reference)
    if sign_up.roster.activity.is_confined:  # all of it stands on the child's own page
        return redirect(url_for("children.show", person_id=sign_up.person_id), 303)
    now, roster_state = clock.now(), read(sign_up.roster)
    may_change = policy.may_change(sign_up, current_user, acted_for())
    page = SignUpPage(
        sign_up=sign_up,
        roster_state=roster_state,
        said=how_it_stands(sign_up, reader_id=current_user.person_id, place=queries.place_in_queue(sign_up), now=now),
        is_expired=rules.has_expired(sign_up.state, sign_up.offer_expires_at, now=now),
        history=history.history(sign_up),
        is_new="new" in request.args,
        draw=draws_of([sign_up.roster_id]).get(sign_up.roster_id),
        lot=lot_of(sign_up),
        never_fits=_too_many_together(sign_up, roster_state),
        may_change=may_change,
        may_edit=may_change and may_edit(sign_up, roster_state, now=now),
        may_pass_on=may_change and may_pass_on(sign_up, roster_state, now=now),
        may_undo=undoing.may_undo(sign_up, by=current_user.person, now=now),
        home=door_words(sign_up.person),
        unproved=unproved_of(sign_up.person, roster_state),
        seal=seal(facts_of_date(roster_state)),
        absences={each.id for each in leave_ahead.dates_of(sign_up, now=now)} if may_change else (),
        on_leave=leave_ahead.on_leave(sign_up, now=now),
    )
    return render("resident/signups/show.html", page)


@blueprint.post("/sign-ups/<reference>/dates/<id:date_id>/cannot-come")
@signed_in
def cannot_come(reference: str, date_id: int) -> ResponseReturnValue:
    """They cannot come this one time; the place stays theirs."""
    return _say_of_date(reference, date_id, leave_ahead.cannot_come, _("Noted for that day. The place stays."))


@blueprint.post("/sign-ups/<reference>/dates/<id:date_id>/can-come")
@signed_in
def can_come(reference: str, date_id: int) -> ResponseReturnValue:
    """They can come that day after all."""
    return _say_of_date(reference, date_id, leave_ahead.can_come, _("Good: you are expected that day."))


def _say_of_date(reference: str, date_id: int, act: Callable[..., object], said: str) -> ResponseReturnValue:
    sign_up, session = changeable(reference), get_session(date_id)
    authorise(session.activity_id == sign_up.roster.activity_id)
    did(lambda: act(sign_up, session, by=current_user.person, now=clock.now()), said)
    return redirect(url_for("signups.show_sign_up", reference=reference), 303)


@blueprint.get("/sign-ups/<reference>/slip")
@signed_in
def slip(reference: str) -> ResponseReturnValue:
    """The sign-up on paper, in large type, with a code that leads to its page."""
    sign_up = seen(reference)
    address = url_for("signups.show_sign_up", reference=sign_up.reference, _external=True)
    place = queries.place_in_queue(sign_up)
    roster_state = read(sign_up.roster)
    return slips.slip(
        "resident/signups/slip.html",
        sign_up.person,
        sign_up=sign_up,
        roster_state=roster_state,
        place=place,
        qr=qr_code(address),
    )


@blueprint.route("/sign-ups/<reference>/cancel", methods=["GET", "POST"])
@signed_in
def cancel(reference: str) -> ResponseReturnValue:
    """Do without a place, or stop waiting."""
    sign_up = changeable(reference)
    is_confined = sign_up.roster.activity.is_confined  # then a guardian ends it on the child's own page
    if is_confined or (request.method == "GET" and sign_up.state is SignUpState.CANCELLED):  # after Back
        return redirect(url_for("signups.show_sign_up", reference=reference), 303)
    had_place, as_staff = sign_up.state in HOLDING, sign_up.person_id not in acted_for()
    form = CancelForm()
    if as_staff:
        said_to_them(form.reason)
    by, now = current_user.person, clock.now()
    reason = form.reason.data or ""
    if is_done(form, lambda: cancelling.cancel(sign_up, reason=reason, by=by, now=now, as_staff=as_staff)):
        said = _cancelled_words(had_place=had_place, as_staff=as_staff)
        return go_on(said, url_for("signups.show_sign_up", reference=reference))
    roster_state = read(sign_up.roster)
    deadline, is_late = _deadline(sign_up, roster_state)
    return form_page(
        "resident/signups/cancel.html",
        form,
        sign_up=sign_up,
        roster_state=roster_state,
        deadline=deadline,
        is_late=is_late,
        as_staff=as_staff,
        reached=how_told([sign_up], news.CANCELLED_BY_STAFF, now=now) if as_staff else None,
    )


@blueprint.post("/sign-ups/<reference>/accept")
@signed_in
def accept(reference: str) -> ResponseReturnValue:
    """Take the place that is offered."""
    take_place(changeable(reference), by=current_user.person)
    return redirect(url_for("signups.show_sign_up", reference=reference), 303)


@blueprint.post("/sign-ups/<reference>/turn-down")
@signed_in
def turn_down(reference: str) -> ResponseReturnValue:
    """Do without the place that is offered."""
    sign_up = changeable(reference)
    turn_down_place(sign_up, by=current_user.person)
    return redirect(url_for("signups.show_sign_up", reference=reference), 303)


def _too_many_together(sign_up: SignUp, roster_state: RosterState) -> int:
    """How many they are who want to stay together, where they are too many ever to have places; else 0."""
    if not sign_up.group.stays_together or sign_up.state not in {SignUpState.WAITING, SignUpState.REQUESTED}:
        return 0
    unit = [each for each in sign_up.group.sign_ups if each.state is sign_up.state]
    return len(unit) if len(unit) > 1 and can_never_fit(unit, roster_state) else 0


def _cancelled_words(*, had_place: bool, as_staff: bool) -> str:
    if as_staff:
        return _("It is cancelled. They are told that the desk did it, and why.")
    return _("It is cancelled. Thank you for giving the place back.") if had_place else _("It is cancelled.")


def _deadline(sign_up: SignUp, roster_state: RosterState) -> tuple[datetime | None, bool]:
    """Until when a place can be given back without a word, and whether that is over; the desk needs none."""
    now = clock.now()
    deadline = roster_state.cancel_deadline(now)
    if deadline is None or sign_up.state is not SignUpState.CONFIRMED:
        return None, False
    return deadline, now > deadline
