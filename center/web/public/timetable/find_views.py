"""Find me a room: a time first, then the rooms that are free and suit."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from center.bookings.rulebook.facts import Party, ProposedUse
from center.bookings.rulebook.footings import limits_met
from center.bookings.rulebook.quota_facts import NOBODY, Asker
from center.kernel import clock
from center.kernel.access import Permission, authorise, may, public
from center.kernel.caching.fragment_cache import this_minute
from center.kernel.errors import RuleBroken
from center.kernel.i18n import centre_zone, is_elder, local_date
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.spans import Span, span_of
from center.organisations.queries import organisations_led_by
from center.rooms.models import AccessFeature, Room
from center.rooms.off_hours import OffHours
from center.rooms.queries import all_rooms
from center.timetable.finding import find_rooms, first_guess
from center.web.blueprints import timetable as blueprint
from center.web.bookings import flow
from center.web.public.timetable.forms import ElderFindForm, FindForm
from center.web.public.timetable.lookers import footings_now
from center.web.public.timetable.views import FAR
from center.web.steps.page import Step, StepPage

USUAL_START, USUAL_MINUTES = time(14), 60
GUESS_AHEAD = timedelta(days=13)
STAFF = ("person", "channel")


@blueprint.get("/find")
@public
def find() -> ResponseReturnValue:
    """Which rooms are free at a time, hold the people and have what they need; if none, when else."""
    now = clock.now()
    who = _booked_for(now)
    rooms = all_rooms()
    form = _form(now, who)
    form.offer(_open_to(form, who, rooms), now=now)
    if not is_elder() and not _is_asked():
        _begin(form, who, rooms, now=now)
    step = _step(form)
    if step is not None or not _is_good(form, now, who):
        return _ask(form, who, rooms, step)
    proposed = ProposedUse(form.span, form.people.data, _footing(form, who))
    found = find_rooms(rooms, proposed, form.wants, now=now, asker=_asker(proposed, who, now))
    return _answer(form, who, rooms, proposed=proposed, found=found)


def _booked_for(now: datetime) -> flow.Applicant | None:
    """The person a member of staff finds a room for; None for everybody who looks for themselves."""
    if "person" not in request.args:
        return None
    authorise(may(Permission.BOOK_FOR_ANYONE))
    return flow.applicant(now)


def _form(now: datetime, who: flow.Applicant | None) -> FindForm:
    """The form as it was sent; before that with a beginning made, except in elder mode, where nothing is presumed."""
    values = MultiDict(request.args)
    values.setdefault("party", Party.PERSON.value)
    if is_elder():
        return _elder_form(values)
    if not _is_asked() and who:
        values.setdefault("people", "1")
    form = FindForm(formdata=values)
    form.sent = frozenset(request.args)
    return form


def _open_to(form: FindForm, who: flow.Applicant | None, rooms: Sequence[Room]) -> Sequence[Room]:
    """The rooms for such a party, where there are any: no time or length is offered that is for others only."""
    if who is not None:
        return rooms
    is_group = form.party.data == Party.ORGANISATION
    able = [room for room in rooms if (room.organisations_may_book if is_group else room.residents_may_book)]
    return able or rooms


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
        first_guess(_open_to(form, who, rooms), proposed, day, last, now=now, asker=_asker(proposed, who, now)) or usual
    )
    start = guess.start.astimezone(centre_zone())
    form.date.data, form.start.data, form.minutes.data = start.date(), start.time(), USUAL_MINUTES
    form.offer(_open_to(form, who, rooms), now=now)


def _elder_form(values: MultiDict[str, str]) -> ElderFindForm:
    """What cannot be asked again on a page of its own is made right instead."""
    known = [each for each in values.getlist("access") if each in set(AccessFeature)]
    values.setlist("access", known)
    values.setlist("when", [each for each in values.getlist("when") if each in set(OffHours)])
    for name in ("wheelchair", "companion"):
        if not values.get(name, "").isdecimal():
            values.poplist(name)
    if values["party"] not in {Party.PERSON, Party.ORGANISATION}:
        values["party"] = Party.PERSON.value
    form = ElderFindForm(formdata=values)
    form.sent = frozenset(request.args)
    return form


def _is_asked() -> bool:
    """Whether rooms are asked for; an address with less only begins the form."""
    return "start" in request.args


def _step(form: FindForm) -> int | None:
    """The question to ask: in elder mode the first that is open, otherwise all of them until they were sent."""
    if isinstance(form, ElderFindForm):
        answered, asked = request.args.get("step", ""), request.args.get("ask")
        if asked in form.STEPS:
            return form.STEPS.index(asked)  # one step back: with what was answered
        return form.open_step(int(answered) if answered in {"0", "1", "2", "3", "4"} else -1)
    return None if _is_asked() else 0


def _is_good(form: FindForm, now: datetime, who: flow.Applicant | None) -> bool:
    if not form.validate():
        return False
    today = local_date(now)
    passed = _l("This time has already passed. Please choose a later one.")
    if form.date.data < today:
        form.refuse(RuleBroken(passed, field="date"))
    elif form.date.data > today + FAR:
        form.refuse(RuleBroken(_l("Please choose a day in the coming weeks."), field="date"))
    elif who is None and form.span.start < now:
        form.refuse(RuleBroken(passed, field="start"))
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


def _ask(form: FindForm, who: flow.Applicant | None, rooms: Sequence[Room], step: int | None) -> ResponseReturnValue:
    wrong = bool(form.error_list())
    context: dict[str, Any] = {"form": form, "who": who, "carried": _carried(), "found": None, **_looker(who, rooms)}
    if not isinstance(form, ElderFindForm):
        return render_template("public/timetable/find.html", **context), 422 if wrong else 200
    if step is None:
        step = next((n for n, name in enumerate(form.STEPS) if form[name].errors), 0)
    return render_template("public/timetable/find_step.html", page=_page(form, step), **context), 422 if wrong else 200


def _page(form: ElderFindForm, number: int) -> StepPage:
    """A question of elder mode; the answers are the address, so the one before is asked again with its answer."""
    name, back = form.STEPS[number], url_for("rooms.index")
    if number:
        values = MultiDict([*form.answers(), *_carried(), ("ask", form.STEPS[number - 1])])
        asked: dict[str, Any] = values.to_dict(flat=False)
        back = url_for("timetable.find", **asked)
    fields = ("access", "wheelchair", "companion", "when") if name == "access" else (name,)
    step = Step(name, fields, form[name].label.text)
    return StepPage(step, _("Find me a room"), number + 1, len(form.STEPS), back, url_for("timetable.find"), "get")


def _answer(form: FindForm, who: flow.Applicant | None, rooms: Sequence[Room], **found: Any) -> ResponseReturnValue:
    def book(room: Room, span: Span) -> str:
        """Where this room is booked for this time, with all that is known filled in."""
        start = span.start.astimezone(centre_zone())
        values: dict[str, Any] = {
            "date": start.date().isoformat(),
            "start": start.strftime("%H:%M"),
            "minutes": int(span.length.total_seconds() // 60),
            "people": form.people.data,
            **({"party": form.party.data} if form.party.data != Party.PERSON and not who else {}),
            **dict(_carried()),
        }
        return url_for("bookings.start", code=room.code, **values)

    def again(without: Sequence[str], **changed: str) -> dict[str, Any]:
        """The values of this address without some answers, so that they are asked again."""
        values = MultiDict([*form.answers(without=(*without, *changed)), *_carried(), *changed.items()])
        return values.to_dict(flat=False)

    context = {"form": form, "who": who, "carried": _carried(), "book": book, "again": again, **_looker(who, rooms)}
    return render_template("public/timetable/find.html", **context, **found)


def _looker(who: flow.Applicant | None, rooms: Sequence[Room]) -> dict[str, Any]:
    """What is said first: the limit on one's own bookings; and whether they may book for an organisation at all."""
    now = this_minute()
    today = local_date(now)
    footings = footings_now(today, today, now=now)
    leads = any(each.party is Party.ORGANISATION for each in footings)
    is_open = who is None and (leads or not current_user.is_authenticated)
    return {"asks_party": is_open, "limits": limits_met(rooms, footings) if who is None else ()}


def _carried() -> list[tuple[str, str]]:
    """Whom the desk books for, and how they asked."""
    return [(name, request.args[name]) for name in STAFF if name in request.args]
