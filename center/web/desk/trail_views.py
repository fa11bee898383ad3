"""The audit trail, for those who look over the centre's shoulder, and what one press did, for whoever pressed."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import SearchField, SelectField
from wtforms.validators import Optional

from center.audit import reading
from center.audit.reading import Press, TrailFilter, TrailPage
from center.audit.words import AREAS
from center.kernel import access_log, clock, tables
from center.kernel.access import Permission, authorise, may, requires
from center.kernel.i18n import centre_zone
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.logs import log
from center.kernel.marks import Mark
from center.notices.calling import by_phone
from center.notices.models import Way
from center.notices.queries import left_to_tell
from center.notices.telling import told_by
from center.people.models import Person
from center.people.search import find_people
from center.rooms.models import Room
from center.rooms.queries import all_rooms
from center.web.blueprints import desk as blueprint
from center.web.desk import trail_sentences as sentences
from center.web.desk.forms import FIND_BY, DaysForm
from center.web.sending import form_page

MOST_PEOPLE = 50  # of one name; more than that is no question about a person


class TrailForm(DaysForm):
    """Which changes to list."""

    about = SelectField(
        _l("What it is about"),
        choices=[
            ("", _l("Everything")),
            *((area.value, words) for area, words in AREAS.items()),
            (reading.BOOKINGS, _l("Bookings")),
            (reading.ACTIVITIES, _l("Activities")),
        ],
        validators=[Optional()],
    )
    room = SelectField(_l("Room"), validators=[Optional()])
    who = SearchField(_l("Who made the change"), description=FIND_BY, validators=[Optional()])

    def offer(self, rooms: list[Room]) -> None:
        """Let them choose among these rooms."""
        self.room.choices = [("", _l("All rooms")), *((room.code, room.full_name) for room in rooms)]


@blueprint.get("/desk/trail", endpoint="trail")
@requires(Permission.SEE_TRAIL)
def trail_page() -> ResponseReturnValue:
    """Who changed what and when, the latest first, grouped by what was pressed."""
    form, wanted, people = _asked()
    page = TrailPage([], None)
    if wanted is not None:
        page = reading.latest(
            wanted, zone=centre_zone(), before=Mark.read(request.args.get("before", ""), ranks=len(reading.MODELS))
        )
    asked = request.args.to_dict()
    return form_page(
        "desk/trail.html",
        form,
        page=page,
        people=people,
        nobody=bool((form.who.data or "").strip() and not people),
        say=sentences.Speaker(reading.names_in(page.presses)),
        is_narrowed=any(asked.get(name) for name in ("first", "last", "about", "room", "who", "before")),
        filters={name: value for name, value in asked.items() if name in form and value},
    )


@blueprint.get("/desk/trail.xlsx")
@requires(Permission.SEE_TRAIL)
def trail_table() -> ResponseReturnValue:
    """The same as a table: a line for each change, with what was pressed."""
    _form, wanted, _people = _asked()
    presses = []
    if wanted is not None:
        presses = list(reading.latest(wanted, zone=centre_zone(), most=reading.MOST_AT_ONCE).presses)
    access_log.note(access_log.Kind.EXPORT, subject=str(_l("Audit trail")))
    log.info("trail_exported", by=current_user.person_id, presses=len(presses))
    name = f"trail-{clock.today(centre_zone()).isoformat()}.xlsx"
    return tables.download(sentences.table(presses, reading.names_in(presses)), name=name)


@blueprint.get("/desk/done/<press>")
@requires(Permission.SEE_DESK)
def what_was_done(press: str) -> ResponseReturnValue:
    """Everything that one press did: for whoever pressed, and for those who may read the trail."""
    found = _pressed(press)
    return render_template(
        "desk/done.html",
        press=found,
        name=press,
        say=sentences.Speaker(reading.names_in([found])),
        told=told_by(press),
        left=len(left_to_tell(press)),
    )


@blueprint.get("/desk/done/<press>/print")
@requires(Permission.TELL_PEOPLE)
def print_whom_to_tell(press: str) -> ResponseReturnValue:
    """Whom one press leaves to be told by hand, on paper: the number, the words to say, room to tick."""
    _pressed(press)
    left = left_to_tell(press)
    return render_template(
        "desk/print_done.html",
        calls=by_phone(each for each in left if each.way is Way.CALL),
        others=[
            (way, by_phone(each for each in left if each.way is way)) for way in (Way.IN_PERSON, Way.SLIP, Way.VISIT)
        ],
        at=clock.now(),
    )


def _pressed(press: str) -> Press:
    """What one press did; nobody else's, for whoever does not look over all of them."""
    found = reading.of_press(press)
    authorise(found is not None)
    assert found is not None
    authorise(may(Permission.SEE_TRAIL) or all(each.event.by_id == current_user.person_id for each in found.entries))
    return found


def _asked() -> tuple[TrailForm, TrailFilter | None, list[Person]]:
    """What the filter says: the form, what is wanted (None where the form is at fault), whom its name means."""
    rooms = list(all_rooms(with_retired=True))
    form = TrailForm(request.args)
    form.offer(rooms)
    who = (form.who.data or "").strip()
    people = list(find_people(who, limit=MOST_PEOPLE)) if who else []
    return form, _wanted(form, rooms, people if who else None) if form.validate() else None, people


def _wanted(form: TrailForm, rooms: list[Room], people: list[Person] | None) -> TrailFilter:
    return TrailFilter(
        first=form.first.data,
        last=form.last.data,
        about=form.about.data or None,
        room_ids=[room.id for room in rooms if room.code == form.room.data] if form.room.data else None,
        by_ids=None if people is None else [person.id for person in people],
    )
