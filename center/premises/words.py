"""What the days of the centre's calendar are called."""

from center.kernel.i18n import lazy_gettext as _l
from center.premises.models import DayKind

KINDS_OF_DAYS = {
    DayKind.HOLIDAY.value: _l("Public holiday: the holiday hours count"),
    DayKind.WORKING.value: _l("Make-up working day: a weekend day with Monday's hours"),
    DayKind.ORDINARY.value: _l("Ordinary day: the weekday's own hours"),
}
