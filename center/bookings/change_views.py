"""Pages on which a booking is changed: by its person, by the desk for them, or because the centre needs it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center import clock
from center.access import Permission, authorise, requires, signed_in
from center.bookings import actions, asking, flow, moving, policy, queries
from center.bookings.availability import RoomDay, facts_for, nearest_free_times, room_days, rules_of
from center.bookings.change_forms import ChangeForm, MoveForm, room_choices
from center.bookings.changes import Change, Shape
from center.bookings.forms import Choices, ReasonForm
from center.bookings.models import Booking
from center.bookings.needs import feature_names
from center.bookings.overriding import NeedsReason
from center.bookings.purposes import kinds_of_use
from center.bookings.quota_facts import Asker
from center.bookings.rule_facts import load_terms
from center.bookings.rules import Party
from center.bookings.substitutes import Substitute
from center.bookings.views import blueprint, seen_booking
from center.db import transaction
from center.errors import Conflict, DomainError, RuleBroken, broken_rules
from center.i18n import centre_zone, format_span, in_language
from center.i18n import gettext as _
from center.rooms.models import Room
from center.rooms.queries import all_rooms, get_room
from center.spans import Span

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
        return redirect(_page(booking))
    form = _form_for(booking, as_staff=as_staff, now=now)
    if request.method == "GET" or request.form.get("stage") == "edit" or "choose" in request.form:
        return _ask(booking, form, as_staff=as_staff, now=now)
    if not form.validate() or form.wish_span is None:
        return _ask(booking, form, as_staff=as_staff, now=now, status=422)
    try:
        return _change(booking, form, as_staff=as_staff, now=now)
    except (RuleBroken, Conflict) as error:
        form.refuse(error)
        return _ask(booking, form, as_staff=as_staff, now=now, status=error.status)


@blueprint.route("/bookings/<reference>/move", methods=["GET", "POST"])
@requires(Permission.BOOK_FOR_ANYONE)
def move(reference: str) -> ResponseReturnValue:
    """Move somebody's booking because the centre needs the room: to a substitute, with a reason."""
    now = clock.now()
    booking = queries.get_booking(reference)
    try:
        moving.refuse_unchangeable(booking, as_staff=True, now=now)
    except DomainError as error:
        flash(str(error), "error")
        return redirect(_page(booking))
    form = MoveForm(room=booking.room.code)
    found = moving.substitutes(booking, now=now)
    form.offer(found, all_rooms(), here=Substitute(booking.room, Span(booking.starts_at, booking.ends_at)))
    if form.validate_on_submit():
        try:
            _move(booking, form, now=now)
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("The booking is moved. Its person is told from where to where, and why."), "ok")
            return redirect(_page(booking), 303)
    return render_template(
        "bookings/move.html",
        booking=booking,
        form=form,
        has_substitutes=bool(found),
        is_soon=booking.starts_at - now < moving.STAFF_NOTICE,
    ), 422 if form.error_list() else 200


@blueprint.post("/bookings/<reference>/fine")
@signed_in
def agree(reference: str) -> ResponseReturnValue:
    """The person says that a move by staff is fine."""
    now = clock.now()
    booking, led_ids = seen_booking(reference, now)
    authorise(policy.is_own(booking, current_user, led_ids))
    try:
        with transaction():
            moving.agree(booking, by=current_user.person, now=now)
    except DomainError as error:
        flash(str(error), "error")
    else:
        flash(_("Thank you. The booking stays as it is now."), "ok")
    return redirect(_page(booking), 303)


@blueprint.route("/bookings/<reference>/answer", methods=["GET", "POST"])
@signed_in
def answer(reference: str) -> ResponseReturnValue:
    """Answer what staff asked of a request, in words."""
    now = clock.now()
    booking, led_ids = seen_booking(reference, now)
    authorise(policy.is_own(booking, current_user, led_ids))
    form = ReasonForm()
    form.reason.label.text, form.reason.description = _("Your answer"), _("The staff will read this.")
    if form.validate_on_submit():
        try:
            with transaction():
                asking.answer(booking, form.reason.data, by=current_user.person, now=now)
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("Your answer is sent. The time is still held for you."), "ok")
            return redirect(_page(booking), 303)
    return render_template("bookings/answer.html", booking=booking, form=form), 422 if form.error_list() else 200


def _change(booking: Booking, form: ChangeForm, *, as_staff: bool, now: datetime) -> ResponseReturnValue:
    """Show what would be different, or do it."""
    to = _shape_in(booking, form)
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
    return redirect(_page(booking), 303)


def _confirm(booking: Booking, form: ChangeForm, to: Shape, *, as_staff: bool, now: datetime) -> ResponseReturnValue:
    """What would be different; with the rules it is against, where staff may do it all the same."""
    outlook = moving.look_ahead(booking, to, as_staff=as_staff, now=now)
    broken_rules(list(outlook.verdict.refusals))
    return render_template(
        "bookings/change_confirm.html",
        booking=booking,
        form=form,
        waits=outlook.waits_anew,
        notices=outlook.verdict.notices,
        differences=differences(outlook.change),
    ), 422 if form.error_list() else 200


def _move(booking: Booking, form: MoveForm, *, now: datetime) -> None:
    target = form.target(booking.ends_at - booking.starts_at, centre_zone())
    if target is None:
        raise RuleBroken(_("Please choose the day and when to start."), field="date")
    room = get_room(target[0])
    with transaction():
        moving.move_by_staff(
            booking,
            room=room,
            span=target[1],
            reason=form.reason.data,
            agreed=form.agreed.data,
            by=current_user.person,
            now=now,
        )


