"""Signing up, step by step: oneself, one's family, and neighbours who agreed to it; several at once."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.known_activities import known_activity
from center.activities.models import Activity
from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.i18n import gettext as _
from center.signups import queries
from center.signups.refusals import kept_out
from center.web.blueprints import signups as blueprint
from center.web.resident.sign_ups.steps import SignUpSteps
from center.web.sign_ups.pages import PROGRAMME, may_be_seen


@blueprint.get("/sign-ups/new/<slug>/<id:roster_id>")
@signed_in
def start(slug: str, roster_id: int) -> ResponseReturnValue:
    """Lead to the first question."""
    activity = may_be_seen(known_activity(slug))
    if (refused := _refused(activity)) is not None:
        return refused
    steps = _steps(activity, roster_id)
    return _all_signed_up(steps) or _not_open(steps) or steps.start()


@blueprint.route("/sign-ups/new/<slug>/<id:roster_id>/<step>", methods=["GET", "POST"])
@signed_in
def sign_up_step(slug: str, roster_id: int, step: str) -> ResponseReturnValue:
    """One step: who comes, what the roster asks of them, and once more all of it."""
    activity = may_be_seen(known_activity(slug))
    return _refused(activity) or _steps(activity, roster_id).answer(step)


def _steps(activity: Activity, roster_id: int) -> SignUpSteps:
    return SignUpSteps(activity, queries.get_roster_of(activity, roster_id))


def _refused(activity: Activity) -> ResponseReturnValue | None:
    """What is said to whom the desk does not know yet, and where children are enrolled by their programme."""
    if activity.is_confined:
        return redirect(PROGRAMME, 303)
    if current_user.is_confirmed:
        return None
    return render_template("resident/signups/not_confirmed.html", activity=activity), 403


def _not_open(steps: SignUpSteps) -> ResponseReturnValue | None:
    """What is said where nobody for whom one signs up can have a place."""
    left = [each for each in steps.found if each.person.id not in steps.signed]
    why = kept_out({steps.roster.id: steps.roster_state}, left, now=clock.now()).get(steps.roster.id)
    return render_template("resident/signups/not_open.html", activity=steps.activity, why=why) if why else None


def _all_signed_up(steps: SignUpSteps) -> ResponseReturnValue | None:
    """Lead to the sign-up where nobody is left for whom to sign up."""
    own = list(steps.signed.values())
    if len(own) < len(steps.found):
        return None
    flash(_("Everybody for whom you sign up is signed up already."), "info")
    return redirect(url_for("signups.show_sign_up", reference=own[0].reference), 303)
