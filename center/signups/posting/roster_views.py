"""The roster of an activity for its lead: who comes, who asks, and how many places there are."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import SelectField

from center import clock
from center.access import authorise, signed_in
from center.activities import policy as activity_policy
from center.db import transaction
from center.errors import DomainError
from center.forms import BaseForm, text_field
from center.i18n import gettext as _
from center.i18n import lazy_gettext as _l
from center.people.phones import mask
from center.signups import actions
from center.signups.models import Audience, PoolKind, Roster, SignUpState
from center.signups.posting import actions as posting
from center.signups.posting import queries as posting_queries
from center.signups.posting.forms import number
from center.signups.posting.pages import blueprint, decided, decided_sign_up, edited, led_ids, roster_of
from center.signups.queries import left_of
from center.signups.rosters import MOST_PLACES, PoolFacts
from center.signups.words import POOL_NAMES

KEPT = (PoolKind.ELDERS, PoolKind.DESK, PoolKind.WHEELCHAIR, PoolKind.COMPANION)


class CapacityForm(BaseForm):
    """How many places there are to be."""

    capacity = number(_l("How many places"), least=0, most=MOST_PLACES, default=0)


class AddPoolForm(BaseForm):
    """Places of one more kind."""

    kind = SelectField(_l("For whom"))
    capacity = number(_l("How many places"), least=1, most=MOST_PLACES, default=2)

    def __init__(self, *args: Any, kinds: list[PoolKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind.value, POOL_NAMES[kind]) for kind in kinds]


class DeclineForm(BaseForm):
    """Why somebody gets no place."""

    reason = text_field(_l("Reason"), most=200, hint=_l("The person will read this."))


@blueprint.get("/activities/<slug>/work/rosters/<id:roster_id>")
@signed_in
def roster(slug: str, roster_id: int) -> ResponseReturnValue:
    """Who comes, what they answered, and where each stands; never where they live, and no whole phone number."""
    activity = edited(slug)
    found = roster_of(activity, roster_id)
    return render_template(
        "posting/roster.html",
        activity=activity,
        roster=found,
        left=left_of([found.id])[found.id],
        sign_ups=posting_queries.roll_of(found),
        missing=_missing(found),
        may_decide=activity_policy.may_decide(activity, current_user, led_ids()),
        mask=mask,
        State=SignUpState,
    )


@blueprint.route("/activities/<slug>/work/places/<id:pool_id>", methods=["GET", "POST"])
@signed_in
def change_capacity(slug: str, pool_id: int) -> ResponseReturnValue:
    """More or fewer places; fewer than are taken is refused with who has one."""
    activity = decided(slug)
    pool = posting_queries.get_pool(pool_id)
    authorise(pool.roster.activity_id == activity.id)
    form = CapacityForm(data={"capacity": pool.capacity})
    holders: Any = ()
    if form.validate_on_submit():
        try:
            with transaction():
                wanted = form.capacity.data
                promoted = posting.change_capacity(pool, wanted, by=current_user.person, now=clock.now())
            flash(_("There are %(num)s places now.", num=wanted), "ok")
            if promoted:
                flash(_("%(num)s of those who waited are offered a place.", num=len(promoted)), "ok")
            return redirect(url_for("posting.roster", slug=slug, roster_id=pool.roster_id), 303)
        except DomainError as error:
            holders = error.facts.get("holders", ())
            form.refuse(error)
    page = render_template("posting/capacity.html", activity=activity, pool=pool, form=form, holders=holders)
    return page, 422 if form.errors or form.form_errors else 200


@blueprint.route("/activities/<slug>/work/rosters/<id:roster_id>/places", methods=["GET", "POST"])
@signed_in
def add_places(slug: str, roster_id: int) -> ResponseReturnValue:
    """Places kept for some of the people, of a kind that there is not yet."""
    activity = decided(slug)
    found = roster_of(activity, roster_id)
    form = AddPoolForm(kinds=_missing(found))
    if form.validate_on_submit():
        try:
            with transaction():
                facts = PoolFacts(kind=PoolKind(form.kind.data), capacity=form.capacity.data)
                posting.add_pool(found, facts, by=current_user.person, now=clock.now())
            flash(_("The places are added."), "ok")
            return redirect(url_for("posting.roster", slug=slug, roster_id=roster_id), 303)
        except DomainError as error:
            form.refuse(error)
    page = render_template("posting/add_places.html", activity=activity, roster=found, form=form)
    return page, 422 if form.errors or form.form_errors else 200


@blueprint.post("/sign-ups/<reference>/approve")
@signed_in
def approve(reference: str) -> ResponseReturnValue:
    """Give a place to somebody who asked."""
    sign_up = decided_sign_up(reference)
    back = url_for("posting.roster", slug=sign_up.roster.activity.slug, roster_id=sign_up.roster_id)
    name = sign_up.person.name
    try:
        with transaction():
            actions.approve(sign_up, by=current_user.person, now=clock.now())
        flash(_("%(name)s has a place.", name=name), "ok")
    except DomainError as error:
        flash(str(error), "error")
    return redirect(back, 303)


@blueprint.route("/sign-ups/<reference>/decline", methods=["GET", "POST"])
@signed_in
def decline(reference: str) -> ResponseReturnValue:
    """Refuse somebody who asked, with a reason they will read."""
    sign_up = decided_sign_up(reference)
    form = DeclineForm()
    if form.validate_on_submit():
        try:
            with transaction():
                actions.decline(sign_up, reason=form.reason.data, by=current_user.person, now=clock.now())
            flash(_("It is declined. They read your reason."), "ok")
            address = url_for("posting.roster", slug=sign_up.roster.activity.slug, roster_id=sign_up.roster_id)
            return redirect(address, 303)
        except DomainError as error:
            form.refuse(error)
    page = render_template("posting/decline.html", sign_up=sign_up, activity=sign_up.roster.activity, form=form)
    return page, 422 if form.errors or form.form_errors else 200


def _missing(found: Roster) -> list[PoolKind]:
    """Kinds of places that a roster for participants has none of."""
    there = {pool.kind for pool in found.pools}
    return [kind for kind in KEPT if kind not in there] if found.audience is Audience.PARTICIPANTS else []
