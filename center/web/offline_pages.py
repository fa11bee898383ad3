"""Pages that a browser keeps for when there is no connection: their files, and the worker that keeps them.

Such a page has nobody on it and is the same for all, so that no personal data lie in a browser's cache.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache

from flask import Response, url_for

from center.kernel.config import ROOT
from center.web import static_files
from center.web.static_files import STATIC

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
CHECK_IN_SCRIPTS = "js/checkin"
WORKER = "js/kept-page-worker.js"  # what the workers of all such pages have in common


@cache
def scripts(*folders: str) -> tuple[str, ...]:
    """The scripts in these folders, by their paths beneath the static folder; workers keep themselves."""
    found = sorted(path for folder in folders for path in (STATIC / folder).glob("*.js"))
    return tuple(str(path.relative_to(STATIC)) for path in found if path.name != "worker.js")


@cache
def version(files: Sequence[str], templates: Sequence[str]) -> str:
    """What all that is kept sums up to."""
    paths = [STATIC / each for each in files] + [ROOT / f"templates/{each}.html" for each in templates]
    whole = hashlib.sha256(static_files.version().encode())  # it stands in the address of each
    for path in paths:
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:16]


def addresses(files: Sequence[str]) -> list[str]:
    """Where these files are."""
    return [url_for("static", filename=each) for each in files]


def worker(name: str, head: Mapping[str, object]) -> Response:
    """The worker that keeps the page of a part of the site: another one as soon as any file of it is another.

    `head`: what its script is told beside its name: `version`, `shell`, `files`.
    """
    texts = [(STATIC / each).read_text("utf-8") for each in (WORKER, f"js/{name}/worker.js")]
    text = "\n".join([f"const KEPT = {json.dumps({'name': name, **head})};", *texts])
    answer = Response(text, mimetype="text/javascript")
    answer.headers["Service-Worker-Allowed"] = f"/{name}"
    answer.headers["Cache-Control"] = "no-cache"
    return answer
