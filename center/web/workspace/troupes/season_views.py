"""Seasons of a troupe for those who lead it: dates, roster and pieces."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.models import Session
from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.access_log import Kind
from center.kernel.i18n import gettext as _
from center.kernel.i18n import in_language
from center.troupes import queries
from center.troupes.models.pieces import Piece
from center.troupes.models.seasons import Season
from center.troupes.models.troupes import Troupe, TroupeMember
from center.troupes.rehearsals.on_register import bring_up_to_date
from center.troupes.repertoire.queries import pieces_of as repertoire_of
from center.troupes.seasons import actions
from center.troupes.seasons.queries import get_season, pieces_of, roster_of
from center.web.blueprints import troupes as blueprint
from center.web.editing import watch
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import form_page, go_on, is_done, result_of
from center.web.troupes.pages import led
from center.web.troupes.words import WORDS, Words
from center.web.workspace.troupes.forms import NewSeasonForm, RosterForm, SeasonForm, SeasonPiecesForm


@dataclass(frozen=True, kw_only=True)
class SeasonPage:
    """A season for those who lead the troupe."""

    troupe: Troupe
    season: Season
    roster: Sequence[TroupeMember]
    pieces: Sequence[Piece]
    seconds: int
    sessions: Sequence[Session]
    words: Words = field(default_factory=lambda: WORDS)


@blueprint.route("/workspace/troupes/<slug>/seasons/new", methods=["GET", "POST"])
@signed_in
def new_season(slug: str) -> ResponseReturnValue:
    """One more season, with everybody who is in the troupe on its roster."""
    troupe, form = led(slug), NewSeasonForm()
    if made := result_of(form, lambda: actions.make(troupe, form.facts()), then=_page_of):
        return go_on(
            _("The season is here. Everybody in the troupe is on its roster; change that as it suits."), _page_of(made)
        )
    return form_page("workspace/troupes/edit_season.html", form, troupe=troupe, season=None)


@blueprint.get("/workspace/troupes/<slug>/seasons/<id:season_id>")
@signed_in
def season(slug: str, season_id: int) -> ResponseReturnValue:
    """A season: its roster, its pieces and how long they are together, its dates."""
    troupe = led(slug)
    found = get_season(troupe, season_id)
    roster, pieces = roster_of(found.id, with_left=True), pieces_of(found.id)
    looks.see(Kind.ROLL, [each.person for each in roster], subject=troupe.name)
    page = SeasonPage(
        troupe=troupe,
        season=found,
        roster=roster,
        pieces=pieces,
        seconds=sum(each.seconds for each in pieces),
        sessions=[each for each in found.activity.sessions if each.ends_at > clock.now()] if found.activity else [],
    )
    return render("workspace/troupes/season.html", page)


@blueprint.route("/workspace/troupes/<slug>/seasons/<id:season_id>/edit", methods=["GET", "POST"])
@signed_in
def edit_season(slug: str, season_id: int) -> ResponseReturnValue:
    """Call a season otherwise, or give it other dates."""
    troupe = led(slug)
    found = get_season(troupe, season_id)
    form = watch(lambda **given: SeasonForm(data=SeasonForm.values_of(found), **given))
    if is_done(form, lambda: actions.edit(found, form.facts())):
        return go_on(_("Saved."), url_for("troupes.season", slug=slug, season_id=season_id))
    return form_page("workspace/troupes/edit_season.html", form, troupe=troupe, season=found)


@blueprint.route("/workspace/troupes/<slug>/seasons/<id:season_id>/roster", methods=["GET", "POST"])
@signed_in
def roster(slug: str, season_id: int) -> ResponseReturnValue:
    """Who is on the roster of a season."""
    troupe = led(slug)
    found = get_season(troupe, season_id)
    form = RosterForm(data={"members": [each.id for each in roster_of(found.id)]})
    members = queries.members_of(troupe.id, actions.CAN_BE_ON)
    looks.see(Kind.ROLL, [each.person for each in members], subject=troupe.name)
    form.members.choices = [(each.id, _line(each)) for each in members]

    def set_roster() -> None:
        actions.set_roster(found, form.members.data or ())
        bring_up_to_date(found, by=current_user.person, now=clock.now())

    if is_done(form, set_roster):
        return go_on(_("The roster is saved."), url_for("troupes.season", slug=slug, season_id=season_id))
    return form_page("workspace/troupes/choose.html", form, troupe=troupe, season=found, chosen=form.members)


@blueprint.route("/workspace/troupes/<slug>/seasons/<id:season_id>/pieces", methods=["GET", "POST"])
@signed_in
def season_pieces(slug: str, season_id: int) -> ResponseReturnValue:
    """What is played in a season."""
    troupe = led(slug)
    found = get_season(troupe, season_id)
    form = SeasonPiecesForm(data={"pieces": [each.id for each in pieces_of(found.id)]})
    form.pieces.choices = [
        (each.id, f"{in_language(each.title, each.title_en)} · {WORDS.length(each.seconds)}")
        for each in repertoire_of(troupe.id)
    ]
    if is_done(form, lambda: actions.set_pieces(found, form.pieces.data or ())):
        return go_on(_("The pieces are saved."), url_for("troupes.season", slug=slug, season_id=season_id))
    return form_page("workspace/troupes/choose.html", form, troupe=troupe, season=found, chosen=form.pieces)


def _line(member: TroupeMember) -> str:
    """Somebody with their parts, and how they stand where that matters."""
    parts = [in_language(each.part.name, each.part.name_en) for each in member.parts]
    state = [] if member.state.value == "active" else [str(WORDS.states[member.state])]
    return " · ".join([member.person.name, *parts, *state])


def _page_of(season: Season) -> str:
    return url_for("troupes.season", slug=season.troupe.slug, season_id=season.id)
