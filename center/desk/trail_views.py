"""The audit trail of bookings, for those who look over the centre's shoulder."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from wtforms import DateField, Field, SearchField, SelectField
from wtforms.validators import Optional, ValidationError

from center.access import Permission, requires
from center.bookings import trail
from center.bookings.trail import TrailFilter, TrailPage
from center.desk.views import blueprint
from center.forms import BaseForm
from center.i18n import centre_zone, in_language
from center.i18n import lazy_gettext as _l
from center.people.models import Person
from center.people.search import find_people
from center.rooms.models import Room
from center.rooms.queries import all_rooms

MOST_PEOPLE = 50  # of one name; more than that is no question about a person


class TrailForm(BaseForm):
    """Which changes to list. Sent with GET, so it needs no token."""

    class Meta:
        csrf = False

    first = DateField(_l("From"), validators=[Optional()])
    last = DateField(_l("Until"), validators=[Optional()])
    room = SelectField(_l("Room"), validators=[Optional()])
    who = SearchField(
        _l("Who made the change"),
        description=_l("Name, pinyin initials, last digits of the phone, or building-door."),
        validators=[Optional()],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            field.flags.optional = False  # in a filter that goes without saying

    def validate_first(self, field: Field) -> None:
        """A day of this century, which every database can reckon with."""
        if field.data and not 2000 <= field.data.year <= 2100:
            raise ValidationError(_l("Please write a day such as 2026-11-24."))

    validate_last = validate_first

    def offer(self, rooms: list[Room]) -> None:
        """Let them choose among these rooms."""
        named = [(room.code, _name(room)) for room in rooms]
        self.room.choices = [("", _l("All rooms")), *named]


@blueprint.get("/desk/trail", endpoint="trail")
@requires(Permission.SEE_TRAIL)
def trail_page() -> ResponseReturnValue:
    """Who changed which booking and when, the latest first."""
    rooms = list(all_rooms(with_retired=True))
    form = TrailForm(request.args)
    form.offer(rooms)
    who = (form.who.data or "").strip()
    people = list(find_people(who, limit=MOST_PEOPLE)) if who else []
    page = TrailPage([], None)
    if form.validate():
        wanted = _wanted(form, rooms, people if who else None)
        page = trail.latest(wanted, zone=centre_zone(), before=_before())
    shown: dict[str, Any] = {"form": form, "page": page, "people": people, "nobody": bool(who and not people)}
    is_narrowed = any(request.args.get(name) for name in ("first", "last", "room", "who", "before"))
    return render_template("desk/trail.html", is_narrowed=is_narrowed, **shown), 422 if form.error_list() else 200


def _wanted(form: TrailForm, rooms: list[Room], people: list[Person] | None) -> TrailFilter:
    return TrailFilter(
        first=form.first.data,
        last=form.last.data,
        room_ids=[room.id for room in rooms if room.code == form.room.data] if form.room.data else None,
        by_ids=None if people is None else [person.id for person in people],
    )


def _before() -> int | None:
    """Where the page before this one ended."""
    text = request.args.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _name(room: Room) -> str:
    whole = f"{in_language(room.parent.name, room.parent.name_en)} · " if room.parent else ""
    return whole + in_language(room.name, room.name_en)
