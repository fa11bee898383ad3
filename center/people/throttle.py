"""How many tries to sign in are let through, and how long to wait after too many. Pure.

Tries are counted by (login, source). A source is a network address, or a browser that has signed in to this login
before and says so with a signed cookie: such a browser is its own source, so nobody else's tries can shut it out. See
docs/decisions/0003-sign-in-throttle.md.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(hours=1)
KEPT_FOR = timedelta(days=1)
FREE_TRIES = 5
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=15)

BURST_WINDOW = timedelta(minutes=10)
BURST = 30  # failures of one address over all logins: a whole class at the centre's Wi-Fi may mistype
BURST_PACE = timedelta(seconds=10)

# Accounts opened from one address, and from all together: a family and a class at the centre's Wi-Fi pass, a program
# does not. Whoever must wait gets a code from the desk, which opens an account at once.
OPENED_WINDOW = timedelta(hours=1)
OPENED_FREE = 12
OPENED_PACE = timedelta(minutes=2)
ALL_WINDOW = timedelta(minutes=10)
ALL_FREE = 40
ALL_PACE = timedelta(seconds=15)

PRESSURE = ((100, 1), (40, 2), (15, 3))  # failures at one login from unknown sources in WINDOW → free tries of each


@dataclass(frozen=True)
class Tries:
    """Failed tries so far: of this login from this source since its last success, of this source at any login, of this
    login from addresses that never signed in to it."""

    of_pair: Sequence[datetime] = ()
    of_source: Sequence[datetime] = ()
    of_login: int = 0
    is_known_browser: bool = False


def free_tries(tries: Tries) -> int:
    """How many failures go unpunished; fewer while strangers press on the login, but never none."""
    if tries.is_known_browser:
        return FREE_TRIES
    return next((free for failures, free in PRESSURE if tries.of_login >= failures), FREE_TRIES)


def wait(tries: Tries, *, now: datetime) -> timedelta:
    """How long until the next try is let through; zero when it is let through now."""
    until = max(_pair_until(tries, now), _source_until(tries, now))
    return max(until - now, timedelta(0))


def registering_wait(of_source: Sequence[datetime], of_all: Sequence[datetime], *, now: datetime) -> timedelta:
    """How long until the next account may be opened; what succeeded counts as well."""
    until = max(
        _paced(of_source, now, window=OPENED_WINDOW, free=OPENED_FREE, pace=OPENED_PACE),
        _paced(of_all, now, window=ALL_WINDOW, free=ALL_FREE, pace=ALL_PACE),
    )
    return max(until - now, timedelta(0))


def _paced(tries: Sequence[datetime], now: datetime, *, window: timedelta, free: int, pace: timedelta) -> datetime:
    recent = sorted(at for at in tries if now - at < window)
    return now if len(recent) < free else recent[-1] + pace


def source_of(address: str | None) -> str:
    """An address as a source. One household or phone has a whole /64 of IPv6, so that is one source."""
    try:
        parsed = ipaddress.ip_address((address or "").split("%")[0])
    except ValueError:
        return "address:unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is None:
            return f"address:{ipaddress.ip_network((parsed, 64), strict=False).network_address}"
        return f"address:{parsed.ipv4_mapped}"
    return f"address:{parsed}"


def _pair_until(tries: Tries, now: datetime) -> datetime:
    recent = sorted(at for at in tries.of_pair if now - at < WINDOW)
    over = len(recent) - free_tries(tries)
    if over < 0:
        return now
    return recent[-1] + min(FIRST_WAIT * 2 ** min(over, 10), LONGEST_WAIT)


def _source_until(tries: Tries, now: datetime) -> datetime:
    recent = sorted(at for at in tries.of_source if now - at < BURST_WINDOW)
    if tries.is_known_browser or len(recent) < BURST:
        return now
    return recent[-1] + BURST_PACE
