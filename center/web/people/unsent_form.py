"""A form that was sent after its session had ended: kept through signing in, and then sent again by its owner.

It travels as one signed value in the sign-in page, so nothing is stored for somebody who may never come back. A form
that another site sent is not kept: signing in must not lend it the session.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app, request
from itsdangerous import BadData, URLSafeSerializer

MOST_CHARACTERS = 200_000


@dataclass(frozen=True)
class UnsentForm:
    """Where a form was sent to, and what it said: names with their values, in order."""

    address: str
    fields: tuple[tuple[str, str], ...]


def of_request() -> UnsentForm | None:
    """The form in this request without its passwords and tokens; None where there is none or it came from elsewhere."""
    if request.method != "POST" or not _is_from_this_site():
        return None
    fields = tuple((name, value) for name, value in request.form.items(multi=True) if not _is_secret(name))
    return UnsentForm(request.full_path.rstrip("?"), fields)


def to_text(form: UnsentForm | None) -> str:
    """The form as one signed value; empty where there is none, or too much to carry."""
    text = _signer().dumps([form.address, [list(pair) for pair in form.fields]]) if form else ""
    return text if len(text) <= MOST_CHARACTERS else ""


def from_text(text: str | None) -> UnsentForm | None:
    """The form that `to_text` made; None for anything else."""
    try:
        address, fields = _signer().loads(text or "")
        return UnsentForm(str(address), tuple((str(name), str(value)) for name, value in fields))
    except (BadData, TypeError, ValueError):
        return None


def _is_secret(name: str) -> bool:
    return "password" in name.casefold() or name in {"csrf_token", "claim_code", "kept"}


def _is_from_this_site() -> bool:
    """Browsers say where a POST comes from and no page makes them lie; a program that says nothing has no session."""
    came_from = request.headers.get("Origin") or request.headers.get("Referer")
    try:
        return came_from is None or urlsplit(came_from).netloc == request.host
    except ValueError:
        return False


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="kept-form")
