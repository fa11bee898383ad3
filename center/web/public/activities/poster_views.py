"""The poster of an activity: one page of paper for the notice board and the lift."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from center.kernel import clock
from center.kernel.access import public
from center.web.activities.page import page_of
from center.web.blueprints import activities
from center.web.qr import qr_code
from center.web.sign_ups.pages import visible

MOST_DATES = 4  # that fit in large type; the code leads to the others


@activities.get("/activities/<slug>/poster")
@public
def poster(slug: str) -> ResponseReturnValue:
    """What it is, when and where, for whom, and a code that leads to its page."""
    activity, now = visible(slug), clock.now()
    ahead = [each for each in activity.sessions if each.is_scheduled and each.ends_at > now]
    address = url_for("activities.show", slug=slug, _external=True)
    return render_template(
        "public/activities/poster.html",
        **page_of(activity),
        dates=ahead[:MOST_DATES],
        more=len(ahead) - MOST_DATES,
        qr=qr_code(address, is_sized=False),
    )
