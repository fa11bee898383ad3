"""Pages on which an activity, its dates and its rosters are changed, and on which they are called off."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities import actions, sessions
from center.activities import policy as activity_policy
from center.activities.models import Activity, Session
from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.errors import RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.signups.changing import rescheduling
from center.signups.messages import how_told_of_change
from center.signups.posting.queries import concerned
from center.web.activities.pages import decided, edited, led_ids, rescheduled, roster_of, session_of
from center.web.blueprints import posting as blueprint
from center.web.forms import BaseForm, text_field
from center.web.sending import form_page, go_on, is_done
from center.web.workspace.change_steps import MoveSteps, RosterSteps
from center.web.workspace.edit_steps import EditSteps


class ReasonForm(BaseForm):
    """Why something is called off or returned."""

    reason = text_field(_l("Reason"), most=200, required=False, hint=_l("Those who signed up will read it."))


@blueprint.get("/workspace/activities/<slug>/edit")
@signed_in
def edit(slug: str) -> ResponseReturnValue:
    """Lead to what an activity says, to be written anew."""
    return EditSteps(edited(slug), now=clock.now()).start()


@blueprint.route("/workspace/activities/<slug>/edit/<step>", methods=["GET", "POST"])
@signed_in
def edit_step(slug: str, step: str) -> ResponseReturnValue:
    """Say something else of an activity, and see what people will hear of."""
    return EditSteps(edited(slug), now=clock.now()).answer(step)


@blueprint.get("/workspace/activities/<slug>/sessions/<id:date_id>/move")
@signed_in
def move_session(slug: str, date_id: int) -> ResponseReturnValue:
    """Lead to the question where and when a session is to be instead."""
    activity = rescheduled(slug)
    return MoveSteps(activity, session_of(activity, date_id), now=clock.now()).start()


@blueprint.route("/workspace/activities/<slug>/sessions/<id:date_id>/move/<step>", methods=["GET", "POST"])
@signed_in
def move_session_step(slug: str, date_id: int, step: str) -> ResponseReturnValue:
    """Ask where and when to, show the difference and whom it concerns, then move."""
    activity = rescheduled(slug)
    return MoveSteps(activity, session_of(activity, date_id), now=clock.now()).answer(step)


@blueprint.get("/workspace/activities/<slug>/rosters/<id:roster_id>/change")
@signed_in
def change_roster(slug: str, roster_id: int) -> ResponseReturnValue:
    """Lead to the question how places are to be given."""
    activity = decided(slug)
    return RosterSteps(activity, roster_of(activity, roster_id), now=clock.now()).start()


@blueprint.route("/workspace/activities/<slug>/rosters/<id:roster_id>/change/<step>", methods=["GET", "POST"])
@signed_in
def change_roster_step(slug: str, roster_id: int, step: str) -> ResponseReturnValue:
    """Ask how places are to be given, show what is different and what follows, then change it."""
    activity = decided(slug)
    return RosterSteps(activity, roster_of(activity, roster_id), now=clock.now()).answer(step)


@blueprint.route("/workspace/activities/<slug>/sessions/<id:date_id>/cancel", methods=["GET", "POST"])
@signed_in
def cancel_session(slug: str, date_id: int) -> ResponseReturnValue:
    """Call one session off, after showing whom it concerns."""
    activity = rescheduled(slug)
    session = session_of(activity, date_id)
    form = ReasonForm()

    def cancel() -> None:
        if activity.is_public and not form.reason.data:
            raise RuleBroken(_("Please say why. Those who signed up will read it."), field="reason")
        given = {"reason": form.reason.data or "", "by": current_user.person}
        sessions.cancel_session(session, **given, now=clock.now())

    if is_done(form, cancel):
        return go_on(_("The session is called off and its room is free."), url_for("posting.manage", slug=slug))
    return _cancel_page(activity, session, form)


@blueprint.route("/workspace/activities/<slug>/cancel", methods=["GET", "POST"])
@signed_in
def cancel_activity(slug: str) -> ResponseReturnValue:
    """Call an activity off with all that is ahead of it, after showing whom it concerns."""
    activity = rescheduled(slug)
    form = ReasonForm()
    as_staff = activity_policy.may_review(current_user) and activity.organisation_id not in led_ids()
    given = {"by": current_user.person, "now": clock.now(), "as_staff": as_staff}
    if is_done(form, lambda: actions.cancel(activity, reason=form.reason.data or "", **given)):
        return go_on(_("The activity is called off. Its rooms are free."), url_for("posting.manage", slug=slug))
    return _cancel_page(activity, None, form)


def _cancel_page(activity: Activity, session: Session | None, form: ReasonForm) -> ResponseReturnValue:
    now = clock.now()
    ahead = [session] if session else [each for each in activity.sessions if each.is_scheduled and each.ends_at > now]
    along = rescheduling.say_along(rescheduling.look_if_cancelled(activity, session, now=now) if session else ())
    return form_page(
        "workspace/posting/cancel.html",
        form,
        activity=activity,
        session=session,
        ahead=ahead,
        along=along,
        concerned=concerned(activity, session),
        reached=how_told_of_change(activity, session, now=now),
    )
