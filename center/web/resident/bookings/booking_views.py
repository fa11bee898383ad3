"""Booking a room, step by step, or waiting for a time of it; and why somebody cannot."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.rooms.known_rooms import known_room
from center.web.blueprints import bookings as blueprint
from center.web.bookings import flow
from center.web.resident.bookings.steps import BookingSteps, WaitingSteps


@blueprint.get("/bookings/new/<code>")
@signed_in
def start(code: str) -> ResponseReturnValue:
    """Lead to the first question, where there is anybody for whom the room can be booked."""
    return _begin(_steps(code))


@blueprint.route("/bookings/new/<code>/<step>", methods=["GET", "POST"])
@signed_in
def book_step(code: str, step: str) -> ResponseReturnValue:
    """One step of booking a room: what is asked, then all of it once more."""
    steps = _steps(code)
    return _refused(steps) or steps.answer(step)


@blueprint.get("/waiting/new/<code>")
@signed_in
def wait(code: str) -> ResponseReturnValue:
    """Lead to the page that asks for what to wait."""
    return _begin(_steps(code, WaitingSteps))


@blueprint.route("/waiting/new/<code>/<step>", methods=["GET", "POST"])
@signed_in
def wait_step(code: str, step: str) -> ResponseReturnValue:
    """Wait for a time of a room that somebody else has."""
    steps = _steps(code, WaitingSteps)
    return _refused(steps) or steps.answer(step)


def _steps(code: str, kind: type[BookingSteps] = BookingSteps) -> BookingSteps:
    room, now = known_room(code), clock.now()
    authorise(not room.is_retired)
    return kind(room, flow.applicant(now), now=now)


def _begin(steps: BookingSteps) -> ResponseReturnValue:
    """The first question; where the room is not for whoever asks, why."""
    if (refused := _refused(steps)) is not None:
        return refused
    if all(flow.against(steps.room, steps.who, now=steps.now).values()):
        kept_from = flow.kept_from(steps.room, steps.who, now=steps.now)
        return render_template("resident/bookings/cannot_book.html", room=steps.room, kept_from=kept_from)
    return steps.start()


def _refused(steps: BookingSteps) -> ResponseReturnValue | None:
    """What is said to whom the desk does not know yet."""
    if flow.may_ask_yet(current_user):
        return None
    return render_template("resident/bookings/not_confirmed.html", room=steps.room), 403
