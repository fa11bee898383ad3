"""Pages on which staff review activities: the list, one of them, and taking a decision back."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities import actions, undoing
from center.activities.change_requests.queries import just_decided
from center.activities.photos.actions import find_photo
from center.activities.queries import get_activity
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.i18n import gettext as _
from center.kernel.marks import Mark
from center.signups.changing.words import said_of
from center.signups.posting import reviewing
from center.signups.roster_state import read_all
from center.signups.rosters import rosters_of
from center.web.activities.page import ways_of
from center.web.activities.question_forms import KINDS
from center.web.blueprints import posting as blueprint
from center.web.desk.reviews.forms import ReturnForm, ReviewForm
from center.web.sending import did, form_page, go_on, is_done, next_below


@blueprint.get("/desk/activities")
@requires(Permission.EDIT_ACTIVITIES)
def review() -> ResponseReturnValue:
    """What waits for review, who came first first: new activities, and changes of public ones."""
    form = ReviewForm(request.args)
    wanted, after = form.wanted(), _after()
    form.offer()
    return render_template(
        "desk/posting/review.html",
        form=form,
        wanted=wanted,
        page=reviewing.page(wanted, after=after),
        after=after,
        args=review_args(),
        just_reviewed=undoing.just_decided(current_user.person, now=clock.now()),
        just_decided=just_decided(current_user.person_id, now=clock.now()),
    ), form.status


@blueprint.route("/desk/activities/<slug>", methods=["GET", "POST"])
@requires(Permission.EDIT_ACTIVITIES)
def review_one(slug: str) -> ResponseReturnValue:
    """Everything about an activity that waits: publish it, or return it with a reason."""
    activity = get_activity(slug)
    form, back = ReturnForm(), review_after(f"activity-{activity.id}")
    if is_done(form, lambda: actions.send_back(activity, reason=form.words, by=current_user.person, now=clock.now())):
        return go_on(_("It is returned. The organisation reads your reason."), back)
    standings = list(read_all(activity, rosters_of(activity)).values())
    ways = ways_of(standings)
    return form_page(
        "desk/posting/review_one.html",
        form,
        activity=activity,
        args=review_args(),
        ways=ways,
        settings={way.rosters[0].id: said_of(way.rosters[0]) for way in ways},
        photo=find_photo(activity.id),
        question_kinds=KINDS,
    )


@blueprint.post("/desk/activities/<slug>/publish")
@requires(Permission.EDIT_ACTIVITIES)
def publish_reviewed(slug: str) -> ResponseReturnValue:
    """Publish an activity that waits, and go on to the next."""
    activity = get_activity(slug)
    back = review_after(f"activity-{activity.id}")
    if not did(
        lambda: actions.publish(activity, by=current_user.person, now=clock.now(), as_staff=True),
        _("It is published. Everybody can see it now."),
    ):
        return redirect(url_for("posting.review_one", slug=slug, **review_args()), 303)
    return redirect(back, 303)


def review_args() -> dict[str, Any]:
    """The list as it was narrowed, and how far one has read it, as it stands in addresses."""
    after = _after()
    return {**ReviewForm(request.args).wanted().args(), **({"after": str(after)} if after else {})}


def review_after(decided: str) -> str:
    """The list as it was, at what comes after this one: `change-` or `activity-` and its id."""
    args = review_args()
    listed = reviewing.names(ReviewForm(request.args).wanted(), after=_after())
    following = next_below(listed, {decided})
    if not following:
        args.pop("after", None)  # nothing is left behind the mark
    return url_for("posting.review", _anchor=following or None, **args)


@blueprint.post("/desk/activities/<slug>/take-back")
@requires(Permission.EDIT_ACTIVITIES)
def take_back_review(slug: str) -> ResponseReturnValue:
    """Take back what one decided this minute about an activity."""
    activity = get_activity(slug)
    did(
        lambda: undoing.take_back(activity, by=current_user.person, now=clock.now()),
        _("Taken back: it waits for review again."),
    )
    return redirect(url_for("posting.review", _anchor=f"activity-{activity.id}", **review_args()), 303)


def _after() -> Mark | None:
    return Mark.read(request.args.get("after", ""), ranks=len(reviewing.RANKS))
