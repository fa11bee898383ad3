"""What the demonstrated centre's activities are: the timetable's titles with what people read of them, and a few more.

Pure. The timetable says when and where; what is not in it names its own days.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from center.demo.scene import Scene
from center.demo.source import centre
from center.demo.year import PlannedUse
from center.signups.models import Mode, PoolKind

PAST_DAYS, COMING_DAYS = 30, 21  # the days around today in which the timetable is activities
EVENING = 18


@dataclass(frozen=True, kw_only=True)
class Programme:
    """One activity. `places` are its pools; without any it needs no sign-up."""

    title: str
    title_en: str
    slug: str
    kind: str
    summary: str
    summary_en: str
    places: Sequence[tuple[PoolKind, int]] = ()
    mode: Mode = Mode.FIRST_COME
    is_course: bool = False  # one roster for all of it
    for_children: bool = False
    from_age: int | None = None
    busy: float = 0.7  # how many of the places ahead are taken
    bring: str = ""
    access: Sequence[str] = ("is_step_free",)


@dataclass(frozen=True, kw_only=True)
class Extra(Programme):
    """An activity that is not in the timetable, at a place of its own; the places of some are drawn."""

    organisation: str
    place: str
    place_en: str
    ahead: int  # days
    hours: tuple[int, int] = (9, 11)
    state: str = "published"
    reason: str = ""
    closes: int | None = None  # in how many days sign-up closes
    is_weekly: bool = False  # it is on at this very moment, was four times before, and will be again

    def spans(self, scene: Scene) -> list[tuple[datetime, datetime]]:
        """When it takes place: from when until when, one by one."""
        if not self.is_weekly:
            day = scene.today + timedelta(days=self.ahead)
            return [(scene.at(day, self.hours[0]), scene.at(day, self.hours[1]))]
        began = scene.now.replace(minute=scene.now.minute // 15 * 15, second=0, microsecond=0) - timedelta(minutes=30)
        starts = [began + timedelta(weeks=week) for week in range(-4, 2)]
        return [(each, each + timedelta(minutes=90)) for each in starts]

    def closes_at(self, scene: Scene) -> datetime | None:
        """When sign-up closes, and the places are drawn."""
        return None if self.closes is None else scene.at(scene.today + timedelta(days=self.closes), EVENING)


def _known(row: Mapping[str, Any]) -> dict[str, Any]:
    places = [(PoolKind(kind), number) for kind, number in row.get("places", ())]
    return {**row, "places": places, "mode": Mode(row.get("mode", Mode.FIRST_COME))}


BY_TITLE = {row["title"]: Programme(**_known(row)) for row in centre()["programme"]}
EXTRA = [Extra(**_known(row)) for row in centre()["extra_programme"]]


def is_session(use: PlannedUse, ahead: int) -> bool:
    """Whether a use of the timetable is a session of an activity; others of it are bookings."""
    return use.is_recurring and -PAST_DAYS <= ahead <= COMING_DAYS and use.purpose in BY_TITLE
