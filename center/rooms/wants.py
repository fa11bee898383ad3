"""What somebody needs in a room beside time: places for wheelchairs, hours off work, access. Pure but for its words."""

from collections.abc import Iterable
from dataclasses import dataclass

from center.kernel.i18n import gettext as _
from center.kernel.i18n import ngettext
from center.rooms.labels import FEATURES, OFF_HOURS
from center.rooms.models import AccessFeature, Room
from center.rooms.off_hours import OffHours, is_open_on


@dataclass(frozen=True, kw_only=True)
class Wants:
    """What is asked of a room."""

    wheelchair: int = 0
    companion: int = 0
    when: frozenset[OffHours] = frozenset()
    features: frozenset[AccessFeature] = frozenset()

    def missing_in(self, room: Room) -> list[str]:
        """What the room lacks of it, in words."""
        there = {row.feature for row in room.features}
        lacking = [str(FEATURES[each][0]) for each in AccessFeature if each in self.features - there]
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


NOTHING = Wants()
