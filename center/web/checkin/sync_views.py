"""What a device keeps of a session for when it has no connection, and what it sends once it has one again."""

from typing import Any

from flask import Response, g, jsonify, request
from flask.typing import ResponseReturnValue

from center.activities.queries import get_session
from center.attendance.batches import MOST_ITEMS
from center.attendance.snapshots import Snapshot, snapshot_of
from center.kernel import clock
from center.kernel.access import authorise, or_device, or_ended_device, signed_in
from center.kernel.i18n import format_span, in_language
from center.kernel.i18n import gettext as _
from center.web.blueprints import checkin as blueprint
from center.web.browser_rights import accepts_little, sent_by_script
from center.web.checkin.hands import authorise_for, hand_here, may_send_of
from center.web.checkin.rolls_seen import note_roll
from center.web.device_cookie import who_asks
from center.web.scan_items import MALFORMED, MOST_BYTES, Sender, take_items

TOO_MANY = 413
STALE = 400


@blueprint.get("/checkin/sessions/<id:date_id>/snapshot")
@or_device
@signed_in
def snapshot(date_id: int) -> ResponseReturnValue:
    """What a device keeps of a session for when it has no connection."""
    session, now = get_session(date_id), clock.now()
    hand = authorise_for(session, now)
    found = snapshot_of(session)
    note_roll(found, hand)
    return _private(jsonify(_told(found)))


@blueprint.post("/checkin/sessions/<id:date_id>/scans")
@or_ended_device
@sent_by_script
@accepts_little(MOST_BYTES)
@signed_in
def take_scans(date_id: int) -> ResponseReturnValue:
    """Take what a device has stored: each item is answered, and none spoils the others."""
    sent = request.get_json(silent=True)
    if g.get("csrf_failed") or _is_in_another_name(sent):
        return {"error": "token"}, STALE
    session, now = get_session(date_id), clock.now()
    authorise(may_send_of(session))
    hand = hand_here()
    items = sent.get("items") if isinstance(sent, dict) else None
    if not isinstance(items, list):
        return {"error": MALFORMED, "message": _("This is not what a device sends.")}, STALE
    if len(items) > MOST_ITEMS:
        return {"error": "too many", "message": _("At most %(count)s at once.", count=MOST_ITEMS)}, TOO_MANY
    answers = take_items(session, items, Sender(hand.by, hand.device), now=now)
    return _private(jsonify(now=now.isoformat(), answers=answers))


def _is_in_another_name(sent: object) -> bool:
    """Whether a page sends for somebody who is not signed in here any more, where it says for whom."""
    return isinstance(sent, dict) and sent.get("who", who_asks()) != who_asks()


def _told(found: Snapshot) -> dict[str, Any]:
    session, activity = found.session, found.session.activity
    return {
        "session": {
            "id": session.id,
            "title": in_language(activity.title, activity.title_en),
            "when": format_span(session.starts_at, session.ends_at),
            "starts_at": session.starts_at.isoformat(),
            "ends_at": session.ends_at.isoformat(),
            "place": in_language(session.room.name, session.room.name_en) if session.room else "",
        },
        "expires_at": found.expires_at.isoformat(),
        "is_open": found.is_open,
        "people": [
            {
                "key": each.key,
                "name": each.name,
                "status": each.status.value,
                "since": each.since.isoformat() if each.since else None,
                "card": each.card,
                "code": each.code,
            }
            for each in found.people
        ],
    }


def _private(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
