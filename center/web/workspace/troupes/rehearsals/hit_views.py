"""Rehearsals that a holiday or a closure hits which was entered later: moved or skipped, one by one or all at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.clashes import SessionPlan
from center.bookings.places import place_of
from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.errors import RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import ngettext
from center.troupes.models.seasons import Season
from center.troupes.models.troupes import Troupe
from center.troupes.rehearsals import affected
from center.troupes.rehearsals.affected import LEAVE, SKIP, Hit
from center.troupes.rehearsals.models import Rehearsal
from center.troupes.rehearsals.planning import ForAll
from center.web.blueprints import troupes as blueprint
from center.web.forms import BaseForm
from center.web.rendering import render
from center.web.sending import go_on, result_of
from center.web.troupes.rehearsal_words import WORDS, Words
from center.web.workspace.troupes.rehearsals.views import get


@dataclass(frozen=True, kw_only=True)
class HitPage:
    """What is hit, by what, and what was chosen for each."""

    troupe: Troupe
    season: Season
    hits: Sequence[Hit]
    choices: Mapping[int, str]
    form: BaseForm
    leave: str = LEAVE
    skip: str = SKIP
    words: Words = field(default_factory=lambda: WORDS)


@blueprint.route("/workspace/troupes/<slug>/seasons/<id:season_id>/rehearsals/hit", methods=["GET", "POST"])
@signed_in
def hit_rehearsals(slug: str, season_id: int) -> ResponseReturnValue:
    """Each date that is hit with its reason; one answer for all fills in the choices, and nothing is done unseen."""
    season, form, by, now = get(slug, season_id), BaseForm(), current_user.person, clock.now()
    found = affected.hit(season, by=by, now=now)
    choices = {each.rehearsal.id: request.form.get(f"choice-{each.rehearsal.id}", LEAVE) for each in found}
    for_all = request.form.get("for_all", "")
    if for_all in set(ForAll):
        choices = affected.answered(found, ForAll(for_all))
    else:
        done = result_of(form, lambda: affected.answer(season, _plans(found, choices), by=by, now=now))
        if done is not None:
            return go_on(_said(*done), url_for("troupes.rehearsals", slug=slug, season_id=season_id))
    page = HitPage(troupe=season.troupe, season=season, hits=found, choices=choices, form=form)
    return render("workspace/troupes/rehearsals/hit.html", page), form.status


def _plans(found: Sequence[Hit], choices: Mapping[int, str]) -> dict[int, SessionPlan | None]:
    """What was chosen for each; those that are left as they are are not in it. Raises RuleBroken for nonsense."""
    plans: dict[int, SessionPlan | None] = {}
    for each in found:
        choice = choices[each.rehearsal.id]
        if choice == SKIP:
            plans[each.rehearsal.id] = None
        elif choice != LEAVE:
            place = place_of(choice, each.session.local_day)
            if place is None:
                raise RuleBroken(_l("Please choose one of these."))
            plans[each.rehearsal.id] = SessionPlan(span=place.span, room=place.room)
    return plans


def _said(moved: Sequence[Rehearsal], skipped: Sequence[Rehearsal]) -> str:
    if not moved and not skipped:
        return _("All dates stay as they are.")
    said = []
    if moved:
        said.append(ngettext("%(num)d rehearsal is moved.", "%(num)d rehearsals are moved.", len(moved)))
    if skipped:
        said.append(ngettext("%(num)d rehearsal is skipped.", "%(num)d rehearsals are skipped.", len(skipped)))
    return " ".join([*said, _("The members are told.")])
