"""Browsers that have signed in to a login before: each keeps a signed cookie and is its own source of tries."""

import hashlib
import secrets
from typing import Any

from flask import Response, current_app, request
from itsdangerous import BadData, URLSafeSerializer

from center.people import throttle

COOKIE = "device"
MOST_LOGINS = 8  # the desk's computer signs in many people
LASTS_DAYS = 365


def source_for(login: str) -> str:
    """Where a try for this login comes from: this browser if it is known for the login, else its network address."""
    nonce = _known().get(_key(login))
    return f"device:{nonce}" if nonce else throttle.source_of(request.remote_addr)


def remember(response: Response, login: str) -> None:
    """Let this browser be known as one that has signed in to the login."""
    known = _known()
    nonce = known.pop(_key(login), None) or secrets.token_urlsafe(12)
    latest = [*known.items(), (_key(login), nonce)][-MOST_LOGINS:]
    response.set_cookie(
        COOKIE,
        _signer().dumps(dict(latest)),
        max_age=LASTS_DAYS * 86400,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )


def _known() -> dict[str, str]:
    try:
        found: Any = _signer().loads(request.cookies.get(COOKIE, ""))
    except BadData:
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _key(login: str) -> str:
    """Not the phone itself: the cookie is signed, not secret."""
    return hashlib.sha256(f"{current_app.secret_key!r}:{login}".encode()).hexdigest()[:16]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="known-browser")
