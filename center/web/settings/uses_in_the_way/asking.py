"""The page that asks what becomes of uses in the way, whichever change of a room or of the calendar met them."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from center.bookings import news
from center.bookings.affected_uses.actions import LeftToChoose, Met, with_bookings
from center.bookings.affected_uses.rules import TOLD_AS, Choices, Fate, Outcome, digest, read_choice, write_move
from center.bookings.messages import hearers_by_booking
from center.bookings.models import Booking
from center.bookings.places import Place
from center.kernel import clock
from center.kernel.i18n import format_moment, format_span, in_language, ngettext
from center.kernel.i18n import gettext as _
from center.kernel.spans import Span
from center.notices import telling
from center.notices.telling import HowTold
from center.people.households import door_words
from center.people.models import Person
from center.people.phones import mask
from center.rooms.models import Room, UseKind
from center.rooms.queries import all_rooms, find_room
from center.rooms.uses import LiveUse
from center.web.rendering import render
from center.web.settings.uses_in_the_way.forms import DecisionForm, choices_of, decision_form
from center.web.steps.page import Step, StepPage

CHOOSE, CHECK = "choose", "check"


def written(error: LeftToChoose) -> dict[str, Any]:
    """What is left to choose, as a draft keeps it."""
    uses = [(each.use.use_id, each.use.room.code, each.use.kind.value, *_moments(each.use.span)) for each in error.met]
    return {
        "message": str(error.message),
        "uses": uses,
        "offers": [
            (use_id, each.room.code, *_moments(each.span)) for use_id, of in error.offers.items() for each in of
        ],
        "faults": [(use_id, str(words)) for use_id, words in error.faults.items()],
        "outcomes": [(each.use_id, each.fate.value, each.room_id, *_moments(each.span)) for each in error.outcomes],
    }


def read_again(kept: Mapping[str, Any], *, now: datetime) -> LeftToChoose:
    """The same, with the uses as they are now; those that are in nobody's way any more are left out."""
    rooms = {room.code: room for room in all_rooms(with_retired=True)}
    uses = [LiveUse(use_id, rooms[code], UseKind(kind), *_span(*span)) for use_id, code, kind, *span in kept["uses"]]
    met = [each for each in with_bookings(uses, now=now) if not each.way.is_over]
    offers: dict[int, list[Place]] = {}
    for use_id, code, *span in kept["offers"]:
        offers.setdefault(use_id, []).append(Place(rooms[code], Span(*_span(*span))))
    return LeftToChoose(
        [each for each in met if each.booking is None or each.booking.is_live],
        kept["message"],
        None,
        offers=offers,
        faults=dict(kept["faults"]),
        outcomes=[Outcome(use, Fate(fate), room, Span(*_span(*span))) for use, fate, room, *span in kept["outcomes"]],
    )


@dataclass(frozen=True, kw_only=True)
class UsesPage:
    """The uses in the way of a change, with the choices there are for each; or what was chosen for them comes to."""

    page: StepPage
    form: DecisionForm
    message: object
    met: Sequence[Met]
    newly: Collection[int]
    becomes: Sequence[tuple[Booking, Outcome, Room]]
    confirmed: str
    hearers: Mapping[int, Sequence[Person]]
    reached: HowTold
    reach: Callable[[Person], str]
    request_key: str
    back: str


def uses_page(
    error: LeftToChoose, values: "MultiDict[str, str]", step: str, *, action: str, back: str
) -> ResponseReturnValue:
    """The page that asks what becomes of the uses in the way, or shows what the choices come to."""
    met, choices = error.met, choices_of(values)
    form = decision_form(values, _questions(met, error.offers, choices))
    is_wrong = bool(choices.seen) and step == CHOOSE
    if is_wrong:
        form.validate()
        for use_id, says in _faults(error, met, choices):
            named = form[f"use_{use_id}"] if use_id and f"use_{use_id}" in form else form.why
            named.errors = [*named.errors, says]
    hearers = hearers_by_booking([each.booking for each in met if each.booking], now=clock.now())
    becomes = _become(met, error.outcomes)
    questions = {
        CHOOSE: ngettext("%(num)d use is in the way", "%(num)d uses are in the way", len(met)),
        CHECK: ngettext(
            "Is this right? It concerns %(num)d booking", "Is this right? It concerns %(num)d bookings", len(becomes)
        ),
    }
    title = _("What becomes of these?")
    page = StepPage(Step(step, question=questions[step], is_aside=True), title, 1, 1, back, action, is_first=False)
    shown = UsesPage(
        page=page,
        form=form,
        message=error.message,
        met=met,
        newly={each.use.use_id for each in met if is_wrong and choices.is_new(each.way)},
        becomes=becomes,
        confirmed=digest(error.outcomes),
        hearers=hearers,
        reached=_how_told(met, error.outcomes, hearers),
        reach=_reach,
        request_key=values.get("request_key", ""),
        back=back,
    )
    template = "closing" if step == CHOOSE else "closing_check"
    return render(f"settings/bookings/{template}.html", shown), 422 if is_wrong else 200


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
    met: Sequence[Met], offers: Mapping[int, Sequence[Place]], choices: Choices
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
            moves.setdefault(choices.own[use_id], _move_to(booking, Place(room, span)))
        yield use_id, _called(each), list(moves.items())


def _move_to(booking: Booking, to: Place) -> str:
    name = to.room.full_name
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


def _moments(span: Span) -> tuple[str, str]:
    return span.start.isoformat(), span.end.isoformat()


def _span(start: str, end: str) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(start), datetime.fromisoformat(end)


def _reach(person: Person) -> str:
    """How to reach somebody at a glance; their page at the desk says more, and notes down who looked."""
    phone = mask(person.phone)
    if phone and person.phone_is_relatives:
        phone = _("%(phone)s (a relative's)", phone=phone)
    return phone or door_words(person) or _("no phone is known")
