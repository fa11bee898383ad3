"""What a device is given of a day, for when it has no connection: who is expected, who may take whom, who may not.

It is the least by which a child can be handed over: no door, no e-mail, no year of birth, no photo. The numbers of
guardians are in it, since whoever stands there without a connection still has a telephone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from center.afterschool.alarms.ringing import Rung, to_ring_each
from center.afterschool.collectors import bars, listing
from center.afterschool.collectors.listing import Adult
from center.afterschool.day_list.lines import Line, list_of
from center.afterschool.models.plans import Bar, PickUpCode
from center.afterschool.models.terms import TermDay
from center.afterschool.plans import codes
from center.afterschool.plans.codes import MOST_TRIES
from center.kernel.i18n import centre_zone

KEPT_AFTER = timedelta(hours=6)  # from midnight on: a child may be there still, and the line is down
MORNING = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class ChildKnown:
    """One child of a day, as a device knows them."""

    line: Line
    adults: Sequence[Adult]
    bars: Sequence[Bar]
    callers: Sequence[Rung]
    code: PickUpCode | None
    missing_at: datetime | None  # from when somebody has to ask where they are
    until_at: datetime | None  # from when somebody has to ask who collects them; None on a day without a programme

    @property
    def tries_left(self) -> int:
        """How often a wrong code may still be typed; none where there is no code, or it was used."""
        if self.code is None or self.code.used_at is not None:
            return 0
        return MOST_TRIES - self.code.tries


@dataclass(frozen=True, kw_only=True)
class DaySnapshot:
    """A day with its children, and until when a device may keep it."""

    on: date
    day: TermDay | None
    expires_at: datetime
    children: Sequence[ChildKnown]


def snapshot_of(on: date, day: TermDay | None, *, now: datetime, today: date) -> DaySnapshot:
    """What a device is given of a day now; a constant number of queries, however many children there are."""
    found = list_of(on, day, now=now, today=today)
    ids = [each.child.id for each in found.lines]
    adults, barred = listing.may_collect_each(ids, on), bars.bars_of_each(ids, now)
    made, callers = codes.codes_on(ids, on), to_ring_each(ids, day, on=on)
    midnight = datetime(on.year, on.month, on.day, tzinfo=centre_zone()) + MORNING
    return DaySnapshot(
        on=on,
        day=day,
        expires_at=midnight + KEPT_AFTER,
        children=[
            ChildKnown(
                line=each,
                adults=adults[each.child.id],
                bars=barred.get(each.child.id, ()),
                callers=callers[each.child.id],
                code=made.get(each.child.id),
                missing_at=_missing_at(each, day),
                until_at=_until_at(each, day),
            )
            for each in found.lines
        ],
    )


def _missing_at(line: Line, day: TermDay | None) -> datetime | None:
    if day is None or line.plan is None or not line.plan.comes or line.plan.due_at is None:
        return None
    return line.plan.due_at + timedelta(minutes=day.term.alarm_minutes)


def _until_at(line: Line, day: TermDay | None) -> datetime | None:
    if day is None:
        return None
    closes_at = datetime.combine(day.on_date, day.term.closes, centre_zone())
    return line.plan.until_at or closes_at if line.plan else closes_at
