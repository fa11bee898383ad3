"""What is due to be reminded of, and reminding, of one part at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from center.reminders import sweeps
from center.reminders.hours import day_before, evening, morning, soon


@dataclass(frozen=True)
class Reminders:
    """The reminders of bookings, or of sessions."""

    part: sweeps.Part

    def due_for_tomorrow(self, now: datetime) -> Sequence[int]:
        return sweeps.find_due(self.part, evening(now))

    def due_for_rounds(self, now: datetime) -> Sequence[int]:
        return sweeps.find_due(self.part, morning(now))

    def due_soon(self, now: datetime) -> Sequence[int]:
        return sweeps.find_due(self.part, soon(now))

    def remind(self, item_id: int, now: datetime) -> None:
        sweeps.remind(self.part, item_id, day_before(now), now)

    def remind_soon(self, item_id: int, now: datetime) -> None:
        sweeps.remind(self.part, item_id, soon(now), now)


of_bookings = Reminders(sweeps.BOOKINGS)
of_sessions = Reminders(sweeps.SESSIONS)
