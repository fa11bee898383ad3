"""The pages on which a room is booked: the form (in elder mode one question a page), what was asked for, done."""

from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.bookings import actions
from center.bookings.models import Channel
from center.bookings.rulebook.judging import judge
from center.bookings.rulebook.overriding import NeedsReason
from center.bookings.rulebook.rule_words import AGREEMENTS, WAITS
from center.bookings.rulebook.rules import Wish
from center.bookings.waiting import wishes
from center.kernel import clock
from center.kernel.access import Permission, authorise, may, signed_in
from center.kernel.db import transaction
from center.kernel.errors import Conflict, RuleBroken, broken_rules
from center.kernel.i18n import format_clock, format_day, local_date
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.shown import Fact, Outdated
from center.organisations.queries import organisations_led_by
from center.rooms.models import Room
from center.rooms.queries import get_room
from center.rooms.sentences import who_may_book
from center.web.blueprints import bookings as blueprint
from center.web.bookings import flow
from center.web.bookings.forms import BookingForm, ElderBookingForm


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
        return render_template("resident/bookings/not_confirmed.html", room=room), 403
    if request.method == "GET" and all(flow.against(room, who, now=now).values()):
        return render_template(
            "resident/bookings/cannot_book.html", room=room, kept_from=flow.kept_from(room, who, now=now)
        )
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
        "resident/bookings/confirm.html",
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
    if isinstance(form, ElderBookingForm):
        step = _question_to_ask(form, step)
        step = step if refused else _back_to_what_is_possible(form, flow.impossible(who, form, day), step)
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
    answered = status if status != 200 else 422 if form.error_list() and request.method == "POST" else 200
    if not isinstance(form, ElderBookingForm):
        return render_template("resident/bookings/book.html", **context), answered
    return render_template("resident/bookings/book_step.html", step=step, **context), answered


def _back_to_what_is_possible(form: ElderBookingForm, name: str | None, step: int) -> int:
    """The question to ask: this one, or an earlier one whose answer nobody can have, such as a time taken meanwhile."""
    asked = next((n for n, names in enumerate(form.STEPS) if name in names), step)
    if name is None or asked >= step:
        return step
    given = form[name].data
    if name == "date":
        words = _("Nothing is free any more on %(day)s. Please choose another day.", day=format_day(given))
    else:
        words = _("%(time)s is taken or cannot be had. Please choose another time.", time=format_clock(given))
    form[name].data, form[name].errors = None, [words]
    return asked


def _step() -> int:
    """Which question of elder mode was answered."""
    number = request.form.get("step", "")
    return int(number) if number in {"0", "1", "2", "3"} else len(ElderBookingForm.STEPS) - 1


def _is_picked() -> bool:
    return bool(request.form.get("pick"))


def _question_to_ask(form: ElderBookingForm, step: int | None) -> int:
    """This one; else the one whose answer was refused, else the first without an answer, of a link that names some."""
    if step is not None:
        return step
    if form.error_list():
        return next((n for n, names in enumerate(form.STEPS) if any(form[name].errors for name in names)), 0)
    if request.method == "POST":
        return len(form.STEPS) - 1
    return next(n for n, names in enumerate(form.STEPS) if any(form[name].data is None for name in names))
