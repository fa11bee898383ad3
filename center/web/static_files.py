"""The files that pages load. Their address names the version of all of them, so a browser asks for each once.

The version is a folder of the address, not something behind a question mark: what a script or a style sheet names
beside itself is then of the same version.
"""

import hashlib
import mimetypes
from functools import cache
from typing import Any

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from center.kernel.config import ROOT

STATIC = ROOT / "static"
A_YEAR = 365 * 86400


def init_app(app: Flask) -> None:
    """Serve the files, and let `url_for("static", …)` name their version."""
    app.add_url_rule("/static/<path:filename>", "static", _show)
    app.add_url_rule("/static/v-<named>/<path:filename>", "static", _show)
    app.url_defaults(_name_version)


@cache
def version() -> str:
    """What all files together are known by."""
    whole = hashlib.sha256()
    for name in sorted(_names()):
        whole.update(name.encode() + b"\0" + hashlib.sha256((STATIC / name).read_bytes()).digest())
    return whole.hexdigest()[:12]


def _name_version(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static":
        values.setdefault("named", version())


def _show(filename: str, named: str = "") -> ResponseReturnValue:
    """A file; under the address of another version, or of none, it is asked for anew each time."""
    if filename not in _names():
        raise NotFound
    content, digest = _read(filename, (STATIC / filename).stat().st_mtime_ns)
    response = Response(content, mimetype=_kind(filename))
    if named == version():
        response.cache_control.public, response.cache_control.immutable = True, True
        response.cache_control.max_age = A_YEAR
    else:
        response.cache_control.no_cache = True
    response.set_etag(digest, weak=True)
    return response.make_conditional(request)


@cache
def _names() -> frozenset[str]:
    return frozenset(str(path.relative_to(STATIC)) for path in STATIC.rglob("*") if path.is_file())


@cache
def _read(filename: str, _changed_at: int) -> tuple[bytes, str]:
    content = (STATIC / filename).read_bytes()
    return content, hashlib.sha256(content).hexdigest()[:32]


def _kind(filename: str) -> str:
    if filename.endswith(".js"):
        return "text/javascript"
    return mimetypes.guess_type(filename)[0] or "application/octet-stream"
