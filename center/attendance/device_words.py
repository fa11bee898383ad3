"""What devices are called: how they stand, and what they are there for."""

from datetime import timedelta
from typing import Any

from center.attendance.duties import DeviceState
from center.attendance.models.devices import Device, Duty
from center.kernel.i18n import format_day, format_moment, local_date
from center.kernel.i18n import lazy_gettext as _l

DUTY_NAMES: dict[Duty, Any] = {
    Duty.SESSION: _l("One session"),
    Duty.ROOM: _l("The door of a room"),
    Duty.ENTRANCE: _l("The entrance"),
}
DEVICE_STATES: dict[DeviceState, Any] = {
    DeviceState.WAITING: _l("waits for its code"),
    DeviceState.LAPSED: _l("code too old"),
    DeviceState.PAIRED: _l("paired"),
    DeviceState.OVER: _l("time is over"),
    DeviceState.REVOKED: _l("revoked, not heard of since"),
    DeviceState.WIPED: _l("revoked and wiped"),
}
DEVICE_TONES = {
    DeviceState.WAITING: "wait",
    DeviceState.LAPSED: "quiet",
    DeviceState.PAIRED: "ok",
    DeviceState.OVER: "quiet",
    DeviceState.REVOKED: "stop",
    DeviceState.WIPED: "quiet",
}


def said_until(device: Device) -> str:
    """Until when it may be used: of one at a door the last day, of a session the moment."""
    if device.duty is Duty.SESSION:
        return format_moment(device.expires_at)
    return format_day(local_date(device.expires_at - timedelta(seconds=1)))
