"""What an answer lets the browser do: what it may load, which of its sensors a page may ask for, how much may be sent.

The strictest holds everywhere. A view that needs more, or less, says so beside itself, and that is its own.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeVar

MAX_REQUEST_BYTES = 256 * 1024
View = TypeVar("View", bound=Callable[..., object])

# Nothing is loaded but what is named here. No 'unsafe-inline' and no 'unsafe-eval', so that markup somebody smuggled
# in runs no script of its own, and none of htmx's attributes that hold one (`hx-on`, `js:` values, trigger filters).
CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
PERMISSIONS = {"camera": "()", "geolocation": "()", "microphone": "()"}


def headers_with(policy: Mapping[str, str], permissions: Mapping[str, str]) -> Mapping[str, str]:
    """The headers of every answer, with what a kind of page needs beside the rest."""
    policies = {**CONTENT_SECURITY_POLICY, **policy}
    sensors = {**PERMISSIONS, **permissions}
    return MappingProxyType(
        {
            "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policies.items()),
            "Permissions-Policy": ", ".join(f"{name}={whom}" for name, whom in sensors.items()),
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
        }
    )


SECURITY_HEADERS = headers_with({}, {})
# The camera reads codes, a worker decodes them and another keeps the page for when there is no connection, and a phone
# may put the page on its home screen. A camera's picture is no address, so that no `media-src` is needed.
CHECK_IN_HEADERS = headers_with({"worker-src": "'self'", "manifest-src": "'self'"}, {"camera": "(self)"})


KEPT_HEADERS = headers_with({"worker-src": "'self'"}, {})
PLAYING_HEADERS = headers_with({"media-src": "'self'"}, {})


def plays_recordings(view: View) -> View:
    """This page plays recordings that are kept here."""
    return _declare(view, "headers", PLAYING_HEADERS)


def kept_page(view: View) -> View:
    """A worker of ours may keep this page for when there is no connection."""
    return _declare(view, "headers", KEPT_HEADERS)


def check_in_page(view: View) -> View:
    """This page may ask for the camera, run workers of ours and be put on a home screen; no other page may."""
    return _declare(view, "headers", CHECK_IN_HEADERS)


def accepts_file(most_bytes: int) -> Callable[[View], View]:
    """This endpoint takes a file of whoever is signed in, so that a request to it may be larger than others."""
    return lambda view: _declare(view, "most_bytes", most_bytes)


def accepts_little(most_bytes: int) -> Callable[[View], View]:
    """This endpoint takes a few words, so that a request to it may not be as large as others, whoever sends it."""
    assert most_bytes <= MAX_REQUEST_BYTES
    return lambda view: _declare(view, "few_bytes", most_bytes)


def sent_by_script(view: View) -> View:
    """A script of ours sends to this endpoint, with its token in a header, which no smuggled markup can do."""
    return _declare(view, "by_script", True)


def _declare(view: View, name: str, value: object) -> View:
    setattr(view, name, value)
    return view
