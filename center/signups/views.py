"""Public pages of activities, with their places, and signing up for oneself."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center import clock
from center.access import authorise, public, signed_in
from center.activities import policy as activity_policy
from center.activities.entries import entry_of
from center.activities.models import Activity, Session
from center.activities.queries import coming_sessions, get_activity
from center.bookings.calendars.writing import calendar_file
from center.bookings.slips import qr_code
from center.db import transaction
from center.errors import DomainError
from center.i18n import centre_zone, in_language, local_date, ngettext
from center.i18n import gettext as _
from center.organisations.policy import MAY_WRITE, ids_where
from center.organisations.queries import roles_of
from center.people.acting import people_acted_for
from center.signups import actions, offers, policy, queries, rules, trail, words
from center.signups.forms import CancelForm, SignUpForm
from center.signups.models import Audience, Roster, SignUp, SignUpState
from center.signups.rosters import rosters_of
from center.signups.standing import read

blueprint = Blueprint("signups", __name__)
activities = Blueprint("activities", __name__)
WEEK = timedelta(days=7)


@activities.app_context_processor
def _helpers() -> dict[str, object]:
    return {"sign_up_words": words, "sign_ups_ahead": _sign_ups_ahead, "on_this_week": _on_this_week}


@activities.get("/activities")
@public
def index() -> ResponseReturnValue:
    """Coming sessions of all activities by day, with how many places are left."""
    sessions = coming_sessions(now=clock.now())
    rosters = queries.rosters_of_sessions(sessions)
    left = queries.left_of({roster.id for roster in rosters.values()})
    return render_template("activities/index.html", sessions=sessions, rosters=rosters, left=left)


@activities.get("/activities/<slug>")
@public
def show(slug: str) -> ResponseReturnValue:
    """What an activity is, when and where it happens, and how many places are left."""
    return render_template("activities/show.html", **page_of(_visible(slug)))


def page_of(activity: Activity) -> dict[str, Any]:
    """What the page of an activity shows."""
    now = clock.now()
    rosters = [roster for roster in rosters_of(activity) if roster.audience is Audience.PARTICIPANTS]
    standings = {roster.id: read(roster) for roster in rosters}
    shut = {key: rules.shut_because(each.window, now=now, as_staff=False) for key, each in standings.items()}
    return {
        "activity": activity,
        "rosters": rosters,
        "standings": standings,
        "shut": shut,
        "left": queries.left_of(standings),
        "own": _own(rosters),
        "Shut": rules.Shut,
    }


@blueprint.route("/activities/<slug>/sign-up/<id:roster_id>", methods=["GET", "POST"])
@signed_in
def start(slug: str, roster_id: int) -> ResponseReturnValue:
    """Sign up: oneself, one's household and children, and neighbours who agreed to it; several at once."""
    activity, roster = _visible(slug), queries.get_roster(roster_id)
    authorise(roster.activity_id == activity.id)
    if not current_user.is_confirmed:
        return render_template("signups/not_confirmed.html", activity=activity), 403
    form, person = SignUpForm(), current_user.person
    acted_for = people_acted_for(person, on=local_date(clock.now()))
    form.offer(acted_for)
    if form.validate_on_submit():
        try:
            with transaction():
                group = actions.sign_up(roster, form.as_request(), by=person, as_staff=False, now=clock.now())
                references = [each.reference for each in group.sign_ups]
            if len(references) == 1:
                return redirect(url_for("signups.show_sign_up", reference=references[0], new=1), 303)
            flash(ngettext("%(num)d person is signed up.", "%(num)d people are signed up.", len(references)), "ok")
            return redirect(url_for("bookings.mine"), 303)
        except actions.Refused as error:
            names = {each.person.id: each.person.name for each in acted_for}
            for person_id, errors in error.facts["refused"].items():
                says = [str(each.message) for each in errors]
                form.form_errors += [f"{names[person_id]}: {each}" for each in says] if len(names) > 1 else says
        except DomainError as error:
            form.refuse(error)
    standing = read(roster)
    overlaps = queries.overlaps([each.person.id for each in acted_for], standing.sessions, but=roster)
    shown = {"activity": activity, "roster": roster, "standing": standing, "overlaps": overlaps, "form": form}
    names = {each.person.id: each.person.name for each in acted_for}
    left = queries.left_of([roster.id])[roster.id]
    page = render_template("signups/start.html", left=left, names=names, **shown)
    return page, 422 if form.errors or form.form_errors else 200


@blueprint.get("/sign-ups/<reference>")
@signed_in
def show_sign_up(reference: str) -> ResponseReturnValue:
    """One sign-up: whether there is a place, or which place in the queue."""
    sign_up = _seen(reference)
    now = clock.now()
    return render_template(
        "signups/show.html",
        sign_up=sign_up,
        standing=read(sign_up.roster),
        place=queries.place_in_queue(sign_up),
        is_expired=rules.has_expired(sign_up.state, sign_up.offer_expires_at, now=now),
        history=trail.history(sign_up),
        is_new="new" in request.args,
        may_change=policy.may_change(sign_up, current_user, _acted_for()),
        State=SignUpState,
    )


