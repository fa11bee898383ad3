"""Pages of bookings for the people who make them: book, see, print, add to a calendar, cancel."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center import clock
from center.access import Permission, authorise, may, signed_in
from center.bookings import actions, flow, messages, policy, queries, trail
from center.bookings.calendars.entries import own_entry
from center.bookings.calendars.writing import single_file
from center.bookings.checks import last_cancel
from center.bookings.forms import BookingForm, CancelForm, ElderBookingForm
from center.bookings.messages import News
from center.bookings.models import LIVE, Booking, BookingStatus, Channel
from center.bookings.presence import actions as presence
from center.bookings.rulebook.judging import judge
from center.bookings.rulebook.needs import lacking_features
from center.bookings.rulebook.overriding import NeedsReason
from center.bookings.rulebook.rule_words import AGREEMENTS, WAITS
from center.bookings.rulebook.rules import Wish
from center.bookings.waiting import wishes
from center.db import transaction
from center.errors import Conflict, DomainError, RuleBroken, broken_rules
from center.forms import said_to_them
from center.i18n import centre_zone, local_date
from center.i18n import gettext as _
from center.i18n import lazy_gettext as _l
from center.organisations.models import Organisation
from center.organisations.queries import organisations_led_by
from center.qr import qr_code
from center.rooms.models import Room
from center.rooms.queries import get_room
from center.rooms.sentences import who_may_book
from center.shown import Fact, Outdated

blueprint = Blueprint("bookings", __name__)


@blueprint.app_context_processor
def _words() -> dict[str, Any]:
    """What pages of rooms ask that lie below bookings."""
    return {"why_not_book": why_not_book}


def why_not_book(room: Room) -> str:
    """What keeps whoever looks from booking this room themselves, in words; "" where nothing does.

    Of a visitor only what keeps everybody from it is known.
    """
    if may(Permission.BOOK_FOR_ANYONE):
        return ""
    if not current_user.is_authenticated:
        return "" if room.residents_may_book or room.organisations_may_book else who_may_book(room)
    now = clock.now()
    led = organisations_led_by(current_user.person_id, local_date(now))
    who = flow.Applicant(current_user.person, current_user.person, Channel.ONLINE, led)
    why = flow.against(room, who, now=now)
    return next(iter(why.values())) if all(why.values()) else ""


@blueprint.route("/rooms/<code>/book", methods=["GET", "POST"])
@signed_in
def start(code: str) -> ResponseReturnValue:
    """Book a room: ask, show what was asked for, then book it."""
    now = clock.now()
    room = get_room(code)
    authorise(not room.is_retired)
    who = flow.applicant(now)
    form = flow.booking_form(room, who, now=now)
    if not flow.may_ask_yet(current_user):
        return render_template("bookings/not_confirmed.html", room=room), 403
    if request.method == "GET" and all(flow.against(room, who, now=now).values()):
        return render_template("bookings/cannot_book.html", room=room, kept_from=flow.kept_from(room, who, now=now))
    if request.method == "GET" or request.form.get("stage") == "edit" or "choose" in request.form:
        return _ask(room, who, form, now=now)
    if isinstance(form, ElderBookingForm) and (step := _step()) < len(form.STEPS) - 1 and not _is_picked():
        return _ask(room, who, form, now=now, step=step + form.validate_step(step))
    return _book(room, who, form, now=now)


def _book(room: Room, who: flow.Applicant, form: BookingForm, *, now: datetime) -> ResponseReturnValue:
    """Refuse with what is free instead, show it for confirmation, or book it."""
    if not form.validate():
        return _ask(room, who, form, now=now)
    wish = flow.wish_of(room, form, who)
    try:
        if wish is None:
            raise RuleBroken(_l("Please choose a day in the coming weeks."), field="date")
        if request.form.get("stage") != "book":
            return _confirm(room, who, form, wish, now=now)
        return _request(room, who, form, wish, now=now)
    except (RuleBroken, Conflict) as error:
        form.refuse(error)
        return _ask(room, who, form, now=now, status=error.status, may_wait=wishes.is_only_taken(error))


def _request(room: Room, who: flow.Applicant, form: BookingForm, wish: Wish, *, now: datetime) -> ResponseReturnValue:
    """Book it; where staff must say why first, ask them on the page that shows what they book."""
    organisation = who.organisation(form.party.data)
    try:
        with transaction():
            authorise(flow.may_still_book(who, organisation, now=now))
            booking = actions.request_booking(
                room,
                form.as_request(who.channel),
                person=who.person,
                by=who.by,
                party=wish.party,
                organisation=organisation,
                now=now,
                override_reason=form.override_reason.data or "",
            )
    except Outdated:
        return _confirm(room, who, form, wish, now=now)
    except NeedsReason as error:
        if "asked" in request.form:
            form.refuse(error)
        return _confirm(room, who, form, wish, now=now)
    return redirect(url_for("bookings.show", reference=booking.reference, new=1), 303)


def _confirm(room: Room, who: flow.Applicant, form: BookingForm, wish: Wish, *, now: datetime) -> ResponseReturnValue:
    """What was asked for, once more; with the rules it is against, where staff may book it all the same."""
    organisation = who.organisation(form.party.data)
    verdict = judge(room, wish, person=who.person, organisation=organisation, now=now)
    broken_rules(list(verdict.refusals))
    form.override_reason.flags.optional = not verdict.notices
    if request.form.get("stage") != "book":
        form.seen.data = ""  # it may be for another time than what was looked at before
    form.compare({"waits": Fact(str(verdict.waits), _l("Approval"), lambda: str(WAITS[verdict.waits]))})
    shown = render_template(
        "bookings/confirm.html",
        room=room,
        who=who,
        form=form,
        wish=wish,
        verdict=verdict,
        agreements=[AGREEMENTS[why] for why in verdict.agreements],
        kind=dict(form.kind.choices).get(form.kind.data, "") if form.kind.choices else "",
        party=organisation,
    )
    return shown, 409 if form.changed else 422 if form.error_list() else 200


@blueprint.get("/me")
@signed_in
def mine() -> ResponseReturnValue:
    """My bookings: what lies ahead, what waits, what was; and those of the organisations I lead."""
    now = clock.now()
    me, led_ids = current_user.person_id, [each.id for each in _led(now)]
    as_staff = may(Permission.BOOK_FOR_ANYONE)
    return render_template(
        "bookings/mine.html",
        upcoming=queries.bookings_of_person(me, upcoming=True, led_ids=led_ids, now=now),
        past=queries.bookings_of_person(me, upcoming=False, led_ids=led_ids, now=now, limit=20),
        waiting=wishes.wishes_of(me, led_ids=led_ids, now=now),
        of_organisations=queries.bookings_of_organisations(led_ids, now=now) if led_ids else [],
        is_cancellable=lambda booking: policy.is_cancellable(booking, now=now, as_staff=as_staff),
    )


@blueprint.get("/bookings/<reference>")
@signed_in
def show(reference: str) -> ResponseReturnValue:
    """One booking: where it stands and what can be done with it."""
    now = clock.now()
    booking, led_ids = seen_booking(reference, now)
    as_staff = may(Permission.BOOK_FOR_ANYONE)
    is_own, is_theirs = policy.is_own(booking, current_user, led_ids), policy.may_cancel(booking, current_user, led_ids)
    return render_template(
        "bookings/show.html",
        booking=booking,
        is_new="new" in request.args and booking.standing_at(now) in LIVE,
        is_own=is_own,
        may_cancel=is_theirs and policy.is_cancellable(booking, now=now, as_staff=as_staff),
        may_decide=policy.may_decide(booking, current_user, now=now),
        deadline=last_cancel(booking),
        has_begun=booking.starts_at <= now,
        history=(history := trail.history(booking)),
        missed=presence.find_no_show(booking) if as_staff else None,
        move=queries.latest_move(history),
        edits=messages.edits_of(booking, reader_id=current_user.person_id if is_own else None),
        may_change=is_theirs and policy.is_changeable(booking, now=now, as_staff=not is_own),
        lacking=lacking_features(booking.room, booking.needed),
        told=messages.told_of(booking) if may(Permission.TELL_PEOPLE) else [],
    )


@blueprint.get("/bookings/<reference>/slip")
@signed_in
def slip(reference: str) -> ResponseReturnValue:
    """The booking on paper, in large type, with a code that leads to this page."""
    booking, _led_ids = seen_booking(reference, clock.now())
    address = url_for("bookings.show", reference=booking.reference, _external=True)
    return render_template("bookings/slip.html", booking=booking, qr=qr_code(address))


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
    if form.validate_on_submit():
        try:
            with transaction():
                actions.cancel(
                    booking, by=current_user.person, now=now, reason=form.reason.data or "", as_staff=as_staff
                )
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("The booking is cancelled. The room is free for others."), "ok")
            return redirect(url_for("bookings.show", reference=booking.reference), 303)
    elif request.method == "GET" and booking.status is BookingStatus.CANCELLED:
        return redirect(url_for("bookings.show", reference=booking.reference))
    outlook = None if is_own else messages.outlook([booking], News.CANCELLED_BY_STAFF, now=now)
    page = render_template("bookings/cancel.html", booking=booking, form=form, outlook=outlook)
    return page, 422 if form.error_list() else 200


def _ask(
    room: Room,
    who: flow.Applicant,
    form: BookingForm,
    *,
    now: datetime,
    step: int | None = None,
    status: int = 200,
    may_wait: bool = False,
) -> ResponseReturnValue:
    """The form as it stands, with what is free on its day, and the nearest free times where it was refused."""
    refused = bool(form.error_list())
    wish = flow.wish_of(room, form, who) if refused else None
    day = flow.chosen_day(room, who, form, now=now)
    flow.offer_times(room, who, form, day, now=now)
    slots = flow.free_slots(room, wish, who, form, now=now)
    is_hopeless = wish is not None and not slots  # a rule refuses it at any time: then none is offered
    context = {
        "starts": flow.allowed_starts(day, who, form) if day and not is_hopeless else [],
        "room": room,
        "who": who,
        "form": form,
        "day": day if not is_hopeless else None,
        "slots": slots,
        "may_wait": may_wait,
        "last_day": flow.last_day(room, who, form, now=now),
        "kept_from": flow.kept_from(room, who, now=now),
    }
    answered = status if status != 200 else 422 if refused else 200
    if not isinstance(form, ElderBookingForm):
        return render_template("bookings/book.html", **context), answered
    step = _step_at_fault(form) if step is None and refused else step or _first_open_step(form)
    return render_template("bookings/book_step.html", step=step, **context), answered


def _step() -> int:
    """Which question of elder mode was answered."""
    number = request.form.get("step", "")
    return int(number) if number in {"0", "1", "2", "3"} else len(ElderBookingForm.STEPS) - 1


def _is_picked() -> bool:
    return bool(request.form.get("pick"))


def _first_open_step(form: ElderBookingForm) -> int:
    """The first question without an answer; a link that names day and start skips those."""
    if request.method == "POST":
        return len(form.STEPS) - 1
    return next(n for n, names in enumerate(form.STEPS) if any(form[name].data is None for name in names))


def _step_at_fault(form: ElderBookingForm) -> int:
    return next((n for n, names in enumerate(form.STEPS) if any(form[name].errors for name in names)), 0)


def seen_booking(reference: str, now: datetime) -> tuple[Booking, list[int]]:
    """The booking, if this person may see it, and the ids of the organisations they lead."""
    booking = queries.get_booking(reference)
    led_ids = [each.id for each in _led(now)]
    authorise(policy.may_see(booking, current_user, led_ids))
    return booking, led_ids


def _led(now: datetime) -> list[Organisation]:
    return list(organisations_led_by(current_user.person_id, local_date(now)))
