"""When people may check in, what a time means, and what may follow what. Pure."""

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

from center.attendance.models import CAME, HERE, Status, Verb, Why
from center.kernel.spans import Span

OPENS_BEFORE = timedelta(minutes=60)
TAKES_UNTIL = timedelta(hours=2)  # after the end: what was not sent in time still comes in
LATE_AFTER = timedelta(minutes=15)
ASKED_WITHIN = timedelta(days=7)  # after the end: how long it is worth asking how somebody is who did not come
CLOCK_SLACK = timedelta(minutes=1)


class Timing(enum.StrEnum):
    """Whether people can be checked in to a session at a moment."""

    NOW = "now"
    OVER = "over"
    TOO_EARLY = "too_early"


@dataclass(frozen=True)
class Presence:
    """How somebody stands in a register: None where nothing was said of them."""

    status: Status | None = None
    arrived_at: datetime | None = None
    left_at: datetime | None = None


@dataclass(frozen=True)
class Moment:
    """When something was so, as far as the centre believes it; `why` says what is wrong with a device's clock."""

    at: datetime
    why: Why | None = None


def check_in_span(starts_at: datetime, ends_at: datetime) -> Span:
    """From when until when people can be checked in."""
    return Span(starts_at - OPENS_BEFORE, ends_at + TAKES_UNTIL)


def timing(starts_at: datetime, ends_at: datetime, *, at: datetime) -> Timing:
    """Whether people can be checked in at this moment."""
    span = check_in_span(starts_at, ends_at)
    if at < span.start:
        return Timing.TOO_EARLY
    return Timing.NOW if at < span.end else Timing.OVER


def arrival_status(at: datetime, starts_at: datetime) -> Status:
    """Present, or late from a quarter of an hour after the start on."""
    return Status.LATE if at >= starts_at + LATE_AFTER else Status.PRESENT


def believed(device_at: datetime, *, offset: timedelta, now: datetime, span: Span) -> Moment:
    """When something was scanned, by the device's clock put right by how far it was off when last it heard from us.

    A time that cannot be is not believed: it was so when it reached us, if that can be; else somebody must say.
    """
    try:
        corrected = device_at + offset
    except OverflowError:
        corrected = device_at
    if span.start <= corrected < span.end and corrected <= now + CLOCK_SLACK:
        return Moment(min(corrected, now))
    return Moment(now, Why.CLOCK)


def refusal(verb: Verb, standing: Presence, *, at: datetime) -> Why | None:
    """What keeps a verb from being taken; None where it can be, or says nothing new."""
    if verb is Verb.LEFT and standing.status not in CAME:
        return Why.NOT_HERE
    if verb is Verb.LEFT and standing.arrived_at is not None and at < standing.arrived_at:
        return Why.NOT_HERE
    return None


def says_nothing_new(verb: Verb, standing: Presence, *, at: datetime) -> bool:
    """Whether somebody stands so already. Who has left and is said to have come before that is no new arrival."""
    if verb is Verb.ARRIVED:
        has_left_since = standing.left_at is not None and at <= standing.left_at
        return standing.status in HERE or (standing.status is Status.LEFT and has_left_since)
    if verb is Verb.LEFT:
        return standing.status is Status.LEFT
    if verb is Verb.ON_LEAVE:
        return standing.status is Status.ON_LEAVE or standing.status in CAME  # being here counts more
    return False


def earlier_arrival(standing: Presence, *, at: datetime) -> datetime | None:
    """The earliest of two arrivals is the arrival: the new time, where it comes before what is known."""
    if standing.arrived_at is not None and at < standing.arrived_at:
        return at
    return None
