"""Which bookings would change places: one for one, or of two series those of the same weeks. Pure but for its words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from center.bookings.models import Booking, BookingStatus
from center.bookings.models.series import BookingSeries
from center.bookings.policy import is_changeable
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import format_span, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.recurrence import Frequency


@dataclass(frozen=True)
class Pair:
    """Two bookings that would change places: the one that is offered, and the one that is asked for."""

    ours: Booking
    theirs: Booking

    @property
    def turned(self) -> "Pair":
        """The same seen from the other side."""
        return Pair(self.theirs, self.ours)


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


def is_swappable(booking: Booking, *, now: datetime) -> bool:
    """Whether it is an organisation's, stands, can be changed still, and lies in no confidential room."""
    is_organisations = booking.organisation_id is not None and booking.status is BookingStatus.CONFIRMED
    return is_organisations and not booking.room.is_confidential and is_changeable(booking, now=now, as_staff=False)


def refuse_unswappable(bookings: Iterable[Booking], *, now: datetime) -> None:
    """Raises Conflict that names the first booking that was cancelled, or can no longer be changed."""
    for each in bookings:
        if not is_swappable(each, now=now):
            words = format_span(each.starts_at, each.ends_at)
            raise Conflict(
                _l("%(room)s, %(when)s: this was cancelled meanwhile or can no longer be changed. Nothing was swapped.",
                   room=each.room.full_name, when=words)
            )  # fmt: skip


def _by_week(series: BookingSeries, *, now: datetime) -> dict[tuple[int, int], list[Booking]]:
    """Its bookings ahead that can be swapped and were not changed by themselves, by their weeks."""
    found: dict[tuple[int, int], list[Booking]] = {}
    for each in series.dates:
        if each.booking and not each.is_own_way and is_swappable(each.booking, now=now):
            year, week, _day = local_date(each.booking.starts_at).isocalendar()
            found.setdefault((year, week), []).append(each.booking)
    return {week: sorted(listed, key=lambda booking: booking.starts_at) for week, listed in found.items()}
