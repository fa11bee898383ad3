"""The roll of a session as it is taken: one press a person, and the page comes back at the next one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import SearchField

from center.activities.models import Activity, Session
from center.attendance import households, queries, roll_actions, taking
from center.attendance.hours.queries import volunteers_of
from center.attendance.households import Beside
from center.attendance.models import AttendanceEvent, Outcome, Register
from center.attendance.rules import Timing, check_in_span, timing
from center.attendance.taking import Press
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.access_log import Kind
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import ngettext
from center.people.models import Person
from center.people.records import get_person
from center.web.attendance import lines as rolls
from center.web.attendance.access import may_sign, taken
from center.web.attendance.lines import Counts, RollLine
from center.web.blueprints import posting as blueprint
from center.web.forms import FilterForm, id_of
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import did, next_below

# What each press says, once it is done.
SAID = {
    Press.HERE: _l("%(name)s is here."),
    Press.LATE: _l("%(name)s is here, and was late."),
    Press.LEAVE: _l("%(name)s is on leave."),
    Press.LEFT: _l("%(name)s has left."),
}
SHOWN = ("all", "waiting", "here", "left", "on_leave", "absent")


class FindForm(FilterForm):
    """Whom of the roll one looks for."""

    find = SearchField(_l("Find by name"), description=_l("Part of the name, or pinyin initials."))


@dataclass(frozen=True, kw_only=True)
class RegisterPage:
    """The roll of a session for whoever takes it."""

    activity: Activity
    session: Session
    register: Register | None
    timing: Timing
    opens_at: datetime
    lines: Sequence[RollLine]  # those that are shown
    counts: Counts
    shown: str
    find: FindForm
    together: Person | None  # whose household is asked about
    household: Sequence[Beside]
    to_review: int
    may_sign: bool
    volunteers: int

    @property
    def is_open(self) -> bool:
        """Whether people are still written down."""
        return self.session.state != "cancelled" and (self.register is None or self.register.is_open)


@blueprint.get("/workspace/activities/<slug>/sessions/<id:date_id>/register")
@signed_in
def register(slug: str, date_id: int) -> ResponseReturnValue:
    """The roll: who is expected, who came, and a button for each."""
    session, now = taken(slug, date_id), clock.now()
    found = queries.find_register(session.id)
    when = timing(session.starts_at, session.ends_at, at=now)
    is_open = session.state != "cancelled" and (found is None or found.is_open)
    every = rolls.lines_of(session, is_open=is_open, is_early=when is Timing.TOO_EARLY, now=now)
    looks.see(Kind.ROLL, [each.person for each in every], subject=session.activity.title)
    together = _together(session, every) if is_open else None
    return render(
        "workspace/register/roll.html",
        RegisterPage(
            activity=session.activity,
            session=session,
            register=found,
            timing=when,
            opens_at=check_in_span(session.starts_at, session.ends_at).start,
            lines=_chosen(every),
            counts=rolls.count(every),
            shown=_shown(),
            find=FindForm(request.args),
            together=together,
            household=households.beside(session, together, now=now) if together else (),
            to_review=len(queries.to_review([session.id])),
            may_sign=may_sign(session),
            volunteers=len(volunteers_of(session)),
        ),
    )


@blueprint.post("/workspace/activities/<slug>/sessions/<id:date_id>/register/say")
@signed_in
def say(slug: str, date_id: int) -> ResponseReturnValue:
    """One press: somebody is here, late, on leave, or has left."""
    session, now = taken(slug, date_id), clock.now()
    if not request.form.get("say"):
        return _back(session)
    person, press = _pressed(session)

    def said(event: AttendanceEvent) -> str:
        if event.outcome is Outcome.DUPLICATE:
            return _("%(name)s was written down so before.", name=person.name)
        return str(SAID[press]) % {"name": person.name}

    if not did(lambda: taking.say(session, person, press, by=current_user.person, now=now), said):
        return _back(session, at=person.id)
    if press in {Press.HERE, Press.LATE} and households.beside(session, person, now=now):
        return _back(session, at=person.id, together=person.id)
    return _back(session, at=_next(session, person))


@blueprint.post("/workspace/activities/<slug>/sessions/<id:date_id>/register/household")
@signed_in
def household(slug: str, date_id: int) -> ResponseReturnValue:
    """Those of a household who were ticked are here, too."""
    session, now = taken(slug, date_id), clock.now()
    if not request.form.get("household_of"):
        return _back(session)
    person = _on_roll(session, request.form["household_of"])
    chosen = {id_of(each) or 0 for each in request.form.getlist("together")}

    def arrive() -> Sequence[AttendanceEvent]:
        return households.arrive_with(session, person, chosen, by=current_user.person, now=now)

    def said(events: Sequence[AttendanceEvent]) -> str:
        return ngettext("%(num)d more is here.", "%(num)d more are here.", len(events)) if events else ""

    did(arrive, said)
    return _back(session, at=_next(session, person))


@blueprint.post("/workspace/activities/<slug>/sessions/<id:date_id>/register/all")
@signed_in
def all_here(slug: str, date_id: int) -> ResponseReturnValue:
    """Everybody of whom nothing was said is here."""
    session = taken(slug, date_id)

    def arrive() -> Sequence[AttendanceEvent]:
        return taking.all_here(session, by=current_user.person, now=clock.now())

    did(arrive, lambda events: ngettext("%(num)d person is here.", "%(num)d people are here.", len(events)))
    return _back(session)


@blueprint.post("/workspace/activities/<slug>/sessions/<id:date_id>/register/undo")
@signed_in
def undo_said(slug: str, date_id: int) -> ResponseReturnValue:
    """Take back what was said of somebody a moment ago."""
    session = taken(slug, date_id)
    if not request.form.get("event"):
        return _back(session)
    event_id = id_of(request.form["event"])
    authorise(event_id is not None)
    event = queries.get_event(session, event_id or 0)
    person = event.person
    name, person_id = (person.name, person.id) if person else ("", 0)
    said = _("Undone: what was just said of %(name)s.", name=name)
    did(lambda: roll_actions.undo(event, by=current_user.person, now=clock.now()), said)
    return _back(session, at=person_id)


def _pressed(session: Session) -> tuple[Person, Press]:
    """What the button says, such as "here-12"; anything else is no page of ours."""
    word, _dash, number = request.form.get("say", "").partition("-")
    authorise(word in list(Press))
    return _on_roll(session, number), Press(word)


def _on_roll(session: Session, number: str) -> Person:
    """Somebody of this roll; a person who is not on it is not to be found by their number."""
    person_id = id_of(number)
    authorise(person_id is not None and person_id in {each.person.id for each in queries.roll_of(session)})
    return get_person(person_id or 0)


def _together(session: Session, every: Sequence[RollLine]) -> Person | None:
    asked = id_of(request.args.get("together", ""))
    return next((each.person for each in every if each.person.id == asked and not each.waits), None)


def _shown() -> str:
    asked = request.values.get("show", "all")
    return asked if asked in SHOWN else "all"


def _chosen(lines: Sequence[RollLine]) -> list[RollLine]:
    """Those who stand as is asked, and whose name is looked for."""
    shown, text = _shown(), request.values.get("find", "").strip().casefold()
    return [each for each in lines if STANDS[shown](each) and (not text or _is_called(each.person, text))]


def _is_called(person: Person, text: str) -> bool:
    plain = text.replace(" ", "")
    return any(plain in each.casefold().replace(" ", "") for each in (person.name, person.sort_key, person.initials))


STANDS: dict[str, Callable[[RollLine], bool]] = {
    "all": lambda each: True,
    "waiting": lambda each: each.waits,
    "here": lambda each: each.status in {"present", "late"},
    "left": lambda each: each.status == "left",
    "on_leave": lambda each: each.status == "on_leave",
    "absent": lambda each: each.status == "absent",
}


def _next(session: Session, done: Person) -> int:
    """Whose button comes next: the first below of whom nothing was said; 0 where nobody is left."""
    lines = rolls.lines_of(session, is_open=True, is_early=False, now=clock.now())
    text = request.values.get("find", "").strip().casefold()
    listed = [
        str(each.person.id)
        for each in lines
        if each.person.id == done.id or (each.waits and (not text or _is_called(each.person, text)))
    ]
    return int(next_below(listed, {str(done.id)}) or 0)


def _back(session: Session, *, at: int = 0, together: int = 0) -> ResponseReturnValue:
    """The same page, as it was narrowed, at somebody's line."""
    kept = {name: request.form[name] for name in ("show", "find") if request.form.get(name)}
    more = {**kept, "together": together} if together else kept
    anchor = f"household-{together}" if together else f"say-{at}" if at else "roll"
    slug = session.activity.slug
    return redirect(url_for("posting.register", slug=slug, date_id=session.id, **more, _anchor=anchor), 303)
