"""The hours of a month as a table for the ledger (台账): every shift, and what is certified of each volunteer."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby

from center.attendance.hours.actions import stands
from center.attendance.hours.rules import minutes_between
from center.attendance.hours.words import STATE_NAMES
from center.attendance.models.hours import Shift, ShiftState
from center.kernel import tables
from center.kernel.i18n import format_clock, format_month, in_language
from center.kernel.i18n import gettext as _
from center.organisations.models import Organisation


def table(organisation: Organisation, first: date, shifts: Sequence[Shift], *, now: datetime) -> bytes:
    """The table as an .xlsx file, by volunteer."""
    heads = [
        _("Full name"), _("Day"), _("Activity"), _("From"), _("Until"), _("Hours (number)"), _("State"),
        _("Certified by"), _("Note"),
    ]  # fmt: skip
    rows: list[Sequence[object]] = [
        [_("Volunteer hours"), format_month(first)],
        [in_language(organisation.name, organisation.name_en)],
        [],
        heads,
    ]
    sums = []
    for _person_id, found in groupby(shifts, key=lambda each: each.person_id):
        theirs = list(found)
        rows += [_cells(each, now=now) for each in theirs]
        rows.append([theirs[0].person.name, "", _("Certified in this month"), "", "", _certified(theirs)])
        sums.append(len(rows))
    widths = (14, 12, 30, 8, 8, 8, 16, 14, 30)
    return tables.workbook(_("Volunteer hours"), rows, bold={1, 4, *sums}, widths=widths, freeze="B5")


def hours(minutes: int) -> float:
    """Minutes as hours with two digits, as a table adds them up."""
    return round(minutes / 60, 2)


def _certified(shifts: Sequence[Shift]) -> float:
    counting = [each for each in shifts if each.state is ShiftState.CERTIFIED]
    return hours(sum(minutes_between(each.in_at, each.out_at) for each in counting))


def _cells(shift: Shift, *, now: datetime) -> list[object]:
    activity, state = shift.session.activity, stands(shift, now=now)
    return [
        shift.person.name,
        shift.day.isoformat(),
        in_language(activity.title, activity.title_en),
        format_clock(shift.in_at),
        format_clock(shift.out_at) if shift.out_at else "",
        hours(minutes_between(shift.in_at, shift.out_at)),
        str(STATE_NAMES[state]),
        shift.certified_by.name if shift.certified_by and state is ShiftState.CERTIFIED else "",
        shift.reason,
    ]
