"""When a date of an activity is moved: the device that is there for it is there at its new time, and no longer."""

from sqlalchemy import update

from center.activities.history import Change
from center.activities.models import ActivityChange
from center.attendance.models.devices import Device
from center.attendance.rules import check_in_span
from center.kernel.db import change_rows


def keep_devices(change: Change) -> None:
    """What is paired for one session lasts as long as that can be checked in to."""
    if change.what is not ActivityChange.SESSION_MOVED or change.session is None:
        return
    session = change.session
    ends_at = check_in_span(session.starts_at, session.ends_at).end
    theirs = update(Device).where(Device.session_id == session.id, Device.revoked_at.is_(None))
    change_rows(theirs.values(expires_at=ends_at))
