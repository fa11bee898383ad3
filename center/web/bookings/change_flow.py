"""The steps of changing a booking: the form filled in, what is free instead, and what would be different."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from center.bookings.models import Booking
from center.bookings.rulebook import times
from center.bookings.rulebook.availability import RoomDay, facts_for, room_days, rules_of
from center.bookings.rulebook.facts import Party, propose
from center.bookings.rulebook.judging import party_of
from center.bookings.rulebook.quotas import Asker
from center.bookings.rulebook.rule_facts import kinds_of_use, load_terms
from center.bookings.rulebook.times import nearest_free_times
from center.bookings.writing import Shape
from center.kernel.clock import can_be_shown
from center.kernel.i18n import centre_zone
from center.kernel.spans import Span
from center.rooms.models import Room
from center.rooms.queries import all_rooms, get_room
from center.web.bookings.change_forms import ChangeForm, MoveForm, room_choices
from center.web.bookings.forms import Choices


def form_for(booking: Booking, answers: "MultiDict[str, str] | None", *, as_staff: bool) -> ChangeForm:
    """The form with these answers, and what it can offer."""
    form = ChangeForm(formdata=answers)
    form.bind(centre_zone())
    rooms = [room for room in all_rooms() if as_staff or _is_for(booking, room)]
    if booking.room_id not in {room.id for room in rooms}:
        rooms.append(booking.room)
    form.room.choices = room_choices(rooms)
    form.offer(Choices(starts=(), lengths=(), parties=(), kinds=_kinds(booking, room_in(booking, form))))
    return form


def offer_times(booking: Booking, form: ChangeForm, day: RoomDay | None, *, as_staff: bool) -> None:
    """Offer the starts and lengths that may be had on the form's day, and always the length that the booking has."""
    room, party = room_in(booking, form), party_of(booking.organisation_id, as_staff=as_staff)
    own_length = int((booking.ends_at - booking.starts_at).total_seconds() // 60)
    starts, lengths = times.offered_times(room, rules_of(room), party, day)
    own = booking.starts_at.astimezone(centre_zone())
    kept = own.time() if (room.id, form.date.data) == (booking.room_id, own.date()) else None
    form.offer_times(starts, sorted({*lengths, own_length}), times.taken_starts(party, day), kept=kept)


def offer_starts(booking: Booking, form: MoveForm, *, now: datetime) -> None:
    """Offer the starts that a booking which staff move could have in the form's room on its day."""
    day = plan_of(booking, room_in(booking, form), form, now=now)
    minutes = int((booking.ends_at - booking.starts_at).total_seconds() // 60)
    form.offer_starts(times.staff_starts(day, minutes) if day else None)


def filled_in(booking: Booking) -> dict[str, list[str]]:
    """The booking as it is, as its form would send it."""
    start = booking.starts_at.astimezone(centre_zone())
    values = {
        "room": booking.room.code,
        "date": start.date().isoformat(),
        "start": start.strftime("%H:%M"),
        "minutes": str(int((booking.ends_at - booking.starts_at).total_seconds() // 60)),
        "people": str(booking.people),
        "purpose": booking.purpose,
        "note": booking.note,
        "set_up": booking.set_up,
        "kind": str(booking.purpose_id or ""),
        "seen": str(booking.sequence),
    }
    needs = [need.value for need in sorted(booking.needed)]
    return {**{name: [value] for name, value in values.items()}, "needs": needs}


def shape_in(booking: Booking, form: ChangeForm) -> Shape:
    """How the form wants the booking to be."""
    span = form.proposed_span
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


def slots_near(booking: Booking, room: Room, form: ChangeForm, footing: Party, *, now: datetime) -> Sequence[Span]:
    """The three nearest times that could be had instead; the booking's own time counts as free."""
    if form.proposed_span is None:
        return []
    asked: dict[str, Any] = {"set_up": form.set_up.data or "", "needs": form.needed}
    purpose_id = form.kind.data if form.kind.choices else booking.purpose_id
    proposed = propose(room, form.proposed_span, form.people.data or 1, footing, purpose_id=purpose_id, **asked)
    asker = Asker(booking.person, booking.organisation)
    return nearest_free_times(room, proposed, now=now, asker=asker, instead_of=booking)


def plan_of(booking: Booking, room: Room, form: ChangeForm | MoveForm, *, now: datetime) -> RoomDay | None:
    """The day that the form speaks of; the booking's own time on it counts as free."""
    day = form.date.data
    if not can_be_shown(day):
        return None
    (plan,) = room_days([room], day, day, now=now)
    asker = Asker(booking.person, booking.organisation)
    terms = load_terms([room], day, day, asker=asker, now=now, instead_of=booking)[room.id]
    return replace(plan, facts=facts_for(room, day, day, now=now, instead_of=booking, terms=terms))


def _kinds(booking: Booking, room: Room) -> list[tuple[int, str]]:
    """The kinds of use to choose from; none where the booking was made before there was a list of them."""
    known = kinds_of_use(room)
    return known if booking.purpose_id in dict(known) else []


def room_in(booking: Booking, form: ChangeForm | MoveForm) -> Room:
    """The room that the form speaks of; the one that it is in where that is no room to choose."""
    offered = {code for code, _name in form.room.choices}
    return get_room(form.room.data) if form.room.data in offered else booking.room


def _is_for(booking: Booking, room: Room) -> bool:
    return room.organisations_may_book if booking.organisation_id is not None else room.residents_may_book


def page_of_booking(booking: Booking) -> str:
    """Where one goes on after a booking was changed."""
    return url_for("bookings.show", reference=booking.reference)
