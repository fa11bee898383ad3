"""What the pages of a day ask for again and again: read once for a page, and anew by whatever decides something."""

from collections.abc import Callable, Hashable
from typing import TypeVar

from center.kernel.db import is_writing, once

T = TypeVar("T")


def asked_once(key: Hashable, read: Callable[[], T]) -> T:
    """What `read` finds, read once for a page. Inside `transaction()` it always reads: what is decided there rests on
    nothing that was read before. The key says all that it depends on.
    """
    return read() if is_writing() else once(("after-school", key), read)
