"""Noting who saw the list of a session at check-in."""

from center.attendance.snapshots import Snapshot
from center.kernel.access_log import Kind, note
from center.web.checkin.hands import Hand


def note_roll(found: Snapshot, hand: Hand) -> None:
    """Whoever is signed in sees who comes. A device is nobody: what it may see is among the devices of the desk."""
    if hand.device is None:
        for each in found.people:
            note(Kind.ROLL, person_id=each.person_id, subject=str(found.session.id))
