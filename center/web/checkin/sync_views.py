"""What a device keeps of a session for when it has no connection, and what it sends once it has one again."""

from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue

from center.activities.queries import get_session
from center.attendance.snapshots import Snapshot, snapshot_of
from center.kernel import clock
from center.kernel.access import authorise, or_device, or_ended_device, signed_in
from center.kernel.i18n import format_span, in_language
from center.web import batches
from center.web.blueprints import checkin as blueprint
from center.web.browser_rights import accepts_little, sent_by_script
from center.web.checkin.hands import authorise_for, hand_here, may_send_of
from center.web.checkin.rolls_seen import note_roll
from center.web.scan_items import Sender, take_items


@blueprint.get("/checkin/sessions/<id:date_id>/snapshot")
@or_device
@signed_in
def snapshot(date_id: int) -> ResponseReturnValue:
    """What a device keeps of a session for when it has no connection."""
    session, now = get_session(date_id), clock.now()
    hand = authorise_for(session, now)
    found = snapshot_of(session)
    note_roll(found, hand)
    return batches.private(jsonify(_told(found)))


@blueprint.post("/checkin/sessions/<id:date_id>/scans")
@or_ended_device
@sent_by_script
@accepts_little(batches.MOST_BYTES)
@signed_in
def take_scans(date_id: int) -> ResponseReturnValue:
    """Take what a device has stored: each item is answered, and none spoils the others."""
    batches.refuse_other_names()
    session, now = get_session(date_id), clock.now()
    authorise(may_send_of(session))
    hand = hand_here()
    answers = take_items(session, batches.items_sent(), Sender(hand.by, hand.device), now=now)
    return batches.answered(answers, now=now)


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
