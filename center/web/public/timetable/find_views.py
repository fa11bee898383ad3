"""Find me a room: a time first, then the rooms that are free and suit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from center.bookings.rulebook.facts import Party, ProposedUse
from center.bookings.rulebook.quotas import NOBODY, Asker
from center.kernel import clock
from center.kernel.access import Permission, authorise, may, public
from center.kernel.caching.fragment_cache import page_until_written
from center.kernel.errors import RuleBroken
from center.kernel.i18n import centre_zone, is_elder, local_date
from center.kernel.spans import Span, span_of
from center.organisations.queries import organisations_led_by
from center.rooms.models import Room
from center.rooms.queries import all_rooms
from center.timetable.finding import Found, find_rooms, first_guess
from center.web.blueprints import timetable as blueprint
from center.web.bookings import flow
from center.web.public.timetable.find_steps import FindSteps, carried, looker, open_to, out_of_reach
from center.web.public.timetable.forms import FindForm
from center.web.public.timetable.lookers import agreed_said
from center.web.public.timetable.views import FAR
from center.web.rendering import render

USUAL_START, USUAL_MINUTES = time(14), 60
OK = 200
GUESS_AHEAD = timedelta(days=13)


@dataclass(frozen=True, kw_only=True)
class FindPage:
    """What is asked of whoever looks for a room, and the rooms that suit."""

    form: FindForm
    who: flow.Applicant | None
    carried: Sequence[tuple[str, str]]
    asks_party: bool
    limits: Sequence[str]
    found: Found | None = None
    agreed: Sequence[str] = ()
    proposed: ProposedUse | None = None
    book: Callable[[Room, Span], str] | None = None
    again: Callable[..., dict[str, Any]] | None = None


@blueprint.get("/find")
@public
def find() -> ResponseReturnValue:
    """Which rooms are free at a time, hold the people and have what they need; if none, when else."""
    return page_until_written(_find, "settings", "uses")


def _find() -> ResponseReturnValue:
    now = clock.now()
    who = _booked_for(now)
    rooms = all_rooms()
    if is_elder():
        steps = FindSteps(who, rooms, now=now)
        if (asking := steps.ask()) is not None:
            return asking
        form: FindForm = steps.form
    else:
        form = _form(who)
        form.offer(open_to(form, who, rooms), now=now)
        if not _is_asked():
            _begin(form, who, rooms, now=now)
        if not _is_asked() or not _is_good(form, now, who):
            page = _page(form, who, rooms)
            return page if form.status == OK else (page, form.status)
    proposed = ProposedUse(form.span, form.people.data, _footing(form, who))
    asker = _asker(proposed, who, now)
    found = find_rooms(rooms, proposed, form.wants, now=now, asker=asker)
    agreed = agreed_said(asker, proposed.span.start, now=now)
    return _answer(form, who, rooms, proposed=proposed, found=found, agreed=agreed)


@blueprint.route("/find/<step>", methods=["GET", "POST"])
@public
def find_step(step: str) -> ResponseReturnValue:
    """One question of elder mode; the answers are the address."""
    now = clock.now()
    steps = FindSteps(_booked_for(now), all_rooms(), now=now)
    authorise(steps.knows(step))
    return steps.answer(step) if is_elder() else steps.finish()


def _booked_for(now: datetime) -> flow.Applicant | None:
    """The person a member of staff finds a room for; None for everybody who looks for themselves."""
    if "person" not in request.args:
        return None
    authorise(may(Permission.BOOK_FOR_ANYONE))
    return flow.applicant(now)


def _form(who: flow.Applicant | None) -> FindForm:
    """The form as it was sent."""
    values = MultiDict(request.args)
    values.setdefault("party", Party.PERSON.value)
    if not _is_asked() and who:
        values.setdefault("people", "1")
    return FindForm(formdata=values)


def _begin(form: FindForm, who: flow.Applicant | None, rooms: Sequence[Room], *, now: datetime) -> None:
    """Begin with an hour at about two o'clock, tomorrow or on the day asked for, at which a room can really be had."""
    today = local_date(now)
    asked = form.date.data if form.date.data and today <= form.date.data <= today + FAR else None
    day = asked or (today if who else today + timedelta(days=1))
    usual = span_of(day, USUAL_START, USUAL_MINUTES, centre_zone())
    if who and usual.start < now:
        usual = Span(now, now + usual.length)
    proposed = ProposedUse(usual, form.people.data or 1, _footing(form, who))
    last = day if asked else day + GUESS_AHEAD
    guess = (
        first_guess(open_to(form, who, rooms), proposed, day, last, now=now, asker=_asker(proposed, who, now)) or usual
    )
    start = guess.start.astimezone(centre_zone())
    form.date.data, form.start.data, form.minutes.data = start.date(), start.time(), USUAL_MINUTES
    form.offer(open_to(form, who, rooms), now=now)


def _is_asked() -> bool:
    """Whether rooms are asked for; an address with less only begins the form."""
    return "start" in request.args


def _is_good(form: FindForm, now: datetime, who: flow.Applicant | None) -> bool:
    if form.validate() and (found := out_of_reach(form, who, now=now)):
        form.refuse(RuleBroken(found[1], field=found[0]))
    return not form.error_list()


def _footing(form: FindForm, who: flow.Applicant | None) -> Party:
    return Party.STAFF if who else Party(form.party.data)


def _asker(proposed: ProposedUse, who: flow.Applicant | None, now: datetime) -> Asker:
    """Whose limits count, as far as it is known: which of their organisations a lead will book for is not."""
    if who is not None:
        return Asker(who.person)
    if not current_user.is_authenticated:
        return NOBODY
    if proposed.party is Party.PERSON:
        return Asker(current_user.person)
    led = organisations_led_by(current_user.person_id, local_date(now))
    return Asker(current_user.person, led[0] if len(led) == 1 else None, led)


def _answer(
    form: FindForm,
    who: flow.Applicant | None,
    rooms: Sequence[Room],
    *,
    proposed: ProposedUse,
    found: Found,
    agreed: Sequence[str],
) -> ResponseReturnValue:
    def book(room: Room, span: Span) -> str:
        """Where this room is booked for this time, with all that is known filled in."""
        start = span.start.astimezone(centre_zone())
        values: dict[str, Any] = {
            "date": start.date().isoformat(),
            "start": start.strftime("%H:%M"),
            "minutes": int(span.length.total_seconds() // 60),
            "people": form.people.data,
            **({"party": form.party.data} if form.party.data != Party.PERSON and not who else {}),
            **dict(carried()),
        }
        return url_for("bookings.start", code=room.code, **values)

    def again(without: Sequence[str], **changed: str) -> dict[str, Any]:
        """The values of this address without some answers, so that they are asked again."""
        values = MultiDict([*form.answers(without=(*without, *changed)), *carried(), *changed.items()])
        return values.to_dict(flat=False)

    return _page(form, who, rooms, found=found, agreed=agreed, proposed=proposed, book=book, again=again)


def _page(form: FindForm, who: flow.Applicant | None, rooms: Sequence[Room], **answer: Any) -> str:
    asks_party, limits = looker(who, rooms)
    page = FindPage(form=form, who=who, carried=carried(), asks_party=asks_party, limits=limits, **answer)
    return render("public/timetable/find.html", page)
