"""Changing how a roster gives its places: what follows is shown before it is confirmed. And drawing a lottery now."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.errors import broken_rules
from center.kernel.i18n import gettext as _
from center.signups.changing import actions as changing
from center.signups.changing.words import say_changes
from center.signups.lottery.actions import draw_lots, is_drawn
from center.signups.rosters import facts_of
from center.web.activities.pages import decided, roster_of
from center.web.blueprints import posting as blueprint
from center.web.sending import did, form_page, go_on, is_done, result_of
from center.web.workspace.roster_forms import RosterForm


@blueprint.route("/workspace/activities/<slug>/rosters/<id:roster_id>/change", methods=["GET", "POST"])
@signed_in
def change_roster(slug: str, roster_id: int) -> ResponseReturnValue:
    """Ask how places are to be given, show what is different and what follows, then change it."""
    activity = decided(slug)
    roster, now, stage = roster_of(activity, roster_id), clock.now(), request.form.get("stage")
    before = facts_of(roster)
    form = RosterForm.of(before, is_drawn=is_drawn(roster))
    shown: dict[str, Any] = {"activity": activity, "roster": roster}

    def change() -> None:
        given = {"seen": form.seen.data or "", "by": current_user.person, "now": now}
        changing.change(roster, form.facts(before), **given)

    def look() -> str:
        after = form.facts(before)
        effects = changing.look(roster, after, now=now)
        broken_rules(changing.refusals(effects, after))
        told = changing.told_of(roster, after, now=now)
        more = {"effects": effects, "changes": say_changes(effects.changed), "telling": told}
        return render_template("workspace/posting/roster_confirm.html", form=form, **more, **shown)

    if stage == "save" and is_done(form, change):
        return go_on(_("It is changed."), url_for("posting.roster", slug=slug, roster_id=roster_id))
    confirm = result_of(form, look, transacts=False) if stage not in {"edit", "save"} else None
    return confirm or form_page("workspace/posting/roster_change.html", form, **shown)


@blueprint.post("/workspace/activities/<slug>/rosters/<id:roster_id>/draw")
@signed_in
def draw_now(slug: str, roster_id: int) -> ResponseReturnValue:
    """Draw a lottery whose sign-up has closed, without waiting for the site to do it."""
    roster = roster_of(decided(slug), roster_id)
    draw = lambda: draw_lots(roster, by=current_user.person, now=clock.now())  # noqa: E731
    if did(draw, _("It is drawn. Everybody who took part is told.")):
        return redirect(url_for("activities.draw", slug=slug, roster_id=roster_id), 303)
    return redirect(url_for("posting.roster", slug=slug, roster_id=roster_id), 303)
