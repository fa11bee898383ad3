"""What lets a phone open check-in without a connection: the page of no session, its files, and who keeps them.

The page that is kept has nobody on it and is the same for all, so that no personal data lie in a browser's cache.
"""

from flask import jsonify, url_for
from flask.typing import ResponseReturnValue

from center.kernel.access import public
from center.kernel.i18n import centre, in_language
from center.kernel.i18n import gettext as _
from center.web.blueprints import checkin as blueprint
from center.web.browser_rights import check_in_page
from center.web.checkin.session_views import empty_page
from center.web.offline_pages import CHECK_IN_SCRIPTS, FILES, addresses, scripts, version
from center.web.offline_pages import worker as kept_worker
from center.web.rendering import render

TEMPLATES = (
    *(f"checkin/{each}" for each in ("frame", "session", "lines", "reader", "verdict")),
    "components/unsent",
)


@blueprint.get("/checkin/shell")
@check_in_page
@public
def shell() -> ResponseReturnValue:
    """The page at a door, as it is kept for when there is no connection: of no session, with nobody on it."""
    return render("checkin/session.html", empty_page())


@blueprint.get("/checkin/worker.js")
@check_in_page
@public
def worker() -> ResponseReturnValue:
    """The worker that keeps the page: another one as soon as any file of the page is another."""
    kept = [*addresses(files()), url_for(".web_manifest")]
    head = {"version": version(files(), TEMPLATES), "shell": url_for(".shell"), "start": url_for(".now"), "files": kept}
    return kept_worker("checkin", head)


@blueprint.get("/checkin/manifest.webmanifest")
@check_in_page
@public
def web_manifest() -> ResponseReturnValue:
    """What a phone needs to put check-in on its home screen."""
    name = in_language(centre().name, centre().name_en)
    mark = {"src": url_for("static", filename="mark.svg"), "sizes": "any", "type": "image/svg+xml"}
    drawn = {
        "src": url_for("static", filename="mark-512.png"),
        "sizes": "512x512",
        "type": "image/png",
        "purpose": "any",
    }
    answer = jsonify(
        id="/checkin",
        name=_("Check-in · %(centre)s", centre=name),
        short_name=_("Check-in"),
        start_url=url_for(".now"),
        scope="/checkin",
        display="standalone",
        background_color="#faf6ed",
        theme_color="#faf6ed",
        icons=[mark, drawn],  # not every phone takes the first
    )
    answer.mimetype = "application/manifest+json"
    return answer


def files() -> tuple[str, ...]:
    """The files of the page, by their paths beneath the static folder."""
    return (*FILES, *scripts(CHECK_IN_SCRIPTS))
