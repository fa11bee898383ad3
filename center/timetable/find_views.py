"""Find me a room: a time first, then the rooms that are free and suit."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from center import clock
from center.access import Permission, authorise, may, public
from center.bookings import flow
from center.bookings.rulebook.judging import count_live
from center.bookings.rulebook.quota_facts import NOBODY, Asker
from center.bookings.rulebook.rules import Party, Wish
from center.errors import RuleBroken
from center.i18n import centre_zone, is_elder, local_date
from center.i18n import lazy_gettext as _l
from center.organisations.queries import organisations_led_by
from center.rooms.models import AccessFeature, Room
from center.rooms.queries import all_rooms
from center.spans import Span
from center.timetable.finding import find_rooms
from center.timetable.forms import ElderFindForm, FindForm
from center.timetable.views import FAR, blueprint

USUAL = {"start": "14:00", "minutes": "60"}
STAFF = ("person", "channel")


@blueprint.get("/find")
@public
def find() -> ResponseReturnValue:
    """Which rooms are free at a time, hold the people and have what they need; if none, when else."""
    now = clock.now()
    who = _booked_for(now)
    rooms = all_rooms()
    form = _form(now, who)
    form.offer(rooms, now=now)
    step = _step(form)
    if step is not None or not _is_good(form, now, who):
        return _ask(form, who, step)
    wish = Wish(form.span, form.people.data, _footing(form, who))
    asker = _asker(wish, who, now)
    found = find_rooms(rooms, wish, form.needs, now=now, live_count=_live_count(wish, asker, now), asker=asker)
    return _answer(form, who, wish=wish, found=found)


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
    if not _is_asked():
        for name, value in USUAL.items():
            values.setdefault(name, value)
        today = local_date(now)
        values.setdefault("date", (today if who else today + timedelta(days=1)).isoformat())
        if who:
            values.setdefault("people", "1")
    form = FindForm(formdata=values)
    form.sent = frozenset(request.args)
    return form


def _elder_form(values: MultiDict[str, str]) -> ElderFindForm:
    """What cannot be asked again on a page of its own is made right instead."""
    known = [each for each in values.getlist("access") if each in set(AccessFeature)]
    values.setlist("access", known)
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
        answered = request.args.get("step", "")
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


def _asker(wish: Wish, who: flow.Applicant | None, now: datetime) -> Asker:
    """Whose limits count, as far as it is known: which of their organisations a lead will book for is not."""
    if who is not None:
        return Asker(who.person)
    if not current_user.is_authenticated:
        return NOBODY
    if wish.party is Party.PERSON:
        return Asker(current_user.person)
    led = organisations_led_by(current_user.person_id, local_date(now))
    return Asker(current_user.person, led[0] if len(led) == 1 else None, led)


def _live_count(wish: Wish, asker: Asker, now: datetime) -> int:
    """How many bookings ahead the person has whom the wish is for; an organisation's limit is told on its form."""
    if wish.party is Party.ORGANISATION or asker.person is None:
        return 0
    return count_live(asker.person, None, Party.PERSON, now=now)


def _ask(form: FindForm, who: flow.Applicant | None, step: int | None) -> ResponseReturnValue:
    wrong = bool(form.error_list())
    context: dict[str, Any] = {"form": form, "who": who, "carried": _carried(), "found": None}
    if not isinstance(form, ElderFindForm):
        return render_template("timetable/find.html", **context), 422 if wrong else 200
    if step is None:
        step = next((n for n, name in enumerate(form.STEPS) if form[name].errors), 0)
    return render_template("timetable/find_step.html", step=step, **context), 422 if wrong else 200


def _answer(form: FindForm, who: flow.Applicant | None, **found: Any) -> ResponseReturnValue:
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

    context = {"form": form, "who": who, "carried": _carried(), "book": book, "again": again}
    return render_template("timetable/find.html", **context, **found)


def _carried() -> list[tuple[str, str]]:
    """Whom the desk books for, and how they asked."""
    return [(name, request.args[name]) for name in STAFF if name in request.args]
