"""What staff have set (rooms, hours, rules), kept by each process for as long as it stands, also for actions.

The version of the settings (`read_cache`) changes with every change of a row of theirs. An action that holds what it
contends for reads the version then, and what was read under the same version need not be read again. Who changes
settings sees their own change inside their transaction, and if it is taken back its version never comes again. See
docs/decisions/0015.
"""

from collections.abc import Callable, Hashable
from typing import TypeVar

from center.kernel.caching.read_cache import Readings, versions_of

T = TypeVar("T")

_settings = Readings()


def while_settings_stand(key: Hashable, read: Callable[[], T]) -> T:
    """What `read` finds of the settings, or found before under the same version. The key says all that it depends on.

    All threads share what is found, so nobody may change it, and it must not belong to anybody's session.
    """
    return _settings.find(key, versions_of("settings"), read)
