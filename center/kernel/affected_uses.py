"""What becomes of people's uses that a change would shut out, as the actions of rooms and of the calendar know it.

These know that a change has uses in its way; bookings know whose they are, and pages what staff chose for each
(`center/web/settings/uses_in_the_way/`). An action is handed that as `decide`. Where something is left to choose it
raises, and nothing has happened.
"""

from collections.abc import Callable, Sequence
from typing import Any

# (uses in the way, what to say, on which field): does with each use what was chosen for it, or raises.
DecideUses = Callable[[Sequence[Any], object, str | None], None]
