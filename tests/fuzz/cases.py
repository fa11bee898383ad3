"""How many cases are tried: few and always the same ones in `make test`, ten thousand others in `make fuzz`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from signal import ITIMER_REAL, SIGALRM, setitimer, signal
from typing import NoReturn

from hypothesis import HealthCheck, settings

from tests.there import there

EVERY = list(HealthCheck)  # what is tried is absurd on purpose; fixtures are put back by the tests themselves


def cases(number: int) -> settings:
    """So many cases; a decorator."""
    if settings.get_current_profile_name() == "fuzz":
        most = int(os.environ.get("CENTER_FUZZ_CASES", "0")) or there(settings.default).max_examples
        return settings(max_examples=most, suppress_health_check=EVERY)
    return settings(max_examples=number, derandomize=True, database=None, suppress_health_check=EVERY)


class TookTooLong(Exception):
    """A reader was still busy when its time was over; the site ends its process then."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise TookTooLong where the block takes longer."""
    before = signal(SIGALRM, _too_long)
    setitimer(ITIMER_REAL, seconds)
    try:
        yield
    finally:
        setitimer(ITIMER_REAL, 0)
        signal(SIGALRM, before)


def _too_long(*_signal: object) -> NoReturn:
    raise TookTooLong