def differences(change: Change) -> list[tuple[str, str, str]]:
    """What a change makes different, each as a label with the words of before and after."""
    was, to = _words(change.was), _words(change.to)
    return [(label, before, after) for (label, before), (_label, after) in zip(was, to, strict=True) if before != after]


def _words(shape: Shape) -> list[tuple[str, str]]:
    kinds = dict(kinds_of_use(shape.room))
    return [
        (_("Room"), in_language(shape.room.name, shape.room.name_en)),
        (_("When"), format_span(shape.span.start, shape.span.end)),
        (_("People"), str(shape.people)),
        (_("What for"), shape.purpose),
        (_("Kind of use"), kinds.get(shape.purpose_id or 0, "")),
        (_("Anything the staff should know"), shape.note),
        (_("What you need in the room"), feature_names(sorted(shape.needs))),
        (_("How the room should stand"), shape.set_up),
    ]


def _form_for(booking: Booking, *, as_staff: bool, now: datetime) -> ChangeForm:
    """The form as it was sent, or filled in with the booking as it is."""
    form = ChangeForm(formdata=flow.sent_values()) if request.method == "POST" else ChangeForm(data=_filled_in(booking))
    form.bind(centre_zone())
    rooms = [room for room in all_rooms() if as_staff or _is_for(booking, room)]
    if booking.room_id not in {room.id for room in rooms}:
        rooms.append(booking.room)
    form.room.choices = room_choices(rooms)
    room = _room_in(booking, form)
    rules, plan = rules_of(room), _plan(booking, room, form, now=now)
    longest = flow.STAFF_LONGEST if as_staff else rules.longest(moving.footing(booking, as_staff=False))
    own_length = int((booking.ends_at - booking.starts_at).total_seconds() // 60)
    lengths = {*flow.lengths_for(rules, longest or rules.max_minutes), own_length}
    form.offer(
        Choices(starts=flow.grid(room, rules, plan), lengths=sorted(lengths), parties=(), kinds=_kinds(booking, room))
    )
    return form


def _filled_in(booking: Booking) -> dict[str, object]:
    start = booking.starts_at.astimezone(centre_zone())
    return {
        "room": booking.room.code,
        "date": start.date(),
        "start": start.time(),
        "minutes": int((booking.ends_at - booking.starts_at).total_seconds() // 60),
        "people": booking.people,
        "purpose": booking.purpose,
        "note": booking.note,
        "set_up": booking.set_up,
        "kind": booking.purpose_id,
        "needs": [need.value for need in sorted(booking.needed)],
        "seen": str(booking.sequence),
    }


def _shape_in(booking: Booking, form: ChangeForm) -> Shape:
    span = form.wish_span
    assert span is not None
    return Shape(
        room=get_room(form.room.data),
        span=span,
        people=form.people.data,
        purpose=form.purpose.data,
        note=form.note.data or "",
        set_up=form.set_up.data or "",
        needs=form.needed,
        purpose_id=form.kind.data if form.kind.choices else booking.purpose_id,
    )


def _ask(
    booking: Booking, form: ChangeForm, *, as_staff: bool, now: datetime, status: int = 200
) -> ResponseReturnValue:
    """The form, with what is free on its day, and the nearest free times where it was refused."""
    room, footing = _room_in(booking, form), moving.footing(booking, as_staff=as_staff)
    plan = _plan(booking, room, form, now=now)
    starts = flow.free_starts(footing, plan, form.length or 0) or flow.free_starts(footing, plan) if plan else []
    return render_template(
        "bookings/change.html",
        booking=booking,
        form=form,
        room=room,
        day=plan,
        starts=starts,
        slots=_slots(booking, room, form, footing, now=now) if form.error_list() else [],
    ), status


def _slots(booking: Booking, room: Room, form: ChangeForm, footing: Party, *, now: datetime) -> Sequence[Span]:
    if form.wish_span is None:
        return []
    wish = actions.wish_for(room, form.wish_span, form.people.data or 1, footing, set_up=form.set_up.data or "")
    asker = Asker(booking.person, booking.organisation)
    return nearest_free_times(room, wish, now=now, asker=asker, instead_of=booking)


def _plan(booking: Booking, room: Room, form: ChangeForm, *, now: datetime) -> RoomDay | None:
    """The day that the form speaks of; the booking's own time on it counts as free."""
    day = form.date.data
    if not isinstance(day, date) or not 2000 <= day.year <= 2100:
        return None
    (plan,) = room_days([room], day, day, now=now)
    asker = Asker(booking.person, booking.organisation)
    terms = load_terms([room], day, day, asker=asker, now=now, instead_of=booking)[room.id]
    return replace(plan, facts=facts_for(room, day, day, now=now, instead_of=booking, terms=terms))


def _kinds(booking: Booking, room: Room) -> list[tuple[int, str]]:
    """The kinds of use to choose from; none where the booking was made before there was a list of them."""
    known = kinds_of_use(room)
    return known if booking.purpose_id in dict(known) else []


def _room_in(booking: Booking, form: ChangeForm) -> Room:
    offered = {code for code, _name in form.room.choices}
    return get_room(form.room.data) if form.room.data in offered else booking.room


def _is_for(booking: Booking, room: Room) -> bool:
    return room.organisations_may_book if booking.organisation_id is not None else room.residents_may_book


def _page(booking: Booking) -> str:
    return url_for("bookings.show", reference=booking.reference)
