"""Several things that a script of ours sends at once: in whose name, how many at most, and what is answered to all.

Whoever takes them asks in this order: `refuse_other_names`, whether they may be sent at all, `items_sent`.
"""

from datetime import datetime, timedelta
from typing import Any, NoReturn

from flask import Response, abort, g, jsonify, request

from center.attendance.batches import LONGEST_OFFSET, MOST_ITEMS
from center.kernel.i18n import gettext as _
from center.web.device_cookie import who_asks

MOST_BYTES = 256 * 1024
MALFORMED = "malformed"
TOO_MANY, STALE = 413, 400


def refuse_other_names() -> None:
    """Refuse a token that is too old, and what a page sends for somebody who is not signed in here any more, where it
    says for whom: the page then asks who is, and sends what is theirs."""
    sent = request.get_json(silent=True)
    if g.get("csrf_failed") or (isinstance(sent, dict) and sent.get("who", who_asks()) != who_asks()):
        _refuse(STALE, error="token")


def items_sent() -> list[object]:
    """What is sent, each of it still to be read; refuses what is no list of at most MOST_ITEMS."""
    sent = request.get_json(silent=True)
    items = sent.get("items") if isinstance(sent, dict) else None
    if not isinstance(items, list):
        _refuse(STALE, error=MALFORMED, message=_("This is not what a device sends."))
    if len(items) > MOST_ITEMS:
        _refuse(TOO_MANY, error="too many", message=_("At most %(count)s at once.", count=MOST_ITEMS))
    return items


def nonce_of(raw: object) -> str | None:
    """The number under which an item was sent that may have no shape at all, so that its answer finds it."""
    return raw["nonce"] if isinstance(raw, dict) and isinstance(raw.get("nonce"), str) else None


def offset_of(milliseconds: object) -> timedelta:
    """By how much a clock is behind the site's; none where it is more than a clock may be. Raises TypeError."""
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int):
        raise TypeError(milliseconds)
    most = LONGEST_OFFSET // timedelta(milliseconds=1)
    return timedelta(milliseconds=milliseconds if abs(milliseconds) <= most else 0)


def answered(answers: list[dict[str, Any]], *, now: datetime) -> Response:
    """One answer an item, in order."""
    return private(jsonify(now=now.isoformat(), answers=answers))


def private(answer: Response) -> Response:
    """Kept by no browser: a device has people's names sealed, or not at all."""
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _refuse(status: int, **said: str) -> NoReturn:
    answer = jsonify(said)
    answer.status_code = status
    abort(answer)
