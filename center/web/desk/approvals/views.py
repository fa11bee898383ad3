"""Pages on which staff decide about waiting requests: one at a time, or several at once; and take it back."""

from collections.abc import Callable, Iterator, Sequence, Sized
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.bookings import actions, messages, news, queries
from center.bookings.approvals import undoing
from center.bookings.models import Booking
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.errors import DomainError, NotFound
from center.kernel.i18n import gettext as _
from center.kernel.i18n import ngettext
from center.notices.kinds import Kind
from center.rooms.wants import lacking_features
from center.web.blueprints import bookings as blueprint
from center.web.bookings.declining import DeclineOneForm
from center.web.bookings.forms import ReasonForm
from center.web.bookings.request_list import RequestsForm, just_decided, wanted
from center.web.desk.approvals import page
from center.web.desk.approvals.forms import DecideForm
from center.web.rendering import render
from center.web.sending import did, form_page, go_on, is_done, refusal_of, tried

MOST_AT_ONCE = 100
NUMBER = 9  # digits of a sequence


@dataclass(frozen=True)
class Pick:
    """A request that was ticked, as it was when it was shown."""

    reference: str
    seen: int


@blueprint.get("/desk/requests")
@requires(Permission.SEE_BOOKINGS)
def requests() -> ResponseReturnValue:
    """The requests that wait, the soonest first; with `?all=1` all of them are ticked."""
    return _queue(DecideForm(), everything=request.args.get("all") == "1")


@blueprint.post("/desk/requests")
@requires(Permission.APPROVE_BOOKINGS)
def decide() -> ResponseReturnValue:
    """Decide about the one whose button was pressed, or about all that are ticked. Each stands or falls on its own."""
    form, which = DecideForm(), wanted()
    one = request.form.get("one", "")
    picks = list(_picks([one] if one else request.form.getlist("pick")))
    action = "approve" if one else request.form.get("action", "")
    ticked = {pick.reference for pick in picks}
    if not form.validate_for(action, picks):
        return _queue(form, ticked=ticked, status=422)
    on = page.next_after(page.waiting(which, now=clock.now()).wanted, ticked)
    undone = [each for pick in picks if (each := _try(pick, action, form.words_for(action)))]
    if done := len(picks) - len(undone):
        flash(_done_words(action, done), "ok")
    if undone:
        return _queue(form, ticked={each.reference for each in undone}, undone=undone, status=409)
    return redirect(page.address(which, on), 303)


@blueprint.post("/desk/requests/undo")
@requires(Permission.APPROVE_BOOKINGS)
def take_back() -> ResponseReturnValue:
    """Take back what one decided this minute with one press: all of it, or one of several."""
    press, _slash, reference = request.form.get("undo", "").partition("/")
    bookings = undoing.decided_by_press(press, reference, by=current_user.person)

    def said(undone: Sized) -> str:
        number = len(undone) or len(bookings)
        return ngettext("Taken back: the request waits again.", "Taken back: %(num)d requests wait again.", number)

    if not did(lambda: undoing.take_back(bookings, by=current_user.person, now=clock.now()), said):
        return redirect(page.address(wanted(), request.args.get("at", "")[:12]), 303)
    first = min(bookings, key=lambda each: (each.starts_at, each.id))
    return redirect(page.address(wanted(), page.reference_of(first)), 303)


@blueprint.post("/desk/bookings/<reference>/approve")
@requires(Permission.APPROVE_BOOKINGS)
def approve(reference: str) -> ResponseReturnValue:
    """Agree to a request."""
    booking, back = queries.get_booking(reference), next_address(reference)
    did(lambda: actions.approve(booking, **_hand()), _("Approved: %(reference)s.", reference=booking.reference))
    return redirect(back, 303)


