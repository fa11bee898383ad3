"""What lets a phone open the day's list without a connection: a page with nobody on it, its files, and their keeper."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from center.kernel.access import public
from center.kernel.i18n import centre_zone
from center.web.blueprints import classroom as blueprint
from center.web.browser_rights import kept_page
from center.web.offline_pages import CHECK_IN_SCRIPTS, FILES, addresses, scripts, version
from center.web.offline_pages import worker as kept_worker

STYLES = ("css/classroom.css", "css/day_list.css", "css/day_offline.css")
TEMPLATES = ("checkin/frame", "classroom/day/offline", "classroom/day/cover", "classroom/day/late", "components/unsent")


@blueprint.get("/classroom/shell")
@kept_page
@public
def shell() -> ResponseReturnValue:
    """The day's list as it is kept for when there is no connection: of no day, with nobody on it."""
    return render_template("classroom/day/offline.html", zone=str(centre_zone()))


@blueprint.get("/classroom/worker.js")
@kept_page
@public
def worker() -> ResponseReturnValue:
    """The worker that keeps the page: another one as soon as any file of the page is another."""
    files = (*FILES, *STYLES, *scripts(CHECK_IN_SCRIPTS, "js/classroom"))
    head = {"version": version(files, TEMPLATES), "shell": url_for(".shell"), "files": addresses(files)}
    return kept_worker("classroom", head)
