"""Pages on which one more rehearsal is added, perhaps making up for a skipped one, and one is moved."""

from collections.abc import Sequence
from datetime import datetime, time

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.clashes import SessionPlan
from center.activities.sessions import SessionsClash
from center.bookings.places import Place
from center.bookings.rulebook.availability import rules_of
from center.bookings.rulebook.times import grid
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.errors import DomainError
from center.kernel.i18n import gettext as _
from center.kernel.i18n import local_date
from center.kernel.spans import Span
from center.rooms.models import Room
from center.signups.posting.plans import others_for
from center.troupes.models.seasons import Season
from center.troupes.rehearsals import actions, planning, queries
from center.troupes.rehearsals.models import Rehearsal
from center.web.blueprints import troupes as blueprint
from center.web.sending import form_page, go_on, is_done
from center.web.troupes.rehearsal_words import WORDS
from center.web.workspace.troupes.rehearsals.forms import AddForm, MoveForm, OneForm, values_of
from center.web.workspace.troupes.rehearsals.views import get


@blueprint.route("/workspace/troupes/<slug>/seasons/<id:season_id>/rehearsals/add", methods=["GET", "POST"])
@signed_in
def add_rehearsal(slug: str, season_id: int) -> ResponseReturnValue:
    """One more rehearsal; it may make up for one that did not take place."""
    season, now = get(slug, season_id), clock.now()
    authorise(season.ends_on >= local_date(now))
    known = queries.rehearsals_of(season)
    missed = [each for each in known if not each.takes_place]
    model = next((each for each in reversed(known) if each.takes_place), None)
    form = AddForm(data=_like(model, season, now) if model else {"date": max(season.starts_on, local_date(now))})
    rooms = _offer(form, season)
    form.makes_up_for.choices = [(0, _("No other rehearsal")), *((each.id, WORDS.when(each)) for each in missed)]

    def add() -> object:
        instead_of = next((each for each in missed if each.id == form.makes_up_for.data), None)
        return actions.add(season, _plan(form, rooms), by=current_user.person, now=now, makes_up_for=instead_of)

    back = url_for("troupes.rehearsals", slug=slug, season_id=season_id)
    if is_done(form, add, then=back):
        return go_on(_("The rehearsal is planned, and the members are told."), back)
    return form_page(
        "workspace/troupes/rehearsals/add.html",
        form,
        troupe=season.troupe,
        season=season,
        others=_instead(form, season, form.refusal, now),
    )


@blueprint.route(
    "/workspace/troupes/<slug>/seasons/<id:season_id>/rehearsals/<id:rehearsal_id>/move", methods=["GET", "POST"]
)
@signed_in
def move_rehearsal(slug: str, season_id: int, rehearsal_id: int) -> ResponseReturnValue:
    """Hold one rehearsal at another time or in another room."""
    season, now = get(slug, season_id), clock.now()
    found = queries.get_rehearsal(season, rehearsal_id)
    session = found.session
    if session is None or not found.takes_place:
        again = url_for("troupes.put_rehearsal_back", slug=slug, season_id=season_id, rehearsal_id=rehearsal_id)
        return redirect(again, 303)
    authorise(session.ends_at > now)
    form = MoveForm(data=values_of(Span(session.starts_at, session.ends_at), session.room or found.room))
    rooms = _offer(form, season)
    act = lambda: actions.move(  # noqa: E731
        found, _plan(form, rooms), reason=form.reason.data or "", by=current_user.person, now=now
    )
    back = url_for("troupes.rehearsal", slug=slug, season_id=season_id, rehearsal_id=rehearsal_id)
    if is_done(form, act):
        return go_on(_("The rehearsal is moved, and the members are told."), back)
    return form_page(
        "workspace/troupes/rehearsals/move.html",
        form,
        troupe=season.troupe,
        season=season,
        each=found,
        words=WORDS,
        others=_instead(form, season, form.refusal, now),
    )


def _offer(form: OneForm, season: Season) -> Sequence[Room]:
    rooms = planning.rooms_for(season.troupe, actions.expected_of(season))
    starts: set[time] = {start for room in rooms for start in grid(room, rules_of(room), None)}
    form.offer(rooms, sorted(starts))
    return rooms


def _plan(form: OneForm, rooms: Sequence[Room]) -> SessionPlan:
    return SessionPlan(span=form.span, room=next(room for room in rooms if room.code == form.room.data))


def _instead(form: OneForm, season: Season, refusal: DomainError | None, now: datetime) -> Sequence[Place]:
    """What is free where the time that was asked for is not."""
    if not isinstance(refusal, SessionsClash) or not refusal.clashes:
        return []
    plan = refusal.clashes[0].plan
    given = {"by": current_user.person, "now": now}
    return others_for(plan, expected=actions.expected_of(season), organisation=season.troupe.organisation, **given)


def _like(model: Rehearsal, season: Season, now: datetime) -> dict[str, object]:
    """As the latest rehearsal is, on the first day that can be."""
    values = values_of(Span(model.starts_at, model.ends_at), model.room)
    return {**values, "date": max(season.starts_on, local_date(now))}
