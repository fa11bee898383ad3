"""What lets a phone open check-in without a connection: the page of no session, its files, and who keeps them.

The page that is kept has nobody on it and is the same for all, so that no personal data lie in a browser's cache.
"""

import hashlib
import json
from functools import cache

from flask import Response, jsonify, url_for
from flask.typing import ResponseReturnValue

from center.kernel.access import public
from center.kernel.config import ROOT
from center.kernel.i18n import centre, in_language
from center.kernel.i18n import gettext as _
from center.web.blueprints import checkin as blueprint
from center.web.browser_rights import check_in_page
from center.web.checkin.session_views import empty_page
from center.web.rendering import render

STATIC = ROOT / "static"
STYLES = ("tokens", "base", "components", "pages", "bookings", "print", "checkin")
FILES = (
    "vendor/bootstrap-reboot.min.css",
    *(f"css/{each}.css" for each in STYLES),
    "vendor/idb/index.js",
    "vendor/qr/index.js",
    "vendor/qr/decode.js",
    "icons.svg",
    "mark.svg",
    "mark-180.png",
    "chevron.svg",
)
TEMPLATES = ("frame", "session", "lines", "reader", "unsent", "verdict")


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
    files = [*_addresses(), url_for(".web_manifest")]
    head = {"version": version(), "shell": url_for(".shell"), "start": url_for(".now"), "files": files}
    script = (STATIC / "js/checkin/worker.js").read_text("utf-8")
    answer = Response(f"const KEPT = {json.dumps(head)};\n{script}", mimetype="text/javascript")
    answer.headers["Service-Worker-Allowed"] = "/checkin"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


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


@cache
def version() -> str:
    """What all that is kept sums up to."""
    paths = [STATIC / each for each in files()] + [ROOT / f"templates/checkin/{each}.html" for each in TEMPLATES]
    whole = hashlib.sha256()
    for path in paths:
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:16]


@cache
def files() -> tuple[str, ...]:
    """The files of the page, by their paths beneath the static folder."""
    scripts = sorted(path.name for path in (STATIC / "js/checkin").glob("*.js") if path.name != "worker.js")
    return (*FILES, *(f"js/checkin/{each}" for each in scripts))


def _addresses() -> list[str]:
    return [url_for("static", filename=each) for each in files()]
