"""What would change places: one for one, or of two series the bookings of the same weeks. Pure but for its words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from center.allocation.swaps.slots import Slot, is_swappable, room_of
from center.bookings.models import Booking
from center.bookings.models.series import BookingSeries
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import format_span, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.recurrence import Frequency


@dataclass(frozen=True)
class Pair:
    """Two times that would change places: the one that is offered, and the one that is asked for."""

    ours: Slot
    theirs: Slot


def pairs_of(ours: BookingSeries, theirs: BookingSeries, *, now: datetime) -> list[Pair]:
    """The dates ahead of two series, week by week; what only one has in a week stays where it is.

    Raises RuleBroken where they do not come equally often, or have no week in common.
    """
    weekly = Frequency.WEEKLY
    if {ours.frequency, theirs.frequency} != {weekly} or len(ours.repeat.weekdays) != len(theirs.repeat.weekdays):
        raise RuleBroken(
            _l("These series do not come equally often, so they cannot be swapped as a whole. Swap single dates.")
        )
    mine, yours = _by_week(ours, now=now), _by_week(theirs, now=now)
    found = [
        Pair(one, other)
        for week in sorted(mine.keys() & yours.keys())
        for one, other in zip(mine[week], yours[week], strict=False)
    ]
    if not found:
        raise RuleBroken(_l("These series have no week ahead in common."))
    return found


def refuse_unswappable(slots: Iterable[Slot], *, now: datetime) -> None:
    """Raises Conflict that names the first that was cancelled, or can no longer be changed."""
    for each in slots:
        if not is_swappable(each, now=now):
            words = format_span(each.starts_at, each.ends_at)
            raise Conflict(
                _l("%(room)s, %(when)s: this was cancelled meanwhile or can no longer be changed. Nothing was swapped.",
                   room=room_of(each).full_name, when=words)
            )  # fmt: skip


def _by_week(series: BookingSeries, *, now: datetime) -> dict[tuple[int, int], list[Booking]]:
    """Its bookings ahead that can be swapped and were not changed by themselves, by their weeks."""
    found: dict[tuple[int, int], list[Booking]] = {}
    for each in series.dates:
        if each.booking and not each.is_own_way and is_swappable(each.booking, now=now):
            year, week, _day = local_date(each.booking.starts_at).isocalendar()
            found.setdefault((year, week), []).append(each.booking)
    return {week: sorted(listed, key=lambda booking: booking.starts_at) for week, listed in found.items()}
