"""Changing how a roster gives its places: what follows is shown before it is confirmed. And drawing a lottery now."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.db import transaction
from center.kernel.errors import DomainError, broken_rules
from center.kernel.i18n import gettext as _
from center.signups.changing import actions as changing
from center.signups.changing.words import say_changes
from center.signups.lottery.actions import draw_lots, is_drawn
from center.signups.rosters import facts_of
from center.web.activities.pages import decided, roster_of
from center.web.blueprints import posting as blueprint
from center.web.workspace.roster_forms import RosterForm


@blueprint.route("/workspace/activities/<slug>/rosters/<id:roster_id>/change", methods=["GET", "POST"])
@signed_in
def change_roster(slug: str, roster_id: int) -> ResponseReturnValue:
    """Ask how places are to be given, show what is different and what follows, then change it."""
    activity = decided(slug)
    roster, now, stage = roster_of(activity, roster_id), clock.now(), request.form.get("stage")
    before = facts_of(roster)
    form = RosterForm.of(before, is_drawn=is_drawn(roster))
    if stage != "edit" and form.validate_on_submit():
        after = form.facts(before)
        try:
            if stage == "save":
                with transaction():
                    changing.change(roster, after, seen=form.seen.data or "", by=current_user.person, now=now)
                flash(_("It is changed."), "ok")
                return redirect(url_for("posting.roster", slug=slug, roster_id=roster_id), 303)
            effects = changing.look(roster, after, now=now)
            broken_rules(changing.refusals(effects, after))
            shown = {"activity": activity, "roster": roster, "form": form, "effects": effects}
            shown["changes"] = say_changes(effects.changed)
            shown["telling"] = changing.told_of(roster, after, now=now)
            return render_template("workspace/posting/roster_confirm.html", **shown)
        except DomainError as error:
            _refuse(form, error)
    page = render_template("workspace/posting/roster_change.html", activity=activity, roster=roster, form=form)
    return page, 422 if form.errors or form.form_errors else 200


@blueprint.post("/workspace/activities/<slug>/rosters/<id:roster_id>/draw")
@signed_in
def draw_now(slug: str, roster_id: int) -> ResponseReturnValue:
    """Draw a lottery whose sign-up has closed, without waiting for the site to do it."""
    roster = roster_of(decided(slug), roster_id)
    try:
        with transaction():
            draw_lots(roster, by=current_user.person, now=clock.now())
        flash(_("It is drawn. Everybody who took part is told."), "ok")
        return redirect(url_for("activities.draw", slug=slug, roster_id=roster_id), 303)
    except DomainError as error:
        flash(str(error), "error")
        return redirect(url_for("posting.roster", slug=slug, roster_id=roster_id), 303)


def _refuse(form: RosterForm, error: DomainError) -> None:
    """Put what forbids it on the form's fields, as far as it asks them."""
    names = {"offer_minutes": "offer_hours"}
    for each in error.every:
        name = names.get(each.field or "", each.field)
        each.field = name if name in form else None
    form.refuse(error)
