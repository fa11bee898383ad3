"""The cover photo of an activity, shown to everybody who may see it."""

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.photos import actions
from center.activities.policy import may_see
from center.kernel.access import authorise, public
from center.web.activities.pages import written_ids
from center.web.blueprints import activities

FOR_A_WHILE = "public, max-age=300"  # then it is asked whether it is still there


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
