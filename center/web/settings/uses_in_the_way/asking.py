"""The page that asks what becomes of uses in the way, whichever change of a room or of the calendar met them."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.bookings import news
from center.bookings.affected_uses.actions import Decisions, LeftToChoose, Met, with_bookings
from center.bookings.affected_uses.outcomes import TOLD_AS, Outcome, digest
from center.bookings.affected_uses.rules import Choices, Fate, read_choice, write_move
from center.bookings.calendars.entries import room_name
from center.bookings.changing.substitutes import Substitute
from center.bookings.messages import hearers_by_booking
from center.bookings.models import Booking
from center.kernel import clock
from center.kernel.errors import DomainError
from center.kernel.i18n import format_moment, format_span, in_language
from center.kernel.i18n import gettext as _
from center.kernel.logs import press_now
from center.kernel.settling import Settle
from center.kernel.spans import Span
from center.kernel.texts import tidy
from center.notices import telling
from center.notices.telling import HowTold
from center.people.households import door_words
from center.people.models import Person
from center.people.phones import mask
from center.rooms.models import Room
from center.rooms.queries import all_rooms, find_room
from center.web.settings.uses_in_the_way.forms import CONFIRMED, PREFIX, choices_of, decision_form, rest_of


def where_next(chosen: "AskedDecisions", then: str) -> str:
    """The page that lists what was done with the uses in the way, where there were any; else `then`."""
    return url_for("desk.what_was_done", press=press_now()) if chosen.has_settled else then


class AskedDecisions:
    """What staff chose for the uses in the way of a change, as this request brings it.

    Inside the transaction, before any room is held, it is handed to the action as `settle`. Where something is left to
    choose, the action raises, nothing has happened, and `page` asks; its form comes back to the same view with the
    choices in it.
    """

    def __init__(self) -> None:
        self._choices = choices_of(request.form)
        self._decisions: Decisions | None = None

    def make_true(self, change: Callable[[Settle], object]) -> None:
        """Inside a transaction: hold the bookings decided about, and make the change with what was chosen."""
        why = str(tidy(request.form.get(f"{PREFIX}why", "")))[:200]
        agreed = request.form.get(f"{PREFIX}agreed") is not None
        self._decisions = Decisions(
            self._choices,
            why,
            current_user.person,
            clock.now(),
            agreed=agreed,
            confirmed=request.form.getlist(CONFIRMED),
        )
        self._decisions.hold()
        change(self._decisions)

    @property
    def has_settled(self) -> bool:
        """Whether any booking was moved, cancelled or kept."""
        return self._decisions is not None and self._decisions.settled > 0

    def page(self, error: DomainError, *, back: str) -> ResponseReturnValue | None:
        """The page that asks; None where the error is about something else."""
        if not isinstance(error, LeftToChoose):
            return None
        all_rooms(with_retired=True)  # the change was undone, and what was read in it with it: read anew for the page
        met = with_bookings([each.use for each in error.met], now=clock.now())
        form = decision_form(request.form, _questions(met, error.offers, self._choices))
        was_asked = bool(self._choices.seen)
        if was_asked:
            form.validate()
            for use_id, says in _faults(error, met, self._choices):
                named = form[f"use_{use_id}"] if use_id else form.why
                named.errors = [*named.errors, says]
        hearers = hearers_by_booking([each.booking for each in met if each.booking], now=clock.now())
        outcomes = error.outcomes
        newly = {m.use.use_id for m in met if was_asked and self._choices.is_new(m.way)}
        shown = {
            "reach": _reach,
            "met": met,
            "confirmed": [*request.form.getlist(CONFIRMED), digest(outcomes)] if outcomes else (),
            "becomes": _become(met, outcomes),
            "hearers": hearers,
            "reached": _how_told(met, outcomes, hearers),
            "form": form,
            "newly": newly,
            "carried": rest_of(request.form),
            "back": back,
        }
        return render_template("settings/bookings/closing.html", message=error.message, **shown), 422


def _become(met: Sequence[Met], outcomes: Sequence[Outcome]) -> list[tuple[Booking, Outcome, Room]]:
    """What becomes of each booking, those that move first, in the order of the list; with the room it is in then."""
    rooms = {room.id: room for room in all_rooms(with_retired=True)}
    bookings = {each.use.use_id: each.booking for each in met}
    order = [each.use.use_id for each in met]
    found = sorted(outcomes, key=lambda each: (each.fate is not Fate.MOVE, order.index(each.use_id)))
    return [(booking, each, rooms[each.room_id]) for each in found if (booking := bookings.get(each.use_id))]


def _how_told(met: Sequence[Met], outcomes: Sequence[Outcome], hearers: Mapping[int, Sequence[Person]]) -> HowTold:
    """How the people of these bookings are told what becomes of them; of a move, where nothing is chosen yet."""
    fates = {each.use_id: TOLD_AS[each.fate] for each in outcomes}
    return telling.how_told(
        (hearer, fates.get(each.use.use_id, news.MOVED_BY_STAFF))
        for each in met
        if each.booking
        for hearer in hearers[each.booking.id]
    )


def _faults(error: LeftToChoose, met: Sequence[Met], choices: Choices) -> list[tuple[int | None, object]]:
    """What is wrong or missing, by use; None is the reason."""
    faults = list(error.faults.items())
    for each in met:
        if each.booking and not choices.is_settled(each.way):
            is_new = choices.is_new(each.way)
            says = _("This one is new or has changed. Please choose for it, too.")
            faults.append((each.use.use_id, says if is_new else _("Please choose what becomes of it.")))
    return faults


def _questions(
    met: Sequence[Met], offers: Mapping[int, Sequence[Substitute]], choices: Choices
) -> Iterator[tuple[int, str, list[tuple[str, str]]]]:
    """For each booking what it is called, and the moves on offer; a move that was chosen stays among them."""
    for each in met:
        if each.booking is None:
            continue
        use_id, booking = each.use.use_id, each.booking
        moves = {write_move(to.room.code, to.span.start): _move_to(booking, to) for to in offers.get(use_id, ())}
        chosen = read_choice(choices.own.get(use_id, ""))
        if chosen and chosen.starts_at and (room := find_room(chosen.room_code)):
            span = Span(chosen.starts_at, chosen.starts_at + (booking.ends_at - booking.starts_at))
            moves.setdefault(choices.own[use_id], _move_to(booking, Substitute(room, span)))
        yield use_id, _called(each), list(moves.items())


def _move_to(booking: Booking, to: Substitute) -> str:
    name = room_name(to.room)
    if to.span.start == booking.starts_at:
        return _("Move it to %(room)s, at the same time", room=f"{to.room.code} {name}")
    if to.room.id == booking.room_id:
        return _("Move it to %(time)s, in the same room", time=format_span(to.span.start, to.span.end))
    return _("Move it to %(room)s, %(time)s", room=name, time=format_span(to.span.start, to.span.end))


def _called(met: Met) -> str:
    assert met.booking is not None
    team = met.booking.organisation
    name = in_language(team.name, team.name_en) if team else met.booking.person.name
    return _("What becomes of %(booking)s", booking=_(", ").join((name, format_moment(met.booking.starts_at))))


def _reach(person: Person) -> str:
    """How to reach somebody at a glance; their page at the desk says more, and notes down who looked."""
    phone = mask(person.phone)
    if phone and person.phone_is_relatives:
        phone = _("%(phone)s (a relative's)", phone=phone)
    return phone or door_words(person) or _("no phone is known")
