"""The rehearsals of a season for those who lead it: all of them, one of them, leave, skipping and putting back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.clashes import Clash, SessionPlan
from center.attendance.models import Status
from center.bookings.places import Place, place_of
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.access_log import Kind
from center.kernel.i18n import gettext as _
from center.kernel.i18n import local_date
from center.people.models import Person
from center.signups.posting.plans import others_for
from center.troupes.models.seasons import Season
from center.troupes.models.troupes import Troupe, TroupeMember
from center.troupes.rehearsals import actions, affected, leave, on_register, polls, queries
from center.troupes.rehearsals.models import Rehearsal
from center.troupes.rehearsals.poll_models import DatePoll
from center.web.blueprints import troupes as blueprint
from center.web.forms import BaseForm
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import did, form_page, go_on, is_done
from center.web.troupes.pages import led
from center.web.troupes.rehearsal_words import WORDS, Words
from center.web.workspace.troupes.rehearsals.forms import SkipForm


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """All rehearsals of a season, and its polls for a date."""

    troupe: Troupe
    season: Season
    coming: Sequence[Rehearsal]
    past: Sequence[Rehearsal]
    on_leave: Mapping[int, int]  # how many, by session
    people: int
    left_out: Sequence[Person]
    polls: Sequence[DatePoll]
    is_over: bool
    waits: bool
    hit: int  # how many lie in a holiday or closed time
    words: Words = field(default_factory=lambda: WORDS)


@dataclass(frozen=True, kw_only=True)
class OnePage:
    """One rehearsal: who is called, and what was said of them."""

    troupe: Troupe
    season: Season
    rehearsal: Rehearsal
    members: Sequence[TroupeMember]
    statuses: Mapping[int, Status]
    is_ahead: bool
    words: Words = field(default_factory=lambda: WORDS)


@dataclass(frozen=True, kw_only=True)
class BackPage:
    """A skipped rehearsal before it is put back: what is in its way now, and what is free instead."""

    troupe: Troupe
    season: Season
    rehearsal: Rehearsal
    form: BaseForm
    clashes: Sequence[Clash]
    others: Sequence[Place]
    words: Words = field(default_factory=lambda: WORDS)


@blueprint.get("/workspace/troupes/<slug>/seasons/<id:season_id>/rehearsals")
@signed_in
def rehearsals(slug: str, season_id: int) -> ResponseReturnValue:
    """Every rehearsal of a season: when and where, what is skipped, who cannot come; and its polls."""
    season, now = get(slug, season_id), clock.now()
    found = queries.rehearsals_of(season)
    sessions = [each.session.id for each in found if each.session]
    statuses = queries.standings(sessions)
    people = queries.coming_of(season)
    roster = queries.roster_of(season)
    there = queries.signed_up(roster) if roster else {}
    is_public = season.activity is not None and season.activity.is_public
    page = ListPage(
        troupe=season.troupe,
        season=season,
        coming=[each for each in found if _ends(each) > now],
        past=[each for each in reversed(found) if _ends(each) <= now],
        on_leave={key: sum(each is Status.ON_LEAVE for each in of.values()) for key, of in statuses.items()},
        people=len(people),
        left_out=[each.person for each in people if each.person_id not in there] if is_public else [],
        polls=polls.polls_of(season),
        is_over=season.ends_on < local_date(now),
        waits=season.activity is not None and not is_public,
        hit=len(affected.hit(season, by=None, now=now)),
    )
    return render("workspace/troupes/rehearsals/list.html", page)


@blueprint.post("/workspace/troupes/<slug>/seasons/<id:season_id>/rehearsals/register")
@signed_in
def update_registers(slug: str, season_id: int) -> ResponseReturnValue:
    """Put those on the registers who joined since, and take off who left."""
    season = get(slug, season_id)
    did(
        lambda: on_register.bring_up_to_date(season, by=current_user.person, now=clock.now()),
        _("The registers have everybody whom the season calls, as far as the rooms hold them."),
    )
    return redirect(url_for("troupes.rehearsals", slug=slug, season_id=season_id), 303)


@blueprint.get("/workspace/troupes/<slug>/seasons/<id:season_id>/rehearsals/<id:rehearsal_id>")
@signed_in
def rehearsal(slug: str, season_id: int, rehearsal_id: int) -> ResponseReturnValue:
    """One rehearsal: who is called, who cannot come, what can be done about it."""
    season, now = get(slug, season_id), clock.now()
    found = queries.get_rehearsal(season, rehearsal_id)
    members = queries.coming_of(season)
    looks.see(Kind.ROLL, [each.person for each in members], subject=season.troupe.name)
    statuses = queries.standings([found.session.id]) if found.session else {}
    page = OnePage(
        troupe=season.troupe,
        season=season,
        rehearsal=found,
        members=members,
        statuses=statuses.get(found.session.id, {}) if found.session else {},
        is_ahead=found.takes_place and found.session is not None and found.session.starts_at > now,
    )
    return render("workspace/troupes/rehearsals/one.html", page)


@blueprint.post("/workspace/troupes/<slug>/seasons/<id:season_id>/rehearsals/<id:rehearsal_id>/leave/<id:member_id>")
@signed_in
def say_leave(slug: str, season_id: int, rehearsal_id: int, member_id: int) -> ResponseReturnValue:
    """Enter for a member that they cannot come, or can after all."""
    season, now = get(slug, season_id), clock.now()
    found = queries.get_rehearsal(season, rehearsal_id)
    member = next((each for each in queries.coming_of(season) if each.id == member_id), None)
    authorise(member is not None)
    assert member is not None
    given = {"by": current_user.person, "now": now}
    if request.form.get("comes"):
        did(lambda: leave.can_come(found, member, **given), _("%(name)s is expected again.", name=member.person.name))
    else:
        did(lambda: leave.cannot_come(found, member, **given), _("%(name)s is on leave.", name=member.person.name))
    to = url_for("troupes.rehearsal", slug=slug, season_id=season_id, rehearsal_id=rehearsal_id)
    return redirect(f"{to}#member-{member_id}", 303)


@blueprint.route(
    "/workspace/troupes/<slug>/seasons/<id:season_id>/rehearsals/<id:rehearsal_id>/skip", methods=["GET", "POST"]
)
@signed_in
def skip_rehearsal(slug: str, season_id: int, rehearsal_id: int) -> ResponseReturnValue:
    """Skip one rehearsal, with a reason that its members read."""
    season = get(slug, season_id)
    found, form = queries.get_rehearsal(season, rehearsal_id), SkipForm()
    act = lambda: actions.skip(found, reason=form.reason.data or "", by=current_user.person, now=clock.now())  # noqa: E731
    if is_done(form, act):
        return go_on(
            _("It is skipped, and the members are told. You can put it back."),
            url_for("troupes.rehearsals", slug=slug, season_id=season_id),
        )
    return form_page("workspace/troupes/rehearsals/skip.html", form, troupe=season.troupe, season=season, each=found)


@blueprint.route(
    "/workspace/troupes/<slug>/seasons/<id:season_id>/rehearsals/<id:rehearsal_id>/back", methods=["GET", "POST"]
)
@signed_in
def put_rehearsal_back(slug: str, season_id: int, rehearsal_id: int) -> ResponseReturnValue:
    """Put a skipped rehearsal back, as it was planned or where it is free."""
    season, now = get(slug, season_id), clock.now()
    found, form, by = queries.get_rehearsal(season, rehearsal_id), BaseForm(), current_user.person
    if found.takes_place:
        return redirect(url_for("troupes.rehearsals", slug=slug, season_id=season_id), 303)
    other = place_of(request.form.get("place", ""), found.on_date)
    plan = SessionPlan(span=other.span, room=other.room) if other else None
    if is_done(form, lambda: actions.put_back(found, by=by, now=now, plan=plan)):
        return go_on(
            _("It takes place, and the members are told."),
            url_for("troupes.rehearsals", slug=slug, season_id=season_id),
        )
    asked = actions.planned(found)
    clashes = actions.clashes(season, [asked], by=by, now=now)
    expected, organisation = actions.expected_of(season), season.troupe.organisation
    page = BackPage(
        troupe=season.troupe,
        season=season,
        rehearsal=found,
        form=form,
        clashes=clashes,
        others=others_for(asked, expected=expected, organisation=organisation, by=by, now=now) if clashes else (),
    )
    return render("workspace/troupes/rehearsals/back.html", page), form.status


def get(slug: str, season_id: int) -> Season:
    """A season of a troupe that one leads; raises NotFound."""
    return queries.get_season(led(slug), season_id)


def _ends(each: Rehearsal) -> datetime:
    return each.session.ends_at if each.session else each.ends_at
