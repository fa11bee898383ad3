"""The steps of finding a room in elder mode: one question a page, and the answers are the address."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from center.bookings.rulebook.facts import Party
from center.bookings.rulebook.footings import limits_met
from center.kernel.caching.fragment_cache import this_minute
from center.kernel.i18n import centre_zone, local_date
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.spans import span_of
from center.rooms.models import AccessFeature, Room
from center.rooms.wants import OffHours
from center.web.bookings import flow
from center.web.public.timetable.forms import ElderFindForm, FindForm
from center.web.public.timetable.lookers import footings_now
from center.web.public.timetable.views import FAR
from center.web.steps.flow import StepFlow
from center.web.steps.keeping import InAddress
from center.web.steps.page import Step

STAFF = ("person", "channel")
QUESTIONS = {
    "day": ("date",),
    "start": ("start",),
    "length": ("minutes",),
    "people": ("people",),
    "needs": ("access", "wheelchair", "companion", "when"),
}
ANSWERS = ("party", *(name for names in QUESTIONS.values() for name in names))


class FindSteps(StepFlow[ElderFindForm]):
    """Finding a room: the day, the time, how long, how many come, and what is needed."""

    endpoint = "timetable.find_step"

    def __init__(self, who: flow.Applicant | None, rooms: Sequence[Room], *, now: datetime) -> None:
        self.who, self.rooms, self.now = who, rooms, now
        super().__init__(InAddress(ANSWERS))

    def ask(self) -> ResponseReturnValue | None:
        """Lead to the first question that is open; None where all are answered."""
        self._make()
        first = self.first_open()
        return None if first.is_last and self.is_right(first) else redirect(self.address(first), 303)

    def address_values(self) -> dict[str, Any]:
        return dict[str, Any](carried())

    def make_form(self, answers: "MultiDict[str, str] | None") -> ElderFindForm:
        """What cannot be asked again on a page of its own is made right instead."""
        values = MultiDict(answers or ())
        values.setlist("access", [each for each in values.getlist("access") if each in set(AccessFeature)])
        values.setlist("when", [each for each in values.getlist("when") if each in set(OffHours)])
        for name in ("wheelchair", "companion"):
            if not values.get(name, "").isdecimal():
                values.poplist(name)
        if values.get("party") not in {Party.PERSON, Party.ORGANISATION}:
            values["party"] = Party.PERSON.value
        form = ElderFindForm(formdata=values)
        form.offer(open_to(form, self.who, self.rooms), now=self.now)
        return form

    def steps_of(self, form: ElderFindForm) -> Sequence[Step]:
        return [Step(name, of, form[of[0]].label.text, is_last=name == "needs") for name, of in QUESTIONS.items()]

    def knows(self, name: str) -> bool:
        return name in QUESTIONS

    def read_sent(self) -> "MultiDict[str, str]":
        """What was left open stands in the address, too: it was asked."""
        values = MultiDict(request.form)
        asked = QUESTIONS.get((request.view_args or {}).get("step", ""), ())
        for name in asked if len(asked) == 1 else ():
            values.setdefault(name, "")
        return values

    def is_right(self, step: Step) -> bool:
        is_good = super().is_right(step)
        found = out_of_reach(self.form, self.who, now=self.now)
        if not is_good or found is None or found[0] not in step.fields:
            return is_good
        self.form[found[0]].errors = [found[1]]
        return False

    def show(self, step: Step) -> str:
        page = self.page(step, _("Find me a room"), url_for("rooms.index"))
        again = url_for("timetable.find", **self.address_values())
        _asks_party, limits = looker(self.who, self.rooms)
        return render_template(
            "public/timetable/find_step.html",
            form=self.form,
            who=self.who,
            page=page,
            again=again,
            limits=limits,
        )

    def finish(self) -> ResponseReturnValue:
        return redirect(url_for("timetable.find", **self.address_values(), **self.keeping.query(self.said)), 303)


def out_of_reach(form: FindForm, who: flow.Applicant | None, *, now: datetime) -> tuple[str, Any] | None:
    """The field that asks for a time that has passed or is too far off, with words for it."""
    day, start, today = form.date.data, form.start.data, local_date(now)
    passed = _l("This time has already passed. Please choose a later one.")
    if not isinstance(day, date):
        return None
    if not today <= day <= today + FAR:
        return "date", passed if day < today else _l("Please choose a day in the coming weeks.")
    if who is None and start is not None and span_of(day, start, 1, centre_zone()).start < now:
        return "start", passed
    return None


def open_to(form: FindForm, who: flow.Applicant | None, rooms: Sequence[Room]) -> Sequence[Room]:
    """The rooms for such a party, where there are any: no time or length is offered that is for others only."""
    if who is not None:
        return rooms
    is_group = form.party.data == Party.ORGANISATION
    able = [room for room in rooms if (room.organisations_may_book if is_group else room.residents_may_book)]
    return able or rooms


def looker(who: flow.Applicant | None, rooms: Sequence[Room]) -> tuple[bool, Sequence[str]]:
    """Whether they may book for an organisation at all; and what is said first, the limits on their own bookings."""
    now = this_minute()
    today = local_date(now)
    footings = footings_now(today, today, now=now)
    leads = any(each.party is Party.ORGANISATION for each in footings)
    is_open = who is None and (leads or not current_user.is_authenticated)
    return is_open, limits_met(rooms, footings) if who is None else ()


def carried() -> list[tuple[str, str]]:
    """Whom the desk books for, and how they asked."""
    return [(name, request.args[name]) for name in STAFF if name in request.args]
