"""The page of an activity with its places, its poster for the notice board, and its photo."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from center.activities.models import Session
from center.activities.photos import actions
from center.activities.policy import may_see
from center.kernel import clock
from center.kernel.access import authorise, public
from center.kernel.caching.fragment_cache import page_until_written
from center.web.activities.page import ActivityPage, page_of
from center.web.activities.pages import written_ids
from center.web.blueprints import activities
from center.web.qr import qr_code
from center.web.rendering import render
from center.web.sign_ups.pages import PROGRAMME, visible

MOST_DATES = 4  # that fit in large type; the code leads to the others
FOR_A_WHILE = "public, max-age=300"  # then it is asked whether it is still there


@dataclass(frozen=True, kw_only=True)
class PosterPage(ActivityPage):
    """The same on paper: its next dates, and a code that leads to its page."""

    dates: Sequence[Session]
    more: int
    qr: Markup


@activities.get("/activities/<slug>")
@public
def show(slug: str) -> ResponseReturnValue:
    """What an activity is, when and where it happens, and how many places are left."""

    def draw() -> ResponseReturnValue:
        activity = visible(slug)
        if activity.is_confined:
            return redirect(PROGRAMME, 302)
        return render("shared/activities/show.html", page_of(activity))

    return page_until_written(draw)


@activities.get("/activities/<slug>/poster")
@public
def poster(slug: str) -> ResponseReturnValue:
    """What it is, when and where, for whom, and a code that leads to its page."""
    activity, now = visible(slug), clock.now()
    ahead = [each for each in activity.sessions if each.is_scheduled and each.ends_at > now]
    address = url_for("activities.show", slug=slug, _external=True)
    code = qr_code(address, is_sized=False)
    shown: dict[str, Any] = {
        "dates": ahead[:MOST_DATES],
        "more": len(ahead) - MOST_DATES,
        "qr": code,
        **vars(page_of(activity)),
    }
    return render("public/activities/poster.html", PosterPage(**shown))


@activities.get("/photos/<name>/<size>.jpg", endpoint="photo")
@public
def show_photo(name: str, size: str) -> ResponseReturnValue:
    """A cover photo in one of its sizes; of what is not public only for those who write it."""
    found = actions.get_photo(name, size)
    authorise(may_see(found.activity, current_user, written_ids()))
    response = Response(getattr(found, size), mimetype="image/jpeg")
    response.headers["Cache-Control"] = FOR_A_WHILE if found.activity.is_public else "private, no-store"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.set_etag(f"{name}-{size}")
    response.make_conditional(request)
    return response
