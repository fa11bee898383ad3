"""The troupes somebody is in: how they stand there, what comes next, resting and leaving."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import DateField, SelectField
from wtforms.validators import Optional

from center.activities.models import Session
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.troupes import dates, queries
from center.troupes.members import actions
from center.troupes.members.rules import own_steps
from center.troupes.models.pieces import Piece, PieceKnowledge
from center.troupes.models.seasons import Season
from center.troupes.models.troupes import MemberState, TroupeMember, TroupeOffice
from center.troupes.rehearsals.on_register import follow_member
from center.troupes.repertoire.queries import file_counts, known_by, pieces_of
from center.troupes.seasons.queries import seasons_of_member
from center.web.blueprints import troupes as blueprint
from center.web.forms import BaseForm, long_text_field
from center.web.rendering import render
from center.web.sending import form_page, go_on, is_done
from center.web.troupes.fields import many, part_choices
from center.web.troupes.pages import own_member, rights_in
from center.web.troupes.words import WORDS, Words

# What a member is asked before they take a step themselves: the page's title, and its button.
ASKED: Mapping[MemberState, tuple[object, object]] = {
    MemberState.RESTING: (_l("Rest for a while"), _l("Rest")),
    MemberState.ACTIVE: (_l("Come back to the troupe"), _l("I am back")),
    MemberState.LEFT: (_l("Leave the troupe"), _l("Leave")),
}


class OwnPartsForm(BaseForm):
    """The parts somebody takes."""

    parts = many(_l("What I sing, play or dance"))
    mostly = SelectField(_l("Mostly"), coerce=int)


class OwnStepForm(BaseForm):
    """A word to those who lead it, and until when somebody rests."""

    until = DateField(
        _l("Until about"), description=_l("Leave it empty if you do not know yet."), validators=[Optional()]
    )
    reason = long_text_field(_l("A line to those who lead it"), most=200)


@dataclass(frozen=True, kw_only=True)
class MemberPage:
    """A troupe as one of its members sees it."""

    member: TroupeMember
    may_lead: bool
    offices: Sequence[TroupeOffice]
    seasons: Sequence[Season]
    ahead: Sequence[Session]
    pieces: Sequence[Piece]
    known: Mapping[tuple[int, int], PieceKnowledge]
    files: Mapping[int, int]
    steps: Sequence[MemberState]
    asked: Mapping[MemberState, tuple[object, object]] = field(default_factory=lambda: ASKED)
    words: Words = field(default_factory=lambda: WORDS)


@blueprint.get("/me/troupes")
@signed_in
def mine() -> ResponseReturnValue:
    """The troupes I am in or asked to join, and those I lead."""
    person_id, today = current_user.person_id, local_date(clock.now())
    return render_template(
        "resident/troupes/mine.html",
        members=queries.memberships_of(person_id),
        led_ids={each.id for each in queries.led_by(person_id, today)},
        words=WORDS,
    )


@blueprint.get("/me/troupes/<slug>")
@signed_in
def member(slug: str) -> ResponseReturnValue:
    """A troupe as I am in it: its dates ahead, my parts, and the pieces with how well I know them."""
    found, now = own_member(slug), clock.now()
    is_inside = rights_in(found.troupe).is_inside
    pieces = pieces_of(found.troupe_id) if is_inside else []
    page = MemberPage(
        member=found,
        may_lead=rights_in(found.troupe).may_lead,
        offices=queries.offices_on(found.troupe_id, local_date(now)) if is_inside else [],
        seasons=seasons_of_member(found.id, local_date(now)),
        ahead=dates.sessions_ahead(found.troupe_id, now=now, most=5) if is_inside else [],
        pieces=pieces,
        known=known_by(found.id),
        files=file_counts([each.id for each in pieces]),
        steps=own_steps(found.state),
    )
    return render("resident/troupes/member.html", page)


@blueprint.route("/me/troupes/<slug>/parts", methods=["GET", "POST"])
@signed_in
def own_parts(slug: str) -> ResponseReturnValue:
    """What I sing, play or dance in a troupe."""
    found, then = own_member(slug), url_for("troupes.member", slug=slug)
    main = next((each.part_id for each in found.parts if each.is_main), None)
    form = OwnPartsForm(data={"parts": [each.part_id for each in found.parts], "mostly": main})
    choices = part_choices(queries.parts_of(found.troupe_id))
    form.parts.choices, form.mostly.choices = choices, [(0, _l("No one more than the others")), *choices]
    if is_done(form, lambda: actions.set_parts(found, form.parts.data or (), main=form.mostly.data or None)):
        return go_on(_("Your parts are saved."), then)
    return form_page("resident/troupes/parts.html", form, member=found)


@blueprint.route("/me/troupes/<slug>/stand/<which>", methods=["GET", "POST"])
@signed_in
def own_step(slug: str, which: str) -> ResponseReturnValue:
    """Rest for a while, come back, or leave a troupe."""
    found = own_member(slug)
    authorise(which in {each.value for each in own_steps(found.state)})
    became, form = MemberState(which), OwnStepForm()
    if became is not MemberState.RESTING:
        del form.until

    def take() -> object:
        until = form.until.data if form.until else None
        reason = form.reason.data or ""
        by, now = current_user.person, clock.now()
        taken = actions.step(found, became, by=by, now=now, reason=reason, until=until)
        follow_member(found, by=by, now=now)
        return taken

    if is_done(form, take):
        said = _("You have left the troupe.") if became is MemberState.LEFT else _("Saved. Those who lead it are told.")
        return go_on(said, url_for("troupes.mine"))
    title, button = ASKED[became]
    return form_page("resident/troupes/step.html", form, member=found, title=title, button=button)
