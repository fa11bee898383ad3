"""The cover photo of an activity, sent and taken away by whoever writes it."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.models import Activity
from center.activities.photos import actions
from center.activities.photos.images import Picture, draw
from center.activities.photos.models import ActivityPhoto
from center.activities.policy import changes_wait
from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.db import transaction
from center.kernel.errors import RuleBroken
from center.kernel.i18n import gettext as _
from center.web.activities.pages import edited
from center.web.activities.photo_forms import AGREE_FIRST, MOST_SENT, PhotoForm, bytes_of
from center.web.activities.proposals import propose_photo
from center.web.blueprints import posting as blueprint
from center.web.browser_rights import accepts_file
from center.web.sending import form_page, go_on, is_done


@blueprint.route("/workspace/activities/<slug>/photo", methods=["GET", "POST"])
@signed_in
@accepts_file(MOST_SENT)
def photo(slug: str) -> ResponseReturnValue:
    """Give an activity a cover photo, another one, or say anew what it shows."""
    activity = edited(slug)
    known = actions.find_photo(activity.id)
    form = PhotoForm(data={"alt": known.alt, "alt_en": known.alt_en} if known else None)
    waits = changes_wait(activity, current_user)
    if is_done(form, lambda: _keep(activity, form, known, waits=waits), transacts=False):
        said = _("The desk looks at it first.") if waits else _("The photo is saved.")
        return go_on(said, url_for("posting.photo", slug=slug))
    return form_page("workspace/posting/photo.html", form, activity=activity, photo=known)


@blueprint.post("/workspace/activities/<slug>/photo/remove")
@signed_in
def remove_photo(slug: str) -> ResponseReturnValue:
    """Take the cover photo away."""
    activity = edited(slug)
    with transaction():
        actions.remove(activity, by=current_user.person, now=clock.now())
    return go_on(_("The photo is gone. Nobody can fetch it here any more."), url_for("posting.photo", slug=slug))


def _keep(activity: Activity, form: PhotoForm, known: ActivityPhoto | None, *, waits: bool) -> None:
    """Save what was sent: the picture is drawn before the transaction, since that takes its time."""
    words = {"alt": form.alt.data, "alt_en": form.alt_en.data or ""}
    sent = bytes_of(form.photo)
    picture: Picture | None = draw(sent) if sent or known is None else None
    if picture is not None and not form.is_agreed.data:
        raise RuleBroken(AGREE_FIRST, field="is_agreed")
    by, now = current_user.person, clock.now()
    with transaction():
        if waits:
            propose_photo(activity, picture, **words, by=by, now=now)
        elif picture is None:
            actions.describe(activity, **words, by=by, now=now)
        else:
            actions.put(activity, picture, **words, by=by, now=now)
