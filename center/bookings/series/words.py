"""Series in words: their rule, their end, how a date of theirs stands."""

from datetime import datetime, timedelta
from typing import Any

from center.bookings.models import LIVE, BookingStatus
from center.bookings.models.series import BookingSeries, SeriesDate
from center.bookings.series.best_times import WeeklyTime
from center.bookings.series.date_plans import DateState, Kind
from center.bookings.series.weekly_ranking import Lack
from center.kernel.i18n import format_clocks, format_day, ngettext
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.recurrence import Frequency, Repeat
from center.rooms.labels import WEEKDAYS

FREQUENCIES: dict[Frequency, Any] = {
    Frequency.WEEKLY: _l("Every week"),
    Frequency.FORTNIGHTLY: _l("Every second week"),
    Frequency.MONTHLY: _l("Every month"),
}

NTH_WORDS: dict[int, Any] = {
    1: _l("The first of the month"),
    2: _l("The second of the month"),
    3: _l("The third of the month"),
    4: _l("The fourth of the month"),
    5: _l("The fifth, in months that have one"),
    -1: _l("The last of the month"),
}

# What a date's state is called, and the tone of its badge.
DATE_STATES: dict[DateState, tuple[Any, str]] = {
    DateState.OK: (_l("Free"), "ok"),
    DateState.CLASH: (_l("Taken"), "stop"),
    DateState.CLOSED: (_l("Closed"), "stop"),
    DateState.HOLIDAY: (_l("Public holiday"), "stop"),
    DateState.QUOTA: (_l("Over the limit"), "stop"),
    DateState.RULE: (_l("Not possible"), "stop"),
}

KINDS: dict[Kind, tuple[Any, str]] = {
    Kind.COMES: (_l("New"), "info"),
    Kind.GOES: (_l("Goes"), "wait"),
    Kind.MOVES: (_l("Moves"), "info"),
    Kind.OWN: (_l("Was changed by itself"), "wait"),
    Kind.STAYS: (_l("Time stays"), "ok"),
}


def rule_words(repeat: Repeat) -> str:
    """Every week on Tuesday, Thursday · the second Tuesday of each month."""
    days = _(", ").join(str(WEEKDAYS[day]) for day in sorted(set(repeat.weekdays)))
    if repeat.frequency is Frequency.WEEKLY:
        return _("Every week on %(days)s", days=days)
    if repeat.frequency is Frequency.FORTNIGHTLY:
        return _("Every second week on %(days)s", days=days)
    match repeat.nth:
        case 1:
            return _("Every month on the first %(days)s", days=days)
        case 2:
            return _("Every month on the second %(days)s", days=days)
        case 3:
            return _("Every month on the third %(days)s", days=days)
        case 4:
            return _("Every month on the fourth %(days)s", days=days)
        case 5:
            return _("Every month that has one on the fifth %(days)s", days=days)
    return _("Every month on the last %(days)s", days=days)


def end_words(repeat: Repeat) -> str:
    """Until when, or how many times."""
    times = ngettext("%(num)d time", "%(num)d times", repeat.count) if repeat.count else ""
    until = _("until %(day)s", day=format_day(repeat.until)) if repeat.until else ""
    return _(", ").join(filter(None, [times, until]))


def weekly_words(each: WeeklyTime) -> str:
    """Tuesday, Thursday · 14:30–16:30."""
    days = _(", ").join(str(WEEKDAYS[day]) for day in each.weekdays)
    begins = datetime.combine(each.dates[0], each.starts)
    return f"{days} · {format_clocks(begins.time(), (begins + timedelta(minutes=each.minutes)).time())}"


def of_dates_words(free: int, dates: int) -> str:
    """21 of 26 free."""
    return ngettext("%(free)s of %(num)d free", "%(free)s of %(num)d free", dates, free=free)


def lack_words(each: WeeklyTime) -> str:
    """Why dates of a weekly time cannot be had: 2 on public holidays · 3 taken."""
    return " · ".join(_lack(why, each.lacks(why)) for why in Lack if each.lacks(why))


def _lack(why: Lack, number: int) -> str:
    match why:
        case Lack.CLOSED:
            return ngettext("%(num)d while the room is closed", "%(num)d while the room is closed", number)
        case Lack.HOLIDAY:
            return ngettext("%(num)d on a public holiday", "%(num)d on public holidays", number)
        case Lack.TAKEN:
            return ngettext("%(num)d taken", "%(num)d taken", number)
        case Lack.UNBOOKABLE:
            return ngettext("%(num)d that cannot be booked", "%(num)d that cannot be booked", number)


def clock_words(series: BookingSeries) -> str:
    """14:30–16:30."""
    begins = datetime.combine(series.first_on, series.starts)
    return format_clocks(begins.time(), (begins + timedelta(minutes=series.minutes)).time())


def date_state(each: SeriesDate, *, now: datetime) -> tuple[str, str]:
    """Where a date of a series stands, and the tone of its badge."""
    booking = each.booking
    if booking is None:
        return _("Skipped"), "quiet"
    state = booking.state_at(now)
    if state in LIVE and booking.ends_at <= now:
        return _("Over"), "quiet"
    if each.is_own_way and booking.status is BookingStatus.CONFIRMED:
        return _("Confirmed, changed by itself"), "info"
    return {
        BookingStatus.CANCELLED: (_("Cancelled"), "quiet"),
        BookingStatus.CONFIRMED: (_("Confirmed"), "ok"),
        BookingStatus.DECLINED: (_("Declined"), "stop"),
        BookingStatus.EXPIRED: (_("Expired"), "quiet"),
        BookingStatus.RELEASED: (_("Released"), "quiet"),
        BookingStatus.REQUESTED: (_("Waiting for approval"), "wait"),
    }[state]
