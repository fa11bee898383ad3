"""Why can't somebody book a room at a time? The desk's page that lists every rule with its verdict."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectField

from center.bookings.rulebook.explaining import RuleLine, Ruling, explain
from center.bookings.rulebook.facts import ProposedUse
from center.bookings.rulebook.judging import judge, party_of
from center.bookings.rulebook.rule_facts import kinds_of_use
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.i18n import centre_zone, format_minutes, in_language, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.spans import Span, span_of
from center.organisations.models import Organisation
from center.organisations.queries import organisations_led_by
from center.people.models import Person
from center.rooms.models import Room
from center.rooms.queries import all_rooms, get_room
from center.web.blueprints import bookings as blueprint
from center.web.bookings.forms import LengthPart, day_field, length_field, people_field, start_field
from center.web.people.searching import Search, picked, search
from center.web.rendering import render

LENGTHS = (30, 60, 90, 120, 180, 240, 360, 480)
QUARTERS = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(6 * 60, 24 * 60, 15)]


class WhyForm(LengthPart):
    """Which room, when, for how many and for whom. Sent with GET, so that the answer has an address."""

    class Meta:
        csrf = False

    room = SelectField(_l("Room"))
    date, start, minutes, people = day_field(), start_field(), length_field(), people_field()
    kind = SelectField(_l("Kind of use"), coerce=lambda text: int(text) if text else None)
    party = RadioField(_l("For whom"))

    def span(self) -> Span:
        """The time asked about, once the form is valid."""
        assert self.start.data is not None
        assert self.minutes.data is not None
        return span_of(self.date.data, self.start.data, self.minutes.data, centre_zone())


@dataclass(frozen=True, kw_only=True)
class WhyPage:
    """Whom it is about, what is asked, and the verdict of each rule."""

    person: Person | None
    search: Search
    form: WhyForm | None = None
    room: Room | None = None
    span: Span | None = None
    organisation: Organisation | None = None
    lines: Sequence[RuleLine] = ()
    waits: bool = False
    Ruling: type[Ruling] = Ruling


@blueprint.get("/desk/why")
@requires(Permission.FIND_PEOPLE)
def why() -> ResponseReturnValue:
    """Every rule that a person's proposed use for a room meets, with its verdict and its numbers."""
    now = clock.now()
    person, asked = picked("person"), search()
    page = WhyPage(person=person, search=asked)
    if person is None:
        return render("desk/bookings/why.html", page)
    led = organisations_led_by(person.id, local_date(now))
    form = _form(person, led, now)
    is_asked = "room" in request.args
    page = replace(page, form=form)
    if is_asked and form.validate():
        span = form.span()
        room = get_room(form.room.data)
        organisation = next((each for each in led if form.party.data == f"organisation-{each.id}"), None)
        proposed = ProposedUse(span, form.people.data, party_of(organisation), form.kind.data)
        verdict = judge(room, proposed, person=person, organisation=organisation, now=now)
        page = replace(page, room=room, span=span, organisation=organisation)
        page = replace(page, lines=explain(room, verdict), waits=verdict.waits)
    wrong = is_asked and bool(form.error_list())
    return render("desk/bookings/why.html", page), 422 if wrong else 200


def _form(person: Person, led: Any, now: datetime) -> WhyForm:
    values = MultiDict(request.args)
    for name, value in {"people": "5", "minutes": "60", "start": "14:00", "party": "self"}.items():
        values.setdefault(name, value)
    values.setdefault("date", local_date(now).isoformat())
    form = WhyForm(formdata=values)
    rooms = all_rooms()
    form.room.choices = [(each.code, f"{each.code} {in_language(each.name, each.name_en)}") for each in rooms]
    form.start.choices = [(quarter, quarter) for quarter in QUARTERS]
    form.minutes.choices = [(minutes, format_minutes(minutes)) for minutes in LENGTHS]
    chosen = _chosen(rooms, form)
    form.kind.choices = [("", _l("Not given")), *(kinds_of_use(chosen) if chosen else ())]
    form.party.choices = [("self", person.name), *((f"organisation-{e.id}", _name(e)) for e in led)]
    return form


def _chosen(rooms: Any, form: WhyForm) -> Room | None:
    return next((each for each in rooms if each.code == form.room.data), rooms[0] if rooms else None)


def _name(organisation: Organisation) -> str:
    return in_language(organisation.name, organisation.name_en)
