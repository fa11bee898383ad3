"""What somebody needs in a room beside time: places for wheelchairs, hours off work, access. Pure but for its words."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import ngettext
from center.kernel.spans import LocalSpan, Span, intersect
from center.rooms.labels import FEATURES
from center.rooms.models import AccessFeature, BookingWindow, OpeningHours, Room
from center.rooms.queries import own_hours

EVENING = time(18)
WORKING_DAYS, WEEKEND = frozenset(range(5)), frozenset({5, 6})
LEAST = timedelta(hours=1)
SOME_DAY, SOME_ZONE = date(2001, 1, 1), ZoneInfo("UTC")  # only the hours of the clock count here


class OffHours(enum.StrEnum):
    """When people come who work in the daytime."""

    EVENING = "evening"
    WEEKEND = "weekend"


OFF_HOURS: dict[OffHours, Any] = {
    OffHours.EVENING: _l("In the evening"),
    OffHours.WEEKEND: _l("At the weekend"),
}


def is_open_on(room: Room, when: OffHours) -> bool:
    """Whether it can be had for an hour then: on some working day after six, or on a Saturday or Sunday."""
    days = WORKING_DAYS if when is OffHours.EVENING else WEEKEND
    spans = _spans(row for row in own_hours(room).hours if row.weekday in days)
    if room.windows:
        spans = intersect(spans, _spans(room.windows))
    begins = datetime.combine(SOME_DAY, EVENING if when is OffHours.EVENING else time(0), SOME_ZONE)
    return any(span.end - max(span.start, begins) >= LEAST for span in spans)


def _spans(rows: Iterable[OpeningHours | BookingWindow]) -> list[Span]:
    return [LocalSpan(row.opens, row.closes).on(SOME_DAY, SOME_ZONE) for row in rows]


@dataclass(frozen=True, kw_only=True)
class Wants:
    """What is asked of a room."""

    wheelchair: int = 0
    companion: int = 0
    when: frozenset[OffHours] = frozenset()
    features: frozenset[AccessFeature] = frozenset()

    def missing_in(self, room: Room) -> list[str]:
        """What the room lacks of it, in words."""
        lacking = [str(FEATURES[each][0]) for each in sorted(lacking_features(room, self.features))]
        return [*lacking, *self._places_missing_in(room), *self._hours_missing_in(room)]

    def _places_missing_in(self, room: Room) -> Iterable[str]:
        if self.wheelchair > room.wheelchair_places:
            words = ngettext("%(num)d wheelchair place", "%(num)d wheelchair places", self.wheelchair)
            yield _("%(wanted)s (it has %(most)d)", wanted=words, most=room.wheelchair_places)
        if self.companion > room.companion_places:
            words = ngettext("%(num)d companion seat", "%(num)d companion seats", self.companion)
            yield _("%(wanted)s (it has %(most)d)", wanted=words, most=room.companion_places)

    def _hours_missing_in(self, room: Room) -> Iterable[str]:
        return (str(OFF_HOURS[each]) for each in OffHours if each in self.when and not is_open_on(room, each))


def lacking_features(room: Room, needs: Iterable[AccessFeature]) -> list[AccessFeature]:
    """What is needed and the room does not have, in the order in which features are always named."""
    missing = set(needs) - {row.feature for row in room.features}
    return [feature for feature in FEATURES if feature in missing]
