"""From a person's page: they are here at a session, or on leave; and back."""

from collections.abc import Sequence

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.models import Session
from center.activities.queries import get_session
from center.attendance import households, queries, roll_actions
from center.attendance.models import AttendanceEvent, How
from center.attendance.rules import Timing, timing
from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.i18n import gettext as _
from center.kernel.i18n import ngettext
from center.web.activities.pages import not_confined
from center.web.blueprints import desk as blueprint
from center.web.desk.queries import get_whole_person
from center.web.forms import id_of
from center.web.sending import did


@blueprint.post("/desk/people/<id:person_id>/sessions/<id:date_id>/here")
@requires(Permission.SIGN_UP_ANYONE)
def arrived_at_session(person_id: int, date_id: int) -> ResponseReturnValue:
    """They have come to a session at which they have a place."""
    person, session, now = get_whole_person(person_id), _session(date_id), clock.now()
    authorise(timing(session.starts_at, session.ends_at, at=now) is Timing.NOW)
    arrive = lambda: roll_actions.arrive(session, person, how=How.DESK, by=current_user.person, now=now)  # noqa: E731
    is_done = did(arrive, _("%(name)s is here.", name=person.name))
    return redirect(url_for("desk.person", person_id=person_id, done=1 if is_done else None), 303)


@blueprint.post("/desk/people/<id:person_id>/sessions/<id:date_id>/household")
@requires(Permission.SIGN_UP_ANYONE)
def household_at_session(person_id: int, date_id: int) -> ResponseReturnValue:
    """Their household has come along: those who were named on the button."""
    person, session, now = get_whole_person(person_id), _session(date_id), clock.now()
    authorise(timing(session.starts_at, session.ends_at, at=now) is Timing.NOW)
    chosen = {id_of(each) or 0 for each in request.form.get("together", "").split(",")}

    def arrive() -> Sequence[AttendanceEvent]:
        return households.arrive_with(session, person, chosen, by=current_user.person, now=now)

    did(arrive, lambda events: ngettext("%(num)d more is here.", "%(num)d more are here.", len(events)))
    return redirect(url_for("desk.person", person_id=person_id, done=1), 303)


@blueprint.post("/desk/people/<id:person_id>/sessions/<id:date_id>/leave")
@requires(Permission.SIGN_UP_ANYONE)
def on_leave_from_session(person_id: int, date_id: int) -> ResponseReturnValue:
    """They say that they cannot come this once; their place stays theirs."""
    person, session, now = get_whole_person(person_id), _session(date_id), clock.now()
    put = lambda: roll_actions.put_on_leave(session, person, how=How.DESK, by=current_user.person, now=now)  # noqa: E731
    is_done = did(put, _("%(name)s is on leave that day.", name=person.name))
    return redirect(url_for("desk.person", person_id=person_id, done=1 if is_done else None), 303)


@blueprint.post("/desk/people/<id:person_id>/sessions/<id:date_id>/undo")
@requires(Permission.SIGN_UP_ANYONE)
def undo_at_session(person_id: int, date_id: int) -> ResponseReturnValue:
    """That was a slip of the hand."""
    event_id = id_of(request.form.get("event", ""))
    authorise(event_id is not None)
    event = queries.get_event(_session(date_id), event_id or 0)
    authorise(event.person_id == person_id)
    did(lambda: roll_actions.undo(event, by=current_user.person, now=clock.now()), _("Undone."))
    return redirect(url_for("desk.person", person_id=person_id), 303)


def _session(date_id: int) -> Session:
    session = get_session(date_id)
    not_confined(session.activity)
    return session
