"""The volunteers of a session: one press to sign each in and out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.models import Activity, Session
from center.activities.queries import get_activity
from center.attendance.hours import actions, policy, queries
from center.attendance.models.hours import Shift, ShiftState
from center.kernel import clock, undoing
from center.kernel.access import authorise, signed_in
from center.kernel.access_log import Kind
from center.kernel.i18n import gettext as _
from center.kernel.i18n import ngettext
from center.organisations.policy import MAY_SEE_ROLL, ids_where
from center.people.models import Person
from center.web.activities.pages import led_ids, own_roles, session_of
from center.web.blueprints import posting as blueprint
from center.web.forms import id_of
from center.web.hours.forms import WriteDownForm, clock_time
from center.web.hours.lines import HourLine, lines_of
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import did, form_page, go_on, is_done


@dataclass(frozen=True, kw_only=True)
class VolunteerLine:
    """One volunteer of a session, their shifts at it, and whether the last press can be taken back."""

    person: Person
    lines: Sequence[HourLine]
    may_undo: bool

    @property
    def last(self) -> HourLine | None:
        """Their latest shift."""
        return self.lines[-1] if self.lines else None

    @property
    def is_in(self) -> bool:
        """Whether they are signed in now."""
        return self.last is not None and self.last.stands is ShiftState.OPEN


@dataclass(frozen=True, kw_only=True)
class VolunteersPage:
    """The volunteers of a session for whoever runs it."""

    activity: Activity
    session: Session
    lines: Sequence[VolunteerLine]
    can_sign_in: bool
    may_decide: bool


@blueprint.get("/workspace/activities/<slug>/sessions/<id:date_id>/volunteers")
@signed_in
def volunteers(slug: str, date_id: int) -> ResponseReturnValue:
    """Who helps at a session, who of them is here, and since when."""
    session, now = _session(slug, date_id), clock.now()
    activity = session.activity
    people = queries.volunteers_of(session)
    looks.see(Kind.ROLL, people, subject=activity.title)
    return render(
        "workspace/hours/volunteers.html",
        VolunteersPage(
            activity=activity,
            session=session,
            lines=_lines(session, people, now=now),
            can_sign_in=session.is_scheduled and now < session.ends_at,
            may_decide=policy.may_decide(activity.organisation_id, current_user, led_ids()),
        ),
    )


@blueprint.post("/workspace/activities/<slug>/sessions/<id:date_id>/volunteers/sign")
@signed_in
def sign_volunteer(slug: str, date_id: int) -> ResponseReturnValue:
    """One press: somebody comes, somebody goes, all go, or the last press is taken back."""
    session, now, by = _session(slug, date_id), clock.now(), current_user.person
    here = url_for("posting.volunteers", slug=slug, date_id=date_id)
    if "all_out" in request.form:
        did(lambda: actions.all_out(session, by=by, now=now), lambda gone: _say_gone(len(gone)))
        return redirect(here, 303)
    if (shift_id := id_of(request.form.get("undo", ""))) is not None:
        shift = queries.get_shift(shift_id)
        authorise(shift.session_id == session.id)
        did(lambda: actions.undo(shift, by=by, now=now), _("Taken back: %(name)s.", name=shift.person.name))
        return redirect(f"{here}#volunteer-{shift.person_id}", 303)
    person = _volunteer(session, request.form.get("person", ""))
    if request.form.get("verb") == "out":
        did(
            lambda: actions.sign_out(session, person, by=by, now=now),
            _("%(name)s is signed out. Thank you!", name=person.name),
        )
    else:
        did(lambda: actions.sign_in(session, person, by=by, now=now), _("%(name)s is signed in.", name=person.name))
    return redirect(f"{here}#volunteer-{person.id}", 303)


@blueprint.route("/workspace/activities/<slug>/sessions/<id:date_id>/volunteers/write-down", methods=["GET", "POST"])
@signed_in
def write_down_volunteer(slug: str, date_id: int) -> ResponseReturnValue:
    """Write down when somebody helped who was not signed in here, such as from paper."""
    session = _session(slug, date_id)
    people = queries.volunteers_of(session)
    looks.see(Kind.ROLL, people, subject=session.activity.title)
    form = WriteDownForm(data={"in_at": clock_time(session.starts_at), "out_at": clock_time(session.ends_at)})
    form.person.choices = [(each.id, each.name) for each in people]
    back = url_for("posting.volunteers", slug=slug, date_id=date_id)

    def write() -> Shift:
        person = next(each for each in people if each.id == form.person.data)
        start = form.moment_of("in_at", session.local_day)
        given = {"reason": form.reason.data, "by": current_user.person, "now": clock.now()}
        return actions.write_down(session, person, start, form.end_after(start), **given)

    if is_done(form, write):
        return go_on(_("Written down. It waits for somebody who certifies it."), back)
    return form_page("workspace/hours/write_down.html", form, activity=session.activity, session=session, back=back)


def _session(slug: str, date_id: int) -> Session:
    """A session whose volunteers one may sign in; raises NotFound."""
    activity = get_activity(slug)
    seen = ids_where(own_roles(), MAY_SEE_ROLL)
    authorise(policy.may_sign(activity.organisation_id, current_user, seen))
    return session_of(activity, date_id)


def _volunteer(session: Session, text: str) -> Person:
    found = [each for each in queries.volunteers_of(session) if each.id == id_of(text)]
    authorise(bool(found))
    return found[0]


def _lines(session: Session, people: Sequence[Person], *, now: datetime) -> list[VolunteerLine]:
    shifts = lines_of(queries.shifts_at(session), by_id=current_user.person_id, now=now)
    of = {key: list(theirs) for key, theirs in groupby(shifts, key=lambda each: each.shift.person_id)}
    known = {each.id for each in people}
    more = [theirs[0].shift.person for key, theirs in of.items() if key not in known]  # who gave up their place since
    return [_line(person, of.get(person.id, []), now=now) for person in [*people, *more]]


def _line(person: Person, lines: Sequence[HourLine], *, now: datetime) -> VolunteerLine:
    last = lines[-1] if lines else None
    may_undo = last is not None and _is_fresh(last, now=now)
    return VolunteerLine(person=person, lines=lines, may_undo=may_undo)


def _is_fresh(line: HourLine, *, now: datetime) -> bool:
    shift = line.shift
    if line.stands is ShiftState.OPEN:
        return undoing.may_undo(shift.recorded_at, now=now)
    is_press = line.stands is ShiftState.DONE and shift.out_said_at != shift.recorded_at
    return is_press and shift.out_said_at is not None and undoing.may_undo(shift.out_said_at, now=now)


def _say_gone(count: int) -> str:
    return ngettext("%(num)d volunteer is signed out.", "%(num)d volunteers are signed out.", count)