@blueprint.get("/sign-ups/<reference>/slip")
@signed_in
def slip(reference: str) -> ResponseReturnValue:
    """The sign-up on paper, in large type, with a code that leads to its page."""
    sign_up = _seen(reference)
    address = url_for("signups.show_sign_up", reference=sign_up.reference, _external=True)
    place = queries.place_in_queue(sign_up)
    standing = read(sign_up.roster)
    return render_template(
        "signups/slip.html", sign_up=sign_up, standing=standing, place=place, qr=qr_code(address), State=SignUpState
    )


@activities.get("/activities/<slug>/calendar.ics")
@public
def calendar(slug: str) -> ResponseReturnValue:
    """All dates of an activity as a calendar file; those called off are marked so."""
    activity = _visible(slug)
    address = url_for("activities.show", slug=slug, _external=True)
    name = in_language(activity.title, activity.title_en)
    file = calendar_file(name, [entry_of(each, address=address) for each in activity.sessions], zone=centre_zone())
    response = Response(file, mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'attachment; filename="activity.ics"'
    return response


@blueprint.route("/sign-ups/<reference>/cancel", methods=["GET", "POST"])
@signed_in
def cancel(reference: str) -> ResponseReturnValue:
    """Do without a place, or stop waiting."""
    sign_up = _changeable(reference)
    form = CancelForm()
    if form.validate_on_submit():
        try:
            with transaction():
                actions.cancel(sign_up, by=current_user.person, now=clock.now(), reason=form.reason.data or "")
            flash(_("It is cancelled. Thank you for giving the place back."), "ok")
            return redirect(url_for("signups.show_sign_up", reference=reference), 303)
        except DomainError as error:
            form.refuse(error)
    page = render_template("signups/cancel.html", sign_up=sign_up, standing=read(sign_up.roster), form=form)
    return page, 422 if form.errors or form.form_errors else 200


@blueprint.post("/sign-ups/<reference>/accept")
@signed_in
def accept(reference: str) -> ResponseReturnValue:
    """Take the place that is offered."""
    sign_up = _changeable(reference)
    try:
        with transaction():
            offers.accept_offer(sign_up, by=current_user.person, now=clock.now())
        flash(_("The place is yours."), "ok")
    except offers.OfferOver as error:
        flash(str(error), "error")
    return redirect(url_for("signups.show_sign_up", reference=reference), 303)


@blueprint.post("/sign-ups/<reference>/turn-down")
@signed_in
def turn_down(reference: str) -> ResponseReturnValue:
    """Do without the place that is offered."""
    sign_up = _changeable(reference)
    try:
        with transaction():
            offers.turn_down(sign_up, by=current_user.person, now=clock.now())
        flash(_("Thank you for saying so. The place goes to the next."), "ok")
    except offers.OfferOver as error:
        flash(str(error), "error")
    return redirect(url_for("signups.show_sign_up", reference=reference), 303)


def _visible(slug: str) -> Activity:
    activity = get_activity(slug)
    authorise(activity_policy.may_see(activity, current_user, _led_ids()))
    return activity


def _seen(reference: str) -> SignUp:
    sign_up = queries.get_sign_up(reference)
    authorise(policy.may_see(sign_up, current_user, _acted_for(), _led_ids()))
    return sign_up


def _changeable(reference: str) -> SignUp:
    sign_up = queries.get_sign_up(reference)
    authorise(policy.may_change(sign_up, current_user, _acted_for()))
    return sign_up


def _acted_for() -> set[int]:
    """Whom the person signed in may act for today, themselves included."""
    return {each.person.id for each in people_acted_for(current_user.person, on=local_date(clock.now()))}


def _led_ids() -> set[int]:
    if not current_user.is_authenticated:
        return set()
    return ids_where(roles_of(current_user.person_id, local_date(clock.now())), MAY_WRITE)


def _own(rosters: list[Roster]) -> dict[int, SignUp]:
    """The sign-up of whoever is signed in on each roster, by its id."""
    if not current_user.is_authenticated:
        return {}
    found = ((roster.id, queries.live_sign_up(roster, current_user.person_id)) for roster in rosters)
    return {roster_id: sign_up for roster_id, sign_up in found if sign_up is not None}


def _sign_ups_ahead() -> list[tuple[SignUp, int | None, Session | None]]:
    """What everybody whom I act for is signed up for, with their place in the queue and the next session."""
    now = clock.now()
    found = queries.sign_ups_of(_acted_for(), now=now)
    return [(each, queries.place_in_queue(each), _next_session(each, now)) for each in found]


def _next_session(sign_up: SignUp, now: datetime) -> Session | None:
    ahead = (each for each in sign_up.roster.sessions if each.is_scheduled and each.ends_at > now)
    return next(ahead, None)


def _on_this_week(organisation_id: int) -> list[tuple[Session, queries.Left | None]]:
    """An organisation's sessions of the next seven days, with how many places are left."""
    now = clock.now()
    sessions = coming_sessions(now=now, organisation_id=organisation_id, before=now + WEEK)
    rosters = queries.rosters_of_sessions(sessions)
    left = queries.left_of({roster.id for roster in rosters.values()})
    found = ((session, rosters.get(session.id)) for session in sessions)
    return [(session, left.get(roster.id) if roster else None) for session, roster in found]
