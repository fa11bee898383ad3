"""What staff have set (rooms, hours, rules), kept by each process for as long as it stands, also for actions.

The version of the settings (`read_cache`) changes with every change of a row of theirs. An action that holds what it
contends for reads the version then, and what was read under the same version need not be read again. Who changes
settings sees their own change inside their transaction, and if it is taken back its version never comes again. See
docs/decisions/0015.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.engine import Engine

from center.kernel.caching.read_cache import versions_of
from center.kernel.db import db

T = TypeVar("T")
Kept = OrderedDict[Hashable, tuple[Hashable, Any]]  # what was read, with the version under which it was

MOST_KEPT = 512  # readings of each database
_kept: WeakKeyDictionary[Engine, Kept] = WeakKeyDictionary()
_turn = threading.Lock()


def while_settings_stand(key: Hashable, read: Callable[[], T]) -> T:
    """What `read` finds of the settings, or found before under the same version. The key says all that it depends on.

    All threads share what is found, so nobody may change it, and it must not belong to anybody's session.
    """
    version = versions_of("settings")
    with _turn:
        kept = _kept.setdefault(db.engine, OrderedDict())
        before = kept.get(key)
    if before is not None and before[0] == version:
        found: T = before[1]
        return found
    found = read()
    with _turn:
        kept[key] = (version, found)
        kept.move_to_end(key)
        if len(kept) > MOST_KEPT:
            kept.popitem(last=False)
    return found
