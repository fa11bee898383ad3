"""Moving and cancelling sessions, cancelling an activity: each shows what it means before it is confirmed."""

from datetime import datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities import actions, sessions
from center.activities import policy as activity_policy
from center.activities.clashes import SessionPlan
from center.activities.models import Activity, Session
from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.errors import RuleBroken, broken_rules
from center.kernel.i18n import centre_zone, local_date
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.rooms.queries import all_rooms
from center.signups import news
from center.signups.changing import rescheduling
from center.signups.posting import actions as posting
from center.signups.posting.people import explained, sum_of
from center.signups.posting.plans import others_for
from center.signups.posting.queries import concerned
from center.signups.telling import how_told_of_change
from center.web.activities.forms import MoveForm
from center.web.activities.pages import led_ids, rescheduled, session_of
from center.web.blueprints import posting as blueprint
from center.web.forms import BaseForm, text_field
from center.web.sending import form_page, go_on, is_done, result_of


class ReasonForm(BaseForm):
    """Why something is called off or returned."""

    reason = text_field(_l("Reason"), most=200, required=False, hint=_l("Those who signed up will read it."))


@blueprint.route("/workspace/activities/<slug>/sessions/<id:date_id>/move", methods=["GET", "POST"])
@signed_in
def move_session(slug: str, date_id: int) -> ResponseReturnValue:
    """Ask where and when to, show the difference and whom it concerns, then move."""
    activity = rescheduled(slug)
    session, now = session_of(activity, date_id), clock.now()
    form = _move_form(session)
    stage = request.form.get("stage")

    def move() -> None:
        reason, seen = form.reason.data or "", form.seen.data or ""
        plan = _readable_plan(activity, session, form)
        posting.move(session, plan, by=current_user.person, now=now, reason=reason, seen=seen)

    if stage == "move" and is_done(form, move):
        return go_on(_("The session is moved. Those who signed up are told."), url_for("posting.manage", slug=slug))
    look = lambda: _look(activity, session, form, now=now)  # noqa: E731
    if stage not in {"edit", "move"} and (confirm := result_of(form, look, transacts=False)):
        return confirm
    whose = {"expected": activity.expected, "organisation": activity.organisation, "by": current_user.person}
    others = others_for(_plan(form), now=now, **whose) if form.refusal else []
    return form_page("workspace/posting/move.html", form, activity=activity, session=session, others=others)


def _look(activity: Activity, session: Session, form: MoveForm, *, now: datetime) -> str:
    """What moving the session would do; raises what stands against it."""
    plan = _readable_plan(activity, session, form)
    difference = sessions.preview_move(session, plan, by=current_user.person, now=now)
    if difference.clashes:
        broken_rules(explained(difference.clashes[0].refusals, sum_of(activity)))
    along = rescheduling.say_along(rescheduling.look_if_moved(activity, session, plan.span, now=now))
    shown = {"difference": difference, "concerned": concerned(activity, session), "form": form}
    shown["reached"] = how_told_of_change(activity, session, news.SESSION_MOVED, now=now)
    return render_template(
        "workspace/posting/move_confirm.html", activity=activity, session=session, along=along, **shown
    )


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
    shown = {"session": session, "ahead": ahead, "concerned": concerned(activity, session), "form": form}
    reached = how_told_of_change(activity, session, now=now)
    page = render_template("workspace/posting/cancel.html", activity=activity, along=along, reached=reached, **shown)
    return page, form.status


def _move_form(session: Session) -> MoveForm:
    zone = centre_zone()
    starts_at, ends_at = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    form = MoveForm(
        data={
            "date": local_date(session.starts_at),
            "start": starts_at.time(),
            "end": ends_at.time(),
            "room": session.room.code if session.room else "",
            "place": session.place,
            "seen": str(session.sequence),
        }
    )
    form.offer_rooms(all_rooms())
    return form


def _readable_plan(activity: Activity, session: Session, form: MoveForm) -> SessionPlan:
    """A place in words of one's own is read by staff first, where they read the words of its organisation."""
    plan = _plan(form)
    stands = session.place or activity.place
    if plan.place and plan.place != stands and activity_policy.changes_wait(activity, current_user):
        raise RuleBroken(
            _l("Another place outside the centre is read by the desk first: say under “Edit” where it takes place."),
            field="place",
        )
    return plan


def _plan(form: MoveForm) -> SessionPlan:
    room = next((room for room in all_rooms() if room.code == form.room.data), None)
    return SessionPlan(span=form.span(), room=room, place="" if room else form.place.data or "")
