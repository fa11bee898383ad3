"""The steps of an activity before the public sees it: a look at its page, submitted, taken back, published."""

from collections.abc import Callable
from functools import partial

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities import actions
from center.activities import policy as activity_policy
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.i18n import gettext as _
from center.web.activities.page import page_of
from center.web.activities.pages import edited, led_ids
from center.web.blueprints import posting as blueprint
from center.web.rendering import render
from center.web.sending import did


@blueprint.get("/workspace/activities/<slug>/preview")
@signed_in
def look(slug: str) -> ResponseReturnValue:
    """The page of an activity as a phone shows it, before anybody else sees it."""
    return render("workspace/posting/preview.html", page_of(edited(slug)))


@blueprint.post("/workspace/activities/<slug>/submit")
@signed_in
def submit(slug: str) -> ResponseReturnValue:
    """Ask staff to publish it."""
    step = partial(actions.submit, edited(slug))
    return _take(step, slug, _("It is submitted. The desk looks at it, and you hear either way."))


@blueprint.post("/workspace/activities/<slug>/withdraw")
@signed_in
def withdraw(slug: str) -> ResponseReturnValue:
    """Take it back before staff looked at it."""
    return _take(partial(actions.withdraw, edited(slug)), slug, _("It is a draft again."))


@blueprint.post("/workspace/activities/<slug>/publish")
@signed_in
def publish(slug: str) -> ResponseReturnValue:
    """Let everybody see it: staff, and leads of an organisation that staff trust."""
    activity = edited(slug)
    authorise(activity_policy.may_publish(activity, current_user, led_ids()))
    step = partial(actions.publish, activity, as_staff=activity_policy.may_review(current_user))
    return _take(step, slug, _("It is published. Everybody can see it now."))


def _take(step: Callable[..., None], slug: str, words: str) -> ResponseReturnValue:
    """Take a step with an activity and go back to its page, which says how it went."""
    did(lambda: step(by=current_user.person, now=clock.now()), words)
    return redirect(url_for("posting.manage", slug=slug), 303)
