"""Pages that a browser keeps for when there is no connection: their files, and the worker that keeps them.

Such a page has nobody on it and is the same for all, so that no personal data lie in a browser's cache.
"""

import hashlib
import json
from collections.abc import Sequence
from functools import cache

from flask import Response, url_for

from center.kernel.config import ROOT

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
CHECK_IN_SCRIPTS = "js/checkin"


@cache
def scripts(*folders: str) -> tuple[str, ...]:
    """The scripts in these folders, by their paths beneath the static folder; workers keep themselves."""
    found = sorted(path for folder in folders for path in (STATIC / folder).glob("*.js"))
    return tuple(str(path.relative_to(STATIC)) for path in found if path.name != "worker.js")


@cache
def version(files: Sequence[str], templates: Sequence[str]) -> str:
    """What all that is kept sums up to."""
    paths = [STATIC / each for each in files] + [ROOT / f"templates/{each}.html" for each in templates]
    whole = hashlib.sha256()
    for path in paths:
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:16]


def addresses(files: Sequence[str]) -> list[str]:
    """Where these files are."""
    return [url_for("static", filename=each) for each in files]


def worker(script: str, head: object, *, scope: str) -> Response:
    """The worker that keeps a page, by its script and what it is told: another one as soon as any file is another."""
    text = (STATIC / script).read_text("utf-8")
    answer = Response(f"const KEPT = {json.dumps(head)};\n{text}", mimetype="text/javascript")
    answer.headers["Service-Worker-Allowed"] = scope
    answer.headers["Cache-Control"] = "no-cache"
    return answer
