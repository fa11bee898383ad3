"""How many places there are and for whom: more, fewer, kept for some; given by hand; and how many volunteers."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.i18n import gettext as _
from center.kernel.i18n import ngettext
from center.people.queries import buildings, grids
from center.signups import news
from center.signups.decisions import approve
from center.signups.messages import how_told, how_told_of_rosters
from center.signups.models import Pool, SignUpState
from center.signups.posting import capacity, volunteers
from center.signups.posting import queries as posting_queries
from center.signups.posting.capacity import TooFewPlaces, holders_of
from center.signups.posting.plans import Instead, rooms_instead
from center.web.activities.pages import decided, decided_sign_up, roster_of
from center.web.blueprints import posting as blueprint
from center.web.forms import BaseForm
from center.web.sending import did, form_page, go_on, is_done, result_of
from center.web.workspace.change_views import ReasonForm
from center.web.workspace.roster_forms import AddPoolForm, CapacityForm, VolunteersForm, capacity_of, kinds_for
from center.web.workspace.roster_views import roster_after


@blueprint.route("/workspace/activities/<slug>/places/<id:pool_id>", methods=["GET", "POST"])
@signed_in
def change_capacity(slug: str, pool_id: int) -> ResponseReturnValue:
    """More or fewer places; where that is fewer than are taken, who gives theirs back is chosen first."""
    activity = decided(slug)
    pool = posting_queries.get_pool(pool_id)
    authorise(pool.roster.activity_id == activity.id and pool.roster.removed_at is None)
    form = CapacityForm(data={"capacity": pool.capacity})
    is_cutting = request.form.get("stage") == "cut"
    form.offer(holders_of(pool))
    if said := result_of(form, lambda: _cut(pool, form) if is_cutting else _change(pool, form)):
        for words in said:
            flash(words, "ok")
        return redirect(url_for("posting.roster", slug=slug, roster_id=pool.roster_id), 303)
    if form.refusal:
        is_cutting = is_cutting or isinstance(form.refusal, TooFewPlaces)
        form.offer(holders_of(pool))
    reached = how_told(holders_of(pool), news.MOVED_BACK, now=clock.now()) if is_cutting else None
    return form_page(
        "workspace/posting/capacity.html",
        form,
        activity=activity,
        pool=pool,
        is_cutting=is_cutting,
        reached=reached,
        instead=_instead(form),
    )


@blueprint.route("/workspace/activities/<slug>/rosters/<id:roster_id>/places", methods=["GET", "POST"])
@signed_in
def add_places(slug: str, roster_id: int) -> ResponseReturnValue:
    """Places kept for some of the people."""
    activity = decided(slug)
    found = roster_of(activity, roster_id)
    form = AddPoolForm()
    form.offer(kinds_for(found), buildings(), grids())
    then = url_for("posting.roster", slug=slug, roster_id=roster_id)

    def add() -> None:
        given = {"by": current_user.person, "now": clock.now(), "from_general": form.from_general.data}
        capacity.add_pool(found, form.facts(), **given)

    if is_done(form, add, then=then):
        return go_on(_("The places are added."), then)
    return form_page("workspace/posting/add_places.html", form, activity=activity, roster=found, instead=_instead(form))


@blueprint.post("/workspace/sign-ups/<reference>/give/<id:pool_id>")
@signed_in
def give_place(reference: str, pool_id: int) -> ResponseReturnValue:
    """Give a place that has a name of its own to somebody who asks or waits."""
    sign_up = decided_sign_up(reference)
    pool = posting_queries.get_pool(pool_id)
    authorise(pool.roster_id == sign_up.roster_id)
    back = roster_after(sign_up)
    name = sign_up.person.name
    did(
        lambda: approve(sign_up, pool=pool, by=current_user.person, now=clock.now()),
        _("%(name)s has a place.", name=name),
    )
    return redirect(back, 303)


@blueprint.route("/workspace/activities/<slug>/volunteers", methods=["GET", "POST"])
@signed_in
def want_volunteers(slug: str) -> ResponseReturnValue:
    """How many volunteers are wanted, from now on or another number."""
    activity = decided(slug)
    there = volunteers.volunteers_of(activity)
    most = max((capacity_of(roster.pools) for roster in there), default=2)
    form, then = VolunteersForm(data={"volunteers": most}), url_for("posting.manage", slug=slug)
    want = lambda: volunteers.want(activity, form.volunteers.data, by=current_user.person, now=clock.now())  # noqa: E731
    if is_done(form, want, then=then):
        return go_on(_("Saved. Volunteers sign up on the page of the activity."), then)
    return form_page(
        "workspace/posting/volunteers.html", form, activity=activity, rosters=there, instead=_instead(form)
    )


@blueprint.route("/workspace/activities/<slug>/volunteers/stop", methods=["GET", "POST"])
@signed_in
def stop_volunteers(slug: str) -> ResponseReturnValue:
    """No more volunteers, after showing how many have signed up."""
    activity = decided(slug)
    there = volunteers.volunteers_of(activity)
    form = ReasonForm()
    given = {"by": current_user.person, "now": clock.now()}
    if is_done(form, lambda: volunteers.stop(activity, reason=form.reason.data or "", **given)):
        said = _("Nobody is wanted any more. Those who had signed up are told.")
        return go_on(said, url_for("posting.manage", slug=slug))
    return form_page(
        "workspace/posting/volunteers_stop.html",
        form,
        activity=activity,
        signed=volunteers.count_signed(there),
        reached=how_told_of_rosters(there, news.CANCELLED_BY_STAFF, now=clock.now()),
    )


def _instead(form: BaseForm) -> Instead:
    """Where a room was too small, what would hold all who may come."""
    return rooms_instead(form.refusal, by=current_user.person, now=clock.now())


def _change(pool: Pool, form: CapacityForm) -> list[str]:
    wanted = form.capacity.data
    promoted = capacity.change_capacity(pool, wanted, by=current_user.person, now=clock.now())
    said = [_("There are %(num)s places now.", num=wanted)]
    if promoted:
        said.append(_("%(num)s of those who waited are offered a place.", num=len(promoted)))
    return said


def _cut(pool: Pool, form: CapacityForm) -> list[str]:
    wanted, back, to = form.capacity.data, form.back.data or (), SignUpState(form.to.data)
    given = {"reason": form.reason.data or "", "by": current_user.person, "now": clock.now()}
    gone = capacity.reduce_places(pool, wanted, back=back, to=to, **given)
    said = [_("There are %(num)s places now.", num=wanted)]
    return [*said, ngettext("%(num)d person is told.", "%(num)d people are told.", gone)]
