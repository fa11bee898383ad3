"""What the parts of the demonstration refer to: the day, the rooms, the organisations and the people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from center.demo.population import Resident
from center.people.models import Person
from center.rooms.models import Room


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Who and what is there once people, organisations and rooms are loaded."""

    session: Session
    now: datetime
    zone: ZoneInfo
    rooms: Mapping[str, Room]
    organisations: Mapping[str, int]  # ids by slug
    leads: Mapping[str, int]
    everybody: Sequence[Resident]
    cast: Mapping[str, int]  # ids by part

    @property
    def today(self) -> date:
        """The day at the centre."""
        return self.now.astimezone(self.zone).date()

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """A moment of a day at the centre."""
        return datetime.combine(day, time(hour, minute), self.zone)

    def person(self, part: str) -> Person:
        """Who plays a part."""
        return self.session.get_one(Person, self.cast[part])