@blueprint.route("/desk/bookings/<reference>/decline", methods=["GET", "POST"])
@requires(Permission.APPROVE_BOOKINGS)
def decline(reference: str) -> ResponseReturnValue:
    """Decline a request, with a reason."""
    form = DeclineOneForm()
    return _with_words(
        reference,
        form,
        news.DECLINED,
        lambda booking: actions.decline(booking, reason=form.words, **_hand()),
        lambda booking: _("Declined: %(reference)s. Its time is free again.", reference=booking.reference),
    )


@blueprint.route("/desk/bookings/<reference>/ask", methods=["GET", "POST"])
@requires(Permission.APPROVE_BOOKINGS)
def ask(reference: str) -> ResponseReturnValue:
    """Ask the person of a request to change it."""
    form = ReasonForm()
    return _with_words(
        reference,
        form,
        news.CHANGE_ASKED,
        lambda booking: actions.ask_for_change(booking, form.reason.data, **_hand()),
        lambda booking: _("Asked: %(reference)s. Its time stays held.", reference=booking.reference),
    )


def _with_words(
    reference: str,
    form: DeclineOneForm | ReasonForm,
    kind: Kind,
    act: Callable[[Booking], None],
    done: Callable[[Booking], str],
) -> ResponseReturnValue:
    booking = queries.get_booking(reference)
    following = next_address(booking.reference) if form.is_submitted() else ""
    if is_done(form, lambda: act(booking)):
        return go_on(done(booking), following)
    reached = messages.how_told([booking], kind, now=clock.now())
    template = "desk/bookings/ask.html" if isinstance(form, ReasonForm) else "desk/bookings/decline.html"
    back = page.address(wanted(), booking.reference)
    return form_page(template, form, booking=booking, reached=reached, back=back)


def _try(pick: Pick, action: str, words: str) -> page.Undone | None:
    """Decide about one request in a transaction of its own; what stands in the way, or None when it is done."""
    facts: dict[str, Any] = {"by": current_user.person, "now": clock.now(), "seen": pick.seen}
    booking = tried(lambda: queries.get_booking(pick.reference), transacts=False)
    if isinstance(booking, DomainError):
        return page.Undone(pick.reference, None, booking.message)
    acts = {
        "approve": lambda: actions.approve(booking, **facts),
        "decline": lambda: actions.decline(booking, reason=words, **facts),
    }
    error = refusal_of(acts.get(action) or (lambda: actions.ask_for_change(booking, words, **facts)))
    if error is None:
        return None
    return page.Undone(pick.reference, None if isinstance(error, NotFound) else booking, error.message)


def _queue(
    form: DecideForm,
    *,
    ticked: set[str] | None = None,
    everything: bool = False,
    undone: Sequence[page.Undone] = (),
    status: int = 200,
) -> ResponseReturnValue:
    now, which = clock.now(), wanted()
    found = page.waiting(which, now=now)
    filters = RequestsForm(request.args)
    filters.offer(found.all)
    filters.validate()
    shown, at = page.bookings_shown(found), request.args.get("at", "")[:12]
    facts = page.RequestsPage(
        form=form,
        filters=filters,
        wanted=which,
        found=found,
        background=page.background(found, now=now),
        at=at,
        just_decided=just_decided(),
        take_back_address=url_for("bookings.take_back", at=at or None, **which.args()),
        address=page.address(which),
        ticked={each.reference for each in shown} if everything else ticked or (),
        is_all_ticked=everything,
        lacking={each.id: lacking_features(each.room, each.needed) for each in shown},
        undone=undone,
        hearers=messages.hearers_by_booking(shown, now=now),
        if_approved=messages.how_told(shown, news.APPROVED, now=now),
        if_declined=messages.how_told(shown, news.DECLINED, now=now),
    )
    return render("desk/bookings/requests.html", facts), status


def _hand() -> dict[str, Any]:
    """Who decides now, and about what state of it."""
    return {"by": current_user.person, "now": clock.now(), "seen": _seen(request.form.get("seen", ""))}


def next_address(reference: str) -> str:
    """Where to go on once this request is decided: the next in the list as it was filtered."""
    which = wanted()
    return page.address(which, page.next_after(page.waiting(which, now=clock.now()).wanted, {reference}))


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
