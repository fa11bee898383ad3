"""Writes of the centre's facts and its calendar."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, fields
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import g

from center.kernel import clock
from center.kernel.acts import Act
from center.kernel.affected_uses import DecideUses
from center.kernel.db import db
from center.kernel.errors import RuleBroken
from center.kernel.i18n import LANGUAGE_NAMES, centre, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import Doer, note
from center.premises.library import countries
from center.premises.models import CalendarDay, CentreFacts, DayKind
from center.premises.queries import centre_facts, find_staff_day

# Who depends on the calendar stands guard over a change of it: entered before the change, left after it, may refuse.
# Rooms adds a guard that asks, by `decide`, about each booking whose room a change would shut; without one it refuses.
calendar_guards: list[Callable[[DecideUses | None], AbstractContextManager[None]]] = []


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What staff say the centre is."""

    name: str
    name_en: str
    address: str
    address_en: str
    desk_phone: str
    desk_hours: str
    desk_hours_en: str
    welcome: str
    welcome_en: str
    zone_name: str
    language_list: str
    holiday_country: str
    confirm_days: int = 3
    provisional_bookings: bool = False
    keep_signed_in: bool = False


def change_facts(facts: Facts, *, by: Doer, decide: DecideUses | None = None) -> CentreFacts:
    """Enter the centre's facts. Raises RuleBroken for a zone, language or country that does not exist.

    A guard may refuse another zone or country, since both move the hours in which rooms are open.
    """
    check_zone(facts.zone_name)
    if not set(facts.language_list.split(",")) <= LANGUAGE_NAMES.keys():
        raise RuleBroken(_l("Please choose one of the languages on offer."), field="language_list")
    if facts.holiday_country not in countries():
        raise RuleBroken(_l("The holidays of this country or region are not known."), field="holiday_country")
    row = centre_facts()
    moves_hours = (row.zone_name, row.holiday_country) != (facts.zone_name, facts.holiday_country)
    with _guarded(decide) if moves_hours else nullcontext():
        for each in fields(facts):
            setattr(row, each.name, getattr(facts, each.name))
        db.session.add(row)
        db.session.flush()
        g.pop("centre", None)
    note(Act.CENTRE_FACTS_CHANGED, by=by)
    return row


def set_day(
    day: date,
    kind: DayKind,
    *,
    name: str,
    name_en: str,
    counts_as: int | None = None,
    by: Doer,
    decide: DecideUses | None = None,
) -> CalendarDay:
    """Say by hand what a day is, over whatever the holidays library says. A guard may refuse it.

    Only a make-up working day counts as another weekday.
    """
    if counts_as is not None and kind is not DayKind.WORKING:
        raise RuleBroken(_l("Only a make-up working day counts as another weekday."), field="counts_as")
    clock.check_day(day, today=local_date(clock.now()), field="on_date")
    with _guarded(decide):
        row = find_staff_day(day) or CalendarDay(on_date=day)
        row.kind, row.name, row.name_en, row.counts_as = kind, name, name_en, counts_as
        db.session.add(row)
        db.session.flush()
    note(Act.CALENDAR_DAY_SET, day.isoformat(), by=by)
    return row


def clear_day(day: CalendarDay, *, by: Doer, decide: DecideUses | None = None) -> None:
    """Take back what staff said of a day; the holidays library counts again. A guard may refuse it."""
    with _guarded(decide):
        db.session.delete(day)
        db.session.flush()
    note(Act.CALENDAR_DAY_CLEARED, day.on_date.isoformat(), by=by)


def _guarded(decide: DecideUses | None) -> ExitStack:
    guards = ExitStack()
    centre()  # read before the change
    for guard in calendar_guards:
        guards.enter_context(guard(decide))
    return guards


def check_zone(name: str) -> ZoneInfo:
    """The time zone with this name; raises RuleBroken on the field zone_name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise RuleBroken(
            _l("There is no time zone with this name. Write it like Asia/Shanghai."), field="zone_name"
        ) from None
