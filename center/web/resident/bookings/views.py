"""Pages of bookings for the people who make them: see, print, add to a calendar, cancel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.bookings import actions, history, messages, news, policy, queries, undoing
from center.bookings.calendars.entries import own_entry, single_file
from center.bookings.models import LIVE, Booking, BookingEvent, BookingStatus
from center.bookings.models.series import BookingSeries
from center.bookings.models.visits import NoShow
from center.bookings.rulebook.missed_visits import Visit, may_be_marked_missed, visit_of
from center.bookings.states import last_cancel
from center.bookings.visits import actions as presence
from center.kernel import clock
from center.kernel.access import Permission, authorise, may, signed_in
from center.kernel.i18n import centre_zone, local_date
from center.kernel.i18n import gettext as _
from center.notices.models import Notice
from center.notices.telling import Told
from center.organisations.models import Organisation
from center.organisations.queries import organisations_led_by
from center.rooms.models import AccessFeature
from center.rooms.wants import lacking_features
from center.web import slips
from center.web.blueprints import bookings as blueprint
from center.web.bookings.forms import CancelForm
from center.web.forms import said_to_them
from center.web.qr import qr_code
from center.web.rendering import render
from center.web.sending import form_page, go_on, is_done


@dataclass(frozen=True, kw_only=True)
class BookingPage:
    """A booking as its page shows it to whoever may see it."""

    booking: Booking
    series: BookingSeries | None
    is_new: bool
    is_own: bool
    may_cancel: bool
    may_change: bool
    may_decide: bool
    may_undo: bool
    deadline: datetime
    has_begun: bool
    history: Sequence[BookingEvent]
    visit: Visit
    may_mark_missed: bool
    missed: NoShow | None
    move: BookingEvent | None
    edits: Sequence[Notice]
    lacking: Sequence[AccessFeature]
    told: Sequence[Told]


@blueprint.get("/bookings/<reference>")
@signed_in
def show(reference: str) -> ResponseReturnValue:
    """One booking: where it stands and what can be done with it."""
    now = clock.now()
    booking, led_ids = seen_booking(reference, now)
    as_staff = may(Permission.BOOK_FOR_ANYONE)
    is_own, is_theirs = policy.is_own(booking, current_user, led_ids), policy.may_cancel(booking, current_user, led_ids)
    events = history.events_of(booking)
    page = BookingPage(
        booking=booking,
        series=queries.find_series_of(booking),
        is_new="new" in request.args and booking.state_at(now) in LIVE,
        is_own=is_own,
        may_cancel=is_theirs and policy.is_cancellable(booking, now=now, as_staff=as_staff),
        may_change=is_theirs and policy.is_changeable(booking, now=now, as_staff=not is_own),
        may_decide=policy.may_decide(booking, current_user, now=now),
        may_undo=as_staff and bool(undoing.just_made([booking], by=current_user.person, now=now)),
        deadline=last_cancel(booking),
        has_begun=booking.starts_at <= now,
        history=events,
        visit=visit_of(booking, now=now),
        may_mark_missed=may_be_marked_missed(booking, now=now),
        missed=presence.find_no_show(booking) if as_staff else None,
        move=queries.latest_move(events),
        edits=messages.edits_of(booking, reader_id=current_user.person_id if is_own else None),
        lacking=lacking_features(booking.room, booking.needed),
        told=messages.told_of(booking) if may(Permission.TELL_PEOPLE) else [],
    )
    return render("resident/bookings/show.html", page)


@blueprint.get("/bookings/<reference>/slip")
@signed_in
def slip(reference: str) -> ResponseReturnValue:
    """The booking on paper, in large type, with a code that leads to this page."""
    booking, _led_ids = seen_booking(reference, clock.now())
    address = url_for("bookings.show", reference=booking.reference, _external=True)
    return slips.slip("resident/bookings/slip.html", booking.person, booking=booking, qr=qr_code(address))


@blueprint.get("/bookings/<reference>/calendar.ics")
@signed_in
def calendar(reference: str) -> ResponseReturnValue:
    """The booking as a calendar file."""
    booking, _led_ids = seen_booking(reference, clock.now())
    address = url_for("bookings.show", reference=booking.reference, _external=True)
    entry = own_entry(booking, booking.room, address_of=lambda _reference: address)
    response = Response(single_file(entry, zone=centre_zone()), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="{booking.reference}.ics"'
    return response


@blueprint.route("/bookings/<reference>/cancel", methods=["GET", "POST"])
@signed_in
def cancel(reference: str) -> ResponseReturnValue:
    """Cancel a booking: one tap here, one to confirm."""
    now = clock.now()
    booking, led_ids = seen_booking(reference, now)
    authorise(policy.may_cancel(booking, current_user, led_ids))
    as_staff = may(Permission.BOOK_FOR_ANYONE)
    is_own = policy.is_own(booking, current_user, led_ids)
    form = CancelForm()
    if not is_own:
        said_to_them(form.reason)
    if request.method == "GET" and booking.status is BookingStatus.CANCELLED:
        return redirect(url_for("bookings.show", reference=booking.reference))
    given = {"by": current_user.person, "now": now, "as_staff": as_staff}
    if is_done(form, lambda: actions.cancel(booking, reason=form.reason.data or "", **given)):
        said = _("The booking is cancelled. The room is free for others.")
        return go_on(said, url_for("bookings.show", reference=booking.reference))
    reached = None if is_own else messages.how_told([booking], news.CANCELLED_BY_STAFF, now=now)
    return form_page("resident/bookings/cancel.html", form, booking=booking, reached=reached)


def seen_booking(reference: str, now: datetime) -> tuple[Booking, list[int]]:
    """The booking, if this person may see it, and the ids of the organisations they lead."""
    booking = queries.get_booking(reference)
    led_ids = [each.id for each in _led(now)]
    authorise(policy.may_see(booking, current_user, led_ids))
    return booking, led_ids


def _led(now: datetime) -> list[Organisation]:
    return list(organisations_led_by(current_user.person_id, local_date(now)))
