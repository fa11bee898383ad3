"""Pages on which staff decide about waiting requests: one at a time, or several at once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center import clock
from center.access import Permission, requires
from center.bookings import actions, asking, messages, queries
from center.bookings.forms import DecideForm, ReasonForm
from center.bookings.messages import News
from center.bookings.models import Booking
from center.bookings.rulebook.needs import lacking_features
from center.bookings.views import blueprint
from center.db import transaction
from center.errors import DomainError, NotFound
from center.i18n import gettext as _
from center.i18n import ngettext

MOST_AT_ONCE = 100
NUMBER = 9  # digits of a sequence


@dataclass(frozen=True)
class Pick:
    """A request that was ticked, as it was when it was shown."""

    reference: str
    seen: int


@dataclass(frozen=True)
class Undone:
    """A request that could not be decided, and why."""

    reference: str
    booking: Booking | None
    why: object


@blueprint.get("/desk/requests")
@requires(Permission.SEE_BOOKINGS)
def requests() -> ResponseReturnValue:
    """The requests that wait, the soonest first; with `?all=1` all of them are ticked."""
    return _queue(DecideForm(), everything=request.args.get("all") == "1")


@blueprint.post("/desk/requests")
@requires(Permission.APPROVE_BOOKINGS)
def decide() -> ResponseReturnValue:
    """Decide about the one whose button was pressed, or about all that are ticked. Each stands or falls on its own."""
    form = DecideForm()
    one = request.form.get("one", "")
    picks = list(_picks([one] if one else request.form.getlist("pick")))
    action = "approve" if one else request.form.get("action", "")
    ticked = {pick.reference for pick in picks}
    if not form.validate_for(action, picks):
        return _queue(form, ticked=ticked, status=422)
    undone = [each for pick in picks if (each := _try(pick, action, form.reason.data or ""))]
    if done := len(picks) - len(undone):
        flash(_done_words(action, done), "ok")
    if undone:
        return _queue(form, ticked={each.reference for each in undone}, undone=undone, status=409)
    return redirect(url_for("bookings.requests"), 303)


@blueprint.post("/bookings/<reference>/approve")
@requires(Permission.APPROVE_BOOKINGS)
def approve(reference: str) -> ResponseReturnValue:
    """Agree to a request."""
    booking = queries.get_booking(reference)
    try:
        with transaction():
            actions.approve(booking, by=current_user.person, now=clock.now(), seen=_seen(request.form.get("seen", "")))
    except DomainError as error:
        flash(str(error), "error")
    else:
        flash(_("Approved: %(reference)s.", reference=booking.reference), "ok")
    return redirect(_back(), 303)


@blueprint.route("/bookings/<reference>/decline", methods=["GET", "POST"])
@requires(Permission.APPROVE_BOOKINGS)
def decline(reference: str) -> ResponseReturnValue:
    """Decline a request, with a reason."""
    return _with_reason(
        reference,
        "bookings/decline.html",
        News.DECLINED,
        lambda booking, words: actions.decline(booking, reason=words, by=current_user.person, now=clock.now()),
        lambda booking: _("Declined: %(reference)s. Its time is free again.", reference=booking.reference),
    )


@blueprint.route("/bookings/<reference>/ask", methods=["GET", "POST"])
@requires(Permission.APPROVE_BOOKINGS)
def ask(reference: str) -> ResponseReturnValue:
    """Ask the person of a request to change it."""
    return _with_reason(
        reference,
        "bookings/ask.html",
        News.CHANGE_ASKED,
        lambda booking, words: asking.ask_for_change(booking, words, by=current_user.person, now=clock.now()),
        lambda booking: _("Asked: %(reference)s. Its time stays held.", reference=booking.reference),
    )


def _with_reason(
    reference: str, template: str, news: News, act: Callable[[Booking, str], None], done: Callable[[Booking], str]
) -> ResponseReturnValue:
    booking = queries.get_booking(reference)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            with transaction():
                act(booking, form.reason.data)
        except DomainError as error:
            form.refuse(error)
        else:
            flash(done(booking), "ok")
            return redirect(_back(), 303)
    outlook = messages.outlook([booking], news, now=clock.now())
    return render_template(template, booking=booking, form=form, outlook=outlook), 422 if form.error_list() else 200


def _try(pick: Pick, action: str, words: str) -> Undone | None:
    """Decide about one request in a transaction of its own; what stands in the way, or None when it is done."""
    booking: Booking | None = None
    facts: dict[str, Any] = {"by": current_user.person, "now": clock.now(), "seen": pick.seen}
    try:
        booking = queries.get_booking(pick.reference)
        with transaction():
            if action == "approve":
                actions.approve(booking, **facts)
            elif action == "decline":
                actions.decline(booking, reason=words, **facts)
            else:
                asking.ask_for_change(booking, words, **facts)
    except DomainError as error:
        gone = isinstance(error, NotFound)
        return Undone(pick.reference, None if gone else booking, error.message)
    return None


def _queue(
    form: DecideForm,
    *,
    ticked: set[str] | None = None,
    everything: bool = False,
    undone: Sequence[Undone] = (),
    status: int = 200,
) -> ResponseReturnValue:
    now = clock.now()
    waiting = queries.waiting_requests(now=now)
    return render_template(
        "bookings/requests.html",
        form=form,
        to_decide=[booking for booking in waiting if not booking.awaits_answer],
        asked=[booking for booking in waiting if booking.awaits_answer],
        is_ticked=lambda booking: everything or booking.reference in (ticked or ()),
        is_all_ticked=everything,
        lacking=lambda booking: lacking_features(booking.room, booking.needed),
        undone=undone,
        hearers=messages.hearers_by_booking(waiting, now=now),
        if_approved=messages.outlook(waiting, News.APPROVED, now=now),
        if_declined=messages.outlook(waiting, News.DECLINED, now=now),
    ), status


def _picks(values: Sequence[str]) -> Iterator[Pick]:
    """The requests that were ticked, each once; what no page of ours sends is left out."""
    known: set[str] = set()
    for value in values[:MOST_AT_ONCE]:
        reference, _slash, sequence = value.partition("/")
        seen = _seen(sequence)
        if seen is not None and reference not in known and 0 < len(reference) <= 12:
            known.add(reference)
            yield Pick(reference, seen)


def _seen(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= NUMBER else None


def _done_words(action: str, number: int) -> str:
    if action == "approve":
        return ngettext("%(num)d request approved.", "%(num)d requests approved.", number)
    if action == "decline":
        return ngettext("%(num)d request declined.", "%(num)d requests declined.", number)
    return ngettext("Asked for a change of %(num)d request.", "Asked for a change of %(num)d requests.", number)


def _back() -> str:
    """The list of requests, or the desk's board when the decision was made there."""
    return url_for("desk.board" if request.args.get("from") == "desk" else "bookings.requests")
