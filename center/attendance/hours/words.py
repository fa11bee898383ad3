"""What a volunteer's shift is called, for pages, tables and papers."""

from center.attendance.models.hours import ShiftState
from center.kernel.i18n import lazy_gettext as _l

STATE_NAMES = {
    ShiftState.CERTIFIED: _l("Certified"),
    ShiftState.DONE: _l("Waits to be certified"),
    ShiftState.FORGOTTEN: _l("Nobody signed out"),
    ShiftState.OPEN: _l("Helping now"),
    ShiftState.REFUSED: _l("Not certified"),
    ShiftState.REPLACED: _l("Replaced by a correction"),
    ShiftState.UNDONE: _l("Signed in by mistake"),
}
TONES = {
    ShiftState.CERTIFIED: "ok",
    ShiftState.DONE: "wait",
    ShiftState.FORGOTTEN: "wait",
    ShiftState.OPEN: "info",
    ShiftState.REFUSED: "stop",
}
