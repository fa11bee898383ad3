"""What staff do about activities: the queue of those that wait for review, and the list of kinds."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center import clock
from center.access import Permission, requires
from center.activities import actions, kinds, queries
from center.activities.photos.actions import find_photo
from center.activities.proposing.queries import proposals_waiting
from center.activities.queries import get_activity
from center.db import transaction
from center.editing import EditingForm, status_of, watch
from center.errors import DomainError
from center.forms import CreatingForm, text_field
from center.i18n import gettext as _
from center.i18n import lazy_gettext as _l
from center.queues import next_below
from center.ready_reasons import MOST, OneReasonForm, register
from center.sent import once
from center.signups.posting.pages import blueprint
from center.signups.posting.question_forms import KINDS
from center.signups.public.page import ways_of
from center.signups.rosters import rosters_of
from center.signups.standing import read_all


class ReturnForm(OneReasonForm):
    """Why an activity, or a change of one, is returned."""

    group = "activity"
    sentences = register(
        group,
        {
            "unclear": _l("Please say more plainly what people do there and what they should bring."),
            "whom": _l("Please say for whom it is, and from which age on."),
            "people": _l("The places do not fit the room. Please take fewer people or a larger room."),
            "time": _l("This time does not suit the house. Please choose another one."),
            "price": _l("Please say what it costs, and what for."),
            "photo": _l("Please choose another photo: whoever can be made out must have agreed."),
            "advertising": _l("Please leave out what sells something."),
        },
    )

    reason = text_field(
        _l("What to change"),
        most=MOST,
        required=False,
        hint=_l("The organisation reads this, changes it and submits again."),
    )


class KindForm(EditingForm, CreatingForm):
    """What a kind of activity is called."""

    name = text_field(_l("Name"), most=40)
    name_en = text_field(_l("Name in English"), most=60, required=False)


@blueprint.get("/desk/activities")
@requires(Permission.EDIT_ACTIVITIES)
def review() -> ResponseReturnValue:
    """Activities that wait for review, the one submitted first first."""
    waiting, changes = queries.waiting_for_review(), proposals_waiting()
    return render_template("posting/review.html", waiting=waiting, changes=changes)


@blueprint.route("/desk/activities/<slug>", methods=["GET", "POST"])
@requires(Permission.EDIT_ACTIVITIES)
def review_one(slug: str) -> ResponseReturnValue:
    """Everything about an activity that waits: publish it, or return it with a reason."""
    activity = get_activity(slug)
    form, back = ReturnForm(), review_after(f"activity-{activity.id}")
    if form.validate_on_submit():
        try:
            with transaction():
                actions.send_back(activity, reason=form.words, by=current_user.person, now=clock.now())
            flash(_("It is returned. The organisation reads your reason."), "ok")
            return redirect(back, 303)
        except DomainError as error:
            form.refuse(error)
    standings = list(read_all(activity, rosters_of(activity)).values())
    shown = {"ways": ways_of(standings), "photo": find_photo(activity.id), "question_kinds": KINDS}
    page = render_template("posting/review_one.html", activity=activity, form=form, **shown)
    return page, 422 if form.errors or form.form_errors else 200


@blueprint.post("/desk/activities/<slug>/publish")
@requires(Permission.EDIT_ACTIVITIES)
def publish_reviewed(slug: str) -> ResponseReturnValue:
    """Publish an activity that waits, and go on to the next."""
    activity = get_activity(slug)
    back = review_after(f"activity-{activity.id}")
    try:
        with transaction():
            actions.publish(activity, by=current_user.person, now=clock.now(), as_staff=True)
        flash(_("It is published. Everybody can see it now."), "ok")
    except DomainError as error:
        flash(str(error), "error")
        return redirect(url_for("posting.review_one", slug=slug), 303)
    return redirect(back, 303)


def review_after(decided: str) -> str:
    """The list of what waits for review, at what comes after this one: `change-` or `activity-` and its id."""
    changes, waiting = proposals_waiting(), queries.waiting_for_review()
    listed = [*(f"change-{each.id}" for each in changes), *(f"activity-{each.id}" for each in waiting)]
    return url_for("posting.review", _anchor=next_below(listed, {decided}) or None)


@blueprint.route("/settings/activity-kinds", methods=["GET", "POST"])
@requires(Permission.EDIT_ACTIVITIES)
def edit_kinds() -> ResponseReturnValue:
    """The kinds of activities, and one more."""
    form = KindForm()
    if form.validate_on_submit():
        try:
            with transaction(), once(then=url_for("posting.edit_kinds")):
                kinds.add_kind(form.name.data, form.name_en.data or "", by=current_user.person)
            flash(_("The kind is added."), "ok")
            return redirect(url_for("posting.edit_kinds"), 303)
        except DomainError as error:
            form.refuse(error)
    page = render_template("posting/kinds.html", kinds=kinds.all_kinds(with_retired=True), form=form)
    return page, 422 if form.errors or form.form_errors else 200


@blueprint.post("/settings/activity-kinds/usual")
@requires(Permission.EDIT_ACTIVITIES)
def enter_usual_kinds() -> ResponseReturnValue:
    """Begin with the usual kinds."""
    with transaction():
        kinds.enter_usual_kinds(by=current_user.person)
    return redirect(url_for("posting.edit_kinds"), 303)


@blueprint.route("/settings/activity-kinds/<id:kind_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_ACTIVITIES)
def edit_kind(kind_id: int) -> ResponseReturnValue:
    """Call a kind something else."""
    kind = kinds.get_kind(kind_id)
    form = watch(lambda **given: KindForm(data={"name": kind.name, "name_en": kind.name_en}, **given))
    if form.validate_on_submit():
        try:
            with transaction():
                form.hold()
                kinds.rename_kind(kind, form.name.data, form.name_en.data or "", by=current_user.person)
            flash(_("Saved."), "ok")
            return redirect(url_for("posting.edit_kinds"), 303)
        except DomainError as error:
            form.refuse(error)
    return render_template("posting/kind.html", kind=kind, form=form), status_of(form)


@blueprint.post("/settings/activity-kinds/<id:kind_id>/retire")
@requires(Permission.EDIT_ACTIVITIES)
def retire_kind(kind_id: int) -> ResponseReturnValue:
    """No new activity is of this kind any more."""
    with transaction():
        kinds.retire_kind(kinds.get_kind(kind_id), by=current_user.person)
    flash(_("No new activity is of this kind any more. Those that are stay so."), "ok")
    return redirect(url_for("posting.edit_kinds"), 303)
