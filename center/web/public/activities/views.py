"""The page of an activity, with its places."""

from flask import render_template
from flask.typing import ResponseReturnValue

from center.kernel.access import public
from center.signups.deciding import decide_by
from center.web.activities.page import page_of
from center.web.blueprints import activities
from center.web.sign_ups.pages import visible

activities.add_app_template_global(decide_by, "decide_by")


@activities.get("/activities/<slug>")
@public
def show(slug: str) -> ResponseReturnValue:
    """What an activity is, when and where it happens, and how many places are left."""
    return render_template("shared/activities/show.html", **page_of(visible(slug)))
