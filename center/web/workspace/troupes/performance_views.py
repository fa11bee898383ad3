"""Performances of a troupe for those who lead it: which there are, how each stands, and its way to the stage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.kinds import all_kinds
from center.activities.models import Session
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.access_log import Kind
from center.kernel.errors import Conflict
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.rooms.queries import all_rooms
from center.troupes.models.seasons import Season
from center.troupes.models.troupes import Troupe
from center.troupes.performances import making, queries, steps
from center.troupes.performances.models import (
    AHEAD,
    Performance,
    PerformanceEvent,
    PerformanceState,
    Programme,
)
from center.troupes.performances.programme_now import ProgrammeNow, programme_now
from center.web.blueprints import troupes as blueprint
from center.web.editing import watch
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import did, form_page, go_on, is_done, result_of
from center.web.troupes.pages import led
from center.web.troupes.performance_words import PLAYS, Plays
from center.web.workspace.troupes.performance_forms import CancelForm, EditPerformanceForm, NewPerformanceForm

ON = {
    PerformanceState.PREPARING: (PerformanceState.PIECES_SET, _l("The pieces are set")),
    PerformanceState.PIECES_SET: (PerformanceState.CAST_SET, _l("The performers are set")),
    PerformanceState.CAST_SET: (PerformanceState.PUBLISHED, _l("Publish the programme")),
}
USUAL_KIND = "演出"  # as it comes with the centre
BACK = {
    PerformanceState.PIECES_SET: (PerformanceState.PREPARING, _l("Back: change the pieces")),
    PerformanceState.CAST_SET: (PerformanceState.PIECES_SET, _l("Back: change the performers")),
}


@dataclass(frozen=True, kw_only=True)
class PerformancesPage:
    """The performances of a troupe, those ahead with how they stand."""

    troupe: Troupe
    ahead: Sequence[ProgrammeNow]
    over: Sequence[Performance]
    plays: Plays = field(default_factory=lambda: PLAYS)


@dataclass(frozen=True, kw_only=True)
class PerformancePage:
    """One performance: how it stands, and what comes next."""

    troupe: Troupe
    standing: ProgrammeNow
    versions: Sequence[Programme]
    events: Sequence[PerformanceEvent]
    is_ahead: bool
    on: tuple[PerformanceState, object] | None
    back: tuple[PerformanceState, object] | None
    lacking: Sequence[str]
    plays: Plays = field(default_factory=lambda: PLAYS)

    @property
    def performance(self) -> Performance:
        """The performance itself."""
        return self.standing.performance


@blueprint.get("/workspace/troupes/<slug>/performances")
@signed_in
def performances(slug: str) -> ResponseReturnValue:
    """What is ahead, with what is missing, and what is over."""
    troupe, now = led(slug), clock.now()
    found = queries.performances_of(troupe.id)
    ahead = [each for each in found if each.state in AHEAD and each.session.ends_at > now]
    standings = [programme_now(each, queries.newest_of(each.id)) for each in reversed(ahead)]
    over = [each for each in found if each not in ahead]
    return render("workspace/troupes/performances.html", PerformancesPage(troupe=troupe, ahead=standings, over=over))


@blueprint.route("/workspace/troupes/<slug>/performances/new", methods=["GET", "POST"])
@signed_in
def new_performance(slug: str) -> ResponseReturnValue:
    """The troupe performs: at a date that its organisation has announced already, or at a new one."""
    troupe, now = led(slug), clock.now()
    dates, seasons = making.dates_ahead(troupe, now=now), making.seasons_ahead(troupe, now=now)
    form = NewPerformanceForm(data=_usual(seasons))
    form.offer(dates, all_kinds(), all_rooms(), seasons)

    def make() -> Performance:
        session = _session(troupe, form, dates, now=now)
        season = next((each for each in seasons if each.id == form.season.data), None)
        return steps.make(troupe, session, form.stage(session, season), by=current_user.person, now=now)

    if made := result_of(form, make, then=_page):
        return go_on(_("The performance is here. Next, choose what is played."), _page(made))
    return form_page("workspace/troupes/new_performance.html", form, troupe=troupe)


@blueprint.get("/workspace/troupes/<slug>/performances/<id:performance_id>")
@signed_in
def performance(slug: str, performance_id: int) -> ResponseReturnValue:
    """How a performance stands: which pieces can be played, who is missing, how long it is, who answered."""
    troupe = led(slug)
    found = queries.get_performance(troupe, performance_id)
    versions = queries.programmes_of(found.id)
    standing = programme_now(found, versions[0])
    looks.see(Kind.ROLL, [each.person for each in standing.members.values()], subject=troupe.name)
    on = ON.get(found.state)
    page = PerformancePage(
        troupe=troupe,
        standing=standing,
        versions=versions,
        events=queries.events_of(found.id),
        is_ahead=found.state in AHEAD,
        on=on,
        back=BACK.get(found.state),
        lacking=[str(each) for each in steps.lacking(found, versions[0], on[0])] if on else [],
    )
    return render("workspace/troupes/performance.html", page)


@blueprint.route("/workspace/troupes/<slug>/performances/<id:performance_id>/edit", methods=["GET", "POST"])
@signed_in
def edit_performance(slug: str, performance_id: int) -> ResponseReturnValue:
    """When everybody is to be there, and how long the troupe is on stage."""
    troupe = led(slug)
    found = queries.get_performance(troupe, performance_id)
    form = watch(lambda **given: EditPerformanceForm(data=EditPerformanceForm.values_of(found), **given))
    change = lambda: steps.change(found, form.stage(found.session), by=current_user.person, now=clock.now())  # noqa: E731
    if is_done(form, change):
        return go_on(_("Saved."), _page(found))
    return form_page("workspace/troupes/edit_performance.html", form, troupe=troupe, performance=found)


@blueprint.post("/workspace/troupes/<slug>/performances/<id:performance_id>/step")
@signed_in
def step_performance(slug: str, performance_id: int) -> ResponseReturnValue:
    """Go on to the next state, or back to the one before."""
    found = queries.get_performance(led(slug), performance_id)
    became = next((each for each in PerformanceState if each.value == request.form.get("to")), None)
    authorise(became is not None)
    assert became is not None
    said: Mapping[PerformanceState, str] = {
        PerformanceState.PUBLISHED: _("The programme is public. Everybody in it hears when to be there."),
    }
    did(
        lambda: steps.step(found, became, by=current_user.person, now=clock.now()),
        said.get(became, _("The performance stands so now: %(state)s.", state=PLAYS.states[became])),
    )
    return redirect(_page(found), 303)


@blueprint.route("/workspace/troupes/<slug>/performances/<id:performance_id>/cancel", methods=["GET", "POST"])
@signed_in
def cancel_performance(slug: str, performance_id: int) -> ResponseReturnValue:
    """Call it off: everybody who was asked hears why."""
    troupe = led(slug)
    found = queries.get_performance(troupe, performance_id)
    form = CancelForm()
    if is_done(form, lambda: steps.cancel(found, form.reason.data, by=current_user.person, now=clock.now())):
        return go_on(_("The performance is called off. Everybody who was asked hears of it."), _page(found))
    return form_page("workspace/troupes/cancel_performance.html", form, troupe=troupe, performance=found)


def _page(performance: Performance) -> str:
    return url_for("troupes.performance", slug=performance.troupe.slug, performance_id=performance.id)


def _usual(seasons: Sequence[Season]) -> dict[str, int]:
    season = seasons[0].id if seasons else 0
    kind = next((each.id for each in all_kinds() if each.name == USUAL_KIND), None)
    usual = {"kind": kind} if kind else {}  # staff may have called it otherwise
    return usual | {
        "minutes_before": 60,
        "slot": 20,
        "change": 60,
        "expected": 50,
        "session": 0,
        "room": 0,
        "season": season,
    }


def _session(troupe: Troupe, form: NewPerformanceForm, dates: Sequence[Session], *, now: datetime) -> Session:
    if form.session.data == 0:
        room = next((each for each in all_rooms() if each.id == form.room.data), None)
        place = "" if room else form.place.data
        span = form.span()
        return making.new_date(
            troupe, form.facts(), span, room=room, place=place, by=current_user.person, now=now,
            request_key=form.request_key.data,
        )  # fmt: skip
    found = next((each for each in dates if each.id == form.session.data), None)
    if found is None:
        raise Conflict(_("This date is over or cancelled. Please choose another one."), field="session")
    return found
